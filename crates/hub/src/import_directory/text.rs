//! Taking text out of someone else's JSON: trimmed, bounded, without mark-up or control characters.

use chrono::NaiveDate;
use serde_json::Value;

/// One line of at most `most` characters; `None` when there is nothing to say.
pub(super) fn line(from: &Value, key: &str, most: usize) -> Option<String> {
    let text = plain(&raw(from, key)?);
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    bounded(joined, most)
}

/// Several lines of at most `most` characters in all.
pub(super) fn lines(from: &Value, key: &str, most: usize) -> Option<String> {
    let text = plain(&raw(from, key)?);
    let mut kept: Vec<String> = Vec::new();
    for line in text.lines() {
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        // One empty line between paragraphs is enough.
        if !line.is_empty() || kept.last().is_some_and(|l| !l.is_empty()) {
            kept.push(line);
        }
    }
    bounded(kept.join("\n").trim().to_owned(), most)
}

/// A day written as `2026-11-23`, whatever follows it.
pub(super) fn date(from: &Value, key: &str) -> Option<NaiveDate> {
    raw(from, key)?.trim().get(..10)?.parse().ok()
}

/// The items of a list, or of a string with commas.
pub(super) fn list(from: &Value, key: &str) -> Vec<String> {
    let split = |s: &str| s.split(',').map(|i| i.trim().to_owned()).filter(|i| !i.is_empty()).collect::<Vec<_>>();
    match from.get(key) {
        Some(Value::String(s)) => split(s),
        Some(Value::Array(items)) => items.iter().filter_map(scalar).flat_map(|s| split(&s)).collect(),
        Some(Value::Number(n)) => vec![n.to_string()],
        _ => Vec::new(),
    }
}

/// The items of an array; nothing when it is none.
pub(super) fn items<'a>(from: &'a Value, key: &str) -> &'a [Value] {
    from.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn raw(from: &Value, key: &str) -> Option<String> {
    from.get(key).and_then(scalar)
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(s) => Some(s.clone()),
        Value::Number(n) => Some(n.to_string()),
        _ => None,
    }
}

fn bounded(text: String, most: usize) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    if text.chars().count() <= most {
        return Some(text);
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    Some(short)
}

/// Text without tags, the commonest entities or control characters; the end of a block is the end of a line.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        let (before, from) = rest.split_at(open);
        out.push_str(before);
        let tag = from.get(1..).filter(|t| t.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/'));
        match tag.and_then(|t| t.find('>')) {
            Some(close) => {
                let name = tag.and_then(|t| t.get(..close)).unwrap_or_default().trim_matches('/').to_ascii_lowercase();
                let block = ["p", "br", "li", "div", "ul", "ol", "tr", "h1", "h2", "h3", "h4"];
                let first = name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
                out.push(if block.contains(&first) { '\n' } else { ' ' });
                let opens = tag.is_some_and(|t| !t.starts_with('/'));
                rest = after(from.get(close + 2..).unwrap_or_default(), if opens { first } else { "" });
            }
            None => {
                out.push('<');
                rest = from.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    for (entity, letter) in [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&pound;", "£"),
        ("&amp;", "&"),
    ] {
        if out.contains(entity) {
            out = out.replace(entity, letter);
        }
    }
    out.retain(|c| c == '\n' || c == '\t' || !c.is_control());
    out
}

/// What follows an opening tag of this name; a script and a style sheet are no text, so their whole element is left out.
fn after<'a>(rest: &'a str, tag: &str) -> &'a str {
    if tag != "script" && tag != "style" {
        return rest;
    }
    // Lower case of ASCII alone, so that the places in both are the same.
    let end = rest.to_ascii_lowercase().find(&format!("</{tag}"));
    end.and_then(|end| rest.get(end..)).unwrap_or_default()
}

/// True when a text of the file is longer than is kept of it.
pub(super) fn is_cut(kept: &str, most: usize) -> bool {
    // A line end or two may have been trimmed before the mark.
    kept.ends_with('…') && kept.chars().count() + 3 >= most
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn text_is_plain_and_bounded() {
        let from = json!({
            "a": "  <p>Tea &amp; <b>toast</b></p><p>2 < 3\u{7}</p> ", "b": "x".repeat(30), "n": 7, "e": " <br/> ", "o": {},
        });
        assert_eq!(lines(&from, "a", 99).as_deref(), Some("Tea & toast\n\n2 < 3"));
        assert_eq!(line(&from, "a", 99).as_deref(), Some("Tea & toast 2 < 3"));
        assert_eq!(line(&from, "b", 5).as_deref(), Some("xxxx…"));
        assert_eq!(line(&from, "n", 5).as_deref(), Some("7"));
        assert_eq!([line(&from, "e", 5), line(&from, "o", 5), line(&from, "none", 5)], [None, None, None]);
    }

    #[test]
    fn a_script_and_a_style_sheet_are_no_text() {
        let from = json!({
            "a": "<b>Lunch</b><script>alert('x')</script> club<STYLE media=x>p > a {}</Style >!", "b": "Tea<script>alert(",
            "c": "<scripted>Tea</scripted>",
        });
        assert_eq!(line(&from, "a", 99).as_deref(), Some("Lunch club !"));
        assert_eq!(line(&from, "b", 99).as_deref(), Some("Tea"));
        assert_eq!(line(&from, "c", 99).as_deref(), Some("Tea"));
    }

    #[test]
    fn dates_and_lists() {
        let from = json!({"d": "2026-01-31T10:00:00Z", "bad": "2026-02-31", "é": "20é6-01-01x", "l": "a, b,,c", "m": ["d", 5, {}]});
        assert_eq!(date(&from, "d").map(|d| d.to_string()).as_deref(), Some("2026-01-31"));
        assert_eq!((date(&from, "bad"), date(&from, "é")), (None, None));
        assert_eq!(list(&from, "l"), ["a", "b", "c"]);
        assert_eq!(list(&from, "m"), ["d", "5"]);
    }
}
