//! Finding the others, and staying with each that was found: connect, show who we are, be woken by their news, and when
//! the connection ends begin again for as long as they make themselves known.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use iroh::EndpointAddr;
use iroh::endpoint::Connection;
use iroh_mdns_address_lookup::{DiscoveryEvent, MdnsAddressLookup};
use sealed_log::greets;
use sealed_log::wire::{Answer, Greeting, Message};

use super::call::{self, Silence, Verb, call};
use super::{ALPN, Heard, Host, Met, PeerId, Shared, Signing, Standing};

/// How long before one that could not be reached is tried again, at first and at most.
const AGAIN: Duration = Duration::from_secs(1);
const AGAIN_MOST: Duration = Duration::from_secs(20);

pub(super) async fn meet(shared: Arc<Shared>, finder: MdnsAddressLookup) {
    let mut events = finder.subscribe().await;
    while let Some(event) = events.next().await {
        match event {
            DiscoveryEvent::Discovered { endpoint_info, .. } => found(&shared, PeerId(endpoint_info.endpoint_id)),
            DiscoveryEvent::Expired { endpoint_id } => {
                // A connection may outlive this: it ends by itself, or not.
                if let Some(met) = shared.met().get_mut(&PeerId(endpoint_id)) {
                    met.seen = false;
                }
            }
            _ => {}
        }
    }
}

/// One makes itself known, perhaps again.
fn found(shared: &Arc<Shared>, id: PeerId) {
    let mut all = shared.met();
    let known = all.contains_key(&id);
    let met = all.entry(id).or_default();
    met.seen = true;
    met.again.notify_one();
    drop(all);
    if !known {
        let shared = Arc::clone(shared);
        tokio::spawn(async move { stay_with(&shared, id).await });
    }
}

async fn stay_with(shared: &Shared, id: PeerId) {
    let mut wait = AGAIN;
    loop {
        match reach(shared, id).await {
            Ok((connection, signing)) => {
                wait = AGAIN;
                change(shared, id, |met| {
                    met.failed = false;
                    met.line = Some((connection.clone(), signing));
                });
                listen(shared, id, &connection).await;
                connection.close(0_u8.into(), b"");
                change(shared, id, |met| met.line = None);
            }
            Err(silence) => change(shared, id, |met| met.failed = silence == Silence::Gone),
        }
        (shared.heard)(Heard::Left(id));
        let Some(again) = still_seen(shared, id) else { return };
        // Whoever makes itself known again is tried at once.
        let _ = tokio::time::timeout(wait, again.notified()).await;
        wait = (wait * 2).min(AGAIN_MOST);
    }
}

/// What wakes us for one that still makes itself known; one that does not is forgotten.
fn still_seen(shared: &Shared, id: PeerId) -> Option<Arc<tokio::sync::Notify>> {
    let mut all = shared.met();
    let again = all.get(&id).filter(|met| met.seen).map(|met| Arc::clone(&met.again));
    if again.is_none() {
        all.remove(&id);
    }
    again
}

fn change(shared: &Shared, id: PeerId, change: impl FnOnce(&mut Met)) {
    if let Some(met) = shared.met().get_mut(&id) {
        change(met);
    }
}

/// Connects, and shows who we are; says who the other is.
async fn reach(shared: &Shared, id: PeerId) -> Result<(Connection, Signing), Silence> {
    let address = EndpointAddr::new(id.0);
    let connect = async { shared.endpoint.connect(address, ALPN).await.map_err(call::gone) };
    let connection = call::within(call::CONNECT, connect).await?;
    match greet(shared, &connection).await {
        Ok(signing) => Ok((connection, signing)),
        Err(silence) => {
            connection.close(0_u8.into(), b"");
            Err(silence)
        }
    }
}

async fn greet(shared: &Shared, connection: &Connection) -> Result<Signing, Silence> {
    let (mine, theirs) = (shared.mine(), *connection.remote_id().as_bytes());
    for with_roster in [false, true] {
        let greeting = shared.host(move |host| host.greeting(&mine, &theirs, with_roster).encode()).await;
        let answer = call(connection, Verb::Greet, &greeting.ok_or(Silence::Gone)?).await?;
        match Answer::decode(&answer).map_err(|_| Silence::Nonsense)? {
            Answer::Known(greeting) => {
                let known = shared.host(move |host| knows(host, &greeting, &mine, &theirs)).await.flatten();
                return known.ok_or(Silence::Refused);
            }
            Answer::Unknown => {}
            Answer::Stranger => return Err(Silence::Refused),
        }
    }
    Err(Silence::Refused)
}

/// Who answers, if the roster here knows them. One that has just joined introduces itself when it calls in its turn.
fn knows(host: &dyn Host, greeting: &Greeting, mine: &[u8; 32], theirs: &[u8; 32]) -> Option<Signing> {
    let proved = greets(&greeting.signing, &host.council(), theirs, mine, &greeting.signature);
    (proved && host.standing(&greeting.signing) == Standing::Live).then_some(greeting.signing)
}

/// Tells of their news until the connection ends.
async fn listen(shared: &Shared, id: PeerId, connection: &Connection) {
    let Some(again) = still_seen(shared, id) else { return };
    // Its turn is asked before anybody is told that it was met: what is asked of it from then on is no older.
    let mut turn = None::<u64>;
    loop {
        let asked = turn.unwrap_or(0).to_be_bytes();
        let news = call(connection, Verb::News, &asked);
        tokio::pin!(news);
        let answer = loop {
            tokio::select! {
                answer = &mut news => break answer,
                () = again.notified() => {
                    // It makes itself known anew: it may have been away meanwhile, and this connection with it.
                    if tokio::time::timeout(call::PROBE, call(connection, Verb::Greet, &[])).await.is_err() {
                        return;
                    }
                }
            }
        };
        let Ok(now) = answer.and_then(|now| <[u8; 8]>::try_from(now).map_err(|_| Silence::Nonsense)) else { return };
        let now = u64::from_be_bytes(now);
        match turn.replace(now) {
            None => (shared.heard)(Heard::Met(id)),
            Some(before) if before != now => (shared.heard)(Heard::News(id)),
            Some(_) => {}
        }
    }
}
