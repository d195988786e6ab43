//! Everything at the hub is done by keyboard alone: each test here presses keys and nothing else.

use anyhow::{Context, Result, ensure};
use talking_point_tests::desktop::{Council, Display, Key, Laptop};
use thirtyfour::By;

use crate::keys::{has_keyboard, keyboard_on, tab_to};

const PASSPHRASE: &str = "four words to remember";

async fn demo(display: &Display, role: &'static str) -> Result<Laptop> {
    let council = Council::demo(display)?;
    let laptop = Laptop::start(display, role, &council.first().signed_in_as(role)).await?;
    laptop.drawn().await?;
    Ok(laptop)
}

async fn waiting(laptop: &Laptop, people: usize) -> Result<()> {
    laptop
        .until(&format!("{people} waiting"), async || {
            let said = laptop.find_test_id("queue-count").await?.text().await?;
            Ok(said.starts_with(&format!("{people} ")).then_some(()))
        })
        .await
}

#[tokio::test]
async fn someone_is_checked_in_with_tab_space_and_enter_alone() -> Result<()> {
    let display = Display::start("keys-check-in")?;
    let door = demo(&display, "volunteer").await?;
    waiting(&door, 5).await?;
    keyboard_on(&door, "checkin-name").await?;
    door.type_text("Gwen").await?;
    tab_to(&door, "checkin-reason").await?;
    door.type_text("I'd like some company").await?;
    tab_to(&door, "checkin-need-quietPlace").await?;
    door.press(Key::Space).await?;
    door.press(Key::Enter).await?;
    waiting(&door, 6).await?;
    keyboard_on(&door, "checkin-name").await?;
    door.see("I'd like some company").await?;

    // Enter with nothing said is no check-in: it says what is missing, where it is missing.
    door.press(Key::Enter).await?;
    door.see("Enter a name, or choose No name.").await?;
    keyboard_on(&door, "checkin-name").await?;
    waiting(&door, 6).await?;
    door.check_accessible().await?;
    door.stop().await
}

#[tokio::test]
async fn choosing_the_door_again_is_ready_for_the_next_person() -> Result<()> {
    let display = Display::start("keys-door-again")?;
    let door = demo(&display, "volunteer").await?;
    keyboard_on(&door, "checkin-name").await?;
    tab_to(&door, "place-door").await?;
    door.press(Key::Enter).await?;
    keyboard_on(&door, "checkin-name").await?;
    door.stop().await
}

#[tokio::test]
async fn who_left_is_marked_and_taken_back_by_keyboard() -> Result<()> {
    let display = Display::start("keys-left")?;
    let door = demo(&display, "volunteer").await?;
    waiting(&door, 5).await?;
    tab_to(&door, "queue-row-more").await?;
    door.press(Key::Enter).await?;
    tab_to(&door, "queue-row-left").await?;
    door.press(Key::Enter).await?;
    waiting(&door, 4).await?;
    // The row is gone; the keyboard is on the one that took its place, and the way back is in sight.
    keyboard_on(&door, "queue-row-more").await?;
    door.find_test_id("undo-toast").await?;
    door.check_accessible().await?;
    door.check_focus().await?;
    tab_to(&door, "undo").await?;
    door.press(Key::Enter).await?;
    waiting(&door, 5).await?;

    // And the same with Ctrl+Z.
    tab_to(&door, "queue-row-more").await?;
    door.press(Key::Enter).await?;
    tab_to(&door, "queue-row-outside").await?;
    door.press(Key::Enter).await?;
    door.see("Outside until").await?;
    keyboard_on(&door, "queue-row-more").await?;
    door.press_with(Key::Control, 'z').await?;
    door.see_no_more("Outside until").await?;
    door.stop().await
}

#[tokio::test]
async fn the_board_is_opened_by_keyboard() -> Result<()> {
    let display = Display::start("keys-board")?;
    let door = demo(&display, "volunteer").await?;
    waiting(&door, 5).await?;
    tab_to(&door, "open-board").await?;
    door.press(Key::Enter).await?;
    door.turn_to("/board").await?;
    door.find_test_id("board-waiting").await?;
    door.check_accessible().await?;
    door.check_sight(24).await?;
    door.stop().await
}

