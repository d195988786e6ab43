//! Who may do and see what: a person's role, and what their laptop holds. Asked before anything is read.
//!
//! One table, [`rule`]; nothing else in the program decides this. It knows of no document and no row.

use std::collections::BTreeSet;

use sync_schema::Scope;

use crate::error::HubError;
use crate::view::shell::{Place, Role};

/// A scope this laptop was granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// Which.
    pub scope: Scope,
    /// True when it may write there as well as read.
    pub write: bool,
}

/// Everything someone can do or look at, as far as permission tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ask {
    /// See the frame and this laptop's page.
    SeeLaptop,
    /// See the queue.
    SeeQueue,
    /// See the board: tickets only.
    SeeBoard,
    /// Check someone in, keep the door's draft, note what happens in the queue, correct a visit's needs.
    KeepDoor,
    /// See the worker's day.
    SeeToday,
    /// See a conversation and its notes.
    SeeConversation,
    /// Begin, write, agree, signpost, finish.
    HoldConversation,
    /// See people: search, a page, who a visitor may be, questions.
    SeePeople,
    /// Change what is known of a person, answer a question.
    ChangePerson,
    /// See the directory.
    SeeDirectory,
    /// See who waits, without names.
    SeeWaitingList,
    /// See the names of those who wait.
    SeeWaitingNames,
    /// Add to a list, re-band, keep in touch, close.
    KeepWaitingList,
    /// See charts.
    SeeTrends,
    /// Import the directory.
    KeepDirectory,
    /// Add a person to the team's register, or invite a laptop.
    KeepTeam,
    /// Take laptops out, make administrators, renew keys, erase.
    KeepLaptops,
    /// Share through a folder, and set which.
    Share,
}

impl Ask {
    /// All of them.
    pub const ALL: [Self; 18] = [
        Self::SeeLaptop,
        Self::SeeQueue,
        Self::SeeBoard,
        Self::KeepDoor,
        Self::SeeToday,
        Self::SeeConversation,
        Self::HoldConversation,
        Self::SeePeople,
        Self::ChangePerson,
        Self::SeeDirectory,
        Self::SeeWaitingList,
        Self::SeeWaitingNames,
        Self::KeepWaitingList,
        Self::SeeTrends,
        Self::KeepDirectory,
        Self::KeepTeam,
        Self::KeepLaptops,
        Self::Share,
    ];
}

/// Whose it is, and what the laptop must hold for it.
struct Rule {
    roles: &'static [Role],
    reads: &'static [Scope],
    writes: &'static [Scope],
}

/// The table.
const fn rule(ask: Ask) -> Rule {
    use Role::{Manager, Volunteer, Worker};
    use Scope::{Casework, Directory, FrontDesk, Team, WaitingList};
    const ANYONE: &[Role] = &[Volunteer, Worker, Manager];
    const AT_THE_HUB: &[Role] = &[Volunteer, Worker];
    const WORKER: &[Role] = &[Worker];
    const OF_LISTS: &[Role] = &[Worker, Manager];
    const fn of(roles: &'static [Role], reads: &'static [Scope], writes: &'static [Scope]) -> Rule {
        Rule { roles, reads, writes }
    }
    match ask {
        Ask::SeeLaptop | Ask::Share => of(ANYONE, &[], &[]),
        Ask::SeeQueue | Ask::SeeBoard => of(AT_THE_HUB, &[FrontDesk], &[]),
        Ask::KeepDoor => of(AT_THE_HUB, &[FrontDesk], &[FrontDesk]),
        Ask::SeeToday => of(WORKER, &[FrontDesk, Casework], &[]),
        Ask::SeeConversation | Ask::SeePeople => of(WORKER, &[Casework], &[]),
        Ask::HoldConversation | Ask::ChangePerson => of(WORKER, &[Casework], &[Casework]),
        Ask::SeeDirectory => of(ANYONE, &[Directory], &[]),
        Ask::SeeWaitingList => of(OF_LISTS, &[WaitingList], &[]),
        Ask::SeeWaitingNames => of(OF_LISTS, &[WaitingList, Casework], &[]),
        Ask::KeepWaitingList => of(WORKER, &[WaitingList, Casework], &[WaitingList]),
        Ask::SeeTrends => of(OF_LISTS, &[WaitingList], &[]),
        Ask::KeepDirectory => of(OF_LISTS, &[Directory], &[Directory]),
        Ask::KeepTeam | Ask::KeepLaptops => of(OF_LISTS, &[Team], &[Team]),
    }
}

