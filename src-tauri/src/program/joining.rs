//! A laptop with no records yet: it asks to be taken in and waits for its approval, or brings a council back.

use std::path::Path;
use std::sync::PoisonError;

use hub::problem::Problem;
use hub::view::shell::{Asked, Start};
use hub::{Asking, Hub, HubError, Passphrase, Recover};

use super::{Program, not_open};

/// What has been asked, with the passphrase that will open the records.
pub(super) struct Waiting {
    asking: Asking,
    passphrase: Passphrase,
}

impl Program {
    /// Asks, and saves the request.
    pub(crate) fn ask_to_join(&self, folder: &str, passphrase: String) -> Result<Asked, Problem> {
        self.begin_waiting(passphrase, |dir, passphrase, ports| {
            if !Path::new(folder).is_dir() {
                return Err(HubError::FileFailed { place: "the folder that was named" });
            }
            let asking = Asking::begin(dir, passphrase, ports)?;
            asking.save_request(Path::new(folder))?;
            Ok(asking)
        })
    }

    /// What was asked before the program was closed.
    pub(crate) fn asked(&self, passphrase: String) -> Result<Asked, Problem> {
        self.begin_waiting(passphrase, Asking::open)
    }

    /// Saves the request once more.
    pub(crate) fn save_request(&self, folder: &str) -> Result<Asked, Problem> {
        let waiting = self.inner.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let asking = &waiting.as_ref().ok_or_else(not_open)?.asking;
        asking.save_request(Path::new(folder)).and_then(|_| asking.asked()).map_err(|error| error.problem())
    }

    /// Asks no more.
    pub(crate) fn stop_asking(&self) -> Result<Start, Problem> {
        drop(self.inner.waiting.lock().unwrap_or_else(PoisonError::into_inner).take());
        Asking::stop(&self.inner.arguments.data).map_err(|error| error.problem())?;
        self.start()
    }

    /// Becomes a laptop of the council that approved; goes on waiting when that was not its approval.
    pub(crate) fn finish_joining(&self, approval: &str, laptop: &str) -> Result<Start, Problem> {
        let mut held = self.inner.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let Waiting { asking, passphrase } = held.take().ok_or_else(not_open)?;
        let done = self.keep(|_, _| asking.finish_with(Path::new(approval), laptop, &passphrase));
        if done.is_err() {
            let again = Asking::open(&self.inner.arguments.data, &passphrase, &self.inner.ports);
            *held = again.ok().map(|asking| Waiting { asking, passphrase });
        }
        done
    }

    /// Brings a council back; this laptop is called `laptop` and works at `hub`.
    pub(crate) fn recover(
        &self,
        words: &str,
        folder: &str,
        (laptop, hub): (String, String),
        passphrase: String,
    ) -> Result<Start, Problem> {
        let passphrase = Passphrase::new(passphrase);
        let recover = Recover { words, folder: Path::new(folder), laptop, hub, passphrase };
        self.keep(|arguments, ports| Hub::recover(&arguments.data, &recover, ports))
    }

    fn begin_waiting(
        &self,
        passphrase: String,
        begin: impl FnOnce(&Path, &Passphrase, &hub::Ports) -> Result<Asking, HubError>,
    ) -> Result<Asked, Problem> {
        let passphrase = Passphrase::new(passphrase);
        let mut held = self.inner.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        // The folder is this program's own: what it held is let go before it is taken anew.
        drop(held.take());
        let asking = begin(&self.inner.arguments.data, &passphrase, &self.inner.ports);
        let asking = asking.map_err(|error| error.problem())?;
        let asked = asking.asked().map_err(|error| error.problem());
        *held = Some(Waiting { asking, passphrase });
        asked
    }
}
