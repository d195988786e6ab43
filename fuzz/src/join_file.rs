//! Join files: any bytes; then the same with a right checksum.

use sealed_log::JoinFile;

/// Reads an input.
pub fn run(input: &[u8]) {
    try_out(input);
    let Some(length) = input.len().checked_sub(16) else { return };
    let check = blake3::derive_key("talking-point v1 join file", &input[..length]);
    let mut bytes = input.to_vec();
    bytes[length..].copy_from_slice(&check[..16]);
    try_out(&bytes);
}

fn try_out(bytes: &[u8]) {
    let Ok((file, roster)) = JoinFile::decode(bytes) else { return };
    assert_eq!(file.encode().as_slice(), bytes, "a join file has one spelling");
    assert!(roster.fold().is_live(&file.identity.laptop()), "it takes the newcomer in");
}
