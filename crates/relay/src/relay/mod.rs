//! What the relay does when it is asked, whatever asked it.

mod give;
mod mail;
mod put;
mod snapshots;

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sealed_log::wire::Login;
use sealed_log::{CouncilId, LaptopId, Members, ScopeId, council_of_root, login_holds};
use tokio::sync::watch;

use crate::council::{self, Council};
use crate::erase;
use crate::limit::Limit;
use crate::metrics::Metrics;
use crate::pass::{Pass, Seal};
use crate::ports::Ports;
use crate::refusal::Refused;
use crate::store::{Store, StoreError};

/// Knocks from one address: so many at once, and one each so long after that.
const KNOCKS: (u32, Duration) = (10, Duration::from_secs(60));

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
    knocks: Limit<IpAddr>,
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
    laptop: LaptopId,
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
            knocks: Limit::slow(KNOCKS.0, KNOCKS.1),
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

    /// Whether a token is one of these relays', and not over.
    ///
    /// # Errors
    /// [`Refused::NoToken`].
    pub fn holds(&self, token: &str) -> Result<(), Refused> {
        self.0.seal.pass(token, self.0.ports.now()).map(drop).ok_or(Refused::NoToken)
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
        Ok(Guest { council, laptop: pass.laptop, members, live, scopes })
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
