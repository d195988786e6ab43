//! A laptop whose clock the records speak against: whoever starts it is asked for the date before anything else.

use anyhow::{Context, Result};
use hub::action::check_in::CheckIn;
use hub::ports::{Ports, Virtual};
use hub::view::shell::Role;
use hub::{Found, Hub, Passphrase};
use talking_point_tests::desktop::{Display, Laptop, Part, Setting};

const TWO_YEARS: i64 = 2 * 365 * 86_400_000;

#[tokio::test]
async fn a_laptop_two_years_behind_its_records_asks_for_the_date_first() -> Result<()> {
    let display = Display::start("wrong-clock")?;
    let home = display.folder("council")?;
    let words = "four words to remember";
    std::fs::write(home.join("passphrase"), words).context("no room for a passphrase")?;
    a_visit_two_years_from_now(&home.join("first"), words)?;
    let setting = Setting::on(&home.join("first")).opened_with(&home.join("passphrase"));

    let laptop = Laptop::start(&display, "green lane", &setting).await?;
    laptop.find(Part::role("heading", "Is it")).await?;
    laptop.see("which is later than that").await?;
    laptop.check_accessible().await?;
    laptop.screenshot("asks-for-the-date").await?;
    laptop.click(Part::role("button", "No, I will set the clock")).await?;
    laptop.see("own settings").await?;
    laptop.click(Part::role("button", "Check the clock again")).await?;
    laptop.see("The clock now says").await?;
    laptop.check_accessible().await?;
    laptop.screenshot("sets-the-clock").await?;
    laptop.click(Part::role("button", "Yes, the date is right")).await?;
    laptop.find(Part::role("heading", "Who's working on this laptop?")).await?;
    laptop.stop().await?;

    let again = Laptop::start(&display, "green lane", &setting).await?;
    again.find(Part::role("heading", "Who's working on this laptop?")).await?;
    again.stop().await
}

/// Records in which somebody came two years from now: as this laptop sees them when its clock is two years behind.
fn a_visit_two_years_from_now(data: &std::path::Path, words: &str) -> Result<()> {
    let world = Virtual::new(1, Ports::system().now().plus_millis(TWO_YEARS));
    let found = Found {
        council: "Aberwen".to_owned(),
        hub: "Green Lane".to_owned(),
        laptop: String::new(),
        passphrase: Passphrase::from(words),
    };
    let (hub, _) = Hub::found(data, found, &world.ports())?;
    hub.sign_in_as("Joan", Role::Volunteer)?;
    hub.check_in(CheckIn { name: "Mair".to_owned(), ..CheckIn::default() })?;
    Ok(())
}
