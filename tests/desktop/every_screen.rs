//! Every place of every role, in every size the window has: drawn, whole, and no rule of accessibility broken.

use anyhow::{Context, Result};
use talking_point_tests::desktop::{Council, Display, Key, Laptop, Part};

/// The smallest target anywhere, and at check-in, where a hurried finger must hit.
const SMALLEST: u32 = 24;
const AT_CHECK_IN: u32 = 44;

/// A window's size, and how often its words are made larger, 20 in the hundred each time.
const SIZES: [(&str, u32, u32, u32); 3] = [("1280", 1280, 800, 0), ("1024", 1024, 700, 0), ("200", 1280, 800, 5)];

#[tokio::test]
async fn a_volunteers_screens_are_drawn_and_accessible() -> Result<()> {
    walk("volunteer", &["At the door", "Directory", "This laptop"]).await
}

#[tokio::test]
async fn a_workers_screens_are_drawn_and_accessible() -> Result<()> {
    walk("worker", &["At the door", "Today", "People", "Directory", "Waiting", "Questions", "This laptop"]).await
}

#[tokio::test]
async fn a_managers_screens_are_drawn_and_accessible() -> Result<()> {
    walk("manager", &["Waiting", "Trends", "Directory", "This laptop"]).await
}

async fn walk(role: &'static str, places: &[&str]) -> Result<()> {
    let display = Display::start(&format!("screens-{role}"))?;
    let council = Council::demo(&display)?;
    let laptop = Laptop::start(&display, role, &council.first().signed_in_as(role)).await?;
    laptop.drawn().await?;
    let mut wrong = Vec::new();
    for (size, width, height, larger) in SIZES {
        laptop.resize(width, height).await?;
        laptop.enlarge(larger).await?;
        for place in places {
            // By keyboard: the driver's mouse doesn't know that the words are larger.
            laptop.press_on(Part::role("link", place), Key::Enter).await?;
            laptop.see_current(place).await?;
            laptop.drawn().await?;
            let name = format!("{role}-{}-{size}", place.to_lowercase().replace(' ', "-"));
            laptop.screenshot(&name).await?;
            let mut checks = vec![laptop.check_accessible().await, laptop.check_sight(SMALLEST).await];
            if *place == "At the door" {
                checks.push(laptop.check_targets("[data-testid=checkin]", AT_CHECK_IN).await);
            }
            checks.push(laptop.check_focus().await);
            wrong.extend(checks.into_iter().filter_map(Result::err).map(|error| format!("{name}: {error:#}")));
        }
    }
    // Last, because it cannot be taken back: the colours of a theme that forces its own.
    laptop.force_colours().await?;
    for place in places {
        laptop.press_on(Part::role("link", place), Key::Enter).await?;
        laptop.see_current(place).await?;
        laptop.drawn().await?;
        if let Err(error) = laptop.check_accessible().await {
            wrong.push(format!("{role}, {place}, forced colours: {error:#}"));
        }
    }
    laptop.stop().await.context("the window is closed")?;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}
