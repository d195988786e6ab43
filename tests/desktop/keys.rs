//! Where the keyboard is, and getting it elsewhere with Tab alone.

use anyhow::Result;
use talking_point_tests::desktop::{Key, Laptop};

/// Presses Tab until what has the keyboard is the element with this test id; every stop on the way can be seen.
pub(crate) async fn tab_to(laptop: &Laptop, id: &str) -> Result<()> {
    const MOST: usize = 80;
    for _ in 0..MOST {
        if has_keyboard(laptop, id).await? {
            return Ok(());
        }
        laptop.press(Key::Tab).await?;
        laptop.focus().await?;
    }
    anyhow::bail!("{id} is not reached by Tab in {MOST} presses")
}

/// Whether the keyboard is on the element with this test id, or inside it: a chip's box is inside its label.
pub(crate) async fn has_keyboard(laptop: &Laptop, id: &str) -> Result<bool> {
    Ok(laptop.focused_test_ids().await?.iter().any(|one| one == id))
}

/// Waits until it has.
pub(crate) async fn keyboard_on(laptop: &Laptop, id: &str) -> Result<()> {
    laptop.until(&format!("the keyboard on {id}"), async || Ok(has_keyboard(laptop, id).await?.then_some(()))).await
}

/// Where the laptop asks whether it knows whom the worker took, says that it does not.
pub(crate) async fn as_somebody_new(table: &Laptop) -> Result<()> {
    if table.find_one_of(&["conversation-name", "who-new"]).await? == "who-new" {
        tab_to(table, "who-new").await?;
        table.press(Key::Enter).await?;
    }
    table.find("conversation-name").await
}
