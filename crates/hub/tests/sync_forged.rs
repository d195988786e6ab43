//! What somebody with tools lays into the folder: a stranger's records, and those of a laptop that was invited and means
//! harm. Each is refused by name, and stops nothing else.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

mod sync_support;

use std::collections::BTreeSet;

use carriers::{Carrier, Folder, Parcel};
use hub::view::shell::Role;
use sealed_log::{
    ActorId, CouncilId, DocId, Entry, EpochKey, Hash, Incarnation, JoinFile, Keyring, Kind, LogId, Plain, READER, Run,
    ScopeId, Segment, StreamId, seal,
};
use sync_schema::document::visit;
use sync_schema::{Edit, Instant, TeamMemberId, VisitId, exchange};
use sync_support::{Council, TEN};

/// A join file in the wrong hands, and tools.
struct Forger {
    file: JoinFile,
    council: CouncilId,
    roster: sealed_log::Roster,
    incarnation: Incarnation,
}

impl Forger {
    fn invited_by(council: &Council) -> Self {
        council.one.hub.sign_in_as("Ann", Role::Manager).unwrap();
        let bytes = council.one.hub.invite(Role::Volunteer, None).unwrap();
        council.one.hub.sign_in_as("Jo", Role::Volunteer).unwrap();
        let (file, roster) = JoinFile::decode(&bytes).unwrap();
        Self { council: file.council(), file, roster, incarnation: Incarnation::from_secret(&[66; 32]) }
    }

    fn scope(&self, code: &str) -> ScopeId {
        ScopeId::of(&self.council, code)
    }

    fn key(&self, scope: ScopeId) -> EpochKey {
        let mut keyring = Keyring::default();
        keyring.follow(&self.roster, &self.roster.fold(), &self.file.identity);
        keyring.sealing(&scope).cloned().unwrap_or(EpochKey::from_secret(&[1; 32]))
    }

    /// A visit made by `actor`, as packed changes.
    fn visit(&self, id: [u8; 16], actor: [u8; 16]) -> Vec<u8> {
        let by = TeamMemberId::from_bytes([1; 16]);
        let edit = Edit { actor, now: TEN, by, by_name: "Eve".to_owned(), laptop: "Eve's".to_owned() };
        let new = visit::NewVisit {
            hub: sync_schema::HubId::from_bytes([0; 16]),
            came_at: Instant::from_millis(TEN.millis()),
            name: Some("Forged".to_owned()),
            reason: "none".to_owned(),
            needs: Vec::new(),
            interpreter: None,
            been_before: None,
            companion: None,
            ticket: sync_schema::Ticket {
                letter: "E".to_owned(),
                number: 1,
                day: sync_schema::CalendarDate::new(chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()),
            },
        };
        let mut doc = visit::create(VisitId::from_bytes(id), new, &edit).unwrap();
        let changes = doc.get_changes(&[]);
        exchange::pack(changes.iter().map(|change| change.raw_bytes()))
    }

    fn sealed(&self, scope: ScopeId, document: [u8; 16], origin: Option<LogId>, changes: &[u8]) -> Segment {
        let record = Plain {
            document: DocId::from_bytes(document),
            run: Run::from_bytes([5; 16]),
            origin,
            min_reader: READER,
            changes,
        };
        let key = self.key(scope);
        seal(self.council, scope, 1, Hash::NONE, &key, &self.incarnation, &[record], || [9; 24]).unwrap()
    }

    /// Vouches for the log that signs, as an invited laptop does.
    fn vouches(&self, council: &Council) {
        let kind = Kind::incarnate(&self.incarnation, &self.council, &self.file.identity);
        let entry = Entry::by_laptop(&self.file.identity, self.council, self.roster.heads(), kind);
        run(async {
            let folder = Folder::at(&council.stick(), &self.council).unwrap();
            for (hash, known) in self.roster.entries() {
                folder.put_roster_entry(hash, &known.encode()).await.unwrap();
            }
            folder.put_roster_entry(&entry.hash(), &entry.encode()).await.unwrap();
        });
    }

    fn lays(&self, council: &Council, segment: &Segment) {
        let stream = segment.envelope.stream();
        self.lays_as(council, segment, stream);
    }

    fn lays_as(&self, council: &Council, segment: &Segment, stream: StreamId) {
        let (seq, short) = (segment.envelope.seq, segment.hash().short());
        let parcel = Parcel { seq, short, bytes: segment.encode(), apart: Vec::new() };
        run(async {
            let folder = Folder::at(&council.stick(), &self.council).unwrap();
            folder.put(&stream, &[parcel], &BTreeSet::new()).await.unwrap();
        });
    }

    fn own_actor(&self) -> [u8; 16] {
        *ActorId::of(&self.incarnation.log(), &Run::from_bytes([5; 16])).as_bytes()
    }
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
}

