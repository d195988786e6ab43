//! Disks that fill up. In some seeds each laptop and each folder lies on a small disk of its own, which at times has only
//! a few blocks left: the system itself then says that there is no room, at whatever write comes first.
//!
//! The disks are file systems in memory. To have them without anybody's rights, the Lab runs in a namespace of its own.

use std::cell::RefCell;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use hub::HubError;

use crate::laptop::files_below;
use crate::story::Story;

/// Set within the namespace.
const INSIDE: &str = "TALKING_POINT_LAB_INSIDE";
/// Room enough for any story.
const AMPLE: u64 = 1 << 30;
const BLOCK: u64 = 4096;
/// A disk that fills up has fewer blocks left than this.
const LEFT_MOST: usize = 64;

/// Does the work where disks can be made: runs this test again there, unless this is it.
pub(crate) fn where_disks_are(test: &str, work: impl FnOnce()) {
    if std::env::var_os(INSIDE).is_some() {
        return work();
    }
    let ended = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount"])
        .arg(std::env::current_exe().unwrap())
        .args([test, "--exact", "--nocapture", "--quiet"])
        .env(INSIDE, "1")
        .status();
    assert!(
        ended.expect("`unshare` is of util-linux, which every Debian has").success(),
        "{test} failed, as told above"
    );
}

/// What lies on a disk of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum On {
    Laptop(usize),
    Folder(usize),
}

/// The disks of one story.
pub(crate) struct Disks {
    place: PathBuf,
    /// True if each laptop and folder has one.
    pub(crate) own: bool,
    made: RefCell<Vec<PathBuf>>,
    full: Option<On>,
}

impl Disks {
    pub(crate) fn new(place: &Path, own: bool) -> Self {
        Self { place: place.to_owned(), own, made: RefCell::default(), full: None }
    }

    /// A place for a laptop or a folder.
    pub(crate) fn place(&self, on: On) -> Result<PathBuf> {
        let disk = self.disk(on);
        if self.own && !disk.exists() {
            std::fs::create_dir(&disk)?;
            run(Command::new("mount").args(["-t", "tmpfs", "-o", &format!("size={AMPLE}"), "lab"]).arg(&disk))?;
            self.made.borrow_mut().push(disk.clone());
        }
        Ok(disk)
    }

    fn disk(&self, on: On) -> PathBuf {
        match on {
            _ if !self.own => self.place.clone(),
            On::Laptop(number) => self.place.join(format!("disk-{number}")),
            On::Folder(number) => self.place.join(format!("shared-disk-{number}")),
        }
    }

    fn fill(&mut self, on: On, left: u64) -> Result<()> {
        let files = files_below(&self.disk(on))?;
        let used: u64 = files.iter().map(|file| Ok(file.metadata()?.blocks() * 512)).sum::<Result<u64>>()?;
        self.full = Some(on);
        // A size of nothing would be no limit.
        self.set_size(on, (used + left * BLOCK).max(BLOCK))
    }

    fn free(&mut self, on: On) -> Result<()> {
        self.full = None;
        self.set_size(on, AMPLE)
    }

    fn set_size(&self, on: On, size: u64) -> Result<()> {
        run(Command::new("mount").args(["-o", &format!("remount,size={size}")]).arg(self.disk(on)))
    }

    pub(crate) fn is_full(&self, on: On) -> bool {
        self.full == Some(on)
    }

    /// True if a laptop says that its disk is full, and it is.
    pub(crate) fn explain(&self, who: usize, error: &HubError) -> bool {
        self.is_full(On::Laptop(who)) && *error == HubError::DiskFull
    }
}

impl Drop for Disks {
    fn drop(&mut self) {
        for disk in self.made.take() {
            let _ = run(Command::new("umount").arg("--lazy").arg(disk));
        }
    }
}

fn run(command: &mut Command) -> Result<()> {
    let done = command.output().with_context(|| format!("{command:?}"))?;
    ensure!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    Ok(())
}

impl Story {
    /// A laptop's disk or a folder's is nearly full for a while, in which people go on working; then there is room again.
    pub(crate) fn disk_fills(&mut self, who: usize) -> Result<()> {
        let folder = self.more.below(self.folders.len());
        let on = if self.more.chance(65) { On::Laptop(who) } else { On::Folder(folder) };
        let left = self.more.below(LEFT_MOST).min(self.more.below(LEFT_MOST));
        self.told.push(format!("{on:?}: its disk has {left} blocks left"));
        self.disks.fill(on, left as u64)?;
        for _ in 0..2 + self.more.below(8) {
            match on {
                On::Laptop(who) => self.works_on_a_full_disk(who)?,
                On::Folder(at) => {
                    let who = self.more.below(self.laptops.len());
                    self.exchange_with(who, at)?;
                }
            }
        }
        self.disks.free(on)?;
        self.told.push(format!("{on:?}: its disk has room again"));
        if matches!(on, On::Laptop(_)) {
            let laptop = &self.laptops[who];
            laptop.sit().context("with room again")?;
            let verified = laptop.hub().verify()?;
            ensure!(verified.is_whole(), "{} is not whole after its disk was full: {verified:?}", laptop.name);
        }
        Ok(())
    }

    fn works_on_a_full_disk(&mut self, who: usize) -> Result<()> {
        let folder = self.more.below(self.folders.len());
        match self.more.below(10) {
            0 => self.opens_on_a_full_disk(who),
            1..=3 => self.exchange_with(who, folder).map(drop),
            4 => self.administers_on_a_full_disk(who),
            _ => self.act(who),
        }
    }

    fn administers_on_a_full_disk(&mut self, who: usize) -> Result<()> {
        let known = self.laptops[who].known()?;
        match self.administer_alone(who) {
            Err(error) if error.downcast_ref().is_some_and(|error| self.disks.explain(who, error)) => {
                self.tell(who, &format!("administers: {error}"));
                self.hears_of(who, &known, None)
            }
            done => done,
        }
    }

    fn opens_on_a_full_disk(&mut self, who: usize) -> Result<()> {
        self.tell(who, "closes and opens");
        self.laptops[who].stop();
        match self.laptops[who].start() {
            Ok(()) => Ok(()),
            Err(error) if error.downcast_ref() == Some(&HubError::DiskFull) => {
                self.disks.free(On::Laptop(who))?;
                self.tell(who, "could not be opened; room is made");
                self.laptops[who].start()?;
                self.disks.fill(On::Laptop(who), 0)
            }
            Err(error) => Err(error.context("opened on a full disk")),
        }
    }
}
