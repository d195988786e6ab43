//! What each command does, and the figures it ends in.

use std::fs::OpenOptions;
use std::io::{IsTerminal, Write};
use std::path::Path;

use hub::demo::{self, Demo};
use hub::error::HubError;
use hub::ports::Ports;
use hub::view::laptop::Exchanged;
use hub::view::shell::Role;
use hub::{
    BucketAddress, BucketCredential, Found, Founding, Hub, Join, Passphrase, Recover, RecoveryWords, RelayAddress,
    Verified,
};
use zeroize::Zeroizing;

use crate::hall;
use crate::laptops;
use crate::line::{Command, InvitedRole, Line};

/// Why it stopped.
pub(crate) struct Stopped {
    /// What happened and what to do.
    pub(crate) sentence: String,
    /// Figures that were found all the same.
    pub(crate) figures: Option<String>,
}

impl From<HubError> for Stopped {
    fn from(error: HubError) -> Self {
        Self { sentence: error.to_string(), figures: None }
    }
}

impl From<String> for Stopped {
    fn from(sentence: String) -> Self {
        Self { sentence, figures: None }
    }
}

/// Does what the line asks, and says its figures.
///
/// # Errors
/// Why it could not.
pub(crate) fn carry_out(line: &Line) -> Result<String, Stopped> {
    let passphrase = Passphrase::of_file(&line.passphrase_file).map_err(|why| why.to_string())?;
    let (dir, ports) = (line.data.as_path(), Ports::system());
    match &line.command {
        Command::Init { council, hub, laptop } => init(
            dir,
            Found {
                council: council.clone(),
                hub: hub.clone(),
                laptop: laptop.clone().unwrap_or_default(),
                passphrase,
            },
            &ports,
        ),
        Command::Join { file, hub } => {
            Hub::join(dir, Join { file, laptop: hub.clone(), passphrase }, &ports)?;
            Ok("joined=1".to_owned())
        }
        Command::Demo { seed, people } => {
            let made = demo::make(dir, &passphrase, Demo { seed: *seed, people: *people }, &ports)?;
            Ok(format!(
                "hubs={} team={} people={} visits={} conversations={} entries={} events={} listings={}",
                made.hubs,
                made.team,
                made.people,
                made.visits,
                made.conversations,
                made.entries,
                made.events,
                made.listings
            ))
        }
        Command::Verify => verify(&Hub::verify_closed(dir, &passphrase, &ports)?),
        Command::Ask { out, by, council } => {
            let way = laptops::Way { file: out.as_deref(), by, council: council.as_deref() };
            laptops::ask(dir, &passphrase, &way, &ports)
        }
        Command::Finish { approval, by, council, hub } => {
            let way = laptops::Way { file: approval.as_deref(), by, council: council.as_deref() };
            laptops::finish(dir, &passphrase, (&way, hub.as_deref().unwrap_or_default()), &ports)
        }
        Command::Recover { sheet, folder, laptop, hub } => {
            let words = laptops::sheet(sheet)?;
            let (laptop, hub) = (laptop.clone(), hub.clone());
            laptops::recover(dir, &Recover { words: &words, folder, laptop, hub, passphrase }, &ports)
        }
        Command::Hall { seconds } => hall::stay(Hub::open(dir, &passphrase, &ports)?, *seconds),
        other => with_open(&Hub::open(dir, &passphrase, &ports)?, &passphrase, other),
    }
}

/// A line on standard output; whether there is anybody to read it.
pub(crate) fn say(text: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")?;
    out.flush()
}

/// Founds a council. Somebody who sits at a terminal types the recovery words again from the paper before anything is
/// made; a script is told how to check them afterwards.
fn init(dir: &Path, found: Found, ports: &Ports) -> Result<String, Stopped> {
    let founded = "councils=1 hubs=1 laptops=1".to_owned();
    if std::io::stdin().is_terminal() {
        let founding = Founding::begin(dir, found, ports)?;
        say(&sheet(&founding.words(), TYPE_THEM))
            .map_err(|_| "The recovery words could not be printed: nothing was founded.".to_owned())?;
        type_again("nothing was founded", |typed| founding.finish(typed, ports).map(drop))?;
        return Ok(founded);
    }
    let (_hub, words) = Hub::found(dir, found, ports)?;
    say(&sheet(&words, CHECK_THEM)).map_err(|_| {
        "The council was founded but its recovery words could not be printed; empty the data folder and begin again."
            .to_owned()
    })?;
    Ok(founded)
}

/// Has the words typed from the paper until they are right or nothing is typed. `stopped` says what became of nothing.
pub(crate) fn type_again(stopped: &str, right: impl Fn(&str) -> Result<(), HubError>) -> Result<(), Stopped> {
    loop {
        let typed = laptops::typed_sheet()?;
        if typed.trim().is_empty() {
            return Err(format!("Nothing was typed, so {stopped}: run this again for new words.").into());
        }
        match right(&typed) {
            Err(HubError::NotTheSheet) => say(
                "Those are not the words that were shown: look for a mistyped letter, and type them all again. An empty\n\
                 line alone stops.",
            )
            .map_err(|_| format!("The words were not right, so {stopped}."))?,
            done => return done.map_err(Stopped::from),
        }
    }
}

/// What somebody at a terminal does with the words.
pub(crate) const TYPE_THEM: &str = "Then type them here from the paper, and an empty line after them.";
/// What is done with them where nobody sits at one.
pub(crate) const CHECK_THEM: &str = "Check the paper now: run `hubctl check-sheet` and type them from it.";

