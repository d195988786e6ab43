//! This morning at Green Lane: a queue to walk into.

use sync_schema::Need;

use super::words::POLISH_LETTER;

/// What has become of a visitor by now; times are minutes before now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// Still waits.
    Waits,
    /// With a worker of this name since then.
    With(&'static str, u32),
    /// Seen by this worker from then to then.
    Seen(&'static str, u32, u32),
    /// Left at that time.
    Left(u32),
}

/// One visitor of today.
#[derive(Debug, Clone)]
pub(super) struct Visitor {
    pub(super) letter: char,
    pub(super) number: u32,
    /// Minutes before now that they came.
    pub(super) came: u32,
    pub(super) name: Option<&'static str>,
    pub(super) reason: &'static str,
    pub(super) needs: &'static [Need],
    pub(super) interpreter: Option<&'static str>,
    pub(super) been_before: Option<bool>,
    pub(super) companion: Option<&'static str>,
    pub(super) then: Then,
}

/// Everyone so far, in the order they came.
pub(super) const VISITORS: &[Visitor] = &[
    visitor('A', 1, 58, Some("Mrs Llewellyn"), "The carers come too early, I'm not up", Then::With("Rhian", 35)),
    visitor('A', 2, 55, Some("Ken"), "Blue badge", Then::Seen("Priya", 52, 31)),
    Visitor {
        needs: &[Need::Interpreter],
        interpreter: Some("Polish"),
        been_before: Some(false),
        ..visitor('A', 3, 34, Some("Tadeusz"), POLISH_LETTER, Then::Waits)
    },
    Visitor {
        needs: &[Need::HearingLoop],
        ..visitor('B', 1, 33, Some("Sam"), "I've had to stop driving", Then::With("Priya", 20))
    },
    visitor('A', 4, 30, Some("Ifor"), "Just for a cup of tea and to see who's here", Then::Left(12)),
    Visitor { needs: &[Need::QuietPlace], ..visitor('A', 5, 21, None, "", Then::Waits) },
    visitor('A', 6, 19, Some("Xaliimo"), "Waxaan u baahanahay caawimaad guriga", Then::Left(6)),
    Visitor {
        needs: &[Need::WithCarer, Need::Wheelchair],
        companion: Some("Mr Okafor"),
        been_before: Some(true),
        ..visitor('B', 2, 16, Some("Ifeoma"), "He needs a rail by the bath", Then::Waits)
    },
    Visitor {
        needs: &[Need::Welsh, Need::LargePrint],
        been_before: Some(true),
        ..visitor('A', 7, 9, Some("Eirlys"), "Dw i'n unig ers i Wil farw", Then::Waits)
    },
    visitor('A', 8, 4, Some("Jo"), "Bit lonely since we moved", Then::Waits),
];

const fn visitor(
    letter: char,
    number: u32,
    came: u32,
    name: Option<&'static str>,
    reason: &'static str,
    then: Then,
) -> Visitor {
    Visitor {
        letter,
        number,
        came,
        name,
        reason,
        needs: &[],
        interpreter: None,
        been_before: None,
        companion: None,
        then,
    }
}
