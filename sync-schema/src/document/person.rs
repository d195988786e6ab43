//! A person: what they are called, how to reach them, what helps them, and the visits that are theirs.
//!
//! Name, telephone, postcode and date of birth are single values: when two laptops write one differently at once, both
//! are kept and someone is asked. Who wrote each is in the change that wrote it.

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjType, ROOT, ReadDoc, ScalarValue, Value};

use super::{needs, part};
use crate::edit::author;
use crate::{CalendarDate, Edit, Instant, Kind, Need, PersonId, SchemaError, VisitId};

const VISITS: &str = "visits";
const CIRCLE: &str = "circle";
const BY: &str = "by";
const AT: &str = "at";
/// Behind a date of birth that is a guess.
const APPROXIMATE: char = '~';

/// A single value that two laptops may come to disagree on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// The name they like us to use.
    Name,
    /// Telephone.
    Phone,
    /// Postcode.
    Postcode,
    /// Date of birth: `YYYY-MM-DD`, with `~` behind it when it is a guess.
    BornOn,
}

impl Field {
    /// Every one, in order.
    pub const ALL: &'static [Self] = &[Self::Name, Self::Phone, Self::Postcode, Self::BornOn];

    /// The key that documents and tables hold.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Phone => "phone",
            Self::Postcode => "postcode",
            Self::BornOn => "bornOn",
        }
    }
}

/// A date of birth, perhaps a guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BornOn {
    /// The day.
    pub on: CalendarDate,
    /// True when it is a guess.
    pub approximate: bool,
}

impl BornOn {
    /// As the document holds it.
    #[must_use]
    pub fn written(self) -> String {
        let mut text = self.on.to_string();
        if self.approximate {
            text.push(APPROXIMATE);
        }
        text
    }

    /// From what a document holds; `None` when it is not a date.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let date = text.strip_suffix(APPROXIMATE);
        Some(Self { on: date.unwrap_or(text).parse().ok()?, approximate: date.is_some() })
    }
}

/// What is known of a new person.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct NewPerson {
    /// The name they like us to use.
    pub name: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Postcode, tidy.
    pub postcode: Option<String>,
    /// Date of birth.
    pub born_on: Option<BornOn>,
    /// What helps them.
    pub needs: Vec<Need>,
}

/// A person as they stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// The name they like us to use.
    pub name: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Postcode.
    pub postcode: Option<String>,
    /// Date of birth.
    pub born_on: Option<BornOn>,
    /// What helps them.
    pub needs: Vec<Need>,
    /// Who is around them, in their words.
    pub circle: String,
    /// The visits that are theirs.
    pub visits: Vec<VisitId>,
}

/// Something two laptops disagree on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// What.
    pub field: Field,
    /// The values that stand, the one that shows first, then in an order all laptops share.
    pub values: Vec<Disputed>,
}

/// One of the values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disputed {
    /// The value, as the document holds it; empty when someone cleared it.
    pub value: String,
    /// Who wrote it.
    pub by_name: String,
    /// On which laptop.
    pub laptop: String,
    /// When, by that laptop's clock, to the second.
    pub at: Instant,
}

/// A new person.
///
/// # Errors
/// [`SchemaError::Refused`].
pub fn create(_id: PersonId, new: NewPerson, edit: &Edit) -> Result<AutoCommit, SchemaError> {
    let mut doc = part::begin(Kind::Person, edit)?;
    part::put_some(&mut doc, &ROOT, Field::Name.code(), new.name.as_deref())?;
    part::put_some(&mut doc, &ROOT, Field::Phone.code(), new.phone.as_deref())?;
    part::put_some(&mut doc, &ROOT, Field::Postcode.code(), new.postcode.as_deref())?;
    part::put_some(&mut doc, &ROOT, Field::BornOn.code(), new.born_on.map(BornOn::written).as_deref())?;
    needs::make(&mut doc, &new.needs)?;
    part::put_text(&mut doc, &ROOT, CIRCLE, "")?;
    doc.put_object(ROOT, VISITS, ObjType::Map)?;
    edit.end_signed(&mut doc);
    Ok(doc)
}

/// Writes a single value; an empty one clears it. Writing what already stands undisputed changes nothing; writing what
/// stands in question settles it.
///
/// # Errors
/// [`SchemaError::NotThisKind`], [`SchemaError::Refused`].
pub fn put(doc: &mut AutoCommit, field: Field, value: &str, edit: &Edit) -> Result<(), SchemaError> {
    part::expect(doc, Kind::Person)?;
    let standing = standing(doc, field);
    if matches!(standing.as_slice(), [only] if only == value) || (standing.is_empty() && value.is_empty()) {
        return Ok(());
    }
    edit.begin(doc);
    if standing.len() > 1 {
        // Automerge lets a put of the value that shows pass as nothing new; taking all away first settles the question.
        doc.delete(ROOT, field.code())?;
    }
    doc.put(ROOT, field.code(), value)?;
    edit.end_signed(doc);
    Ok(())
}

