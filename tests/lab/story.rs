//! One seed's story: a council, foul weather and busy people; then quiet, and what must be true.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use hub::HubError;
use hub::view::shell::Role;
use sealed_log::LaptopId;
use sync_schema::Scope;

use crate::act::{PLANTED, act};
use crate::dice::Dice;
use crate::disk::{Disks, On};
use crate::expect::Expected;
use crate::folder::Folder;
use crate::laptop::{Documents, Known, Laptop, files_below};
use crate::quiet;
use crate::relay::House;

/// What makes the second dice from a seed.
const MORE: u64 = 0x2545_f491_4f6c_dd1d;

/// What can go wrong in this story. Each seed leaves some of it out, so that what remains is held to stricter account.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Climate {
    /// Files of folders are spoiled.
    pub(crate) spoils: bool,
    /// Data folders are put back and copied.
    copies: bool,
    /// Clocks jump.
    clocks: bool,
    /// Administrators are at work: laptops are taken out and get other roles, keys are renewed, people are erased.
    office: bool,
}

/// A step of the story.
#[derive(Debug, Clone, Copy)]
enum Step {
    Act,
    Exchange,
    Clock,
    Restart,
    PlugPulled,
    CrashWhileExchanging,
    Backup,
    PutBack,
    Copy,
    FolderComesOrGoes,
    FolderFailsHalfWay,
    Weather,
    Join,
    Administer,
    AdministerAtOnce,
    DiskFills,
    RelayDies,
}

/// The council as it stands.
pub(crate) struct Story {
    pub(crate) place: PathBuf,
    seed: u64,
    pub(crate) dice: Dice,
    /// For what came later into the Lab, so that the seeds without it live as before.
    pub(crate) more: Dice,
    pub(crate) climate: Climate,
    pub(crate) laptops: Vec<Laptop>,
    pub(crate) backups: Vec<Option<PathBuf>>,
    pub(crate) folders: Vec<Folder>,
    pub(crate) expected: Expected,
    /// What each laptop held when quiet came.
    pub(crate) before: Vec<Documents>,
    /// True once a laptop was taken out, left, or lost a right.
    pub(crate) ended: bool,
    /// What happened so far, in words.
    pub(crate) told: Vec<String>,
    /// Ends before the disks do.
    pub(crate) relay: Option<House>,
    pub(crate) disks: Disks,
}

impl Story {
    /// Founds the council and lets some laptops join.
    pub(crate) fn begin(seed: u64, place: &Path) -> Result<Self> {
        let mut dice = Dice::new(seed);
        let climate = Climate {
            spoils: dice.chance(50),
            copies: dice.chance(60),
            clocks: dice.chance(50),
            office: dice.chance(60),
        };
        let disks = Disks::new(place, seed % 8 == 5);
        let folder = |n| Folder::new(&disks.place(On::Folder(n))?, n);
        let folders = (0..1 + dice.below(3)).map(folder).collect::<Result<_>>()?;
        let first = disks.place(On::Laptop(0))?.join("laptop-0");
        let first = Laptop::found(first, seed.wrapping_mul(1_000))?;
        let mut story = Self {
            place: place.to_owned(),
            seed,
            dice,
            more: Dice::new(seed ^ MORE),
            climate,
            laptops: vec![first],
            backups: vec![None],
            folders,
            expected: Expected::default(),
            before: Vec::new(),
            ended: false,
            told: Vec::new(),
            relay: None,
            disks,
        };
        if seed % 8 == 3 {
            story.relay = Some(House::new(&place.join("relay"), story.laptops[0].hub())?);
        }
        story.told.push(format!("{climate:?}, {} folders", story.folders.len()));
        for _ in 0..2 + story.dice.below(2) {
            story.join()?;
        }
        story.fill()?;
        Ok(story)
    }

    /// So that there is something to work on: the first laptop is busy, and all have met once.
    fn fill(&mut self) -> Result<()> {
        for _ in 0..16 {
            self.act(0)?;
        }
        (0..self.laptops.len()).try_for_each(|who| self.exchange_with(who, 0).map(drop))
    }

    /// All the steps.
    pub(crate) fn go_on(&mut self) -> Result<()> {
        for _ in 0..30 + self.dice.below(40) {
            self.step()?;
        }
        Ok(())
    }

    /// Everything mended, everyone exchanges until nothing moves, and then all must be well.
    pub(crate) fn end(&mut self) -> Result<()> {
        quiet::come(self)?;
        quiet::all_is_well(self)
    }

