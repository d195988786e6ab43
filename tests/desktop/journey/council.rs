//! The council of the journey, its laptops, and the folder between them.

use std::path::PathBuf;

use anyhow::{Context, Result};
use talking_point_tests::desktop::{Council, Display, Key, Laptop, Setting, hubctl};

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
        let fields = [("file", text), ("laptop", laptop), ("passphrase", PASSPHRASE), ("again", PASSPHRASE)];
        for (field, typed) in fields {
            window.type_into(&format!("welcome-{field}"), typed).await?;
        }
        window.press(Key::Enter).await?;
        window.find("sign-in-lock").await?;
        sign_in(&window, name).await?;
        Ok(window)
    }

    /// The council's own laptop in its window, with a worker signed in by name.
    pub(crate) async fn own_laptop(&self, name: &str) -> Result<Laptop> {
        let window = Laptop::start(self.display, "council", &self.own.first()).await?;
        window.drawn().await?;
        window.click("sign-in-not-listed").await?;
        window.click("sign-in-role-worker").await?;
        sign_in(&window, name).await?;
        Ok(window)
    }

    /// Shares through the folder, on the screen for it.
    pub(crate) async fn share(&self, laptop: &Laptop) -> Result<()> {
        let folder = self.between.to_str().context("a path that is not Unicode")?;
        laptop.click("place-laptop").await?;
        if laptop.value("laptop-folder").await? != folder {
            laptop.empty("laptop-folder").await?;
            laptop.type_into("laptop-folder", folder).await?;
            laptop.click("laptop-folder-save").await?;
        }
        laptop.click("laptop-share").await?;
        laptop
            .until("what came of sharing", async || {
                let busy = laptop.has("laptop-share", "aria-disabled", "true").await?;
                let result = laptop.words("laptop-share-result").await?;
                let told = ["received", "Nothing new"].iter().any(|words| result.contains(words));
                Ok((!busy && told).then_some(()))
            })
            .await
    }
}

async fn sign_in(window: &Laptop, name: &str) -> Result<()> {
    // Whoever is not among the names listed says so before typing theirs.
    if window.find_one_of(&["sign-in-name", "sign-in-not-listed"]).await? == "sign-in-not-listed" {
        window.click("sign-in-not-listed").await?;
    }
    window.type_into("sign-in-name", name).await?;
    window.press(Key::Enter).await?;
    window.see(&format!("{name},")).await
}
