//! The way to a relay: one call after another, how long to wait, when to try again. It does not know who asks.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode, Url, redirect};
use sealed_log::wire::MAX_MESSAGE;

use super::link::Token;
use super::tls;
use super::trouble::{RelayTrouble, of_answer, of_connection};
use crate::traffic::Meter;

/// No code or challenge is longer.
pub(super) const SHORT: usize = 1024;
/// Longest that a relay may ask to be left alone and is waited for.
const LEAVE_ALONE: Duration = Duration::from_secs(10);

/// Where a relay is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// `https://…`; without TLS only on this machine.
    pub url: String,
    /// The only certificates to trust, as PEM; what this machine trusts, if none.
    pub certificate: Option<Vec<u8>>,
}

impl Address {
    /// Whether it can be one.
    ///
    /// # Errors
    /// [`RelayTrouble::Address`], [`RelayTrouble::Certificate`].
    pub fn check(&self) -> Result<(), RelayTrouble> {
        base(&self.url)?;
        tls::config(self.certificate.as_deref()).map(drop)
    }
}

/// A wait.
pub type Wait = Pin<Box<dyn Future<Output = ()>>>;

/// How long to wait, and for what.
#[derive(Clone)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// For each next word of an answer.
    pub word: Duration,
    /// For a whole answer.
    pub answer: Duration,
    /// Before each further try.
    pub pauses: Vec<Duration>,
    /// Waits.
    pub wait: Arc<dyn Fn(Duration) -> Wait>,
}

impl fmt::Debug for Patience {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Patience").field("pauses", &self.pauses).finish_non_exhaustive()
    }
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            word: Duration::from_secs(30),
            answer: Duration::from_secs(180),
            pauses: vec![Duration::from_millis(300), Duration::from_secs(1)],
            wait: Arc::new(|pause| Box::pin(tokio::time::sleep(pause))),
        }
    }
}

/// The way.
pub(super) struct Way {
    client: Client,
    base: Url,
    /// What the relay is called by whoever takes this way.
    pub(super) name: String,
    patience: Patience,
}

/// What is asked.
#[derive(Clone, Copy)]
pub(super) enum Call<'a> {
    Get,
    Post(&'a [u8]),
}

/// An answer that is not what was asked for.
pub(super) struct Answer {
    pub(super) trouble: RelayTrouble,
    pub(super) status: Option<StatusCode>,
    leave_alone: Option<Duration>,
}

impl From<RelayTrouble> for Answer {
    fn from(trouble: RelayTrouble) -> Self {
        Self { trouble, status: None, leave_alone: None }
    }
}

impl Way {
    pub(super) fn to(address: &Address, patience: Patience) -> Result<Self, RelayTrouble> {
        let base = base(&address.url)?;
        let host = base.host_str().ok_or(RelayTrouble::Address)?;
        let name = match base.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        };
        let client = Client::builder()
            .tls_backend_preconfigured(tls::config(address.certificate.as_deref())?)
            .redirect(redirect::Policy::none())
            .connect_timeout(patience.connect)
            .read_timeout(patience.word)
            .build()
            .map_err(|_| RelayTrouble::Address)?;
        Ok(Self { client, base, name: name.to_ascii_lowercase(), patience })
    }

    /// Begins with an answer that goes on for as long as the relay has something to say.
    pub(super) async fn listen(&self, meter: &Meter, route: &str, token: &Token) -> Result<Response, RelayTrouble> {
        meter.call();
        let sent = self.client.get(self.url(route)?).header(AUTHORIZATION, bearer(token)).send().await;
        sent.map_err(|error| of_connection(&error))
    }

    /// Tries again where that may help, after a pause.
    pub(super) async fn patient(
        &self,
        meter: &Meter,
        route: &str,
        call: Call<'_>,
        token: Option<&Token>,
    ) -> Result<Vec<u8>, Answer> {
        let mut pauses = self.patience.pauses.iter();
        loop {
            let answer = match self.once(meter, route, call, token).await {
                Ok(bytes) => return Ok(bytes),
                Err(answer) => answer,
            };
            let again = matches!(answer.trouble, RelayTrouble::Busy | RelayTrouble::Unreachable);
            let Some(pause) = pauses.next().filter(|_| again) else { return Err(answer) };
            let pause = answer.leave_alone.unwrap_or(*pause).clamp(*pause, LEAVE_ALONE.max(*pause));
            (self.patience.wait)(pause).await;
        }
    }

    async fn once(&self, meter: &Meter, route: &str, call: Call<'_>, token: Option<&Token>) -> Result<Vec<u8>, Answer> {
        meter.call();
        let url = self.url(route)?;
        let mut request = match call {
            Call::Get => self.client.get(url),
            Call::Post(body) => {
                meter.went(body.len());
                self.client.post(url).body(body.to_vec())
            }
        };
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, bearer(token));
        }
        let sent = request.timeout(self.patience.answer).send().await;
        let response = sent.map_err(|error| of_connection(&error))?;
        let status = response.status();
        if status == StatusCode::OK {
            return Ok(whole(meter, response, MAX_MESSAGE).await?);
        }
        let leave_alone = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let code = whole(meter, response, SHORT).await.unwrap_or_default();
        let trouble = of_answer(status, std::str::from_utf8(&code).unwrap_or_default());
        Err(Answer { trouble, status: Some(status), leave_alone: leave_alone.map(Duration::from_secs) })
    }

    fn url(&self, route: &str) -> Result<Url, RelayTrouble> {
        self.base.join(route).map_err(|_| RelayTrouble::Address)
    }
}

/// An address with a way to send secrets by: TLS, or nothing between.
fn base(url: &str) -> Result<Url, RelayTrouble> {
    let mut base = Url::parse(url.trim()).map_err(|_| RelayTrouble::Address)?;
    let here = matches!(base.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let safe = base.scheme() == "https" || (base.scheme() == "http" && here);
    let bare = base.username().is_empty() && base.password().is_none() && base.query().is_none();
    if !safe || !bare || base.fragment().is_some() {
        return Err(RelayTrouble::Address);
    }
    let path = format!("{}/v1/", base.path().trim_end_matches('/'));
    base.set_path(&path);
    Ok(base)
}

fn bearer(token: &Token) -> String {
    format!("Bearer {}", token.text())
}

pub(super) async fn whole(meter: &Meter, mut response: Response, most: usize) -> Result<Vec<u8>, RelayTrouble> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| of_connection(&error))? {
        meter.came(chunk.len());
        if bytes.len() + chunk.len() > most {
            return Err(RelayTrouble::Nonsense);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_tls_or_nothing_between() {
        let of = |url| base(url).map(|base| base.to_string());
        assert_eq!(of("https://relay.example").unwrap(), "https://relay.example/v1/");
        assert_eq!(of(" https://relay.example:8443/tp/ ").unwrap(), "https://relay.example:8443/tp/v1/");
        assert_eq!(of("http://127.0.0.1:8080").unwrap(), "http://127.0.0.1:8080/v1/");
        for wrong in ["http://relay.example", "relay.example", "", "ftp://relay.example", "https://a:b@relay.example"] {
            assert_eq!(of(wrong), Err(RelayTrouble::Address), "{wrong}");
        }
    }
}
