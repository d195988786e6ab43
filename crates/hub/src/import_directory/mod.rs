//! A directory of services from a file of Open Referral UK 3.0 (HSDS 3.0) JSON.
//!
//! The file is someone else's: nothing in it is trusted, a bad row never costs a good one, and nothing is fetched.

mod check;
mod entry;
mod reading;
mod schedule;
mod text;

pub(crate) use entry::Listed;
