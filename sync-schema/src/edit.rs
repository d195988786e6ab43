//! Who edits, on which laptop, and when: an argument of everything that writes.

use automerge::transaction::CommitOptions;
use automerge::{ActorId, AutoCommit};

use crate::{Instant, TeamMemberId};

/// Between the author and the laptop in a change's message.
const SEPARATOR: char = '\u{1f}';

/// Who edits, on which laptop, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The Automerge actor of this run of the program on this laptop.
    pub actor: [u8; 16],
    /// Now, by this laptop's clock.
    pub now: Instant,
    /// Who.
    pub by: TeamMemberId,
    /// Their name at the hub.
    pub by_name: String,
    /// The laptop's name.
    pub laptop: String,
}

impl Edit {
    /// Takes the document over for this edit.
    pub(crate) fn begin(&self, doc: &mut AutoCommit) {
        doc.set_actor(ActorId::from(self.actor));
    }

    /// Ends the edit in one change, if anything was changed.
    pub(crate) fn end(&self, doc: &mut AutoCommit) {
        doc.commit_with(CommitOptions::default().with_time(self.seconds()));
    }

    /// As [`Edit::end`], with the author's name in the change: for values that may come into question.
    pub(crate) fn end_signed(&self, doc: &mut AutoCommit) {
        let message = format!("{}{SEPARATOR}{}", self.by_name, self.laptop);
        doc.commit_with(CommitOptions::default().with_time(self.seconds()).with_message(message));
    }

    const fn seconds(&self) -> i64 {
        self.now.millis().div_euclid(1000)
    }
}

/// The author and the laptop that a change's message names; both empty when it names none.
pub(crate) fn author(message: Option<&str>) -> (String, String) {
    let (by_name, laptop) = message.and_then(|text| text.split_once(SEPARATOR)).unwrap_or_default();
    (by_name.to_owned(), laptop.to_owned())
}
