//! The relay's routes: bytes in, a relay's act, bytes out.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Bytes, HttpBody};
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures_util::stream::{self, Stream};
use sealed_log::wire::{
    Ask, Knock, KnockAgain, KnockAnswer, Login, MAX_MESSAGE, MAX_REQUEST, Message, Push, SnapshotAsk, SnapshotName,
    SnapshotPut,
};

use crate::refusal::Refused;
use crate::relay::{Guest, Relay};

/// No answer takes longer, waiting for news apart.
const LONGEST: Duration = Duration::from_secs(60);
/// So often a word goes to those who wait, so that nothing between takes the line for dead.
const WORD_EACH: Duration = Duration::from_secs(20);

/// Most bytes that somebody may bring who has not said who they are, beside a roster: a request with what is around it.
const MAX_KNOCK: usize = MAX_REQUEST + 64;

/// What the routes work with.
#[derive(Debug, Clone)]
struct Counter {
    relay: Relay,
    behind_proxy: bool,
}

/// The routes for laptops. Behind a proxy the proxy's word is taken for where a request came from.
pub fn routes(relay: Relay, behind_proxy: bool) -> Router {
    let counter = Counter { relay, behind_proxy };
    Router::new()
        .route("/v1/challenge", get(challenge))
        .route("/v1/login", post(login))
        .route("/v1/look", get(look))
        .route("/v1/ask", post(ask))
        .route("/v1/push", post(push))
        .route("/v1/bodies", get(bodies))
        .route("/v1/snapshots", get(snapshots))
        .route("/v1/snapshot", post(snapshot))
        .route("/v1/keep", post(keep))
        .route("/v1/drop", post(drop_snapshot))
        .route("/v1/knock", post(knock).layer(DefaultBodyLimit::max(MAX_KNOCK)))
        .route("/v1/answered", post(answered).layer(DefaultBodyLimit::max(MAX_KNOCK)))
        .route("/v1/knocks", get(knocks))
        .route("/v1/answer", post(answer))
        .route("/v1/wake", get(wake))
        .route("/health", get(health))
        .layer(DefaultBodyLimit::max(MAX_MESSAGE))
        .layer(middleware::from_fn_with_state(counter.clone(), note))
        .with_state(counter)
}

/// The routes for those who look after the relay: on an address of their own.
pub fn watching(relay: Relay) -> Router {
    let counter = Counter { relay, behind_proxy: false };
    Router::new().route("/health", get(health)).route("/metrics", get(metrics)).with_state(counter)
}

