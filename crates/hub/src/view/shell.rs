//! The frame round every screen: where we are, who is signed in, what this role may open, and the sync state.

use serde::{Deserialize, Serialize};
use sync_schema::{CalendarDate, HubId, Instant, TeamMemberId};

use crate::error::HubError;
use crate::hub::Hub;
use crate::policy::{self, Ask};
use crate::store::query::{conversations, door, people, register};

/// What someone does here; it decides what they may do and see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// Meets and greets at the door.
    Volunteer,
    /// Sits down and talks with people.
    Worker,
    /// Sees lists and trends.
    Manager,
}

impl Role {
    /// Its code, as documents and the command line have it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Volunteer => "volunteer",
            Self::Worker => "worker",
            Self::Manager => "manager",
        }
    }

    /// From its code; `None` for one of a newer version.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Volunteer, Self::Worker, Self::Manager].into_iter().find(|role| role.code() == code)
    }
}

/// How far this data folder has got towards being usable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", content = "data", rename_all = "camelCase")]
pub enum Start {
    /// No records here yet: join a council with a join file.
    New,
    /// No records here yet, and this laptop has asked to be taken in: its passphrase shows the code again.
    Asking,
    /// Records are here, under their passphrase.
    #[serde(rename_all = "camelCase")]
    Locked {
        /// Seconds until another passphrase may be tried; 0 when one may be tried now.
        wait_seconds: u32,
        /// How many passphrases were tried in vain since the last that opened.
        failed_attempts: u32,
    },
    /// This laptop belongs to its council no more: it shares nothing and shows nothing.
    Gone(Gone),
    /// Open, but the clock is before the newest event known, or 60 days past it: ask whether the date is right.
    AskDate(AskDate),
    /// Open; nobody has said who they are.
    SignIn(SignIn),
    /// Open, with someone signed in.
    Open(Box<Shell>),
}

/// A laptop that belongs to its council no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Gone {
    /// The council's name, as it was told when the laptop joined.
    pub council: String,
    /// This laptop's name.
    pub laptop: String,
    /// True if it left in good order; false if it was taken out.
    pub left: bool,
}

/// A laptop that has asked to be taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Asked {
    /// The code to read to the administrator, in three groups of four.
    pub code: String,
    /// Until when it may be answered.
    pub until: Instant,
    /// True when it may be answered no more.
    pub old: bool,
    /// Where the request was saved, if it was.
    pub saved: Option<String>,
    /// Where the approval will lie then.
    pub approval: Option<String>,
}

/// A clock that may be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct AskDate {
    /// What the clock says now.
    pub clock: Instant,
    /// When the newest thing known here happened, by the clock of the laptop that wrote it down.
    pub newest: Instant,
}

/// Who may sign in on this laptop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct SignIn {
    /// The council's name.
    pub council: String,
    /// This laptop's name.
    pub laptop: String,
    /// People of the council who can work on this laptop, by name.
    pub members: Vec<Me>,
    /// The roles that someone not on the list can take here.
    pub roles: Vec<Role>,
}

/// The signed-in person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Me {
    /// Their id in the team's register, or one made for this sign-in.
    pub id: TeamMemberId,
    /// As they are called at the hub.
    pub name: String,
    /// What they do.
    pub role: Role,
}

/// A screen in the left rail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Place {
    /// Check-in and the queue.
    Door,
    /// The worker's day: who is next, whom I am with.
    Today,
    /// People.
    People,
    /// The directory of services.
    Directory,
    /// Waiting lists.
    Waiting,
    /// Charts.
    Trends,
    /// Things two laptops disagree on.
    Questions,
    /// This laptop: sharing, safety.
    Laptop,
}

/// A place with its badge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct RailPlace {
    /// The screen.
    pub place: Place,
    /// People or things that wait there, if the screen counts any.
    pub count: Option<u32>,
}

