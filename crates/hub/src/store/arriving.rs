//! Documents that come in a snapshot: first their rows, which are shown at once, then the documents themselves, from which
//! the rows are made again and compared. What differs is replaced.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rusqlite::Connection;
use sync_schema::{DocId, Kind, Scope, exchange};

use super::document::{self, Stored};
use super::projection::{self, ready::Layout};
use super::{Merged, Rows, Tx, erase};
use crate::error::HubError;

/// A document's rows, made ready on another laptop.
#[derive(Debug, Clone, Copy)]
pub struct Ready<'a> {
    /// The document.
    pub id: DocId,
    /// The code of its kind.
    pub kind: &'a str,
    /// Its rows.
    pub rows: &'a [u8],
}

/// A document that came and was looked at: it loads, it is what it says, and these are the rows that it makes here.
#[derive(Debug, Clone)]
pub struct Arrived {
    id: DocId,
    kind: String,
    saved: Vec<u8>,
    rows: Vec<u8>,
}

/// What became of a document that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrival {
    /// It is here, or was.
    Here,
    /// It is here, and the rows that were shown before were not what it makes: they have been replaced.
    Replaced,
    /// It cannot be put together with what is here of it; nothing was changed.
    Refused,
}

/// Where rows are made without being kept: tables in memory that nobody sees, for some hundreds of documents.
#[derive(Debug)]
pub(crate) struct Workshop {
    tables: Connection,
    layout: Layout,
    made: Cell<i64>,
}

impl Workshop {
    /// With empty tables. What is about the erased makes no rows.
    ///
    /// # Errors
    /// The database's own.
    pub(crate) fn new(erased: &[DocId]) -> Result<Self, HubError> {
        let tables = Connection::open_in_memory()?;
        tables.pragma_update(None, "foreign_keys", false)?;
        projection::make_tables(&tables)?;
        erase::tell(&tables, erased)?;
        // Never committed: what is made is read within it.
        tables.execute_batch("BEGIN")?;
        let layout = Layout::of(&tables)?;
        Ok(Self { tables, layout, made: Cell::new(0) })
    }

    /// Looks at a document that came in `scope`, and makes its rows. `None` when it is not one, or not of that scope.
    ///
    /// # Errors
    /// The database's own.
    pub(crate) fn look_at(
        &self,
        scope: Scope,
        id: DocId,
        kind: &str,
        saved: &[u8],
    ) -> Result<Option<Arrived>, HubError> {
        let Ok(doc) = exchange::load(saved) else { return Ok(None) };
        if sync_schema::kind_code(&doc).as_deref() != Some(kind) {
            return Ok(None);
        }
        let known = Kind::from_code(kind);
        if known.is_some_and(|known| known.scope() != scope) {
            return Ok(None);
        }
        let rows = match known {
            None => Vec::new(),
            Some(known) => {
                let seq = self.made.get() + 1;
                self.made.set(seq);
                let made = catch_unwind(AssertUnwindSafe(|| {
                    projection::project(&self.tables, known, seq, id, &doc)?;
                    self.layout.rows_of(&self.tables, known, seq)
                }));
                match made {
                    Ok(Ok(rows)) => rows,
                    Ok(Err(HubError::Unexpected { place, .. })) if place.starts_with("schema/") => return Ok(None),
                    Ok(Err(error)) => return Err(error),
                    Err(_) => return Ok(None),
                }
            }
        };
        Ok(Some(Arrived { id, kind: kind.to_owned(), saved: saved.to_vec(), rows }))
    }
}

/// The rows of a document that is here, to be made ready for others; none of a kind that this version does not know.
///
/// # Errors
/// The database's own.
pub(crate) fn ready_rows(rows: &Rows, layout: &Layout, stored: &Stored) -> Result<Vec<u8>, HubError> {
    match stored.known_kind() {
        Some(kind) => layout.rows_of(rows, kind, stored.seq),
        None => Ok(Vec::new()),
    }
}

