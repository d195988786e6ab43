//! Who this laptop is in the log: its secrets, the runs of its program, and the keys it holds.

use rusqlite::{Connection, OptionalExtension, params};
use sealed_log::{EpochKey, Keyring, LogId, Run, ScopeId};
use zeroize::Zeroizing;

use crate::error::HubError;

/// The laptop's secrets, and what tells whether this is still the database it was.
#[derive(Clone)]
pub struct Myself {
    /// The council's root public key.
    pub root: [u8; 32],
    /// The laptop's identity.
    pub identity: Zeroizing<[u8; 32]>,
    /// The incarnation that is alive.
    pub incarnation: Zeroizing<[u8; 32]>,
    /// A hash of the machine's id where the incarnation began.
    pub machine: [u8; 32],
    /// How often the program has begun a run on this database.
    pub lives: u64,
}

impl std::fmt::Debug for Myself {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Myself(secret)")
    }
}

/// This laptop, if it has been founded or has joined.
///
/// # Errors
/// The database's own.
pub fn myself(connection: &Connection) -> Result<Option<Myself>, HubError> {
    let sql = "SELECT root, identity, incarnation, machine, lives FROM sync_self WHERE slot = 1";
    let read = |row: &rusqlite::Row<'_>| {
        Ok(Myself {
            root: row.get(0)?,
            identity: Zeroizing::new(row.get(1)?),
            incarnation: Zeroizing::new(row.get(2)?),
            machine: row.get(3)?,
            lives: row.get::<_, i64>(4)?.unsigned_abs(),
        })
    };
    Ok(connection.prepare_cached(sql)?.query_row([], read).optional()?)
}

/// Keeps who this laptop is.
///
/// # Errors
/// The database's own.
pub fn put_myself(connection: &Connection, myself: &Myself) -> Result<(), HubError> {
    connection
        .prepare_cached(
            "INSERT INTO sync_self (slot, root, identity, incarnation, machine, lives) VALUES (1, ?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (slot) DO UPDATE SET incarnation = excluded.incarnation, machine = excluded.machine,
             lives = excluded.lives",
        )?
        .execute(params![
            myself.root,
            *myself.identity,
            *myself.incarnation,
            myself.machine,
            super::sql(myself.lives)
        ])?;
    Ok(())
}

/// Remembers under which log a run writes.
///
/// # Errors
/// The database's own.
pub fn add_run(connection: &Connection, run: &Run, log: &LogId) -> Result<(), HubError> {
    connection
        .prepare_cached("INSERT INTO sync_run (run, log) VALUES (?1, ?2) ON CONFLICT (run) DO NOTHING")?
        .execute(params![run.as_bytes(), log.as_bytes()])?;
    Ok(())
}

/// The log of a run.
///
/// # Errors
/// The database's own.
pub fn log_of_run(connection: &Connection, run: &Run) -> Result<Option<LogId>, HubError> {
    let mut select = connection.prepare_cached("SELECT log FROM sync_run WHERE run = ?1")?;
    let log = select.query_row([run.as_bytes()], |row| row.get::<_, [u8; 16]>(0)).optional()?;
    Ok(log.map(LogId::from_bytes))
}

/// Keeps these keys and no others.
///
/// # Errors
/// The database's own.
pub fn put_keys(connection: &Connection, keyring: &Keyring) -> Result<(), HubError> {
    let kept = self::keyring(connection)?;
    for (scope, key) in keyring.keys().filter(|(scope, key)| kept.get(scope, &key.id()).is_none()) {
        connection
            .prepare_cached("INSERT INTO sync_key (scope, secret) VALUES (?1, ?2) ON CONFLICT DO NOTHING")?
            .execute(params![scope.as_bytes(), *key.secret()])?;
    }
    for (scope, key) in kept.keys().filter(|(scope, key)| keyring.get(scope, &key.id()).is_none()) {
        connection
            .prepare_cached("DELETE FROM sync_key WHERE scope = ?1 AND secret = ?2")?
            .execute(params![scope.as_bytes(), *key.secret()])?;
    }
    Ok(())
}

/// Every key.
///
/// # Errors
/// The database's own.
pub fn keyring(connection: &Connection) -> Result<Keyring, HubError> {
    let mut keyring = Keyring::default();
    let mut select = connection.prepare_cached("SELECT scope, secret FROM sync_key ORDER BY seq")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let secret = Zeroizing::new(row.get::<_, [u8; 32]>(1)?);
        keyring.add(ScopeId::from_bytes(row.get(0)?), EpochKey::from_secret(&secret));
    }
    Ok(keyring)
}
