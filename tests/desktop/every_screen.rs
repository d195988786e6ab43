//! Every place of every role, in every size the window has: drawn, whole, and no rule of accessibility broken.

use anyhow::{Context, Result};
use talking_point_tests::desktop::{Council, Display, Key, Laptop};

/// The places that are all theirs, and the smallest target there: at check-in a hurried finger must hit.
const SMALLEST: u32 = 24;

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
    let laptop = Laptop::start(&display, 0, role, &council.first().signed_in_as(role)).await?;
    laptop.drawn().await?;
    let mut wrong = Vec::new();
    for (size, width, height, larger) in SIZES {
        laptop.resize(width, height).await?;
        laptop.enlarge(larger).await?;
        for place in places {
            // By keyboard: the driver's mouse doesn't know that the words are larger.
            laptop.find("link", place).await?.send_keys(Key::Enter).await?;
            laptop.see_current(place).await?;
            laptop.drawn().await?;
            let name = format!("{role}-{}-{size}", place.to_lowercase().replace(' ', "-"));
            laptop.screenshot(&name).await?;
            for checked in [laptop.check_accessible().await, laptop.check_sight(SMALLEST).await] {
                if let Err(error) = checked {
                    wrong.push(format!("{name}: {error:#}"));
                }
            }
        }
    }
    laptop.stop().await.context("the window is closed")?;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}
