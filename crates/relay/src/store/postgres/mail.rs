//! The boxes in PostgreSQL.

use super::Postgres;
use super::rows::{bytes, id};
use crate::store::{Answer, CouncilKey, Mailbox, Note, Post, sql};

impl Mailbox for Postgres {
    fn post(
        &self,
        council: CouncilKey,
        post: Post,
        note: Note,
        (now, until): (i64, i64),
        most: u64,
    ) -> Answer<'_, bool> {
        Box::pin(async move {
            // The count and the note go by one statement; two at once may pass the bound by one.
            let client = self.client().await?;
            client.execute("DELETE FROM mail WHERE until <= $1", &[&now]).await?;
            let put = "INSERT INTO mail (council, box, name, bytes, until) SELECT $1, $2, $3, $4, $5
                       WHERE (SELECT count(*) FROM mail WHERE council = $1 AND box = $2 AND name <> $3) < $6
                       ON CONFLICT (council, box, name) DO UPDATE SET name = excluded.name";
            let (key, name) = (post.number(), note.name.as_slice());
            let put = client.execute(put, &[&council, &key, &name, &note.bytes, &until, &sql(most)]).await?;
            Ok(put > 0)
        })
    }

    fn notes(&self, council: CouncilKey, post: Post, now: i64) -> Answer<'_, Vec<Note>> {
        Box::pin(async move {
            let select = "SELECT name, bytes FROM mail WHERE council = $1 AND box = $2 AND until > $3
                          ORDER BY until, name";
            let found = self.client().await?.query(select, &[&council, &post.number(), &now]).await?;
            found.iter().map(|row| Ok(Note { name: id(row, 0)?, bytes: bytes(row, 1)? })).collect()
        })
    }

    fn note(&self, council: CouncilKey, post: Post, name: [u8; 32], now: i64) -> Answer<'_, Option<Vec<u8>>> {
        Box::pin(async move {
            let select = "SELECT bytes FROM mail WHERE council = $1 AND box = $2 AND name = $3 AND until > $4";
            let client = self.client().await?;
            let found = client.query_opt(select, &[&council, &post.number(), &name.as_slice(), &now]).await?;
            found.map(|row| bytes(&row, 0)).transpose()
        })
    }

    fn unpost(&self, council: CouncilKey, post: Post, name: [u8; 32]) -> Answer<'_, ()> {
        Box::pin(async move {
            let go = "DELETE FROM mail WHERE council = $1 AND box = $2 AND name = $3";
            self.client().await?.execute(go, &[&council, &post.number(), &name.as_slice()]).await?;
            Ok(())
        })
    }
}
