//! A place in the hall, for a while.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use hub::Hub;

use crate::work::{Stopped, say};

/// Meets whoever is in the same hall, says who comes and goes, and how many were met and records taken over.
pub(crate) fn stay(hub: Hub, seconds: u32) -> Result<String, Stopped> {
    let hub = Arc::new(hub);
    let (tell, changed) = mpsc::channel();
    let place = hub.enter_hall(move || {
        let _ = tell.send(());
    })?;
    let end = Instant::now() + Duration::from_secs(u64::from(seconds));
    let (mut met, mut about) = (BTreeSet::new(), Vec::new());
    loop {
        let now = hub.met_in_hall()?.with;
        if now != about {
            let who = if now.is_empty() { "nobody".to_owned() } else { now.join(", ") };
            // Whether anybody reads it or not, the place is kept.
            let _ = say(&format!("In the hall with {who}."));
            met.extend(now.iter().cloned());
            about = now;
        }
        match changed.recv_timeout(end.saturating_duration_since(Instant::now())) {
            Ok(()) => {}
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
        }
    }
    Ok(format!("met={} received={}", met.len(), place.received()))
}
