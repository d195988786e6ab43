//! One call: a verb and a message there, a word and a message back, every one bounded in size and time.

use std::future::Future;
use std::time::Duration;

use iroh::endpoint::{Connection, RecvStream, SendStream};
use sealed_log::wire::MAX_MESSAGE;

/// Goodbye takes no longer.
pub(super) const FAREWELL: Duration = Duration::from_millis(500);
/// So often a silent connection is felt for.
pub(super) const ALIVE: Duration = Duration::from_secs(2);
/// So long a connection is silent before it has ended.
pub(super) const SILENT: Duration = Duration::from_secs(12);
/// Calls at once, on one connection.
pub(super) const CALLS: u8 = 16;
/// Longest that a connection takes to be made.
pub(super) const CONNECT: Duration = Duration::from_secs(15);
/// Longest that an answer takes that nobody has to wait for news with.
pub(super) const ANSWER: Duration = Duration::from_secs(60);
/// Longest that somebody waits for news before asking again.
pub(super) const NEWS: Duration = Duration::from_secs(30);
/// Longest that a silent laptop that makes itself known anew is given.
pub(super) const PROBE: Duration = Duration::from_secs(1);
/// A greeting with a whole roster is no larger.
pub(super) const MAX_GREETING: usize = 4 << 20;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    /// Who I am; who are you?
    Greet = 1,
    /// What have you?
    Look = 2,
    /// Give me these.
    Ask = 3,
    /// Tell me when you are no longer at this turn.
    News = 4,
}

impl Verb {
    pub(super) const fn of(byte: u8) -> Option<Self> {
        match byte {
            1 => Some(Self::Greet),
            2 => Some(Self::Look),
            3 => Some(Self::Ask),
            4 => Some(Self::News),
            _ => None,
        }
    }
}

/// The answer's first byte when there is one.
const GIVEN: u8 = 0;
/// The answer's only byte when there is none.
const REFUSED: u8 = 1;

/// Why a call came to nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Silence {
    /// The other is gone, or does not answer in time.
    Gone,
    /// The other does not give it.
    Refused,
    /// What came is not an answer.
    Nonsense,
}

/// Calls.
pub(super) async fn call(connection: &Connection, verb: Verb, message: &[u8]) -> Result<Vec<u8>, Silence> {
    let wait = if verb == Verb::News { NEWS + ANSWER } else { ANSWER };
    let call = async {
        let (mut to, mut from) = connection.open_bi().await.map_err(gone)?;
        to.write_all(&[verb as u8]).await.map_err(gone)?;
        to.write_all(message).await.map_err(gone)?;
        to.finish().map_err(gone)?;
        from.read_to_end(MAX_MESSAGE + 1).await.map_err(gone)
    };
    let mut answer = within(wait, call).await?;
    match answer.first() {
        Some(&GIVEN) => {
            answer.remove(0);
            Ok(answer)
        }
        Some(&REFUSED) => Err(Silence::Refused),
        _ => Err(Silence::Nonsense),
    }
}

/// What is called; none when it is no call.
pub(super) async fn heard(from: &mut RecvStream, most: usize) -> Option<(Verb, Vec<u8>)> {
    let mut call = within(ANSWER, async { from.read_to_end(most + 1).await.map_err(gone) }).await.ok()?;
    let verb = Verb::of(*call.first()?)?;
    call.remove(0);
    Some((verb, call))
}

/// Answers.
pub(super) async fn answer(to: &mut SendStream, answer: Option<Vec<u8>>) {
    let written = async {
        match answer {
            Some(answer) => {
                to.write_all(&[GIVEN]).await.map_err(gone)?;
                to.write_all(&answer).await.map_err(gone)?;
            }
            None => to.write_all(&[REFUSED]).await.map_err(gone)?,
        }
        to.finish().map_err(gone)
    };
    // Whoever has gone needs no answer.
    let _ = within(ANSWER, written).await;
}

pub(super) async fn within<T>(wait: Duration, work: impl Future<Output = Result<T, Silence>>) -> Result<T, Silence> {
    tokio::time::timeout(wait, work).await.unwrap_or(Err(Silence::Gone))
}

pub(super) fn gone<E>(_: E) -> Silence {
    Silence::Gone
}
