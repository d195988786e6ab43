//! What a relay takes from a laptop that puts.

use std::sync::Arc;

use sealed_log::Members;
use sealed_log::wire::{Push, Pushed};
use tokio::sync::mpsc;

use super::{Guest, Relay, go_on};
use crate::council::Council;
use crate::erase;
use crate::refusal::Refused;
use crate::store::{Kept, Stored};
use crate::take::{self, Judged, Rule};

/// So long a count of a council's bytes is good, in milliseconds.
const COUNT_LIVES: i64 = 5 * 60 * 1000;

impl Relay {
    /// Takes what is put, and says what was not taken.
    ///
    /// # Errors
    /// No room under the quota; the store's own.
    pub async fn take(&self, guest: &Guest<'_>, push: Push) -> Result<Pushed, Refused> {
        if !(push.seen.is_empty() && push.segments.is_empty() && push.blobs.is_empty()) {
            guest.only_if_live()?;
        }
        let council = guest.council;
        let all = [&push.roster, &push.seen, &push.blobs, &push.segments];
        self.room_for(council, all.iter().flat_map(|list| list.iter()).map(Vec::len).sum()).await?;
        let mut refused: Vec<(u64, &'static str)> = Vec::new();
        let mut place = 0;
        let mut news = false;
        let mut members = Arc::clone(&guest.members);
        if !push.roster.is_empty() {
            let (outcomes, any) = council.take_entries(&*self.0.store, &push.roster).await?;
            refused.extend((place..).zip(outcomes).filter_map(|(at, code)| Some((at, code?))));
            place += push.roster.len() as u64;
            news |= any;
            members = council.members(&*self.0.store).await?;
            if any {
                self.see_to_erasures(council.id, false).await?;
            }
        }
        let mut statements = Vec::new();
        for bytes in &push.seen {
            match take::judge_statement(&council.id, &members, bytes) {
                Ok(statement) => statements.push(statement),
                Err(code) => refused.push((place, code)),
            }
            place += 1;
        }
        if !statements.is_empty() {
            self.0.store.put_seen(council.key, statements).await?;
            news = true;
        }
        self.turned(council, news).await?;
        if !push.segments.is_empty() || !push.blobs.is_empty() {
            self.take_segments(guest, members, place, push, &mut refused).await?;
        }
        refused.sort_unstable();
        let refused = refused.into_iter().map(|(place, code)| (place, code.to_owned())).collect();
        Ok(Pushed { refused })
    }

    async fn take_segments(
        &self,
        guest: &Guest<'_>,
        members: Arc<Members>,
        place: u64,
        push: Push,
        refused: &mut Vec<(u64, &'static str)>,
    ) -> Result<(), Refused> {
        let (id, readable) = (guest.council.id, guest.scopes.clone());
        let erased = erase::standing(&members);
        let rule = Rule { council: id, members, laptop: guest.laptop, readable };
        // What was judged is put in while the rest is judged.
        let (hand_on, batches) = mpsc::unbounded_channel();
        let judging =
            tokio::task::spawn_blocking(move || take::judge(&rule, place, push.blobs, &push.segments, &hand_on));
        let (judged, stored) = tokio::join!(judging, self.0.store.put_segments(guest.council.key, batches));
        let (Judged { places, bytes, marked, refused: not_kept }, Stored { kept, turn }) =
            (judged.map_err(|_| Refused::Broken)?, stored?);
        refused.extend(not_kept);
        let gaps = places.iter().zip(&kept).filter(|(_, kept)| **kept == Kept::Gap);
        refused.extend(gaps.map(|(place, _)| (*place, "gap")));
        let new = kept.iter().filter(|kept| **kept == Kept::New).count();
        self.0.metrics.kept(new, refused.len());
        guest.council.size.lock().await.bytes += bytes;
        // What was judged by a roster that has grown meanwhile was perhaps not looked through.
        let grown = erase::standing(&*guest.council.members(&*self.0.store).await?) != erased;
        if grown || marked {
            self.see_to_erasures(id, grown).await?;
        }
        if let Some(turn) = turn {
            go_on(guest.council, turn);
        }
        Ok(())
    }

    /// True if so many bytes more go in under the quota.
    pub(super) async fn room_for(&self, council: &Council, more: usize) -> Result<(), Refused> {
        let now = self.0.ports.now();
        let mut size = council.size.lock().await;
        if size.counted.is_none_or(|counted| !(0..COUNT_LIVES).contains(&(now - counted))) {
            size.bytes = self.0.store.size(council.key).await?;
            size.counted = Some(now);
        }
        if size.bytes + more as u64 > self.0.settings.quota { Err(Refused::Quota) } else { Ok(()) }
    }
}
