//! Someone pulls the plug: whoever was checked in is there afterwards, every time.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use talking_point_tests::desktop::{Council, Display, Laptop};

/// How often the plug is pulled.
const CUTS: usize = 50;

#[tokio::test]
async fn everyone_checked_in_outlives_fifty_power_cuts() -> Result<()> {
    let display = Display::start("power-cut")?;
    let council = Council::found(&display)?;
    let mut saved: Vec<String> = Vec::new();
    for cut in 0..CUTS {
        let laptop = Laptop::start(&display, "green lane", &council.first()).await?;
        let found = visits_waiting(&laptop).await?;
        for visit in &saved {
            assert!(found.contains(visit), "visit {visit} was saved and is gone after cut {cut}");
        }
        // One is answered for before the plug is pulled; others are on their way when it is.
        saved.push(check_in(&laptop, &format!("Person {cut}")).await?);
        laptop.begin_asking("check_in", json!({ "checkIn": someone("in flight") }), cut % 7).await?;
        laptop.power_cut().await?;
    }
    let laptop = Laptop::start(&display, "green lane", &council.first()).await?;
    let found = visits_waiting(&laptop).await?;
    assert!(saved.iter().all(|visit| found.contains(visit)), "a saved visit is gone");
    laptop.stop().await
}

fn someone(name: &str) -> Value {
    json!({ "name": name, "reason": "a cup of tea", "needs": [], "interpreter": null, "beenBefore": null, "companion": null })
}

async fn check_in(laptop: &Laptop, name: &str) -> Result<String> {
    let done = answered(laptop, "check_in", json!({ "checkIn": someone(name) })).await?;
    Ok(done.get("visit").and_then(Value::as_str).context("a check-in answers with its visit")?.to_owned())
}

async fn visits_waiting(laptop: &Laptop) -> Result<Vec<String>> {
    laptop.drawn().await?;
    // Whoever starts the laptop says who they are; nobody is signed in after a power cut.
    answered(laptop, "sign_in_as", json!({ "name": "Gwilym", "role": "volunteer" })).await?;
    let queue = answered(laptop, "queue", json!({})).await?;
    let waiting = queue.get("waiting").and_then(Value::as_array).context("a queue has people who wait")?;
    Ok(waiting.iter().filter_map(|one| one.get("visit")?.as_str().map(str::to_owned)).collect())
}

async fn answered(laptop: &Laptop, command: &str, given: Value) -> Result<Value> {
    laptop.ask(command, given).await?.map_err(|refusal| anyhow::anyhow!("{command}: {refusal}"))
}
