//! A schedule in iCalendar terms, said in one plain phrase: "Tuesdays 12pm to 2pm".

use chrono::{Datelike, NaiveDate};
use serde_json::Value;

use super::text::{date, line, list};

/// Days as iCalendar codes them, with their names.
const DAYS: [(&str, &str); 7] = [
    ("MO", "Monday"),
    ("TU", "Tuesday"),
    ("WE", "Wednesday"),
    ("TH", "Thursday"),
    ("FR", "Friday"),
    ("SA", "Saturday"),
    ("SU", "Sunday"),
];

/// Most schedules told of one service; a page of them is a description, not a phrase.
const MOST: usize = 7;

/// Says when a service runs, from its `schedules`; `None` when they say nothing.
///
/// A schedule that is over says until when it ran, rather than being passed off as current or silently dropped.
/// Source: HSDS 3.0 `schedule`, which follows RFC 5545 (`freq`, `interval`, `byday`, `bymonthday`).
pub(super) fn phrase(schedules: &[Value], today: NaiveDate) -> Option<String> {
    let mut said: Vec<String> = Vec::new();
    for phrase in schedules.iter().filter_map(|s| one(s, today)) {
        if !said.contains(&phrase) && said.len() < MOST {
            said.push(phrase);
        }
    }
    (!said.is_empty()).then(|| said.join("; "))
}

fn one(schedule: &Value, today: NaiveDate) -> Option<String> {
    let days = days(schedule);
    let hours = hours(schedule);
    let mut phrase = match (days, hours) {
        (Some(days), Some(hours)) => format!("{days} {hours}"),
        (Some(days), None) => days,
        (None, hours) => {
            let told = line(schedule, "description", 200);
            match (told, hours) {
                (Some(told), _) => told,
                (None, Some(hours)) => capital(&hours),
                (None, None) => return None,
            }
        }
    };
    if let Some(over) = date(schedule, "valid_to").or_else(|| date(schedule, "until")).filter(|d| *d < today) {
        phrase.push_str(&format!(" (until {} {} {})", over.day(), over.format("%B"), over.year()));
    }
    Some(phrase)
}

/// The days: `Tuesdays`, `Monday to Friday`, `Every other Tuesday`, `First Tuesday of the month`.
fn days(schedule: &Value) -> Option<String> {
    let every = schedule.get("interval").and_then(Value::as_u64).unwrap_or(1);
    let codes = list(schedule, "byday");
    let plain: Vec<usize> = codes.iter().filter_map(|c| day(c)).collect();
    match line(schedule, "freq", 20).map(|f| f.to_uppercase()).as_deref() {
        Some("DAILY") => Some(if every == 2 { "Every other day".into() } else { "Every day".into() }),
        Some("MONTHLY") => monthly(schedule, &codes, every),
        Some("WEEKLY") | None if !plain.is_empty() => Some(weekly(plain, every)),
        Some("WEEKLY") if every > 1 => Some(format!("Every {} weeks", number(every))),
        Some("WEEKLY") => Some("Every week".into()),
        Some("YEARLY") => Some("Once a year".into()),
        _ => None,
    }
}

fn weekly(mut days: Vec<usize>, every: u64) -> String {
    days.sort_unstable();
    days.dedup();
    let names: Vec<&str> = days.iter().filter_map(|d| DAYS.get(*d)).map(|d| d.1).collect();
    let together = days.len() >= 3 && days.windows(2).all(|w| matches!(w, [a, b] if b - a == 1));
    match (names.as_slice(), every) {
        ([_, _, _, _, _, _, _], 0..=1) => "Every day".into(),
        ([first, .., last], 0..=1) if together => format!("{first} to {last}"),
        (names, 0..=1) => and(&names.iter().map(|n| format!("{n}s")).collect::<Vec<_>>()),
        (names, 2) => format!("Every other {}", and(names)),
        (names, n) => format!("{} every {} weeks", and(names), number(n)),
    }
}

fn monthly(schedule: &Value, codes: &[String], every: u64) -> Option<String> {
    let month = match every {
        0..=1 => "of the month".to_owned(),
        2 => "of every other month".to_owned(),
        n => format!("of every {} months", number(n)),
    };
    let nth: Vec<String> = codes
        .iter()
        .filter_map(|c| {
            let split = c.len().checked_sub(2)?;
            let (which, code) = c.split_at_checked(split)?;
            let name = DAYS.get(day(code)?)?.1;
            let which = match which.trim_start_matches('+') {
                "" => "every",
                "1" => "first",
                "2" => "second",
                "3" => "third",
                "4" => "fourth",
                "5" => "fifth",
                "-1" => "last",
                _ => return None,
            };
            Some(format!("{which} {name}"))
        })
        .collect();
    let dates: Vec<u32> =
        list(schedule, "bymonthday").iter().filter_map(|d| d.parse().ok()).filter(|d| (1..=31).contains(d)).collect();
    if !nth.is_empty() {
        Some(capital(&format!("{} {month}", and(&nth))))
    } else if !dates.is_empty() {
        Some(format!("On the {} {month}", and(&dates.iter().map(|d| ordinal(*d)).collect::<Vec<_>>())))
    } else {
        Some(if every > 1 { format!("Every {} months", number(every)) } else { "Once a month".into() })
    }
}

