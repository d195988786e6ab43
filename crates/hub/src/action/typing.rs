//! What is being typed under a heading and not yet written, and how it goes over a text that another laptop may have
//! changed meanwhile.
//!
//! Two laptops' commits are Automerge's to merge; this is about what stood on the screen when typing began.

use serde::{Deserialize, Serialize};
use sync_schema::document::laid_over;
use sync_schema::{ConversationId, Tool};

use crate::error::HubError;
use crate::store::draft;
use crate::store::query::Connection;

/// A draft as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Draft {
    /// What was written there, below everything typed since.
    pub(crate) base: String,
    /// What the screen showed when it began typing: more than `base`, where an earlier draft had not been written.
    shown: String,
    /// What was typed.
    pub(crate) text: String,
}

impl Draft {
    /// What is being typed under one heading.
    pub(crate) fn find(rows: &Connection, conversation: ConversationId, tool: Tool) -> Result<Option<Self>, HubError> {
        let all = Self::all(rows, conversation)?;
        Ok(all.into_iter().find(|(under, _)| *under == tool).map(|(_, draft)| draft))
    }

    /// Everything being typed in a conversation.
    pub(crate) fn all(rows: &Connection, conversation: ConversationId) -> Result<Vec<(Tool, Self)>, HubError> {
        let kept = draft::of_conversation(rows, conversation)?.into_iter();
        Ok(kept.filter_map(|(code, kept)| Some((Tool::from_code(&code)?, serde_json::from_str(&kept).ok()?))).collect())
    }

    /// What is typed now, after what was kept of the same heading, if anything. `shown` is what the screen showed when
    /// it began typing, `None` for whoever has only just read; `stands` is what is written there.
    pub(crate) fn typed(kept: Option<Self>, shown: Option<String>, text: String, stands: &str) -> Self {
        let (base, shown) = match (kept, shown) {
            (None, shown) => {
                let shown = shown.unwrap_or_else(|| stands.to_owned());
                (shown.clone(), shown)
            }
            (Some(kept), None) => (kept.base, kept.shown),
            // The same screen types on.
            (Some(kept), Some(shown)) if shown == kept.shown => (kept.base, kept.shown),
            // Another one, which showed the draft over what stands, as after a power cut.
            (Some(kept), Some(shown)) if shown == kept.over(stands) => (stands.to_owned(), shown),
            (Some(kept), Some(shown)) => (kept.base, shown),
        };
        Self { base, shown, text }
    }

    /// What `stands` becomes with this laid over it.
    pub(crate) fn over(&self, stands: &str) -> String {
        laid_over(&self.base, &self.text, stands)
    }

    /// Keeps it.
    pub(crate) fn keep(&self, rows: &Connection, conversation: ConversationId, tool: Tool) -> Result<(), HubError> {
        let kept = serde_json::to_string(self).map_err(|_| HubError::unexpected("action/draft"))?;
        draft::keep(rows, conversation, tool.code(), &kept)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_keeps_what_they_wrote() {
        let base = "Likes tea. Walks the dog.";
        assert_eq!(laid_over(base, base, "Likes tea."), "Likes tea.");
        assert_eq!(laid_over(base, "Likes coffee. Walks the dog.", base), "Likes coffee. Walks the dog.");
        assert_eq!(
            laid_over(base, "Likes coffee. Walks the dog.", "Likes tea. Walks the dog. Sings."),
            "Likes coffee. Walks the dog. Sings."
        );
        assert_eq!(
            laid_over(base, "Likes tea. Walks the dog. Sings.", "Loves tea. Walks the dog."),
            "Loves tea. Walks the dog. Sings."
        );
        assert_eq!(laid_over("", "ours", "theirs"), "theirsours");
        assert_eq!(laid_over("a b", "a x b", "a b"), "a x b");
        assert_eq!(laid_over("", "Likes tea", "Likes"), "Likes tea");
        assert_eq!(laid_over("Walks.", "Walks. Likes tea", "Walks. Likes"), "Walks. Likes tea");
    }

    fn draft(kept: Option<Draft>, shown: &str, text: &str, stands: &str) -> Draft {
        Draft::typed(kept, Some(shown.to_owned()), text.to_owned(), stands)
    }

    #[test]
    fn a_draft_is_gone_on_with_by_the_same_screen_and_by_another() {
        let first = draft(None, "", "Sent", "");
        let first = draft(Some(first), "", "Sentence. ", "");
        let first = draft(Some(first), "", "Sentence ", "");
        assert_eq!(first.over(""), "Sentence ");
        // The power went; another screen shows the draft and goes on from it, and back again.
        let second = draft(Some(first.clone()), "Sentence ", "Sentence one. ", "");
        assert_eq!(second.over(""), "Sentence one. ");
        let second = draft(Some(second), "Sentence ", "Sent. ", "");
        assert_eq!(second.over(""), "Sent. ");
        // The same where another laptop had written before the power went.
        let third = draft(Some(first), "Walks. Sentence ", "Walks. Sentence two. ", "Walks. ");
        assert_eq!(third.over("Walks. "), "Walks. Sentence two. ");
        assert_eq!(third.over("Walks far. "), "Walks far. Sentence two. ");
    }

    proptest! {
        #[test]
        fn nothing_typed_is_lost(base in "[a-c ]{0,12}", ours in "[x-z]{1,6}", theirs in "[p-r]{1,6}", at in 0_usize..13, there in 0_usize..13) {
            let with = |put: &str, at: usize| {
                let mut chars: Vec<char> = base.chars().collect();
                let at = at.min(chars.len());
                chars.splice(at..at, put.chars());
                chars.into_iter().collect::<String>()
            };
            let merged = laid_over(&base, &with(&ours, at), &with(&theirs, there));
            prop_assert!(merged.contains(&ours) && merged.contains(&theirs));
            prop_assert_eq!(merged.chars().count(), base.len() + ours.len() + theirs.len());
        }
    }
}
