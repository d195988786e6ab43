//! At a table: the next person, the conversation, two listings, a place on a list.

use anyhow::{Context, Result, ensure};
use talking_point_tests::desktop::{Key, Laptop};
use thirtyfour::By;

use super::council::{click, press, said, type_into};

/// The worker finds her in the queue and sits down with her.
pub(crate) async fn take(table: &Laptop, name: &str) -> Result<()> {
    press(table, "place-today").await?;
    table.drawn().await?;
    let row = table
        .until(&format!("{name} among those who wait"), async || {
            for row in table.elements(By::Css("[data-testid=today-waiting-row], [data-testid=today-next]")).await? {
                if row.text().await?.contains(name) {
                    return Ok(Some(row));
                }
            }
            Ok(None)
        })
        .await?;
    let button = row.find(By::Css("[data-testid=today-take], [data-testid=today-take-next]")).await?;
    click(&button).await.context("they cannot be taken")?;
    let where_now = By::Css("[data-testid=conversation-name], [data-testid=who-new]");
    let next = table
        .until("the conversation", async || Ok(table.elements(where_now.clone()).await?.into_iter().next()))
        .await?;
    if next.attr("data-testid").await?.as_deref() == Some("who-new") {
        click(&next).await?;
    }
    table
        .until("the conversation's name", async || {
            Ok(said(table, "conversation-name").await?.contains(name).then_some(()))
        })
        .await
}

/// Own words, a good day and a bad one, what she can offer, notes, and who does what by when.
pub(crate) async fn have_the_conversation(table: &Laptop) -> Result<()> {
    table.see("Since Dad's fall I can't leave him").await?;
    type_into(table, "tool-goodDay", "Dad eats with us. I get to choir on Thursday.").await?;
    type_into(table, "tool-badDay", "Up four times. I ring work, again.").await?;
    type_into(table, "tool-offer", "I sew. I could teach it.").await?;
    type_into(table, "tool-notes", "Fell in the garden 2 November. She would like the rail first.").await?;
    press(table, "tab-agree").await?;
    for (who, what) in [("Rhian", "asks for a bath and stair assessment"), ("Mair", "rings the carers' café")] {
        type_into(table, "agree-who", who).await?;
        type_into(table, "agree-what", what).await?;
        press(table, "agree-submit").await?;
        table
            .until(&format!("what {who} does"), async || {
                Ok(said(table, "aside-agreed").await?.contains(what).then_some(()))
            })
            .await?;
    }
    press(table, "tab-going").await?;
    type_into(table, "tool-going", "Ring on Friday.").await?;
    press(table, "tab-live").await?;
    let written = table.find_test_id("tool-goodDay").await?.value().await?.unwrap_or_default();
    ensure!(written.contains("choir"), "the good day was lost: {written}");
    table.check_accessible().await
}

/// Ctrl+D, a word, two choices, Enter.
pub(crate) async fn point_to_two_listings(table: &Laptop) -> Result<()> {
    table.press_with(Key::Control, 'd').await?;
    type_into(table, "signpost-search", "lunch").await?;
    let choices = table
        .until("two listings that serve lunch", async || {
            let found = table.elements(By::Css("[data-testid=signpost-choose]")).await?;
            let rows = table.elements(By::Css("[data-testid=signpost-listing]")).await?;
            for row in &rows {
                if !row.text().await?.to_lowercase().contains("lunch") {
                    return Ok(None);
                }
            }
            Ok((found.len() > 1).then_some(found))
        })
        .await?;
    for choice in choices.iter().take(2) {
        click(choice).await?;
    }
    press(table, "signpost-submit").await?;
    table
        .until("two places pointed to", async || {
            Ok((table.elements(By::Css("[data-testid=pointed]")).await?.len() == 2).then_some(()))
        })
        .await
}

/// The occupational therapist's list, asked for on 2 November last, high.
pub(crate) async fn add_to_the_list(table: &Laptop) -> Result<()> {
    press(table, "waiting-list-open").await?;
    press(table, "list-kind-occupationalTherapy").await?;
    press(table, "list-band-high").await?;
    for (part, typed) in [("day", "2"), ("month", "11"), ("year", "2025")] {
        type_into(table, &format!("list-asked-{part}"), typed).await?;
    }
    press(table, "list-submit").await?;
    let listed = said(table, "aside-waiting").await?;
    ensure!(listed.contains("high") && listed.contains("2 November"), "the list says: {listed}");
    table.screenshot("journey-2-conversation").await
}
