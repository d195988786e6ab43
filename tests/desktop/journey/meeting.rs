//! They meet again through the folder.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use talking_point_tests::desktop::Laptop;
use thirtyfour::By;

use super::council::{Morning, click, press, said, type_into};

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
    press(door, "place-door").await?;
    door.until("Mair with Rhian on the door's screen", async || {
        let rows = door.elements(By::Css("[data-testid=being-seen-row]")).await?;
        for row in rows {
            let text = row.text().await?;
            if text.contains("Mair") && text.contains("Rhian") {
                return Ok(Some(()));
            }
        }
        Ok(None)
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
        press(laptop, "person-phone-edit").await?;
        type_into(laptop, "person-phone-input", number).await?;
        press(laptop, "person-phone-save").await?;
        laptop.see(number).await?;
    }
    for laptop in [table, own, table] {
        morning.share(laptop).await?;
    }
    for laptop in [table, own] {
        let question = question_about(laptop, "Mair").await?;
        for words in ["07700 900111", "07700 900222", "Rhian", "Priya", "Green Lane 6"] {
            ensure!(question.contains(words), "the question on {} lacks “{words}”: {question}", laptop.name());
        }
    }
    table.check_accessible().await?;
    table.screenshot("journey-3-question").await?;
    table.until("a choice of her number", async || choose(table, "900111").await).await?;
    table
        .until("the question to be settled", async || Ok((!table.text().await?.contains("07700 900222")).then_some(())))
        .await?;
    morning.share(table).await?;
    morning.share(own).await?;
    open_person(own, "Mair").await?;
    own.see("07700 900111").await?;
    own.see_no_more("07700 900222").await
}

/// Chooses the value with these words in it, wherever it is asked about.
async fn choose(laptop: &Laptop, words: &str) -> Result<Option<()>> {
    for choice in laptop.elements(By::Css("[data-testid=question-choose]")).await? {
        let name = choice.attr("aria-label").await?.unwrap_or_default() + choice.text().await?.as_str();
        if name.contains(words) {
            return click(&choice).await.map(Some);
        }
    }
    Ok(None)
}

async fn question_about(laptop: &Laptop, name: &str) -> Result<String> {
    press(laptop, "place-questions").await?;
    laptop
        .until(&format!("a question about {name}"), async || {
            for card in laptop.elements(By::Css("[data-testid=question]")).await? {
                let text = card.text().await?;
                if text.contains("07700 900111") {
                    return Ok(Some(text));
                }
            }
            Ok(None)
        })
        .await
}

async fn open_person(laptop: &Laptop, name: &str) -> Result<()> {
    press(laptop, "place-people").await?;
    type_into(laptop, "people-search", name).await?;
    laptop
        .until(&format!("{name} among the people"), async || {
            for row in laptop.elements(By::Css("[data-testid=people-row]")).await? {
                if row.text().await?.trim_start().starts_with(name) {
                    return click(&row).await.map(Some);
                }
            }
            Ok(None)
        })
        .await?;
    laptop.until("the person's page", async || Ok((said(laptop, "person-name").await? == name).then_some(()))).await
}
