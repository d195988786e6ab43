//! Connections to PostgreSQL, the tables' making, and what goes wrong.

use std::time::Duration;

use deadpool_postgres::{Client, Manager, ManagerConfig, Pool, PoolError, RecyclingMethod, Runtime};
use tokio_postgres::config::{SslMode, TargetSessionAttrs};
use tokio_postgres::error::SqlState;
use tokio_postgres::{Config, NoTls};

use super::tls::Tls;
use crate::store::{StoreError, sql};

/// The tables. What is released only grows.
const TABLES: &[&str] = &[
    include_str!("../postgres.sql"),
    include_str!("../postgres.snapshots.sql"),
    include_str!("../postgres.storage.sql"),
];
/// Connections of one relay.
const CONNECTIONS: usize = 16;
/// How long a connection is waited for.
const PATIENCE: Duration = Duration::from_secs(5);
/// What a connection is told: no statement goes on for ever, and a commit is on the standby, too, if there is one.
const OPTIONS: &str = "-c statement_timeout=50s -c idle_in_transaction_session_timeout=60s -c jit=off";
/// Whoever makes the tables does it alone.
const LOCK: i64 = 0x7461_6c6b_7265_6c61;

/// Reads an address, and gets ready to connect.
pub(super) fn pool(address: &str, certificate: Option<&[u8]>) -> Result<Pool, StoreError> {
    let mut config: Config = address
        .parse()
        .map_err(|_| StoreError::Failed("its address is not one: postgres://user@host/name".to_owned()))?;
    // Of several hosts, the one that may be written to.
    config.target_session_attrs(TargetSessionAttrs::ReadWrite);
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(PATIENCE);
    }
    if config.get_options().is_none() {
        config.options(OPTIONS);
    }
    if config.get_password().is_none()
        && let Ok(password) = std::env::var("PGPASSWORD")
    {
        config.password(password);
    }
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = match certificate {
        Some(pem) => {
            config.ssl_mode(SslMode::Require);
            Manager::from_config(config, Tls::trusting(pem)?, recycling)
        }
        None if config.get_ssl_mode() == SslMode::Require => {
            return Err(StoreError::Failed("its address asks for TLS; name the certificate to trust".to_owned()));
        }
        None => Manager::from_config(config, NoTls, recycling),
    };
    Pool::builder(manager)
        .max_size(CONNECTIONS)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(PATIENCE))
        .create_timeout(Some(PATIENCE))
        .recycle_timeout(Some(PATIENCE))
        .build()
        .map_err(|error| StoreError::Failed(error.to_string()))
}

/// Brings the tables up to what this relay knows.
pub(super) async fn up(client: &mut Client) -> Result<(), StoreError> {
    let tx = client.transaction().await?;
    tx.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).await?;
    tx.batch_execute("CREATE TABLE IF NOT EXISTS relay_tables (version BIGINT NOT NULL)").await?;
    let version = tx.query_opt("SELECT max(version) FROM relay_tables", &[]).await?;
    let version: i64 = version.and_then(|row| row.get::<_, Option<i64>>(0)).unwrap_or(0);
    let at = usize::try_from(version).ok().filter(|at| *at <= TABLES.len()).ok_or(StoreError::Newer)?;
    for (number, step) in TABLES.iter().enumerate().skip(at) {
        tx.batch_execute(step).await?;
        tx.execute("INSERT INTO relay_tables (version) VALUES ($1)", &[&sql(number as u64 + 1)]).await?;
    }
    Ok(tx.commit().await?)
}

impl From<PoolError> for StoreError {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) => error.into(),
            PoolError::Timeout(_) => Self::Away("no connection in time".to_owned()),
            _ => Self::Away("no connection".to_owned()),
        }
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        let Some(state) = error.code() else {
            // A line that broke, or none. Never what the server said besides: it may have a row in it.
            return Self::Away(
                if error.is_closed() { "the connection was closed" } else { "the connection failed" }.to_owned(),
            );
        };
        let code = state.code();
        match state {
            &SqlState::DISK_FULL => Self::Full,
            &SqlState::T_R_SERIALIZATION_FAILURE
            | &SqlState::T_R_DEADLOCK_DETECTED
            | &SqlState::READ_ONLY_SQL_TRANSACTION
            | &SqlState::QUERY_CANCELED
            | &SqlState::LOCK_NOT_AVAILABLE
            | &SqlState::TOO_MANY_CONNECTIONS => Self::Away(code.to_owned()),
            // A connection's troubles, and a server that stops or starts.
            _ if code.starts_with("08") || code.starts_with("57P") => Self::Away(code.to_owned()),
            _ if code.starts_with("28") || code == "3D000" => {
                Self::Failed(format!("it does not let the relay in ({code}); check user, password and name"))
            }
            _ => Self::Failed(format!("SQLSTATE {code}")),
        }
    }
}
