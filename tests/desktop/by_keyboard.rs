//! Everything at the hub is done by keyboard alone: each test here presses keys and nothing else.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use talking_point_tests::desktop::{Council, Display, Key, Laptop, Part};

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
            let said = laptop.words("queue-count").await?;
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
    door.find("undo-toast").await?;
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
    door.find("board-waiting").await?;
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
    door.find("hidden-page").await?;
    let shown = door.text().await?;
    for word in ["Gwen", "Tadeusz", "Gwilym", "Green Lane", "letter"] {
        ensure!(!shown.contains(word), "the hidden screen says “{word}”: {shown}");
    }
    door.check_accessible().await?;
    // The program keeps its records to itself until the passphrase is typed.
    let asked = door.ask("queue", json!({})).await?.expect_err("locked");
    ensure!(asked.contains("notSignedIn"), "{asked}");

    door.press(Key::Space).await?;
    keyboard_on(&door, "unlock-passphrase").await?;
    door.check_accessible().await?;
    door.type_text(PASSPHRASE).await?;
    door.press(Key::Enter).await?;
    waiting(&door, 5).await?;
    door.see("Gwilym, volunteer").await?;
    door.until("what was half typed", async || {
        let name = door.value("checkin-name").await?;
        let reason = door.value("checkin-reason").await?;
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
    let asked = door.ask("queue", json!({})).await?.expect_err("locked");
    ensure!(asked.contains("notSignedIn"), "{asked}");
    ensure!(!door.text().await?.contains("Tadeusz"), "the queue still shows");
    door.type_text(PASSPHRASE).await?;
    door.press(Key::Enter).await?;
    waiting(&door, 5).await?;
    door.until("what was half typed", async || Ok((door.value("checkin-name").await? == "Gwen P").then_some(())))
        .await?;
    door.stop().await
}

#[tokio::test]
async fn the_laptop_is_handed_over_in_two_presses() -> Result<()> {
    let display = Display::start("keys-hand-over")?;
    let laptop = demo(&display, "volunteer").await?;
    laptop.press(Key::F8).await?;
    laptop.find("sign-in-list").await?;
    laptop.drawn().await?;
    laptop.check_accessible().await?;
    laptop.check_focus().await?;
    let rhian = laptop.count("sign-in-member").await?;
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
            let chosen = laptop.all_words(Part::css("[data-testid=find-result][aria-selected=true]")).await?;
            Ok(chosen.iter().any(|words| words.to_lowercase().contains(letters)).then_some(()))
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
    only_marked(&laptop, "Eirlys").await?;
    ensure!(has_keyboard(&laptop, "queue-row").await?, "the keyboard is elsewhere");
    laptop.focus().await?.context("the marked row's button has the keyboard")?;
    laptop.check_accessible().await?;
    laptop.screenshot("find-visit").await?;
    // Another, from the door itself, marks that one instead.
    find(&laptop, "tadeusz").await?;
    only_marked(&laptop, "Tadeusz").await?;

    find(&laptop, "okafor").await?;
    laptop.see_current("People").await?;
    laptop.find(Part::role("heading", "Okafor")).await?;

    find(&laptop, "lunch").await?;
    laptop.see_current("Directory").await?;
    laptop.stop().await
}

#[tokio::test]
async fn enter_waits_for_the_answer_and_a_choice_makes_way_for_a_new_search() -> Result<()> {
    let display = Display::start("keys-directory")?;
    let laptop = demo(&display, "worker").await?;
    laptop.press_on(Part::role("link", "Directory"), Key::Enter).await?;
    laptop.see_current("Directory").await?;
    let mut shown = laptop.words("directory-detail-name").await?;
    for query in ["lunch", "carers"] {
        let found = laptop.ask("directory", json!({ "query": query })).await?.map_err(anyhow::Error::msg)?;
        let best = found.pointer("/listings/0/name").and_then(Value::as_str).context("something is found")?;
        ensure!(best != shown, "the best match for {query} is shown already");
        tab_to(&laptop, "directory-search").await?;
        laptop.press_with(Key::Control, 'a').await?;
        // All of it in one go, Enter too, sooner than any answer.
        laptop.type_text(query + Key::Enter).await?;
        keyboard_on(&laptop, "directory-detail").await?;
        shown = laptop.words("directory-detail-name").await?;
        ensure!(shown == best, "Enter after {query} opened {shown}, and the best match is {best}");
        laptop.press(Key::Escape).await?;
    }
    laptop.stop().await
}

/// Waits until one row at the door is marked, and it is this person's.
async fn only_marked(laptop: &Laptop, name: &str) -> Result<()> {
    laptop
        .until(&format!("{name} marked"), async || {
            let rows = laptop.all_words(Part::css("[data-testid=queue-row].marked")).await?;
            Ok(matches!(rows.as_slice(), [row] if row.contains(name)).then_some(()))
        })
        .await
}

#[tokio::test]
async fn what_was_done_on_a_waiting_list_is_undone() -> Result<()> {
    let display = Display::start("keys-waiting")?;
    let laptop = demo(&display, "worker").await?;
    tab_to(&laptop, "place-waiting").await?;
    laptop.press(Key::Enter).await?;
    laptop.see_current("Waiting").await?;
    let first = first_row(&laptop).await?;
    let count = laptop.words("waiting-count").await?;

    tab_to(&laptop, "waiting-act").await?;
    laptop.press(Key::Enter).await?;
    laptop.find("waiting-sheet").await?;
    laptop.drawn().await?;
    laptop.check_accessible().await?;
    laptop.check_sight(24).await?;
    laptop.check_focus().await?;
    tab_to(&laptop, "waiting-outcome-seen").await?;
    laptop.press(Key::Space).await?;
    tab_to(&laptop, "waiting-close-save").await?;
    laptop.press(Key::Enter).await?;
    laptop.until("one fewer", async || Ok((laptop.words("waiting-count").await? != count).then_some(()))).await?;
    laptop.find("undo-toast").await?;
    keyboard_on(&laptop, "waiting-act").await?;
    laptop.check_accessible().await?;
    laptop.screenshot("waiting-undo").await?;
    tab_to(&laptop, "undo").await?;
    laptop.press(Key::Enter).await?;
    laptop
        .until("the same list as before", async || {
            let said = laptop.words("waiting-count").await?;
            Ok((said == count && first_row(&laptop).await? == first).then_some(()))
        })
        .await?;
    laptop.stop().await
}

async fn first_row(laptop: &Laptop) -> Result<String> {
    laptop.words("waiting-row").await
}
