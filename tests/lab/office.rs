//! What an administrator does to the council: laptops taken out, retired, given another role, made administrators' or
//! keepers'; keys renewed; people erased; snapshots written. Some of it twice at once, by two who know nothing of one another.

use anyhow::{Result, bail};
use hub::HubError;
use hub::view::shell::Role;
use sealed_log::{LaptopId, Rank};
use sync_schema::{Kind, PersonId};

use crate::dice::Dice;
use crate::laptop::{Known, Laptop, passphrase};
use crate::story::Story;

/// So many laptops at most are taken out or leave in one story.
const ENDED_MOST: usize = 3;

#[derive(Debug, Clone, Copy)]
pub(crate) enum Deed {
    TakeOut,
    Retire,
    Leave,
    ChangeRole,
    MakeAdministrator,
    SetKeeper,
    RenewKeys,
    Erase,
    Snapshots,
}

const DEEDS: [(usize, Deed); 9] = [
    (3, Deed::TakeOut),
    (1, Deed::Retire),
    (1, Deed::Leave),
    (6, Deed::ChangeRole),
    (5, Deed::MakeAdministrator),
    (2, Deed::SetKeeper),
    (4, Deed::RenewKeys),
    (4, Deed::Erase),
    (3, Deed::Snapshots),
];

impl Story {
    /// An administrator does something.
    pub(crate) fn administer(&mut self) -> Result<()> {
        let Some(who) = self.an_administrator(None)? else { return Ok(()) };
        self.administer_alone(who)
    }

    pub(crate) fn administer_alone(&mut self, who: usize) -> Result<()> {
        let deed = self.dice.weighed(&DEEDS);
        self.administer_as(who, deed, None)
    }

    /// Two administrators do something, neither knowing of the other's: to one another if the dice will.
    pub(crate) fn administer_at_once(&mut self) -> Result<()> {
        let Some(one) = self.an_administrator(None)? else { return Ok(()) };
        let Some(two) = self.an_administrator(Some(one))? else { return Ok(()) };
        let (here, there) = (self.laptops[one].id, self.laptops[two].id);
        let both = self.dice.weighed(&[(4, Some(Deed::TakeOut)), (4, Some(Deed::RenewKeys)), (5, None)]);
        for (who, other) in [(one, there), (two, here)] {
            let deed = both.unwrap_or_else(|| self.dice.weighed(&DEEDS));
            let to = self.dice.chance(60).then_some(other);
            self.administer_as(who, deed, to)?;
        }
        Ok(())
    }

    /// A laptop that believes itself an administrator's, another than `but` is.
    pub(crate) fn an_administrator(&mut self, but: Option<usize>) -> Result<Option<usize>> {
        let not = but.map(|but| self.laptops[but].id);
        let mut able = Vec::new();
        for (at, laptop) in self.laptops.iter().enumerate() {
            if Some(laptop.id) != not && laptop.is_administrator()? {
                able.push(at);
            }
        }
        Ok(self.dice.pick(&able))
    }

    fn administer_as(&mut self, who: usize, deed: Deed, to: Option<LaptopId>) -> Result<()> {
        let laptop = &self.laptops[who];
        let known = laptop.known()?;
        if !laptop.is_administrator()? {
            return Ok(());
        }
        let others = known.members.live().filter(|(id, _)| **id != laptop.id);
        let others: Vec<LaptopId> = others.map(|(id, _)| *id).collect();
        let Some(other) = to.or_else(|| self.dice.pick(&others)) else { return Ok(()) };
        if matches!(deed, Deed::TakeOut | Deed::Retire | Deed::Leave) && !self.may_end_another()? {
            return Ok(());
        }
        let mut dice = Dice::new(self.dice.next());
        let laptop = &self.laptops[who];
        laptop.hub().sign_in_as("Ann", Role::Manager)?;
        let done = do_it(deed, laptop, &other, &mut dice, self)?;
        self.laptops[who].sit()?;
        let Some((what, done)) = done else { return Ok(()) };
        match done {
            Ok(()) => self.tell(who, &what),
            // Another administrator, who was made so meanwhile; somebody who has gone; someone erased already.
            Err(HubError::NotFound | HubError::LastAdministrator | HubError::NotYetHeld) => {}
            Err(HubError::NotAllowed) if is_administrator(&known, &other) => {}
            Err(error) if self.disks.explain(who, &error) => self.tell(who, &format!("{what}: {error}")),
            Err(error) => bail!("{} {what}: {error:?}", self.laptops[who].name),
        }
        self.hears_of(who, &known, None)
    }

    /// True while there are laptops enough left.
    fn may_end_another(&self) -> Result<bool> {
        let truth = self.truth()?;
        let ended = truth.members.laptops().count() - truth.members.live().count();
        Ok(ended < ENDED_MOST && truth.members.live().count() > 2)
    }
}

fn is_administrator(known: &Known, laptop: &LaptopId) -> bool {
    known.members.laptop(laptop).is_some_and(|known| known.rank == Rank::Administrator)
}

type Done = (String, Result<(), HubError>);

fn do_it(deed: Deed, laptop: &Laptop, other: &LaptopId, dice: &mut Dice, story: &Story) -> Result<Option<Done>> {
    let (hub, pass, name) = (laptop.hub(), passphrase(), other.to_string());
    let called = story.name_of(other);
    Ok(Some(match deed {
        Deed::TakeOut => (format!("takes {called} out"), hub.take_out(&name, &pass)),
        Deed::Retire => (format!("lets {called} go"), hub.retire(&name, &pass)),
        Deed::Leave => ("leaves".to_owned(), hub.retire(&laptop.id.to_string(), &pass)),
        Deed::ChangeRole => {
            let role = dice.weighed(&[(3, Role::Worker), (2, Role::Volunteer), (2, Role::Manager)]);
            (format!("makes {called} a {role:?}'s"), hub.change_role(&name, role, &pass))
        }
        Deed::MakeAdministrator => (format!("makes {called} an administrator's"), hub.make_administrator(&name, &pass)),
        Deed::SetKeeper => {
            let keeps = !laptop.known()?.members.laptop(other).is_some_and(|known| known.keeper);
            (format!("keeper of {called}: {keeps}"), hub.set_keeper(&name, keeps, &pass))
        }
        Deed::RenewKeys => ("renews the keys".to_owned(), hub.renew_keys(&pass).map(drop)),
        Deed::Erase => {
            let Some(person) = dice.pick(&laptop.ids(Kind::Person)?).map(PersonId::from) else { return Ok(None) };
            (format!("erases person {person}"), hub.erase_person(person, &pass).map(drop))
        }
        Deed::Snapshots => {
            let folder = dice.below(story.folders.len());
            let written = hub.write_snapshots(&story.folders[folder].path);
            let away = !story.folders[folder].here || story.folders[folder].is_blocked();
            let failed = matches!(written, Err(HubError::SyncFolderMissing | HubError::SyncFolderFailed));
            let written = if away && failed { Ok(()) } else { written.map(drop) };
            (format!("writes snapshots into folder {folder}"), written)
        }
    }))
}
