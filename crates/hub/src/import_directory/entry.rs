//! One service of Open Referral UK, made flat.

use chrono::NaiveDate;
use serde_json::Value;

use super::check;
use super::schedule;
use super::text::{date, is_cut, items, line, lines};

/// Most characters of a name, and of a description.
const NAME_MOST: usize = 300;
const DESCRIPTION_MOST: usize = 20_000;

/// A listing as the file tells it; every field tidy, bounded, or absent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Listed {
    /// The service's id in its own directory.
    pub(crate) source_id: String,
    /// Its name.
    pub(crate) name: String,
    /// Who runs it.
    pub(crate) organisation: Option<String>,
    /// What it is, whole.
    pub(crate) description: Option<String>,
    /// What it is, the first sentence or two.
    pub(crate) summary: Option<String>,
    /// When it runs, in one phrase.
    pub(crate) when: Option<String>,
    /// Where, by name.
    pub(crate) place: Option<String>,
    /// What it costs, in one phrase.
    pub(crate) cost: Option<String>,
    /// Telephone.
    pub(crate) phone: Option<String>,
    /// E-mail.
    pub(crate) email: Option<String>,
    /// Web address.
    pub(crate) url: Option<String>,
    /// Street and town.
    pub(crate) address: Option<String>,
    /// Postcode, tidy.
    pub(crate) postcode: Option<String>,
    /// Kinds of thing it is.
    pub(crate) categories: Vec<String>,
    /// When someone last checked it.
    pub(crate) checked_on: Option<NaiveDate>,
    /// `active`, `inactive`, `defunct` or `temporarily closed`.
    pub(crate) status: String,
}

/// Why a row is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum LeftOut {
    /// Not a JSON object.
    NotAService,
    /// It has no id, or one of more than 200 characters.
    NoId,
    /// It has no name.
    NoName,
    /// It has no status: required, and what tells a service from an organisation or a taxonomy term.
    NoStatus,
}

impl LeftOut {
    /// In words.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::NotAService => "not a service",
            Self::NoId => "no id that could be used",
            Self::NoName => "no name",
            Self::NoStatus => "no status",
        }
    }
}

/// What is dropped from a row that is otherwise kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Dropped {
    /// Not a United Kingdom postcode.
    Postcode,
    /// A place that is not on the globe.
    Position,
    /// Not a telephone number.
    Phone,
    /// Not an e-mail address.
    Email,
    /// Not a web address.
    Url,
    /// A date of checking that is no date, or is after today.
    CheckedOn,
    /// A status that the standard does not know: kept as inactive, so that nobody is pointed there.
    Status,
    /// The end of a name or description that is longer than a listing's.
    End,
}

impl Dropped {
    /// In words.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Postcode => "a postcode that is none",
            Self::Position => "a position that is not on the globe",
            Self::Phone => "a telephone number that is none",
            Self::Email => "an e-mail address that is none",
            Self::Url => "a web address that is none",
            Self::CheckedOn => "a day of checking that is none or is still to come",
            Self::Status => "a status that is not in the standard, so as inactive",
            Self::End => "the end of a name or description that is too long",
        }
    }
}

