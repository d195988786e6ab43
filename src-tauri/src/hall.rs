//! The program's place in the hall: taken when records are open, left with the program.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use hub::{Hub, Place};

/// Where the place is kept. Empty until it is taken, and where this laptop's network gives none.
pub(crate) type Seat = Arc<Mutex<Option<Place>>>;

/// Takes a place in the background, so that nobody waits for the network. `changed` is called whenever records, or who is
/// about, changed by it.
pub(crate) fn enter(hub: Arc<Hub>, seat: Seat, changed: impl Fn() + Send + 'static) {
    if !hub.meets_in_halls() {
        return;
    }
    thread::spawn(move || {
        // Where there is no network the bottom line does not speak of a hall; everything else goes on.
        let mut seat = seat.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = seat.is_none().then(|| hub.enter_hall(changed).ok()).flatten() {
            *seat = Some(place);
        }
    });
}

/// Leaves, if a place was taken.
pub(crate) fn leave(seat: &Seat) {
    drop(seat.lock().unwrap_or_else(PoisonError::into_inner).take());
}
