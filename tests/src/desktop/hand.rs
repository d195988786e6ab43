//! What a person at the laptop does: clicks, types, presses keys.
//!
//! Each act finds what it acts on anew, in the same look; what is gone, covered or drawn again by then is looked for
//! again. An act that was taken is never done twice.

use anyhow::{Context, Result};
use serde_json::json;
use thirtyfour::error::{WebDriverError, WebDriverErrorInner, WebDriverResult};
use thirtyfour::{Key, TypingData, WebElement};

use super::laptop::Laptop;
use super::part::Part;

impl Laptop {
    /// Brings it into view, as a person would, and clicks it as soon as it takes a click.
    ///
    /// # Errors
    /// When it is not there or does not take one.
    pub async fn click(&self, part: impl Into<Part>) -> Result<()> {
        self.act(&part.into(), "to take a click", click).await
    }

    /// Brings it into view.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn bring_into_view(&self, part: impl Into<Part>) -> Result<()> {
        self.act(&part.into(), "to come into view", async |element| element.scroll_into_view().await.map(drop)).await
    }

    /// Clicks a box until it is ticked: one that is ticked already is left.
    ///
    /// # Errors
    /// When it is not there or does not become so.
    pub async fn tick(&self, part: impl Into<Part>) -> Result<()> {
        let part = part.into();
        self.until(&format!("{part} to be ticked"), async || {
            if self.told(&part, "element.checked").await?.first() == Some(&json!(true)) {
                return Ok(Some(()));
            }
            self.try_now(&part, click).await?.transpose()?;
            Ok(None)
        })
        .await
    }

    /// Types into a field, after what stands in it.
    ///
    /// # Errors
    /// When it is not there or cannot be typed into.
    pub async fn type_into(&self, part: impl Into<Part>, text: &str) -> Result<()> {
        self.act(&part.into(), "to be typed into", async |field| field.send_keys(text).await).await
    }

    /// Presses a key on it.
    ///
    /// # Errors
    /// When it is not there or takes no keys.
    pub async fn press_on(&self, part: impl Into<Part>, key: Key) -> Result<()> {
        self.act(&part.into(), "to take a key", async |element| element.send_keys(key.clone()).await).await
    }

    /// Empties a field.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn empty(&self, part: impl Into<Part>) -> Result<()> {
        self.act(&part.into(), "to be emptied", async |field| field.clear().await).await
    }

    /// Types where the keyboard is.
    ///
    /// # Errors
    /// When nothing has the keyboard.
    pub async fn type_text(&self, keys: impl Into<TypingData>) -> Result<()> {
        let keys: String = keys.into().as_vec().iter().collect();
        let taken = self.until("something to take the keys", async || {
            match self.driver.active_element().await?.send_keys(keys.as_str()).await {
                Err(error) if not_yet(&error) => Err(error.into()),
                taken => Ok(Some(taken)),
            }
        });
        taken.await?.context("the keys were not taken")
    }

    /// Presses one key where the keyboard is.
    ///
    /// # Errors
    /// When nothing has the keyboard.
    pub async fn press(&self, key: Key) -> Result<()> {
        self.type_text(key).await
    }

    /// Holds one key and presses another: `Ctrl` and `k`.
    ///
    /// # Errors
    /// When the window does not take them.
    pub async fn press_with(&self, held: Key, key: char) -> Result<()> {
        let chord = self.driver.action_chain().key_down(held.clone()).send_keys(key.to_string()).key_up(held);
        chord.perform().await.context("the keys were not taken")
    }

    async fn act(&self, part: &Part, what: &str, act: impl AsyncFn(&WebElement) -> WebDriverResult<()>) -> Result<()> {
        self.until(&format!("{part} {what}"), async || self.try_now(part, &act).await).await?
    }

    /// Acts on it if it is there now. Nothing, or an error, when it is to be tried again; otherwise what came of it.
    async fn try_now(
        &self,
        part: &Part,
        act: impl AsyncFn(&WebElement) -> WebDriverResult<()>,
    ) -> Result<Option<Result<()>>> {
        let Some(element) = self.found(part).await?.into_iter().next() else { return Ok(None) };
        match act(&element).await {
            Err(error) if not_yet(&error) => Err(error.into()),
            done => Ok(Some(done.with_context(|| format!("{part} did not take it")))),
        }
    }
}

async fn click(element: &WebElement) -> WebDriverResult<()> {
    element.scroll_into_view().await?;
    element.click().await
}

/// Nothing was done: what was found is gone, drawn again, or covered, as things are while a screen changes.
fn not_yet(error: &WebDriverError) -> bool {
    matches!(
        error.as_inner(),
        WebDriverErrorInner::StaleElementReference(_)
            | WebDriverErrorInner::NoSuchElement(_)
            | WebDriverErrorInner::ElementNotInteractable(_)
            | WebDriverErrorInner::ElementClickIntercepted(_)
    )
}
