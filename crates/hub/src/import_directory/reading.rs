//! A file of Open Referral UK, read service by service so that a large one never stands in memory twice.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use chrono::NaiveDate;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::entry::{self, Dropped, LeftOut, Listed};

/// Keys under which a page holds its services.
const LISTS: [&str; 4] = ["contents", "services", "content", "data"];

/// What a file holds.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    /// One listing for each id, in the file's order.
    pub(crate) listings: Vec<Listed>,
    /// Rows left out, by reason.
    pub(crate) left_out: BTreeMap<LeftOut, u32>,
    /// Fields dropped from rows that are kept, by what they were.
    pub(crate) dropped: BTreeMap<Dropped, u32>,
    /// Further rows about a service that another row had told of already.
    pub(crate) repeated: u32,
    by_id: HashMap<String, usize>,
}

/// The file is not JSON, or its JSON holds no services in any of the known shapes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NotOpenReferral;

/// Reads one service, a page of services (`contents`, `services`), or a plain array of them.
///
/// Bad rows are left out and counted; a bad field is dropped, counted, and costs its row nothing. `today` is the day
/// after which nothing can have been checked.
///
/// # Errors
/// When the bytes are not JSON to their very end, or have none of those shapes.
pub(crate) fn read(bytes: &[u8], today: NaiveDate) -> Result<Reading, NotOpenReferral> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reading = Reading::default();
    let mut json = serde_json::Deserializer::from_slice(bytes);
    File { reading: &mut reading, today }.deserialize(&mut json).map_err(|_| NotOpenReferral)?;
    json.end().map_err(|_| NotOpenReferral)?;
    Ok(reading)
}

impl Reading {
    fn take(&mut self, row: &Value, today: NaiveDate) {
        let mut dropped = Vec::new();
        // A page may wrap each service once more.
        let service = row.get("service").filter(|s| s.is_object() && row.get("id").is_none()).unwrap_or(row);
        match entry::read(service, today, &mut dropped) {
            Err(reason) => *self.left_out.entry(reason).or_default() += 1,
            Ok(listed) => {
                if let Some(known) = self.by_id.get(&listed.source_id).and_then(|i| self.listings.get_mut(*i)) {
                    known.fill_from(listed);
                    self.repeated += 1;
                } else {
                    self.by_id.insert(listed.source_id.clone(), self.listings.len());
                    self.listings.push(listed);
                }
                for field in dropped {
                    *self.dropped.entry(field).or_default() += 1;
                }
            }
        }
    }
}

/// The whole file: an object or an array.
struct File<'a> {
    reading: &'a mut Reading,
    today: NaiveDate,
}

