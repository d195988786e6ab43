//! What an administrator does to the council's laptops and keys, and erasing. Each act asks for the passphrase again, is
//! written into the roster, and travels like everything else.

use sealed_log::{Kind, LaptopId, Rank, ScopeId, State};
use sync_schema::PersonId;

use super::Hub;
use super::identity::{Identity, granted, scope_of};
use crate::error::HubError;
use crate::folder::Passphrase;
use crate::policy::{self, Ask};
use crate::store::query::erasing;
use crate::sync;
use crate::view::shell::Role;

/// What an erasure came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erased {
    /// The documents that are gone: the person, their visits, conversations and places on lists.
    pub documents: u32,
}

impl Hub {
    /// Takes a laptop out: lost, stolen, or its keeper has gone. It can open nothing that is written by laptops that have
    /// heard of it; all scopes that it held get new keys.
    ///
    /// # Errors
    /// [`HubError::WrongPassphrase`]; [`HubError::NotAllowed`] when this laptop is not an administrator's;
    /// [`HubError::NotFound`]; [`HubError::OwnLaptop`].
    pub fn take_out(&self, laptop: &str, passphrase: &Passphrase) -> Result<(), HubError> {
        let laptop = laptop_id(laptop)?;
        self.administer(passphrase, |identity, hub| {
            let members = identity.roster.fold();
            let known = members.laptop(&laptop).ok_or(HubError::NotFound)?;
            if laptop == identity.laptop.laptop() {
                return Err(HubError::OwnLaptop);
            }
            if matches!(known.state, State::Revoked(_)) {
                return Ok(());
            }
            let scopes: Vec<ScopeId> = known.grants.keys().copied().collect();
            identity.act(Kind::Revoke { laptop })?;
            scopes.into_iter().try_for_each(|scope| identity.rotate(scope, &hub.ports))
        })
    }

    /// Lets a laptop leave in good order. This laptop itself may leave when all it saved is held by another, and it is not
    /// the last administrator's.
    ///
    /// # Errors
    /// As [`Hub::take_out`]; [`HubError::NotYetHeld`]; [`HubError::LastAdministrator`].
    pub fn retire(&self, laptop: &str, passphrase: &Passphrase) -> Result<(), HubError> {
        let laptop = laptop_id(laptop)?;
        let own = laptop == self.identity().laptop.laptop();
        let state = self.sync_state()?;
        if own && state.to_share + state.to_be_held > 0 {
            return Err(HubError::NotYetHeld);
        }
        let retire = |identity: &mut Identity, hub: &Self| {
            let members = identity.roster.fold();
            let known = members.laptop(&laptop).ok_or(HubError::NotFound)?;
            if known.state != State::Live {
                return Ok(());
            }
            let last = known.rank == Rank::Administrator && members.administrators().count() < 2;
            if last {
                return Err(HubError::LastAdministrator);
            }
            let scopes: Vec<ScopeId> = known.grants.keys().copied().collect();
            identity.act(Kind::Retire { laptop })?;
            if own { Ok(()) } else { scopes.into_iter().try_for_each(|scope| identity.rotate(scope, &hub.ports)) }
        };
        if !own {
            return self.administer(passphrase, retire);
        }
        self.with_passphrase(passphrase, retire)?;
        // The others are told at once where that can be; where it cannot, whenever this laptop next reaches its folder.
        let _ = self.share();
        Ok(())
    }

    /// Makes a laptop an administrator's: it holds every scope and may do all that is done here.
    ///
    /// # Errors
    /// As [`Hub::take_out`].
    pub fn make_administrator(&self, laptop: &str, passphrase: &Passphrase) -> Result<(), HubError> {
        let laptop = laptop_id(laptop)?;
        self.administer(passphrase, |identity, hub| {
            hub.grant(identity, laptop, Rank::Administrator, &policy::grants_of_the_first())
        })
    }

    /// Changes what a laptop is for: it gains the keys of what its new role holds, and what it may not hold any more gets
    /// new ones.
    ///
    /// # Errors
    /// As [`Hub::take_out`].
    pub fn change_role(&self, laptop: &str, role: Role, passphrase: &Passphrase) -> Result<(), HubError> {
        let laptop = laptop_id(laptop)?;
        self.administer(passphrase, |identity, hub| hub.grant(identity, laptop, Rank::Laptop, &policy::grants_of(role)))
    }

