//! A document's rows as they travel in a snapshot: made ready on one laptop, shown on another before the document itself
//! has come. What names the document, its number and its id, is filled in where they arrive, so that rows can only ever
//! be that document's.

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, params_from_iter};
use sync_schema::{DocId, Kind};

use crate::error::HubError;
use crate::store::search;

/// Most rows of one table that one document has.
const ROWS_MOST: u32 = 1 << 20;

const NULL: u8 = 0;
const INTEGER: u8 = 1;
const REAL: u8 = 2;
const TEXT: u8 = 3;
const BLOB: u8 = 4;

/// The tables that a kind of document has rows in, parents before children.
const fn tables_of(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Visit => &["visit", "visit_event"],
        Kind::Person => &["person", "person_visit", "question", "person_name"],
        Kind::Conversation => &["conversation", "conversation_text", "agreed", "signpost"],
        Kind::WaitingEntry => &["waiting_entry"],
        Kind::Listing => &["listing", "listing_words"],
        Kind::Council => &["council"],
        Kind::Hub => &["hub"],
        Kind::TeamMember => &["team_member"],
    }
}

/// One table: how its rows are read and written, without what names the document.
#[derive(Debug)]
struct Table {
    name: &'static str,
    columns: usize,
    has_id: bool,
    select: String,
    insert: String,
}

impl Table {
    fn of(connection: &Connection, name: &'static str) -> Result<Self, HubError> {
        let mut info = connection.prepare(&format!("SELECT name, pk FROM pragma_table_info('{name}') ORDER BY cid"))?;
        let all: Vec<(String, i64)> =
            info.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        let mut key: Vec<&(String, i64)> = all.iter().filter(|(_, pk)| *pk > 0).collect();
        key.sort_by_key(|(_, pk)| *pk);
        let key: Vec<&str> = key.iter().map(|(name, _)| name.as_str()).collect();
        let has_id = all.iter().any(|(name, _)| name == "id");
        let own: Vec<&str> =
            all.iter().map(|(name, _)| name.as_str()).filter(|name| !matches!(*name, "doc" | "id")).collect();
        let named = if has_id { "doc, id" } else { "doc" };
        let first = if has_id { 3 } else { 2 };
        let places: Vec<String> = (1..first + own.len()).map(|n| format!("?{n}")).collect();
        let (columns, listed, places) = (own.len(), own.join(", "), places.join(", "));
        Ok(Self {
            name,
            columns,
            has_id,
            select: format!("SELECT {listed} FROM {name} WHERE doc = ?1 ORDER BY {}", key.join(", ")),
            insert: format!("INSERT INTO {name} ({named}, {listed}) VALUES ({places})"),
        })
    }
}

/// Every table, as this version makes them.
#[derive(Debug)]
pub struct Layout {
    tables: Vec<Table>,
}

impl Layout {
    /// As a connection's tables are.
    ///
    /// # Errors
    /// The database's own.
    pub fn of(connection: &Connection) -> Result<Self, HubError> {
        let tables = super::TABLES.iter().map(|name| Table::of(connection, name)).collect::<Result<_, _>>()?;
        Ok(Self { tables })
    }

    fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Table> {
        tables_of(kind).iter().filter_map(|name| self.tables.iter().find(|table| table.name == *name))
    }

    /// The rows of a document.
    pub(in crate::store) fn rows_of(&self, from: &Connection, kind: Kind, doc: i64) -> Result<Vec<u8>, HubError> {
        let mut out = Vec::with_capacity(256);
        for table in self.of_kind(kind) {
            let mut select = from.prepare_cached(&table.select)?;
            let mut rows = select.query([doc])?;
            let at = out.len();
            out.extend_from_slice(&[0; 4]);
            let mut count = 0_u32;
            while let Some(row) = rows.next()? {
                for column in 0..table.columns {
                    put_value(&mut out, row.get_ref(column)?);
                }
                count += 1;
            }
            if let Some(place) = out.get_mut(at..at + 4) {
                place.copy_from_slice(&count.to_le_bytes());
            }
        }
        Ok(out)
    }

