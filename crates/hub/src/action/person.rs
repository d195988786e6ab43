//! What is known of a person.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sync_schema::document::person::{self, BornOn, Field};
use sync_schema::{Need, PersonId};

use super::typed;

use crate::error::HubError;
use crate::hub::Hub;
use crate::policy::Ask;

/// A change to one thing known of a person; each a single value that two laptops may come to disagree on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(tag = "kind", content = "data", rename_all = "camelCase")]
pub enum PersonChange {
    /// The name they like us to use; empty: none given.
    Name(String),
    /// Telephone, as typed.
    Phone(String),
    /// Postcode, stored tidy.
    Postcode(String),
    /// Date of birth, from three fields as typed.
    #[serde(rename_all = "camelCase")]
    BornOn {
        /// Day, 1 to 31.
        day: String,
        /// Month, 1 to 12.
        month: String,
        /// Year, four digits.
        year: String,
        /// A guess.
        approximate: bool,
    },
}

impl Hub {
    /// Changes one thing known of a person; empty takes it away.
    ///
    /// # Errors
    /// What was typed, with its field; [`HubError::NotFound`]; `policy`'s and the store's own.
    pub fn change_person(&self, person: PersonId, change: PersonChange) -> Result<(), HubError> {
        self.put(person, |today| match change {
            PersonChange::Name(typed) => Ok((Field::Name, typed::line(&typed, typed::NAME_MOST, "name")?)),
            PersonChange::Phone(typed) => Ok((Field::Phone, typed::phone(&typed)?)),
            PersonChange::Postcode(typed) => Ok((Field::Postcode, typed::postcode(&typed)?)),
            PersonChange::BornOn { day, month, year, approximate } => {
                if [&day, &month, &year].iter().all(|field| field.trim().is_empty()) {
                    return Ok((Field::BornOn, None));
                }
                let on = typed::born_on(&day, &month, &year, today)?;
                Ok((Field::BornOn, Some(BornOn { on, approximate }.written())))
            }
        })
    }

    /// Corrects what helps a person.
    ///
    /// # Errors
    /// [`HubError::NotFound`]; `policy`'s and the store's own.
    pub fn correct_person_needs(&self, person: PersonId, needs: Vec<Need>) -> Result<(), HubError> {
        let me = self.asked(Ask::ChangePerson)?;
        let edit = self.edit(&me);
        let needs = typed::needs(&needs);
        self.store.write(|tx| tx.edit(person, |doc| person::correct_needs(doc, &needs, &edit)))
    }

    /// One put of one value, fit to keep, by whoever sits here.
    pub(crate) fn put(
        &self,
        person: PersonId,
        value: impl FnOnce(NaiveDate) -> Result<(Field, Option<String>), HubError>,
    ) -> Result<(), HubError> {
        let me = self.asked(Ask::ChangePerson)?;
        let (field, value) = value(self.day().naive())?;
        let edit = self.edit(&me);
        self.store
            .write(|tx| tx.edit(person, |doc| person::put(doc, field, value.as_deref().unwrap_or_default(), &edit)))
    }
}
