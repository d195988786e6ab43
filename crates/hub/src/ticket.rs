//! Tickets: how they are shown, and the friendly form that someone without a name goes by.
//!
//! The form follows from the ticket alone, so that every laptop and the board say the same, and two laptops that are
//! offline hand out different ones.

use sync_schema::Ticket;

use crate::view::queue::FriendlyName;

const COLOURS: u32 = 12;
const THINGS: u32 = 24;
const FORMS: u32 = COLOURS * THINGS;
/// Steps through all forms before one comes again, since it shares no factor with [`FORMS`]; neighbours look unlike.
const STRIDE: u32 = 115;

/// `A3`.
pub(crate) fn shown(ticket: &Ticket) -> String {
    format!("{}{}", ticket.letter, ticket.number)
}

/// Its friendly form. Letters start far apart on one round through all forms: with two laptops each has 144 before it
/// reaches the other's first, with four each has 72.
pub(crate) fn friendly(ticket: &Ticket) -> FriendlyName {
    let letter = ticket.letter.bytes().last().map_or(0, |letter| u32::from(letter.wrapping_sub(b'A')));
    let place = (start(letter) + ticket.number.saturating_sub(1) % FORMS) % FORMS;
    let form = place * STRIDE % FORMS;
    let small = |number: u32| u8::try_from(number).unwrap_or_default();
    FriendlyName { colour: small(form / THINGS), thing: small(form % THINGS) }
}

/// The `n`th of a series that halves the largest gap each time: 0, 1/2, 1/4, 3/4, 1/8 … of the round.
fn start(n: u32) -> u32 {
    (0..5).fold(0, |sum, bit| if n >> bit & 1 == 1 { sum + (FORMS >> (bit + 1)) } else { sum })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use sync_schema::CalendarDate;

    use super::*;

    fn ticket(letter: &str, number: u32) -> Ticket {
        let day = CalendarDate::new("2026-11-23".parse::<chrono::NaiveDate>().unwrap());
        Ticket { letter: letter.to_owned(), number, day }
    }

    fn forms(letters: &[&str], each: u32) -> HashSet<(u8, u8)> {
        let tickets = letters.iter().flat_map(|letter| (1..=each).map(|number| ticket(letter, number)));
        tickets.map(|ticket| friendly(&ticket)).map(|form| (form.colour, form.thing)).collect()
    }

    #[test]
    fn no_two_of_a_day_are_alike() {
        assert_eq!(forms(&["A"], 288).len(), 288);
        assert_eq!(forms(&["A", "B"], 144).len(), 288);
        assert_eq!(forms(&["A", "B", "C", "D"], 72).len(), 288);
        assert_eq!(forms(&["A", "B", "C", "D", "E", "F", "G", "H"], 36).len(), 288);
    }

    #[test]
    fn a_form_is_one_of_the_catalogue_s() {
        for letter in ["A", "Z", "AA", ""] {
            for number in [0, 1, 300, u32::MAX] {
                let form = friendly(&ticket(letter, number));
                assert!(form.colour < 12 && form.thing < 24);
            }
        }
        assert_eq!(shown(&ticket("A", 3)), "A3");
    }
}
