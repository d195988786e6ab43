//! The invented council: its hubs, when they opened, when they are open, and the people who use the app.

use chrono::{Datelike, Days, NaiveDate, NaiveTime, Timelike};

/// The council's name.
pub(super) const COUNCIL: &str = "Aberwen Council";
/// The hub that the demo's laptop works at.
pub(super) const FIRST_HUB: &str = "Green Lane Library";
/// The demo's laptop.
pub(super) const FIRST_LAPTOP: &str = "Green Lane 1";
/// The laptop that a second value in question came from.
pub(super) const SECOND_LAPTOP: &str = "Green Lane 2";
/// The letters on the two laptops' tickets.
pub(super) const FIRST_LETTER: char = 'A';
pub(super) const SECOND_LETTER: char = 'B';

/// A hub as the demo has it.
#[derive(Debug, Clone)]
pub(super) struct HubPlan {
    pub(super) name: &'static str,
    pub(super) locality: &'static str,
    pub(super) opened: NaiveDate,
    /// Weekday (1 is Monday) and hours.
    pub(super) sessions: Vec<(u8, String)>,
    /// How busy one session is beside the others'.
    pub(super) busy: u32,
}

/// Someone who uses the app: name, role, and the hub they are mostly at.
pub(super) const TEAM: &[(&str, Role, usize)] = &[
    ("Joan", Role::Volunteer, 0),
    ("Rhian", Role::Worker, 0),
    ("Derek", Role::Manager, 0),
    ("Priya", Role::Worker, 0),
    ("Gwilym", Role::Volunteer, 1),
    ("Hodan", Role::Worker, 1),
    ("Małgorzata", Role::Worker, 2),
    ("Ken", Role::Volunteer, 2),
];

pub(super) use crate::view::shell::Role;

/// The hubs, the newest first: it is the one the demo's laptop works at.
///
/// Green Lane is open every day of the week, so that a demo has a session whatever day it is, and today until well
/// after `now`.
pub(super) fn hubs(today: NaiveDate, now: NaiveTime) -> Vec<HubPlan> {
    let before = |days: u64| today.checked_sub_days(Days::new(days)).unwrap_or(today);
    let today_number = u8::try_from(today.weekday().number_from_monday()).unwrap_or(1);
    let daily = (1..=7)
        .map(|day| (day, if day == today_number { hours_today(now) } else { "09:30-13:00".to_owned() }))
        .collect();
    let on = |days: &[u8], hours: &str| days.iter().map(|d| (*d, hours.to_owned())).collect();
    vec![
        HubPlan { name: FIRST_HUB, locality: "Aberwen North", opened: before(174), sessions: daily, busy: 10 },
        HubPlan {
            name: "Station Road",
            locality: "Aberwen South",
            opened: before(412),
            sessions: on(&[1, 3, 5], "10:00-14:00"),
            busy: 9,
        },
        HubPlan {
            name: "St Mary's Hall",
            locality: "Penybryn",
            opened: before(724),
            sessions: on(&[2, 4], "10:00-13:00"),
            busy: 9,
        },
    ]
}

/// Hours that `now` falls well into.
fn hours_today(now: NaiveTime) -> String {
    let opens = now.hour().saturating_sub(1).min(9);
    let closes = if now.hour() >= 21 { "23:59".to_owned() } else { format!("{:02}:00", (now.hour() + 3).max(13)) };
    format!("{opens:02}:00-{closes}")
}

impl HubPlan {
    /// The days up to yesterday on which this hub was open.
    pub(super) fn days_open(&self, today: NaiveDate) -> Vec<NaiveDate> {
        let days: Vec<u8> = self.sessions.iter().map(|s| s.0).collect();
        self.opened
            .iter_days()
            .take_while(|d| *d < today)
            .filter(|d| u8::try_from(d.weekday().number_from_monday()).is_ok_and(|n| days.contains(&n)))
            .collect()
    }
}
