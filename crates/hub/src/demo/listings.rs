//! An invented directory: things that go on, who runs them, when, where, and what they cost.

use chrono::{Days, NaiveDate};

use super::dice::Dice;
use super::names::FOUNDERS;
use crate::import_directory::Listed;

/// What goes on: its name, its category, what it is.
const THINGS: &[(&str, &str, &str)] = &[
    (
        "Lunch Club",
        "Meals and company",
        "A hot dinner, a pudding and company. Lifts home can be arranged. Tell us what you can't eat.",
    ),
    (
        "Carers' Café",
        "Carers",
        "For anyone who looks after someone. Bring them along or come on your own. Someone from the carers' team drops in.",
    ),
    (
        "Memory Singing",
        "Dementia",
        "Old songs and new ones, for people who forget and people who remember for them. No need to be able to sing.",
    ),
    ("Chair Yoga", "Keeping well", "Gentle stretching in a chair, to music. Wear anything. The hall is on the level."),
    (
        "Men's Shed",
        "Making and mending",
        "Benches, tools, tea. Mend something, make something or just watch. Women are welcome on Fridays.",
    ),
    (
        "Benefits Check",
        "Money and benefits",
        "Sit down with someone who knows the forms. Bring your letters, opened or not. Everything is private.",
    ),
    (
        "Digital Drop-in",
        "Learning",
        "Phones, tablets and computers, slowly. Bring your own or use ours. We never ask for a password.",
    ),
    (
        "Befriending by Telephone",
        "Company",
        "The same person rings you each week, at a time you like, for as long as you like to talk.",
    ),
    (
        "Handyperson",
        "Home and garden",
        "Small jobs by people we know: a gate, a rail, a light bulb, a tap. You pay for the parts.",
    ),
    (
        "Community Transport",
        "Getting about",
        "A minibus with a lift and a driver who waits. Ring two days before. Wheelchairs and walking frames are no trouble.",
    ),
    (
        "Falls and Balance Class",
        "Keeping well",
        "Twelve weeks to stand steadier, led by a physiotherapist. Someone can come with you.",
    ),
    (
        "Stroke Group",
        "Health conditions",
        "Talk, exercise and practice with words, for people who have had a stroke and those close to them.",
    ),
    (
        "Garden Share",
        "Home and garden",
        "You have a garden and can't dig; someone can dig and has no garden. We bring the two of you together.",
    ),
    (
        "Welsh Conversation",
        "Learning",
        "Clonc a phaned. A chat in Welsh over a cup of tea; learners and those who never got to use it are welcome.",
    ),
    (
        "Hearing Aid Clinic",
        "Hearing and sight",
        "Batteries, tubes and cleaning, without an appointment. Bring your brown book.",
    ),
    ("Talking Newspaper", "Hearing and sight", "The week's local news read aloud, on a stick or down the telephone."),
    (
        "Bereavement Walk",
        "Company",
        "A slow walk and a cup of tea for people who have lost someone. No need to say a word.",
    ),
    (
        "Young Adult Carers",
        "Carers",
        "Eighteen to twenty-five and looking after someone? A pizza, a moan and a bit of help.",
    ),
    ("Warm Room", "Money and benefits", "Heating on, kettle on, plugs for your phone. Nobody asks why you came."),
    ("Parent Carer Morning", "Carers", "For parents of disabled children and young people. Toys out, coffee on."),
    ("Swimming Together", "Keeping well", "A quiet hour in the warm pool, with a hoist and someone to go in with."),
    (
        "Equipment Loan",
        "Home and garden",
        "Wheelchairs, commodes and bath boards for up to eight weeks, while you wait or while someone stays.",
    ),
    (
        "Dementia Day Out",
        "Dementia",
        "A day by the sea, in a garden or at the football, with people who understand. Carers may have the day off.",
    ),
    (
        "Advocacy",
        "Advice",
        "Someone on your side at meetings, who helps you say what you want and makes sure that it is heard.",
    ),
    ("Housing Advice", "Advice", "Damp, rent, stairs, neighbours, moving. Free, private, and not from the council."),
    ("Allotment Friends", "Home and garden", "Raised beds, a shed with a stove, and a share of the beans."),
    (
        "Time Bank",
        "Giving something back",
        "An hour of what you can do for an hour of what you need. Everybody's hour is worth the same.",
    ),
    (
        "Interpreting for Appointments",
        "Advice",
        "Polish, Somali, Arabic, Cantonese, Punjabi and British Sign Language. Ring a week before if you can.",
    ),
    (
        "Personal Assistants' Noticeboard",
        "Support at home",
        "People who would like to work for you, checked and with references. You choose.",
    ),
    ("Knit and Natter", "Company", "Wool and needles here. We unpick as much as we knit."),
];

