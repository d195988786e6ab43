//! A laptop asks to be taken in, and is: request and approval, with the code that both sides know.

use argon2::{Algorithm, Argon2, Params, Version};
use sealed_log::*;
use serde_json::{Value, json};

use crate::common::{Council, Machine, write};
use crate::council::welcome;
use crate::told::hex;

const SALT: [u8; 16] = [4; 16];
const MADE: i64 = 1_795_428_000_000;

pub(crate) fn told(council: &mut Council) -> Value {
    let random = [0x5a, 1, 2, 3, 4, 5, 6, 0xff];
    let code = Code::from_random(&random);
    let (stretched, newcomer) = (stretched(&code), Machine::new(40));
    let key = CodeKey::from_stretched(&stretched);
    let request = Request { identity: newcomer.identity.publics(), salt: SALT, made: MADE }.encode(&key);
    let grants = vec![write(council.front_desk)];
    let kind = Kind::Enrol { identity: newcomer.identity.publics(), rank: Rank::Laptop, grants };
    let entry = Entry::by_laptop(&council.office.identity, council.id, council.roster.heads(), kind);
    council.roster.add(&entry.encode()).unwrap();
    let approval = Approval {
        root: council.root.public(),
        request: Request::name(&request),
        roster: council.roster.entries().map(|(_, entry)| entry.encode()).collect(),
        welcome: welcome("worker", "C"),
    };
    let bytes = approval.encode(&key, &newcomer.identity.agreement(), [3; 32]).unwrap();
    assert_eq!(Approval::open(&bytes, &key, &newcomer.identity, &request).unwrap().0, approval);
    json!({
        "random": hex(random), "code": code.shown().as_str(), "stretched": hex(stretched),
        "identity": hex(newcomer.identity.secret().as_slice()), "salt": hex(SALT), "made": MADE,
        "request": hex(&request), "name": hex(Request::name(&request).as_bytes()),
        "approval": hex(&bytes), "entries": approval.roster.len(), "role": "worker", "letter": "C",
        "texts": approval.welcome.texts,
    })
}

fn stretched(code: &Code) -> [u8; 32] {
    let (memory, passes, lanes) = CodeKey::COST;
    let params = Params::new(memory, passes, lanes, Some(32)).unwrap();
    let mut stretched = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(code.letters().as_bytes(), &SALT, &mut stretched)
        .unwrap();
    stretched
}
