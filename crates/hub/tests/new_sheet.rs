//! A recovery sheet that was lost is replaced by two administrators, and the old one opens nothing any more.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

mod sync_support;

use hub::ports::Virtual;
use hub::view::shell::Role;
use hub::{Found, Hub, HubError, Passphrase, Recover};
use sealed_log::{Keyring, RecoveryWords, Roster};
use sync_support::{Council, Laptop, PASSPHRASE, TEN, files_below};

fn passphrase() -> Passphrase {
    Passphrase::from(PASSPHRASE)
}

/// A council whose sheet is known, and a second laptop that is an administrator's too.
fn two_administrators() -> (Council, Laptop, String) {
    let place = tempfile::tempdir().unwrap();
    let world = Virtual::new(1, TEN);
    let dir = place.path().join("laptop-1");
    let found = Found {
        council: "Aberwen".to_owned(),
        hub: "Green Lane".to_owned(),
        laptop: String::new(),
        passphrase: passphrase(),
    };
    let (hub, words) = Hub::found(&dir, found, &world.ports()).unwrap();
    hub.sign_in_as("Ann", Role::Manager).unwrap();
    std::fs::create_dir(place.path().join("stick")).unwrap();
    let council = Council { place, one: Laptop { dir, world, hub } };
    let two = council.joins(Role::Manager, 2);
    council.one.hub.sign_in_as("Ann", Role::Manager).unwrap();
    council.meet(&[&two]);
    let id = council.one.hub.laptops().unwrap()[0].id.clone();
    council.one.hub.make_administrator(&id, &passphrase()).unwrap();
    council.meet(&[&two]);
    two.hub.sign_in_as("Rhian", Role::Manager).unwrap();
    (council, two, words.as_str().to_owned())
}

/// Somebody is checked in at the door, and then a manager sits there again.
fn check_in(laptop: &Laptop, name: &str) {
    laptop.hub.sign_in_as("Jo", Role::Volunteer).unwrap();
    laptop.check_in(name);
    laptop.hub.sign_in_as("Ann", Role::Manager).unwrap();
}

/// The first laptop proposes a sheet, and the words on it.
fn proposed(council: &Council) -> String {
    let sheet = council.one.hub.begin_sheet().unwrap();
    let words = sheet.words().as_str().to_owned();
    council.one.hub.propose_sheet(&sheet, &words, &passphrase()).unwrap();
    words
}

fn recovered(council: &Council, words: &str, name: &str) -> Result<Hub, HubError> {
    let folder = council.stick();
    let recover = Recover {
        words,
        folder: &folder,
        laptop: "Office".to_owned(),
        hub: "Green Lane".to_owned(),
        passphrase: passphrase(),
    };
    Hub::recover(&council.place.path().join(name), &recover, &Virtual::new(9, TEN).ports())
}

#[test]
fn two_administrators_replace_the_sheet() {
    let (council, two, old) = two_administrators();
    let one = &council.one;
    check_in(one, "Mair");
    council.meet(&[&two]);
    let new = proposed(&council);
    assert!(matches!(one.hub.check_sheet(&new), Err(HubError::NotTheSheet)), "one administrator's word is not enough");
    council.meet(&[&two]);
    let waiting = two.hub.proposed_sheets().unwrap();
    assert_eq!(
        waiting.iter().map(|sheet| (sheet.by.as_str(), sheet.own)).collect::<Vec<_>>(),
        [("Green Lane 1", false)]
    );
    assert!(one.hub.proposed_sheets().unwrap()[0].own);
    two.hub.check_sheet(&old).unwrap();
    assert!(matches!(one.hub.agree_to_sheet(&waiting[0].id, &passphrase()), Err(HubError::NotAllowed)));
    assert!(matches!(two.hub.agree_to_sheet("nonsense", &passphrase()), Err(HubError::NotFound)));
    let wrong = Passphrase::from("not the passphrase");
    assert!(matches!(two.hub.agree_to_sheet(&waiting[0].id, &wrong), Err(HubError::WrongPassphrase)));

    two.hub.agree_to_sheet(&waiting[0].id, &passphrase()).unwrap();
    check_in(&two, "Zofia");
    council.meet(&[&two]);
    for laptop in [one, &two] {
        laptop.hub.check_sheet(&new).unwrap();
        assert!(matches!(laptop.hub.check_sheet(&old), Err(HubError::SheetReplaced)));
        assert!(laptop.hub.proposed_sheets().unwrap().is_empty());
        laptop.hub.sign_in_as("Jo", Role::Volunteer).unwrap();
        assert_eq!(laptop.queue(), ["Mair", "Zofia"]);
    }

    // With every laptop lost, the new sheet brings back what was written before it and after it; the old one nothing.
    assert!(matches!(recovered(&council, &old, "by-the-old"), Err(HubError::SheetReplaced)));
    let back = recovered(&council, &new, "by-the-new").unwrap();
    back.sign_in_as("Jo", Role::Volunteer).unwrap();
    let mut names: Vec<String> = back.queue().unwrap().waiting.into_iter().filter_map(|row| row.name).collect();
    names.sort();
    assert_eq!(names, ["Mair", "Zofia"]);
    assert_eq!(back.verify().unwrap().broken_streams, 0);
    council.meet(&[&two]);
    one.hub.sign_in_as("Ann", Role::Manager).unwrap();
    assert!(one.hub.laptops().unwrap().iter().any(|laptop| laptop.name == "Office" && laptop.administrator));
    assert!(one.refused().is_empty(), "{:?}", one.refused());
}

#[test]
fn whoever_finds_the_old_sheet_opens_nothing_written_since() {
    let (council, two, old) = two_administrators();
    let new = proposed(&council);
    council.meet(&[&two]);
    let waiting = two.hub.proposed_sheets().unwrap();
    two.hub.agree_to_sheet(&waiting[0].id, &passphrase()).unwrap();
    council.meet(&[&two]);
    let (old, new) = (RecoveryWords::read(&old).unwrap(), RecoveryWords::read(&new).unwrap());
    let mut roster = Roster::new(old.council());
    for file in files_below(&council.stick()) {
        if file.components().any(|part| part.as_os_str() == "roster") {
            roster.add(&std::fs::read(file).unwrap()).unwrap();
        }
    }
    let members = roster.fold();
    let opened = |root: &sealed_log::RootSeed| {
        let mut keyring = Keyring::default();
        keyring.follow_root(&roster, &members, root);
        let newest = members.live().flat_map(|(_, laptop)| laptop.grants.keys()).filter(|scope| {
            let epoch = members.sealing_epoch(scope).unwrap();
            keyring.keys().any(|(_, key)| key.id() == epoch)
        });
        newest.count()
    };
    assert_eq!(opened(&old), 0);
    assert!(opened(&new) > 0);
}

#[test]
fn a_sheet_needs_two_administrators_and_its_own_words() {
    let council = Council::found();
    council.one.hub.sign_in_as("Ann", Role::Manager).unwrap();
    assert!(matches!(council.one.hub.begin_sheet(), Err(HubError::NeedsTwoAdministrators)));
    let (council, two, old) = two_administrators();
    let sheet = council.one.hub.begin_sheet().unwrap();
    for wrong in ["", "tea", &old] {
        assert!(matches!(council.one.hub.propose_sheet(&sheet, wrong, &passphrase()), Err(HubError::NotTheSheet)));
    }
    council.meet(&[&two]);
    assert!(two.hub.proposed_sheets().unwrap().is_empty());
    assert_eq!(format!("{sheet:?}"), "NewSheet(secret)");
}