/// Lays a segment, and says what the first laptop refuses then; Mair, who came before, must still arrive elsewhere.
fn refused(lay: impl FnOnce(&Forger, &Council)) -> Vec<(String, u32)> {
    let council = Council::found();
    council.one.check_in("Mair");
    let forger = Forger::invited_by(&council);
    lay(&forger, &council);
    council.one.share(&council.stick());
    let two = council.joins(Role::Worker, 2);
    council.meet(&[&two]);
    assert_eq!(two.queue(), ["Mair"]);
    assert_eq!(two.hub.verify().unwrap().broken_streams, 0);
    assert_eq!(two.refused(), council.one.refused());
    council.one.refused()
}

fn one(reason: &str) -> Vec<(String, u32)> {
    vec![(reason.to_owned(), 1)]
}

#[test]
fn a_strangers_segment() {
    let of = refused(|forger, council| {
        let changes = forger.visit([3; 16], forger.own_actor());
        forger.lays(council, &forger.sealed(forger.scope("front-desk"), [3; 16], None, &changes));
    });
    assert_eq!(of, one("stranger"));
}

#[test]
fn a_segment_that_came_before_its_laptop_was_vouched_for_is_taken_later() {
    let council = Council::found();
    let forger = Forger::invited_by(&council);
    let changes = forger.visit([3; 16], forger.own_actor());
    forger.lays(&council, &forger.sealed(forger.scope("front-desk"), [3; 16], None, &changes));
    let met = council.one.share(&council.stick());
    assert_eq!((met.refused, met.parked, met.applied), (1, 1, 0));
    forger.vouches(&council);
    let met = council.one.share(&council.stick());
    assert_eq!((met.refused, met.parked, met.applied), (0, 0, 1));
    assert_eq!(council.one.refused(), []);
}

#[test]
fn a_scope_that_was_not_granted() {
    let of = refused(|forger, council| {
        forger.vouches(council);
        let changes = forger.visit([3; 16], forger.own_actor());
        forger.lays(council, &forger.sealed(forger.scope("casework"), [3; 16], None, &changes));
    });
    assert_eq!(of, one("noGrant"));
}

#[test]
fn a_change_in_another_laptops_name() {
    let of = refused(|forger, council| {
        forger.vouches(council);
        let changes = forger.visit([3; 16], [7; 16]);
        forger.lays(council, &forger.sealed(forger.scope("front-desk"), [3; 16], None, &changes));
    });
    assert_eq!(of, one("foreignActor"));
}

#[test]
fn a_log_of_origin_that_is_not_the_laptops_own() {
    let council = Council::found();
    council.one.check_in("Mair");
    let two = council.joins(Role::Worker, 2);
    council.meet(&[&two]);
    let forger = Forger::invited_by(&council);
    forger.vouches(&council);
    // The log of another laptop, as its statement names it on the folder.
    let log: LogId = run(async {
        let folder = Folder::at(&council.stick(), &forger.council).unwrap();
        *folder.seen().await.unwrap().keys().next().unwrap()
    });
    let actor = *ActorId::of(&log, &Run::from_bytes([5; 16])).as_bytes();
    let changes = forger.visit([3; 16], actor);
    forger.lays(&council, &forger.sealed(forger.scope("front-desk"), [3; 16], Some(log), &changes));
    council.one.share(&council.stick());
    assert_eq!(council.one.refused(), one("foreignOrigin"));
}

#[test]
fn bytes_that_are_no_changes() {
    let of = refused(|forger, council| {
        forger.vouches(council);
        forger.lays(council, &forger.sealed(forger.scope("front-desk"), [3; 16], None, &[9; 50]));
    });
    assert_eq!(of, one("notChanges"));
}

#[test]
fn another_key_than_the_scopes() {
    let of = refused(|forger, council| {
        forger.vouches(council);
        let changes = forger.visit([3; 16], forger.own_actor());
        let mut segment = forger.sealed(forger.scope("front-desk"), [3; 16], None, &changes);
        // Sealed for one document, offered as another's: the signature no longer holds.
        segment.envelope.items[0].document = DocId::from_bytes([4; 16]);
        forger.lays(council, &segment);
    });
    assert_eq!(of, one("badSignature"));
}

#[test]
fn a_segment_in_another_logs_place() {
    let of = refused(|forger, council| {
        council.one.share(&council.stick());
        forger.vouches(council);
        let log = run(async {
            let folder = Folder::at(&council.stick(), &forger.council).unwrap();
            *folder.tips().await.unwrap().keys().next().unwrap()
        });
        let changes = forger.visit([3; 16], forger.own_actor());
        let mut segment = forger.sealed(log.scope, [3; 16], None, &changes);
        segment.envelope.log = log.log;
        segment.envelope.seq = 2;
        segment.envelope.prev = Hash::from_bytes([1; 32]);
        forger.lays_as(council, &segment, log);
    });
    assert_eq!(of, one("badSignature"));
}
