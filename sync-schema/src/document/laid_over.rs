//! What a text becomes when someone began from one version of it and it has changed elsewhere meanwhile. Nothing of
//! documents may enter here: two laptops' commits are Automerge's to merge.

use super::splice::{self, Splice};

/// What `stands` becomes when someone who began from `base` has made it `typed`.
///
/// Every place that only one of the two changed becomes what they made it. Where both changed the same place, nothing
/// of either is lost: what was typed comes after what stands there, unless it goes on from it.
pub fn laid_over(base: &str, typed: &str, stands: &str) -> String {
    if stands == base || stands == typed {
        return typed.to_owned();
    }
    if typed == base {
        return stands.to_owned();
    }
    let stretches = |new| splice::between(base, new).into_iter().map(Stretch::of).collect::<Vec<_>>();
    let (ours, theirs) = (stretches(typed), stretches(stands));
    let mut text: Vec<char> = stands.chars().collect();
    // From the end, so that the places named by the others stay where they are.
    for change in ours.iter().rev() {
        let (from, to) = change.place_among(&theirs);
        let to = to.min(text.len());
        text.splice(from.min(to)..to, change.put.chars());
    }
    text.into_iter().collect()
}

/// The stretch `from..to` of the base, and what someone put there.
struct Stretch<'a> {
    from: usize,
    to: usize,
    put: &'a str,
}

impl<'a> Stretch<'a> {
    fn of(splice: Splice<'a>) -> Self {
        Self { from: splice.at, to: splice.at.saturating_add_signed(splice.remove), put: splice.put }
    }

    fn meets(&self, other: &Self) -> bool {
        (self.from < other.to && other.from < self.to) || (self.from, self.to) == (other.from, other.to)
    }

    /// Which stretch of what stands this one replaces, where `theirs`, in order, made what stands.
    fn place_among(&self, theirs: &[Self]) -> (usize, usize) {
        // A place of the base, behind the first so many of their changes, has moved by as much as those grew.
        let moved = |place: usize, behind: usize| {
            let earlier = theirs.iter().take(behind);
            earlier.fold(place, |at, one| (at + one.put.chars().count() + one.from).saturating_sub(one.to))
        };
        let Some(at) = theirs.iter().rposition(|one| self.meets(one)) else {
            let behind = theirs.iter().take_while(|one| one.to <= self.from).count();
            return (moved(self.from, behind), moved(self.to, behind));
        };
        let Some(met) = theirs.get(at) else { return (self.from, self.from) };
        let begins = moved(met.from, at);
        let ends = begins + met.put.chars().count();
        let goes_on = (self.from, self.to) == (met.from, met.to) && self.put.starts_with(met.put);
        if goes_on { (begins, ends) } else { (ends, ends) }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_was_typed_stays_where_it_was_typed() {
        let base = "Likes tea. Walks the dog. Sings.";
        let stands = "Loves tea. Walks the dog. Swims.";
        let of = |typed| laid_over(base, typed, stands);
        assert_eq!(of("Likes tea. Walks the old dog. Sings."), "Loves tea. Walks the old dog. Swims.");
        assert_eq!(of("Likes tea. Sings."), "Loves tea. Swims.");
    }

    #[test]
    fn what_goes_on_from_what_stands_is_not_said_twice() {
        assert_eq!(laid_over("Walks.", "Walks. Likes tea", "Walks. Likes"), "Walks. Likes tea");
        assert_eq!(laid_over("", "ours", "theirs"), "theirsours");
    }

    #[derive(Debug, Clone, Copy)]
    enum Word {
        Kept,
        Ours { instead: bool },
        Theirs { instead: bool },
    }

    fn word() -> impl Strategy<Value = Word> {
        prop_oneof![
            Just(Word::Kept),
            any::<bool>().prop_map(|instead| Word::Ours { instead }),
            any::<bool>().prop_map(|instead| Word::Theirs { instead }),
        ]
    }

    /// The words, a kept one between any two, with our changes, theirs, both or none.
    fn text(words: &[Word], ours: bool, theirs: bool) -> String {
        let changed = |at: usize, name: &str, instead: bool, done: bool| match (done, instead) {
            (false, _) => format!("w{at}"),
            (true, true) => format!("{name}{at}"),
            (true, false) => format!("w{at} {name}{at}"),
        };
        let one = |(at, word): (usize, &Word)| match *word {
            Word::Kept => format!("w{at} k{at}"),
            Word::Ours { instead } => format!("{} k{at}", changed(at, "x", instead, ours)),
            Word::Theirs { instead } => format!("{} k{at}", changed(at, "p", instead, theirs)),
        };
        words.iter().enumerate().map(one).collect::<Vec<_>>().join(" ")
    }

    proptest! {
        #[test]
        fn changes_of_different_words_all_stand(words in proptest::collection::vec(word(), 1..12)) {
            let [base, typed, stands, both] =
                [(false, false), (true, false), (false, true), (true, true)].map(|(o, t)| text(&words, o, t));
            prop_assert_eq!(laid_over(&base, &typed, &stands), both);
        }

        #[test]
        fn nothing_breaks_whatever_is_written(base in "[ab .é👩‍🦽]{0,20}", typed in any::<String>(), stands in "[ab .é👩‍🦽]{0,20}") {
            prop_assert_eq!(laid_over(&base, &typed, &base), typed);
            prop_assert_eq!(laid_over(&base, &base, &stands), stands);
        }
    }
}
