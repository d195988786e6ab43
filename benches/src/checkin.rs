//! One check-in, durable, against a bare SQLCipher insert of the same bytes with the same synchronous setting.
//!
//! The two take turns, so that a disk that slows down slows both. The bare insert puts, in one transaction, as many
//! bytes as a check-in's document and change take, into a table with nothing but a key; its database has the same page
//! size, journal and `synchronous=FULL`.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Result;
use automerge::AutoCommit;
use hub::action::check_in::CheckIn;
use rusqlite::Connection;
use sync_schema::document::visit::{self, NewVisit};
use sync_schema::{CalendarDate, Edit, HubId, Need, TeamMemberId, Ticket, VisitId};

use crate::council::Bench;
use crate::figures::{Figures, percentile_ms};

const PEOPLE: u32 = 1_500;
const TIMES: u32 = 600;
const AIM_MS: f64 = 20.0;
const AIM_RATIO: f64 = 3.0;

fn somebody(n: u32) -> CheckIn {
    CheckIn {
        name: format!("Mair Prosser {n}"),
        reason: "Since Dad's fall I can't leave him, and I don't know who to ask".to_owned(),
        needs: vec![Need::Welsh, Need::LargePrint],
        interpreter: None,
        been_before: Some(true),
        companion: None,
    }
}

/// One such check-in, as the document it makes.
fn one(said: CheckIn) -> Result<AutoCommit> {
    let edit = Edit {
        actor: [1; 16],
        now: sync_schema::Instant::from_millis(1_795_516_800_000),
        by: TeamMemberId::from_bytes([1; 16]),
        by_name: "Bench".to_owned(),
        laptop: "Green Lane 1".to_owned(),
    };
    let day = CalendarDate::from_ymd(2026, 11, 24).ok_or_else(|| anyhow::anyhow!("no such day"))?;
    let new = NewVisit {
        hub: HubId::from_bytes([2; 16]),
        came_at: edit.now,
        name: Some(said.name),
        reason: said.reason,
        needs: said.needs,
        interpreter: None,
        been_before: said.been_before,
        companion: None,
        ticket: Ticket { letter: "A".to_owned(), number: 1, day },
    };
    Ok(visit::create(VisitId::from_bytes([3; 16]), new, &edit)?)
}

/// The change that one check-in makes, as it is sealed.
pub(crate) fn change_of_one() -> Result<Vec<u8>> {
    let mut doc = one(somebody(0))?;
    Ok(doc.get_changes(&[]).iter().flat_map(|change| change.raw_bytes().to_vec()).collect())
}

/// The bytes of one check-in: its saved document and its change.
fn bytes_of_one() -> Result<usize> {
    Ok(one(somebody(0))?.save().len() + change_of_one()?.len())
}

fn bare(file: &Path) -> Result<Connection> {
    let connection = Connection::open(file)?;
    connection.execute_batch(
        "PRAGMA key = \"x'00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'\";
         PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE record (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;",
    )?;
    Ok(connection)
}

pub(crate) fn measure(bench: &Bench, figures: &mut Figures) -> Result<()> {
    let folder = bench.copy_of(PEOPLE, "checkin")?;
    let hub = bench.open(&folder)?;
    let beside = tempfile::tempdir_in(&bench.dir)?;
    let mut bare = bare(&beside.path().join("bare.db"))?;
    let body = vec![7_u8; bytes_of_one()?];
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for n in 0..TIMES {
        let said = somebody(n);
        let began = Instant::now();
        hub.check_in(said)?;
        ours.push(began.elapsed());
        let began = Instant::now();
        let transaction = bare.transaction()?;
        transaction.execute("INSERT INTO record (body) VALUES (?1)", [&body])?;
        transaction.commit()?;
        theirs.push(began.elapsed());
    }
    report(figures, &mut ours, &mut theirs);
    figures.plain("checkin_bytes", f64::from(u32::try_from(body.len())?));
    Ok(())
}

fn report(figures: &mut Figures, ours: &mut [Duration], theirs: &mut [Duration]) {
    let (our_median, bare_median) = (percentile_ms(ours, 50), percentile_ms(theirs, 50));
    figures.aimed("checkin_commit_ms_p99", percentile_ms(ours, 99), AIM_MS);
    figures.aimed("checkin_vs_bare_sqlite_ratio", our_median / bare_median, AIM_RATIO);
    figures.plain("checkin_commit_ms_p50", our_median);
    figures.plain("bare_insert_ms_p50", bare_median);
    figures.plain("bare_insert_ms_p99", percentile_ms(theirs, 99));
}
