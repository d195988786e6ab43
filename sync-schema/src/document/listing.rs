//! A listing of the directory: flat scalars under the root, since two laptops that import the same file make the same
//! document.

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ROOT};

use super::part;
use crate::{CalendarDate, Edit, Kind, ListingId, SchemaError};

/// Between categories.
const BETWEEN: char = '\n';
const ACTIVE: &str = "active";

/// A listing as it stands, and as an import makes it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// Its id where it came from.
    pub source_id: Option<String>,
    /// Its name.
    pub name: String,
    /// Who runs it.
    pub organisation: Option<String>,
    /// What it is.
    pub description: String,
    /// What it is, in one line.
    pub summary: String,
    /// When it opens, in its own words.
    pub when: Option<String>,
    /// Where, in its own words.
    pub place: Option<String>,
    /// What it costs, in its own words.
    pub cost: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// E-mail.
    pub email: Option<String>,
    /// Web address.
    pub url: Option<String>,
    /// Street and town.
    pub address: Option<String>,
    /// Postcode, tidy.
    pub postcode: Option<String>,
    /// Kinds of thing it is.
    pub categories: Vec<String>,
    /// When someone last checked it.
    pub checked_on: Option<CalendarDate>,
    /// Open Referral's status: `active`, `inactive`, `defunct`, `temporarily closed`.
    pub status: String,
}

impl Listing {
    /// True while it runs.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == ACTIVE
    }

    /// Each field as the document holds it; empty for none.
    fn fields(&self) -> [(&'static str, String); 16] {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        [
            ("sourceId", text(&self.source_id)),
            ("name", self.name.clone()),
            ("organisation", text(&self.organisation)),
            ("description", self.description.clone()),
            ("summary", self.summary.clone()),
            ("when", text(&self.when)),
            ("place", text(&self.place)),
            ("cost", text(&self.cost)),
            ("phone", text(&self.phone)),
            ("email", text(&self.email)),
            ("url", text(&self.url)),
            ("address", text(&self.address)),
            ("postcode", text(&self.postcode)),
            ("categories", self.categories.join(&BETWEEN.to_string())),
            ("checkedOn", self.checked_on.map(|day| day.to_string()).unwrap_or_default()),
            ("status", self.status.clone()),
        ]
    }
}

/// A new listing.
///
/// # Errors
/// [`SchemaError::Refused`].
pub fn create(_id: ListingId, new: &Listing, edit: &Edit) -> Result<AutoCommit, SchemaError> {
    let mut doc = part::begin(Kind::Listing, edit)?;
    for (key, value) in new.fields() {
        if !value.is_empty() {
            doc.put(ROOT, key, value)?;
        }
    }
    edit.end(&mut doc);
    Ok(doc)
}

/// The listing becomes this; only what differs is written. True when anything did.
///
/// # Errors
/// [`SchemaError::NotThisKind`], [`SchemaError::Refused`].
pub fn update(doc: &mut AutoCommit, now: &Listing, edit: &Edit) -> Result<bool, SchemaError> {
    part::expect(doc, Kind::Listing)?;
    edit.begin(doc);
    let mut changed = false;
    for (key, value) in now.fields() {
        if part::string(doc, &ROOT, key).unwrap_or_default() != value {
            doc.put(ROOT, key, value)?;
            changed = true;
        }
    }
    edit.end(doc);
    Ok(changed)
}

/// The listing as it stands.
///
/// # Errors
/// [`SchemaError::NotThisKind`].
pub fn read(doc: &AutoCommit) -> Result<Listing, SchemaError> {
    part::expect(doc, Kind::Listing)?;
    let text = |key: &str| part::filled(doc, &ROOT, key);
    let categories = text("categories").unwrap_or_default();
    Ok(Listing {
        source_id: text("sourceId"),
        name: text("name").unwrap_or_default(),
        organisation: text("organisation"),
        description: text("description").unwrap_or_default(),
        summary: text("summary").unwrap_or_default(),
        when: text("when"),
        place: text("place"),
        cost: text("cost"),
        phone: text("phone"),
        email: text("email"),
        url: text("url"),
        address: text("address"),
        postcode: text("postcode"),
        categories: categories.split(BETWEEN).filter(|word| !word.is_empty()).map(str::to_owned).collect(),
        checked_on: part::parsed(doc, &ROOT, "checkedOn"),
        status: text("status").unwrap_or_default(),
    })
}
