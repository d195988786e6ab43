//! What a person who looks at the screen would be troubled by, and how they make the window and its words larger.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use thirtyfour::Key;

use super::laptop::Laptop;

const SIGHT: &str = include_str!("sight.js");
const FOCUS: &str = include_str!("focus.js");

/// Draws the page as a theme that forces its colours would: our rules for that theme apply whatever the theme is.
const FORCED: &str = "
const turn = (rules) => { for (const rule of rules) {
  if (rule.media?.mediaText.includes('forced-colors')) rule.media.mediaText = 'all';
  if (rule.cssRules) turn(rule.cssRules);
} };
for (const sheet of document.styleSheets) turn(sheet.cssRules);
";

impl Laptop {
    /// Makes the window this large, in the screen's pixels.
    ///
    /// # Errors
    /// When it does not become so.
    pub async fn resize(&self, width: u32, height: u32) -> Result<()> {
        self.driver.set_window_rect(0, 0, width, height).await.context("the window does not change its size")?;
        self.until(&format!("a window of {width} by {height}"), async || {
            let zoomed = "return Math.abs(innerWidth * (outerWidth / innerWidth) - arguments[0]) <= 2
                && Math.abs(outerWidth - arguments[0]) <= 2 && Math.abs(outerHeight - arguments[1]) <= 2";
            let said = self.driver.execute(zoomed, vec![json!(width), json!(height)]).await?;
            Ok((said.json() == &json!(true)).then_some(()))
        })
        .await
    }

    /// How wide the page is, in pixels as it counts them: larger words make it narrower.
    ///
    /// # Errors
    /// When the window cannot be asked.
    pub async fn page_width(&self) -> Result<u64> {
        let said = self.driver.execute("return innerWidth", Vec::new()).await?;
        said.json().as_u64().context("a page has a width")
    }

    /// Makes the words larger with `Ctrl` and `+`, so often, and waits until they are.
    ///
    /// # Errors
    /// When they do not become so.
    pub async fn enlarge(&self, steps: u32) -> Result<()> {
        for _ in 0..steps {
            let before = self.page_width().await?;
            self.press_with(Key::Control, '+').await?;
            self.until("larger words", async || Ok((self.page_width().await? < before).then_some(()))).await?;
        }
        Ok(())
    }

    /// Makes the words as large as they usually are, with `Ctrl` and `0`.
    ///
    /// # Errors
    /// When they do not become so.
    pub async fn usual_size(&self) -> Result<()> {
        self.press_with(Key::Control, '0').await?;
        self.until("words as they usually are", async || {
            let said = self.driver.execute("return innerWidth === outerWidth", Vec::new()).await?;
            Ok((said.json() == &json!(true)).then_some(()))
        })
        .await
    }

    /// Puts the page's own rules for forced colours in force.
    ///
    /// # Errors
    /// When the window cannot be asked.
    pub async fn force_colours(&self) -> Result<()> {
        self.driver.execute(FORCED, Vec::new()).await.map(drop).context("the page's rules cannot be reached")
    }

    /// Nothing is cut off, nothing runs out of the window, and no target is smaller than `least`.
    ///
    /// # Errors
    /// With everything that is.
    pub async fn check_sight(&self, least: u32) -> Result<()> {
        self.check_targets("body", least).await
    }

    /// The same, with only the targets inside what this selector finds.
    ///
    /// # Errors
    /// With everything that is.
    pub async fn check_targets(&self, within: &str, least: u32) -> Result<()> {
        let said = self.driver.execute(SIGHT, vec![json!(least), json!(within)]).await?;
        let wrong: Vec<&str> = said.json().as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if wrong.is_empty() { Ok(()) } else { bail!("{}", wrong.join("\n")) }
    }

    /// What has the keyboard, said in words; `None` when nothing on the page has. The window scrolls to it in its own
    /// time, and is given that.
    ///
    /// # Errors
    /// When it cannot be seen that it has, or it cannot be seen itself.
    pub async fn focus(&self) -> Result<Option<String>> {
        let seen = self.until("what has the keyboard", async || Ok(self.look_at_focus().await?.ok())).await;
        match seen {
            Ok(seen) => Ok(seen),
            // What was wrong to the end says more than that there was no end of it.
            Err(never) => self.look_at_focus().await?.map_err(|wrong| never.context(wrong)),
        }
    }

    /// What has the keyboard now, or what is wrong with how it is seen.
    async fn look_at_focus(&self) -> Result<Result<Option<String>, String>> {
        let said = self.driver.execute(FOCUS, Vec::new()).await?;
        let Some([name, wrong]) = said.json().as_array().map(Vec::as_slice) else { return Ok(Ok(None)) };
        let name = name.as_str().unwrap_or_default().to_owned();
        Ok(wrong.as_str().map_or_else(|| Ok(Some(name.clone())), |wrong| Err(format!("{name} {wrong}"))))
    }

    /// The test ids of what has the keyboard and of everything it is inside.
    ///
    /// # Errors
    /// When the window cannot be asked.
    pub async fn focused_test_ids(&self) -> Result<Vec<String>> {
        const IDS: &str = "const ids = []; for (let at = document.activeElement; at; at = at.parentElement)
            if (at.dataset?.testid) ids.push(at.dataset.testid); return ids";
        let said = self.driver.execute(IDS, Vec::new()).await?;
        Ok(said.json().as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect())
    }

    /// Goes through the whole page with Tab: everything that takes the keyboard can be seen to have it.
    ///
    /// # Errors
    /// With everything that cannot, or when Tab never comes round.
    pub async fn check_focus(&self) -> Result<()> {
        const MOST: usize = 150;
        const MARK: &str = "const was = document.activeElement?.hasAttribute('data-been');
            document.activeElement?.setAttribute('data-been', ''); return was === true && document.activeElement !== document.body";
        const CLEAR: &str =
            "for (const one of document.querySelectorAll('[data-been]')) one.removeAttribute('data-been')";
        let (mut wrong, mut round) = (Vec::new(), false);
        for _ in 0..MOST {
            self.press(Key::Tab).await?;
            if let Err(error) = self.focus().await {
                wrong.push(error.to_string());
            }
            if self.driver.execute(MARK, Vec::new()).await?.json() == &json!(true) {
                round = true;
                break;
            }
        }
        self.driver.execute(CLEAR, Vec::new()).await?;
        if !round {
            wrong.push(format!("Tab does not come round in {MOST} presses"));
        }
        if wrong.is_empty() { Ok(()) } else { bail!("{}", wrong.join("\n")) }
    }
}
