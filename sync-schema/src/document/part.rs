//! Reading and writing the parts of a document, field by field: a field of the wrong type is as if it were not there,
//! and hides nothing else.

use std::str::FromStr;

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value};

use crate::{Edit, Instant, Kind, SchemaError, version};

const KIND: &str = "kind";
const VERSION: &str = "v";

/// The code of the document's kind, as written; `None` when it has none.
#[must_use]
pub fn kind_code(doc: &AutoCommit) -> Option<String> {
    string(doc, &ROOT, KIND)
}

/// A new document of this kind, open for its first change.
pub(crate) fn begin(kind: Kind, edit: &Edit) -> Result<AutoCommit, SchemaError> {
    let mut doc = AutoCommit::new();
    edit.begin(&mut doc);
    doc.put(ROOT, KIND, kind.code())?;
    doc.put(ROOT, VERSION, version::SCHEMA)?;
    Ok(doc)
}

/// Refuses a document of another kind.
pub(crate) fn expect(doc: &AutoCommit, kind: Kind) -> Result<(), SchemaError> {
    match kind_code(doc) {
        Some(code) if code == kind.code() => Ok(()),
        _ => Err(SchemaError::NotThisKind),
    }
}

pub(crate) fn scalar(doc: &AutoCommit, at: &ObjId, key: &str) -> Option<ScalarValue> {
    match doc.get(at, key) {
        Ok(Some((Value::Scalar(value), _))) => Some(value.into_owned()),
        _ => None,
    }
}

pub(crate) fn string(doc: &AutoCommit, at: &ObjId, key: &str) -> Option<String> {
    match scalar(doc, at, key)? {
        ScalarValue::Str(value) => Some(value.into()),
        _ => None,
    }
}

/// A string that is not empty.
pub(crate) fn filled(doc: &AutoCommit, at: &ObjId, key: &str) -> Option<String> {
    string(doc, at, key).filter(|value| !value.is_empty())
}

pub(crate) fn integer(doc: &AutoCommit, at: &ObjId, key: &str) -> Option<i64> {
    match scalar(doc, at, key)? {
        ScalarValue::Int(value) | ScalarValue::Timestamp(value) => Some(value),
        ScalarValue::Uint(value) => i64::try_from(value).ok(),
        _ => None,
    }
}

pub(crate) fn instant(doc: &AutoCommit, at: &ObjId, key: &str) -> Option<Instant> {
    integer(doc, at, key).map(Instant::from_millis)
}

pub(crate) fn boolean(doc: &AutoCommit, at: &ObjId, key: &str) -> Option<bool> {
    match scalar(doc, at, key)? {
        ScalarValue::Boolean(value) => Some(value),
        _ => None,
    }
}

pub(crate) fn bytes(doc: &AutoCommit, at: &ObjId, key: &str) -> Option<Vec<u8>> {
    match scalar(doc, at, key)? {
        ScalarValue::Bytes(value) => Some(value),
        _ => None,
    }
}

/// A value written as text (an id, a date, a code).
pub(crate) fn parsed<T: FromStr>(doc: &AutoCommit, at: &ObjId, key: &str) -> Option<T> {
    string(doc, at, key)?.parse().ok()
}

fn object(doc: &AutoCommit, at: &ObjId, key: &str, of: ObjType) -> Option<ObjId> {
    match doc.get(at, key) {
        Ok(Some((Value::Object(found), id))) if found == of => Some(id),
        _ => None,
    }
}

pub(crate) fn map(doc: &AutoCommit, at: &ObjId, key: &str) -> Option<ObjId> {
    object(doc, at, key, ObjType::Map)
}

/// A map that the document's first change made.
pub(crate) fn own_map(doc: &AutoCommit, key: &str) -> Result<ObjId, SchemaError> {
    map(doc, &ROOT, key).ok_or(SchemaError::PartMissing)
}

/// The text under a key; empty when there is none.
pub(crate) fn text(doc: &AutoCommit, at: &ObjId, key: &str) -> String {
    object(doc, at, key, ObjType::Text).and_then(|id| doc.text(id).ok()).unwrap_or_default()
}

/// The text object under a key of the root.
pub(crate) fn own_text(doc: &AutoCommit, key: &str) -> Result<ObjId, SchemaError> {
    object(doc, &ROOT, key, ObjType::Text).ok_or(SchemaError::PartMissing)
}

/// A text object under a key, holding this.
pub(crate) fn put_text(doc: &mut AutoCommit, at: &ObjId, key: &str, value: &str) -> Result<(), SchemaError> {
    let id = doc.put_object(at, key, ObjType::Text)?;
    if !value.is_empty() {
        doc.splice_text(&id, 0, 0, value)?;
    }
    Ok(())
}

/// A string under a key, when there is one.
pub(crate) fn put_some(doc: &mut AutoCommit, at: &ObjId, key: &str, value: Option<&str>) -> Result<(), SchemaError> {
    match value {
        Some(value) => Ok(doc.put(at, key, value)?),
        None => Ok(()),
    }
}

/// The keys of a map, in the map's order.
pub(crate) fn keys(doc: &AutoCommit, at: &ObjId) -> Vec<String> {
    doc.keys(at).collect()
}