async fn challenge(
    State(counter): State<Counter>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Result<Vec<u8>, Refused> {
    counter.relay.admit(counter.address(peer, &headers))?;
    counter.relay.challenge()
}

async fn login(
    State(counter): State<Counter>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<String, Refused> {
    counter.relay.admit(counter.address(peer, &headers))?;
    counter.relay.login(&Login::decode(&body)?).await
}

async fn look(State(counter): State<Counter>, token: Token) -> Result<Vec<u8>, Refused> {
    let guest = counter.guest(&token).await?;
    Ok(counter.relay.look(&guest).await?.encode())
}

async fn ask(State(counter): State<Counter>, token: Token, body: Bytes) -> Result<Vec<u8>, Refused> {
    let guest = counter.guest(&token).await?;
    Ok(counter.relay.give(&guest, Ask::decode(&body)?).await?.encode())
}

async fn push(State(counter): State<Counter>, token: Token, body: Bytes) -> Result<Vec<u8>, Refused> {
    let guest = counter.guest(&token).await?;
    Ok(counter.relay.take(&guest, Push::decode(&body)?).await?.encode())
}

async fn bodies(State(counter): State<Counter>, token: Token) -> Result<Vec<u8>, Refused> {
    let guest = counter.guest(&token).await?;
    let hashes = counter.relay.bodies(&guest).await?;
    Ok(hashes.iter().flat_map(|hash| *hash.as_bytes()).collect())
}

async fn snapshots(State(counter): State<Counter>, token: Token) -> Result<Vec<u8>, Refused> {
    let guest = counter.guest(&token).await?;
    Ok(counter.relay.snapshots(&guest).await?.encode())
}

async fn snapshot(State(counter): State<Counter>, token: Token, body: Bytes) -> Result<Vec<u8>, Refused> {
    let guest = counter.guest(&token).await?;
    Ok(counter.relay.parts(&guest, SnapshotAsk::decode(&body)?).await?.encode())
}

async fn keep(State(counter): State<Counter>, token: Token, body: Bytes) -> Result<(), Refused> {
    let guest = counter.guest(&token).await?;
    counter.relay.keep(&guest, SnapshotPut::decode(&body)?).await
}

async fn drop_snapshot(State(counter): State<Counter>, token: Token, body: Bytes) -> Result<(), Refused> {
    let guest = counter.guest(&token).await?;
    counter.relay.drop_snapshot(&guest, SnapshotName::decode(&body)?).await
}

async fn knock(
    State(counter): State<Counter>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(), Refused> {
    counter.relay.knock(counter.address(peer, &headers), Knock::decode(&body)?).await
}

async fn answered(
    State(counter): State<Counter>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Vec<u8>, Refused> {
    counter.relay.admit(counter.address(peer, &headers))?;
    counter.relay.answered(KnockAgain::decode(&body)?).await
}

async fn knocks(State(counter): State<Counter>, token: Token) -> Result<Vec<u8>, Refused> {
    let guest = counter.guest(&token).await?;
    Ok(counter.relay.knocks(&guest).await?.encode())
}

async fn answer(State(counter): State<Counter>, token: Token, body: Bytes) -> Result<(), Refused> {
    let guest = counter.guest(&token).await?;
    counter.relay.answer(&guest, KnockAnswer::decode(&body)?).await
}

/// The turn, now and whenever it changes, until the relay stops.
async fn wake(
    State(counter): State<Counter>,
    token: Token,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Refused> {
    let guest = counter.guest(&token).await?;
    let (mut turns, stopping) = counter.relay.news(&guest)?;
    turns.mark_changed();
    let waiting = counter.relay.metrics().waits();
    let news = stream::unfold((turns, stopping, waiting), |(mut turns, mut stopping, waiting)| async move {
        if *stopping.borrow_and_update() {
            return None;
        }
        tokio::select! {
            changed = turns.changed() => changed.ok()?,
            _ = stopping.changed() => return None,
        }
        let turn = turns.borrow_and_update().to_string();
        Some((Ok(Event::default().data(turn)), (turns, stopping, waiting)))
    });
    Ok(Sse::new(news).keep_alive(KeepAlive::new().interval(WORD_EACH)))
}

async fn health(State(counter): State<Counter>) -> (StatusCode, &'static str) {
    match counter.relay.ping().await {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "away"),
    }
}

async fn metrics(State(counter): State<Counter>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], counter.relay.metrics().text())
}

/// A token that is this relay's and not over: looked at before any body is read.
struct Token(String);

impl FromRequestParts<Counter> for Token {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, counter: &Counter) -> Result<Self, Refused> {
        let value = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = value.and_then(|value| value.strip_prefix("Bearer ")).ok_or(Refused::NoToken)?;
        counter.relay.holds(token)?;
        Ok(Self(token.to_owned()))
    }
}

impl Counter {
    async fn guest(&self, Token(token): &Token) -> Result<Guest<'_>, Refused> {
        self.relay.guest(token).await
    }

    /// Where a request came from: the last that the proxy added is what the proxy saw.
    fn address(&self, peer: SocketAddr, headers: &HeaderMap) -> IpAddr {
        let told = || {
            let all = headers.get_all("x-forwarded-for").iter().next_back()?;
            all.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
        };
        let address = if self.behind_proxy { told().unwrap_or(peer.ip()) } else { peer.ip() };
        match address {
            // A whole network of these belongs to one subscriber.
            IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
                Some(v4) => IpAddr::V4(v4),
                None => IpAddr::V6((v6.to_bits() & !u128::from(u64::MAX)).into()),
            },
            v4 @ IpAddr::V4(_) => v4,
        }
    }
}

/// Counts and writes down what was asked and how it went: route, status, time and sizes; no body, no id, no address.
async fn note(State(counter): State<Counter>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let path = request.uri().path();
    let route = path.strip_prefix("/v1/").and_then(|rest| rest.split('/').next()).unwrap_or("other").to_owned();
    let came = length(request.headers());
    let answer = if came > MAX_MESSAGE {
        // Whoever says so beforehand need not send it.
        Refused::TooLarge.into_response()
    } else if route == "wake" {
        next.run(request).await
    } else {
        let answered = tokio::time::timeout(LONGEST, next.run(request)).await;
        answered.unwrap_or_else(|_| Refused::Away.into_response())
    };
    let (status, took) = (answer.status(), start.elapsed());
    let went = answer.body().size_hint().exact().and_then(|size| usize::try_from(size).ok()).unwrap_or(0);
    counter.relay.metrics().answered(&route, status.as_u16(), took);
    counter.relay.metrics().carried(came, went);
    if path_is_known(&route) {
        let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        tracing::info!(route, status = status.as_u16(), ms, came, went, "answered");
    }
    answer
}

/// What somebody made up is not written down.
fn path_is_known(route: &str) -> bool {
    crate::metrics::ROUTES.contains(&route)
}

fn length(headers: &HeaderMap) -> usize {
    let value = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    value.and_then(|value| value.parse().ok()).unwrap_or(0)
}
