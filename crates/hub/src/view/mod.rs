//! What a person looks at: one view a file, each a plain value made from rows.
//!
//! A view says facts (counts, dates, codes), never sentences: words belong to the message catalogue of the screen.
//! Nothing here writes, and no Automerge document is loaded to make one.

pub mod board;
pub mod conversation;
pub mod directory;
pub mod everything;
pub mod laptop;
pub mod person;
pub mod question;
pub mod queue;
pub mod shell;
pub mod today;
pub mod trends;
pub mod waiting;
