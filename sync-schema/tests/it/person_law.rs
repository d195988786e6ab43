//! A person: different values written at once become one question, with who wrote each; equal ones none.

use automerge::AutoCommit;
use proptest::prelude::*;
use sync_schema::document::person::{self, BornOn, Field, NewPerson};
use sync_schema::{Need, PersonId, VisitId};

use crate::common::{bring, cases, day, edit, meet, orders};

fn mair() -> AutoCommit {
    let new = NewPerson {
        name: Some("Mair Prosser".to_owned()),
        phone: Some("01632 960001".to_owned()),
        postcode: None,
        born_on: Some(BornOn { on: day(3, 1), approximate: true }),
        needs: vec![Need::Welsh],
    };
    person::create(PersonId::from_bytes([1; 16]), new, &edit(1, 0)).unwrap()
}

#[test]
fn two_telephone_numbers_at_once_ask_and_an_answer_settles_it() {
    for answer in ["07700 900111", "07700 900222", "07700 900333"] {
        let mut one = mair();
        let mut two = one.clone();
        person::put(&mut one, Field::Phone, "07700 900111", &edit(1, 60_000)).unwrap();
        person::put(&mut two, Field::Phone, "07700 900222", &edit(2, 120_000)).unwrap();
        bring(&mut one, &mut two);
        bring(&mut two, &mut one);
        let asked = person::questions(&one).unwrap();
        assert_eq!(asked, person::questions(&two).unwrap());
        assert_eq!(asked.len(), 1);
        assert_eq!(asked[0].field, Field::Phone);
        let mut said: Vec<_> = asked[0].values.iter().map(|v| (v.value.as_str(), v.by_name.as_str())).collect();
        assert_eq!(person::read(&one).unwrap().phone.as_deref(), Some(said[0].0));
        said.sort_unstable();
        assert_eq!(said, [("07700 900111", "Worker 1"), ("07700 900222", "Worker 2")]);
        let laptops: Vec<_> = asked[0].values.iter().map(|v| v.laptop.as_str()).collect();
        assert!(laptops.contains(&"Green Lane 1") && laptops.contains(&"Green Lane 2"));

        person::put(&mut two, Field::Phone, answer, &edit(2, 180_000)).unwrap();
        bring(&mut one, &mut two);
        assert_eq!(person::questions(&one).unwrap(), []);
        assert_eq!(person::read(&one).unwrap().phone.as_deref(), Some(answer));
    }
}

#[test]
fn a_value_cleared_on_one_laptop_and_changed_on_another_asks() {
    let mut one = mair();
    let mut two = one.clone();
    person::put(&mut one, Field::Phone, "", &edit(1, 0)).unwrap();
    person::put(&mut two, Field::Phone, "07700 900222", &edit(2, 0)).unwrap();
    bring(&mut one, &mut two);
    let asked = person::questions(&one).unwrap();
    assert_eq!(asked.len(), 1);
    assert!(asked[0].values.iter().any(|value| value.value.is_empty()));
}

#[test]
fn writing_what_stands_changes_nothing() {
    let mut doc = mair();
    let heads = doc.get_heads();
    person::put(&mut doc, Field::Phone, "01632 960001", &edit(1, 0)).unwrap();
    person::put(&mut doc, Field::Postcode, "", &edit(1, 0)).unwrap();
    person::correct_needs(&mut doc, &[Need::Welsh], &edit(1, 0)).unwrap();
    assert_eq!(doc.get_heads(), heads);
}

