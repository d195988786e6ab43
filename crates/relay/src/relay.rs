//! What the relay does when it is asked, whatever asked it.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sealed_log::wire::{Ask, Found, Given, Login, Push, Pushed, Shelf};
use sealed_log::{CouncilId, Fetch, Hash, LaptopId, Members, ScopeId, council_of_root, login_holds};
use tokio::sync::watch;

use crate::council::{self, Council};
use crate::erase;
use crate::limit::Limit;
use crate::metrics::Metrics;
use crate::pass::{Pass, Seal};
use crate::ports::Ports;
use crate::refusal::Refused;
use crate::store::{Kept, Statement, Store, StoreError};
use crate::take;

/// One answer holds about so many bytes of what was asked for.
const ANSWER_AIM: usize = 6 << 20;
/// So long a count of a council's bytes is good, in milliseconds.
const COUNT_LIVES: i64 = 5 * 60 * 1000;

/// How a relay is set up.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What laptops call it: the host of its address, with the port unless that is 443.
    pub name: String,
    /// The root public keys of the councils that it carries for.
    pub roots: Vec<[u8; 32]>,
    /// Most bytes of one council.
    pub quota: u64,
    /// Requests of one laptop: so many at once, and so many a second after that.
    pub each_laptop: (u32, u32),
    /// Requests from one address of those that have not logged in.
    pub each_address: (u32, u32),
}

impl Settings {
    /// With the usual bounds.
    #[must_use]
    pub fn new(name: &str, roots: Vec<[u8; 32]>) -> Self {
        let name = name.to_ascii_lowercase();
        Self { name, roots, quota: 50 << 30, each_laptop: (200, 20), each_address: (200, 10) }
    }
}

/// A relay.
#[derive(Debug, Clone)]
pub struct Relay(Arc<Inner>);

struct Inner {
    settings: Settings,
    store: Arc<dyn Store>,
    seal: Seal,
    ports: Ports,
    councils: BTreeMap<CouncilId, Council>,
    laptops: Limit<LaptopId>,
    addresses: Limit<IpAddr>,
    metrics: Arc<Metrics>,
    stopping: watch::Sender<bool>,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Relay").field("councils", &self.councils.len()).finish_non_exhaustive()
    }
}

/// A laptop that has shown who it is.
#[derive(Debug, Clone)]
pub struct Guest<'a> {
    council: &'a Council,
    members: Arc<Members>,
    /// One that has left or was taken out hears the roster, so that it learns of it, and nothing else.
    live: bool,
    scopes: BTreeSet<ScopeId>,
}

impl Guest<'_> {
    fn only_if_live(&self) -> Result<(), Refused> {
        if self.live { Ok(()) } else { Err(Refused::TakenOut) }
    }
}

impl Relay {
    /// Sets a relay up before a store.
    ///
    /// # Errors
    /// The store's own; [`StoreError::Failed`] when the system gives no randomness.
    pub async fn open(settings: Settings, store: Arc<dyn Store>, ports: Ports) -> Result<Self, StoreError> {
        let fresh = ports.random().ok_or_else(|| StoreError::Failed("the system gave no randomness".to_owned()))?;
        let seal = Seal::new(&store.secret(fresh).await?);
        let mut councils = BTreeMap::new();
        for root in &settings.roots {
            let id = council_of_root(root);
            let key = store.council(id).await?;
            let turn = store.turns().await?.get(&key).copied().unwrap_or(1);
            councils.insert(id, Council::new(id, key, turn));
        }
        for council in councils.values() {
            erase::see_to(council, &*store, false).await?;
        }
        Ok(Self(Arc::new(Inner {
            seal,
            councils,
            laptops: Limit::new(settings.each_laptop.0, settings.each_laptop.1),
            addresses: Limit::new(settings.each_address.0, settings.each_address.1),
            metrics: Arc::default(),
            stopping: watch::Sender::new(false),
            settings,
            store,
            ports,
        })))
    }

