//! Keys that reach whoever may read, and nobody else, whatever two administrators do at once; and what a laptop saved
//! before it heard that it may not write any more.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

mod sync_support;

use std::collections::BTreeSet;
use std::path::Path;

use hub::Passphrase;
use hub::action::write_conversation::Typed;
use hub::folder::DataFolder;
use hub::ports::Virtual;
use hub::store::Store;
use hub::store::sync::identity;
use hub::view::shell::Role;
use sealed_log::{EpochId, ScopeId};
use sync_schema::{PersonId, Tool};
use sync_support::{Council, Laptop, PASSPHRASE, TEN, copy};

fn passphrase() -> Passphrase {
    Passphrase::from(PASSPHRASE)
}

impl Council {
    fn office(&self) -> &Laptop {
        self.one.hub.sign_in_as("Ann", Role::Manager).unwrap();
        &self.one
    }

    fn id_of(&self, name: &str) -> String {
        let others = self.one.hub.laptop().unwrap().others;
        others.into_iter().find(|other| other.name == name).unwrap().id
    }

    /// A second administrator's laptop, known to everyone.
    fn second(&self) -> Laptop {
        let two = self.joins(Role::Worker, 2);
        self.meet(&[&two]);
        self.office().hub.make_administrator(&self.id_of("Green Lane 2"), &passphrase()).unwrap();
        self.meet(&[&two]);
        two.hub.sign_in_as("Bo", Role::Manager).unwrap();
        two
    }
}

/// The keys that lie in a data folder that nobody has open.
fn keys_in(dir: &Path) -> BTreeSet<(ScopeId, EpochId)> {
    let ports = Virtual::new(1, TEN).ports();
    let key = DataFolder::take(dir).unwrap().unlock(&passphrase(), &ports).unwrap();
    let store = Store::open(&dir.join("talking-point.db"), &key).unwrap();
    let keyring = store.read(identity::keyring).unwrap();
    keyring.keys().map(|(scope, key)| (scope, key.id())).collect()
}

/// The keys that lie on a laptop: in a copy of its folder, as it is open.
fn keys_on(laptop: &Laptop) -> BTreeSet<(ScopeId, EpochId)> {
    let place = tempfile::tempdir().unwrap();
    copy(&laptop.dir, &place.path().join("copy"));
    keys_in(&place.path().join("copy"))
}

/// A person spoken with on this laptop.
fn spoken_with(laptop: &Laptop, name: &str) -> PersonId {
    let visit = laptop.check_in(name);
    let talk = laptop.hub.begin_conversation(visit, None).unwrap();
    laptop.hub.write(talk, Tool::Notes, Typed::now("words")).unwrap();
    laptop.hub.conversation(talk).unwrap().person
}

/// What waits here to be opened, and to be shared.
fn parked(laptop: &Laptop) -> (u32, u32) {
    let sync = laptop.hub.shell().unwrap().sync;
    (sync.parked, sync.to_share)
}

#[test]
fn keys_renewed_while_another_took_a_laptop_in_reach_it() {
    let council = Council::found();
    let two = council.second();
    two.hub.renew_keys(&passphrase()).unwrap();
    let three = council.joins(Role::Volunteer, 3);
    two.hub.sign_in_as("Jo", Role::Volunteer).unwrap();
    two.check_in("Under the new key");
    council.meet(&[&two, &three]);
    three.check_in("Of the newcomer");
    council.meet(&[&two, &three]);
    for laptop in [&council.one, &two, &three] {
        laptop.hub.sign_in_as("Jo", Role::Volunteer).unwrap();
        assert_eq!(laptop.queue(), ["Of the newcomer", "Under the new key"]);
        assert_eq!(parked(laptop), (0, 0));
    }
}

#[test]
fn two_taken_out_at_once_leave_a_key_that_neither_holds() {
    let council = Council::found();
    let two = council.second();
    let (three, four) = (council.joins(Role::Volunteer, 3), council.joins(Role::Volunteer, 4));
    let five = council.joins(Role::Volunteer, 5);
    council.meet(&[&two, &three, &four, &five]);
    council.office().hub.take_out(&council.id_of("Green Lane 3"), &passphrase()).unwrap();
    two.hub.take_out(&council.id_of("Green Lane 4"), &passphrase()).unwrap();
    council.meet(&[&two, &five]);
    five.check_in("After");
    council.meet(&[&two, &five]);
    council.one.hub.sign_in_as("Jo", Role::Volunteer).unwrap();
    assert_eq!(council.one.queue(), ["After"]);
    assert_eq!(parked(&five), (0, 0));
}

#[test]
fn one_that_left_in_good_order_does_not_hold_the_key_of_what_comes_after() {
    let council = Council::found();
    let two = council.second();
    let first = two.hub.laptop().unwrap().others[0].id.clone();
    council.office().hub.retire(&first, &passphrase()).unwrap();
    assert!(council.one.try_share(&council.stick()).is_err());
    let before = keys_on(&two);
    two.share(&council.stick());
    assert!(keys_on(&two).len() > before.len(), "the keys are those that the one who left has");
    two.share(&council.stick());
    let after = keys_on(&two);
    two.share(&council.stick());
    assert_eq!(keys_on(&two), after);
}

#[test]
fn what_was_saved_before_another_role_was_heard_of_is_not_lost() {
    for role in [Role::Volunteer, Role::Manager] {
        let council = Council::found();
        let three = council.joins(Role::Worker, 3);
        council.meet(&[&three]);
        let person = spoken_with(&three, "Mair");
        council.office().hub.change_role(&council.id_of("Green Lane 2"), role, &passphrase()).unwrap();
        council.meet(&[&three]);
        council.meet(&[&three]);
        council.one.hub.sign_in_as("Sam", Role::Worker).unwrap();
        assert_eq!(council.one.hub.person(person).unwrap().name.as_deref(), Some("Mair"));
        assert_eq!(council.one.refused(), []);
        three.hub.sign_in_as("Sam", role).unwrap();
        assert_eq!(parked(&three), (0, 0));
        // And all that it may not hold is gone from it.
        let held = three.hub.laptop().unwrap().scopes;
        assert_eq!(held.len(), 3);
        assert!(three.hub.verify().unwrap().is_whole());
        let Laptop { dir, hub, .. } = three;
        drop(hub);
        let scopes: BTreeSet<ScopeId> = keys_in(&dir).into_iter().map(|(scope, _)| scope).collect();
        assert_eq!(scopes.len(), 3);
    }
}

#[test]
fn what_one_laptop_held_that_was_taken_out_is_not_let_go_of() {
    let council = Council::found();
    let (three, four) = (council.joins(Role::Worker, 3), council.joins(Role::Worker, 4));
    council.meet(&[&three, &four]);
    let person = spoken_with(&three, "Mair");
    // Four has it, and is taken out before it hears that three may not write there any more.
    for laptop in [&three, &four] {
        laptop.share(&council.stick());
    }
    council.office().hub.change_role(&council.id_of("Green Lane 2"), Role::Manager, &passphrase()).unwrap();
    council.one.share(&council.stick());
    three.share(&council.stick());
    council.office().hub.take_out(&council.id_of("Green Lane 3"), &passphrase()).unwrap();
    council.meet(&[&three]);
    council.meet(&[&three]);
    council.one.hub.sign_in_as("Sam", Role::Worker).unwrap();
    assert_eq!(council.one.hub.person(person).unwrap().name.as_deref(), Some("Mair"));
    three.hub.sign_in_as("Ann", Role::Manager).unwrap();
    assert_eq!(parked(&three), (0, 0));
}
