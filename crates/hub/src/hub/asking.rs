//! A laptop that asks to be taken in: it shows a code, hands out its request, and waits for an administrator's approval.
//! What it needs to remember until then lies in a folder of its own beside where its records will be, under the
//! passphrase that will open them.

use std::path::{Path, PathBuf};

use argon2::{Algorithm, Argon2, Params, Version};
use sealed_log::{Approval, Code, CodeKey, EnrolError, LaptopId, LaptopIdentity, Rank, Request};
use serde::{Deserialize, Serialize};
use sync_schema::{HubId, Instant};
use zeroize::{Zeroize, Zeroizing};

use super::{Hub, handed};
use crate::action::typed;
use crate::error::HubError;
use crate::folder::{self, DataFolder, Holds, Passphrase};
use crate::policy;
use crate::ports::Ports;
use crate::store::{Store, setting};
use crate::view::shell::{Asked, Role};

/// The folder, below the data folder.
const ASKING: &str = "asking";
/// Where what must be remembered is kept in it.
const KEPT: &str = "asking";
/// Where the request was last saved to, in it.
const SAVED: &str = "saved";
/// A request is answered within a day, milliseconds.
const DAY: u64 = 24 * 60 * 60 * 1000;

/// A laptop that has asked.
#[derive(Debug)]
pub struct Asking {
    dir: PathBuf,
    folder: DataFolder,
    store: Store,
    kept: Kept,
    ports: Ports,
}

#[derive(Serialize, Deserialize, Zeroize)]
#[zeroize(drop)]
struct Kept {
    identity: [u8; 32],
    salt: [u8; 16],
    code: String,
    made: i64,
}

impl std::fmt::Debug for Kept {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Kept(secret)")
    }
}

impl Asking {
    /// Asks anew; an earlier request of this laptop's is forgotten.
    ///
    /// # Errors
    /// [`HubError::AlreadyRecords`], [`HubError::PassphraseTooShort`] and the disk's own.
    pub fn begin(dir: &Path, passphrase: &Passphrase, ports: &Ports) -> Result<Self, HubError> {
        if folder::holds(dir)? == Holds::Records {
            return Err(HubError::AlreadyRecords);
        }
        forget(dir)?;
        let beside = DataFolder::take(&dir.join(ASKING))?;
        let random = Zeroizing::new(ports.random::<8>()?);
        let kept = Kept {
            identity: ports.random()?,
            salt: ports.random()?,
            code: Code::from_random(&random).letters().to_owned(),
            made: ports.now().millis(),
        };
        let new = beside.begin_records(passphrase, ports)?;
        let store = Store::create(&new.database(), new.key())?;
        store.write(|tx| setting::put(tx.connection(), KEPT, &kept))?;
        new.keep()?;
        Ok(Self { dir: dir.to_owned(), folder: beside, store, kept, ports: ports.clone() })
    }

    /// Goes on after the program was closed.
    ///
    /// # Errors
    /// [`HubError::NoRecords`] when nothing was asked; [`HubError::WrongPassphrase`] and whatever state the folder is in.
    pub fn open(dir: &Path, passphrase: &Passphrase, ports: &Ports) -> Result<Self, HubError> {
        if !is_asking(dir) {
            return Err(HubError::NoRecords);
        }
        let beside = DataFolder::take(&dir.join(ASKING))?;
        let key = beside.unlock(passphrase, ports)?;
        let store = Store::open(&beside.database(), &key)?;
        let kept: Kept = store.read(|rows| setting::get(rows, KEPT))?.ok_or(HubError::Damaged)?;
        Ok(Self { dir: dir.to_owned(), folder: beside, store, kept, ports: ports.clone() })
    }

    /// Asks no more: what was remembered is forgotten.
    ///
    /// # Errors
    /// [`HubError::FileFailed`].
    pub fn stop(dir: &Path) -> Result<(), HubError> {
        forget(dir)
    }

    /// What the new laptop's screen shows.
    ///
    /// # Errors
    /// The store's own.
    pub fn asked(&self) -> Result<Asked, HubError> {
        let saved: Option<PathBuf> = self.store.read(|rows| setting::get(rows, SAVED))?;
        let shown = |path: &Path| path.display().to_string();
        Ok(Asked {
            code: self.code().as_str().to_owned(),
            until: Instant::from_millis(self.kept.made.saturating_add_unsigned(DAY)),
            old: is_old(self.kept.made, &self.ports),
            approval: saved.as_deref().map(|path| shown(&handed::approval_of(path))),
            saved: saved.as_deref().map(shown),
        })
    }

    /// Remembers where the request lies.
    pub(super) fn keep_saved(&self, file: PathBuf) -> Result<PathBuf, HubError> {
        self.store.write(|tx| setting::put(tx.connection(), SAVED, &file))?;
        Ok(file)
    }

    /// The code, in three groups of four: to be read to the administrator, and never sent.
    #[must_use]
    pub fn code(&self) -> Zeroizing<String> {
        self.known_code().map(|code| code.shown()).unwrap_or_default()
    }

    /// The request's bytes, to be brought to the administrator: they are no secret.
    ///
    /// # Errors
    /// When the code cannot be stretched, for want of memory.
    pub fn request(&self) -> Result<Vec<u8>, HubError> {
        Ok(self.own_request().encode(&self.key()?))
    }

