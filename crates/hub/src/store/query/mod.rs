//! What screens read, as SQL over projection rows: one file a screen or two, rows in, plain values out.
//!
//! No document is loaded here, nothing is written, and nothing is decided about who may see it.

pub mod export;
pub mod trends;
pub mod waiting;

pub use rusqlite::Connection;