impl<'de> DeserializeSeed<'de> for File<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for File<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a service, a page of services or an array of services")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(row) = seq.next_element::<Value>()? {
            self.reading.take(&row, self.today);
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut own = Map::new();
        let mut listed = false;
        while let Some(key) = map.next_key::<String>()? {
            if LISTS.contains(&key.as_str()) {
                map.next_value_seed(File { reading: &mut *self.reading, today: self.today })?;
                listed = true;
            } else if listed {
                map.next_value::<IgnoredAny>()?;
            } else {
                own.insert(key, map.next_value()?);
            }
        }
        if !listed {
            let single = Value::Object(own);
            if single.get("id").is_none() && single.get("service").is_none() {
                return Err(A::Error::custom("no service"));
            }
            self.reading.take(&single, self.today);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read_json(json: &Value) -> Reading {
        read(json.to_string().as_bytes(), NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()).unwrap()
    }

    fn lunch_club() -> Value {
        json!({
            "id": "7b0c", "name": " Tuesday  Lunch Club ", "status": "active", "assured_date": "2026-10-12",
            "description": "<p>A hot dinner &amp; company.</p><p>Lifts home.</p>", "email": "hello@lunch.example.org",
            "url": "https://lunch.example.org", "organization": {"id": "o", "name": "Friends of Green Lane"},
            "phones": [{"id": "p", "number": "\"01632 960101\"", "extension": 4}],
            "schedules": [{"id": "s", "freq": "WEEKLY", "byday": "TU", "opens_at": "12:00:00", "closes_at": "14:00:00"}],
            "cost_options": [{"id": "c", "amount": 4, "amount_description": "a meal"}, {"id": "d", "option": "Carers", "amount": 0}],
            "attributes": [{"id": "a", "taxonomy_term": {"id": "t", "name": "Lunch clubs, meals"}},
                           {"id": "b", "taxonomy_term": {"id": "t", "name": "Company"}}],
            "service_at_locations": [{"id": "l", "location": {
                "id": "l", "location_type": "physical", "name": "St Mary's Hall", "latitude": 51.5, "longitude": -3.2,
                "addresses": [{"id": "x", "address_1": "2 Church Row", "city": "Aberllan", "postal_code": "zz9 9zz"}]}}],
        })
    }

    #[test]
    fn one_full_service() {
        let got = read_json(&lunch_club());
        let want = Listed {
            source_id: "7b0c".into(),
            name: "Tuesday Lunch Club".into(),
            organisation: Some("Friends of Green Lane".into()),
            description: Some("A hot dinner & company.\n\nLifts home.".into()),
            summary: Some("A hot dinner & company. Lifts home.".into()),
            when: Some("Tuesdays 12pm to 2pm".into()),
            place: Some("St Mary's Hall".into()),
            cost: Some("£4 a meal; Free (Carers)".into()),
            phone: Some("01632 960101 extension 4".into()),
            email: Some("hello@lunch.example.org".into()),
            url: Some("https://lunch.example.org".into()),
            address: Some("2 Church Row, Aberllan".into()),
            postcode: Some("ZZ9 9ZZ".into()),
            categories: vec!["Lunch clubs meals".into(), "Company".into()],
            checked_on: NaiveDate::from_ymd_opt(2026, 10, 12),
            status: "active".into(),
        };
        assert_eq!(got.listings, [want]);
        assert!(got.left_out.is_empty() && got.dropped.is_empty());
    }

    #[test]
    fn every_shape_of_list() {
        let mut other = lunch_club();
        other["id"] = json!("8");
        for list in [
            json!([lunch_club(), other]),
            json!({"total_items": 2, "contents": [lunch_club(), other], "empty": false}),
            json!({"services": [lunch_club(), other]}),
            json!({"services": [{"service": lunch_club()}, {"service": other}]}),
        ] {
            assert_eq!(read_json(&list).listings.len(), 2, "{list}");
        }
        assert_eq!(read_json(&json!({"service": lunch_club()})).listings.len(), 1);
        assert_eq!(read_json(&json!({"contents": []})).listings.len(), 0);
    }

    #[test]
    fn bad_rows_are_left_out_and_counted_and_the_rest_stand() {
        let got = read_json(&json!({"contents": [
            7, null, {"name": "No id", "status": "active"}, {"id": "x".repeat(201), "name": "n", "status": "active"},
            {"id": "1", "name": " ", "status": "active"}, {"id": "2", "name": "An organisation"}, lunch_club(),
        ]}));
        assert_eq!(got.listings.len(), 1);
        let want = [(LeftOut::NotAService, 2), (LeftOut::NoId, 2), (LeftOut::NoName, 1), (LeftOut::NoStatus, 1)];
        assert_eq!(got.left_out, BTreeMap::from(want));
    }

    #[test]
    fn a_bad_field_is_dropped_and_its_row_kept() {
        let mut bad = lunch_club();
        bad["service_at_locations"][0]["location"]["latitude"] = json!(100);
        bad["service_at_locations"][0]["location"]["addresses"][0]["postal_code"] = json!("ABC 1234");
        bad["phones"][0]["number"] = json!("ring Ann");
        bad["email"] = json!("nobody");
        bad["url"] = json!("javascript:alert(1)");
        bad["assured_date"] = json!("2027-01-01");
        bad["status"] = json!("resting");
        let got = read_json(&bad);
        let l = &got.listings[0];
        assert_eq!((&l.postcode, &l.phone, &l.email, &l.url, &l.checked_on), (&None, &None, &None, &None, &None));
        assert_eq!((l.status.as_str(), l.address.as_deref()), ("inactive", Some("2 Church Row, Aberllan")));
        assert_eq!(got.dropped.len(), 7);
        assert!(got.dropped.values().all(|n| *n == 1) && got.left_out.is_empty());
    }

    #[test]
    fn rows_of_one_id_are_one_listing_and_complete_each_other() {
        let bare = json!({"id": "7b0c", "name": "Tuesday Lunch Club", "status": "active", "alert": "x"});
        let mut rows = vec![bare; 127];
        rows.push(lunch_club());
        let got = read_json(&json!({"contents": rows}));
        assert_eq!((got.listings.len(), got.repeated), (1, 127));
        assert_eq!(got.listings[0].when.as_deref(), Some("Tuesdays 12pm to 2pm"));
    }

    #[test]
    fn what_is_no_directory_is_refused() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let cut = lunch_club().to_string();
        let deep = "[".repeat(100_000);
        let cases: [&[u8]; 9] = [
            b"",
            b"{}",
            b"7",
            b"\"x\"",
            b"{\"contents\": 7}",
            b"[] []",
            b"\xff\xfe[",
            &cut.as_bytes()[..99],
            deep.as_bytes(),
        ];
        for bytes in cases {
            assert_eq!(read(bytes, today).err(), Some(NotOpenReferral), "{:?}", bytes.get(..20));
        }
        assert!(read(b"\xef\xbb\xbf[]", today).is_ok());
    }

    /// Any JSON, some of it under the keys that are read.
    fn json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,40}".prop_map(Value::from),
            "<[a-zé/]{0,3}>?|&[a-z]{2}|[0-9]{1,4}[-:][0-9]{2}|-?[0-9]?[A-Z]{2},?".prop_map(Value::from),
        ];
        let key = prop::sample::select(vec![
            "id",
            "name",
            "status",
            "description",
            "schedules",
            "freq",
            "byday",
            "interval",
            "opens_at",
            "valid_to",
            "phones",
            "number",
            "cost_options",
            "amount",
            "service_at_locations",
            "location",
            "addresses",
            "postal_code",
            "latitude",
            "assured_date",
            "attributes",
            "taxonomy_term",
            "contents",
            "services",
            "service",
            "organization",
            "email",
            "url",
        ]);
        leaf.prop_recursive(5, 60, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::vec((key.clone(), inner), 0..8)
                    .prop_map(|pairs| Value::Object(pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn whatever_the_file_says_nothing_panics_and_every_row_is_counted(rows in prop::collection::vec(json(), 0..12)) {
            let got = read_json(&json!({ "contents": rows }));
            let counted = got.listings.len() + got.repeated as usize + got.left_out.values().sum::<u32>() as usize;
            prop_assert_eq!(counted, rows.len());
            for listed in got.listings {
                prop_assert!(!listed.name.is_empty() && listed.name.chars().count() <= 300);
            }
        }

        #[test]
        fn a_bad_neighbour_costs_a_good_row_nothing(bad in json()) {
            let got = read_json(&json!({ "contents": [bad, lunch_club()] }));
            prop_assert!(got.listings.iter().any(|l| l.source_id == "7b0c"));
        }

        #[test]
        fn bytes_of_any_kind_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&bytes, NaiveDate::from_ymd_opt(2026, 11, 23).unwrap());
        }
    }
}
