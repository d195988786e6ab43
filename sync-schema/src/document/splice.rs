//! Which stretches of a text to replace so that it becomes another: as few and as short as can be found quickly, so
//! that two laptops' writing in different places both stand. Nothing of documents may enter here.

use std::ops::Range;

use similar::{Algorithm, DiffTag, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation;

/// Texts that differ in more words than this are compared by sentences: comparing takes the square of their number.
const WORDS_MOST: usize = 1_500;

/// One stretch to replace; counted in characters (code points), as Automerge counts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Splice<'a> {
    /// Where, in the old text.
    pub(super) at: usize,
    /// How much of it goes.
    pub(super) remove: isize,
    /// What comes instead.
    pub(super) put: &'a str,
}

/// The stretches of `old` to replace, in order, for it to become `new`.
pub(super) fn between<'a>(old: &str, new: &'a str) -> Vec<Splice<'a>> {
    let (head, old, new) = without_ends(old, new);
    let mut found = Vec::new();
    let words = [old, new].map(|text| text.split_word_bounds().collect::<Vec<_>>());
    let [old_parts, new_parts] = if words.iter().map(Vec::len).sum::<usize>() <= WORDS_MOST {
        words
    } else {
        [old, new].map(|text| text.split_sentence_bounds().collect())
    };
    let (old_starts, new_starts) = (starts(&old_parts), starts(&new_parts));
    for op in capture_diff_slices(Algorithm::Myers, &old_parts, &new_parts) {
        let (tag, from, to) = op.as_tag_tuple();
        if tag == DiffTag::Equal {
            continue;
        }
        let (Some(gone), Some(put)) = (old.get(in_bytes(&old_starts, &from)), new.get(in_bytes(&new_starts, &to)))
        else {
            continue;
        };
        let before = old.get(..in_bytes(&old_starts, &from).start).unwrap_or_default();
        let (same, gone, put) = without_ends(gone, put);
        // A text is far shorter than `isize::MAX`.
        let remove = isize::try_from(gone.chars().count()).unwrap_or(isize::MAX);
        found.push(Splice { at: head + before.chars().count() + same, remove, put });
    }
    found
}

/// The characters that both begin with, and what is left of each without the beginning and the end that they share;
/// what people see as one character is never parted.
fn without_ends<'a, 'b>(old: &'a str, new: &'b str) -> (usize, &'a str, &'b str) {
    let same = |(a, b): &(&str, &str)| a == b;
    let head = old.graphemes(true).zip(new.graphemes(true)).take_while(same);
    let (bytes, chars) = head.fold((0, 0), |(bytes, chars), (a, _)| (bytes + a.len(), chars + a.chars().count()));
    let (old, new) = (old.get(bytes..).unwrap_or_default(), new.get(bytes..).unwrap_or_default());
    let tail = old.graphemes(true).rev().zip(new.graphemes(true).rev()).take_while(same);
    let bytes: usize = tail.map(|(a, _)| a.len()).sum();
    let shorn = |text: usize| ..text.saturating_sub(bytes);
    (chars, old.get(shorn(old.len())).unwrap_or_default(), new.get(shorn(new.len())).unwrap_or_default())
}

/// Where each part begins, in bytes, and where the last one ends.
fn starts(parts: &[&str]) -> Vec<usize> {
    let mut at = 0;
    let mut starts = vec![0];
    starts.extend(parts.iter().map(|part| {
        at += part.len();
        at
    }));
    starts
}

fn in_bytes(starts: &[usize], parts: &Range<usize>) -> Range<usize> {
    let at = |part: usize| starts.get(part).copied().unwrap_or_default();
    at(parts.start)..at(parts.end)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn made(old: &str, splices: &[Splice<'_>]) -> String {
        let mut text: Vec<char> = old.chars().collect();
        for splice in splices.iter().rev() {
            text.splice(splice.at..splice.at + usize::try_from(splice.remove).unwrap(), splice.put.chars());
        }
        text.into_iter().collect()
    }

    fn of<'a>(old: &str, new: &'a str) -> Vec<(usize, isize, &'a str)> {
        between(old, new).into_iter().map(|s| (s.at, s.remove, s.put)).collect()
    }

    #[test]
    fn only_what_differs_is_replaced() {
        assert_eq!(of("", ""), []);
        assert_eq!(of("tea", "tea"), []);
        assert_eq!(of("", "tea"), [(0, 0, "tea")]);
        assert_eq!(of("tea", ""), [(0, 3, "")]);
        assert_eq!(of("Likes tea.", "Likes teas."), [(9, 0, "s")]);
        assert_eq!(of("Likes tea. Sings.", "Loves tea. Swims."), [(1, 2, "ov"), (12, 3, "wim")]);
        assert_eq!(of("👩‍🦽 Ann", "👩‍🦼 Ann"), [(0, 3, "👩‍🦼")]);
    }

    #[test]
    fn a_page_pasted_over_another_is_compared_by_sentences() {
        let page = |word: &str| (0..900).map(|n| format!("The {word} number {n}. ")).collect::<String>();
        let (old, new) = (page("hen"), page("otter"));
        assert_eq!(made(&old, &between(&old, &new)), new);
        let longer = format!("{new}And more.");
        assert_eq!(between(&new, &longer).len(), 1);
    }

    proptest! {
        #[test]
        fn it_becomes_the_other(old in "[ab .\\né👩‍🦽]{0,40}", new in "[ab .\\né👩‍🦽]{0,40}") {
            prop_assert_eq!(made(&old, &between(&old, &new)), new);
        }

        #[test]
        fn whatever_is_written_it_becomes_the_other(old in any::<String>(), new in any::<String>()) {
            prop_assert_eq!(made(&old, &between(&old, &new)), new);
        }
    }
}
