//! Where sealed records lie: one trait, two stores. SQL stays in here.
//!
//! A store keeps what it is given under the names it is given; whether something may be kept is decided before. Nothing
//! in it can be read without a key that no relay holds.

mod postgres;
mod snapshots;
mod sqlite;

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use sealed_log::wire::RosterName;
use sealed_log::{CouncilId, DocId, Hash, LogId, ScopeId, Shown, StreamId};
use thiserror::Error;

pub use postgres::Postgres;
pub use snapshots::{Chunks, NewChunk, NewParts, Placed, Snapshots};
pub use sqlite::Sqlite;

/// Why a store did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StoreError {
    /// It cannot be reached now.
    #[error("the database cannot be reached: {0}")]
    Away(String),
    /// There is no room left.
    #[error("the database has no room left")]
    Full,
    /// It was made by a newer relay.
    #[error("the database was made by a newer version of the relay; install that version")]
    Newer,
    /// Anything else.
    #[error("the database failed: {0}")]
    Failed(String),
}

/// A store's answer, when it comes.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// A council's number in one store.
pub type CouncilKey = i64;

/// A roster entry on its way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// Its name on every carrier.
    pub name: RosterName,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A statement on its way in or out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Whose.
    pub log: LogId,
    /// Which of its statements.
    pub number: u64,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A segment on its way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSegment {
    /// The stream.
    pub stream: StreamId,
    /// Its number.
    pub seq: u64,
    /// Its envelope's hash.
    pub hash: Hash,
    /// The hash of the one before.
    pub prev: Hash,
    /// True if every body that belongs into its bytes is in them. What is not whole is replaced when it comes whole.
    pub whole: bool,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A body that is kept apart, on its way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBlob {
    /// Its hash.
    pub hash: Hash,
    /// The scope of the segment that names it.
    pub scope: ScopeId,
    /// The document that it is about.
    pub document: DocId,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Segments on their way in, with the bodies that are apart from them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// Segments, in the order in which they are to go in.
    pub segments: Vec<NewSegment>,
    /// Bodies.
    pub blobs: Vec<NewBlob>,
}

/// Batches, as they are judged.
pub type Batches = tokio::sync::mpsc::UnboundedReceiver<Batch>;

impl Batch {
    /// One that is all there is.
    #[must_use]
    pub fn alone(self) -> Batches {
        let (sends, batches) = tokio::sync::mpsc::unbounded_channel();
        // Whoever takes them is below.
        let _ = sends.send(self);
        batches
    }
}

/// Where a segment stands in its scope: its log, its number, its hash.
pub type Place = (LogId, u64, Hash);

/// What a segment's bytes become, and whether they are whole then; `None` if they stay as they are.
pub type Rewrite = Arc<dyn Fn(&[u8]) -> Option<(Vec<u8>, bool)> + Send + Sync>;

/// Documents, each in its scope.
pub type Documents = BTreeSet<(ScopeId, DocId)>;

/// What became of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It is new here, and durable.
    New,
    /// It was here.
    Known,
    /// What it follows is not here.
    Gap,
}

/// What became of segments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Of each, in their order.
    pub kept: Vec<Kept>,
    /// The council's next turn, if any was new.
    pub turn: Option<u64>,
}

/// A note in a council's mailbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// The hash of the request that it is, or answers.
    pub name: [u8; 32],
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Which of a council's two boxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Post {
    /// Requests to join.
    Request,
    /// Answers to them.
    Answer,
}

impl Post {
    pub(crate) const fn number(self) -> i64 {
        match self {
            Self::Request => 0,
            Self::Answer => 1,
        }
    }
}

/// What every store does. Each call is one transaction, durable when it returns.
pub trait Store: Mailbox + Snapshots + Send + Sync {
    /// The secret that every relay before this store shares: `fresh`, if there is none yet.
    fn secret(&self, fresh: [u8; 32]) -> Answer<'_, [u8; 32]>;
    /// A council's number here.
    fn council(&self, council: CouncilId) -> Answer<'_, CouncilKey>;

