//! The version that documents are written in.
//!
//! A released document only grows: fields and codes are added, and a name once used never gets another meaning. Fields
//! that this version does not know are kept as they are, since every edit is a targeted put.

/// Written into every document's first change. Grows when an older program could no longer read what is written.
pub const SCHEMA: i64 = 1;

/// Names that once meant something in a document's root, by kind, and must never be used again. None yet.
pub const RETIRED: &[(crate::Kind, &str)] = &[];