const DAYS: &[&str] = &["Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"];
const HOURS: &[&str] = &[
    "10am to 12pm",
    "12pm to 2pm",
    "1:30pm to 3:30pm",
    "2pm to 4pm",
    "10:30am to 12:30pm",
    "6pm to 8pm",
    "9:30am to 1pm",
];
const OFTEN: &[&str] = &[
    "First Tuesday of the month 2pm to 4pm",
    "Monday to Friday 9am to 5pm",
    "Every other Thursday 1pm to 3pm",
    "By telephone, any day",
];
const COSTS: &[&str] = &[
    "Free",
    "Free",
    "Free",
    "£2",
    "£3 with a cup of tea",
    "£4 a meal",
    "£1.50",
    "Free; parts at cost",
    "By donation",
    "£12 an hour",
];
const PLACES: &[(&str, &str)] = &[
    ("Green Lane Library", "1 Green Lane"),
    ("St Mary's Hall", "Church Row"),
    ("Station Road Centre", "48 Station Road"),
    ("Larkrise Community Hub", "Larkrise Way"),
    ("Old Chapel, Penybryn", "Chapel Hill"),
    ("Bowls Pavilion", "Heron Park"),
    ("Cwmbach Village Hall", "Hall Lane"),
    ("Whitethorn Court", "Whitethorn Avenue"),
];
const BODIES: &[&str] =
    &["Trust", "Friends", "Volunteers", "Community Association", "Society", "Circle", "Neighbours", "Partnership"];
const TOWNS: &[&str] = &["Aberwen", "Penybryn", "Cwmbach Isaf", "Heronsford"];

/// The listing with this number.
pub(super) fn listing(seed: u64, number: u32, today: NaiveDate) -> Listed {
    let mut dice = Dice::new(seed, "listing", u64::from(number));
    // Every thing turns up before any turns up again, so that the common ones are there in the smallest directory.
    let things = u32::try_from(THINGS.len()).unwrap_or(1);
    let round = number / things;
    let (thing, category, description) = THINGS.get((number % things) as usize).copied().unwrap_or_default();
    let (founder, day) = (by_round(FOUNDERS, round / 2), by_round(DAYS, round / 2));
    let (place, street) = dice.pick(PLACES);
    let (name, when) = match number {
        0 => ("Tuesday Lunch Club".to_owned(), "Tuesdays 12pm to 2pm".to_owned()),
        1 => ("Carers' Café".to_owned(), "Thursdays 10am to 12pm".to_owned()),
        // By turns named after a day and after whoever began it, and numbered once those run out.
        _ if round < 14 && round % 2 == 1 => {
            (format!("{} {thing}", day.trim_end_matches('s')), format!("{day} {}", dice.pick(HOURS)))
        }
        _ => {
            let often = if dice.chance(20) {
                dice.pick(OFTEN).to_owned()
            } else {
                format!("{} {}", dice.pick(DAYS), dice.pick(HOURS))
            };
            let again = if round < 40 { String::new() } else { format!(" {round}") };
            (format!("{founder} {thing}{again}"), often)
        }
    };
    let town = dice.pick(TOWNS);
    // About one in seven has not been looked at for over half a year, and one in twenty never.
    let age = if dice.chance(14) { dice.between(190, 900) } else { dice.between(3, 170) };
    let host = format!("{}.example.org", founder.to_lowercase().replace([' ', '\'', '-'], ""));
    Listed {
        source_id: format!("demo-{seed}-{number}"),
        name,
        organisation: Some(format!("{} {}", dice.pick(FOUNDERS), dice.pick(BODIES))),
        description: Some(description.to_owned()),
        summary: Some(description.to_owned()),
        when: Some(when),
        place: Some(place.to_owned()),
        cost: Some(dice.pick(COSTS).to_owned()),
        phone: Some(telephone(&mut dice)),
        email: dice.chance(60).then(|| format!("hello@{host}")),
        url: dice.chance(50).then(|| format!("https://{host}")),
        address: Some(format!("{street}, {town}")),
        postcode: Some(postcode(&mut dice)),
        categories: vec![category.to_owned()],
        checked_on: (!dice.chance(5)).then(|| today.checked_sub_days(Days::new(u64::from(age))).unwrap_or(today)),
        status: if number > 1 && dice.chance(4) { "temporarily closed" } else { "active" }.to_owned(),
    }
}

/// One of `items` for a round; they begin again when they run out.
fn by_round(items: &[&'static str], round: u32) -> &'static str {
    items.iter().cycle().nth(round as usize).copied().unwrap_or_default()
}

/// A number from the ranges that Ofcom keeps for drama: nobody's telephone rings.
pub(super) fn telephone(dice: &mut Dice) -> String {
    let last = dice.below(1000);
    if dice.chance(50) { format!("01632 960{last:03}") } else { format!("07700 900{last:03}") }
}

/// A postcode in an area that the Royal Mail has never used: none begins with X.
pub(super) fn postcode(dice: &mut Dice) -> String {
    const LETTERS: &[char] =
        &['A', 'B', 'D', 'E', 'F', 'G', 'H', 'J', 'L', 'N', 'P', 'Q', 'R', 'S', 'T', 'U', 'W', 'X', 'Y', 'Z'];
    format!("XW{} {}{}{}", dice.between(1, 19), dice.below(10), dice.pick(LETTERS), dice.pick(LETTERS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listings_are_told_apart_and_ring_nobody() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let all: Vec<Listed> = (0..400).map(|n| listing(1, n, today)).collect();
        assert_eq!(all[0].name, "Tuesday Lunch Club");
        for l in &all {
            let phone = l.phone.as_deref().unwrap();
            assert!(phone.starts_with("01632 960") || phone.starts_with("07700 900"), "{phone}");
            assert_eq!(phone.len(), 12);
            assert!(l.checked_on.is_none_or(|d| d < today));
        }
        assert_eq!(listing(1, 7, today), all[7]);
        let names: std::collections::HashSet<&str> = all.iter().map(|l| l.name.as_str()).collect();
        assert!(names.len() >= 398, "{}", names.len());
        assert!(all.iter().filter(|l| l.status == "active").count() > 370);
    }
}
