//! What was typed, made fit to keep: control characters out, ends trimmed, length and sense checked.
//!
//! Every refusal is bound to the field it is about. Nothing here reads or writes.

use chrono::{Datelike, Months, NaiveDate};
use sync_schema::{CalendarDate, Need};

use crate::error::HubError;

/// Most characters in a name, a companion, or who agreed to something.
pub(crate) const NAME_MOST: u32 = 300;
/// Most characters in a reason, in notes, and under one heading of a conversation.
pub(crate) const TEXT_MOST: u32 = 20_000;
/// Most characters in what somebody agreed to do.
pub(crate) const AGREED_MOST: u32 = 2_000;
/// Most characters in a language, a telephone number, a short code.
pub(crate) const SHORT_MOST: u32 = 100;
/// Nobody was born this many years ago or earlier.
pub(crate) const OLDEST_YEARS: u32 = 130;
/// The first year from which anybody can have waited.
pub(crate) const FIRST_YEAR_OF_WAITING: i32 = 1990;

/// One line: no control characters and none that turn the direction of what follows, spaces trimmed at its ends. Empty, or only invisible characters: nothing.
pub(crate) fn line(typed: &str, most: u32, field: &'static str) -> Result<Option<String>, HubError> {
    let kept: String =
        typed.chars().map(|c| if c == '\n' || c == '\t' { ' ' } else { c }).filter(|c| !steers_others(*c)).collect();
    let kept = kept.trim();
    within(kept, most, field)?;
    Ok(kept.chars().any(is_visible).then(|| kept.to_owned()))
}

/// As [`line`], where something is needed.
pub(crate) fn needed_line(typed: &str, most: u32, field: &'static str) -> Result<String, HubError> {
    line(typed, most, field)?.ok_or(HubError::Empty { field })
}

/// Long text: control characters out except line ends and tabs; its ends as typed, so that typing can go on.
pub(crate) fn text(typed: &str, field: &'static str) -> Result<String, HubError> {
    let unix = typed.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = unix.chars().filter(|c| !steers_others(*c) || matches!(c, '\n' | '\t')).collect();
    within(&kept, TEXT_MOST, field)?;
    Ok(kept)
}

/// Each need once, in the order of the list.
pub(crate) fn needs(told: &[Need]) -> Vec<Need> {
    Need::ALL.iter().copied().filter(|need| told.contains(need)).collect()
}

/// A telephone number as typed: 3 to 20 digits, with whatever else makes it readable. Empty: none.
pub(crate) fn phone(typed: &str) -> Result<Option<String>, HubError> {
    let field = "phone";
    let Some(kept) = line(typed, SHORT_MOST, field)? else { return Ok(None) };
    let digits = kept.chars().filter(char::is_ascii_digit).count();
    if (3..=20).contains(&digits) { Ok(Some(kept)) } else { Err(HubError::NotAPhone { field }) }
}

/// A postcode of the United Kingdom, tidy: `BS1 4ST`. Empty: none.
pub(crate) fn postcode(typed: &str) -> Result<Option<String>, HubError> {
    let field = "postcode";
    let Some(kept) = line(typed, SHORT_MOST, field)? else { return Ok(None) };
    let packed: String = kept.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
    let shape: String = packed.chars().map(shape_of).collect();
    let outward = shape.strip_suffix("9AA").unwrap_or_default();
    if !matches!(outward, "A9" | "A99" | "AA9" | "AA99" | "A9A" | "AA9A" | "AAA") {
        return Err(HubError::NotAPostcode { field });
    }
    let (front, back) = packed.split_at(outward.len());
    Ok(Some(format!("{front} {back}")))
}

/// A date of birth from three fields as typed: a real day, not after `today`, not 130 years ago.
pub(crate) fn born_on(day: &str, month: &str, year: &str, today: NaiveDate) -> Result<CalendarDate, HubError> {
    let field = "bornOn";
    let number = |typed: &str| typed.trim().parse::<u32>().map_err(|_| HubError::NotADate { field });
    if year.trim().len() != 4 {
        return Err(HubError::NotADate { field });
    }
    let year = i32::try_from(number(year)?).map_err(|_| HubError::NotADate { field })?;
    let date = NaiveDate::from_ymd_opt(year, number(month)?, number(day)?).ok_or(HubError::NotADate { field })?;
    known_day(date, today, field)
}