/// What helps them, as it now is; only what differs is written.
///
/// # Errors
/// [`SchemaError::NotThisKind`], [`SchemaError::PartMissing`], [`SchemaError::Refused`].
pub fn correct_needs(doc: &mut AutoCommit, needs: &[Need], edit: &Edit) -> Result<(), SchemaError> {
    part::expect(doc, Kind::Person)?;
    edit.begin(doc);
    needs::correct(doc, needs)?;
    edit.end_signed(doc);
    Ok(())
}

/// Says that a visit is theirs.
///
/// # Errors
/// [`SchemaError::NotThisKind`], [`SchemaError::PartMissing`], [`SchemaError::Refused`].
pub fn link_visit(doc: &mut AutoCommit, visit: VisitId, edit: &Edit) -> Result<(), SchemaError> {
    part::expect(doc, Kind::Person)?;
    let visits = part::own_map(doc, VISITS)?;
    let key = visit.to_string();
    if part::map(doc, &visits, &key).is_some() {
        return Ok(());
    }
    edit.begin(doc);
    let link = doc.put_object(&visits, key, ObjType::Map)?;
    doc.put(&link, BY, edit.by.to_string())?;
    doc.put(&link, AT, edit.now.millis())?;
    edit.end_signed(doc);
    Ok(())
}

/// The person as they stand.
///
/// # Errors
/// [`SchemaError::NotThisKind`].
pub fn read(doc: &AutoCommit) -> Result<Person, SchemaError> {
    part::expect(doc, Kind::Person)?;
    let shown = |field: Field| part::filled(doc, &ROOT, field.code());
    Ok(Person {
        name: shown(Field::Name),
        phone: shown(Field::Phone),
        postcode: shown(Field::Postcode),
        born_on: shown(Field::BornOn).as_deref().and_then(BornOn::parse),
        needs: needs::read(doc),
        circle: part::text(doc, &ROOT, CIRCLE),
        visits: visits(doc),
    })
}

fn visits(doc: &AutoCommit) -> Vec<VisitId> {
    let Some(map) = part::map(doc, &ROOT, VISITS) else { return Vec::new() };
    part::keys(doc, &map).iter().filter_map(|key| key.parse().ok()).collect()
}

/// The different values that stand for a field, the one that shows first.
fn standing(doc: &AutoCommit, field: Field) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for (value, _) in disputed(doc, field) {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values
}

/// Every value written at once for a field, with the operation that wrote it, the one that shows first.
fn disputed(doc: &AutoCommit, field: Field) -> Vec<(String, automerge::ObjId)> {
    let all = doc.get_all(ROOT, field.code()).unwrap_or_default();
    let text = |(value, id): (Value<'_>, automerge::ObjId)| match value {
        Value::Scalar(value) => match value.into_owned() {
            ScalarValue::Str(value) => Some((value.into(), id)),
            _ => None,
        },
        Value::Object(_) => None,
    };
    all.into_iter().rev().filter_map(text).collect()
}

/// What two laptops disagree on.
///
/// # Errors
/// [`SchemaError::NotThisKind`].
pub fn questions(doc: &AutoCommit) -> Result<Vec<Disagreement>, SchemaError> {
    part::expect(doc, Kind::Person)?;
    let asked = Field::ALL.iter().filter(|field| standing(doc, **field).len() > 1);
    Ok(asked.map(|field| Disagreement { field: *field, values: disputed_values(doc, *field) }).collect())
}

fn disputed_values(doc: &AutoCommit, field: Field) -> Vec<Disputed> {
    let history = doc.clone();
    let mut values: Vec<Disputed> = Vec::new();
    for (value, operation) in disputed(doc, field) {
        if values.iter().any(|other| other.value == value) {
            continue;
        }
        let change = doc.hash_for_opid(&operation).and_then(|hash| history.get_change_by_hash(&hash));
        let (by_name, laptop) = author(change.as_ref().and_then(automerge::Change::message));
        let seconds = change.as_ref().map_or(0, automerge::Change::timestamp);
        values.push(Disputed { value, by_name, laptop, at: Instant::from_millis(seconds.saturating_mul(1000)) });
    }
    values
}
