//! Calls to a relay: who this laptop is, how long to wait, when to try again.

use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode, Url, redirect};
use sealed_log::wire::{Login, MAX_MESSAGE, Message};
use sealed_log::{CouncilId, LaptopIdentity, sign_login};

use super::tls;
use super::trouble::{RelayTrouble, of_answer, of_connection};
use crate::traffic::Meter;

/// No code or challenge is longer.
const SHORT: usize = 1024;
/// Longest that a relay may ask to be left alone and is waited for.
const LEAVE_ALONE: Duration = Duration::from_secs(10);

/// Where a relay is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// `https://…`; without TLS only on this machine.
    pub url: String,
    /// The only certificates to trust, as PEM; what this machine trusts, if none.
    pub certificate: Option<Vec<u8>>,
}

impl Address {
    /// Whether it can be one.
    ///
    /// # Errors
    /// [`RelayTrouble::Address`], [`RelayTrouble::Certificate`].
    pub fn check(&self) -> Result<(), RelayTrouble> {
        base(&self.url)?;
        tls::config(self.certificate.as_deref()).map(drop)
    }
}

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

impl fmt::Debug for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Token(secret)")
    }
}

/// A wait.
pub type Wait = Pin<Box<dyn Future<Output = ()>>>;

/// How long to wait, and for what.
#[derive(Clone)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// For each next word of an answer.
    pub word: Duration,
    /// For a whole answer.
    pub answer: Duration,
    /// Before each further try.
    pub pauses: Vec<Duration>,
    /// Waits.
    pub wait: Arc<dyn Fn(Duration) -> Wait>,
}

impl fmt::Debug for Patience {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Patience").field("pauses", &self.pauses).finish_non_exhaustive()
    }
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            word: Duration::from_secs(30),
            answer: Duration::from_secs(180),
            pauses: vec![Duration::from_millis(300), Duration::from_secs(1)],
            wait: Arc::new(|pause| Box::pin(tokio::time::sleep(pause))),
        }
    }
}

pub(super) struct Link {
    client: Client,
    base: Url,
    name: String,
    guest: Guest,
    patience: Patience,
    token: RefCell<Option<Token>>,
}

impl fmt::Debug for Link {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Link").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What is asked.
#[derive(Clone, Copy)]
enum Call<'a> {
    Get,
    Post(&'a [u8]),
}

/// An answer that is not what was asked for.
struct Answer {
    trouble: RelayTrouble,
    status: Option<StatusCode>,
    leave_alone: Option<Duration>,
}

impl From<RelayTrouble> for Answer {
    fn from(trouble: RelayTrouble) -> Self {
        Self { trouble, status: None, leave_alone: None }
    }
}

impl Link {
    pub(super) fn new(address: &Address, mut guest: Guest, patience: Patience) -> Result<Self, RelayTrouble> {
        let base = base(&address.url)?;
        let host = base.host_str().ok_or(RelayTrouble::Address)?;
        let name = match base.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        let client = Client::builder()
            .tls_backend_preconfigured(tls::config(address.certificate.as_deref())?)
            .redirect(redirect::Policy::none())
            .connect_timeout(patience.connect)
            .read_timeout(patience.word)
            .build()
            .map_err(|_| RelayTrouble::Address)?;
        let token = RefCell::new(guest.token.take());
        Ok(Self { client, base, name: name.to_ascii_lowercase(), guest, patience, token })
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
            let url = self.url("wake")?;
            meter.call();
            let sent = self.client.get(url).header(AUTHORIZATION, bearer(&token)).send().await;
            let response = sent.map_err(|error| of_connection(&error))?;
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
        match self.patient(meter, route, call, Some(&token)).await {
            Err(answer) if answer.status == Some(StatusCode::UNAUTHORIZED) => {
                self.token.take();
                let token = self.token_or_login(meter).await?;
                self.patient(meter, route, call, Some(&token)).await.map_err(|answer| answer.trouble)
            }
            other => other.map_err(|answer| answer.trouble),
        }
    }