    fn step(&mut self) -> Result<()> {
        let mut steps = vec![(50, Step::Act), (32, Step::Exchange), (4, Step::Restart), (3, Step::PlugPulled)];
        steps.extend([(4, Step::FolderComesOrGoes), (1, Step::Join), (4, Step::Weather)]);
        steps.extend([(3, Step::FolderFailsHalfWay), (4, Step::CrashWhileExchanging)]);
        if self.climate.clocks {
            steps.push((4, Step::Clock));
        }
        if self.climate.copies {
            steps.extend([(4, Step::Backup), (4, Step::PutBack), (1, Step::Copy)]);
        }
        if self.climate.office {
            steps.extend([(9, Step::Administer), (3, Step::AdministerAtOnce)]);
        }
        if self.climate.spoils {
            steps.push((8, Step::Weather));
        }
        if self.disks.own {
            steps.push((8, Step::DiskFills));
        }
        if self.relay.is_some() {
            steps.push((6, Step::RelayDies));
        }
        let who = self.dice.below(self.laptops.len());
        self.laptops[who].world.advance(self.dice.between(1_000, 600_000));
        match self.dice.weighed(&steps) {
            Step::Act => self.act(who),
            Step::Exchange => self.exchange(who),
            Step::Clock => self.jump(who),
            Step::Restart => self.restart(who),
            Step::PlugPulled => self.pull_the_plug(who),
            Step::CrashWhileExchanging => self.crash_while_exchanging(who),
            Step::Backup => self.back_up(who),
            Step::PutBack => self.put_back(who),
            Step::Copy => self.copy(who),
            Step::FolderComesOrGoes => self.folder_comes_or_goes(),
            Step::FolderFailsHalfWay => self.folder_fails_half_way(),
            Step::Weather => self.weather(),
            Step::Join => self.join(),
            Step::Administer => self.administer(),
            Step::AdministerAtOnce => self.administer_at_once(),
            Step::DiskFills => self.disk_fills(who),
            Step::RelayDies => self.relay_dies(who),
        }
    }

    pub(crate) fn tell(&mut self, who: usize, what: &str) {
        let name = &self.laptops[who].name;
        self.told.push(format!("{name}: {what}"));
    }

    pub(crate) fn act(&mut self, who: usize) -> Result<()> {
        let file = self.place.join("directory.json");
        let chosen = match act(&mut self.dice, &self.laptops[who], &file) {
            // In the middle of a first sync what is shown may be on its way still.
            Err(error) if is_arriving(&error) && self.laptops[who].is_arriving()? => return Ok(()),
            Err(error) if error.downcast_ref().is_some_and(|error| self.disks.explain(who, error)) => return Ok(()),
            chosen => chosen?,
        };
        let Some(act) = chosen else { return Ok(()) };
        match act.done {
            Ok(made) => {
                self.tell(who, &act.what);
                for id in &made {
                    let there = self.laptops[who].heads(*id)?.is_some();
                    ensure!(there, "{} {}, and it is not there", self.laptops[who].name, act.what);
                }
                for id in act.touched.into_iter().chain(made) {
                    self.expected.saved((who, &self.laptops[who]), &act.what, id)?;
                }
                Ok(())
            }
            Err(HubError::NotFound | HubError::AlreadyTaken | HubError::ListingNotActive) => Ok(()),
            Err(HubError::StillArriving) if self.laptops[who].is_arriving()? => Ok(()),
            Err(error) if self.disks.explain(who, &error) => {
                self.tell(who, &format!("{}: {error}", act.what));
                Ok(())
            }
            Err(error) => bail!("{} {}: {error:?}", self.laptops[who].name, act.what),
        }
    }

    fn exchange(&mut self, who: usize) -> Result<()> {
        // Each has a folder of its own that it meets most: between them there may be one laptop alone.
        let home = who % self.folders.len();
        let folder = if self.dice.chance(70) { home } else { self.dice.below(self.folders.len()) };
        let by_wire = self.relay.is_some() && self.more.chance(45);
        self.exchange_with(who, if by_wire { self.relay_way() } else { folder }).map(drop)
    }

    /// One exchange by a way; true if anything moved.
    pub(crate) fn exchange_with(&mut self, who: usize, way: usize) -> Result<bool> {
        let known = self.laptops[who].known()?;
        let held = self.is_news_to(&known)?.then(|| self.laptops[who].documents()).transpose()?;
        let done = self.go(who, way);
        self.hears_of(who, &known, held.as_ref())?;
        match self.laptops[who].sit() {
            Err(error) if error.downcast_ref().is_some_and(|error| self.disks.explain(who, error)) => {}
            sat => sat?,
        }
        let called = self.called(way);
        match done {
            Ok(done) => {
                self.expected.shared((who, &self.laptops[who]), way)?;
                self.tell(who, &format!("exchanges with {called}: {done:?}"));
                Ok(done.sent > 0 || done.received > 0 || done.applied > 0 || done.refused > 0)
            }
            Err(error) => match self.excuse(who, way, &error)? {
                Some(told) => {
                    self.tell(who, &format!("exchanges with {called}: {told}"));
                    Ok(false)
                }
                None => bail!("{} exchanges with {called}: {error:?}", self.laptops[who].name),
            },
        }
    }

