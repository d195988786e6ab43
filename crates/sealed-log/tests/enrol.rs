//! Enrolment by code: each side knows the other by a secret that never travels.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop here")]

mod common;

use common::*;
use proptest::prelude::*;
use sealed_log::*;

fn stretched(code: &Code) -> CodeKey {
    // What Argon2id does is the caller's; here any function of the code will do.
    let mut key = [7; 32];
    key.iter_mut().zip(code.letters().bytes()).for_each(|(to, from)| *to = from);
    CodeKey::from_stretched(&key)
}

fn code() -> Code {
    Code::from_random(&[0x5a, 1, 2, 3, 4, 5, 6, 7])
}

fn request(machine: &Machine) -> Vec<u8> {
    Request { identity: machine.identity.publics(), salt: [4; 16], made: 1_795_428_000_000 }.encode(&stretched(&code()))
}

fn approved(council: &mut Council, machine: &Machine, asked: &[u8]) -> Approval {
    let grants = vec![write(council.front_desk)];
    let kind = Kind::Enrol { identity: machine.identity.publics(), rank: Rank::Laptop, grants };
    let entry = Entry::by_laptop(&council.office.identity, council.id, council.roster.heads(), kind);
    council.roster.add(&entry.encode()).unwrap();
    let welcome =
        Welcome { role: "worker".into(), letter: "C".into(), texts: [("hub".into(), "Green Lane".into())].into() };
    let roster = council.roster.entries().map(|(_, entry)| entry.encode()).collect();
    Approval { root: council.root.public(), request: Request::name(asked), roster, welcome }
}

#[test]
fn a_request_is_checked_by_its_code() {
    let machine = Machine::new(40);
    let asked = request(&machine);
    assert!(asked.len() < 1024);
    assert_eq!(Request::check(&asked, &stretched(&code())).unwrap().identity, machine.identity.publics());
    let other = Code::from_random(&[9; 8]);
    assert_eq!(Request::check(&asked, &stretched(&other)), Err(EnrolError::WrongCode));
    assert_eq!(Request::peek(&asked[..40]), Err(EnrolError::NotOne));
    assert_eq!(Request::peek(b"hello"), Err(EnrolError::NotOne));
    let mut newer = asked.clone();
    newer[8] = 2;
    assert_eq!(Request::peek(&newer), Err(EnrolError::Newer(2)));
}

#[test]
fn an_approval_opens_for_the_laptop_that_asked_and_by_its_code() {
    let mut council = Council::new();
    let machine = Machine::new(40);
    let asked = request(&machine);
    let approval = approved(&mut council, &machine, &asked);
    let key = stretched(&code());
    let bytes = approval.encode(&key, &machine.identity.agreement(), [3; 32]).unwrap();
    let (opened, roster) = Approval::open(&bytes, &key, &machine.identity, &asked).unwrap();
    assert_eq!(opened, approval);
    assert_eq!(roster.fold(), council.roster.fold());
    // What it is told is nobody else's to read.
    assert!(!bytes.windows(10).any(|part| part == b"Green Lane"));
    let other = stretched(&Code::from_random(&[9; 8]));
    let open = |key: &CodeKey, machine: &Machine, asked: &[u8]| {
        Approval::open(&bytes, key, &machine.identity, asked).map(drop).unwrap_err()
    };
    assert_eq!(open(&other, &machine, &asked), EnrolError::WrongCode);
    assert_eq!(open(&key, &Machine::new(50), &asked), EnrolError::Disagrees);
    assert_eq!(open(&key, &machine, &request(&Machine::new(50))), EnrolError::AnotherRequest);
    // A roster without the newcomer, or of a root that does not vouch for it.
    let mut without = approval.clone();
    without.roster = Council::new().roster.entries().map(|(_, entry)| entry.encode()).collect();
    let bytes = without.encode(&key, &machine.identity.agreement(), [3; 32]).unwrap();
    assert_eq!(Approval::open(&bytes, &key, &machine.identity, &asked).unwrap_err(), EnrolError::Disagrees);
    let mut foreign = approval;
    foreign.root = RootSeed::from_secret(&[99; 32]).public();
    let bytes = foreign.encode(&key, &machine.identity.agreement(), [3; 32]).unwrap();
    assert_eq!(Approval::open(&bytes, &key, &machine.identity, &asked).unwrap_err(), EnrolError::Disagrees);
}

proptest! {
    #[test]
    fn a_code_is_read_however_it_is_typed(random in any::<[u8; 8]>()) {
        let code = Code::from_random(&random);
        prop_assert_eq!(code.shown().len(), 14);
        let typed = code.shown().to_lowercase().replace('0', "o").replace('1', "l").replace('-', " ");
        prop_assert_eq!(Code::read(&typed), Some(code));
    }

    #[test]
    fn a_flipped_bit_is_noticed(at in any::<prop::sample::Index>(), bit in 0usize..8) {
        let mut council = Council::new();
        let machine = Machine::new(40);
        let asked = request(&machine);
        let key = stretched(&code());
        let mut spoilt = asked.clone();
        spoilt[at.index(asked.len())] ^= 1 << bit;
        prop_assert!(Request::check(&spoilt, &key).is_err());
        let bytes = approved(&mut council, &machine, &asked).encode(&key, &machine.identity.agreement(), [3; 32]).unwrap();
        let mut spoilt = bytes.clone();
        spoilt[at.index(bytes.len())] ^= 1 << bit;
        prop_assert!(Approval::open(&spoilt, &key, &machine.identity, &asked).is_err());
    }
}

#[test]
fn what_is_no_code_is_not_read() {
    for typed in ["", "ABCD-EFGH-JKL", "ABCD-EFGH-JKLMN", "ABCD-EFGH-JKL!", "ABCD-EFGH-JKLÜ", "UUUU-UUUU-UUUU"] {
        assert_eq!(Code::read(typed), None, "{typed}");
    }
}
