//! A laptop with no records yet: it asks to be taken in and waits for its approval, founds a council, or brings one back.

use std::path::Path;
use std::sync::PoisonError;

use hub::problem::Problem;
use hub::view::shell::{Asked, Start};
use hub::{Asking, Found, Founding, Hub, HubError, Passphrase, Recover};
use zeroize::Zeroizing;

use super::sheet::groups;
use super::{Program, not_open};

impl Program {
    /// Begins to found a council, and says the groups of its recovery words. An earlier one that was begun is forgotten.
    pub(crate) fn begin_founding(
        &self,
        (council, hub, laptop): (String, String, String),
        passphrase: String,
    ) -> Result<Vec<String>, Problem> {
        let found = Found { council, hub, laptop, passphrase: Passphrase::new(passphrase) };
        let mut held = self.inner.founding.lock().unwrap_or_else(PoisonError::into_inner);
        drop(held.take());
        let founding = Founding::begin(&self.inner.arguments.data, found, &self.inner.ports);
        let founding = held.insert(founding.map_err(|error| error.problem())?);
        Ok(groups(founding.words().as_str()))
    }

    /// Founds it, once the words were typed from the paper. When they were not those, nothing is made and it can be tried
    /// again.
    pub(crate) fn finish_founding(&self, words: String) -> Result<Start, Problem> {
        let words = Zeroizing::new(words);
        let mut held = self.inner.founding.lock().unwrap_or_else(PoisonError::into_inner);
        let founding = held.as_ref().ok_or_else(not_open)?;
        let start = self.keep(|_, ports| founding.finish(&words, ports))?;
        *held = None;
        Ok(start)
    }

    /// Founds none.
    pub(crate) fn stop_founding(&self) {
        drop(self.inner.founding.lock().unwrap_or_else(PoisonError::into_inner).take());
    }
}

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
