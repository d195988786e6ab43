//! They meet again through the folder.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use talking_point_tests::desktop::{Laptop, Part};

use super::council::Morning;

/// What was done at the door and at the table to one visit both stand, on both.
pub(crate) async fn both_changes_stand(morning: &Morning<'_>, door: &Laptop, table: &Laptop) -> Result<()> {
    morning.share(door).await?;
    morning.share(table).await?;
    morning.share(door).await?;
    let at_door = visit(door, "Mair").await?;
    let at_table = visit(table, "Mair").await?;
    ensure!(at_door == at_table, "one visit, two stories:\n{at_door}\n{at_table}");
    ensure!(at_door.get("with") == Some(&json!(["Rhian"])), "she is with Rhian: {at_door}");
    ensure!(at_door.get("needs") == Some(&json!(["welsh", "largePrint", "bsl"])), "her needs: {at_door}");
    ensure!(at_door.get("outsideUntil").is_some_and(Value::is_string), "she stepped outside: {at_door}");
    door.click("place-door").await?;
    door.until("Mair with Rhian on the door's screen", async || {
        let rows = door.all_words("being-seen-row").await?;
        Ok(rows.iter().any(|row| row.contains("Mair") && row.contains("Rhian")).then_some(()))
    })
    .await?;
    door.screenshot("journey-3-door").await?;
    // The door holds no key to what was said at the table.
    let refused = door.ask("people", json!({ "query": "Mair" })).await?;
    ensure!(refused.is_err(), "a volunteer may look people up: {refused:?}");
    Ok(())
}

async fn visit(laptop: &Laptop, name: &str) -> Result<Value> {
    let queue = laptop.ask("queue", json!({})).await?.map_err(anyhow::Error::msg)?;
    let seen = queue.get("beingSeen").and_then(Value::as_array).cloned().unwrap_or_default();
    let found = seen.into_iter().find(|visit| visit.get("name") == Some(&json!(name)));
    found.with_context(|| format!("{name} is not being seen on {}: {queue}", laptop.name()))
}

/// Her number, changed differently on two laptops, shows both values, asks, and is settled by one tap.
pub(crate) async fn a_number_changed_twice_asks(morning: &Morning<'_>, table: &Laptop, own: &Laptop) -> Result<()> {
    morning.share(own).await?;
    for (laptop, number) in [(table, "07700 900111"), (own, "07700 900222")] {
        open_person(laptop, "Mair").await?;
        laptop.click("person-phone-edit").await?;
        laptop.type_into("person-phone-input", number).await?;
        laptop.click("person-phone-save").await?;
        laptop.see(number).await?;
    }
    for laptop in [table, own, table] {
        morning.share(laptop).await?;
    }
    for laptop in [table, own] {
        laptop.click("place-questions").await?;
        let question = laptop.words_with("question", "07700 900111").await?;
        for words in ["07700 900111", "07700 900222", "Rhian", "Priya", "Green Lane 6"] {
            ensure!(question.contains(words), "the question on {} lacks “{words}”: {question}", laptop.name());
        }
    }
    table.check_accessible().await?;
    table.screenshot("journey-3-question").await?;
    table.click(Part::id("question-choose").saying("900111")).await?;
    table
        .until("the question to be settled", async || Ok((!table.text().await?.contains("07700 900222")).then_some(())))
        .await?;
    morning.share(table).await?;
    morning.share(own).await?;
    open_person(own, "Mair").await?;
    own.see("07700 900111").await?;
    own.see_no_more("07700 900222").await
}

async fn open_person(laptop: &Laptop, name: &str) -> Result<()> {
    laptop.click("place-people").await?;
    laptop.type_into("people-search", name).await?;
    laptop.click(Part::id("people-row").with_line(name)).await?;
    laptop.until("the person's page", async || Ok((laptop.words("person-name").await? == name).then_some(()))).await
}
