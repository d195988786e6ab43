//! Figures on their way to the table and to `summary.json`.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

/// What was measured, in the order it was.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    name: &'static str,
    value: f64,
    aim: Option<f64>,
}

impl Figures {
    /// A figure with its aim: reached when it is not above it.
    pub(crate) fn aimed(&mut self, name: &'static str, value: f64, aim: f64) {
        self.rows.push(Row { name, value, aim: Some(aim) });
    }

    /// A figure that explains another.
    pub(crate) fn plain(&mut self, name: &'static str, value: f64) {
        self.rows.push(Row { name, value, aim: None });
    }

    /// The table.
    pub(crate) fn print(&self) {
        println!("\n{:<40} {:>12} {:>10}  reached", "name", "measured", "aim");
        for row in &self.rows {
            let aim = row.aim.map_or_else(String::new, |aim| format!("{aim}"));
            let reached = row.aim.map_or("", |aim| if row.value <= aim { "yes" } else { "NO" });
            println!("{:<40} {:>12.2} {:>10}  {}", row.name, row.value, aim, reached);
        }
    }

    /// Puts the figures into the file, beside those of other groups that an earlier run left there.
    pub(crate) fn write(&self, file: &Path) -> Result<()> {
        let earlier = fs::read(file).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let mut all: Map<String, Value> = earlier.unwrap_or_default();
        for row in &self.rows {
            let rounded = (row.value * 1000.0).round() / 1000.0;
            all.insert(row.name.to_owned(), json!(rounded));
        }
        let text = serde_json::to_string_pretty(&all)?;
        fs::write(file, text + "\n").with_context(|| format!("{} could not be written", file.display()))
    }
}

/// Milliseconds.
pub(crate) fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The value below which so many hundredths of the times lie, in milliseconds.
pub(crate) fn percentile_ms(times: &mut [Duration], hundredths: usize) -> f64 {
    times.sort_unstable();
    let last = times.len().saturating_sub(1);
    times.get((last * hundredths).div_ceil(100)).map_or(0.0, |time| ms(*time))
}