    /// Becomes a laptop of the council that approved. `called`: what it is to be called; empty: as the approval says.
    ///
    /// # Errors
    /// [`HubError::NotAnApproval`], [`HubError::WrongCode`], [`HubError::RequestOld`]; [`HubError::WrongPassphrase`] when
    /// it is not the one that this was begun with; and as [`Hub::join`].
    pub fn finish(self, approval: &[u8], called: &str, passphrase: &Passphrase) -> Result<Hub, HubError> {
        self.folder.unlock(passphrase, &self.ports)?;
        if is_old(self.kept.made, &self.ports) {
            return Err(HubError::RequestOld);
        }
        let called = typed::line(called, typed::NAME_MOST, "laptop")?;
        let laptop = LaptopIdentity::from_secret(&self.kept.identity);
        let (approved, roster) =
            Approval::open(approval, &self.key()?, &laptop, &self.request()?).map_err(|error| match error {
                EnrolError::WrongCode => HubError::WrongCode,
                EnrolError::Newer(_) => HubError::JoinFileOther,
                _ => HubError::NotAnApproval,
            })?;
        let of = (approved.root, laptop, roster);
        let hub = Hub::take_seat(&self.dir, passphrase, of, (&approved.welcome, called), &self.ports)?;
        let dir = self.dir.clone();
        drop(self);
        forget(&dir)?;
        Ok(hub)
    }

    fn own_request(&self) -> Request {
        let identity = LaptopIdentity::from_secret(&self.kept.identity).publics();
        Request { identity, salt: self.kept.salt, made: self.kept.made }
    }

    fn known_code(&self) -> Option<Code> {
        Code::read(&self.kept.code)
    }

    fn key(&self) -> Result<CodeKey, HubError> {
        stretch(&self.known_code().ok_or(HubError::Damaged)?, &self.kept.salt)
    }
}

impl Hub {
    /// Takes a laptop in that asked, and says the approval to bring back to it. `request` is what it handed out, `code`
    /// what it shows.
    ///
    /// # Errors
    /// [`HubError::NotARequest`], [`HubError::WrongCode`], [`HubError::RequestOld`], [`HubError::AlreadyTakenIn`];
    /// [`HubError::NotAllowed`] and [`HubError::WrongPassphrase`] as every act.
    pub fn approve(
        &self,
        request: &[u8],
        code: &str,
        role: Role,
        laptop: Option<String>,
        passphrase: &Passphrase,
    ) -> Result<Vec<u8>, HubError> {
        self.approve_at(request, code, (role, (laptop, None)), passphrase)
    }

    /// As [`Hub::approve`], at a hub.
    pub(super) fn approve_at(
        &self,
        request: &[u8],
        code: &str,
        (role, (laptop, at)): (Role, (Option<String>, Option<HubId>)),
        passphrase: &Passphrase,
    ) -> Result<Vec<u8>, HubError> {
        let name = typed::line(&laptop.unwrap_or_default(), typed::NAME_MOST, "laptop")?;
        let code = Code::read(code).ok_or(HubError::WrongCode)?;
        let peeked = Request::peek(request).map_err(not_a_request)?;
        let key = stretch(&code, &peeked.salt)?;
        let asked = Request::check(request, &key).map_err(not_a_request)?;
        if is_old(asked.made, &self.ports) {
            return Err(HubError::RequestOld);
        }
        let grants = policy::grants_of(role);
        self.administer(passphrase, |identity, hub| {
            if identity.roster.fold().laptop(&LaptopId::of_signing(&asked.identity.signing)).is_some() {
                return Err(HubError::AlreadyTakenIn);
            }
            identity.enrol_as(asked.identity, Rank::Laptop, &grants, &hub.ports)?;
            let approval = Approval {
                root: identity.root,
                request: Request::name(request),
                roster: identity.roster.entries().map(|(_, entry)| entry.encode()).collect(),
                welcome: hub.welcome(role, (name, at), identity)?,
            };
            let random = hub.ports.random()?;
            approval.encode(&key, &asked.identity.agreement, random).map_err(|_| HubError::NotARequest)
        })
    }
}

/// True if a laptop has asked here and been given no answer yet.
pub(super) fn is_asking(dir: &Path) -> bool {
    folder::holds(&dir.join(ASKING)) == Ok(Holds::Records)
}

fn forget(dir: &Path) -> Result<(), HubError> {
    let beside = dir.join(ASKING);
    if beside.exists() {
        std::fs::remove_dir_all(&beside).map_err(|_| HubError::FileFailed { place: "the earlier request" })?;
    }
    Ok(())
}

/// A day by either clock, whichever way they differ.
fn is_old(made: i64, ports: &Ports) -> bool {
    ports.now().millis().abs_diff(made) > DAY
}

pub(super) fn stretch(code: &Code, salt: &[u8; 16]) -> Result<CodeKey, HubError> {
    let (memory, passes, lanes) = CodeKey::COST;
    let params = Params::new(memory, passes, lanes, Some(32)).map_err(|_| HubError::unexpected("asking/cost"))?;
    let mut stretched = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(code.letters().as_bytes(), salt, stretched.as_mut_slice())
        .map_err(|_| HubError::unexpected("asking/stretch"))?;
    Ok(CodeKey::from_stretched(&stretched))
}

const fn not_a_request(error: EnrolError) -> HubError {
    match error {
        EnrolError::WrongCode => HubError::WrongCode,
        EnrolError::Newer(_) => HubError::JoinFileOther,
        _ => HubError::NotARequest,
    }
}
