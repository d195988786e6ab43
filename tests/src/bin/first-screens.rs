//! Opens the demo council as each role in turn, without a display, and keeps a picture of each one's first screen.
#![allow(clippy::print_stdout, reason = "it tells the person at the terminal where the pictures are")]

use anyhow::{Result, bail};
use talking_point_tests::desktop::{Display, Laptop, Part, Setting, demo_council, screenshots};

const ROLES: [&str; 3] = ["volunteer", "worker", "manager"];

fn main() -> Result<()> {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    if let Some(unknown) = asked.iter().find(|role| !ROLES.contains(&role.as_str())) {
        bail!("There is no role `{unknown}`: it is volunteer, worker or manager.");
    }
    let roles = ROLES.into_iter().filter(|role| asked.is_empty() || asked.iter().any(|word| word == role));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        for role in roles {
            photograph(role).await?;
        }
        Ok(())
    })
}

async fn photograph(role: &'static str) -> Result<()> {
    let (data, passphrase) = demo_council()?;
    let display = Display::start("first-screens")?;
    let setting = Setting::on(&data).opened_with(&passphrase).signed_in_as(role);
    let laptop = Laptop::start(&display, role, &setting).await?;
    laptop.drawn().await?;
    laptop.find(Part::role("navigation", "")).await?;
    laptop.screenshot(role).await?;
    laptop.stop().await?;
    println!("• {role}: {}", screenshots()?.join(format!("{role}.png")).display());
    Ok(())
}
