//! One program per data folder: the second one says so and harms nothing.

use anyhow::Result;
use serde_json::{Value, json};
use talking_point_tests::desktop::{Council, Display, Laptop};

#[tokio::test]
async fn a_second_window_on_one_data_folder_is_told_so() -> Result<()> {
    let display = Display::start("folder-in-use")?;
    let council = Council::found(&display)?;
    let first = Laptop::start(&display, "first", &council.first()).await?;
    first.drawn().await?;
    let second = Laptop::start(&display, "second", &council.first()).await?;
    let refusal = second.ask("start_state", json!({})).await?.expect_err("the folder is taken");
    assert!(refusal.contains("folderInUse"), "{refusal}");
    second.screenshot("folder-in-use").await?;
    first.stop().await?;
    let opened = second.ask("start_state", json!({})).await?.expect("the folder is free again");
    assert_ne!(opened.get("kind"), Some(&Value::from("locked")));
    second.stop().await
}