/// Reads one service; what could not be kept of it goes into `dropped`.
///
/// # Errors
/// Why the whole row is left out.
pub(super) fn read(service: &Value, today: NaiveDate, dropped: &mut Vec<Dropped>) -> Result<Listed, LeftOut> {
    if !service.is_object() {
        return Err(LeftOut::NotAService);
    }
    let source_id = line(service, "id", 201).filter(|id| id.chars().count() <= 200).ok_or(LeftOut::NoId)?;
    let name = line(service, "name", NAME_MOST).ok_or(LeftOut::NoName)?;
    let status = check::status(&line(service, "status", 100).ok_or(LeftOut::NoStatus)?, dropped);
    let organisation = service.get("organization").unwrap_or(&Value::Null);
    let there = Where::of(service);
    let description = lines(service, "description", DESCRIPTION_MOST);
    if is_cut(&name, NAME_MOST) || description.as_deref().is_some_and(|d| is_cut(d, DESCRIPTION_MOST)) {
        dropped.push(Dropped::End);
    }
    let or_theirs = |key: &str, theirs: &str| line(service, key, 300).or_else(|| line(organisation, theirs, 300));
    if there.location.is_some_and(|l| !check::on_the_globe(l)) {
        dropped.push(Dropped::Position);
    }
    Ok(Listed {
        organisation: line(organisation, "name", 300),
        summary: description.as_deref().map(summary),
        description,
        when: schedule::phrase(there.schedules(service), today),
        place: there.place(),
        cost: cost(service, today),
        phone: phone(service, organisation, &there, dropped),
        email: or_theirs("email", "email").and_then(|e| check::keep(check::email(&e), Dropped::Email, dropped)),
        url: or_theirs("url", "website").and_then(|u| check::keep(check::url(&u), Dropped::Url, dropped)),
        address: there.address(),
        postcode: there.postcode(dropped),
        categories: categories(service),
        checked_on: checked_on(service, today, dropped),
        source_id,
        name,
        status,
    })
}

impl Listed {
    /// Takes from a further row about the same service what this one does not say.
    pub(super) fn fill_from(&mut self, other: Self) {
        let fill = |mine: &mut Option<String>, theirs: Option<String>| *mine = mine.take().or(theirs);
        fill(&mut self.organisation, other.organisation);
        if self.description.is_none() {
            (self.description, self.summary) = (other.description, other.summary);
        }
        fill(&mut self.when, other.when);
        fill(&mut self.place, other.place);
        fill(&mut self.cost, other.cost);
        fill(&mut self.phone, other.phone);
        fill(&mut self.email, other.email);
        fill(&mut self.url, other.url);
        fill(&mut self.address, other.address);
        fill(&mut self.postcode, other.postcode);
        self.checked_on = self.checked_on.max(other.checked_on);
        for category in other.categories {
            if !self.categories.contains(&category) {
                self.categories.push(category);
            }
        }
    }
}

/// The first place a service is given at.
struct Where<'a> {
    at: &'a Value,
    location: Option<&'a Value>,
    address: Option<&'a Value>,
}

impl<'a> Where<'a> {
    fn of(service: &'a Value) -> Self {
        let at = items(service, "service_at_locations").first().unwrap_or(&Value::Null);
        let location = at.get("location").filter(|l| l.is_object());
        let addresses = location.map_or(&[][..], |l| items(l, "addresses"));
        let physical = addresses.iter().find(|a| line(a, "address_type", 20).as_deref() == Some("physical"));
        Self { at, location, address: physical.or_else(|| addresses.first()) }
    }