    /// Puts rows in for a document that has none. False when they are not rows of these tables; then some may be in, and
    /// the transaction is not to be committed.
    pub(in crate::store) fn put_rows(
        &self,
        into: &Connection,
        kind: Kind,
        (doc, id): (i64, DocId),
        mut rows: &[u8],
    ) -> Result<bool, HubError> {
        for table in self.of_kind(kind) {
            let Some(count) = take_count(&mut rows) else { return Ok(false) };
            let mut insert = into.prepare_cached(&table.insert)?;
            for _ in 0..count {
                let mut values = Vec::with_capacity(table.columns + 2);
                values.push(Value(ValueRef::Integer(doc)));
                if table.has_id {
                    values.push(Value(ValueRef::Blob(id.as_bytes())));
                }
                for _ in 0..table.columns {
                    let Some(value) = take_value(&mut rows) else { return Ok(false) };
                    values.push(Value(value));
                }
                match insert.execute(params_from_iter(values)) {
                    Ok(_) => {}
                    Err(rusqlite::Error::SqliteFailure(failure, _))
                        if failure.code == rusqlite::ErrorCode::ConstraintViolation =>
                    {
                        return Ok(false);
                    }
                    Err(error) => return Err(error.into()),
                }
            }
            search::index(into, table.name, doc)?;
        }
        Ok(rows.is_empty())
    }
}

struct Value<'a>(ValueRef<'a>);

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(self.0))
    }
}

fn put_value(out: &mut Vec<u8>, value: ValueRef<'_>) {
    let mut sized = |mark: u8, bytes: &[u8]| {
        out.push(mark);
        out.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes());
        out.extend_from_slice(bytes);
    };
    match value {
        ValueRef::Null => out.push(NULL),
        ValueRef::Text(text) => sized(TEXT, text),
        ValueRef::Blob(blob) => sized(BLOB, blob),
        ValueRef::Integer(number) => {
            out.push(INTEGER);
            out.extend_from_slice(&number.to_le_bytes());
        }
        ValueRef::Real(number) => {
            out.push(REAL);
            out.extend_from_slice(&number.to_le_bytes());
        }
    }
}

fn take<'a>(bytes: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (front, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(front)
}

fn take_count(bytes: &mut &[u8]) -> Option<u32> {
    let count = u32::from_le_bytes(take(bytes, 4)?.try_into().ok()?);
    (count <= ROWS_MOST).then_some(count)
}

fn take_value<'a>(bytes: &mut &'a [u8]) -> Option<ValueRef<'a>> {
    Some(match *take(bytes, 1)?.first()? {
        NULL => ValueRef::Null,
        INTEGER => ValueRef::Integer(i64::from_le_bytes(take(bytes, 8)?.try_into().ok()?)),
        REAL => ValueRef::Real(f64::from_le_bytes(take(bytes, 8)?.try_into().ok()?)),
        mark @ (TEXT | BLOB) => {
            let length = u32::from_le_bytes(take(bytes, 4)?.try_into().ok()?);
            let content = take(bytes, usize::try_from(length).ok()?)?;
            match mark {
                TEXT => ValueRef::Text(std::str::from_utf8(content).ok()?.as_bytes()),
                _ => ValueRef::Blob(content),
            }
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_some_kinds_and_begins_with_what_names_the_document() {
        let connection = Connection::open_in_memory().unwrap();
        super::super::make_tables(&connection).unwrap();
        let layout = Layout::of(&connection).unwrap();
        let mut named: Vec<&str> = Kind::ALL.iter().flat_map(|kind| tables_of(*kind)).copied().collect();
        let mut all = super::super::TABLES.to_vec();
        named.sort_unstable();
        all.sort_unstable();
        assert_eq!(named, all);
        for table in &layout.tables {
            assert!(table.insert.contains("(doc, "), "{}", table.name);
            let id = if table.has_id { 2 } else { 1 };
            assert_eq!(table.insert.matches('?').count(), table.columns + id, "{}", table.name);
        }
    }
}