#[tokio::test]
async fn one_key_hides_the_screen_and_it_comes_back_as_it_was() -> Result<()> {
    let display = Display::start("keys-hide")?;
    let door = demo(&display, "volunteer").await?;
    waiting(&door, 5).await?;
    keyboard_on(&door, "checkin-name").await?;
    door.type_text("Gwen P").await?;
    tab_to(&door, "checkin-reason").await?;
    door.type_text("The letter says I ow").await?;
    door.press(Key::F9).await?;
    door.find_test_id("hidden-page").await?;
    let shown = door.text().await?;
    for word in ["Gwen", "Tadeusz", "Gwilym", "Green Lane", "letter"] {
        ensure!(!shown.contains(word), "the hidden screen says “{word}”: {shown}");
    }
    door.check_accessible().await?;
    // The program keeps its records to itself until the passphrase is typed.
    let asked = door.ask("queue", serde_json::json!({})).await?.expect_err("locked");
    ensure!(asked.contains("notSignedIn"), "{asked}");

    door.press(Key::Space).await?;
    keyboard_on(&door, "unlock-passphrase").await?;
    door.check_accessible().await?;
    door.type_text(PASSPHRASE).await?;
    door.press(Key::Enter).await?;
    waiting(&door, 5).await?;
    door.see("Gwilym, volunteer").await?;
    door.until("what was half typed", async || {
        let name = door.find_test_id("checkin-name").await?.value().await?.unwrap_or_default();
        let reason = door.find_test_id("checkin-reason").await?.value().await?.unwrap_or_default();
        Ok((name == "Gwen P" && reason == "The letter says I ow").then_some(()))
    })
    .await?;
    door.stop().await
}

#[tokio::test]
async fn closing_the_lid_locks_and_keeps_what_was_half_typed() -> Result<()> {
    let display = Display::start("lid")?;
    let door = demo(&display, "volunteer").await?;
    waiting(&door, 5).await?;
    door.type_text("Gwen P").await?;
    display.close_lid()?;
    keyboard_on(&door, "unlock-passphrase").await?;
    let asked = door.ask("queue", serde_json::json!({})).await?.expect_err("locked");
    ensure!(asked.contains("notSignedIn"), "{asked}");
    ensure!(!door.text().await?.contains("Tadeusz"), "the queue still shows");
    door.type_text(PASSPHRASE).await?;
    door.press(Key::Enter).await?;
    waiting(&door, 5).await?;
    let typed = async || door.find_test_id("checkin-name").await?.value().await.map_err(anyhow::Error::from);
    door.until("what was half typed", async || Ok((typed().await?.as_deref() == Some("Gwen P")).then_some(()))).await?;
    door.stop().await
}

#[tokio::test]
async fn the_laptop_is_handed_over_in_two_presses() -> Result<()> {
    let display = Display::start("keys-hand-over")?;
    let laptop = demo(&display, "volunteer").await?;
    laptop.press(Key::F8).await?;
    laptop.find_test_id("sign-in-list").await?;
    laptop.drawn().await?;
    laptop.check_accessible().await?;
    laptop.check_focus().await?;
    let rhian = laptop.elements(By::Css("[data-testid=sign-in-member]")).await?.len();
    ensure!(rhian == 8, "the demo council has eight people, and {rhian} are listed");
    laptop.type_text("8").await?;
    laptop.see("Rhian, hub worker").await?;
    laptop.see_current("Today").await?;
    laptop.stop().await
}

#[tokio::test]
async fn a_name_that_is_not_listed_is_typed() -> Result<()> {
    let display = Display::start("keys-not-listed")?;
    let laptop = demo(&display, "volunteer").await?;
    laptop.press(Key::F8).await?;
    tab_to(&laptop, "sign-in-not-listed").await?;
    laptop.press(Key::Enter).await?;
    keyboard_on(&laptop, "sign-in-name").await?;
    laptop.press(Key::Enter).await?;
    laptop.see("Enter your name.").await?;
    keyboard_on(&laptop, "sign-in-name").await?;
    laptop.check_accessible().await?;
    laptop.type_text("Olwen").await?;
    laptop.press(Key::Enter).await?;
    laptop.see("Olwen, volunteer").await?;
    laptop.stop().await
}