    fn schedules(&self, service: &'a Value) -> &'a [Value] {
        [service, self.at, self.location.unwrap_or(&Value::Null)]
            .into_iter()
            .map(|v| items(v, "schedules"))
            .find(|s| !s.is_empty())
            .unwrap_or_default()
    }

    fn place(&self) -> Option<String> {
        let location = self.location?;
        let virtually = line(location, "location_type", 20).as_deref() == Some("virtual");
        line(location, "name", 300).or_else(|| virtually.then(|| "Online".to_owned())).or_else(|| {
            let address = self.address?;
            line(address, "address_1", 300).or_else(|| line(address, "city", 300))
        })
    }

    fn address(&self) -> Option<String> {
        let address = self.address?;
        let mut parts: Vec<String> = Vec::new();
        for part in ["address_1", "address_2", "city", "region"].iter().filter_map(|k| line(address, k, 300)) {
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    fn postcode(&self, dropped: &mut Vec<Dropped>) -> Option<String> {
        let typed = line(self.address?, "postal_code", 40)?;
        check::keep(check::postcode(&typed), Dropped::Postcode, dropped)
    }
}

fn phone(service: &Value, organisation: &Value, there: &Where<'_>, dropped: &mut Vec<Dropped>) -> Option<String> {
    let contacts = items(service, "contacts");
    let at_contacts = items(there.at, "contacts");
    let holders = std::iter::once(service)
        .chain(contacts)
        .chain([there.at])
        .chain(at_contacts)
        .chain(there.location)
        .chain([organisation])
        .chain(items(organisation, "contacts"));
    let mut refused = false;
    for phone in holders.flat_map(|h| items(h, "phones")) {
        if let Some(number) = line(phone, "number", 60) {
            if let Some(number) = check::phone(&number, line(phone, "extension", 10)) {
                return Some(number);
            }
            refused = true;
        }
    }
    if refused {
        dropped.push(Dropped::Phone);
    }
    None
}

fn cost(service: &Value, today: NaiveDate) -> Option<String> {
    let mut said: Vec<String> = Vec::new();
    let options = items(service, "cost_options");
    let over = |o: &Value| date(o, "valid_to").is_some_and(|d| d < today);
    // A price that has lapsed is told only when no current one is, and then with its year.
    let current = options.iter().any(|o| !over(o));
    for option in options.iter().filter(|o| !current || !over(o)).take(5) {
        let amount = option.get("amount").and_then(Value::as_f64).filter(|a| a.is_finite() && *a >= 0.0 && *a < 1e6);
        let for_what = line(option, "amount_description", 200);
        let whom = line(option, "option", 200);
        let mut phrase = match amount {
            Some(0.0) => "Free".to_owned(),
            Some(a) => money(a, line(option, "currency", 10).as_deref()),
            None => String::new(),
        };
        for part in for_what.iter().filter(|_| amount != Some(0.0)) {
            phrase = format!("{phrase} {part}").trim().to_owned();
        }
        phrase = match (whom, phrase.is_empty()) {
            (Some(whom), true) => whom,
            (Some(whom), false) => format!("{phrase} ({whom})"),
            (None, _) => phrase,
        };
        if let (false, Some(until), true) = (phrase.is_empty(), date(option, "valid_to"), over(option)) {
            phrase = format!("{phrase}, until {}", until.format("%Y"));
        }
        if !phrase.is_empty() && !said.contains(&phrase) {
            said.push(phrase);
        }
    }
    (!said.is_empty())
        .then(|| said.join("; "))
        .or_else(|| line(service, "fees_description", 500))
        .or_else(|| line(service, "fees", 500))
}

fn money(amount: f64, currency: Option<&str>) -> String {
    let sign = match currency.map(str::to_ascii_uppercase).as_deref() {
        None | Some("GBP" | "£") => "£".to_owned(),
        Some("EUR" | "€") => "€".to_owned(),
        Some(other) => format!("{other} "),
    };
    if (amount * 100.0).round() % 100.0 == 0.0 { format!("{sign}{amount:.0}") } else { format!("{sign}{amount:.2}") }
}

fn categories(service: &Value) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for attribute in items(service, "attributes") {
        let term = attribute.get("taxonomy_term").unwrap_or(&Value::Null);
        // The list is kept joined by commas, so that none may stand within a name.
        let name = line(term, "name", 100).or_else(|| line(term, "term", 100)).map(|n| n.replace(',', ""));
        if let Some(name) = name.filter(|n| !out.contains(n) && out.len() < 20) {
            out.push(name);
        }
    }
    out
}

fn checked_on(service: &Value, today: NaiveDate, dropped: &mut Vec<Dropped>) -> Option<NaiveDate> {
    line(service, "assured_date", 40)?;
    check::keep(date(service, "assured_date").filter(|d| *d <= today), Dropped::CheckedOn, dropped)
}

/// The first sentences, up to 240 characters, cut at a sentence or a word.
fn summary(description: &str) -> String {
    let one_line = description.split_whitespace().collect::<Vec<_>>().join(" ");
    if one_line.chars().count() <= 240 {
        return one_line;
    }
    let head: String = one_line.chars().take(239).collect();
    match head.rfind(". ") {
        Some(end) if end > 80 => head.get(..=end).unwrap_or(&head).to_owned(),
        _ => format!("{}…", head.rsplit_once(' ').map_or(head.as_str(), |(words, _)| words)),
    }
}
