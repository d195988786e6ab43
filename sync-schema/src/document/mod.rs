//! One file a kind of document: its shape, how it is read, the edits that are allowed.
//!
//! Every nested object is made in the document's first change or under a fresh random id, every edit is a targeted put
//! that ends in one change, and reading goes field by field.

pub mod conversation;
pub mod council;
pub mod hub;
mod laid_over;
pub mod listing;
mod needs;
pub(crate) mod part;
pub mod person;
mod splice;
pub mod team_member;
pub mod visit;
pub mod waiting_entry;

pub use laid_over::laid_over;
