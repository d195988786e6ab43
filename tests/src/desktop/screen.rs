//! What a person at the laptop does: looks, reads, types, presses keys, clicks.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use thirtyfour::{By, Key, TypingData, WebElement};

use super::laptop::Laptop;
use super::programs;
use super::wait::eventually;

const FIND: &str = include_str!("find.js");

/// Asks the program as a screen would: through the isolation frame, under the window's own capability.
const ASK: &str = "
const [command, given, done] = arguments;
window.__TAURI_INTERNALS__.invoke(command, given)
  .then((answer) => done({ answer: answer ?? null }), (refusal) => done({ refusal: refusal?.message ?? refusal }));
";

/// Keeps one corner dot, too faint to be seen, changing.
const STIR: &str = "
const dot = document.createElement('i');
dot.id = 'stirred';
dot.setAttribute('aria-hidden', 'true');
Object.assign(dot.style, { position: 'fixed', left: 0, top: 0, width: '1px', height: '1px', opacity: '0.004' });
document.body.append(dot);
let odd = false;
window.stirring = setInterval(() => { odd = !odd; dot.style.background = odd ? 'black' : 'white'; }, 15);
";

/// Takes it away again.
const SETTLE: &str = "clearInterval(window.stirring); document.getElementById('stirred')?.remove();";

