//! One write: documents made, edited or merged, and all that follows from each, in one transaction.

use automerge::{AutoCommit, Change};
use rusqlite::Connection;
use sync_schema::{DocId, Kind, Scope, exchange};

use super::document::{self, Stored};
use super::{RunNonce, erase, outbox, projection};
use crate::error::HubError;

/// What a person is told is the most that may change at once: a round number below [`outbox::CHANGE_MOST`].
const MOST_CHARACTERS: u32 = 1_000_000;

/// A transaction under way. See [`super::Store::write`].
#[derive(Debug)]
pub struct Tx<'a> {
    connection: &'a Connection,
    run: Option<RunNonce>,
}

/// What became of changes that arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merged {
    /// They are in the document; the document is new here when `created`.
    Applied {
        /// True when the document was not here before.
        created: bool,
    },
    /// All of them were here already.
    Known,
    /// They build on changes that are not here; nothing was kept. Park them and try again.
    Waits,
    /// The document's kind does not belong to the scope that brought them; nothing was kept.
    WrongScope,
    /// Automerge refuses them (an actor's number used twice, say); nothing was kept.
    Refused,
}

impl<'a> Tx<'a> {
    pub(super) const fn new(connection: &'a Connection, run: Option<RunNonce>) -> Self {
        Self { connection, run }
    }

    /// The connection, for tables that are not documents, and for reading what this transaction has written.
    #[must_use]
    pub const fn connection(&self) -> &'a Connection {
        self.connection
    }

    /// Keeps a document that was made on this laptop.
    ///
    /// # Errors
    /// [`HubError::Unexpected`] when the id is taken or no run was begun; the database's own.
    pub fn create(&mut self, kind: Kind, id: impl Into<DocId>, mut doc: AutoCommit) -> Result<(), HubError> {
        let id = id.into();
        let saved = doc.save();
        let seq = document::insert(self.connection, id, kind.code(), kind.scope().code(), &saved)?
            .ok_or(HubError::unexpected("store/create"))?;
        self.append(id, kind.scope().code(), doc.get_changes(&[]))?;
        projection::project(self.connection, kind, seq, id, &doc)
    }

    /// Keeps many documents that were made on this laptop, as an import or the demo does. The same rows as one by one.
    ///
    /// # Errors
    /// As [`Tx::create`].
    pub fn insert_bulk(&mut self, docs: impl IntoIterator<Item = (Kind, DocId, AutoCommit)>) -> Result<u32, HubError> {
        let mut count = 0;
        for (kind, id, doc) in docs {
            self.create(kind, id, doc)?;
            count += 1;
        }
        Ok(count)
    }

    /// Edits a document that is here, on behalf of someone on this laptop. An edit that changes nothing writes nothing.
    ///
    /// # Errors
    /// [`HubError::NotFound`]; what `edit` says; [`HubError::Unexpected`] when no run was begun; the database's own.
    pub fn edit<T, E>(
        &mut self,
        id: impl Into<DocId>,
        edit: impl FnOnce(&mut AutoCommit) -> Result<T, E>,
    ) -> Result<T, HubError>
    where
        HubError: From<E>,
    {
        let id = id.into();
        let stored = document::find(self.connection, id)?.ok_or(HubError::NotFound)?;
        let mut doc = stored.load()?;
        let before = doc.get_heads();
        let done = edit(&mut doc)?;
        let saved = doc.save();
        if doc.get_heads() == before {
            return Ok(done);
        }
        let changes = doc.get_changes(&before);
        self.append(id, &stored.scope, changes)?;
        self.put(&stored, &saved, &doc)?;
        Ok(done)
    }

    /// Merges changes that arrived in a stream of `scope`. They are checked already: parsed strictly, by actors that
    /// may write them. Nothing goes to the outbox.
    ///
    /// # Errors
    /// The database's own; what is wrong with the changes is told by [`Merged`].
    pub fn merge(&mut self, id: impl Into<DocId>, scope: Scope, changes: Vec<Change>) -> Result<Merged, HubError> {
        let id = id.into();
        if erase::is_erased(self.connection, id)? {
            return Ok(Merged::Known);
        }
        let stored = document::find(self.connection, id)?;
        let mut doc = match &stored {
            Some(stored) if stored.scope != scope.code() => return Ok(Merged::WrongScope),
            Some(stored) if stored.has_come() => stored.load()?,
            // Of which rows are shown and nothing else is here.
            Some(_) | None => AutoCommit::new(),
        };
        let before = doc.get_heads();
        if exchange::apply(&mut doc, changes).is_err() {
            return Ok(Merged::Refused);
        }
        if !doc.get_missing_deps(&[]).is_empty() {
            return Ok(Merged::Waits);
        }
        if doc.get_heads() == before {
            return Ok(Merged::Known);
        }
        // What says which kind it is may come after what somebody else wrote into it at the same time.
        let Some(code) = sync_schema::kind_code(&doc) else { return Ok(Merged::Waits) };
        let kind = Kind::from_code(&code);
        let another = stored.as_ref().is_some_and(|stored| stored.kind != code);
        if another || kind.is_some_and(|kind| kind.scope() != scope) {
            return Ok(Merged::WrongScope);
        }
        let saved = doc.save();
        if let Some(stored) = stored {
            self.put(&stored, &saved, &doc)?;
            return Ok(Merged::Applied { created: false });
        }
        let seq = document::insert(self.connection, id, &code, scope.code(), &saved)?
            .ok_or(HubError::unexpected("store/merge"))?;
        if let Some(kind) = kind {
            projection::project(self.connection, kind, seq, id, &doc)?;
        }
        Ok(Merged::Applied { created: true })
    }

    fn put(&self, stored: &Stored, saved: &[u8], doc: &AutoCommit) -> Result<(), HubError> {
        document::update(self.connection, stored.seq, saved)?;
        match stored.known_kind() {
            Some(kind) => projection::project(self.connection, kind, stored.seq, stored.id, doc),
            None => Ok(()),
        }
    }

    fn append(&self, id: DocId, scope: &str, changes: impl IntoIterator<Item = Change>) -> Result<(), HubError> {
        let run = self.run.ok_or(HubError::unexpected("store/run"))?;
        for change in changes {
            // Nobody could take it: it would wait here for good, and whatever rests on it would wait everywhere.
            if change.raw_bytes().len() > outbox::CHANGE_MOST {
                return Err(HubError::TooLong { field: "record", most: MOST_CHARACTERS });
            }
            outbox::append(self.connection, id, scope, run, change.raw_bytes())?;
        }
        Ok(())
    }
}