    /// How many roster entries there are: it only grows.
    fn entry_count(&self, council: CouncilKey) -> Answer<'_, u64>;
    /// Every roster entry, with its name.
    fn entries(&self, council: CouncilKey) -> Answer<'_, Vec<NewEntry>>;
    /// Keeps roster entries.
    fn put_entries(&self, council: CouncilKey, entries: Vec<NewEntry>) -> Answer<'_, ()>;

    /// The newest number of each log's statements.
    fn seen(&self, council: CouncilKey) -> Answer<'_, BTreeMap<LogId, u64>>;
    /// Those of these statements that are here.
    fn statements(&self, council: CouncilKey, wanted: Vec<(LogId, u64)>) -> Answer<'_, Vec<Statement>>;
    /// Keeps statements that are newer than those of the same logs that are here.
    fn put_seen(&self, council: CouncilKey, statements: Vec<Statement>) -> Answer<'_, ()>;

    /// The ends of the streams of these scopes.
    fn tips(&self, council: CouncilKey, scopes: BTreeSet<ScopeId>) -> Answer<'_, Shown>;
    /// A stream's segments from one number to another, in order, until they come to so many bytes; one at the least.
    fn segments(
        &self,
        council: CouncilKey,
        stream: StreamId,
        first: u64,
        last: u64,
        most: usize,
    ) -> Answer<'_, Vec<(u64, Vec<u8>)>>;
    /// Keeps segments in the order they are given, all in one transaction, which begins with the first batch and ends when
    /// there are no more. What is new is also the next turn.
    fn put_segments(&self, council: CouncilKey, batches: Batches) -> Answer<'_, Stored>;

    /// The bodies that are kept apart in these scopes.
    fn blobs(&self, council: CouncilKey, scopes: BTreeSet<ScopeId>) -> Answer<'_, BTreeSet<Hash>>;
    /// One of them.
    fn blob(&self, council: CouncilKey, scopes: BTreeSet<ScopeId>, hash: Hash) -> Answer<'_, Option<Vec<u8>>>;

    /// What was noted as erased.
    fn erased(&self, council: CouncilKey) -> Answer<'_, Documents>;
    /// Rewrites up to `most` segments of a scope, those behind a place, and says how far it came; `None` at the end.
    fn rewrite(
        &self,
        council: CouncilKey,
        scope: ScopeId,
        after: Option<Place>,
        most: u32,
        rewrite: Rewrite,
    ) -> Answer<'_, Option<Place>>;
    /// Notes documents as erased, or as not erased after all; the bodies of the erased that are kept apart go.
    fn note_erased(&self, council: CouncilKey, erased: Documents, back: Documents) -> Answer<'_, ()>;

    /// How many bytes a council has here.
    fn size(&self, council: CouncilKey) -> Answer<'_, u64>;

    /// The turn of each council.
    fn turns(&self) -> Answer<'_, BTreeMap<CouncilKey, u64>>;
    /// Something was put: the next turn.
    fn turn_over(&self, council: CouncilKey) -> Answer<'_, u64>;

    /// True while it answers.
    fn ping(&self) -> Answer<'_, ()>;
}

/// A council's two boxes.
pub trait Mailbox {
    /// Puts a note into a box, from now until a time, if it is not in it; what is over goes first. False if the box holds
    /// `most` others already.
    fn post(&self, council: CouncilKey, post: Post, note: Note, times: (i64, i64), most: u64) -> Answer<'_, bool>;
    /// The notes in a box that are not over.
    fn notes(&self, council: CouncilKey, post: Post, now: i64) -> Answer<'_, Vec<Note>>;
    /// One of them.
    fn note(&self, council: CouncilKey, post: Post, name: [u8; 32], now: i64) -> Answer<'_, Option<Vec<u8>>>;
    /// Takes one out.
    fn unpost(&self, council: CouncilKey, post: Post, name: [u8; 32]) -> Answer<'_, ()>;
}

/// A number as SQL has it.
pub(crate) fn sql(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
