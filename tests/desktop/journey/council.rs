//! The council of the journey, its laptops, and the folder between them.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use talking_point_tests::desktop::{Display, Key, Laptop, Setting, demo_council, hubctl};

const PASSPHRASE: &str = "the kettle is always on";

/// The council's own data folder, a copy of the demo's, and the folder that laptops share through.
pub(crate) struct Council<'a> {
    display: &'a Display,
    own: PathBuf,
    own_passphrase: PathBuf,
    pub(crate) between: PathBuf,
}

impl<'a> Council<'a> {
    pub(crate) fn with_folder(display: &'a Display) -> Result<Self> {
        let (demo, own_passphrase) = demo_council()?;
        let own = display.folder("council")?;
        for entry in fs::read_dir(demo)? {
            let entry = entry?;
            fs::copy(entry.path(), own.join(entry.file_name()))?;
        }
        let council = Self { display, own, own_passphrase, between: display.folder("between")? };
        council.share_own()?;
        Ok(council)
    }

    /// The council's own laptop shares by the command line, as IT would.
    pub(crate) fn share_own(&self) -> Result<()> {
        let folder = self.between.to_str().context("a path that is not Unicode")?;
        hubctl(&self.own, &self.own_passphrase, &["sync", "--folder", folder]).map(drop)
    }

    /// A new, empty laptop that joins with a join file, typed into its window, with someone signed in by name.
    pub(crate) async fn newcomer(&self, place: u16, laptop: &str, role: &str, name: &str) -> Result<Laptop> {
        let file = self.display.folder("invitations")?.join(format!("{role}.join"));
        let text = file.to_str().context("a path that is not Unicode")?;
        hubctl(&self.own, &self.own_passphrase, &["invite", "--role", role, "--out", text])?;
        self.share_own()?;
        let data = self.display.folder(&format!("data of {laptop}"))?;
        let window = Laptop::start(self.display, place, laptop, &Setting::on(&data)).await?;
        window.drawn().await?;
        window.check_accessible().await?;
        type_into(&window, "welcome-file", text).await?;
        type_into(&window, "welcome-laptop", laptop).await?;
        type_into(&window, "welcome-passphrase", PASSPHRASE).await?;
        type_into(&window, "welcome-again", PASSPHRASE).await?;
        window.press(Key::Enter).await?;
        window.see("Who's using this laptop").await?;
        sign_in(&window, name).await?;
        Ok(window)
    }

    /// The council's own laptop in its window, with a worker signed in by name.
    pub(crate) async fn own_laptop(&self, place: u16, name: &str) -> Result<Laptop> {
        let setting = Setting::on(&self.own).opened_with(&self.own_passphrase);
        let window = Laptop::start(self.display, place, "council", &setting).await?;
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
        laptop.find_test_id("laptop-share-result").await?;
        Ok(())
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
    field.click().await.with_context(|| format!("{id} takes no click"))?;
    field.send_keys(text).await.with_context(|| format!("{id} cannot be typed into"))
}

/// Clicks what has this test id.
pub(crate) async fn press(laptop: &Laptop, id: &str) -> Result<()> {
    let element = laptop.find_test_id(id).await?;
    element.click().await.with_context(|| format!("{id} on {} takes no click", laptop.name()))
}

/// What the element with this test id says.
pub(crate) async fn said(laptop: &Laptop, id: &str) -> Result<String> {
    Ok(laptop.find_test_id(id).await?.text().await?)
}