impl Tx<'_> {
    /// Shows rows of a scope's documents that have not come yet. Of documents that are here nothing is changed. False when
    /// they are not rows, and then this transaction is not to be committed.
    ///
    /// # Errors
    /// The database's own.
    pub fn show<'r>(&mut self, scope: Scope, all: impl IntoIterator<Item = Ready<'r>>) -> Result<bool, HubError> {
        let layout = Layout::of(self.connection())?;
        for Ready { id, kind, rows } in all {
            let known = Kind::from_code(kind);
            if known.is_some_and(|known| known.scope() != scope) {
                return Ok(false);
            }
            if erase::is_erased(self.connection(), id)? {
                continue;
            }
            let hash = blake3::hash(rows);
            let Some(seq) = document::expect(self.connection(), id, (kind, scope.code()), hash.as_bytes())? else {
                continue;
            };
            if let Some(known) = known
                && !layout.put_rows(self.connection(), known, (seq, id), rows)?
            {
                return Ok(false);
            }
        }
        self.hide_erased(&[])?;
        Ok(true)
    }

    /// Hides what names anybody who was erased, but for those who were known to be when the rows were made.
    ///
    /// # Errors
    /// The database's own.
    pub fn hide_erased(&mut self, known: &[DocId]) -> Result<(), HubError> {
        for erased in erase::all(self.connection())?.into_iter().filter(|erased| !known.contains(erased)) {
            projection::hide_what_names(self.connection(), erased)?;
        }
        Ok(())
    }

    /// Takes a document that came in a snapshot of `scope`.
    ///
    /// # Errors
    /// The database's own.
    pub fn arrive(&mut self, scope: Scope, layout: &Layout, came: &Arrived) -> Result<Arrival, HubError> {
        let known = Kind::from_code(&came.kind);
        if erase::is_erased(self.connection(), came.id)? {
            return Ok(Arrival::Here);
        }
        let Some(stored) = document::find(self.connection(), came.id)? else {
            let seq = document::insert(self.connection(), came.id, &came.kind, scope.code(), &came.saved)?
                .ok_or(HubError::unexpected("store/arrive"))?;
            if let Some(known) = known
                && !layout.put_rows(self.connection(), known, (seq, came.id), &came.rows)?
            {
                return Err(HubError::unexpected("store/arrive"));
            }
            return Ok(Arrival::Here);
        };
        if stored.has_come() {
            return self.join_with(scope, came);
        }
        if stored.scope != scope.code() || stored.kind != came.kind {
            return Ok(Arrival::Refused);
        }
        document::update(self.connection(), stored.seq, &came.saved)?;
        let same = stored.rows_shown().is_some_and(|shown| shown == blake3::hash(&came.rows).as_bytes());
        let Some(known) = known.filter(|_| !same) else { return Ok(Arrival::Here) };
        let doc = exchange::load(&came.saved).map_err(|_| HubError::Damaged)?;
        projection::project(self.connection(), known, stored.seq, came.id, &doc)?;
        Ok(if stored.rows_shown().is_some() { Arrival::Replaced } else { Arrival::Here })
    }

    /// The document is here already: what it lacks of the other is merged.
    fn join_with(&mut self, scope: Scope, came: &Arrived) -> Result<Arrival, HubError> {
        let mut doc = exchange::load(&came.saved).map_err(|_| HubError::Damaged)?;
        Ok(match self.merge(came.id, scope, doc.get_changes(&[]))? {
            Merged::Applied { .. } | Merged::Known => Arrival::Here,
            Merged::Waits | Merged::WrongScope | Merged::Refused => Arrival::Refused,
        })
    }

    /// Takes the rows away of a scope's documents that have not come and will not. Says how many.
    ///
    /// # Errors
    /// The database's own.
    pub fn forget_coming(&mut self, scope: Scope) -> Result<u32, HubError> {
        let coming = document::coming(self.connection(), scope)?;
        for (seq, id, kind) in &coming {
            if let Some(kind) = Kind::from_code(kind) {
                projection::unproject(self.connection(), kind, *seq, *id)?;
            }
            document::remove(self.connection(), *seq)?;
        }
        Ok(u32::try_from(coming.len()).unwrap_or(u32::MAX))
    }
}
