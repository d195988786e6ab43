//! What is kept of a field, and what is dropped.

use serde_json::Value;

use super::entry::Dropped;

/// Keeps a checked value, or notes what was dropped.
pub(super) fn keep<T>(value: Option<T>, or: Dropped, dropped: &mut Vec<Dropped>) -> Option<T> {
    if value.is_none() {
        dropped.push(or);
    }
    value
}

/// One of the standard's four states; an unknown one counts as inactive.
pub(super) fn status(text: &str, dropped: &mut Vec<Dropped>) -> String {
    let tidy = text.to_lowercase().replace(['_', '-'], " ");
    if ["active", "inactive", "defunct", "temporarily closed"].contains(&tidy.as_str()) {
        tidy
    } else {
        dropped.push(Dropped::Status);
        "inactive".to_owned()
    }
}

/// True unless the location gives a latitude or longitude that is not on the globe.
pub(super) fn on_the_globe(location: &Value) -> bool {
    let within = |key: &str, most: f64| match location.get(key) {
        None | Some(Value::Null) => true,
        Some(v) => v.as_f64().or_else(|| v.as_str()?.trim().parse().ok()).is_some_and(|d| d.abs() <= most),
    };
    within("latitude", 90.0) && within("longitude", 180.0)
}

/// A United Kingdom postcode, tidy: `cf10 3at` becomes `CF10 3AT`. Source: the six shapes of BS 7666, and GIR 0AA.
pub(super) fn postcode(text: &str) -> Option<String> {
    let tight: String = text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    let (out, inward) = tight.split_at_checked(tight.len().checked_sub(3)?)?;
    let shape = |s: &str| s.chars().map(|c| if c.is_ascii_digit() { '9' } else { 'A' }).collect::<String>();
    let outward = ["A9", "A99", "AA9", "AA99", "A9A", "AA9A"].contains(&shape(out).as_str()) || tight == "GIR0AA";
    (outward && shape(inward) == "9AA").then(|| format!("{out} {inward}"))
}

/// A telephone number as people write them, without quotation marks; 3 to 15 digits.
pub(super) fn phone(text: &str, extension: Option<String>) -> Option<String> {
    let tidy = text.trim_matches(|c: char| c == '"' || c == '\'' || c.is_whitespace());
    let tidy = tidy.strip_prefix("tel:").unwrap_or(tidy);
    let digits = tidy.chars().filter(char::is_ascii_digit).count();
    let plain = tidy.chars().all(|c| c.is_ascii_digit() || " +()-.".contains(c));
    (plain && (3..=15).contains(&digits)).then(|| match extension {
        Some(extension) => format!("{tidy} extension {extension}"),
        None => tidy.to_owned(),
    })
}

/// Something that may be written to: one `@` with text on both sides, and no space.
pub(super) fn email(text: &str) -> Option<String> {
    let (name, host) = text.split_once('@')?;
    let fine = !name.is_empty() && host.contains('.') && !host.contains('@') && !text.contains(char::is_whitespace);
    fine.then(|| text.to_owned())
}

/// A web address; it is shown and never opened, and nothing but `http` and `https` is.
pub(super) fn url(text: &str) -> Option<String> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"))?;
    (rest.contains('.') && !text.contains(char::is_whitespace)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn postcodes() {
        for (typed, tidy) in
            [("cf10 3at", "CF10 3AT"), ("M11AE", "M1 1AE"), (" ec1a-1bb ", "EC1A 1BB"), ("W1A 0AX", "W1A 0AX")]
        {
            assert_eq!(postcode(typed).as_deref(), Some(tidy));
        }
        for bad in ["ABC 1234", "", "A", "12345", "CF10 3A", "CFF10 3AT", "é1 1AA"] {
            assert_eq!(postcode(bad), None, "{bad}");
        }
    }

    #[test]
    fn telephones_addresses_and_places() {
        assert_eq!(phone("\"+44 1632 960123\"", None).as_deref(), Some("+44 1632 960123"));
        assert_eq!(phone("01632 960123", Some("100".into())).as_deref(), Some("01632 960123 extension 100"));
        assert_eq!((phone("ring Ann", None), phone("1", None), phone("1234567890123456", None)), (None, None, None));
        assert_eq!(email("a@b.org").as_deref(), Some("a@b.org"));
        assert_eq!((email("a@b"), email("a b@c.d"), email("@c.d"), email("a@b@c.d")), (None, None, None, None));
        assert_eq!(url("https://a.org").as_deref(), Some("https://a.org"));
        assert_eq!((url("javascript:alert(1)"), url("http://a b.c"), url("www.a.org")), (None, None, None));
        assert!(on_the_globe(&json!({"latitude": 51.5, "longitude": "-3.1"})) && on_the_globe(&json!({})));
        assert!(!on_the_globe(&json!({"latitude": 100})) && !on_the_globe(&json!({"longitude": "west"})));
    }

    #[test]
    fn statuses() {
        let mut dropped = Vec::new();
        assert_eq!(status("Temporarily_Closed", &mut dropped), "temporarily closed");
        assert!(dropped.is_empty());
        assert_eq!(status("paused", &mut dropped), "inactive");
        assert_eq!(dropped, [Dropped::Status]);
    }
}
