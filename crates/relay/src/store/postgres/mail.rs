//! The boxes in PostgreSQL.

use super::Postgres;
use super::rows::{bytes, id};
use crate::store::{Answer, CouncilKey, Mailbox, Note, Post, sql};

impl Mailbox for Postgres {
    fn post(&self, council: CouncilKey, post: Post, note: Note, until: i64, most: u64) -> Answer<'_, bool> {
        Box::pin(async move {
            // The count and the note go by one statement; two at once may pass the bound by one.
            let client = self.client().await?;
            let put = "INSERT INTO mail (council, box, name, bytes, until) SELECT $1, $2, $3, $4, $5
                       WHERE (SELECT count(*) FROM mail WHERE council = $1 AND box = $2) < $6
                       ON CONFLICT (council, box, name) DO UPDATE SET name = excluded.name";
            let name = note.name.as_slice();
            let key = post.number();
            let put = client.execute(put, &[&council, &key, &name, &note.bytes, &until, &sql(most)]).await?;
            Ok(put > 0)
        })
    }

    fn notes(&self, council: CouncilKey, post: Post, now: i64) -> Answer<'_, Vec<Note>> {
        Box::pin(async move {
            let client = self.client().await?;
            client.execute("DELETE FROM mail WHERE until <= $1", &[&now]).await?;
            let select = "SELECT name, bytes FROM mail WHERE council = $1 AND box = $2 ORDER BY until, name";
            let found = client.query(select, &[&council, &post.number()]).await?;
            found.iter().map(|row| Ok(Note { name: id(row, 0)?, bytes: bytes(row, 1)? })).collect()
        })
    }
}
