//! What a person at the laptop sees: its words, its state, its windows, a picture of it.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use thirtyfour::WebElement;

use super::laptop::Laptop;
use super::part::Part;
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

    /// Waits for it to be there.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn find(&self, part: impl Into<Part>) -> Result<()> {
        let part = part.into();
        self.until(&part.to_string(), async || Ok((self.count(&part).await? > 0).then_some(()))).await
    }

    /// Waits for one of several with these test ids, and says which is there.
    ///
    /// # Errors
    /// When none comes.
    pub async fn find_one_of<'id>(&self, ids: &[&'id str]) -> Result<&'id str> {
        self.until(&ids.join(" or "), async || {
            for id in ids {
                if self.count(*id).await? > 0 {
                    return Ok(Some(*id));
                }
            }
            Ok(None)
        })
        .await
    }

    /// How many there are, as of now.
    ///
    /// # Errors
    /// When the window cannot be asked.
    pub async fn count(&self, part: impl Into<Part>) -> Result<usize> {
        Ok(self.told(&part.into(), "true").await?.len())
    }

    /// What each of them says, as of now: all read in one breath.
    ///
    /// # Errors
    /// When the window cannot be asked.
    pub async fn all_words(&self, part: impl Into<Part>) -> Result<Vec<String>> {
        let told = self.told(&part.into(), "element.innerText").await?;
        Ok(told.iter().map(|words| words.as_str().unwrap_or_default().trim().to_owned()).collect())
    }

    /// Waits for it and gives what it says.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn words(&self, part: impl Into<Part>) -> Result<String> {
        let part = part.into();
        self.until(&part.to_string(), async || Ok(self.all_words(&part).await?.into_iter().next())).await
    }

    /// Waits until it says these words, and gives all that it says.
    ///
    /// # Errors
    /// When it does not come to say them.
    pub async fn words_with(&self, part: impl Into<Part>, words: &str) -> Result<String> {
        self.words(part.into().saying(words)).await
    }

    /// Waits for the field and gives what is typed in it.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn value(&self, part: impl Into<Part>) -> Result<String> {
        let part = part.into();
        self.until(&part.to_string(), async || {
            Ok(self.told(&part, "element.value").await?.first().and_then(Value::as_str).map(str::to_owned))
        })
        .await
    }

    /// Whether it is there now and has this attribute with this value.
    ///
    /// # Errors
    /// When the window cannot be asked.
    pub async fn has(&self, part: impl Into<Part>, attribute: &str, value: &str) -> Result<bool> {
        let read = format!("element.getAttribute({})", json!(attribute));
        Ok(self.told(&part.into(), &read).await?.first().and_then(Value::as_str) == Some(value))
    }

    /// Waits until `look` finds what it looks for; a picture is kept when it does not come.
    ///
    /// # Errors
    /// What `look` says, or that it was in vain.
    pub async fn until<T>(&self, what: &str, look: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
        self.or_picture(eventually(&format!("{what} on {}", self.name), look).await).await
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

    /// What there is now. None of it may be held: the screen may be drawn again at any moment.
    pub(super) async fn found(&self, part: &Part) -> Result<Vec<WebElement>> {
        Ok(self.driver.execute(FIND, vec![part.steps()]).await?.elements()?)
    }

    /// What `read`, an expression of an `element`, gives for each of them: found and read by one script, so that no
    /// drawing comes between.
    pub(super) async fn told(&self, part: &Part, read: &str) -> Result<Vec<Value>> {
        let script =
            format!("const find = function () {{\n{FIND}\n}};\nreturn find(...arguments).map((element) => {read});");
        let said = self.driver.execute(script, vec![part.steps()]).await?;
        Ok(said.json().as_array().cloned().unwrap_or_default())
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
