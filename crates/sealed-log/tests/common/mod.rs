//! A small council: a root, an administrator's laptop and a volunteer's.

#![allow(dead_code, reason = "not each test uses all of it")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop here")]

pub(crate) mod world;

use sealed_log::*;

/// A record's content, `None` when erased, or why it is not opened.
pub(crate) type Content = Result<Option<Vec<u8>>, Stop>;

pub(crate) struct Council {
    pub(crate) root: RootSeed,
    pub(crate) id: CouncilId,
    pub(crate) roster: Roster,
    pub(crate) office: Machine,
    pub(crate) door: Machine,
    pub(crate) front_desk: ScopeId,
    pub(crate) casework: ScopeId,
    pub(crate) team: ScopeId,
    pub(crate) key: EpochKey,
}

pub(crate) struct Machine {
    pub(crate) identity: LaptopIdentity,
    pub(crate) incarnation: Incarnation,
}

impl Machine {
    pub(crate) fn new(seed: u8) -> Self {
        Self {
            identity: LaptopIdentity::from_secret(&[seed; 32]),
            incarnation: Incarnation::from_secret(&[seed + 100; 32]),
        }
    }
}

pub(crate) fn write(scope: ScopeId) -> Grant {
    Grant { scope, access: Access::Write }
}

pub(crate) fn read(scope: ScopeId) -> Grant {
    Grant { scope, access: Access::Read }
}

impl Council {
    pub(crate) fn new() -> Self {
        let root = RootSeed::from_secret(&[1; 32]);
        let id = root.council();
        let (office, door) = (Machine::new(2), Machine::new(3));
        let [front_desk, casework, team] = ["front-desk", "casework", "team"].map(|code| ScopeId::of(&id, code));
        let mut roster = Roster::new(id);
        let mut add = |entry: Entry| {
            roster.add(&entry.encode()).unwrap();
            vec![entry.hash()]
        };
        let all = vec![write(front_desk), write(casework), write(team)];
        let found = Kind::Found { root: root.agreement(), identity: office.identity.publics(), grants: all };
        let heads = add(Entry::by_root(&root, vec![], found));
        let kind = Kind::incarnate(&office.incarnation, &id, &office.identity);
        let heads = add(Entry::by_laptop(&office.identity, id, heads, kind));
        let kind = Kind::Enrol {
            identity: door.identity.publics(),
            rank: Rank::Laptop,
            grants: vec![write(front_desk), read(team)],
        };
        let heads = add(Entry::by_laptop(&office.identity, id, heads, kind));
        let kind = Kind::incarnate(&door.incarnation, &id, &door.identity);
        add(Entry::by_laptop(&door.identity, id, heads, kind));
        let key = EpochKey::from_secret(&[9; 32]);
        Self { root, id, roster, office, door, front_desk, casework, team, key }
    }

    pub(crate) fn keyring(&self) -> Keyring {
        let mut keyring = Keyring::default();
        keyring.add(self.front_desk, self.key.clone());
        keyring
    }

    /// The door's first segment, of `bodies`.
    pub(crate) fn sealed(&self, bodies: &[&[u8]]) -> Segment {
        self.sealed_by(&self.door.incarnation, self.front_desk, bodies)
    }

    pub(crate) fn sealed_by(&self, signer: &Incarnation, scope: ScopeId, bodies: &[&[u8]]) -> Segment {
        let records: Vec<Plain<'_>> = bodies
            .iter()
            .zip(1u8..)
            .map(|(changes, n)| Plain {
                document: DocId::from_bytes([n; 16]),
                run: Run::from_bytes([5; 16]),
                origin: None,
                min_reader: READER,
                changes,
            })
            .collect();
        let mut nonce = 0u8;
        seal(self.id, scope, 1, Hash::NONE, &self.key, signer, &records, || {
            nonce += 1;
            [nonce; 24]
        })
        .unwrap()
    }

    /// What becomes of some bytes that arrive as a segment: each record's content, or why not.
    pub(crate) fn receive(&self, bytes: &[u8]) -> Result<Vec<Content>, Stop> {
        let segment = Segment::decode(bytes)?;
        segment.verify(&self.id, &self.roster.fold())?;
        Ok((0..segment.envelope.items.len())
            .map(|index| open(&segment, index, &self.keyring()).map(|opened| opened.map(|o| o.changes)))
            .collect())
    }
}
