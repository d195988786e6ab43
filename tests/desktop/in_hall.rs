//! Two windows in one hall with no folder between them: who is checked in at one is in the other's queue, and the bottom
//! line says who is about.

use anyhow::{Context, Result};
use talking_point_tests::desktop::{Council, Display, Key, Laptop, Setting, hubctl};

use crate::keys::keyboard_on;

#[tokio::test]
async fn who_is_checked_in_at_one_window_stands_in_the_others_queue() -> Result<()> {
    let display = Display::start("in-hall")?;
    let council = Council::found(&display)?;
    let home = display.folder("second")?;
    let (file, data) = (home.join("join"), home.join("data"));
    let text = file.to_str().context("a path that is not Unicode")?;
    hubctl(&council.data, &council.passphrase_file, &["invite", "--role", "volunteer", "--out", text])?;
    hubctl(&data, &council.passphrase_file, &["join", "--file", text, "--hub", "Green Lane"])?;

    let first = at_the_door(&display, "first", &council.first().in_hall(), "Jo").await?;
    let second = Setting::on(&data).opened_with(&council.passphrase_file).in_hall();
    let second = at_the_door(&display, "second", &second, "Sam").await?;
    first.see("Live with Green Lane 2 in this hall.").await?;
    second.see("Live with Green Lane 1 in this hall.").await?;
    check_in(&first, "Mair").await?;
    second.see("Mair").await?;
    check_in(&second, "Tadeusz").await?;
    first.see("Tadeusz").await?;
    first.check_accessible().await?;
    first.screenshot("in-hall-first").await?;
    second.screenshot("in-hall-second").await?;
    // By choice, this laptop looks for nobody, and is found by nobody.
    second.click("place-laptop").await?;
    second.see("In this hall").await?;
    second.check_accessible().await?;
    second.screenshot("in-hall-laptop").await?;
    second.press_on("laptop-hall-change", Key::Enter).await?;
    second.see("doesn't look for others").await?;
    alone(&first).await?;
    second.press_on("laptop-hall-change", Key::Enter).await?;
    second.see("Live with Green Lane 1 in this hall.").await?;
    first.see("Live with Green Lane 2 in this hall.").await?;
    second.stop().await?;
    // Whoever goes home is not said to be about any longer.
    alone(&first).await?;
    first.stop().await
}

/// Waits until the bottom line speaks of nobody in the hall.
async fn alone(window: &Laptop) -> Result<()> {
    let gone = async || Ok((!window.text().await?.contains("Live with")).then_some(()));
    window.until("that the other has gone", gone).await
}

async fn at_the_door(display: &Display, name: &str, setting: &Setting, who: &str) -> Result<Laptop> {
    let window = Laptop::start(display, name, setting).await?;
    window.drawn().await?;
    window.click("sign-in-role-volunteer").await?;
    window.type_into("sign-in-name", who).await?;
    window.press(Key::Enter).await?;
    window.see(&format!("{who},")).await?;
    Ok(window)
}

async fn check_in(window: &Laptop, name: &str) -> Result<()> {
    keyboard_on(window, "checkin-name").await?;
    window.type_text(name).await?;
    window.press(Key::Enter).await?;
    window.see(name).await
}