/// What is printed to be written down, and what to do then.
pub(crate) fn sheet(words: &RecoveryWords, then: &str) -> Zeroizing<String> {
    Zeroizing::new(format!(
        "Write these recovery words down on paper, in this order, and keep them in the council's safe:\n\n{}\n\n\
         They are shown this once and are not kept on this laptop. The council's records can be rebuilt with them if\n\
         every laptop is lost; whoever else has them could read everything. {then}",
        words.as_str()
    ))
}

fn with_open(hub: &Hub, passphrase: &Passphrase, command: &Command) -> Result<String, Stopped> {
    match command {
        Command::Invite { role, out, laptop } => invite(hub, *role, out, laptop.clone()),
        Command::Council => Ok(format!("root={}", hub.council_key())),
        Command::Sync { folder, bucket, relay, certificate } => {
            let done = match (folder, bucket, relay) {
                (Some(folder), _, _) => hub.sync_with(folder)?,
                (_, Some(url), _) => sync_with_bucket(hub, url)?,
                (_, _, Some(url)) => hub.sync_with_relay(&address(url, certificate.as_deref())?)?,
                (None, None, None) => return Err(HubError::NoSyncFolder.into()),
            };
            Ok(format!(
                "sent={} received={} applied={} refused={} parked={} foreign={}",
                done.sent, done.received, done.applied, done.refused, done.parked, done.foreign
            ))
        }
        Command::Snapshot { folder, relay, certificate } => {
            let done = match (folder, relay) {
                (Some(folder), _) => hub.write_snapshots(folder)?,
                (_, Some(url)) => hub.write_snapshots_at_relay(&address(url, certificate.as_deref())?)?,
                (None, None) => return Err(HubError::NoSyncFolder.into()),
            };
            Ok(format!(
                "snapshots={} documents={} chunks={} bytes={}",
                done.snapshots, done.documents, done.chunks, done.bytes
            ))
        }
        Command::ImportDirectory { file } => {
            let told = hub.import_directory_told(file)?;
            for reason in told.reasons() {
                // The records are in by now: that nobody reads the reasons is no failure.
                let _ = say(&reason);
            }
            let done = told.imported;
            Ok(format!(
                "added={} changed={} unchanged={} skipped={}",
                done.added, done.changed, done.unchanged, done.skipped
            ))
        }
        Command::ExportCsv { outdir } => {
            let done = hub.export_csv(outdir)?;
            Ok(format!("files={} rows={}", done.files, done.rows))
        }
        Command::Rebuild => {
            // `verify` proves it, and takes as long again.
            Ok(format!("documents={}", hub.rebuild_projections()?))
        }
        other => laptops::with_open(hub, passphrase, other),
    }
}

fn sync_with_bucket(hub: &Hub, url: &str) -> Result<Exchanged, HubError> {
    let address: BucketAddress = url.parse()?;
    let credential = BucketCredential::for_address(&address, |name| std::env::var(name).ok())?;
    hub.sync_with_bucket(&address, &credential)
}

pub(crate) fn address(url: &str, certificate: Option<&Path>) -> Result<RelayAddress, Stopped> {
    let read = |path: &Path| {
        std::fs::read_to_string(path).map_err(|_| {
            "The relay's certificate cannot be read; check the file's name and that it is a PEM file.".to_owned()
        })
    };
    Ok(RelayAddress { url: url.to_owned(), certificate: certificate.map(read).transpose()? })
}

fn invite(hub: &Hub, role: InvitedRole, out: &Path, laptop: Option<String>) -> Result<String, Stopped> {
    if out.exists() {
        return Err("There is a file where the join file should go; choose another name.".to_owned().into());
    }
    let bytes = hub.invite(role_of(role), laptop)?;
    write_secret(out, &bytes).map_err(|_| {
        "The join file could not be written; check that the folder is there and that you may write to it.".to_owned()
    })?;
    Ok(format!("bytes={}", bytes.len()))
}

/// What a laptop is for, as the program has it.
pub(crate) const fn role_of(role: InvitedRole) -> Role {
    match role {
        InvitedRole::Volunteer => Role::Volunteer,
        InvitedRole::Worker => Role::Worker,
        InvitedRole::Manager => Role::Manager,
    }
}

/// Writes a file that its owner alone may read, and sees it onto the disk.
pub(crate) fn write_secret(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if written.is_err() {
        // Half a secret is of no use and still a secret.
        let _ = std::fs::remove_file(path);
    }
    written
}

fn verify(proved: &Verified) -> Result<String, Stopped> {
    let figures = format!(
        "documents={} differences={} faults={} orphans={} broken={}",
        proved.documents,
        proved.tables_differing.len(),
        proved.page_faults,
        proved.orphans,
        proved.broken_streams
    );
    if proved.page_faults + proved.orphans + proved.broken_streams > 0 {
        let sentence =
            "The records are damaged; keep this folder as it is, ask support, and share from another laptop meanwhile.";
        return Err(Stopped { sentence: sentence.to_owned(), figures: Some(figures) });
    }
    if !proved.is_whole() {
        let sentence = "What is derived from the records differs from them; run `rebuild` with the same folder, then `verify` again.";
        return Err(Stopped { sentence: sentence.to_owned(), figures: Some(figures) });
    }
    Ok(figures)
}
