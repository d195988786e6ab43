//! The boxes in SQLite.

use rusqlite::{OptionalExtension, params};

use super::{Sqlite, number};
use crate::store::{Answer, CouncilKey, Mailbox, Note, Post};

impl Mailbox for Sqlite {
    fn post(
        &self,
        council: CouncilKey,
        post: Post,
        note: Note,
        (now, until): (i64, i64),
        most: u64,
    ) -> Answer<'_, bool> {
        self.write(move |tx| {
            tx.prepare_cached("DELETE FROM mail WHERE until <= ?1")?.execute([now])?;
            let mut here = tx.prepare_cached("SELECT 1 FROM mail WHERE council = ?1 AND box = ?2 AND name = ?3")?;
            if here.exists(params![council, post.number(), note.name])? {
                return Ok(true);
            }
            let count = "SELECT count(*) FROM mail WHERE council = ?1 AND box = ?2";
            let there = tx.prepare_cached(count)?.query_row(params![council, post.number()], number)?;
            if there < most {
                let put = "INSERT INTO mail (council, box, name, bytes, until) VALUES (?1, ?2, ?3, ?4, ?5)";
                tx.prepare_cached(put)?.execute(params![council, post.number(), note.name, note.bytes, until])?;
            }
            Ok(there < most)
        })
    }

    fn notes(&self, council: CouncilKey, post: Post, now: i64) -> Answer<'_, Vec<Note>> {
        self.read(move |rows| {
            let mut select = rows.prepare_cached(
                "SELECT name, bytes FROM mail WHERE council = ?1 AND box = ?2 AND until > ?3 ORDER BY until, name",
            )?;
            let read = |row: &rusqlite::Row<'_>| Ok(Note { name: row.get(0)?, bytes: row.get(1)? });
            Ok(select.query_map(params![council, post.number(), now], read)?.collect::<Result<_, _>>()?)
        })
    }

    fn note(&self, council: CouncilKey, post: Post, name: [u8; 32], now: i64) -> Answer<'_, Option<Vec<u8>>> {
        self.read(move |rows| {
            let select = "SELECT bytes FROM mail WHERE council = ?1 AND box = ?2 AND name = ?3 AND until > ?4";
            let key = params![council, post.number(), name, now];
            Ok(rows.prepare_cached(select)?.query_row(key, |row| row.get(0)).optional()?)
        })
    }

    fn unpost(&self, council: CouncilKey, post: Post, name: [u8; 32]) -> Answer<'_, ()> {
        self.write(move |tx| {
            tx.prepare_cached("DELETE FROM mail WHERE council = ?1 AND box = ?2 AND name = ?3")?.execute(params![
                council,
                post.number(),
                name
            ])?;
            Ok(())
        })
    }
}
