//! The council's laptops in the real window: how each stands, and what an administrator does about them by keyboard.

mod joining;
mod leaving;
mod office;
mod sheet;

use anyhow::Result;
use talking_point_tests::desktop::{Display, Key, Laptop, Part};

use crate::keys::{keyboard_on, tab_to};
use office::{Office, PASSPHRASE};

/// A window's size, and how often its words are made larger, 20 in the hundred each time.
const SIZES: [(&str, u32, u32, u32); 3] = [("1280", 1280, 800, 0), ("1024", 1024, 700, 0), ("1024-200", 1024, 700, 5)];

/// Looks at the screen in every size, with one part of it in view, and leaves it as it was.
pub(crate) async fn look(laptop: &Laptop, name: &str, at: &str) -> Result<()> {
    for (size, width, height, larger) in SIZES {
        laptop.resize(width, height).await?;
        laptop.enlarge(larger).await?;
        laptop.drawn().await?;
        laptop.bring_into_view(at).await?;
        laptop.screenshot(&format!("{name}-{size}")).await?;
        laptop.check_accessible().await?;
        laptop.check_sight(24).await?;
        laptop.usual_size().await?;
    }
    laptop.resize(1280, 800).await
}

/// The row of another laptop.
fn row(name: &str) -> Part {
    Part::id("laptop-other").saying(name)
}

/// Types the passphrase into the sheet that is open, and presses Enter.
async fn confirm(laptop: &Laptop, passphrase: &str) -> Result<()> {
    tab_to(laptop, "act-passphrase").await?;
    laptop.type_text(passphrase).await?;
    laptop.press(Key::Enter).await
}

#[tokio::test]
async fn laptops_are_looked_after_by_keyboard_alone() -> Result<()> {
    let display = Display::start("laptops")?;
    let office = Office::with_two(&display)?;
    let window = office.window(&display, "manager").await?;
    window.press_on(Part::role("link", "This laptop"), Key::Enter).await?;
    window.words_with(row("Green Lane 2"), "Works").await?;
    window.words_with(row("Green Lane 3"), "fast").await?;
    tab_to(&window, "laptop-change").await?;
    look(&window, "laptops", "laptop-others").await?;

    // The first of the two: another role, a keeper, an administrator's.
    window.press(Key::Enter).await?;
    window.words_with("laptop-one", "Green Lane 2").await?;
    look(&window, "laptop-one", "laptop-one").await?;
    tab_to(&window, "laptop-act-role").await?;
    window.press(Key::Enter).await?;
    window.find("act-sheet").await?;
    window.press(Key::Escape).await?;
    keyboard_on(&window, "laptop-act-role").await?;
    window.press(Key::Enter).await?;
    confirm(&window, "not the passphrase").await?;
    window.see("Choose what it will be for.").await?;
    tab_to(&window, "laptop-role-volunteer").await?;
    window.press(Key::Space).await?;
    window.press(Key::Enter).await?;
    window.see("That isn't the passphrase.").await?;
    look(&window, "laptop-act-wrong", "act-errors").await?;
    confirm(&window, PASSPHRASE).await?;
    window.words_with("laptop-said", "What Green Lane 2 is for has changed").await?;
    window.see("For a volunteer").await?;
    for (act, said) in [("keeper", "is a keeper now"), ("administrator", "is an administrator's laptop now")] {
        tab_to(&window, &format!("laptop-act-{act}")).await?;
        window.press(Key::Enter).await?;
        confirm(&window, PASSPHRASE).await?;
        window.words_with("laptop-said", said).await?;
    }
    window.see_no_more("Change what it's for").await?;

    // The other is lost.
    tab_to(&window, "place-laptop").await?;
    window.press(Key::Enter).await?;
    tab_to(&window, "laptop-change").await?;
    window.press(Key::Tab).await?;
    window.press(Key::Enter).await?;
    window.words_with("laptop-one", "Green Lane 3").await?;
    tab_to(&window, "laptop-act-takeOut").await?;
    window.press(Key::Enter).await?;
    window.words_with("act-wont", "What it already holds stays on it").await?;
    look(&window, "laptop-take-out", "act-will").await?;
    confirm(&window, PASSPHRASE).await?;
    window.words_with("laptop-said", "Green Lane 3 has been taken out").await?;
    keyboard_on(&window, "laptop-said").await?;

    tab_to(&window, "place-laptop").await?;
    window.press(Key::Enter).await?;
    window.words_with(row("Green Lane 3"), "Taken out").await?;
    window.words_with(row("Green Lane 2"), "Administrator").await?;
    tab_to(&window, "laptop-renew").await?;
    window.press(Key::Enter).await?;
    look(&window, "laptops-renew", "act-will").await?;
    confirm(&window, PASSPHRASE).await?;
    window.words_with("laptop-council-said", "The keys are new").await?;
    window.stop().await
}
