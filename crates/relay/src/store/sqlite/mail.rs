//! The boxes in SQLite.

use rusqlite::params;

use super::{Sqlite, number};
use crate::store::{Answer, CouncilKey, Mailbox, Note, Post};

impl Mailbox for Sqlite {
    fn post(&self, council: CouncilKey, post: Post, note: Note, until: i64, most: u64) -> Answer<'_, bool> {
        self.write(move |tx| {
            let count = "SELECT count(*) FROM mail WHERE council = ?1 AND box = ?2";
            let there = tx.prepare_cached(count)?.query_row(params![council, post.number()], number)?;
            if there >= most {
                return Ok(false);
            }
            tx.prepare_cached(
                "INSERT INTO mail (council, box, name, bytes, until) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
            )?
            .execute(params![council, post.number(), note.name, note.bytes, until])?;
            Ok(true)
        })
    }

    fn notes(&self, council: CouncilKey, post: Post, now: i64) -> Answer<'_, Vec<Note>> {
        self.write(move |tx| {
            tx.prepare_cached("DELETE FROM mail WHERE until <= ?1")?.execute([now])?;
            let mut select =
                tx.prepare_cached("SELECT name, bytes FROM mail WHERE council = ?1 AND box = ?2 ORDER BY until, name")?;
            let read = |row: &rusqlite::Row<'_>| Ok(Note { name: row.get(0)?, bytes: row.get(1)? });
            Ok(select.query_map(params![council, post.number()], read)?.collect::<Result<_, _>>()?)
        })
    }
}
