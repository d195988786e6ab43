//! The council of the journey, its laptops, and the folder between them.

use std::path::PathBuf;

use anyhow::{Context, Result};
use talking_point_tests::desktop::{Council, Display, Key, Laptop, Setting, hubctl};
use thirtyfour::WebElement;

const PASSPHRASE: &str = "the kettle is always on";

/// The demo council's first laptop, and the folder that all laptops share through.
pub(crate) struct Morning<'a> {
    display: &'a Display,
    own: Council,
    pub(crate) between: PathBuf,
}

impl<'a> Morning<'a> {
    pub(crate) fn with_folder(display: &'a Display) -> Result<Self> {
        let morning = Self { display, own: Council::demo(display)?, between: display.folder("between")? };
        morning.share_own()?;
        Ok(morning)
    }

    /// The council's own laptop shares by the command line, as IT would.
    pub(crate) fn share_own(&self) -> Result<()> {
        let folder = self.between.to_str().context("a path that is not Unicode")?;
        hubctl(&self.own.data, &self.own.passphrase_file, &["sync", "--folder", folder]).map(drop)
    }

    /// A new, empty laptop that joins with a join file, typed into its window, with someone signed in by name.
    pub(crate) async fn newcomer(&self, laptop: &str, role: &str, name: &str) -> Result<Laptop> {
        let file = self.display.folder("invitations")?.join(format!("{role}.join"));
        let text = file.to_str().context("a path that is not Unicode")?;
        hubctl(&self.own.data, &self.own.passphrase_file, &["invite", "--role", role, "--out", text])?;
        self.share_own()?;
        let data = self.display.folder(&format!("data of {laptop}"))?;
        let window = Laptop::start(self.display, laptop, &Setting::on(&data)).await?;
        window.drawn().await?;
        window.check_accessible().await?;
        type_into(&window, "welcome-file", text).await?;
        type_into(&window, "welcome-laptop", laptop).await?;
        type_into(&window, "welcome-passphrase", PASSPHRASE).await?;
        type_into(&window, "welcome-again", PASSPHRASE).await?;
        window.press(Key::Enter).await?;
        window.find_test_id("sign-in-lock").await?;
        sign_in(&window, name).await?;
        Ok(window)
    }

    /// The council's own laptop in its window, with a worker signed in by name.
    pub(crate) async fn own_laptop(&self, name: &str) -> Result<Laptop> {
        let window = Laptop::start(self.display, "council", &self.own.first()).await?;
        window.drawn().await?;
        press(&window, "sign-in-not-listed").await?;
        press(&window, "sign-in-role-worker").await?;
        sign_in(&window, name).await?;
        Ok(window)
    }

    /// Shares through the folder, on the screen for it.
    pub(crate) async fn share(&self, laptop: &Laptop) -> Result<()> {
        let folder = self.between.to_str().context("a path that is not Unicode")?;
        press(laptop, "place-laptop").await?;
        let field = laptop.find_test_id("laptop-folder").await?;
        if field.value().await?.unwrap_or_default() != folder {
            field.clear().await?;
            field.send_keys(folder).await?;
            press(laptop, "laptop-folder-save").await?;
        }
        press(laptop, "laptop-share").await?;
        laptop
            .until("what came of sharing", async || {
                let busy = laptop.find_test_id("laptop-share").await?.attr("aria-disabled").await?;
                let result = said(laptop, "laptop-share-result").await?;
                Ok((busy.as_deref() != Some("true")
                    && ["received", "Nothing new"].iter().any(|words| result.contains(words)))
                .then_some(()))
            })
            .await
    }
}

async fn sign_in(window: &Laptop, name: &str) -> Result<()> {
    if window.find_all("textbox", Some("name")).await?.is_empty() {
        press(window, "sign-in-not-listed").await?;
    }
    type_into(window, "sign-in-name", name).await?;
    window.press(Key::Enter).await?;
    window.see(&format!("{name},")).await
}

/// Types into the field with this test id.
pub(crate) async fn type_into(laptop: &Laptop, id: &str, text: &str) -> Result<()> {
    let field = laptop.find_test_id(id).await?;
    field.send_keys(text).await.with_context(|| format!("{id} cannot be typed into"))
}

/// Clicks what has this test id, as soon as it takes a click.
pub(crate) async fn press(laptop: &Laptop, id: &str) -> Result<()> {
    laptop
        .until(&format!("{id} to take a click"), async || click(&laptop.find_test_id(id).await?).await.map(Some))
        .await
}

/// Brings it into view, as a person would, and clicks it.
pub(crate) async fn click(element: &WebElement) -> Result<()> {
    element.scroll_into_view().await?;
    Ok(element.click().await?)
}

/// What the element with this test id says.
pub(crate) async fn said(laptop: &Laptop, id: &str) -> Result<String> {
    Ok(laptop.find_test_id(id).await?.text().await?)
}
