//! The side that answers. Until a laptop has shown who it is, it is answered nothing but that.

use std::sync::{Arc, OnceLock};

use iroh::endpoint::{Connection, Incoming, RecvStream, SendStream};
use sealed_log::greets;
use sealed_log::wire::{Answer, Ask, Greeting, MAX_MESSAGE, Message};
use tokio::sync::Semaphore;

use super::call::{self, MAX_GREETING, Verb};
use super::{Host, Shared, Signing, Standing};

/// Laptops that are answered at once.
const GUESTS: usize = 64;
/// Messages of somebody who has not shown who they are.
const GREETINGS: u8 = 4;

pub(super) async fn serve(shared: Arc<Shared>) {
    let room = Arc::new(Semaphore::new(GUESTS));
    while let Some(incoming) = shared.endpoint.accept().await {
        let Ok(place) = Arc::clone(&room).try_acquire_owned() else {
            incoming.refuse();
            continue;
        };
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            serve_one(shared, incoming).await;
            drop(place);
        });
    }
}

async fn serve_one(shared: Arc<Shared>, incoming: Incoming) {
    let connected = call::within(call::CONNECT, async { incoming.await.map_err(call::gone) }).await;
    let Ok(connection) = connected else { return };
    let guest: Arc<OnceLock<Signing>> = Arc::default();
    let mut greetings = GREETINGS;
    loop {
        let wait = if guest.get().is_some() { None } else { Some(call::ANSWER) };
        let Some((mut to, mut from)) = accept(&connection, wait).await else { break };
        if let Some(known) = guest.get().copied() {
            let shared = Arc::clone(&shared);
            tokio::spawn(async move { serve_guest(&shared, known, &mut to, &mut from).await });
        } else if greetings > 0 {
            greetings -= 1;
            greet(&shared, &connection, &guest, &mut to, &mut from).await;
        } else {
            break;
        }
    }
    connection.close(0_u8.into(), b"");
}

async fn accept(connection: &Connection, wait: Option<std::time::Duration>) -> Option<(SendStream, RecvStream)> {
    match wait {
        Some(wait) => tokio::time::timeout(wait, connection.accept_bi()).await.ok()?.ok(),
        None => connection.accept_bi().await.ok(),
    }
}

async fn greet(
    shared: &Shared,
    connection: &Connection,
    guest: &OnceLock<Signing>,
    to: &mut SendStream,
    from: &mut RecvStream,
) {
    let (mine, theirs) = (shared.mine(), *connection.remote_id().as_bytes());
    let greeting = match call::heard(from, MAX_GREETING).await {
        Some((Verb::Greet, message)) => Greeting::decode(&message).ok(),
        _ => None,
    };
    let answer = match greeting {
        Some(greeting) => shared.host(move |host| judge(host, greeting, &mine, &theirs)).await,
        None => None,
    };
    let Some((answer, known)) = answer else { return call::answer(to, None).await };
    if let Some(known) = known {
        let _ = guest.set(known);
    }
    call::answer(to, Some(answer.encode())).await;
}

/// Who greets, and what they are answered.
fn judge(host: &dyn Host, greeting: Greeting, mine: &[u8; 32], theirs: &[u8; 32]) -> (Answer, Option<Signing>) {
    let Greeting { signing, signature, roster } = greeting;
    if !greets(&signing, &host.council(), theirs, mine, &signature) {
        return (Answer::Stranger, None);
    }
    let introduces = !roster.is_empty();
    if host.standing(&signing) == Standing::Unknown && introduces {
        host.introduce(roster);
    }
    match host.standing(&signing) {
        Standing::Live | Standing::Out => (Answer::Known(host.greeting(mine, theirs, false)), Some(signing)),
        Standing::Unknown if introduces => (Answer::Stranger, None),
        Standing::Unknown => (Answer::Unknown, None),
    }
}

async fn serve_guest(shared: &Shared, guest: Signing, to: &mut SendStream, from: &mut RecvStream) {
    let Some((verb, message)) = call::heard(from, MAX_MESSAGE).await else { return call::answer(to, None).await };
    let answer = match verb {
        // It is known: whatever it says now changes nothing.
        Verb::Greet => None,
        Verb::Look => {
            let turn = *shared.turn.borrow();
            shared.host(move |host| host.look(&guest)).await.flatten().map(|mut shelf| {
                shelf.turn = turn;
                shelf.encode()
            })
        }
        Verb::Ask => match Ask::decode(&message) {
            Ok(ask) => shared.host(move |host| host.give(&guest, ask)).await.flatten().map(|given| given.encode()),
            Err(_) => None,
        },
        Verb::News => match <[u8; 8]>::try_from(message.as_slice()) {
            Ok(turn) => Some(news(shared, u64::from_be_bytes(turn)).await.to_be_bytes().to_vec()),
            Err(_) => None,
        },
    };
    call::answer(to, answer).await;
}

/// Waits until the turn is another than `turn`, or has been waited for long enough.
async fn news(shared: &Shared, turn: u64) -> u64 {
    let mut turns = shared.turn.clone();
    let _ = tokio::time::timeout(call::NEWS, turns.wait_for(|now| *now != turn)).await;
    *turns.borrow_and_update()
}