/// The same for a date of birth that is a date already.
pub(crate) fn known_day(date: NaiveDate, today: NaiveDate, field: &'static str) -> Result<CalendarDate, HubError> {
    let oldest = today.checked_sub_months(Months::new(OLDEST_YEARS * 12)).unwrap_or(NaiveDate::MIN);
    match date {
        _ if date > today => Err(HubError::DateInFuture { field }),
        _ if date <= oldest => Err(HubError::DateTooLongAgo { field }),
        _ => Ok(CalendarDate::new(date)),
    }
}

/// The day someone asked: not after `today`, not before 1990.
pub(crate) fn requested_on(date: CalendarDate, today: NaiveDate) -> Result<CalendarDate, HubError> {
    let field = "requestedOn";
    match date.naive() {
        day if day > today => Err(HubError::DateInFuture { field }),
        day if day.year() < FIRST_YEAR_OF_WAITING => Err(HubError::DateTooLongAgo { field }),
        _ => Ok(date),
    }
}

fn within(text: &str, most: u32, field: &'static str) -> Result<(), HubError> {
    if text.chars().count() > most as usize { Err(HubError::TooLong { field, most }) } else { Ok(()) }
}

fn shape_of(c: char) -> char {
    match c {
        'A'..='Z' => 'A',
        '0'..='9' => '9',
        _ => '?',
    }
}