    /// What it has done.
    #[must_use]
    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.0.metrics
    }

    /// True while the store answers.
    ///
    /// # Errors
    /// The store's own.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.0.store.ping().await
    }

    /// Ends all waiting, so that connections can be closed.
    pub fn stop(&self) {
        self.0.stopping.send_replace(true);
    }

    /// Somebody at an address asks who has not logged in.
    ///
    /// # Errors
    /// [`Refused::TooOften`].
    pub fn admit(&self, address: IpAddr) -> Result<(), Refused> {
        self.0.addresses.take(address, Instant::now()).map_err(too_often)
    }

    /// A challenge.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn challenge(&self) -> Result<Vec<u8>, Refused> {
        let random = self.0.ports.random().ok_or(Refused::Broken)?;
        Ok(self.0.seal.challenge(self.0.ports.now(), random))
    }

    /// A token for a laptop that answered a challenge.
    ///
    /// # Errors
    /// An unknown council or laptop, an old challenge, a wrong signature.
    pub async fn login(&self, login: &Login) -> Result<String, Refused> {
        let council = self.0.councils.get(&login.council).ok_or(Refused::OtherCouncil)?;
        let now = self.0.ports.now();
        if !self.0.seal.challenge_holds(&login.challenge, now) {
            return Err(Refused::OldChallenge);
        }
        let Login { signing, challenge, signature, .. } = login;
        if !login_holds(signing, &self.0.settings.name, &council.id, challenge, signature) {
            return Err(Refused::WrongSignature);
        }
        if !login.roster.is_empty() {
            let (_, any) = council.take_entries(&*self.0.store, &login.roster).await?;
            if any {
                self.see_to_erasures(council.id, false).await?;
            }
            self.turned(council, any).await?;
        }
        let members = council.members(&*self.0.store).await?;
        let known = members.laptops().find(|(_, laptop)| laptop.identity.signing == *signing);
        let laptop = *known.ok_or(Refused::NotOneOfThem)?.0;
        Ok(self.0.seal.token(&Pass { council: council.id, laptop }, now))
    }

    /// Who a token lets in, as the roster says now.
    ///
    /// # Errors
    /// A token that is over, a laptop that has gone, too many requests.
    pub async fn guest(&self, token: &str) -> Result<Guest<'_>, Refused> {
        let pass = self.0.seal.pass(token, self.0.ports.now()).ok_or(Refused::NoToken)?;
        let council = self.0.councils.get(&pass.council).ok_or(Refused::OtherCouncil)?;
        self.0.laptops.take(pass.laptop, Instant::now()).map_err(too_often)?;
        let members = council.members(&*self.0.store).await?;
        let (live, scopes) = council::readable(&members, &pass.laptop)?;
        Ok(Guest { council, members, live, scopes })
    }

    /// What there is, as far as the laptop may read it.
    ///
    /// # Errors
    /// The store's own.
    pub async fn look(&self, guest: &Guest<'_>) -> Result<Shelf, Refused> {
        // Before the rest: what comes meanwhile is news.
        let turn = *guest.council.turn.borrow();
        let (store, key) = (&self.0.store, guest.council.key);
        let roster = store.entries(key).await?.into_iter().map(|entry| entry.name).collect();
        let seen = if guest.live { store.seen(key).await? } else { BTreeMap::new() };
        let tips = store.tips(key, guest.scopes.clone()).await?;
        Ok(Shelf { turn, roster, seen, tips })
    }

    /// Gives what is asked for, as far as the laptop may read it and it goes into one answer.
    ///
    /// # Errors
    /// The store's own.
    pub async fn give(&self, guest: &Guest<'_>, ask: Ask) -> Result<Given, Refused> {
        let (store, key) = (&self.0.store, guest.council.key);
        let mut given = Given::default();
        let mut room = Room(ANSWER_AIM);
        if !ask.roster.is_empty() {
            let wanted: BTreeSet<_> = ask.roster.into_iter().collect();
            let entries = store.entries(key).await?.into_iter().filter(|entry| wanted.contains(&entry.name));
            given.roster = entries
                .take_while(|entry| room.takes(entry.bytes.len()))
                .map(|entry| (entry.name, entry.bytes))
                .collect();
        }
        if !ask.seen.is_empty() {
            guest.only_if_live()?;
            let found = store.statements(key, ask.seen).await?;
            let fits = found.into_iter().take_while(|one| room.takes(one.bytes.len()));
            given.seen = fits.map(|Statement { log, number, bytes }| (log, number, bytes)).collect();
        }
        for range in ask.ranges {
            given.ranges.push(self.range(guest, range, &mut room).await?);
        }
        for hash in ask.blobs {
            if room.0 == 0 {
                break;
            }
            let blob = store.blob(key, guest.scopes.clone(), hash).await?;
            given.blobs.extend(blob.filter(|bytes| room.takes(bytes.len())));
        }
        Ok(given)
    }

    async fn range(&self, guest: &Guest<'_>, range: Fetch, room: &mut Room) -> Result<Found, Refused> {
        let Fetch { stream, first, last } = range;
        let nothing = Found { through: first.saturating_sub(1), segments: Vec::new() };
        if room.0 == 0 || first > last {
            return Ok(nothing);
        }
        if !guest.scopes.contains(&stream.scope) {
            return Ok(Found { through: last, ..nothing });
        }
        let segments = self.0.store.segments(guest.council.key, stream, first, last, room.0).await?;
        let size: usize = segments.iter().map(|(_, bytes)| bytes.len()).sum();
        let whole = size < room.0;
        room.0 = room.0.saturating_sub(size.max(1));
        if whole {
            return Ok(Found { through: last, segments });
        }
        // The store stopped for want of room: the last number may be there in another way, too.
        let reached = segments.last().map_or(first, |(seq, _)| *seq);
        let alone = segments.first().is_none_or(|(seq, _)| *seq == reached);
        let through = if alone { reached } else { reached - 1 };
        let segments = segments.into_iter().filter(|(seq, _)| *seq <= through).collect();
        Ok(Found { through, segments })
    }

    /// Takes what is put, and says what was not taken.
    ///
    /// # Errors
    /// No room under the quota; the store's own.
    pub async fn take(&self, guest: &Guest<'_>, push: Push) -> Result<Pushed, Refused> {
        if !(push.seen.is_empty() && push.segments.is_empty() && push.blobs.is_empty()) {
            guest.only_if_live()?;
        }
        let council = guest.council;
        self.room_for(council, &push).await?;
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
        if !push.segments.is_empty() || !push.blobs.is_empty() {
            news |= self.take_segments(guest, members, place, push, &mut refused).await?;
        }
        self.turned(council, news).await?;
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
    ) -> Result<bool, Refused> {
        let (id, scopes) = (guest.council.id, guest.scopes.clone());
        let erased = erase::standing(&members);
        let judging =
            tokio::task::spawn_blocking(move || take::judge(&id, &members, &scopes, place, push.blobs, &push.segments));
        let judged = judging.await.map_err(|_| Refused::Broken)?;
        refused.extend(judged.refused);
        let (places, segments): (Vec<u64>, Vec<_>) = judged.segments.into_iter().unzip();
        let bytes: usize = segments.iter().map(|segment| segment.bytes.len()).sum();
        let kept = self.0.store.put_segments(guest.council.key, segments, judged.blobs).await?;
        let gaps = places.iter().zip(&kept).filter(|(_, kept)| **kept == Kept::Gap);
        refused.extend(gaps.map(|(place, _)| (*place, "gap")));
        let new = kept.iter().filter(|kept| **kept == Kept::New).count();
        self.0.metrics.kept(new, refused.len());
        guest.council.size.lock().await.bytes += bytes as u64;
        // What was judged by a roster that has grown meanwhile was perhaps not looked through.
        let grown = erase::standing(&*guest.council.members(&*self.0.store).await?) != erased;
        if grown || judged.marked {
            self.see_to_erasures(id, grown).await?;
        }
        Ok(new > 0)
    }

    /// The bodies that are kept apart, as far as the laptop may read them.
    ///
    /// # Errors
    /// The store's own.
    pub async fn bodies(&self, guest: &Guest<'_>) -> Result<BTreeSet<Hash>, Refused> {
        guest.only_if_live()?;
        Ok(self.0.store.blobs(guest.council.key, guest.scopes.clone()).await?)
    }

    /// What changes when there is news, and what changes when the relay stops.
    ///
    /// # Errors
    /// [`Refused::TakenOut`].
    pub fn news(&self, guest: &Guest<'_>) -> Result<(watch::Receiver<u64>, watch::Receiver<bool>), Refused> {
        guest.only_if_live()?;
        Ok((guest.council.turn.subscribe(), self.0.stopping.subscribe()))
    }

    /// Asks the store for news that came through other relays, as long as anybody waits for it here.
    pub async fn watch_others(&self, each: Duration) {
        let mut stopping = self.0.stopping.subscribe();
        while !*stopping.borrow_and_update() {
            let waiting = self.0.councils.values().any(|council| council.turn.receiver_count() > 0);
            if waiting && let Ok(turns) = self.0.store.turns().await {
                for council in self.0.councils.values() {
                    go_on(council, turns.get(&council.key).copied().unwrap_or(0));
                }
            }
            let _ = tokio::time::timeout(each, stopping.changed()).await;
        }
    }

    /// Goes on when whoever asked has hung up.
    async fn see_to_erasures(&self, council: CouncilId, again: bool) -> Result<(), Refused> {
        let relay = self.clone();
        let seeing = tokio::spawn(async move {
            match relay.0.councils.get(&council) {
                Some(council) => erase::see_to(council, &*relay.0.store, again).await,
                None => Ok(()),
            }
        });
        Ok(seeing.await.map_err(|_| Refused::Broken)??)
    }

    async fn turned(&self, council: &Council, news: bool) -> Result<(), Refused> {
        if news {
            go_on(council, self.0.store.turn_over(council.key).await?);
        }
        Ok(())
    }

    async fn room_for(&self, council: &Council, push: &Push) -> Result<(), Refused> {
        let now = self.0.ports.now();
        let mut size = council.size.lock().await;
        if size.counted.is_none_or(|counted| !(0..COUNT_LIVES).contains(&(now - counted))) {
            size.bytes = self.0.store.size(council.key).await?;
            size.counted = Some(now);
        }
        let all = [&push.roster, &push.seen, &push.blobs, &push.segments];
        let more: usize = all.iter().flat_map(|list| list.iter()).map(Vec::len).sum();
        if size.bytes + more as u64 > self.0.settings.quota { Err(Refused::Quota) } else { Ok(()) }
    }
}

/// A turn never goes back.
fn go_on(council: &Council, turn: u64) {
    council.turn.send_if_modified(|known| {
        let newer = turn > *known;
        *known = turn.max(*known);
        newer
    });
}

fn too_often(wait: Duration) -> Refused {
    Refused::TooOften { seconds: wait.as_secs().max(1) }
}

/// How many bytes still go into an answer.
struct Room(usize);

impl Room {
    /// The first always goes in.
    fn takes(&mut self, bytes: usize) -> bool {
        let fits = bytes <= self.0 || self.0 == ANSWER_AIM;
        self.0 = self.0.saturating_sub(bytes.max(1));
        fits
    }
}