impl Laptop {
    /// The laptop's name in this test.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Waits for something with this role and a name that has these words in it.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn find(&self, role: &str, name: &str) -> Result<WebElement> {
        self.await_one(role, name, false).await
    }

    /// Waits for something with this role and exactly this name.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn find_exactly(&self, role: &str, name: &str) -> Result<WebElement> {
        self.await_one(role, name, true).await
    }

    /// Everything with this role and a name that has these words in it, as of now.
    ///
    /// # Errors
    /// When the window cannot be asked.
    pub async fn find_all(&self, role: &str, name: Option<&str>) -> Result<Vec<WebElement>> {
        self.found(role, name, false).await
    }

    /// Waits for the element with this `data-testid`.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn find_test_id(&self, id: &str) -> Result<WebElement> {
        let which = By::Css(format!("[data-testid=\"{id}\"]"));
        self.or_picture(
            eventually(&format!("test id {id} on {}", self.name), async || {
                Ok(self.driver.find_all(which.clone()).await?.into_iter().next())
            })
            .await,
        )
        .await
    }

    /// Everything that matches, as of now.
    ///
    /// # Errors
    /// When the window cannot be asked.
    pub async fn elements(&self, which: By) -> Result<Vec<WebElement>> {
        Ok(self.driver.find_all(which).await?)
    }

    /// Waits until `look` finds what it looks for; a picture is kept when it does not come.
    ///
    /// # Errors
    /// What `look` says, or that it was in vain.
    pub async fn until<T>(&self, what: &str, look: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
        self.or_picture(eventually(&format!("{what} on {}", self.name), look).await).await
    }

    /// Clicks it, as soon as it takes a click.
    ///
    /// # Errors
    /// When it is not there or does not take one.
    pub async fn click(&self, role: &str, name: &str) -> Result<()> {
        let clicked = eventually(&format!("{role} “{name}” on {} to take a click", self.name), async || {
            let Some(element) = self.found(role, Some(name), false).await?.into_iter().next() else { return Ok(None) };
            element.click().await?;
            Ok(Some(()))
        })
        .await;
        self.or_picture(clicked).await
    }

    /// Empties a field and types into it.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn fill(&self, label: &str, text: &str) -> Result<()> {
        let field = self.find("textbox", label).await?;
        field.clear().await.with_context(|| format!("{label} cannot be emptied"))?;
        field.send_keys(text).await.with_context(|| format!("{label} cannot be typed into"))
    }

    /// Types where the keyboard is.
    ///
    /// # Errors
    /// When nothing has the keyboard.
    pub async fn type_text(&self, keys: impl Into<TypingData>) -> Result<()> {
        let focused = self.driver.active_element().await.context("nothing has the keyboard")?;
        focused.send_keys(keys).await.context("the keys were not taken")
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

    /// Waits until these words can be read on the screen.
    ///
    /// # Errors
    /// When they do not come.
    pub async fn see(&self, words: &str) -> Result<()> {
        let seen = eventually(&format!("“{words}” on {}", self.name), async || {
            Ok(self.text().await?.contains(words).then_some(()))
        })
        .await;
        self.or_picture(seen).await
    }

    /// Waits until the rail says that this place is the one shown.
    ///
    /// # Errors
    /// When it does not.
    pub async fn see_current(&self, place: &str) -> Result<()> {
        const CURRENT: &str = "return document.querySelector('nav [aria-current=page]')?.innerText ?? ''";
        let shown = eventually(&format!("{place} to be the place shown on {}", self.name), async || {
            let said = self.driver.execute(CURRENT, Vec::new()).await?;
            Ok(said.json().as_str().is_some_and(|current| current.contains(place)).then_some(()))
        })
        .await;
        self.or_picture(shown).await
    }

    /// Waits until these words are gone from the screen.
    ///
    /// # Errors
    /// When they stay.
    pub async fn see_no_more(&self, words: &str) -> Result<()> {
        let gone = eventually(&format!("“{words}” to go from {}", self.name), async || {
            Ok((!self.text().await?.contains(words)).then_some(()))
        })
        .await;
        self.or_picture(gone).await
    }

    /// Everything that can be read on the screen now.
    ///
    /// # Errors
    /// When the window cannot be asked.
    pub async fn text(&self) -> Result<String> {
        let said = self.driver.execute("return document.body.innerText", Vec::new()).await?;
        Ok(said.json().as_str().unwrap_or_default().to_owned())
    }

    /// Waits until the screen is drawn: it has a heading, and nothing on it says that it is busy.
    ///
    /// # Errors
    /// When it is not.
    pub async fn drawn(&self) -> Result<()> {
        const DRAWN: &str = "return document.readyState === 'complete' && document.querySelector('h1') !== null
            && document.querySelector('[aria-busy=true]') === null && document.fonts.status === 'loaded'";
        let drawn = eventually(&format!("{} to be drawn", self.name), async || {
            Ok((self.driver.execute(DRAWN, Vec::new()).await?.json() == &json!(true)).then_some(()))
        })
        .await;
        self.or_picture(drawn).await
    }

    /// Asks the program something as this window's page may; the refusal's words when it says no.
    ///
    /// # Errors
    /// When the window cannot be asked.
    pub async fn ask(&self, command: &str, given: Value) -> Result<Result<Value, String>> {
        let said = self.driver.execute_async(ASK, vec![json!(command), given]).await?;
        let said = said.json();
        if let Some(answer) = said.get("answer") {
            return Ok(Ok(answer.clone()));
        }
        match said.get("refusal") {
            Some(Value::String(words)) => Ok(Err(words.clone())),
            Some(other) => Ok(Err(other.to_string())),
            None => bail!("the program did not answer {command}: {said}"),
        }
    }

    /// Asks the program the same thing so many times and waits for none of the answers.
    ///
    /// # Errors
    /// When the window cannot be asked.
    pub async fn begin_asking(&self, command: &str, given: Value, times: usize) -> Result<()> {
        const BEGIN: &str = "
            const [command, given, times] = arguments;
            for (let n = 0; n < times; n += 1) void window.__TAURI_INTERNALS__.invoke(command, given).catch(() => {});
        ";
        self.driver.execute(BEGIN, vec![json!(command), given, json!(times)]).await?;
        Ok(())
    }

    /// Turns to the window whose page has this path: `/` for the main one, `/board`.
    ///
    /// # Errors
    /// When there is no such window.
    pub async fn turn_to(&self, path: &str) -> Result<()> {
        let turned = eventually(&format!("a window at {path} on {}", self.name), async || {
            for window in self.driver.windows().await? {
                self.driver.switch_to_window(window).await?;
                if self.driver.current_url().await?.path().trim_end_matches('/') == path.trim_end_matches('/') {
                    return Ok(Some(()));
                }
            }
            Ok(None)
        })
        .await;
        self.or_picture(turned).await
    }

    /// How many windows are open.
    ///
    /// # Errors
    /// When the driver cannot be asked.
    pub async fn windows(&self) -> Result<usize> {
        Ok(self.driver.windows().await?.len())
    }

    /// The window's title.
    ///
    /// # Errors
    /// When the window cannot be asked.
    pub async fn title(&self) -> Result<String> {
        Ok(self.driver.title().await?)
    }

    /// Keeps a picture of the screen.
    ///
    /// # Errors
    /// When it cannot be taken or written.
    pub async fn screenshot(&self, name: &str) -> Result<()> {
        let file = programs::screenshots()?.join(format!("{name}.png"));
        // WebKit takes the picture when the page is next drawn, and a page at rest is not drawn again by itself.
        self.driver.execute(STIR, Vec::new()).await?;
        let taken =
            self.driver.screenshot(&file).await.with_context(|| format!("{} cannot be written", file.display()));
        self.driver.execute(SETTLE, Vec::new()).await?;
        taken
    }

    async fn await_one(&self, role: &str, name: &str, exact: bool) -> Result<WebElement> {
        let found = eventually(&format!("{role} “{name}” on {}", self.name), async || {
            Ok(self.found(role, Some(name), exact).await?.into_iter().next())
        })
        .await;
        self.or_picture(found).await
    }

    async fn found(&self, role: &str, name: Option<&str>, exact: bool) -> Result<Vec<WebElement>> {
        let said = self.driver.execute(FIND, vec![json!(role), json!(name), json!(exact)]).await?;
        Ok(said.elements()?)
    }

    /// On failure, keeps a picture of what was there instead and says where it is.
    async fn or_picture<T>(&self, outcome: Result<T>) -> Result<T> {
        let Err(error) = outcome else { return outcome };
        let picture = format!("failed-{}-{}", self.test, self.name.replace(' ', "-"));
        let kept = self.screenshot(&picture).await;
        let there = self.text().await.unwrap_or_default();
        let there: String = there.chars().take(600).collect();
        let picture = if kept.is_ok() { format!("{picture}.png shows it. ") } else { String::new() };
        Err(error.context(format!("{picture}On the screen was: {there}")))
    }
}
