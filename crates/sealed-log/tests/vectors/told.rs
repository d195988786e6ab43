//! How a vector is told: bytes in hexadecimal, reasons by their codes, files compared with what is kept.

use std::path::Path;

use sealed_log::*;
use serde_json::{Value, json};

pub(crate) fn hex(bytes: impl AsRef<[u8]>) -> String {
    bytes.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn stop(stop: &Stop) -> Value {
    match stop {
        Stop::Refused(refusal) => json!(format!("refused: {}", refusal.code())),
        Stop::Waits(waits) => json!(format!("waits: {}", waits.code())),
    }
}

/// Compares a vector with the one that is kept, or keeps it when told to.
pub(crate) fn kept(name: &str, vector: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(format!("{name}.json"));
    // In the order of their names, whether or not another crate of the workspace has serde_json keep another.
    let mut vector = vector.clone();
    vector.sort_all_objects();
    let mut text = serde_json::to_string_pretty(&vector).unwrap();
    text.push('\n');
    if std::env::var_os("TALKING_POINT_VECTORS").is_some_and(|word| word == "write") {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).expect("the vectors are kept in the repository");
    assert!(kept == text, "{name}.json is not what is written now: version 1 has changed");
}

/// Leaves a vector in the target folder, for the decoder alone.
pub(crate) fn left(name: &str, vector: &Value) {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("vectors").join(format!("{name}.json"));
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, vector.to_string()).unwrap();
}
