//! After the weather: everything that is a fault of the world is mended, everyone exchanges, and all must be well.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Result, bail, ensure};
use hub::view::waiting::WaitingFilter;
use sync_schema::{Kind, Scope};

use crate::laptop::{Documents, Laptop, TEN, files_below};
use crate::story::Story;

/// So many rounds at most, and then nothing may move any more.
const ROUNDS: usize = 12;

/// Brings the folders back, sets the clocks, and lets everyone exchange with every folder until nothing moves.
pub(crate) fn come(story: &mut Story) -> Result<()> {
    story.told.push("quiet".to_owned());
    for folder in &mut story.folders {
        folder.set_here(true)?;
        folder.free()?;
    }
    for who in 0..story.laptops.len() {
        let laptop = &story.laptops[who];
        laptop.world.set(TEN.plus_millis(4 * 3_600_000));
        laptop.hub().hand_over()?;
        laptop.sit()?;
    }
    let mut moving = BTreeSet::new();
    for _ in 0..ROUNDS {
        let mut order: Vec<(usize, usize)> = (0..story.laptops.len())
            .flat_map(|who| (0..story.folders.len()).map(move |folder| (who, folder)))
            .collect();
        story.dice.shuffle(&mut order);
        let before = lying_in(story)?;
        let mut moved = false;
        for (who, folder) in order {
            moved |= story.exchange_with(who, folder)?;
        }
        let after = lying_in(story)?;
        if !moved && before == after {
            return Ok(());
        }
        let differ = |file: &&PathBuf| before.get(*file) != after.get(*file);
        moving = before.keys().chain(after.keys()).filter(differ).map(|file| file.display().to_string()).collect();
    }
    bail!("after {ROUNDS} rounds of exchanges something still moves: {moving:?}")
}

/// Everything that lies in the folders.
fn lying_in(story: &Story) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut lying = BTreeMap::new();
    for folder in &story.folders {
        for file in files_below(&folder.path)? {
            let bytes = std::fs::read(&file)?;
            lying.insert(file, bytes);
        }
    }
    Ok(lying)
}

/// What must be true.
pub(crate) fn all_is_well(story: &Story) -> Result<()> {
    let documents = story.laptops.iter().map(Laptop::documents).collect::<Result<Vec<_>>>()?;
    story.expected.all_there(&story.laptops, &documents)?;
    same_documents(&story.laptops, &documents)?;
    same_screens(&story.laptops)?;
    for laptop in &story.laptops {
        let verified = laptop.hub().verify()?;
        ensure!(verified.is_whole(), "{} is not whole: {verified:?}", laptop.name);
        laptop.holds_only_its_own()?;
        nothing_unexplained(story, laptop)?;
    }
    story.nothing_plain()
}

fn same_documents(laptops: &[Laptop], documents: &[Documents]) -> Result<()> {
    for scope in Scope::ALL {
        let holders: Vec<_> = laptops.iter().zip(documents).filter(|(laptop, _)| laptop.reads(scope.code())).collect();
        let of_scope = |all: &Documents| {
            let mut own = all.clone();
            own.retain(|_, document| document.scope == scope.code());
            own
        };
        let Some(((first, one), others)) = holders.split_first() else { continue };
        let one = of_scope(one);
        for (other, two) in others {
            let two = of_scope(two);
            let ids: BTreeSet<_> = one.keys().chain(two.keys()).collect();
            for id in ids {
                let (here, there) = (one.get(id), two.get(id));
                let count =
                    |document: Option<&crate::laptop::Document>| document.map(|document| document.history.len());
                ensure!(
                    here == there,
                    "{} {id}: {} has {:?} changes and {} has {:?}",
                    here.or(there).map_or("", |document| &document.kind),
                    first.name,
                    count(here),
                    other.name,
                    count(there)
                );
            }
        }
    }
    Ok(())
}

/// The screens of two laptops that may show the same say the same.
fn same_screens(laptops: &[Laptop]) -> Result<()> {
    let mut seen: Vec<(String, String, String)> = Vec::new();
    for laptop in laptops {
        let hub = laptop.hub();
        let mut shown = Vec::new();
        if laptop.writes(Scope::FrontDesk) {
            let queue = hub.queue()?;
            shown.push((
                "the queue".to_owned(),
                format!("{:?} {:?} {}", queue.waiting, queue.being_seen, queue.finished),
            ));
        }
        if laptop.writes(Scope::Casework) {
            shown.push(("the waiting list".to_owned(), format!("{:?}", hub.waiting_list(WaitingFilter::default())?)));
            shown.push(("the questions".to_owned(), format!("{:?}", hub.questions()?)));
            for id in laptop.ids(Kind::Conversation)? {
                shown.push((format!("conversation {id}"), format!("{:?}", hub.conversation(id.into())?)));
            }
            for id in laptop.ids(Kind::Person)? {
                shown.push((format!("person {id}"), format!("{:?}", hub.person(id.into())?)));
            }
        }
        for (what, says) in shown {
            match seen.iter().find(|(known, ..)| *known == what) {
                Some((_, first, said)) => {
                    ensure!(*said == says, "{what} on {first}: {said}\nand on {}: {says}", laptop.name);
                }
                None => seen.push((what, laptop.name.clone(), says)),
            }
        }
    }
    Ok(())
}

/// Nothing was refused, and nothing waits, but for what the faults explain.
fn nothing_unexplained(story: &Story, laptop: &Laptop) -> Result<()> {
    const EXPLAINED: [&str; 7] =
        ["cutShort", "tooLarge", "malformed", "foreignCouncil", "badSignature", "hashMismatch", "stranger"];
    let spoilt = story.folders.iter().any(|folder| folder.spoilt);
    let view = laptop.hub().laptop()?;
    for row in &view.refused {
        let explained = spoilt && EXPLAINED.contains(&row.reason.as_str());
        ensure!(explained, "{} refused {} for {}", laptop.name, row.count, row.reason);
    }
    ensure!(view.sync.parked == 0 || spoilt, "{}: {} wait to be opened", laptop.name, view.sync.parked);
    ensure!(view.sync.to_share == 0, "{} has {} to share", laptop.name, view.sync.to_share);
    Ok(())
}
