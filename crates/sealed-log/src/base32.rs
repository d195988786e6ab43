//! Bytes as short lower-case words that sort as the bytes do (the alphabet `0-9a-v`), for file names.

use zeroize::Zeroizing;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";

/// What people read and type: no `i`, `l`, `o` or `u`, nothing that a tired reader takes for another (Crockford's).
pub(crate) const CLEAR: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What was typed, as it was meant: spaces, dashes and small letters do not matter, and look-alikes are what they look
/// like.
pub(crate) fn as_typed(typed: &str) -> Zeroizing<String> {
    let mut letters = Zeroizing::new(String::with_capacity(64));
    for letter in typed.chars() {
        match letter.to_ascii_uppercase() {
            ' ' | '-' | '\n' | '\r' | '\t' => {}
            'O' => letters.push('0'),
            'I' | 'L' => letters.push('1'),
            other => letters.push(other),
        }
    }
    letters
}

/// Letters in groups of four.
pub(crate) fn in_fours(letters: &str, between: char) -> Zeroizing<String> {
    let mut words = Zeroizing::new(String::with_capacity(letters.len() * 5 / 4));
    for (index, letter) in letters.chars().enumerate() {
        if index > 0 && index % 4 == 0 {
            words.push(between);
        }
        words.push(letter);
    }
    words
}

/// Writes bytes as lower-case letters and digits, five bits each, the last padded with zero bits.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    encode_with(ALPHABET, bytes)
}

/// Reads what [`encode`] wrote; anything else, other spellings of the same bytes too, is `None`.
#[must_use]
pub fn decode(text: &str) -> Option<Vec<u8>> {
    decode_with(ALPHABET, text)
}

pub(crate) fn encode_with(alphabet: &[u8; 32], bytes: &[u8]) -> String {
    let mut out = String::with_capacity((bytes.len() * 8).div_ceil(5));
    let mut waiting: u32 = 0;
    let mut bits = 0;
    for byte in bytes {
        waiting = (waiting << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            out.push(letter(alphabet, waiting >> bits));
        }
        waiting &= (1 << bits) - 1;
    }
    if bits > 0 {
        out.push(letter(alphabet, waiting << (5 - bits)));
    }
    out
}

pub(crate) fn decode_with(alphabet: &[u8; 32], text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() * 5 / 8);
    let mut waiting: u32 = 0;
    let mut bits = 0;
    for byte in text.bytes() {
        let value = alphabet.iter().position(|letter| *letter == byte)?;
        waiting = (waiting << 5) | u32::try_from(value).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from((waiting >> bits) & 0xff).ok()?);
            waiting &= (1 << bits) - 1;
        }
    }
    (bits < 5 && waiting == 0).then_some(out)
}

fn letter(alphabet: &[u8; 32], value: u32) -> char {
    let index = usize::try_from(value & 31).unwrap_or(0);
    char::from(alphabet.get(index).copied().unwrap_or(b'0'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn comes_back(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }

        #[test]
        fn sorts_as_the_bytes_do(a in any::<[u8; 8]>(), b in any::<[u8; 8]>()) {
            prop_assert_eq!(encode(&a).cmp(&encode(&b)), a.cmp(&b));
        }

        #[test]
        fn has_one_spelling(text in "[0-9a-v]{0,20}") {
            if let Some(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }
    }
}
