//! The same reconnect by Automerge's own sync protocol, document by document: what a program would do that kept each record
//! in an Automerge document and carried it by the protocol that comes with it, nothing encrypted.
//!
//! Both sides hold the same council; 50 people are changed on the one that stays up, which has its documents loaded. The
//! other starts from what it saved: each document, and for each the sync state of the last meeting. Its loading is
//! counted, as is saving what changed in one durable commit; no network is in it.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use automerge::sync::{State, SyncDoc};
use automerge::transaction::Transactable;
use automerge::{AutoCommit, ROOT};
use hub::demo::{self, Demo};
use rusqlite::Connection;
use sync_schema::Kind;

use crate::council::Bench;
use crate::figures::{Figures, ms, percentile_ms};

const PEOPLE: u32 = 10_000;
const CHANGED: usize = 50;
const ROUNDS: usize = 5;

/// What one reconnect cost.
struct Cost {
    took: Duration,
    messages: u32,
    bytes: usize,
}

/// Says what they have to say to each other about one document.
fn talk(ours: (&mut AutoCommit, &mut State), theirs: (&mut AutoCommit, &mut State), cost: &mut Cost) -> Result<()> {
    let mut sides = [ours, theirs];
    loop {
        let mut silent = true;
        for from in 0..2 {
            let [first, second] = &mut sides;
            let (from, to) = if from == 0 { (first, second) } else { (second, first) };
            let Some(message) = from.0.sync().generate_sync_message(from.1) else { continue };
            let wire = message.encode();
            cost.messages += 1;
            cost.bytes += wire.len();
            silent = false;
            to.0.sync().receive_sync_message(to.1, automerge::sync::Message::decode(&wire)?)?;
        }
        if silent {
            return Ok(());
        }
    }
}

fn round(file: &Path, up: &mut [(Kind, AutoCommit, State)], number: usize) -> Result<Cost> {
    let people = up.iter_mut().filter(|(kind, ..)| *kind == Kind::Person);
    for (_, person, _) in people.skip(number * CHANGED).take(CHANGED) {
        person.put(ROOT, "phone", format!("round {number}"))?;
        person.commit();
    }
    let mut cost = Cost { took: Duration::ZERO, messages: 0, bytes: 0 };
    let began = Instant::now();
    let mut connection = Connection::open(file)?;
    let transaction = connection.transaction()?;
    let mut changed = 0;
    {
        let mut select = transaction.prepare("SELECT id, saved, state FROM document ORDER BY id")?;
        let mut update = transaction.prepare("UPDATE document SET saved = ?2, state = ?3 WHERE id = ?1")?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let id: u32 = row.get(0)?;
            let mut document = AutoCommit::load(row.get_ref(1)?.as_blob()?)?;
            let mut state = State::decode(row.get_ref(2)?.as_blob()?)?;
            let (_, theirs, their_state) = up.get_mut(id as usize).context("a document is missing")?;
            // A new connection: what was in flight on the last one is forgotten, what both had is not.
            *their_state = State::decode(&their_state.encode())?;
            let before = document.get_heads();
            talk((&mut document, &mut state), (theirs, their_state), &mut cost)?;
            if document.get_heads() != before {
                changed += 1;
                update.execute(rusqlite::params![id, document.save(), state.encode()])?;
            }
        }
    }
    transaction.commit()?;
    cost.took = began.elapsed();
    ensure!(changed == CHANGED, "{changed} of {CHANGED} changes came");
    Ok(cost)
}

/// Both sides after an earlier meeting: one in memory, the other in a file.
fn met(bench: &Bench, file: &Path) -> Result<Vec<(Kind, AutoCommit, State)>> {
    let demo = Demo { people: PEOPLE, ..Demo::default() };
    let mut up = Vec::new();
    let mut connection = Connection::open(file)?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE document (id INTEGER PRIMARY KEY, saved BLOB NOT NULL, state BLOB NOT NULL) STRICT;",
    )?;
    let transaction = connection.transaction()?;
    let mut forgotten = Cost { took: Duration::ZERO, messages: 0, bytes: 0 };
    for (id, (kind, _, mut document)) in (0_u32..).zip(demo::documents(demo, bench.ports.now())?) {
        let mut away = AutoCommit::load(&document.save())?;
        let (mut state, mut away_state) = (State::new(), State::new());
        talk((&mut away, &mut away_state), (&mut document, &mut state), &mut forgotten)?;
        transaction.execute(
            "INSERT INTO document (id, saved, state) VALUES (?1, ?2, ?3)",
            rusqlite::params![id, away.save(), away_state.encode()],
        )?;
        up.push((kind, document, state));
    }
    transaction.commit()?;
    Ok(up)
}

pub(crate) fn measure(bench: &Bench, figures: &mut Figures) -> Result<()> {
    let work = tempfile::tempdir_in(&bench.dir)?;
    let file = work.path().join("away.db");
    let mut up = met(bench, &file)?;
    println!("  {} documents of {PEOPLE} people by Automerge's own sync", up.len());
    let mut times = Vec::new();
    let mut most = Cost { took: Duration::ZERO, messages: 0, bytes: 0 };
    for number in 0..ROUNDS {
        let cost = round(&file, &mut up, number)?;
        println!("  {:.1} ms, {} messages, {} bytes", ms(cost.took), cost.messages, cost.bytes);
        times.push(cost.took);
        most = if cost.messages > most.messages { cost } else { most };
    }
    figures.plain("automerge_sync_reconnect_50_of_10k_ms", percentile_ms(&mut times, 50));
    figures.plain("automerge_sync_reconnect_50_of_10k_messages", f64::from(most.messages));
    figures.plain("automerge_sync_reconnect_50_of_10k_bytes", f64::from(u32::try_from(most.bytes)?));
    Ok(())
}