/// Whether someone in this role may, on a laptop with these grants.
#[must_use]
pub fn may(role: Role, grants: &[Grant], ask: Ask) -> bool {
    let rule = rule(ask);
    rule.roles.contains(&role) && laptop_may(grants, ask)
}

/// Whether a laptop with these grants may at all, whoever is signed in.
#[must_use]
pub fn laptop_may(grants: &[Grant], ask: Ask) -> bool {
    let rule = rule(ask);
    let reads = |scope: &Scope| grants.iter().any(|grant| grant.scope == *scope);
    let writes = |scope: &Scope| grants.iter().any(|grant| grant.scope == *scope && grant.write);
    rule.reads.iter().all(reads) && rule.writes.iter().all(writes)
}

/// As [`may`], as an answer to pass on.
///
/// # Errors
/// [`HubError::NotAllowed`].
pub fn allow(role: Role, grants: &[Grant], ask: Ask) -> Result<(), HubError> {
    if may(role, grants, ask) { Ok(()) } else { Err(HubError::NotAllowed) }
}

/// What a laptop invited for a role is granted.
#[must_use]
pub fn grants_of(role: Role) -> Vec<Grant> {
    let (write, read): (&[Scope], &[Scope]) = match role {
        Role::Volunteer => (&[Scope::FrontDesk], &[Scope::Directory, Scope::Team]),
        Role::Worker => (
            &[Scope::FrontDesk, Scope::Casework, Scope::WaitingList, Scope::Directory, Scope::Community],
            &[Scope::Team],
        ),
        Role::Manager => (&[], &[Scope::WaitingList, Scope::Directory, Scope::Team]),
    };
    let grant = |write| move |scope: &Scope| Grant { scope: *scope, write };
    write.iter().map(grant(true)).chain(read.iter().map(grant(false))).collect()
}

/// What the founding laptop, an administrator's, is granted: everything.
#[must_use]
pub fn grants_of_the_first() -> Vec<Grant> {
    [Scope::FrontDesk, Scope::Casework, Scope::WaitingList, Scope::Directory, Scope::Team, Scope::Community]
        .map(|scope| Grant { scope, write: true })
        .to_vec()
}

/// The role that a laptop with these grants is for; none on an administrator's, which is for any.
#[must_use]
pub fn role_of(grants: &[Grant]) -> Option<Role> {
    let of = |grants: &[Grant]| grants.iter().map(|grant| (grant.scope, grant.write)).collect::<BTreeSet<_>>();
    [Role::Volunteer, Role::Worker, Role::Manager].into_iter().find(|role| of(&grants_of(*role)) == of(grants))
}

/// Whether someone in this role can do their work on a laptop with these grants: their first screen opens.
#[must_use]
pub fn can_work(role: Role, grants: &[Grant]) -> bool {
    let asks: &[Ask] = match role {
        Role::Volunteer => &[Ask::SeeQueue],
        Role::Worker => &[Ask::SeeToday, Ask::SeeConversation],
        Role::Manager => &[Ask::SeeWaitingList, Ask::SeeTrends],
    };
    asks.iter().all(|ask| may(role, grants, *ask))
}

