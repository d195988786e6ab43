//! A directory of services from a file of Open Referral UK 3.0 (HSDS 3.0) JSON.
//!
//! The file is someone else's: nothing in it is trusted, a bad row never costs a good one, and nothing is fetched.
//! A listing's document id comes from the source's own id, so that two laptops that import one file make one
//! directory; what differs from what is here is an edit, and what is the same is nothing.

mod check;
mod entry;
mod reading;
mod schedule;
mod text;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use chrono::NaiveDate;
use sync_schema::document::listing::{self, Listing};
use sync_schema::{CalendarDate, DocId, Edit, Kind, ListingId};

pub(crate) use entry::Listed;
use entry::{Dropped, LeftOut};

use crate::error::HubError;
use crate::hub::{Hub, Imported};
use crate::policy::Ask;
use crate::store::{Store, Tx, document};

/// A file may have so many bytes.
const MOST_BYTES: u64 = MOST_MIB as u64 * 1024 * 1024;
const MOST_MIB: u32 = 64;

/// So many listings are written at once.
const AT_ONCE: usize = 500;

/// What came of it, with reasons.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// The figures.
    pub imported: Imported,
    /// Further rows about a service that another row had told of already.
    pub repeated: u32,
    left_out: BTreeMap<LeftOut, u32>,
    dropped: BTreeMap<Dropped, u32>,
}

impl Report {
    /// A line for each reason why a row was left out or a field dropped, with its count.
    #[must_use]
    pub fn reasons(&self) -> Vec<String> {
        let rows = self.left_out.iter().map(|(reason, count)| format!("left out, {}: {count}", reason.words()));
        let fields = self.dropped.iter().map(|(field, count)| format!("kept without {}: {count}", field.words()));
        let again = (self.repeated > 0).then(|| format!("told of again under the same id: {}", self.repeated));
        rows.chain(fields).chain(again).collect()
    }
}

impl Hub {
    /// Takes a directory in Open Referral UK JSON, and says what came of it row by row.
    ///
    /// # Errors
    /// [`HubError::NotOpenReferral`], [`HubError::DirectoryTooLarge`], [`HubError::FileFailed`],
    /// [`HubError::NotAllowed`]; the store's own.
    pub fn import_directory_told(&self, file: &Path) -> Result<Report, HubError> {
        let me = self.asked_by_anyone(Ask::KeepDirectory)?;
        import(&self.store, &bytes_of(file)?, &self.edit(&me), self.day().naive())
    }
}

fn bytes_of(file: &Path) -> Result<Vec<u8>, HubError> {
    let failed = |_| HubError::FileFailed { place: "the directory's file" };
    let mut bytes = Vec::new();
    File::open(file).map_err(failed)?.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MOST_BYTES { Err(HubError::DirectoryTooLarge { most_mib: MOST_MIB }) } else { Ok(bytes) }
}

/// Reads `bytes` and writes what is new or different, some hundreds of listings a transaction.
///
/// # Errors
/// [`HubError::NotOpenReferral`] before anything is written; the store's own.
pub(crate) fn import(store: &Store, bytes: &[u8], edit: &Edit, today: NaiveDate) -> Result<Report, HubError> {
    let reading = reading::read(bytes, today).map_err(|reading::NotOpenReferral| HubError::NotOpenReferral)?;
    let skipped = reading.left_out.values().sum();
    let mut done = Imported { skipped, ..Imported::default() };
    for some in reading.listings.chunks(AT_ONCE) {
        store.write(|tx| some.iter().try_for_each(|listed| take(tx, listed, edit, &mut done)))?;
    }
    Ok(Report { imported: done, repeated: reading.repeated, left_out: reading.left_out, dropped: reading.dropped })
}

fn take(tx: &mut Tx<'_>, listed: &Listed, edit: &Edit, done: &mut Imported) -> Result<(), HubError> {
    let id = listing_id(&listed.source_id);
    let now = listed.listing();
    if document::find(tx.connection(), DocId::from(id))?.is_none() {
        tx.create(Kind::Listing, id, listing::create(id, &now, edit)?)?;
        done.added += 1;
    } else if tx.edit(id, |doc| listing::update(doc, &now, edit))? {
        done.changed += 1;
    } else {
        done.unchanged += 1;
    }
    Ok(())
}

/// The document's id for a service's id in its directory: the same on every laptop.
pub(crate) fn listing_id(source_id: &str) -> ListingId {
    let hash = blake3::derive_key("talking-point 2026 imported listing", source_id.as_bytes());
    let mut half = [0; 16];
    half.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
    ListingId::from_bytes(uuid::Builder::from_custom_bytes(half).into_uuid().into_bytes())
}

impl Listed {
    /// As a document holds it.
    pub(crate) fn listing(&self) -> Listing {
        Listing {
            source_id: Some(self.source_id.clone()),
            name: self.name.clone(),
            organisation: self.organisation.clone(),
            description: self.description.clone().unwrap_or_default(),
            summary: self.summary.clone().unwrap_or_default(),
            when: self.when.clone(),
            place: self.place.clone(),
            cost: self.cost.clone(),
            phone: self.phone.clone(),
            email: self.email.clone(),
            url: self.url.clone(),
            address: self.address.clone(),
            postcode: self.postcode.clone(),
            categories: self.categories.clone(),
            checked_on: self.checked_on.map(CalendarDate::new),
            status: self.status.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_too_large_is_refused_unread() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("large.json");
        File::create(&path).unwrap().set_len(MOST_BYTES + 1).unwrap();
        assert_eq!(bytes_of(&path), Err(HubError::DirectoryTooLarge { most_mib: 64 }));
        assert_eq!(bytes_of(dir.path()), Err(HubError::FileFailed { place: "the directory's file" }));
    }

    #[test]
    fn a_service_has_one_document_on_every_laptop() {
        assert_eq!(listing_id("7b0c"), listing_id("7b0c"));
        assert_ne!(listing_id("7b0c"), listing_id("7b0d"));
        assert_eq!(listing_id("7b0c").to_string(), "9948e4ce-acc7-8cec-ac32-16b7e8029ff6");
    }
}
