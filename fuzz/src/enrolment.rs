//! Enrolment by code: any bytes as a request and as an approval; then the same with the mark that the code gives, and as
//! the answer to a request of ours.

use std::sync::LazyLock;

use super::council::{Council, Enrolling, overlay};
use sealed_log::{Approval, Code, LaptopId, Request};

static ENROLLING: LazyLock<(Enrolling, [u8; 32])> = LazyLock::new(|| (Enrolling::new(), Council::new().root.public()));

/// Reads an input.
pub fn run(input: &[u8]) {
    let (ours, root) = &*ENROLLING;
    if let Ok(typed) = std::str::from_utf8(input)
        && let Some(code) = Code::read(typed)
    {
        assert_eq!(Code::read(&code.shown()), Some(code), "what is shown is what was typed");
    }
    assert!(Request::check(input, &ours.key).is_err() || input == ours.request);
    let _ = Approval::open(input, &ours.key, &ours.laptop, &ours.request);
    request(ours, input);
    approval(ours, root, input);
}

fn request(ours: &Enrolling, input: &[u8]) {
    let mut bytes = input.to_vec();
    ours.mark("request", &mut bytes);
    let Ok(request) = Request::check(&bytes, &ours.key) else { return };
    assert_eq!(Request::peek(&bytes), Ok(request));
    assert_eq!(request.encode(&ours.key), bytes, "a request has one spelling");
}

fn approval(ours: &Enrolling, root: &[u8; 32], input: &[u8]) {
    let mut bytes = input.to_vec();
    overlay(&mut bytes, 0, b"TPTAKE\r\n\x01");
    overlay(&mut bytes, 9, root);
    overlay(&mut bytes, 41, Request::name(&ours.request).as_bytes());
    ours.mark("approval", &mut bytes);
    let Ok((approval, roster)) = Approval::open(&bytes, &ours.key, &ours.laptop, &ours.request) else { return };
    assert_eq!(approval.root, *root);
    assert!(roster.fold().is_live(&LaptopId::of_signing(&ours.laptop.public())), "it takes the newcomer in");
}
