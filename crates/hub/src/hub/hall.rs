//! A place in the hall: this laptop is found by the others of its council that are in the same room, asks each for what it
//! lacks, and wakes them when something is saved here.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, PoisonError, Weak};
use std::thread::{self, JoinHandle};

use carriers::hall::{Hall, Heard, Host, PeerId, Signing, Standing};
use sealed_log::wire::{Ask as Wanted, Given, Greeting, Shelf};
use sealed_log::{CouncilId, LaptopId, State, sign_greeting};
use zeroize::Zeroizing;

use super::Hub;
use super::identity::Identity;
use crate::error::HubError;
use crate::policy::Ask;
use crate::store::sync::roster as rosters;
use crate::store::{Rows, setting};
use crate::sync::{self, Here};
use crate::view::shell::InHall;

/// A place in the hall. Dropping it leaves.
#[derive(Debug)]
pub struct Place {
    hub: Weak<Hub>,
    tell: Sender<Event>,
    received: Arc<AtomicU64>,
    thread: Option<JoinHandle<()>>,
}

impl Place {
    /// How many records have come from others in the hall since this place was taken.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.received.load(Ordering::Acquire)
    }
}

/// What the place's own thread is told.
#[derive(Debug)]
enum Event {
    /// Something was saved here.
    Saved,
    /// Something happened in the hall.
    Heard(Heard),
    /// Leave.
    Leave,
}

/// Who is about, as the screens say it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct About {
    with: Vec<LaptopId>,
    out_of_reach: u32,
}

/// Where it is kept whether this laptop looks for others in the same hall.
const MEETS: &str = "meets in halls";

impl Hub {
    /// True if this laptop looks for others in the same hall: it does until somebody says otherwise.
    #[must_use]
    pub fn meets_in_halls(&self) -> bool {
        self.store.read(|rows| setting::get(rows, MEETS)).ok().flatten().unwrap_or(true)
    }

    /// Says whether this laptop looks for others in the same hall, from the next start on.
    ///
    /// # Errors
    /// [`HubError::NotSignedIn`]; the store's own.
    pub fn set_meets_in_halls(&self, meets: bool) -> Result<(), HubError> {
        self.asked_by_anyone(Ask::Share)?;
        self.store.write(|tx| setting::put(tx.connection(), MEETS, &meets))
    }