fn hours(schedule: &Value) -> Option<String> {
    let at = |key| line(schedule, key, 40).and_then(|t| clock(&t));
    match (at("opens_at"), at("closes_at")) {
        (Some(opens), Some(closes)) => Some(format!("{opens} to {closes}")),
        (Some(opens), None) => Some(format!("from {opens}")),
        (None, Some(closes)) => Some(format!("until {closes}")),
        (None, None) => None,
    }
}

/// `12:30:00` as `12:30pm`, in the style of GOV.UK; midnight and noon by name.
fn clock(text: &str) -> Option<String> {
    let time = text.rsplit('T').next()?.trim();
    // `-1` is no one o'clock.
    if !time.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let mut parts = time.split(|c: char| !c.is_ascii_digit()).filter(|p| !p.is_empty());
    let hour: u32 = parts.next()?.parse().ok()?;
    let minute: u32 = parts.next().map_or(Some(0), |m| m.parse().ok())?;
    if hour > 24 || minute > 59 || (hour == 24 && minute > 0) {
        return None;
    }
    let half = if (12..24).contains(&hour) { "pm" } else { "am" };
    let shown = match hour % 12 {
        0 => 12,
        h => h,
    };
    Some(match (hour, minute) {
        (0 | 24, 0) => "midnight".into(),
        (_, 0) => format!("{shown}{half}"),
        _ => format!("{shown}:{minute:02}{half}"),
    })
}

fn day(code: &str) -> Option<usize> {
    DAYS.iter().position(|d| d.0.eq_ignore_ascii_case(code.trim()))
}

fn and<T: AsRef<str>>(words: &[T]) -> String {
    match words {
        [] => String::new(),
        [one] => one.as_ref().to_owned(),
        [before @ .., last] => {
            let before: Vec<&str> = before.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", before.join(", "), last.as_ref())
        }
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn number(n: u64) -> String {
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
        .get(usize::try_from(n).unwrap_or(usize::MAX))
        .map_or_else(|| n.to_string(), |w| (*w).to_owned())
}

fn ordinal(n: u32) -> String {
    let end = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{end}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(schedules: Value) -> Option<String> {
        phrase(schedules.as_array().unwrap(), NaiveDate::from_ymd_opt(2026, 11, 23).unwrap())
    }

    #[test]
    fn schedules_become_plain_phrases() {
        let weekly = |byday: &str, opens: &str, closes: &str| json!([{"freq": "WEEKLY", "interval": 1, "byday": byday, "opens_at": opens, "closes_at": closes}]);
        let cases = [
            (weekly("TU", "12:00:00", "14:00:00"), Some("Tuesdays 12pm to 2pm")),
            (weekly("TH,FR", "10:00", "18:30"), Some("Thursdays and Fridays 10am to 6:30pm")),
            (weekly("FR, MO,TH,WE,TU", "09:00:00Z", "17:00:00Z"), Some("Monday to Friday 9am to 5pm")),
            (weekly("MO,TU,WE,TH,FR,SA,SU", "00:00", "24:00"), Some("Every day midnight to midnight")),
            (weekly("MO,WE,FR", "10:05", "11:00"), Some("Mondays, Wednesdays and Fridays 10:05am to 11am")),
            (
                json!([{"freq": "WEEKLY", "interval": 2, "byday": "TU", "opens_at": "12:00"}]),
                Some("Every other Tuesday from 12pm"),
            ),
            (json!([{"freq": "WEEKLY", "interval": 3, "byday": ["TU"]}]), Some("Tuesday every three weeks")),
            (
                json!([{"freq": "MONTHLY", "byday": "1TU,-1FR", "opens_at": "14:00", "closes_at": "16:00"}]),
                Some("First Tuesday and last Friday of the month 2pm to 4pm"),
            ),
            (json!([{"freq": "MONTHLY", "bymonthday": "2,3,11"}]), Some("On the 2nd, 3rd and 11th of the month")),
            (json!([{"freq": "DAILY", "opens_at": "7:15", "closes_at": "nonsense"}]), Some("Every day from 7:15am")),
            (json!([{"byday": "SA", "valid_to": "2005-01-01"}]), Some("Saturdays (until 1 January 2005)")),
            (json!([{"description": "By appointment"}]), Some("By appointment")),
            (json!([{"opens_at": "25:00", "freq": "SOMETIMES"}, {}, 7]), None),
            (json!([{"byday": "TU", "opens_at": "25:99", "closes_at": "-1"}]), Some("Tuesdays")),
            (json!([{"byday": "MO"}, {"byday": "TH"}, {"byday": "MO"}]), Some("Mondays; Thursdays")),
            (json!([{"freq": "MONTHLY", "byday": "é"}]), Some("Once a month")),
        ];
        for (schedules, want) in cases {
            assert_eq!(said(schedules.clone()).as_deref(), want, "{schedules}");
        }
    }
}
