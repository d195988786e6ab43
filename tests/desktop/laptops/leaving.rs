//! Laptops that go, and a person who is erased.

use anyhow::{Context, Result, ensure};
use hub::action::check_in::CheckIn;
use hub::view::shell::Role;
use hub::{HubError, Passphrase};
use serde_json::json;
use talking_point_tests::desktop::{Display, Key, Laptop, Part, Setting};

use super::office::{Office, PASSPHRASE};
use super::{confirm, look, row};
use crate::keys::tab_to;

/// A window whose records ask for their passphrase, which is then typed.
async fn opened(display: &Display, office: &Office, number: u64) -> Result<Laptop> {
    let laptop = Laptop::start(display, &format!("green lane {number}"), &Setting::on(&office.data(number))).await?;
    tab_to(&laptop, "unlock-passphrase").await?;
    laptop.type_text(PASSPHRASE).await?;
    laptop.press(Key::Enter).await?;
    Ok(laptop)
}

#[tokio::test]
async fn a_laptop_that_was_taken_out_says_so_and_shows_nothing() -> Result<()> {
    let display = Display::start("laptops-gone")?;
    let office = Office::with_two(&display)?;
    office.on(1, |hub| {
        let lost = hub.laptops()?.into_iter().find(|other| other.name == "Green Lane 3").context("it is known")?;
        hub.take_out(&lost.id, &Passphrase::from(PASSPHRASE))?;
        hub.sync_with(&office.between)?;
        Ok(())
    })?;
    office.on(3, |hub| {
        ensure!(hub.sync_with(&office.between).is_err_and(|error| error == HubError::TakenOut), "it is told");
        Ok(())
    })?;
    let gone = opened(&display, &office, 3).await?;
    gone.see("This laptop has been taken out of the council").await?;
    gone.see("Nothing on it was deleted.").await?;
    look(&gone, "laptop-gone", "gone").await?;
    let asked = gone.ask("queue", json!({})).await?.expect_err("it shows nothing");
    ensure!(asked.contains("notSignedIn"), "{asked}");
    gone.stop().await
}

#[tokio::test]
async fn a_laptop_leaves_and_the_others_hear_of_it() -> Result<()> {
    let display = Display::start("laptops-leave")?;
    let office = Office::with_two(&display)?;
    office.on(2, |hub| Ok(hub.set_sync_folder(Some(office.between.clone()))?))?;
    let window = office.window_of(&display, 2, "worker").await?;
    window.press_on(Part::role("link", "This laptop"), Key::Enter).await?;
    ensure!(window.count("laptop-renew").await? == 0, "only an administrator's laptop renews keys");
    ensure!(window.count("laptop-change").await? == 0, "or looks after the others");
    tab_to(&window, "laptop-leave").await?;
    window.press(Key::Enter).await?;
    look(&window, "laptop-leave", "act-will").await?;
    confirm(&window, PASSPHRASE).await?;
    window.see("This laptop has left the council").await?;
    look(&window, "laptop-left", "gone").await?;
    window.stop().await?;
    office.on(1, |hub| {
        hub.sync_with(&office.between)?;
        Ok(())
    })?;
    let first = office.window(&display, "manager").await?;
    first.press_on(Part::role("link", "This laptop"), Key::Enter).await?;
    first.words_with(Part::id("laptop-other").saying("Green Lane 2"), "Left").await?;
    first.stop().await
}

#[tokio::test]
async fn a_person_is_erased_and_the_laptops_yet_to_confirm_are_counted() -> Result<()> {
    let display = Display::start("laptops-erase")?;
    let office = Office::with_two(&display)?;
    office.on(1, |hub| {
        hub.sign_in_as("Ann", Role::Worker)?;
        let visit = hub.check_in(CheckIn { name: "Mair".to_owned(), ..CheckIn::default() })?.visit;
        hub.begin_conversation(visit, None)?;
        hub.sync_with(&office.between)?;
        Ok(())
    })?;
    let window = office.window(&display, "worker").await?;
    window.press_on(Part::role("link", "People"), Key::Enter).await?;
    window.click(Part::id("people-row").with_line("Mair")).await?;
    window.words_with("person-name", "Mair").await?;
    tab_to(&window, "person-erase").await?;
    window.press(Key::Enter).await?;
    window.words_with("act-will", "1 conversation and 1 visit").await?;
    window.words_with("act-wont", "backups").await?;
    look(&window, "erase", "act-will").await?;
    confirm(&window, "not the passphrase").await?;
    window.see("That isn't the passphrase.").await?;
    confirm(&window, PASSPHRASE).await?;
    window.see_current("People").await?;
    window.find("people-search").await?;
    window.see_no_more("Mair").await?;
    let found = window.ask("people", json!({ "query": "Mair" })).await?;
    ensure!(found == Ok(json!([])), "she is found: {found:?}");
    window.press_on(Part::role("link", "This laptop"), Key::Enter).await?;
    window.words_with("laptops-erasures", "2 laptops have yet to confirm").await?;
    window.words_with(Part::id("laptop-other").saying("Green Lane 2"), "1 erasure").await?;
    look(&window, "laptops-erasures", "laptops-erasures").await?;
    window.stop().await?;

    // The word goes out; what each has heard of, it erases and confirms.
    for number in [1, 2, 3, 1] {
        office.on(number, |hub| {
            hub.sync_with(&office.between)?;
            Ok(())
        })?;
    }
    let again = office.window(&display, "manager").await?;
    again.press_on(Part::role("link", "This laptop"), Key::Enter).await?;
    again.words_with(Part::id("laptop-other").saying("Green Lane 2"), "Has confirmed everything").await?;
    ensure!(again.count("laptops-erasures").await? == 0, "both have confirmed");
    again.stop().await
}

#[tokio::test]
async fn two_that_work_as_one_laptop_are_told() -> Result<()> {
    let display = Display::start("laptops-doubled")?;
    let office = Office::with_two(&display)?;
    office.double_the_second()?;
    let window = office.window(&display, "manager").await?;
    window.press_on(Part::role("link", "This laptop"), Key::Enter).await?;
    window.words_with(row("Green Lane 2"), "Two work as this one").await?;
    look(&window, "laptops-doubled", "laptop-twice").await?;
    window.stop().await?;
    let window = office.window_of(&display, 2, "worker").await?;
    window.press_on(Part::role("link", "This laptop"), Key::Enter).await?;
    window.words_with("laptop-doubled", "Another program works as this laptop").await?;
    look(&window, "laptop-doubled", "laptop-doubled").await?;
    window.stop().await
}