    /// Every laptop's roster together.
    pub(crate) fn truth(&self) -> Result<Known> {
        let all = self.laptops.iter().map(Laptop::known).collect::<Result<Vec<_>>>()?;
        Known::together(&all).context("there is a laptop")
    }

    /// True if an exchange might tell of laptops that may write no more.
    fn is_news_to(&self, known: &Known) -> Result<bool> {
        if !self.ended {
            return Ok(false);
        }
        let closed = known.closed();
        for laptop in &self.laptops {
            if laptop.known()?.closed().iter().any(|one| !closed.contains(one)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A laptop may have heard that others may write no more, or that it may not itself; `before` and `held` are what it
    /// knew and held until then.
    pub(crate) fn hears_of(&mut self, who: usize, before: &Known, held: Option<&Documents>) -> Result<()> {
        let laptop = &self.laptops[who];
        let now = laptop.known()?;
        if now.is(before) {
            return Ok(());
        }
        let (then, closed) = (before.closed(), now.closed());
        let ended = closed.difference(&then).copied().collect();
        self.ended |= !closed.is_empty();
        self.expected.erased(who, &now);
        let here = if held.is_none() { Some(laptop.documents()?) } else { None };
        if let Some(held) = held.or(here.as_ref()) {
            self.expected.heard(who, &ended, &now, held);
        }
        let lost = Scope::ALL
            .iter()
            .filter(|scope| before.grant(&laptop.id, **scope).is_some() && now.grant(&laptop.id, **scope).is_none());
        for scope in lost {
            self.expected.let_go_of(who, *scope);
        }
        Ok(())
    }

    /// What a laptop is called.
    pub(crate) fn name_of(&self, id: &LaptopId) -> String {
        let laptop = self.laptops.iter().find(|laptop| laptop.id == *id);
        laptop.map_or_else(|| id.to_string(), |laptop| laptop.name.clone())
    }

    fn join(&mut self) -> Result<()> {
        if self.laptops.len() > 8 {
            return Ok(());
        }
        let role = self.dice.weighed(&[(4, Role::Worker), (3, Role::Volunteer), (2, Role::Manager)]);
        let Some(by) = self.an_administrator(None)? else { return Ok(()) };
        let inviting = &self.laptops[by];
        inviting.hub().sign_in_as("Ann", Role::Manager)?;
        let invitation = self.place.join("join");
        fs::write(&invitation, inviting.hub().invite(role, None)?.as_slice())?;
        inviting.sit()?;
        let (dir, seed) = self.next()?;
        let mut laptop = Laptop::join(dir, seed, &invitation)?;
        laptop.name = format!("{}{}", laptop.name, self.laptops.len());
        fs::remove_file(&invitation)?;
        self.laptops.push(laptop);
        self.backups.push(None);
        let told = format!("joins as {role:?}, by word of {}", self.laptops[by].name);
        self.tell(self.laptops.len() - 1, &told);
        Ok(())
    }

    pub(crate) fn next(&self) -> Result<(PathBuf, u64)> {
        let number = self.laptops.len();
        let dir = self.disks.place(On::Laptop(number))?.join(format!("laptop-{number}"));
        Ok((dir, self.seed.wrapping_mul(1_000) + number as u64))
    }

    /// No file of a laptop or a folder has the planted word in it.
    pub(crate) fn nothing_plain(&self) -> Result<()> {
        let dirs = self.laptops.iter().map(|laptop| laptop.dir.as_path());
        let dirs = dirs.chain(self.relay.iter().map(|house| house.place.as_path()));
        for dir in dirs.chain(self.folders.iter().map(Folder::place)) {
            for file in files_below(dir)? {
                let bytes = fs::read(&file).with_context(|| file.display().to_string())?;
                let plain = memchr::memmem::find(&bytes, PLANTED.as_bytes());
                ensure!(plain.is_none(), "{} can be read by anyone", file.display());
            }
        }
        Ok(())
    }
}

fn is_arriving(error: &anyhow::Error) -> bool {
    error.downcast_ref() == Some(&HubError::StillArriving)
}