    async fn token_or_login(&self, meter: &Meter) -> Result<Token, RelayTrouble> {
        if let Some(token) = self.token() {
            return Ok(token);
        }
        let told = |answer: Answer| answer.trouble;
        let challenge = self.patient(meter, "challenge", Call::Get, None).await.map_err(told)?;
        let mut login = Login {
            council: self.guest.council,
            signing: self.guest.laptop.public(),
            signature: sign_login(&self.guest.laptop, &self.name, &self.guest.council, &challenge),
            challenge,
            roster: Vec::new(),
        };
        if login.challenge.len() > 128 {
            return Err(RelayTrouble::Nonsense);
        }
        let mut given = self.patient(meter, "login", Call::Post(&login.encode()), None).await;
        if given.as_ref().is_err_and(|answer| answer.trouble == RelayTrouble::NotOneOfThem) {
            // It may not have heard of this laptop yet.
            login.roster.clone_from(&self.guest.roster);
            given = self.patient(meter, "login", Call::Post(&login.encode()), None).await;
        }
        let token = String::from_utf8(given.map_err(told)?).map_err(|_| RelayTrouble::Nonsense)?;
        if token.len() > SHORT || !token.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(RelayTrouble::Nonsense);
        }
        let token = Token(token);
        self.token.replace(Some(token.clone()));
        Ok(token)
    }

    /// Tries again where that may help, after a pause.
    async fn patient(
        &self,
        meter: &Meter,
        route: &str,
        call: Call<'_>,
        token: Option<&Token>,
    ) -> Result<Vec<u8>, Answer> {
        let mut pauses = self.patience.pauses.iter();
        loop {
            let answer = match self.once(meter, route, call, token).await {
                Ok(bytes) => return Ok(bytes),
                Err(answer) => answer,
            };
            let again = matches!(answer.trouble, RelayTrouble::Busy | RelayTrouble::Unreachable);
            let Some(pause) = pauses.next().filter(|_| again) else { return Err(answer) };
            let pause = answer.leave_alone.unwrap_or(*pause).clamp(*pause, LEAVE_ALONE.max(*pause));
            (self.patience.wait)(pause).await;
        }
    }

    async fn once(&self, meter: &Meter, route: &str, call: Call<'_>, token: Option<&Token>) -> Result<Vec<u8>, Answer> {
        meter.call();
        let url = self.url(route)?;
        let mut request = match call {
            Call::Get => self.client.get(url),
            Call::Post(body) => {
                meter.went(body.len());
                self.client.post(url).body(body.to_vec())
            }
        };
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, bearer(token));
        }
        let sent = request.timeout(self.patience.answer).send().await;
        let response = sent.map_err(|error| of_connection(&error))?;
        let status = response.status();
        if status == StatusCode::OK {
            return Ok(whole(meter, response, MAX_MESSAGE).await?);
        }
        let leave_alone = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let code = whole(meter, response, SHORT).await.unwrap_or_default();
        let trouble = of_answer(status, std::str::from_utf8(&code).unwrap_or_default());
        Err(Answer { trouble, status: Some(status), leave_alone: leave_alone.map(Duration::from_secs) })
    }

    fn url(&self, route: &str) -> Result<Url, RelayTrouble> {
        self.base.join(route).map_err(|_| RelayTrouble::Address)
    }
}

/// An address with a way to send secrets by: TLS, or nothing between.
fn base(url: &str) -> Result<Url, RelayTrouble> {
    let mut base = Url::parse(url.trim()).map_err(|_| RelayTrouble::Address)?;
    let here = matches!(base.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let safe = base.scheme() == "https" || (base.scheme() == "http" && here);
    let bare = base.username().is_empty() && base.password().is_none() && base.query().is_none();
    if !safe || !bare || base.fragment().is_some() {
        return Err(RelayTrouble::Address);
    }
    let path = format!("{}/v1/", base.path().trim_end_matches('/'));
    base.set_path(&path);
    Ok(base)
}

fn bearer(token: &Token) -> String {
    format!("Bearer {}", token.0)
}

async fn whole(meter: &Meter, mut response: Response, most: usize) -> Result<Vec<u8>, RelayTrouble> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| of_connection(&error))? {
        meter.came(chunk.len());
        if bytes.len() + chunk.len() > most {
            return Err(RelayTrouble::Nonsense);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_tls_or_nothing_between() {
        let of = |url| base(url).map(|base| base.to_string());
        assert_eq!(of("https://relay.example").unwrap(), "https://relay.example/v1/");
        assert_eq!(of(" https://relay.example:8443/tp/ ").unwrap(), "https://relay.example:8443/tp/v1/");
        assert_eq!(of("http://127.0.0.1:8080").unwrap(), "http://127.0.0.1:8080/v1/");
        for wrong in ["http://relay.example", "relay.example", "", "ftp://relay.example", "https://a:b@relay.example"] {
            assert_eq!(of(wrong), Err(RelayTrouble::Address), "{wrong}");
        }
    }
}
