//! The window opens, and each window may ask only what is its own.

use anyhow::Result;
use serde_json::json;
use talking_point_tests::desktop::{Display, Key, Laptop, Setting};

#[tokio::test]
async fn the_window_opens_on_an_empty_folder() -> Result<()> {
    let display = Display::start("opens")?;
    let laptop = Laptop::start(&display, "new laptop", &Setting::on(&display.folder("data")?)).await?;
    laptop.drawn().await?;
    assert!(laptop.title().await?.contains("Talking Point"));
    let start = laptop.ask("start_state", json!({})).await?;
    assert_eq!(start, Ok(json!({ "kind": "new" })));
    laptop.check_accessible().await?;
    laptop.screenshot("new-laptop").await?;
    laptop.stop().await
}

const ZOOM: &str = "plugin:webview|set_webview_zoom";

#[tokio::test]
async fn control_with_plus_minus_and_nought_sets_how_large_the_words_are() -> Result<()> {
    let display = Display::start("larger")?;
    let laptop = Laptop::start(&display, "larger", &Setting::on(&display.folder("data")?)).await?;
    laptop.drawn().await?;
    let usual = laptop.page_width().await?;
    laptop.enlarge(5).await?;
    assert_eq!(laptop.page_width().await?, usual / 2, "five steps are twice as large");
    laptop.drawn().await?;
    laptop.check_sight(24).await?;
    laptop.check_accessible().await?;
    laptop.screenshot("new-laptop-200").await?;
    laptop.press_with(Key::Control, '-').await?;
    laptop.until("smaller words", async || Ok((laptop.page_width().await? > usual / 2).then_some(()))).await?;
    laptop.press_with(Key::Control, '0').await?;
    laptop.until("words as before", async || Ok((laptop.page_width().await? == usual).then_some(()))).await?;
    laptop.stop().await
}

#[tokio::test]
async fn each_window_may_ask_only_what_is_its_own() -> Result<()> {
    let display = Display::start("windows")?;
    let laptop = Laptop::start(&display, "two windows", &Setting::on(&display.folder("data")?)).await?;
    laptop.drawn().await?;
    assert_eq!(laptop.ask("open_board", json!({})).await?, Ok(json!(null)));
    laptop.turn_to("/board").await?;
    for command in ["queue", "check_in", "open", "close_board", "plugin:window|close", "plugin:event|emit", ZOOM] {
        let refusal = laptop.ask(command, json!({})).await?.expect_err(command);
        assert!(refusal.contains("not allowed"), "{command}: {refusal}");
    }
    let allowed = laptop.ask("board", json!({})).await?.expect_err("no records are open, so there is no board");
    assert!(!allowed.contains("not allowed by"), "{allowed}");
    laptop.turn_to("/").await?;
    assert_eq!(laptop.ask("close_board", json!({})).await?, Ok(json!(null)));
    assert_eq!(laptop.windows().await?, 1);
    laptop.stop().await
}
