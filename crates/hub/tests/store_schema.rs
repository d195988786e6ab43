//! The tables, as a released version makes them. A change here is a migration, or a new projection version.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

use hub::folder::DatabaseKey;
use hub::store::Store;
use tempfile::TempDir;

#[test]
fn the_tables_are_those_that_were_written_down() {
    let dir = TempDir::new().unwrap();
    let store = Store::create(&dir.path().join("a.db"), &DatabaseKey::new([3; 32])).unwrap();
    let mut tables = store
        .read(|connection| {
            let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
            let mut select = connection.prepare(
                "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' \
                 AND name NOT GLOB '*_search_*' ORDER BY name",
            )?;
            let tables = select.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
            Ok(format!("-- user_version {version}\n{};\n", tables.join(";\n")))
        })
        .unwrap();
    let written = include_str!("schema.sql");
    if tables != written {
        std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/schema.sql"), &tables).unwrap();
        tables.insert_str(0, "the tables changed; the new ones are in the target folder's tmp/schema.sql:\n");
    }
    assert_eq!(tables, written);
}

#[test]
fn what_waits_survives_opening_again() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("a.db");
    let key = DatabaseKey::new([3; 32]);
    drop(Store::create(&path, &key).unwrap());
    let store = Store::open(&path, &key).unwrap();
    store
        .write(|tx| {
            hub::store::draft::keep_door(tx.connection(), "{\"name\":\"Mair\"}")?;
            let conversation = sync_schema::ConversationId::from_bytes([5; 16]);
            hub::store::draft::keep(tx.connection(), conversation, "notes", "half a sen")
        })
        .unwrap();
    drop(store);
    let store = Store::open(&path, &key).unwrap();
    let (door, drafts) = store
        .read(|connection| Ok((hub::store::draft::door(connection)?, hub::store::draft::all(connection)?)))
        .unwrap();
    assert_eq!(door.as_deref(), Some("{\"name\":\"Mair\"}"));
    assert_eq!(drafts.len(), 1);
    store
        .write(|tx| {
            hub::store::draft::clear_door(tx.connection())?;
            let (conversation, tool, _) = &drafts[0];
            hub::store::draft::clear(tx.connection(), *conversation, tool)
        })
        .unwrap();
    assert_eq!(store.read(hub::store::draft::all).unwrap(), []);
}

#[test]
fn a_write_that_fails_leaves_nothing() {
    let dir = TempDir::new().unwrap();
    let store = Store::create(&dir.path().join("a.db"), &DatabaseKey::new([3; 32])).unwrap();
    let failed: Result<(), _> = store.write(|tx| {
        hub::store::setting::put(tx.connection(), "letter", &"A")?;
        Err(hub::error::HubError::NotFound)
    });
    assert_eq!(failed, Err(hub::error::HubError::NotFound));
    let letter: Option<String> = store.read(|connection| hub::store::setting::get(connection, "letter")).unwrap();
    assert_eq!(letter, None);
}
