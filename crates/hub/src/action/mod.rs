//! What a person does: one action a file, each one write transaction with its rules.
//!
//! An action asks `policy` first, checks what was typed, edits documents through `sync-schema`, and commits document,
//! projection, search index and outbox together. It fails loudly or succeeds wholly.

pub mod answer_question;
pub mod begin_conversation;
pub mod check_in;
pub mod person;
pub mod signpost;
pub mod team;
pub(crate) mod typed;
pub(crate) mod typing;
pub mod visit;
pub mod waiting_list;
pub mod write_conversation;
