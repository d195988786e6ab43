//! Every place of every role is drawn, has a heading, and breaks no rule of accessibility.

use anyhow::{Context, Result};
use talking_point_tests::desktop::{Council, Display, Laptop};

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
    for place in places {
        laptop.click("link", place).await?;
        laptop.see_current(place).await?;
        laptop.drawn().await?;
        if let Err(error) = laptop.check_accessible().await {
            wrong.push(format!("{place}: {error:#}"));
        }
        laptop.screenshot(&format!("{role}-{}", place.to_lowercase().replace(' ', "-"))).await?;
    }
    laptop.stop().await.context("the window is closed")?;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}
