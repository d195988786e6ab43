//! After the weather: everything that is a fault of the world is mended, everyone exchanges, and all must be well.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Result, bail, ensure};
use hub::view::person::PersonView;
use hub::view::waiting::WaitingFilter;
use sync_schema::{Kind, Scope};

use crate::gone;
use crate::laptop::{Documents, Known, Laptop, TEN, files_below};
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
    if let Some(relay) = &mut story.relay {
        relay.start()?;
    }
    for who in 0..story.laptops.len() {
        let laptop = &story.laptops[who];
        laptop.world.set(TEN.plus_millis(4 * 3_600_000));
        laptop.hub().hand_over()?;
        laptop.sit()?;
    }
    story.before = story.laptops.iter().map(Laptop::documents).collect::<Result<_>>()?;
    let mut moving = BTreeSet::new();
    for _ in 0..ROUNDS {
        let mut order: Vec<(usize, usize)> =
            (0..story.laptops.len()).flat_map(|who| (0..story.ways()).map(move |way| (who, way))).collect();
        story.dice.shuffle(&mut order);
        let before = lying_in(story)?;
        let mut moved = false;
        for (who, way) in order {
            moved |= story.exchange_with(who, way)?;
        }
        let after = lying_in(story)?;
        if !moved && before == after {
            return Ok(());
        }
        let differ = |file: &&PathBuf| before.get(*file) != after.get(*file);
        moving = before.keys().chain(after.keys()).filter(differ).map(|file| file.display().to_string()).collect();
    }
    let asked: Vec<_> = story.laptops.iter().map(|laptop| (&laptop.name, laptop.asks())).collect();
    bail!("after {ROUNDS} rounds of exchanges something still moves: {moving:?}; asked for: {asked:?}")
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
    let truth = story.truth()?;
    let documents = story.laptops.iter().map(Laptop::documents).collect::<Result<Vec<_>>>()?;
    all_know(story, &truth)?;
    story.expected.all_there((&truth, &story.laptops), &story.before, &documents)?;
    let live = |laptop: &&Laptop| truth.members.is_live(&laptop.id);
    let standing: Vec<(&Laptop, &Documents)> =
        story.laptops.iter().zip(&documents).filter(|(laptop, _)| live(laptop)).collect();
    same_documents(&standing)?;
    same_screens(&standing)?;
    for laptop in &story.laptops {
        // Taken out in the middle of its first sync, a laptop never ends it.
        if live(&laptop) || !laptop.is_arriving()? {
            let verified = laptop.hub().verify()?;
            ensure!(verified.is_whole(), "{} is not whole: {verified:?}", laptop.name);
        }
        if live(&laptop) {
            laptop.holds_only_its_own()?;
            nothing_unexplained(story, &truth, laptop)?;
        } else {
            ensure!(laptop.hub().queue().is_err(), "{} is out, and shows its queue", laptop.name);
        }
        opens_nothing_new(&truth, laptop)?;
    }
    gone::from_laptops(&truth, &standing)?;
    gone::from_folders(story, &truth, &standing)?;
    story.nothing_plain()
}

/// Whoever belongs to the council knows all of its roster, and whoever does not knows that.
fn all_know(story: &Story, truth: &Known) -> Result<()> {
    for laptop in &story.laptops {
        let (live, known) = (truth.members.is_live(&laptop.id), laptop.known()?);
        ensure!(known.members.is_live(&laptop.id) == live, "{} does not know that it is live: {live}", laptop.name);
        ensure!(!live || known.is(truth), "{} does not know all of the roster", laptop.name);
    }
    Ok(())
}

/// Under the key that seals now nothing can be opened by whoever may not read the scope.
fn opens_nothing_new(truth: &Known, laptop: &Laptop) -> Result<()> {
    let keyring = laptop.keyring()?;
    for scope in Scope::ALL.iter().filter(|scope| truth.grant(&laptop.id, **scope).is_none()) {
        let id = truth.scope(scope.code());
        let has = truth.members.sealing_epoch(&id).is_some_and(|epoch| keyring.get(&id, &epoch).is_some());
        ensure!(!has, "{} has the key that seals {}", laptop.name, scope.code());
    }
    Ok(())
}

fn same_documents(standing: &[(&Laptop, &Documents)]) -> Result<()> {
    for scope in Scope::ALL {
        let mut holders = Vec::new();
        for (laptop, documents) in standing {
            if laptop.reads(scope.code())? {
                holders.push((*laptop, *documents));
            }
        }
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
fn same_screens(standing: &[(&Laptop, &Documents)]) -> Result<()> {
    let mut seen: Vec<(String, String, String)> = Vec::new();
    for (laptop, _) in standing {
        let hub = laptop.hub();
        let mut shown = Vec::new();
        if laptop.writes(Scope::FrontDesk)? {
            let queue = hub.queue()?;
            shown.push((
                "the queue".to_owned(),
                format!("{:?} {:?} {}", queue.waiting, queue.being_seen, queue.finished),
            ));
        }
        if laptop.writes(Scope::Casework)? {
            shown.push(("the waiting list".to_owned(), format!("{:?}", hub.waiting_list(WaitingFilter::default())?)));
            shown.push(("the questions".to_owned(), format!("{:?}", hub.questions()?)));
            for id in laptop.ids(Kind::Conversation)? {
                shown.push((format!("conversation {id}"), format!("{:?}", hub.conversation(id.into()))));
            }
            for id in laptop.ids(Kind::Person)? {
                // Who may erase them is the laptop's own.
                let person = hub.person(id.into()).map(|view| PersonView { may_erase: false, ..view });
                shown.push((format!("person {id}"), format!("{person:?}")));
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
fn nothing_unexplained(story: &Story, truth: &Known, laptop: &Laptop) -> Result<()> {
    const EXPLAINED: [&str; 7] =
        ["cutShort", "tooLarge", "malformed", "foreignCouncil", "badSignature", "hashMismatch", "stranger"];
    /// Of laptops that were taken out, lost a scope, or whom nobody who stands took in.
    const OF_THE_GONE: [&str; 3] = ["revoked", "wrongScope", "stranger"];
    let spoilt = story.folders.iter().any(|folder| folder.spoilt);
    let view = laptop.hub().laptop()?;
    for row in &view.refused {
        let reason = row.reason.as_str();
        let explained = (spoilt && EXPLAINED.contains(&reason)) || (story.ended && OF_THE_GONE.contains(&reason));
        ensure!(explained, "{} refused {} for {}", laptop.name, row.count, row.reason);
    }
    // What a laptop wrote whom nobody who stands took in waits for somebody to vouch for it.
    let strangers = story.laptops.iter().any(|laptop| truth.members.laptop(&laptop.id).is_none());
    ensure!(view.sync.parked == 0 || spoilt || strangers, "{}: {} wait", laptop.name, view.sync.parked);
    ensure!(view.sync.to_share == 0, "{} has {} to share", laptop.name, view.sync.to_share);
    Ok(())
}
