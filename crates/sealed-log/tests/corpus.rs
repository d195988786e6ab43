//! What the fuzzer found worth keeping, read again by the same functions: a fault that was found once stays found.

#![allow(dead_code, unreachable_pub, reason = "it is a crate of its own elsewhere")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test may stop here")]

#[path = "../../../fuzz/src/lib.rs"]
mod fuzz;

use std::path::Path;

type Reads = fn(&[u8]);

#[test]
fn the_kept_corpora_are_read_as_they_should_be() {
    let targets: [(&str, Reads); 7] = [
        ("enrolment", fuzz::enrolment::run),
        ("join_file", fuzz::join_file::run),
        ("relay", fuzz::relay::run),
        ("roster", fuzz::roster::run),
        ("seen", fuzz::seen::run),
        ("segment", fuzz::segment::run),
        ("snapshot", fuzz::snapshot::run),
    ];
    for (target, run) in targets {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(target);
        let mut read = 0;
        for file in std::fs::read_dir(&folder).unwrap() {
            let path = file.unwrap().path();
            println!("{}", path.display());
            run(&std::fs::read(path).unwrap());
            read += 1;
        }
        assert!(read > 0, "there is something to read in {}", folder.display());
    }
}
