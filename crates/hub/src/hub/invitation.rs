//! What a newcomer is told, by a join file or an approval: what the new laptop is called, where it works, for whom.

use std::collections::BTreeMap;

use sealed_log::Welcome;
use sync_schema::HubId;

use super::Standing;
use crate::error::HubError;
use crate::view::shell::{HubRow, Role};

const COUNCIL: &str = "council";
const LAPTOP: &str = "laptop";
const HOME: &str = "home";
/// Before a hub's id.
const HUB: &str = "hub ";
/// Most hubs that a join file names; the rest come with the records.
const HUBS_MOST: usize = 40;

/// Puts the words in. `home` is where the inviter works, and the newcomer unless it says another hub's name.
pub(super) fn words(
    role: Role,
    letter: String,
    laptop: Option<String>,
    council: &str,
    (home, hubs): (HubId, &[HubRow]),
) -> Welcome {
    let mut told = Welcome { role: role.code().to_owned(), letter, texts: BTreeMap::new() };
    told.texts.insert(COUNCIL.to_owned(), council.to_owned());
    told.texts.insert(HOME.to_owned(), home.to_string());
    if let Some(laptop) = laptop {
        told.texts.insert(LAPTOP.to_owned(), laptop);
    }
    let here = hubs.iter().filter(|hub| hub.id == home);
    for hub in here.chain(hubs.iter().filter(|hub| hub.id != home)).take(HUBS_MOST) {
        told.texts.insert(format!("{HUB}{}", hub.id), hub.name.clone());
    }
    told
}

/// What a laptop becomes that is told this, when `typed` is what it is to be called: a hub's name, or a name that begins
/// with one, makes it work there.
pub(super) fn standing(told: &Welcome, typed: Option<String>) -> Result<Standing, HubError> {
    let text = |name: &str| told.texts.get(name).cloned();
    let role = Role::from_code(&told.role).ok_or(HubError::JoinFileOther)?;
    let hubs: Vec<HubRow> = told.texts.iter().filter_map(|(name, text)| hub_of(name, text)).collect();
    let called = typed.or_else(|| text(LAPTOP));
    let said = called.as_deref().map(str::to_lowercase).unwrap_or_default();
    let named = hubs.iter().filter(|hub| said.starts_with(&hub.name.to_lowercase())).max_by_key(|hub| hub.name.len());
    let home: HubId = text(HOME).and_then(|id| id.parse().ok()).ok_or(HubError::NotAJoinFile)?;
    let home = named
        .or_else(|| hubs.iter().find(|hub| hub.id == home))
        .cloned()
        .unwrap_or(HubRow { id: home, name: String::new() });
    let laptop = match called {
        Some(name) if !hubs.iter().any(|hub| hub.name.eq_ignore_ascii_case(&name)) => name,
        _ => format!("{} {}", home.name, place_of(&told.letter)),
    };
    Ok(Standing {
        council: text(COUNCIL).unwrap_or_default(),
        laptop,
        letter: told.letter.clone(),
        role: Some(role),
        home: home.id,
        home_name: home.name,
    })
}

fn hub_of(name: &str, text: &str) -> Option<HubRow> {
    let id = name.strip_prefix(HUB)?.parse().ok()?;
    Some(HubRow { id, name: text.to_owned() })
}

/// `B` after `A`, `AA` after `Z`.
pub(super) fn letter_after(letter: &str) -> String {
    match letter.char_indices().last() {
        Some((at, last @ 'A'..='Y')) => {
            let next = char::from_u32(u32::from(last) + 1).unwrap_or('A');
            format!("{}{next}", letter.get(..at).unwrap_or_default())
        }
        Some((at, 'Z')) => format!("{}A", letter_after(letter.get(..at).unwrap_or_default())),
        _ => "A".to_owned(),
    }
}

/// 1 for `A`, 27 for `AA`.
fn place_of(letter: &str) -> u32 {
    letter
        .bytes()
        .fold(0_u32, |sum, byte| sum.saturating_mul(26).saturating_add(u32::from(byte.saturating_sub(b'A')) + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_go_on_after_z() {
        let mut letter = "A".to_owned();
        for _ in 1..28 {
            letter = letter_after(&letter);
        }
        assert_eq!((letter.as_str(), place_of(&letter)), ("AB", 28));
    }
}
