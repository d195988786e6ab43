//! A laptop's calls to a relay: who it is, said again when the relay has forgotten.

use std::cell::RefCell;
use std::fmt;

use reqwest::{Response, StatusCode};
use sealed_log::wire::{Login, Message};
use sealed_log::{CouncilId, LaptopIdentity, sign_login};

use super::trouble::{RelayTrouble, of_answer, of_connection};
use super::way::{Address, Answer, Call, Patience, SHORT, Way, whole};
use crate::traffic::Meter;

/// Who asks.
#[derive(Debug, Clone)]
pub struct Guest {
    /// The council.
    pub council: CouncilId,
    /// The laptop.
    pub laptop: LaptopIdentity,
    /// The roster's entries, each after those that it rests on: for a relay that does not know the laptop yet.
    pub roster: Vec<Vec<u8>>,
    /// What the relay gave this laptop the last time.
    pub token: Option<Token>,
}

/// What a relay lets a laptop in with, for a while.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    pub(super) fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Token(secret)")
    }
}

pub(super) struct Link {
    way: Way,
    guest: Guest,
    token: RefCell<Option<Token>>,
}

impl fmt::Debug for Link {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Link").field("name", &self.way.name).finish_non_exhaustive()
    }
}

impl Link {
    pub(super) fn new(address: &Address, mut guest: Guest, patience: Patience) -> Result<Self, RelayTrouble> {
        let way = Way::to(address, patience)?;
        let token = RefCell::new(guest.token.take());
        Ok(Self { way, guest, token })
    }

    pub(super) fn token(&self) -> Option<Token> {
        self.token.borrow().clone()
    }

    pub(super) async fn get(&self, meter: &Meter, route: &str) -> Result<Vec<u8>, RelayTrouble> {
        self.known_call(meter, route, Call::Get).await
    }

    pub(super) async fn post(&self, meter: &Meter, route: &str, body: &[u8]) -> Result<Vec<u8>, RelayTrouble> {
        self.known_call(meter, route, Call::Post(body)).await
    }

    /// Waits for another turn than the one that is known.
    pub(super) async fn wake(&self, meter: &Meter, known: u64) -> Result<u64, RelayTrouble> {
        // Nothing tells a token that is over from another but trying it.
        for _ in 0..2 {
            let token = self.token_or_login(meter).await?;
            let response = self.way.listen(meter, "wake", &token).await?;
            if response.status() == StatusCode::UNAUTHORIZED {
                self.token.take();
                continue;
            }
            return next_turn(meter, response, known).await;
        }
        Err(RelayTrouble::Nonsense)
    }

    /// A call by a laptop that has said who it is; says it again when the relay has forgotten.
    async fn known_call(&self, meter: &Meter, route: &str, call: Call<'_>) -> Result<Vec<u8>, RelayTrouble> {
        let token = self.token_or_login(meter).await?;
        match self.way.patient(meter, route, call, Some(&token)).await {
            Err(answer) if answer.status == Some(StatusCode::UNAUTHORIZED) => {
                self.token.take();
                let token = self.token_or_login(meter).await?;
                self.way.patient(meter, route, call, Some(&token)).await.map_err(|answer| answer.trouble)
            }
            other => other.map_err(|answer| answer.trouble),
        }
    }

    async fn token_or_login(&self, meter: &Meter) -> Result<Token, RelayTrouble> {
        if let Some(token) = self.token() {
            return Ok(token);
        }
        let told = |answer: Answer| answer.trouble;
        let challenge = self.way.patient(meter, "challenge", Call::Get, None).await.map_err(told)?;
        let mut login = Login {
            council: self.guest.council,
            signing: self.guest.laptop.public(),
            signature: sign_login(&self.guest.laptop, &self.way.name, &self.guest.council, &challenge),
            challenge,
            roster: Vec::new(),
        };
        if login.challenge.len() > 128 {
            return Err(RelayTrouble::Nonsense);
        }
        let mut given = self.way.patient(meter, "login", Call::Post(&login.encode()), None).await;
        if given.as_ref().is_err_and(|answer| answer.trouble == RelayTrouble::NotOneOfThem) {
            // It may not have heard of this laptop yet.
            login.roster.clone_from(&self.guest.roster);
            given = self.way.patient(meter, "login", Call::Post(&login.encode()), None).await;
        }
        let token = String::from_utf8(given.map_err(told)?).map_err(|_| RelayTrouble::Nonsense)?;
        if token.len() > SHORT || !token.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(RelayTrouble::Nonsense);
        }
        let token = Token(token);
        self.token.replace(Some(token.clone()));
        Ok(token)
    }
}

/// Reads an event stream up to a turn that is not the known one.
async fn next_turn(meter: &Meter, mut response: Response, known: u64) -> Result<u64, RelayTrouble> {
    let status = response.status();
    if status != StatusCode::OK {
        let code = whole(meter, response, SHORT).await.unwrap_or_default();
        return Err(of_answer(status, std::str::from_utf8(&code).unwrap_or_default()));
    }
    let mut line = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| of_connection(&error))? {
        meter.came(chunk.len());
        for byte in chunk {
            if byte != b'\n' {
                line.push(byte);
                if line.len() > SHORT {
                    return Err(RelayTrouble::Nonsense);
                }
                continue;
            }
            let turn = std::str::from_utf8(&line).ok().and_then(|line| line.strip_prefix("data:")?.trim().parse().ok());
            if let Some(turn) = turn.filter(|turn| *turn != known) {
                return Ok(turn);
            }
            line.clear();
        }
    }
    Err(RelayTrouble::Unreachable)
}
