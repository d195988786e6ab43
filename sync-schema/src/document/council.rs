//! The council: its name, and how soon it means to see people.

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjType, ROOT};

use super::part;
use crate::{CalendarDate, CouncilId, Edit, Kind, SchemaError, WaitingKind};

const NAME: &str = "name";
const FOUNDED_ON: &str = "foundedOn";
const TARGETS: &str = "targets";

/// A council as it stands, and as founding makes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Council {
    /// Its name.
    pub name: String,
    /// When it began to use Talking Point.
    pub founded_on: Option<CalendarDate>,
    /// Days within which people are to be seen, by kind of list.
    pub targets: Vec<(WaitingKind, u32)>,
}

/// A new council.
///
/// # Errors
/// [`SchemaError::Refused`].
pub fn create(_id: CouncilId, new: &Council, edit: &Edit) -> Result<AutoCommit, SchemaError> {
    let mut doc = part::begin(Kind::Council, edit)?;
    doc.put(ROOT, NAME, new.name.as_str())?;
    part::put_some(&mut doc, &ROOT, FOUNDED_ON, new.founded_on.map(|day| day.to_string()).as_deref())?;
    let targets = doc.put_object(ROOT, TARGETS, ObjType::Map)?;
    for (kind, days) in &new.targets {
        doc.put(&targets, kind.code(), i64::from(*days))?;
    }
    edit.end(&mut doc);
    Ok(doc)
}

/// The council as it stands.
///
/// # Errors
/// [`SchemaError::NotThisKind`].
pub fn read(doc: &AutoCommit) -> Result<Council, SchemaError> {
    part::expect(doc, Kind::Council)?;
    let targets = part::map(doc, &ROOT, TARGETS);
    let days = |kind: &WaitingKind| {
        let days = part::integer(doc, targets.as_ref()?, kind.code())?;
        Some((*kind, u32::try_from(days).ok()?))
    };
    Ok(Council {
        name: part::string(doc, &ROOT, NAME).unwrap_or_default(),
        founded_on: part::parsed(doc, &ROOT, FOUNDED_ON),
        targets: WaitingKind::ALL.iter().filter_map(days).collect(),
    })
}
