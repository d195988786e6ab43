//! At the door: three fields, no mouse, Enter to finish.

use anyhow::{Result, ensure};
use serde_json::json;
use talking_point_tests::desktop::{Key, Laptop};
use thirtyfour::By;

use super::council::{click, press, said};

/// Long, in Polish, with letters that are not English.
const LETTER: &str = "Dostałem list z urzędu i nic z niego nie rozumiem. Piszą o świadczeniu opiekuńczym, o jakimś \
    terminie i o odwołaniu, a ja od wypadku gorzej widzę i nie mam kogo zapytać. Córka mieszka w Gdańsku. ";

pub(crate) async fn check_four_people_in(door: &Laptop) -> Result<()> {
    door.find_test_id("queue").await?;
    // Mair: a Welsh speaker, large print, been before. The keyboard is in the name from the start.
    door.type_text("Mair").await?;
    tab(door, 2).await?;
    door.type_text("Since Dad's fall I can't leave him, and I don't know who to ask").await?;
    tab(door, 1).await?;
    door.press(Key::Space).await?;
    tab(door, 1).await?;
    door.press(Key::Space).await?;
    tab(door, 8).await?;
    door.press(Key::Space).await?;
    finish(door, 1).await?;

    // Someone who gives no name.
    tab(door, 1).await?;
    door.press(Key::Space).await?;
    finish(door, 2).await?;

    // A couple, he the carer.
    door.type_text("Ifeoma").await?;
    tab(door, 2).await?;
    door.type_text("He needs a rail by the bath").await?;
    tab(door, 7).await?;
    door.press(Key::Space).await?;
    tab(door, 4).await?;
    door.type_text("Mr Okafor").await?;
    finish(door, 3).await?;

    // A long reason in Polish.
    door.type_text("Tadeusz").await?;
    tab(door, 2).await?;
    door.type_text(LETTER.repeat(4)).await?;
    finish(door, 4).await?;

    let screen = door.text().await?;
    for words in [
        "Mair",
        "Cymraeg",
        "Large print",
        "Been before",
        "No name given",
        "Ifeoma",
        "Mr Okafor",
        "Tadeusz",
        "świadczeniu",
    ] {
        ensure!(screen.contains(words), "“{words}” is not on the door's screen: {screen}");
    }
    door.check_accessible().await?;
    door.screenshot("journey-1-door").await
}

async fn tab(door: &Laptop, times: usize) -> Result<()> {
    for _ in 0..times {
        door.press(Key::Tab).await?;
    }
    Ok(())
}

/// Enter, and so many wait; the fields are empty again and the keyboard is back in the name.
async fn finish(door: &Laptop, waiting: usize) -> Result<()> {
    door.press(Key::Enter).await?;
    door.until(&format!("{waiting} waiting at the door"), async || {
        let count = said(door, "queue-count").await?;
        Ok(count.starts_with(&format!("{waiting} ")).then_some(()))
    })
    .await?;
    door.until("the fields to be empty", async || {
        let name = door.find_test_id("checkin-name").await?.value().await?.unwrap_or_default();
        let reason = door.find_test_id("checkin-reason").await?.value().await?.unwrap_or_default();
        Ok((name.is_empty() && reason.is_empty()).then_some(()))
    })
    .await
}

/// The one without a name leaves; a slip at another is taken back.
pub(crate) async fn note_who_left(door: &Laptop) -> Result<()> {
    for (name, undo) in [("Tadeusz", true), ("No name given", false)] {
        open_row(door, name).await?;
        press(door, "queue-row-left").await?;
        door.find_test_id("undo-toast").await?;
        if undo {
            press(door, "undo").await?;
            row(door, name).await?;
        }
    }
    door.until("three waiting after one left", async || {
        Ok(said(door, "queue-count").await?.starts_with("3 ").then_some(()))
    })
    .await
}

async fn row(door: &Laptop, name: &str) -> Result<thirtyfour::WebElement> {
    door.until(&format!("{name} in the queue"), async || {
        for row in door.elements(By::Css("[data-testid=queue-row]")).await? {
            if row.text().await?.contains(name) {
                return Ok(Some(row));
            }
        }
        Ok(None)
    })
    .await
}

/// Opens the row's actions, if they are not open.
async fn open_row(door: &Laptop, name: &str) -> Result<()> {
    door.until(&format!("the actions of {name}"), async || {
        let more = row(door, name).await?.find(By::Css("[data-testid=queue-row-more]")).await?;
        if more.attr("aria-expanded").await?.as_deref() == Some("true") {
            return Ok(Some(()));
        }
        click(&more).await?;
        Ok(None)
    })
    .await
}

/// The second window shows tickets and nothing that names anyone.
pub(crate) async fn show_the_board(door: &Laptop) -> Result<()> {
    press(door, "open-board").await?;
    door.turn_to("/board").await?;
    door.find_test_id("board-waiting").await?;
    let board = door.text().await?;
    let tickets = door.elements(By::Css("[data-testid=board-waiting]")).await?;
    ensure!(tickets.len() == 3 || board.matches(char::is_numeric).count() >= 3, "the board shows too little: {board}");
    for name in ["Mair", "Ifeoma", "Okafor", "Tadeusz", "Cymraeg", "list"] {
        ensure!(!board.contains(name), "the board says “{name}”: {board}");
    }
    door.check_accessible().await?;
    door.screenshot("journey-1-board").await?;
    door.turn_to("/door").await?;
    let closed = door.ask("close_board", json!({})).await?;
    ensure!(closed.is_ok(), "the board does not close: {closed:?}");
    Ok(())
}

/// Before the laptops meet again: BSL as well, and she stepped outside.
pub(crate) async fn correct_and_step_outside(door: &Laptop, name: &str) -> Result<()> {
    press(door, "place-door").await?;
    open_row(door, name).await?;
    press(door, "queue-row-needs-correct").await?;
    press(door, "correct-need-bsl").await?;
    press(door, "needs-save").await?;
    door.until("BSL in the row", async || Ok(row(door, name).await?.text().await?.contains("BSL").then_some(())))
        .await?;
    open_row(door, name).await?;
    press(door, "queue-row-outside").await?;
    door.until("outside in the row", async || {
        Ok(row(door, name).await?.text().await?.contains("Outside until").then_some(()))
    })
    .await
}
