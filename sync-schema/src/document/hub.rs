//! A hub: where it is, when it opened, when it is open.

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjType, ROOT};

use super::part;
use crate::{CalendarDate, Edit, HubId, Kind, SchemaError};

const NAME: &str = "name";
const LOCALITY: &str = "locality";
const OPENED_ON: &str = "openedOn";
const SESSIONS: &str = "sessions";

/// A hub as it stands, and as it is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hub {
    /// Its name.
    pub name: String,
    /// The locality it serves.
    pub locality: Option<String>,
    /// When it first opened.
    pub opened_on: Option<CalendarDate>,
    /// Weekday (1 Monday to 7 Sunday) and hours, `HH:MM-HH:MM`, in order.
    pub sessions: Vec<(u8, String)>,
}

/// A new hub.
///
/// # Errors
/// [`SchemaError::Refused`].
pub fn create(_id: HubId, new: &Hub, edit: &Edit) -> Result<AutoCommit, SchemaError> {
    let mut doc = part::begin(Kind::Hub, edit)?;
    doc.put(ROOT, NAME, new.name.as_str())?;
    part::put_some(&mut doc, &ROOT, LOCALITY, new.locality.as_deref())?;
    part::put_some(&mut doc, &ROOT, OPENED_ON, new.opened_on.map(|day| day.to_string()).as_deref())?;
    let sessions = doc.put_object(ROOT, SESSIONS, ObjType::Map)?;
    for (weekday, hours) in &new.sessions {
        doc.put(&sessions, weekday.to_string(), hours.as_str())?;
    }
    edit.end(&mut doc);
    Ok(doc)
}

/// The hub becomes this; only what differs is written. A day without hours loses its session.
///
/// # Errors
/// [`SchemaError::NotThisKind`], [`SchemaError::PartMissing`], [`SchemaError::Refused`].
pub fn update(doc: &mut AutoCommit, now: &Hub, edit: &Edit) -> Result<(), SchemaError> {
    let held = read(doc)?;
    let sessions = part::own_map(doc, SESSIONS)?;
    edit.begin(doc);
    let opened_on = now.opened_on.map(|day| day.to_string());
    let fields = [(NAME, Some(now.name.clone())), (LOCALITY, now.locality.clone()), (OPENED_ON, opened_on)];
    for (key, value) in fields {
        let value = value.unwrap_or_default();
        if part::string(doc, &ROOT, key).unwrap_or_default() != value {
            doc.put(ROOT, key, value)?;
        }
    }
    for weekday in 1..=7 {
        let hours = |of: &Hub| of.sessions.iter().find(|(day, _)| *day == weekday).map(|(_, hours)| hours.clone());
        match (hours(&held), hours(now)) {
            (before, after) if before == after => {}
            (_, Some(hours)) => doc.put(&sessions, weekday.to_string(), hours)?,
            (_, None) => doc.delete(&sessions, weekday.to_string())?,
        }
    }
    edit.end(doc);
    Ok(())
}

/// The hub as it stands.
///
/// # Errors
/// [`SchemaError::NotThisKind`].
pub fn read(doc: &AutoCommit) -> Result<Hub, SchemaError> {
    part::expect(doc, Kind::Hub)?;
    let sessions = part::map(doc, &ROOT, SESSIONS);
    let hours = |weekday: u8| Some((weekday, part::filled(doc, sessions.as_ref()?, &weekday.to_string())?));
    Ok(Hub {
        name: part::string(doc, &ROOT, NAME).unwrap_or_default(),
        locality: part::filled(doc, &ROOT, LOCALITY),
        opened_on: part::parsed(doc, &ROOT, OPENED_ON),
        sessions: (1..=7).filter_map(hours).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Instant, TeamMemberId};

    fn edit() -> Edit {
        Edit {
            actor: [1; 16],
            now: Instant::from_millis(1_000),
            by: TeamMemberId::from_bytes([2; 16]),
            by_name: "Derek".into(),
            laptop: "Office".into(),
        }
    }

    #[test]
    fn an_update_writes_what_differs_and_no_more() {
        let new = Hub {
            name: "Green Lane".into(),
            locality: None,
            opened_on: None,
            sessions: vec![(1, "09:30-13:00".into())],
        };
        let mut doc = create(HubId::from_bytes([3; 16]), &new, &edit()).unwrap();
        let heads = doc.get_heads();
        update(&mut doc, &new, &edit()).unwrap();
        assert_eq!(doc.get_heads(), heads);
        let now = Hub {
            name: "Green Lane Library".into(),
            locality: Some("North".into()),
            opened_on: CalendarDate::from_ymd(2026, 6, 2),
            sessions: vec![(2, "10:00-13:00".into()), (7, "11:00-12:00".into())],
        };
        update(&mut doc, &now, &edit()).unwrap();
        assert_eq!(read(&doc).unwrap(), now);
        assert_eq!(doc.get_changes(&heads).len(), 1);
    }
}