/// The places in the rail, in order, for a role on a laptop with these grants.
#[must_use]
pub fn places(role: Role, grants: &[Grant]) -> Vec<Place> {
    let row: &[(Place, Ask)] = match role {
        Role::Volunteer => {
            &[(Place::Door, Ask::SeeQueue), (Place::Directory, Ask::SeeDirectory), (Place::Laptop, Ask::SeeLaptop)]
        }
        Role::Worker => &[
            (Place::Door, Ask::SeeQueue),
            (Place::Today, Ask::SeeToday),
            (Place::People, Ask::SeePeople),
            (Place::Directory, Ask::SeeDirectory),
            (Place::Waiting, Ask::SeeWaitingList),
            (Place::Questions, Ask::SeePeople),
            (Place::Laptop, Ask::SeeLaptop),
        ],
        Role::Manager => &[
            (Place::Waiting, Ask::SeeWaitingList),
            (Place::Trends, Ask::SeeTrends),
            (Place::Directory, Ask::SeeDirectory),
            (Place::Laptop, Ask::SeeLaptop),
        ],
    };
    row.iter().filter(|(_, ask)| may(role, grants, *ask)).map(|(place, _)| *place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLES: [Role; 3] = [Role::Volunteer, Role::Worker, Role::Manager];

    /// The same table written out by hand: role, on which laptop, and everything allowed there.
    fn expected(role: Role, laptop: Option<Role>) -> Vec<Ask> {
        use Ask::*;
        let on_any = [SeeLaptop, SeeDirectory, Share];
        let door = [SeeQueue, SeeBoard, KeepDoor];
        let casework = [SeeToday, SeeConversation, HoldConversation, SeePeople, ChangePerson];
        let mut asks = on_any.to_vec();
        match (role, laptop) {
            (Role::Volunteer, Some(Role::Volunteer | Role::Worker) | None) => asks.extend(door),
            (Role::Volunteer, Some(Role::Manager)) => {}
            (Role::Worker, Some(Role::Volunteer)) => asks.extend(door),
            (Role::Worker, Some(Role::Worker) | None) => {
                asks.extend(door);
                asks.extend(casework);
                asks.extend([SeeWaitingList, SeeWaitingNames, KeepWaitingList, SeeTrends]);
            }
            (Role::Worker, Some(Role::Manager)) => asks.extend([SeeWaitingList, SeeTrends]),
            (Role::Manager, Some(Role::Volunteer)) => {}
            (Role::Manager, Some(Role::Worker) | None) => asks.extend([SeeWaitingList, SeeWaitingNames, SeeTrends]),
            (Role::Manager, Some(Role::Manager)) => asks.extend([SeeWaitingList, SeeTrends]),
        }
        if role != Role::Volunteer && matches!(laptop, None | Some(Role::Worker)) {
            asks.push(KeepDirectory);
        }
        if role != Role::Volunteer && laptop.is_none() {
            asks.push(KeepTeam);
            asks.push(KeepLaptops);
        }
        asks.sort();
        asks
    }

    #[test]
    fn every_action_and_view_by_role_and_laptop() {
        for role in ROLES {
            for laptop in [Some(Role::Volunteer), Some(Role::Worker), Some(Role::Manager), None] {
                let grants = laptop.map_or_else(grants_of_the_first, grants_of);
                let allowed: Vec<Ask> = Ask::ALL.into_iter().filter(|ask| may(role, &grants, *ask)).collect();
                assert_eq!(allowed, expected(role, laptop), "{role:?} on the laptop of {laptop:?}");
            }
        }
    }

    #[test]
    fn a_laptop_without_grants_shows_only_itself() {
        for role in ROLES {
            let allowed: Vec<Ask> = Ask::ALL.into_iter().filter(|ask| may(role, &[], *ask)).collect();
            assert_eq!(allowed, [Ask::SeeLaptop, Ask::Share]);
            assert_eq!(places(role, &[]), [Place::Laptop]);
        }
    }

    #[test]
    fn the_rail_by_role() {
        let all = grants_of_the_first();
        assert_eq!(places(Role::Volunteer, &all), [Place::Door, Place::Directory, Place::Laptop]);
        assert_eq!(
            places(Role::Worker, &all),
            [
                Place::Door,
                Place::Today,
                Place::People,
                Place::Directory,
                Place::Waiting,
                Place::Questions,
                Place::Laptop
            ]
        );
        assert_eq!(places(Role::Manager, &all), [Place::Waiting, Place::Trends, Place::Directory, Place::Laptop]);
        assert_eq!(places(Role::Worker, &grants_of(Role::Volunteer)), [Place::Door, Place::Directory, Place::Laptop]);
    }

    #[test]
    fn who_can_work_where() {
        let can =
            |laptop: Role| ROLES.into_iter().filter(|role| can_work(*role, &grants_of(laptop))).collect::<Vec<_>>();
        assert_eq!(can(Role::Volunteer), [Role::Volunteer]);
        assert_eq!(can(Role::Worker), ROLES);
        assert_eq!(can(Role::Manager), [Role::Manager]);
    }
}
