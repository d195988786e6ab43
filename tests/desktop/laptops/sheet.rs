//! A recovery sheet that was lost is replaced, in the windows of two administrators' laptops.

use anyhow::{Context, Result, ensure};
use hub::{HubError, Passphrase};
use talking_point_tests::desktop::{Display, Key, Laptop, Part};

use super::office::{Office, PASSPHRASE};
use super::{confirm, look};
use crate::keys::tab_to;

/// Enter on what Tab reaches.
async fn enter_on(laptop: &Laptop, part: &str) -> Result<()> {
    tab_to(laptop, part).await?;
    laptop.press(Key::Enter).await
}

/// This laptop's page, with a manager at it.
async fn this_laptop(office: &Office, display: &Display, number: u64) -> Result<Laptop> {
    let window = office.window_of(display, number, "manager").await?;
    window.press_on(Part::role("link", "This laptop"), Key::Enter).await?;
    window.find("laptop-sheet").await?;
    Ok(window)
}

/// Everything that one laptop knows is told to the other.
fn meet(office: &Office) -> Result<()> {
    for number in [1, 2, 1] {
        office.on(number, |hub| Ok(hub.sync_with(&office.between).map(drop)?))?;
    }
    Ok(())
}

#[tokio::test]
async fn a_lost_sheet_is_replaced_by_keyboard_alone() -> Result<()> {
    let display = Display::start("laptops-sheet")?;
    let office = Office::with_two(&display)?;
    let old = office.sheet()?;
    let window = this_laptop(&office, &display, 1).await?;
    enter_on(&window, "laptop-sheet").await?;
    window.words_with("laptop-sheet-trouble", "Make a second laptop an administrator's first").await?;
    look(&window, "sheet-alone", "laptop-sheet-trouble").await?;
    window.stop().await?;

    office.on(1, |hub| {
        let second = hub.laptops()?.into_iter().find(|laptop| laptop.name == "Green Lane 2").context("no second")?;
        Ok(hub.make_administrator(&second.id, &Passphrase::from(PASSPHRASE))?)
    })?;
    meet(&office)?;
    let window = this_laptop(&office, &display, 1).await?;
    enter_on(&window, "laptop-sheet").await?;
    look(&window, "new-sheet", "sheet-shown").await?;
    let words = window.words("sheet-shown").await?;
    enter_on(&window, "new-sheet-written").await?;
    tab_to(&window, "new-sheet-words").await?;
    window.type_text(&old).await?;
    confirm(&window, PASSPHRASE).await?;
    window.see("Those aren't the words that were shown.").await?;
    look(&window, "new-sheet-wrong", "act-errors").await?;
    window.empty("new-sheet-words").await?;
    tab_to(&window, "new-sheet-words").await?;
    window.type_text(&words).await?;
    confirm(&window, PASSPHRASE).await?;
    window.words_with("laptop-council-said", "The sheet is proposed").await?;
    window.words_with("laptop-sheet-waits", "waits for a second administrator").await?;
    look(&window, "sheet-waits", "laptop-sheet-waits").await?;
    window.stop().await?;

    meet(&office)?;
    let window = this_laptop(&office, &display, 2).await?;
    window.words_with("laptop-sheet-waits", "Green Lane 1 proposes a new recovery sheet").await?;
    enter_on(&window, "laptop-sheet-agree").await?;
    look(&window, "sheet-agree", "act-will").await?;
    confirm(&window, PASSPHRASE).await?;
    window.words_with("laptop-council-said", "The new recovery sheet is the council's").await?;
    window.stop().await?;
    meet(&office)?;
    office.on(1, |hub| {
        hub.check_sheet(&words)?;
        ensure!(matches!(hub.check_sheet(&old), Err(HubError::SheetReplaced)), "the old sheet still counts");
        Ok(())
    })
}