/// Ctrl+K, some letters, Enter.
async fn find(laptop: &Laptop, letters: &str) -> Result<()> {
    laptop.press_with(Key::Control, 'k').await?;
    keyboard_on(laptop, "find-search").await?;
    laptop.type_text(letters).await?;
    laptop
        .until(&format!("something found for {letters}"), async || {
            let chosen = laptop.elements(By::Css("[data-testid=find-result][aria-selected=true]")).await?;
            let Some(chosen) = chosen.first() else { return Ok(None) };
            let words = chosen.text().await?.to_lowercase();
            Ok(words.contains(&letters.to_lowercase()).then_some(()))
        })
        .await?;
    laptop.check_accessible().await?;
    laptop.press(Key::Enter).await
}

#[tokio::test]
async fn control_k_leads_to_a_visit_a_person_and_a_listing() -> Result<()> {
    let display = Display::start("keys-find")?;
    let laptop = demo(&display, "worker").await?;
    laptop.see_current("Today").await?;

    // A visit: its row is in view, marked, and has the keyboard.
    find(&laptop, "eirlys").await?;
    laptop.see_current("At the door").await?;
    keyboard_on(&laptop, "queue-row-more").await?;
    let marked = laptop.elements(By::Css("[data-testid=queue-row].marked")).await?;
    let [row] = marked.as_slice() else { anyhow::bail!("{} rows are marked", marked.len()) };
    ensure!(row.text().await?.contains("Eirlys"), "another row is marked");
    ensure!(has_keyboard(&laptop, "queue-row").await?, "the keyboard is elsewhere");
    laptop.focus().await?.context("the marked row's button has the keyboard")?;
    laptop.check_accessible().await?;
    laptop.screenshot("find-visit").await?;
    // Another, from the door itself, marks that one instead.
    find(&laptop, "tadeusz").await?;
    laptop
        .until("Tadeusz marked", async || {
            let rows = laptop.elements(By::Css("[data-testid=queue-row].marked")).await?;
            let Some(row) = rows.first() else { return Ok(None) };
            Ok((rows.len() == 1 && row.text().await?.contains("Tadeusz")).then_some(()))
        })
        .await?;

    find(&laptop, "okafor").await?;
    laptop.see_current("People").await?;
    laptop.find("heading", "Okafor").await?;

    find(&laptop, "lunch").await?;
    laptop.see_current("Directory").await?;
    laptop.stop().await
}

#[tokio::test]
async fn what_was_done_on_a_waiting_list_is_undone() -> Result<()> {
    let display = Display::start("keys-waiting")?;
    let laptop = demo(&display, "worker").await?;
    tab_to(&laptop, "place-waiting").await?;
    laptop.press(Key::Enter).await?;
    laptop.see_current("Waiting").await?;
    let first = first_row(&laptop).await?;
    let count = laptop.find_test_id("waiting-count").await?.text().await?;

    tab_to(&laptop, "waiting-act").await?;
    laptop.press(Key::Enter).await?;
    laptop.find_test_id("waiting-sheet").await?;
    laptop.drawn().await?;
    laptop.check_accessible().await?;
    laptop.check_sight(24).await?;
    laptop.check_focus().await?;
    tab_to(&laptop, "waiting-outcome-seen").await?;
    laptop.press(Key::Space).await?;
    tab_to(&laptop, "waiting-close-save").await?;
    laptop.press(Key::Enter).await?;
    laptop
        .until("one fewer", async || {
            Ok((laptop.find_test_id("waiting-count").await?.text().await? != count).then_some(()))
        })
        .await?;
    laptop.find_test_id("undo-toast").await?;
    keyboard_on(&laptop, "waiting-act").await?;
    laptop.check_accessible().await?;
    laptop.screenshot("waiting-undo").await?;
    tab_to(&laptop, "undo").await?;
    laptop.press(Key::Enter).await?;
    laptop
        .until("the same list as before", async || {
            let said = laptop.find_test_id("waiting-count").await?.text().await?;
            Ok((said == count && first_row(&laptop).await? == first).then_some(()))
        })
        .await?;
    laptop.stop().await
}

async fn first_row(laptop: &Laptop) -> Result<String> {
    Ok(laptop.find_test_id("waiting-row").await?.text().await?)
}
