//! `talking-point-relay`: the relay as a program. Reads its line, opens its store, listens, and stops when told to.
//!
//! Its log goes to standard error, one line of JSON an event: routes, statuses and times, and nothing of what was carried.

mod line;

use std::io::{IsTerminal, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use talking_point_relay::ports::Ports;
use talking_point_relay::store::{Postgres, Sqlite, Store};
use talking_point_relay::{Doors, Relay, Serving, Settings, serve};

use crate::line::Line;

fn main() -> ExitCode {
    let line = Line::parse();
    write_down();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&format!("The relay could not start its threads: {error}.")),
    };
    match runtime.block_on(run(line)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => fail(&sentence),
    }
}

async fn run(line: Line) -> Result<(), String> {
    let mut settings = Settings::new(&line.name, line.roots()?);
    settings.quota = line.quota_gib.saturating_mul(1 << 30);
    if line.certificate.is_none() && !line.behind_proxy {
        return Err(
            "Neither a certificate nor a proxy was named; give --certificate and --key, or --behind-proxy with \
                    a proxy on this machine that has TLS."
                .to_owned(),
        );
    }
    if line.behind_proxy && !line.listen.ip().is_loopback() {
        return Err(
            "Without TLS the relay listens for a proxy on this machine alone; give --listen 127.0.0.1:8080.".to_owned()
        );
    }
    let store = store(&line).await?;
    let relay = Relay::open(settings, store, Ports::system())
        .await
        .map_err(|error| format!("The relay could not start: {error}."))?;
    let (laptops, watching) = (listener(line.listen)?, line.watch.map(listener).transpose()?);
    let listen = laptops.local_addr().unwrap_or(line.listen);
    let watch = watching.as_ref().and_then(|listener| listener.local_addr().ok()).map(tracing::field::display);
    let doors = Doors { laptops, tls: line.certificate.zip(line.key), behind_proxy: line.behind_proxy, watching };
    let serving = serve(&relay, doors).map_err(|error| format!("The relay could not listen: {error}."))?;
    tracing::info!(%listen, watch, "listening");
    until_told(&serving).await.map_err(|error| format!("The relay cannot be told to stop: {error}."))?;
    tracing::info!("stopping");
    serving.stop().await.map_err(|error| format!("The relay did not stop in good order: {error}."))
}

async fn store(line: &Line) -> Result<Arc<dyn Store>, String> {
    let cannot = |error| format!("The records cannot be opened: {error}.");
    if let Some(address) = &line.database {
        let certificate =
            line.database_certificate.as_ref().map(std::fs::read).transpose().map_err(|_| {
                "The database's certificate cannot be read; check the file's name and rights.".to_owned()
            })?;
        let store = Postgres::open_trusting(address, certificate.as_deref()).await;
        return Ok(Arc::new(store.map_err(cannot)?));
    }
    std::fs::create_dir_all(&line.data)
        .map_err(|_| "The data folder cannot be made; check its name and rights.".to_owned())?;
    Ok(Arc::new(Sqlite::open(&line.data.join("relay.db")).map_err(cannot)?))
}

fn listener(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).map_err(|error| format!("Nobody can be listened for at {address}: {error}."))
}

/// Until a signal says stop. A hangup has the certificate read again.
#[cfg(unix)]
async fn until_told(serving: &Serving) -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut hangup = signal(SignalKind::hangup())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    loop {
        tokio::select! {
            _ = hangup.recv() => match serving.renew() {
                Ok(()) => tracing::info!("the certificate was read again"),
                Err(error) => tracing::error!(%error, "the certificate was not read again; the old one stays"),
            },
            _ = terminate.recv() => return Ok(()),
            _ = interrupt.recv() => return Ok(()),
        }
    }
}

/// Until Ctrl+C. A new certificate takes a restart here.
#[cfg(not(unix))]
async fn until_told(_: &Serving) -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

/// One line of JSON an event. `RUST_LOG` says how much.
fn write_down() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let _ = tracing_subscriber::fmt()
        .json()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .try_init();
}

fn fail(sentence: &str) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "{sentence}");
    ExitCode::FAILURE
}