/// The frame.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Shell {
    /// The council's name.
    pub council: String,
    /// The hub this laptop works at.
    pub hub: HubRow,
    /// Today, where the hub is.
    pub today: CalendarDate,
    /// When today's session closes, `HH:MM`, if the hub opens today.
    pub open_until: Option<String>,
    /// Who is signed in.
    pub me: Me,
    /// The places this person has on this laptop, in order.
    pub places: Vec<RailPlace>,
    /// What is saved, shared and held.
    pub sync: SyncState,
}

/// A hub's id and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct HubRow {
    /// Its id.
    pub id: HubId,
    /// Its name.
    pub name: String,
}

/// What the bottom line says in words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct SyncState {
    /// Records saved here that no carrier has yet.
    pub to_share: u32,
    /// Records shared that no other laptop has confirmed yet.
    pub to_be_held: u32,
    /// The last time something was shared or fetched.
    pub last_shared: Option<LastShared>,
    /// True when a folder to share through is set.
    pub folder_set: bool,
    /// What stopped the last try, if it failed: a problem code for the catalogue.
    pub trouble: Option<String>,
    /// Records that cannot be opened yet and wait here.
    pub parked: u32,
    /// Records refused since this laptop joined.
    pub refused: u32,
    /// How far the first sync has got, while it is under way.
    pub arriving: Option<Arriving>,
    /// Who is about in the hall; none when this laptop's network cannot be used for it.
    pub hall: Option<InHall>,
}

/// The laptops of the council that are in the same hall.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct InHall {
    /// Names of those that are live with this one.
    pub with: Vec<String>,
    /// How many make themselves known and cannot be reached, because the network keeps its guests apart.
    pub out_of_reach: u32,
}

/// A first sync under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct Arriving {
    /// Records that can be seen and found.
    pub shown: u32,
    /// Records that are here whole, and can be changed.
    pub come: u32,
    /// Records in all.
    pub of: u32,
}

/// The last exchange.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub struct LastShared {
    /// When, by this laptop's clock.
    pub at: Instant,
    /// Whole minutes since then.
    pub minutes_ago: u32,
    /// Names of the laptops whose news came with it, newest first.
    pub with: Vec<String>,
}

impl Hub {
    /// The frame.
    ///
    /// # Errors
    /// [`HubError::NotSignedIn`]; the store's own.
    pub fn shell(&self) -> Result<Shell, HubError> {
        let me = self.asked(Ask::SeeLaptop)?;
        let today = self.day();
        let weekday = crate::day::weekday(today.naive());
        let home = self.standing.home;
        let places = policy::places(me.role, &self.grants()).into_iter();
        let places = places.map(|place| Ok(RailPlace { place, count: self.count_at(place, &me)? }));
        Ok(Shell {
            council: self.council_name()?,
            hub: HubRow { id: home, name: self.home_name()? },
            today,
            open_until: self.store.read(|rows| register::closes(rows, home, weekday))?,
            places: places.collect::<Result<_, HubError>>()?,
            me,
            sync: self.sync_state()?,
        })
    }

    /// The council's name.
    pub(crate) fn council_name(&self) -> Result<String, HubError> {
        Ok(self.store.read(register::council_name)?.unwrap_or_else(|| self.standing.council.clone()))
    }

    /// The name of the hub this laptop works at.
    pub(crate) fn home_name(&self) -> Result<String, HubError> {
        let name = self.store.read(|rows| register::hub_name(rows, self.standing.home))?;
        Ok(name.unwrap_or_else(|| self.standing.home_name.clone()))
    }

    /// What waits at a place, if it counts anything: people at the door, my open conversations, questions.
    fn count_at(&self, place: Place, me: &Me) -> Result<Option<u32>, HubError> {
        let at = self.hub_day();
        self.store.read(|rows| match place {
            Place::Door => door::count_waiting(rows, at).map(Some),
            Place::Today => conversations::count_open_of(rows, me.id).map(Some),
            Place::Questions => people::count_questions(rows).map(Some),
            Place::People | Place::Directory | Place::Waiting | Place::Trends | Place::Laptop => Ok(None),
        })
    }
}
