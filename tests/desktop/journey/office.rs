//! The office: who waits, by kind and band, longest first, without a name; and whether the hub made a difference.

use anyhow::{Result, ensure};
use serde_json::{Value, json};
use talking_point_tests::desktop::{Laptop, Part};

use super::council::Morning;

pub(crate) async fn sees_who_waits_without_names(morning: &Morning<'_>, office: &Laptop) -> Result<()> {
    morning.share(office).await?;
    office.click("place-waiting").await?;
    office.find("waiting-row").await?;
    let list = office.ask("waiting_list", json!({ "filter": {} })).await?.map_err(anyhow::Error::msg)?;
    ensure!(list.get("names") == Some(&json!(false)), "the office shows names");
    let days: Vec<i64> = entries(&list).filter_map(|entry| entry.get("days")?.as_i64()).collect();
    ensure!(days.len() > 5 && days.is_sorted_by(|a, b| a >= b), "not longest first: {days:?}");
    ensure!(entries(&list).all(|entry| entry.get("name").is_none_or(Value::is_null)), "an entry names someone");
    let screen = office.text().await?;
    ensure!(!screen.contains("Mair"), "the office's screen names Mair");
    office.check_accessible().await?;
    office.screenshot("journey-4-waiting").await
}

fn entries(list: &Value) -> impl Iterator<Item = &Value> {
    list.get("entries").and_then(Value::as_array).into_iter().flatten()
}

pub(crate) async fn sees_the_trend(office: &Laptop) -> Result<()> {
    office.click("place-trends").await?;
    for (sentence, chart, toggle, table) in [
        ("trends-sentence", "trends-chart", "trends-table-toggle", "trends-table"),
        ("trends-size-sentence", "trends-size-chart", "trends-size-table-toggle", "trends-size-table"),
    ] {
        ensure!(office.words(sentence).await?.len() > 20, "{sentence} says nothing");
        office.find(chart).await?;
        let drawn = office.count(Part::id(chart).inside(Part::css("svg"))).await?;
        ensure!(drawn > 0, "{chart} is not drawn");
        if sentence == "trends-sentence" {
            office.check_accessible().await?;
            office.screenshot("journey-4-trends").await?;
        }
        office.click(toggle).await?;
        office.find(table).await?;
        let rows = office.count(Part::id(table).inside(Part::css("tbody tr"))).await?;
        ensure!(rows > 12, "{table} has {rows} rows");
    }
    office.check_accessible().await
}
