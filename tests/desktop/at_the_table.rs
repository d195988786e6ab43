//! A conversation is had, and a question answered, by keyboard alone; every screen on the way is accessible.

use anyhow::{Result, ensure};
use talking_point_tests::desktop::{Council, Display, Key, Laptop};

use crate::journey::listed;
use crate::keys::{as_somebody_new, has_keyboard, keyboard_on, tab_to};

#[tokio::test]
async fn a_conversation_is_had_by_keyboard_alone() -> Result<()> {
    let display = Display::start("keys-table")?;
    let council = Council::demo(&display)?;
    let table = Laptop::start(&display, "table", &council.first().signed_in_as("worker")).await?;
    table.drawn().await?;
    tab_to(&table, "today-take-next").await?;
    table.press(Key::Enter).await?;
    as_somebody_new(&table).await?;
    for (under, words) in [("tool-goodDay", "Choir on Thursdays."), ("tool-notes", "Came with a letter.")] {
        tab_to(&table, under).await?;
        table.type_text(words).await?;
    }
    looked_at(&table, "table-writing").await?;
    agree(&table).await?;
    point_to_two(&table).await?;
    add_to_a_list(&table).await?;
    table.screenshot("table-whole").await?;
    tab_to(&table, "conversation-finish").await?;
    table.press(Key::Enter).await?;
    table.see("My conversations").await?;
    table.find("undo-toast").await?;
    looked_at(&table, "table-finished").await?;
    table.stop().await
}

/// The second stage by its tab, and one thing that someone will do.
async fn agree(table: &Laptop) -> Result<()> {
    tab_to(table, "tab-live").await?;
    table.press(Key::Right).await?;
    keyboard_on(table, "tab-agree").await?;
    tab_to(table, "agree-who").await?;
    table.type_text("Hodan").await?;
    tab_to(table, "agree-what").await?;
    table.type_text("reads the letter with him").await?;
    table.press(Key::Enter).await?;
    let agreed = table.words_with("aside-agreed", "reads the letter").await?;
    ensure!(agreed.contains("Hodan"), "what was agreed says: {agreed}");
    looked_at(table, "table-agreed").await
}

/// Ctrl+D, a word, the first two listings, Enter.
async fn point_to_two(table: &Laptop) -> Result<()> {
    table.press_with(Key::Control, 'd').await?;
    keyboard_on(table, "signpost-search").await?;
    table.type_text("lunch").await?;
    for listing in listed(table, "lunch").await?.iter().take(2) {
        table.press(Key::Down).await?;
        let box_of_it = format!("signpost-choose-{listing}");
        ensure!(has_keyboard(table, &box_of_it).await?, "the arrow does not lead to the next listing");
        table.press(Key::Space).await?;
    }
    looked_at(table, "table-signpost").await?;
    tab_to(table, "signpost-submit").await?;
    table.press(Key::Enter).await?;
    table.until("two places pointed to", async || Ok((table.count("pointed").await? == 2).then_some(()))).await
}

/// The occupational therapist's list, medium, asked today.
async fn add_to_a_list(table: &Laptop) -> Result<()> {
    tab_to(table, "waiting-list-open").await?;
    table.press(Key::Enter).await?;
    // Radio buttons: Tab to the group, arrows within it.
    reach(table, "list-kind-occupationalTherapy").await?;
    table.press(Key::Space).await?;
    reach(table, "list-band-medium").await?;
    table.press(Key::Space).await?;
    for (part, typed) in [("day", "2"), ("month", "11"), ("year", "2026")] {
        tab_to(table, &format!("list-asked-{part}")).await?;
        table.press_with(Key::Control, 'a').await?;
        table.type_text(typed).await?;
    }
    looked_at(table, "table-list").await?;
    tab_to(table, "list-asked-year").await?;
    table.press(Key::Enter).await?;
    let waits = table.words_with("aside-waiting", "2 November").await?;
    ensure!(waits.contains("medium"), "the list says: {waits}");
    Ok(())
}

/// To one of a group of radio buttons: Tab to the group, then arrows.
async fn reach(table: &Laptop, id: &str) -> Result<()> {
    const MOST: usize = 12;
    let (group, _) = id.rsplit_once('-').unwrap_or((id, ""));
    while !table.focused_test_ids().await?.iter().any(|one| one.starts_with(group)) {
        table.press(Key::Tab).await?;
    }
    for _ in 0..MOST {
        if has_keyboard(table, id).await? {
            return Ok(());
        }
        table.press(Key::Down).await?;
    }
    anyhow::bail!("{id} is not reached by arrows")
}

#[tokio::test]
async fn a_question_is_answered_by_keyboard_alone() -> Result<()> {
    let display = Display::start("keys-question")?;
    let council = Council::demo(&display)?;
    let table = Laptop::start(&display, "table", &council.first().signed_in_as("worker")).await?;
    table.drawn().await?;
    tab_to(&table, "place-questions").await?;
    table.press(Key::Enter).await?;
    tab_to(&table, "question-choose").await?;
    looked_at(&table, "table-question").await?;
    tab_to(&table, "question-choose").await?;
    table.press(Key::Enter).await?;
    table.find("questions-none").await?;
    looked_at(&table, "table-questions-none").await?;
    table.stop().await
}

/// A picture; nothing that Tab leads to hidden; no rule of accessibility broken. The keyboard is elsewhere afterwards.
async fn looked_at(table: &Laptop, name: &str) -> Result<()> {
    table.screenshot(name).await?;
    table.check_focus().await?;
    table.check_accessible().await
}
