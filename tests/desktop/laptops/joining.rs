//! A new laptop, before it has records: it asks with a code and is taken in, or brings a council back from its sheet.

use anyhow::{Result, ensure};
use serde_json::json;
use talking_point_tests::desktop::{Display, Key, Laptop, Part, Setting};

use super::look;
use super::office::{Office, PASSPHRASE};
use crate::keys::{keyboard_on, tab_to};

/// Chooses with the arrows how to begin: so many after the first.
async fn begin_by(laptop: &Laptop, after: usize, shows: &str) -> Result<()> {
    tab_to(laptop, "welcome-how-file").await?;
    for _ in 0..after {
        laptop.press(Key::Right).await?;
    }
    laptop.find(shows).await
}

async fn fill(laptop: &Laptop, fields: &[(&str, &str)]) -> Result<()> {
    for (field, text) in fields {
        tab_to(laptop, field).await?;
        laptop.type_text(*text).await?;
    }
    laptop.press(Key::Enter).await
}

/// The code on the screen, as it would be read out.
async fn code(laptop: &Laptop) -> Result<String> {
    let shown = laptop.words("asking-code").await?;
    Ok(shown.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[tokio::test]
async fn a_laptop_asks_with_a_code_and_is_taken_in_by_keyboard_alone() -> Result<()> {
    let display = Display::start("laptops-code")?;
    let office = Office::with_two(&display)?;
    let stick = display.folder("stick")?.display().to_string();
    let setting = Setting::on(&office.data(4));
    let new = Laptop::start(&display, "new laptop", &setting).await?;
    new.drawn().await?;
    look(&new, "welcome", "welcome-how-file").await?;
    begin_by(&new, 1, "welcome-folder").await?;
    fill(&new, &[("welcome-folder", "/nowhere"), ("welcome-passphrase", PASSPHRASE), ("welcome-again", PASSPHRASE)])
        .await?;
    new.see("The file couldn't be read or written").await?;
    new.empty("welcome-folder").await?;
    fill(&new, &[("welcome-folder", &stick)]).await?;
    new.find("asking-code").await?;
    look(&new, "asking", "asking-code").await?;
    let shown = code(&new).await?;
    ensure!(shown.len() == 14, "not three groups of four: {shown}");
    let request = new.words("asking-saved").await?;
    new.stop().await?;

    // The same code again, after the program was closed.
    let new = Laptop::start(&display, "new laptop", &setting).await?;
    keyboard_on(&new, "asked-passphrase").await?;
    new.check_accessible().await?;
    new.type_text("not the passphrase").await?;
    new.press(Key::Enter).await?;
    new.see("That isn't the passphrase.").await?;
    fill(&new, &[("asked-passphrase", PASSPHRASE)]).await?;
    ensure!(code(&new).await? == shown, "another code after the program was closed");

    let window = office.window(&display, "manager").await?;
    window.press_on(Part::role("link", "This laptop"), Key::Enter).await?;
    tab_to(&window, "take-in-open").await?;
    window.press(Key::Enter).await?;
    window.find("take-in-request").await?;
    tab_to(&window, "take-in-role-volunteer").await?;
    window.press(Key::Space).await?;
    window.press(Key::Right).await?;
    fill(&window, &[("act-passphrase", PASSPHRASE)]).await?;
    window.see("Enter where the request is.").await?;
    look(&window, "take-in", "act-errors").await?;
    fill(&window, &[("take-in-request", &request), ("take-in-code", "AAAA-BBBB-CCCC")]).await?;
    window.see("The code doesn't agree").await?;
    window.empty("take-in-code").await?;
    fill(&window, &[("take-in-code", &shown.to_lowercase()), ("act-passphrase", PASSPHRASE)]).await?;
    window.words_with("take-in-said", "Its approval is here").await?;
    window.words_with("laptop-standing", "Not heard from yet").await?;
    look(&window, "taken-in", "take-in-said").await?;
    window.stop().await?;

    // The approval lies where the new laptop expects it. Of two windows only one shows where its keyboard is, so this one
    // is typed into without looking for that.
    new.type_into("asking-laptop", "Green Lane 4").await?;
    new.press(Key::Enter).await?;
    new.find("sign-in-name").await?;
    new.see("Green Lane 4").await?;
    let start = new.ask("start_state", json!({})).await?.map_err(anyhow::Error::msg)?;
    ensure!(start.pointer("/data/laptop") == Some(&json!("Green Lane 4")), "{start}");
    new.stop().await
}

#[tokio::test]
async fn a_council_is_brought_back_from_its_sheet_by_keyboard_alone() -> Result<()> {
    let display = Display::start("laptops-sheet")?;
    let office = Office::with_two(&display)?;
    let sheet = office.sheet()?;
    let between = office.between.display().to_string();
    let new = Laptop::start(&display, "new laptop", &Setting::on(&office.data(5))).await?;
    new.drawn().await?;
    begin_by(&new, 3, "welcome-words").await?;
    look(&new, "bring-back", "welcome-words").await?;
    let rest = [
        ("welcome-folder", between.as_str()),
        ("welcome-laptop", "Office"),
        ("welcome-hub", "Green Lane"),
        ("welcome-passphrase", PASSPHRASE),
        ("welcome-again", PASSPHRASE),
    ];
    tab_to(&new, "welcome-words").await?;
    new.type_text(sheet.replacen(' ', " 0", 1)).await?;
    fill(&new, &rest).await?;
    new.see("a letter was mistyped").await?;
    new.empty("welcome-words").await?;
    tab_to(&new, "welcome-words").await?;
    new.type_text(sheet.to_lowercase()).await?;
    tab_to(&new, "welcome-again").await?;
    new.press(Key::Enter).await?;
    new.find("sign-in-name").await?;
    new.click("sign-in-role-manager").await?;
    new.type_into("sign-in-name", "Ann").await?;
    new.press(Key::Enter).await?;
    new.see("Ann,").await?;
    new.press_on(Part::role("link", "This laptop"), Key::Enter).await?;
    new.words_with(Part::id("laptop-other").saying("Green Lane 1"), "Administrator").await?;
    new.words_with("laptop-own", "Administrator").await?;
    new.stop().await
}

/// Fills the form of a council that is to be started.
async fn start_a_council(laptop: &Laptop) -> Result<()> {
    let typed = [
        ("welcome-council", "Aberwen Council"),
        ("welcome-hub", "Green Lane Library"),
        ("welcome-passphrase", PASSPHRASE),
        ("welcome-again", PASSPHRASE),
    ];
    fill(laptop, &typed).await?;
    laptop.find("sheet-shown").await
}

#[tokio::test]
async fn a_council_is_started_once_its_sheet_was_typed_again_by_keyboard_alone() -> Result<()> {
    let display = Display::start("laptops-founding")?;
    let new = Laptop::start(&display, "first laptop", &Setting::on(&display.folder("first")?)).await?;
    new.drawn().await?;
    begin_by(&new, 2, "welcome-council").await?;
    new.press(Key::Enter).await?;
    look(&new, "found", "welcome-council").await?;
    start_a_council(&new).await?;
    look(&new, "sheet", "sheet-shown").await?;
    let first = new.words("sheet-shown").await?;
    tab_to(&new, "sheet-stop").await?;
    new.press(Key::Enter).await?;
    new.find("welcome-council").await?;

    start_a_council(&new).await?;
    let words = new.words("sheet-shown").await?;
    ensure!(words != first && words.split_whitespace().count() == 14, "not fourteen new groups");
    tab_to(&new, "sheet-written").await?;
    new.press(Key::Enter).await?;
    new.find("sheet-words").await?;
    tab_to(&new, "sheet-words").await?;
    new.type_text(&first).await?;
    tab_to(&new, "sheet-submit").await?;
    new.press(Key::Enter).await?;
    new.see("Those aren't the words that were shown.").await?;
    look(&new, "sheet-check", "sheet-words").await?;
    tab_to(&new, "sheet-again").await?;
    new.press(Key::Enter).await?;
    ensure!(new.words("sheet-shown").await? == words, "other words when they were shown again");
    tab_to(&new, "sheet-written").await?;
    new.press(Key::Enter).await?;
    tab_to(&new, "sheet-words").await?;
    new.type_text(&words.to_lowercase()).await?;
    tab_to(&new, "sheet-submit").await?;
    new.press(Key::Enter).await?;
    new.find("sign-in-name").await?;
    new.check_accessible().await?;
    new.stop().await
}
