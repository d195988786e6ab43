//! The window opens, and each window may ask only what is its own.

use anyhow::Result;
use serde_json::json;
use talking_point_tests::desktop::{Display, Laptop, Setting};

#[tokio::test]
async fn the_window_opens_on_an_empty_folder() -> Result<()> {
    let display = Display::start("opens")?;
    let laptop = Laptop::start(&display, 0, "new laptop", &Setting::on(&display.folder("data")?)).await?;
    laptop.drawn().await?;
    assert!(laptop.title().await?.contains("Talking Point"));
    let start = laptop.ask("start_state", json!({})).await?;
    assert_eq!(start, Ok(json!({ "kind": "new" })));
    laptop.check_accessible().await?;
    laptop.screenshot("new-laptop").await?;
    laptop.stop().await
}

#[tokio::test]
async fn each_window_may_ask_only_what_is_its_own() -> Result<()> {
    let display = Display::start("windows")?;
    let laptop = Laptop::start(&display, 0, "two windows", &Setting::on(&display.folder("data")?)).await?;
    laptop.drawn().await?;
    assert_eq!(laptop.ask("open_board", json!({})).await?, Ok(json!(null)));
    laptop.turn_to("/board").await?;
    for command in ["queue", "check_in", "open", "close_board", "plugin:window|close", "plugin:event|emit"] {
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
