//! What is fuzzed: for each target a function that reads bytes made up by a fuzzer and asserts what must hold of whatever
//! is taken. The targets call them, and so does a test of `crates/sealed-log`, which reads the kept corpora again.

pub mod council;
pub mod enrolment;
pub mod join_file;
pub mod relay;
pub mod roster;
pub mod seen;
pub mod segment;
pub mod snapshot;
