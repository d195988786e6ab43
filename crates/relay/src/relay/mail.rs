//! The mailbox: requests to join by laptops that nobody knows yet, and administrators' answers.
//!
//! Anybody may knock, so what is kept of it is small, bounded and soon over; what it says is for the administrator who
//! types the code to judge.

use std::net::IpAddr;
use std::time::Instant;

use sealed_log::wire::{Knock, KnockAgain, KnockAnswer, Knocks};
use sealed_log::{CouncilId, Request};

use super::{Guest, Relay, too_often};
use crate::council::Council;
use crate::refusal::Refused;
use crate::store::{Note, Post};

/// So long a request or an answer is kept, in milliseconds.
const LIVES: i64 = 24 * 60 * 60 * 1000;
/// So many requests of one council wait at once.
const REQUESTS: u64 = 200;
/// So many answers.
const ANSWERS: u64 = 50;

impl Relay {
    /// Keeps a newcomer's request until an administrator looks.
    ///
    /// # Errors
    /// [`Refused::TooOften`]; what is no request; a full box; the store's own.
    pub async fn knock(&self, address: IpAddr, knock: Knock) -> Result<(), Refused> {
        self.0.knocks.take(address, Instant::now()).map_err(too_often)?;
        let council = self.addressed(knock.council)?;
        Request::peek(&knock.request).map_err(|_| Refused::Form)?;
        let note = Note { name: *Request::name(&knock.request).as_bytes(), bytes: knock.request };
        self.post(council, Post::Request, note, REQUESTS).await
    }

    /// The answer to a request, if there is one.
    ///
    /// # Errors
    /// [`Refused::NotYet`]; the store's own.
    pub async fn answered(&self, again: KnockAgain) -> Result<Vec<u8>, Refused> {
        let council = self.addressed(again.council)?;
        let name = *again.name.as_bytes();
        let answer = self.0.store.note(council.key, Post::Answer, name, self.0.ports.now()).await?;
        answer.ok_or(Refused::NotYet)
    }

    /// The requests that wait, for an administrator.
    ///
    /// # Errors
    /// Who is none; the store's own.
    pub async fn knocks(&self, guest: &Guest<'_>) -> Result<Knocks, Refused> {
        guest.only_if_administrator()?;
        let notes = self.0.store.notes(guest.council.key, Post::Request, self.0.ports.now()).await?;
        Ok(Knocks(notes.into_iter().map(|note| note.bytes).collect()))
    }

    /// Keeps an administrator's answer until the newcomer asks again; the request waits no more.
    ///
    /// # Errors
    /// Who is none; no room under the quota; a full box; the store's own.
    pub async fn answer(&self, guest: &Guest<'_>, answer: KnockAnswer) -> Result<(), Refused> {
        guest.only_if_administrator()?;
        self.room_for(guest.council, answer.approval.len()).await?;
        let name = *answer.name.as_bytes();
        self.post(guest.council, Post::Answer, Note { name, bytes: answer.approval }, ANSWERS).await?;
        Ok(self.0.store.unpost(guest.council.key, Post::Request, name).await?)
    }

    async fn post(&self, council: &Council, post: Post, note: Note, most: u64) -> Result<(), Refused> {
        let now = self.0.ports.now();
        let posted = self.0.store.post(council.key, post, note, (now, now + LIVES), most).await?;
        if posted { Ok(()) } else { Err(Refused::Quota) }
    }

    /// Who is meant: the one that is named, or the only one.
    fn addressed(&self, named: Option<CouncilId>) -> Result<&Council, Refused> {
        let mut councils = self.0.councils.values();
        let meant = match named {
            Some(named) => self.0.councils.get(&named),
            None => councils.next().filter(|_| councils.next().is_none()),
        };
        meant.ok_or(Refused::OtherCouncil)
    }
}

impl Guest<'_> {
    fn only_if_administrator(&self) -> Result<(), Refused> {
        self.only_if_live()?;
        let is = self.members.administrators().any(|laptop| *laptop == self.laptop);
        if is { Ok(()) } else { Err(Refused::NoGrant) }
    }
}
