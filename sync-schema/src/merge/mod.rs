//! The rules that give a merge its meaning, beyond Automerge's own: folds over things that happened.

pub mod happened;
pub mod waiting;
