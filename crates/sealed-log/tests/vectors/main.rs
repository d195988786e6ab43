//! Test vectors: what this program writes, from keys and nonces that everybody knows, with what is to be read out of it.
//!
//! They are kept beside these lines as JSON and compared with what is written now, so that version 1 never changes
//! unseen; and `tests/decoder/decode.py`, which shares no code with this program and is made after
//! `docs/sealed-log.md` alone, reads them all in `cargo xtask test`. After a change that is meant, write them anew with
//! `TALKING_POINT_VECTORS=write cargo nextest run -p sealed-log -E 'binary(vectors)'`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test may stop here")]

#[path = "../common/mod.rs"]
mod common;
mod council;
mod enrolment;
mod histories;
mod ids;
mod relay;
mod told;
