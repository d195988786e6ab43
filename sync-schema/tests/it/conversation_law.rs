//! A conversation: what two laptops wrote both stands, and lists come in one order.

use automerge::AutoCommit;
use proptest::prelude::*;
use sync_schema::document::conversation::{self, NewAction, NewConversation, NewSignpost};
use sync_schema::{ActionId, ConversationId, EventId, ListingId, PersonId, SignpostId, Tool};

use crate::common::{bring, cases, day, edit, event, meet, orders, skew};

pub(crate) fn begun() -> AutoCommit {
    let new = NewConversation {
        person: PersonId::from_bytes([1; 16]),
        visit: None,
        own_words: "I don't know who to ask".to_owned(),
    };
    conversation::create(ConversationId::from_bytes([2; 16]), new, &edit(1, 0)).unwrap()
}

fn rings() -> NewAction {
    NewAction { who: "Mair".to_owned(), what: "rings the carers' café".to_owned(), by_when: Some(day(11, 5)) }
}

#[test]
fn notes_written_on_two_laptops_both_stand() {
    let mut one = begun();
    conversation::write(&mut one, Tool::Notes, "Fell in the garden.", &edit(1, 0)).unwrap();
    let mut two = one.clone();
    conversation::write(&mut one, Tool::Notes, "Fell in the garden. Bruised.", &edit(1, 0)).unwrap();
    conversation::write(&mut two, Tool::Notes, "2 November: Fell in the garden.", &edit(2, 0)).unwrap();
    bring(&mut one, &mut two);
    assert_eq!(conversation::read(&one).unwrap().text(Tool::Notes), "2 November: Fell in the garden. Bruised.");
}

#[test]
fn what_was_struck_or_taken_back_or_finished_no_longer_shows() {
    let mut doc = begun();
    let (action, signpost) = (ActionId::from_bytes([3; 16]), SignpostId::from_bytes([4; 16]));
    let to = NewSignpost {
        listing: ListingId::from_bytes([5; 16]),
        name: "Carers' Café".to_owned(),
        when: None,
        checked_on: Some(day(10, 12)),
    };
    conversation::agree(&mut doc, action, &rings(), &edit(1, 0)).unwrap();
    conversation::signpost(&mut doc, signpost, &to, &edit(1, 0)).unwrap();
    conversation::agreed_done(&mut doc, event(1, 1), action, true, &edit(1, 0)).unwrap();
    conversation::finish(&mut doc, event(1, 2), &edit(1, 0)).unwrap();
    let read = conversation::read(&doc).unwrap();
    assert!(read.agreed[0].done && read.finished_at.is_some());
    assert_eq!(read.agreed[0].action, rings());
    assert_eq!(read.signposts[0].signpost, to);
    conversation::agreed_done(&mut doc, event(1, 3), action, false, &edit(1, 0)).unwrap();
    assert!(!conversation::read(&doc).unwrap().agreed[0].done);
    conversation::strike_agreed(&mut doc, event(1, 4), action, &edit(1, 0)).unwrap();
    conversation::take_back_signpost(&mut doc, event(1, 5), signpost, &edit(1, 0)).unwrap();
    conversation::reopen(&mut doc, event(1, 6), &edit(1, 0)).unwrap();
    let read = conversation::read(&doc).unwrap();
    assert!(read.agreed.is_empty() && read.signposts.is_empty() && read.finished_at.is_none());
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn nothing_written_is_lost(words in prop::collection::vec("[a-z]{3,8}", 2..5), order in orders()) {
        let mut laptops = vec![begun(); words.len()];
        for (n, word) in words.iter().enumerate() {
            let by = edit(u8::try_from(n).unwrap() + 1, 0);
            conversation::write(&mut laptops[n], Tool::GoodDay, &format!("<{word}{n}>"), &by).unwrap();
        }
        meet(&mut laptops, &order);
        let text = conversation::read(&laptops[0]).unwrap().text(Tool::GoodDay);
        for (n, word) in words.iter().enumerate() {
            let written = format!("<{word}{n}>");
            prop_assert!(text.contains(&written), "{text} lacks {written}");
        }
        for doc in &laptops {
            prop_assert_eq!(&conversation::read(doc).unwrap().text(Tool::GoodDay), &text);
        }
    }

    #[test]
    fn what_is_written_is_what_stands(first in any::<String>(), then in any::<String>()) {
        let mut doc = begun();
        for text in ["مريم 👩🏽‍🦽 e\u{301}", &first, &then] {
            conversation::write(&mut doc, Tool::Wishes, text, &edit(2, 0)).unwrap();
            prop_assert_eq!(&conversation::read(&doc).unwrap().text(Tool::Wishes), text);
        }
        let loaded = AutoCommit::load(&doc.save()).unwrap();
        prop_assert_eq!(conversation::read(&loaded).unwrap(), conversation::read(&doc).unwrap());
    }

    #[test]
    fn what_was_agreed_comes_in_one_order(skews in prop::collection::vec(skew(), 2..5), order in orders()) {
        let mut laptops = vec![begun(); skews.len()];
        for (n, skew) in skews.iter().enumerate() {
            let small = u8::try_from(n).unwrap() + 1;
            let by = edit(small, *skew);
            conversation::agree(&mut laptops[n], ActionId::from_bytes([small; 16]), &rings(), &by).unwrap();
            conversation::agree(&mut laptops[n], ActionId::from_bytes([small + 100; 16]), &rings(), &by).unwrap();
            conversation::finish(&mut laptops[n], EventId::from_bytes([small; 16]), &by).unwrap();
        }
        meet(&mut laptops, &order);
        let read = conversation::read(&laptops[0]).unwrap();
        prop_assert_eq!(read.agreed.len(), 2 * skews.len());
        for doc in &laptops {
            prop_assert_eq!(&conversation::read(doc).unwrap(), &read);
        }
    }
}