    fn grant(
        &self,
        identity: &mut Identity,
        laptop: LaptopId,
        rank: Rank,
        grants: &[policy::Grant],
    ) -> Result<(), HubError> {
        let council = identity.council();
        let members = identity.roster.fold();
        let known = members.laptop(&laptop).filter(|known| known.state == State::Live).ok_or(HubError::NotFound)?;
        if known.rank == Rank::Administrator {
            return Err(HubError::NotAllowed);
        }
        identity.act(Kind::Grant { laptop, rank, grants: granted(council, grants) })?;
        let now: Vec<ScopeId> = grants.iter().map(|grant| scope_of(council, grant.scope)).collect();
        for lost in known.grants.keys().filter(|scope| !now.contains(scope)) {
            identity.rotate(*lost, &self.ports)?;
        }
        identity.share_keys(&now, (&laptop, &known.identity.agreement), &self.ports)
    }

    /// Makes a laptop a keeper, which writes snapshots and prunes what they cover, or not any more.
    ///
    /// # Errors
    /// As [`Hub::take_out`].
    pub fn set_keeper(&self, laptop: &str, keeps: bool, passphrase: &Passphrase) -> Result<(), HubError> {
        let laptop = laptop_id(laptop)?;
        self.administer(passphrase, |identity, _| {
            identity.roster.fold().laptop(&laptop).ok_or(HubError::NotFound)?;
            identity.act(Kind::Keeper { laptop, keeps }).map(drop)
        })
    }

    /// Gives every scope a new key.
    ///
    /// # Errors
    /// As [`Hub::take_out`].
    pub fn renew_keys(&self, passphrase: &Passphrase) -> Result<u32, HubError> {
        self.administer(passphrase, |identity, hub| {
            let scopes: Vec<ScopeId> =
                hub.grants().iter().map(|grant| scope_of(identity.council(), grant.scope)).collect();
            scopes.iter().try_for_each(|scope| identity.rotate(*scope, &hub.ports))?;
            Ok(u32::try_from(scopes.len()).unwrap_or(u32::MAX))
        })
    }

    /// Erases a person everywhere: what is known of them, their visits that are nobody else's too, their conversations and
    /// their places on lists.
    ///
    /// # Errors
    /// As [`Hub::take_out`]; [`HubError::NotFound`].
    pub fn erase_person(&self, person: PersonId, passphrase: &Passphrase) -> Result<Erased, HubError> {
        let documents = self.store.read(|rows| erasing::about(rows, person))?;
        if documents.is_empty() {
            return Err(HubError::NotFound);
        }
        let count = u32::try_from(documents.len()).unwrap_or(u32::MAX);
        self.administer(passphrase, |identity, _| {
            let council = identity.council();
            let of = |(scope, id): &(sync_schema::Scope, sync_schema::DocId)| {
                (scope_of(council, *scope), sealed_log::DocId::from_bytes(*id.as_bytes()))
            };
            identity.act(Kind::Erase { documents: documents.iter().map(of).collect() }).map(drop)
        })?;
        sync::erase_here(&self.store, &self.here())?;
        Ok(Erased { documents: count })
    }

    /// Writes an administrator's act into the roster, and keeps what came of it, all or nothing.
    pub(super) fn administer<T>(
        &self,
        passphrase: &Passphrase,
        act: impl FnOnce(&mut Identity, &Self) -> Result<T, HubError>,
    ) -> Result<T, HubError> {
        self.asked_by_anyone(Ask::KeepLaptops)?;
        self.with_passphrase(passphrase, act)
    }

    fn with_passphrase<T>(
        &self,
        passphrase: &Passphrase,
        act: impl FnOnce(&mut Identity, &Self) -> Result<T, HubError>,
    ) -> Result<T, HubError> {
        self.folder.unlock(passphrase, &self.ports)?;
        let mut identity = self.identity().clone();
        let done = act(&mut identity, self)?;
        self.store.write(|tx| identity.keep_roster(tx.connection()))?;
        *self.identity() = self.store.read(Identity::find)?;
        self.follow_roster();
        Ok(done)
    }
}

/// A laptop by the text of its id.
fn laptop_id(text: &str) -> Result<LaptopId, HubError> {
    text.parse().map_err(|_| HubError::NotFound)
}
