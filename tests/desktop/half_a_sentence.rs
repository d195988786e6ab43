//! Someone pulls the plug while a worker types: what the laptop had said it keeps is there afterwards, every time.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use talking_point_tests::desktop::{Council, Display, Key, Laptop};

use crate::keys::{as_somebody_new, tab_to};

/// How often the plug is pulled.
const CUTS: usize = 8;

#[tokio::test]
async fn half_a_sentence_outlives_power_cuts() -> Result<()> {
    let display = Display::start("half-a-sentence")?;
    let council = Council::demo(&display)?;
    let worker = council.first().signed_in_as("worker");
    let (mut kept, mut talk) = (String::new(), None);
    for cut in 0..CUTS {
        let table = Laptop::start(&display, "green lane", &worker).await?;
        table.drawn().await?;
        let talk = match &talk {
            None => talk.insert(begin(&table).await?),
            Some(talk) => talk,
        };
        let found = notes(&table, talk).await?;
        ensure!(found.starts_with(&kept), "after cut {cut}, of {kept:?} there is {found:?}");
        open_notes(&table).await?;
        table.type_text(Key::Control + Key::End).await?;
        let sentence = format!("Sentence {cut}. ");
        table.type_text(sentence.as_str()).await?;
        let said = format!("{found}{sentence}");
        table
            .until("what was typed to be kept", async || Ok((notes(&table, talk).await? == said).then_some(())))
            .await?;
        kept = said;
        table.type_text("And th").await?;
        table.power_cut().await?;
    }
    let table = Laptop::start(&display, "green lane", &worker).await?;
    table.drawn().await?;
    let talk = talk.context("a conversation was begun")?;
    open_notes(&table).await?;
    let shown = table.value("tool-notes").await?;
    ensure!(shown.starts_with(&kept), "of {kept:?} the screen shows {shown:?}");
    // And it is gone on with: what is typed now comes after it, and all of it is written when the field is left.
    table.type_text(Key::Control + Key::End).await?;
    table.type_text("The end.").await?;
    table.press(Key::Tab).await?;
    let said = format!("{shown}The end.");
    table.until("the notes to be written", async || Ok((notes(&table, &talk).await? == said).then_some(()))).await?;
    table.stop().await
}

/// Takes whoever is next, as somebody new, and says which conversation that is.
async fn begin(table: &Laptop) -> Result<String> {
    tab_to(table, "today-take-next").await?;
    table.press(Key::Enter).await?;
    as_somebody_new(table).await?;
    table.until("the conversation", async || mine(table).await).await
}

async fn mine(table: &Laptop) -> Result<Option<String>> {
    let today = answered(table, "today", json!({})).await?;
    let first = today.pointer("/mine/0/conversation").and_then(Value::as_str);
    Ok(first.map(str::to_owned))
}

/// To the conversation, if its screen is not open, and to its notes.
async fn open_notes(table: &Laptop) -> Result<()> {
    if table.find_one_of(&["tool-notes", "today-mine"]).await? == "today-mine" {
        tab_to(table, "today-mine").await?;
        table.press(Key::Enter).await?;
        table.find("tool-notes").await?;
    }
    tab_to(table, "tool-notes").await
}

/// What stands in the notes, with what is being typed over it.
async fn notes(table: &Laptop, talk: &str) -> Result<String> {
    let view = answered(table, "conversation", json!({ "conversation": talk })).await?;
    let texts = view.get("texts").and_then(Value::as_array).context("a conversation has texts")?;
    let under = texts.iter().find(|one| one.get("tool").and_then(Value::as_str) == Some("notes"));
    Ok(under.and_then(|one| one.get("text")?.as_str()).unwrap_or_default().to_owned())
}

async fn answered(laptop: &Laptop, command: &str, given: Value) -> Result<Value> {
    laptop.ask(command, given).await?.map_err(|refusal| anyhow::anyhow!("{command}: {refusal}"))
}
