//! What axe-core finds wrong with a screen: nothing, or the test fails with where and why.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::laptop::Laptop;

/// WCAG 2.2 AA is the floor. The isolation frame is Tauri's, holds nothing, and is never seen.
const RUN: &str = "
const done = arguments[arguments.length - 1];
axe.run({ exclude: [['#__tauri_isolation__']] }, {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
}).then(({ violations }) => done(violations.map(({ id, help, nodes }) => ({
  id, help, where: nodes.map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary}`),
}))), (error) => done(String(error)));
";

impl Laptop {
    /// Checks the screen as it is now with axe-core.
    ///
    /// # Errors
    /// With each rule broken and where.
    pub async fn check_accessible(&self) -> Result<()> {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/node_modules/axe-core/axe.min.js");
        let axe =
            std::fs::read_to_string(&file).context("axe-core is not installed: `cargo xtask setup` installs it")?;
        self.driver.execute(axe, Vec::new()).await.context("axe-core cannot be given to the page")?;
        let said = self.driver.execute_async(RUN, Vec::new()).await?;
        match said.json() {
            Value::Array(violations) if violations.is_empty() => Ok(()),
            Value::Array(violations) => {
                bail!("{}: {}", self.name(), violations.iter().map(told).collect::<Vec<_>>().join("\n"))
            }
            other => bail!("axe-core did not run: {other}"),
        }
    }
}

fn told(violation: &Value) -> String {
    let text = |name: &str| violation.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let places = violation.get("where").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    format!("{} ({})\n  {}", text("help"), text("id"), places.collect::<Vec<_>>().join("\n  "))
}
