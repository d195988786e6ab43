//! At a table: the next person, the conversation, two listings, a place on a list.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use talking_point_tests::desktop::{Key, Laptop, Part};

/// The worker finds her in the queue and sits down with her.
pub(crate) async fn take(table: &Laptop, name: &str) -> Result<()> {
    table.click("place-today").await?;
    table.drawn().await?;
    let take = match table.find_one_of(&["today-next"]).await? {
        next if table.words(next).await?.contains(name) => Part::id(next).inside("today-take-next"),
        _ => Part::id("today-waiting-row").saying(name).inside("today-take"),
    };
    table.click(take).await.context("they cannot be taken")?;
    if table.find_one_of(&["conversation-name", "who-new"]).await? == "who-new" {
        table.click("who-new").await?;
    }
    table.words_with("conversation-name", name).await.map(drop)
}

/// Own words, a good day and a bad one, what she can offer, notes, and who does what by when.
pub(crate) async fn have_the_conversation(table: &Laptop) -> Result<()> {
    table.see("Since Dad's fall I can't leave him").await?;
    table.type_into("tool-goodDay", "Dad eats with us. I get to choir on Thursday.").await?;
    table.type_into("tool-badDay", "Up four times. I ring work, again.").await?;
    table.type_into("tool-offer", "I sew. I could teach it.").await?;
    table.type_into("tool-notes", "Fell in the garden 2 November. She would like the rail first.").await?;
    table.click("tab-agree").await?;
    for (who, what) in [("Rhian", "asks for a bath and stair assessment"), ("Mair", "rings the carers' café")] {
        table.type_into("agree-who", who).await?;
        table.type_into("agree-what", what).await?;
        table.click("agree-submit").await?;
        table.words_with("aside-agreed", what).await?;
    }
    table.click("tab-going").await?;
    table.type_into("tool-going", "Ring on Friday.").await?;
    table.click("tab-live").await?;
    let written = table.value("tool-goodDay").await?;
    ensure!(written.contains("choir"), "the good day was lost: {written}");
    table.check_accessible().await
}

/// Ctrl+D, a word, two choices, Enter.
pub(crate) async fn point_to_two_listings(table: &Laptop) -> Result<()> {
    table.press_with(Key::Control, 'd').await?;
    table.type_into("signpost-search", "lunch").await?;
    for listing in listed(table, "lunch").await?.iter().take(2) {
        table.tick(&format!("signpost-choose-{listing}")).await?;
    }
    table.click("signpost-submit").await?;
    table.until("two places pointed to", async || Ok((table.count("pointed").await? == 2).then_some(()))).await
}

/// Waits until the answer to this search is what is shown to choose from, and gives the listings in it.
pub(crate) async fn listed(table: &Laptop, query: &str) -> Result<Vec<String>> {
    let found = table.ask("directory", json!({ "query": query })).await?.map_err(anyhow::Error::msg)?;
    let rows = found.get("listings").and_then(Value::as_array).context("a directory has listings")?;
    let all = |field: &str| rows.iter().filter_map(|row| Some(row.get(field)?.as_str()?.to_owned())).collect();
    let names: Vec<String> = all("name");
    ensure!(names.len() > 1, "{query} finds {names:?}");
    table
        .until(&format!("the places found for {query}"), async || {
            Ok((table.all_words("signpost-name").await? == names).then_some(()))
        })
        .await?;
    Ok(all("id"))
}

/// The occupational therapist's list, asked for on 2 November last, high.
pub(crate) async fn add_to_the_list(table: &Laptop) -> Result<()> {
    table.click("waiting-list-open").await?;
    table.click("list-kind-occupationalTherapy").await?;
    table.click("list-band-high").await?;
    for (part, typed) in [("day", "2"), ("month", "11"), ("year", "2025")] {
        table.type_into(&format!("list-asked-{part}"), typed).await?;
    }
    table.click("list-submit").await?;
    let listed = table.words_with("aside-waiting", "2 November").await?;
    ensure!(listed.contains("high"), "the list says: {listed}");
    table.screenshot("journey-2-conversation").await
}