    /// Takes a place in the hall. `changed` is called whenever records, or who is about, changed by it.
    ///
    /// # Errors
    /// [`HubError::NotAllowed`]; [`HubError::NoHall`] when this machine's network cannot be used.
    pub fn enter_hall(self: &Arc<Self>, changed: impl Fn() + Send + 'static) -> Result<Place, HubError> {
        self.laptop_asked(Ask::Share)?;
        let key = Zeroizing::new(self.ports.random()?);
        let turn = self.store.read(sync::turn)?;
        let (tell, told) = mpsc::channel();
        let heard = {
            let tell = tell.clone();
            // Whoever has left hears nothing.
            move |heard| drop(tell.send(Event::Heard(heard)))
        };
        let host = Arc::new(Resident { hub: Arc::downgrade(self) });
        let hall = Hall::enter(host, &key, turn, heard).map_err(|_| HubError::NoHall)?;
        let saved = Arc::new(AtomicBool::new(false));
        self.store.tell_when_written(Some(Box::new({
            let (saved, tell) = (Arc::clone(&saved), tell.clone());
            move || {
                if !saved.swap(true, Ordering::AcqRel) {
                    drop(tell.send(Event::Saved));
                }
            }
        })));
        *self.hall.lock().unwrap_or_else(PoisonError::into_inner) = Some(About::default());
        let hub = Arc::downgrade(self);
        let received = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&received);
        let stay = Stay { hub: Weak::clone(&hub), hall, saved, received: counted, turn, changed: Box::new(changed) };
        let thread = thread::Builder::new().name("hall".to_owned()).spawn(move || stay.run(&told));
        Ok(Place { hub, tell, received, thread: Some(thread.map_err(|_| HubError::NoHall)?) })
    }

    /// Who is about in the hall.
    ///
    /// # Errors
    /// The store's own.
    pub fn met_in_hall(&self) -> Result<InHall, HubError> {
        Ok(self.store.read(|rows| self.in_hall(rows))?.unwrap_or_default())
    }

    /// Who is about in the hall; none when this laptop has no place in one.
    pub(crate) fn in_hall(&self, rows: &Rows) -> Result<Option<InHall>, HubError> {
        let about = self.hall.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(about) = about.as_ref() else { return Ok(None) };
        let known = rosters::laptops(rows)?.into_iter().filter(|row| about.with.contains(&row.laptop));
        Ok(Some(InHall { with: known.map(|row| row.name).collect(), out_of_reach: about.out_of_reach }))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(hub) = self.hub.upgrade() {
            hub.store.tell_when_written(None);
            *hub.hall.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
        drop(self.tell.send(Event::Leave));
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// The place's own thread.
struct Stay {
    hub: Weak<Hub>,
    hall: Hall,
    saved: Arc<AtomicBool>,
    received: Arc<AtomicU64>,
    turn: u64,
    changed: Box<dyn Fn() + Send>,
}

impl Stay {
    fn run(mut self, told: &Receiver<Event>) {
        while let Ok(event) = told.recv() {
            let Some(hub) = self.hub.upgrade() else { return };
            match event {
                Event::Saved => {
                    self.saved.store(false, Ordering::Release);
                    if !self.hall.about().with.is_empty() {
                        // What cannot be sealed now waits where it is, for the next exchange.
                        let _ = hub.seal();
                    }
                }
                Event::Heard(Heard::Met(peer) | Heard::News(peer)) => self.ask(&hub, peer),
                Event::Heard(Heard::Left(_)) => {}
                Event::Leave => return,
            }
            self.pass_on(&hub);
        }
    }

    fn ask(&self, hub: &Hub, peer: PeerId) {
        if let Some(peer) = self.hall.peer(peer) {
            // Whoever falls silent in the middle is asked again when there is news.
            if let Ok(exchanged) = hub.ask_in_hall(&peer) {
                self.received.fetch_add(u64::from(exchanged.received), Ordering::AcqRel);
            }
        }
    }

    /// Wakes the others when there is something new here, and the screens when they have something to show.
    fn pass_on(&mut self, hub: &Hub) {
        let turn = hub.store.read(sync::turn).unwrap_or(self.turn);
        let news = std::mem::replace(&mut self.turn, turn) != turn;
        if news {
            self.hall.turned(turn);
        }
        let about = self.hall.about();
        let about = About {
            with: about.with.iter().map(LaptopId::of_signing).collect(),
            out_of_reach: u32::try_from(about.out_of_reach).unwrap_or(u32::MAX),
        };
        let others = {
            let mut known = hub.hall.lock().unwrap_or_else(PoisonError::into_inner);
            known.as_mut().is_some_and(|known| std::mem::replace(known, about) != *known)
        };
        if news || others {
            (self.changed)();
        }
    }
}

/// The hub as the hall asks it. It holds nothing open: a hub that is gone answers nothing.
struct Resident {
    hub: Weak<Hub>,
}

impl Resident {
    fn asked<T>(&self, ask: impl FnOnce(&Rows, &Here, &LaptopId) -> Result<T, HubError>, guest: &Signing) -> Option<T> {
        let hub = self.hub.upgrade()?;
        let here = hub.here();
        hub.store.read(|rows| ask(rows, &here, &LaptopId::of_signing(guest))).ok()
    }
}

impl Host for Resident {
    fn council(&self) -> CouncilId {
        self.hub.upgrade().map_or_else(|| CouncilId::from_bytes([0; 32]), |hub| hub.identity().council())
    }

    fn greeting(&self, mine: &[u8; 32], theirs: &[u8; 32], with_roster: bool) -> Greeting {
        let nobody = Greeting { signing: [0; 32], signature: [0; 64], roster: Vec::new() };
        self.hub.upgrade().map_or(nobody, |hub| {
            let identity = hub.identity();
            let entries = identity.roster.ancestors_first().into_iter().filter(|_| with_roster);
            Greeting {
                signing: identity.laptop.public(),
                signature: sign_greeting(&identity.laptop, &identity.council(), mine, theirs),
                roster: entries.map(|(_, entry)| entry.encode()).collect(),
            }
        })
    }

    fn standing(&self, signing: &Signing) -> Standing {
        let Some(hub) = self.hub.upgrade() else { return Standing::Unknown };
        match hub.here().members.laptop(&LaptopId::of_signing(signing)) {
            Some(laptop) if laptop.state == State::Live => Standing::Live,
            Some(_) => Standing::Out,
            None => Standing::Unknown,
        }
    }

    fn introduce(&self, roster: Vec<Vec<u8>>) {
        if let Some(hub) = self.hub.upgrade() {
            // What cannot be kept now will be shown again.
            let _ = hub.introduced(&roster);
        }
    }

    fn look(&self, guest: &Signing) -> Option<Shelf> {
        self.asked(sync::look, guest)
    }

    fn give(&self, guest: &Signing, ask: Wanted) -> Option<Given> {
        self.asked(|rows, here, guest| sync::give(rows, here, guest, &ask), guest)
    }
}

impl Hub {
    /// Takes in a roster by which somebody would be known here.
    fn introduced(&self, roster: &[Vec<u8>]) -> Result<(), HubError> {
        let _alone = self.sharing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut here = self.here();
        if sync::introduce(&self.store, &mut here, roster)? {
            *self.identity() = self.store.read(Identity::find)?;
            self.follow_roster();
        }
        Ok(())
    }
}
