//! At the door: three fields, no mouse, Enter to finish.

use anyhow::{Result, ensure};
use serde_json::json;
use talking_point_tests::desktop::{Key, Laptop, Part};

use crate::keys::keyboard_on;

/// Long, in Polish, with letters that are not English.
const LETTER: &str = "Dostałem list z urzędu i nic z niego nie rozumiem. Piszą o świadczeniu opiekuńczym, o jakimś \
    terminie i o odwołaniu, a ja od wypadku gorzej widzę i nie mam kogo zapytać. Córka mieszka w Gdańsku. ";

pub(crate) async fn check_four_people_in(door: &Laptop) -> Result<()> {
    door.find("queue").await?;
    keyboard_on(door, "checkin-name").await?;
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
        let count = door.words("queue-count").await?;
        Ok(count.starts_with(&format!("{waiting} ")).then_some(()))
    })
    .await?;
    door.until("the fields to be empty", async || {
        let (name, reason) = (door.value("checkin-name").await?, door.value("checkin-reason").await?);
        Ok((name.is_empty() && reason.is_empty()).then_some(()))
    })
    .await?;
    keyboard_on(door, "checkin-name").await
}

/// The one without a name leaves; a slip at another is taken back.
pub(crate) async fn note_who_left(door: &Laptop) -> Result<()> {
    for (name, undo) in [("Tadeusz", true), ("No name given", false)] {
        open_row(door, name).await?;
        door.click("queue-row-left").await?;
        door.find("undo-toast").await?;
        if undo {
            door.click("undo").await?;
            door.find(row(name)).await?;
        }
    }
    door.until("three waiting after one left", async || {
        Ok(door.words("queue-count").await?.starts_with("3 ").then_some(()))
    })
    .await
}

fn row(name: &str) -> Part {
    Part::id("queue-row").saying(name)
}

/// Opens the row's actions, if they are not open.
async fn open_row(door: &Laptop, name: &str) -> Result<()> {
    let more = row(name).inside("queue-row-more");
    door.find(&more).await?;
    if !door.has(&more, "aria-expanded", "true").await? {
        door.click(&more).await?;
    }
    door.until(&format!("the actions of {name}"), async || {
        Ok(door.has(&more, "aria-expanded", "true").await?.then_some(()))
    })
    .await
}

/// The second window shows tickets and nothing that names anyone.
pub(crate) async fn show_the_board(door: &Laptop) -> Result<()> {
    door.click("open-board").await?;
    door.turn_to("/board").await?;
    door.find("board-waiting").await?;
    let board = door.text().await?;
    let tickets = door.count("board-waiting").await?;
    ensure!(tickets == 3 || board.matches(char::is_numeric).count() >= 3, "the board shows too little: {board}");
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
    door.click("place-door").await?;
    open_row(door, name).await?;
    door.click("queue-row-needs-correct").await?;
    door.click("correct-need-bsl").await?;
    door.click("needs-save").await?;
    door.find(row(name).inside(Part::id("queue-row-needs").saying("BSL"))).await?;
    open_row(door, name).await?;
    door.click("queue-row-outside").await?;
    door.find(row(name).inside(Part::id("queue-row-outside-until").saying("Outside until"))).await
}
