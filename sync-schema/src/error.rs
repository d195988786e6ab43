//! What can be wrong with a document or an edit of one. No error holds anything that a person wrote.

/// Why a document could not be read or edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SchemaError {
    /// The document is of another kind, or of none.
    #[error("this document is of another kind")]
    NotThisKind,
    /// The document lacks a part that its first change makes: it is damaged, or was never made by this program.
    #[error("this document lacks a part it was made with")]
    PartMissing,
    /// Automerge refused the edit.
    #[error("this edit could not be made")]
    Refused,
}

impl From<automerge::AutomergeError> for SchemaError {
    fn from(_: automerge::AutomergeError) -> Self {
        Self::Refused
    }
}
