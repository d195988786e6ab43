//! The laws of `sync-schema`, one property a law, and the shapes it must survive.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test says what is wrong by failing")]
mod common;
mod conversation_law;
mod edit_law;
mod exchange_law;
mod fixture;
mod fixture_met;
mod person_law;
mod unknown;
mod visit_law;
mod waiting_law;