#[test]
fn a_guessed_date_of_birth_is_read_as_one() {
    let born = person::read(&mair()).unwrap().born_on.unwrap();
    assert!(born.approximate);
    assert_eq!(born.on, day(3, 1));
    assert_eq!(BornOn::parse("not a date"), None);
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_question_is_asked_just_when_values_differ(
        values in prop::collection::vec(prop_oneof![Just("07700 900001"), Just("07700 900002"), Just("07700 900003")], 2..5),
        order in orders(),
    ) {
        let mut laptops = vec![mair(); values.len()];
        for (n, value) in values.iter().enumerate() {
            let by = edit(u8::try_from(n).unwrap() + 1, 0);
            person::put(&mut laptops[n], Field::Phone, value, &by).unwrap();
        }
        meet(&mut laptops, &order);
        let mut different = values.clone();
        different.sort_unstable();
        different.dedup();
        let asked = person::questions(&laptops[0]).unwrap();
        prop_assert_eq!(asked.len(), usize::from(different.len() > 1));
        for question in &asked {
            let mut said: Vec<&str> = question.values.iter().map(|value| value.value.as_str()).collect();
            said.sort_unstable();
            prop_assert_eq!(&said, &different);
        }
        for other in &laptops {
            prop_assert_eq!(&asked, &person::questions(other).unwrap());
            prop_assert_eq!(person::read(&laptops[0]).unwrap(), person::read(other).unwrap());
        }
    }

    #[test]
    fn each_value_comes_with_one_who_wrote_it_and_an_answer_settles_it_everywhere(
        values in prop::collection::vec(prop::sample::select(vec!["07700 900001", "07700 900002", ""]), 2..5),
        answers in prop::collection::vec(prop::sample::select(vec!["07700 900001", "07700 900009"]), 1..3),
        order in orders(),
    ) {
        let mut laptops = vec![mair(); values.len()];
        for (n, value) in values.iter().enumerate() {
            let n = u8::try_from(n).unwrap();
            person::put(&mut laptops[usize::from(n)], Field::Phone, value, &edit(n + 1, i64::from(n) * 60_000)).unwrap();
        }
        meet(&mut laptops, &order);
        laptops = laptops.iter_mut().map(|doc| AutoCommit::load(&doc.save()).unwrap()).collect();
        for said in person::questions(&laptops[0]).unwrap().iter().flat_map(|question| &question.values) {
            let wrote = |n: &usize| {
                let by = edit(u8::try_from(*n).unwrap() + 1, i64::try_from(*n).unwrap() * 60_000);
                values[*n] == said.value && by.by_name == said.by_name && by.laptop == said.laptop
                    && by.now.millis() / 1000 == said.at.millis() / 1000
            };
            prop_assert!((0..values.len()).any(|n| wrote(&n)), "{said:?} was written by nobody");
        }
        for (n, answer) in answers.iter().enumerate() {
            person::put(&mut laptops[n], Field::Phone, answer, &edit(u8::try_from(n).unwrap() + 1, 900_000)).unwrap();
        }
        meet(&mut laptops, &order);
        let mut different = answers.clone();
        different.dedup();
        for doc in &laptops {
            let asked = person::questions(doc).unwrap();
            // Where nothing was in question, an answer that already stood was no edit, and the other one settles it.
            if different.len() == 1 {
                prop_assert_eq!(&asked, &[]);
                let read = person::read(doc).unwrap();
                prop_assert_eq!(read.phone.as_deref(), Some(answers[0]));
            }
            prop_assert_eq!(asked, person::questions(&laptops[0]).unwrap());
        }
    }

    #[test]
    fn visits_linked_on_any_laptop_all_stand(links in prop::collection::vec((0..3_usize, 0..6_u8), 1..10), order in orders()) {
        let mut laptops = vec![mair(); 3];
        for (laptop, visit) in &links {
            let by = edit(u8::try_from(*laptop).unwrap() + 1, 0);
            person::link_visit(&mut laptops[*laptop], VisitId::from_bytes([*visit; 16]), &by).unwrap();
        }
        meet(&mut laptops, &order);
        let mut linked: Vec<_> = links.iter().map(|(_, visit)| VisitId::from_bytes([*visit; 16])).collect();
        linked.sort_unstable();
        linked.dedup();
        for doc in &laptops {
            prop_assert_eq!(&person::read(doc).unwrap().visits, &linked);
        }
    }
}
