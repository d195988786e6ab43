//! The demo council: an invented one, made from a seed, that the program shows when it has no real one.
//!
//! Every person, telephone number and organisation is invented; no real record may enter.

mod council;
mod dice;
mod listings;
mod names;
mod people;
mod visits;
mod waiting;
mod words;
