//! The same council in PouchDB: documents on disk as JSON, replicated with a CouchDB-compatible server over HTTP, nothing
//! encrypted. `benches/peers` holds the program that does it.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use automerge::AutoSerde;
use hub::demo::{self, Demo};
use serde_json::{Value, json};

use crate::council::Bench;
use crate::figures::Figures;

const PEOPLE: u32 = 10_000;
const CHANGED: u32 = 50;
const ROUNDS: u32 = 5;

/// Every document of that council as a line of JSON.
fn write_documents(bench: &Bench, file: &Path) -> Result<usize> {
    let demo = Demo { people: PEOPLE, ..Demo::default() };
    let mut documents = demo::documents(demo, bench.ports.now())?;
    let mut out = BufWriter::new(fs::File::create(file)?);
    for (kind, id, document) in &mut documents {
        let mut value = serde_json::to_value(AutoSerde::from(document.document()))?;
        let fields = value.as_object_mut().context("a document is not an object")?;
        fields.insert("_id".to_owned(), json!(id.to_string()));
        fields.insert("kind".to_owned(), json!(kind.code()));
        writeln!(out, "{value}")?;
    }
    out.flush()?;
    Ok(documents.len())
}

pub(crate) fn measure(bench: &Bench, figures: &mut Figures) -> Result<()> {
    let work = tempfile::tempdir_in(&bench.dir)?;
    let file = work.path().join("documents");
    let count = write_documents(bench, &file)?;
    println!("  {count} documents of {PEOPLE} people in PouchDB");
    let program = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/peers/pouchdb.mjs"));
    let mut node = Command::new("node");
    node.arg(program).arg(&file).arg(work.path()).args([CHANGED.to_string(), ROUNDS.to_string()]);
    let said = node.output().context("node could not be started")?;
    ensure!(said.status.success(), "PouchDB stopped: {}", String::from_utf8_lossy(&said.stderr));
    let told: Value = serde_json::from_slice(&said.stdout).context("PouchDB told no figures")?;
    let number = |name: &str| told.get(name).and_then(Value::as_f64).context("PouchDB left a figure out");
    figures.plain("pouchdb_bootstrap_10k_s", number("bootstrapMs")? / 1000.0);
    figures.plain("pouchdb_reconnect_50_of_10k_ms", number("reconnectMs")?);
    figures.plain("pouchdb_reconnect_bytes", number("reconnectBytes")?);
    Ok(())
}