/// True for control characters, and for marks that turn the direction of whatever is written after them: on a screen
/// or in an export they would turn other people's words round. A right-to-left name needs none of them.
fn steers_others(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// False for spaces and for marks that only steer or join the characters round them.
fn is_visible(c: char) -> bool {
    let steers = matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}');
    !c.is_whitespace() && !steers
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn named(typed: &str) -> Option<String> {
        line(typed, NAME_MOST, "name").unwrap()
    }

    #[test]
    fn names_of_every_kind() {
        assert_eq!(named(""), None);
        assert_eq!(named("  \t "), None);
        assert_eq!(named("\u{200b}\u{202e}"), None);
        assert_eq!(named("M").as_deref(), Some("M"));
        assert_eq!(named(" Siân O’Neill-ap\u{0}\u{7} ").as_deref(), Some("Siân O’Neill-ap"));
        assert_eq!(named("👩‍🦽 Ann").as_deref(), Some("👩‍🦽 Ann"));
        assert_eq!(named("مريم").as_deref(), Some("مريم"));
        assert_eq!(named("\u{202e}nnA\u{202c} \u{2067}Lee\u{2069}").as_deref(), Some("nnA Lee"));
        assert_eq!(named("\u{200f}مريم\u{200e}").as_deref(), Some("\u{200f}مريم\u{200e}"));
        assert_eq!(named("👨‍👩‍👧‍👦 🏴󠁧󠁢󠁷󠁬󠁳󠁿").as_deref(), Some("👨‍👩‍👧‍👦 🏴󠁧󠁢󠁷󠁬󠁳󠁿"));
        assert_eq!(named("Anna\nMaria").as_deref(), Some("Anna Maria"));
        assert_eq!(named(&"ŵ".repeat(300)).map(|n| n.chars().count()), Some(300));
        assert_eq!(line(&"ŵ".repeat(301), NAME_MOST, "name"), Err(HubError::TooLong { field: "name", most: 300 }));
        assert_eq!(needed_line(" ", NAME_MOST, "who"), Err(HubError::Empty { field: "who" }));
    }

    #[test]
    fn long_text_keeps_its_lines() {
        assert_eq!(text("one\r\ntwo\rthree\tfour\u{0}\u{1b}[2J ", "reason").unwrap(), "one\ntwo\nthree\tfour[2J ");
        assert_eq!(text(&"ż".repeat(20_000), "reason").unwrap().chars().count(), 20_000);
        assert_eq!(text(&"ż".repeat(20_001), "reason"), Err(HubError::TooLong { field: "reason", most: 20_000 }));
    }

    #[test]
    fn telephones_and_postcodes() {
        assert_eq!(phone("").unwrap(), None);
        assert_eq!(phone(" 0117 496 0123 (Ann) ").unwrap().as_deref(), Some("0117 496 0123 (Ann)"));
        assert_eq!(phone("ring Ann"), Err(HubError::NotAPhone { field: "phone" }));
        assert_eq!(postcode(" bs14st").unwrap().as_deref(), Some("BS1 4ST"));
        assert_eq!(postcode("Ec1a 1bb").unwrap().as_deref(), Some("EC1A 1BB"));
        assert_eq!(postcode("").unwrap(), None);
        for bad in ["BS1", "12345", "BS1 4S", "ŵS1 4ST", "4ST"] {
            assert_eq!(postcode(bad), Err(HubError::NotAPostcode { field: "postcode" }), "{bad}");
        }
    }

    #[test]
    fn dates_of_birth() {
        let today = day("2026-11-23");
        let of = |d: &str, m: &str, y: &str| born_on(d, m, y, today);
        assert_eq!(of("27", " 3", "1948").unwrap(), CalendarDate::new(day("1948-03-27")));
        assert_eq!(of("23", "11", "2026").unwrap(), CalendarDate::new(today));
        assert_eq!(of("24", "11", "2026"), Err(HubError::DateInFuture { field: "bornOn" }));
        assert_eq!(of("23", "11", "1896"), Err(HubError::DateTooLongAgo { field: "bornOn" }));
        assert!(of("24", "11", "1896").is_ok());
        for (d, m, y) in [("31", "2", "1950"), ("", "", ""), ("1", "1", "48"), ("1", "1", "0x48"), ("-1", "1", "1948")]
        {
            assert_eq!(of(d, m, y), Err(HubError::NotADate { field: "bornOn" }), "{d}/{m}/{y}");
        }
    }

    #[test]
    fn the_twenty_ninth_of_february_is_there_in_leap_years_alone() {
        let today = day("2028-02-29");
        let of = |d: &str, m: &str, y: &str| born_on(d, m, y, today);
        assert!(of("29", "2", "1948").is_ok() && of("29", "2", "2000").is_ok() && of("29", "02", "2028").is_ok());
        assert_eq!(of("29", "2", "1947"), Err(HubError::NotADate { field: "bornOn" }));
        assert_eq!(of("29", "2", "1900"), Err(HubError::NotADate { field: "bornOn" }));
        // 130 years before a day that 1898 did not have: the 28th is the last that is too long ago.
        assert_eq!(of("28", "2", "1898"), Err(HubError::DateTooLongAgo { field: "bornOn" }));
        assert!(of("1", "3", "1898").is_ok());
    }

    #[test]
    fn days_of_asking() {
        let today = day("2026-11-23");
        let of = |text: &str| requested_on(CalendarDate::new(day(text)), today);
        assert!(of("2026-11-23").is_ok() && of("1990-01-01").is_ok());
        assert_eq!(of("2026-11-24"), Err(HubError::DateInFuture { field: "requestedOn" }));
        assert_eq!(of("1989-12-31"), Err(HubError::DateTooLongAgo { field: "requestedOn" }));
    }

    proptest! {
        #[test]
        fn whatever_is_typed_a_line_is_clean_or_refused(typed in any::<String>()) {
            match line(&typed, NAME_MOST, "name") {
                Ok(Some(kept)) => {
                    prop_assert!(kept.chars().count() <= 300 && !kept.chars().any(char::is_control));
                    prop_assert_eq!(line(&kept, NAME_MOST, "name"), Ok(Some(kept.clone())));
                }
                Ok(None) => prop_assert!(!typed.chars().any(|c| c.is_alphanumeric())),
                Err(error) => prop_assert_eq!(error, HubError::TooLong { field: "name", most: 300 }),
            }
        }

        #[test]
        fn whatever_is_typed_nothing_panics(typed in any::<String>()) {
            let today = day("2026-11-23");
            let _ = (text(&typed, "reason"), phone(&typed), postcode(&typed), born_on(&typed, &typed, &typed, today));
        }
    }
}
