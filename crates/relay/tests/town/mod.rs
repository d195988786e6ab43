//! A small council, and a laptop's words to a relay, spoken by hand over a plain connection.
#![allow(dead_code, reason = "each test uses what it needs")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test stops where something is wrong")]

use std::net::SocketAddr;

use sealed_log::wire::{Login, Message};
use sealed_log::{
    Access, CouncilId, DocId, Entry, EpochKey, Grant, Hash, Incarnation, Kind, LaptopIdentity, LogId, Plain, READER,
    Rank, RootSeed, Run, ScopeId, Segment, seal, sign_login,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// What laptops call the relay.
pub(crate) const NAME: &str = "relay.test";
/// Plain words that are nowhere to be found afterwards.
pub(crate) const PLANTED: &str = "Mair Rhydderch needs a form";

/// A laptop with its log.
pub(crate) struct Laptop {
    pub(crate) identity: LaptopIdentity,
    pub(crate) incarnation: Incarnation,
}

impl Laptop {
    fn new(secret: u8) -> Self {
        let incarnation = Incarnation::from_secret(&[secret + 100; 32]);
        Self { identity: LaptopIdentity::from_secret(&[secret; 32]), incarnation }
    }

    pub(crate) fn log(&self) -> LogId {
        self.incarnation.log()
    }
}

/// A council: an administrator that writes both scopes, and a laptop that may read and write the first alone.
pub(crate) struct Town {
    pub(crate) root: RootSeed,
    pub(crate) id: CouncilId,
    pub(crate) office: Laptop,
    pub(crate) door: Laptop,
    /// At the front desk, and what was said in confidence.
    pub(crate) scopes: [ScopeId; 2],
    pub(crate) key: EpochKey,
    pub(crate) roster: Vec<Entry>,
}

impl Town {
    pub(crate) fn new() -> Self {
        let root = RootSeed::from_secret(&[1; 32]);
        let id = root.council();
        let (office, door) = (Laptop::new(2), Laptop::new(3));
        let scopes = [ScopeId::of(&id, "front-desk"), ScopeId::of(&id, "casework")];
        let write = |scope| Grant { scope, access: Access::Write };
        let found = Kind::Found {
            root: root.agreement(),
            identity: office.identity.publics(),
            grants: scopes.map(write).to_vec(),
        };
        let mut town =
            Self { root, id, office, door, scopes, key: EpochKey::from_secret(&[9; 32]), roster: Vec::new() };
        town.roster.push(Entry::by_root(&town.root, Vec::new(), found));
        let identity = town.door.identity.publics();
        town.says(Kind::Enrol { identity, rank: Rank::Laptop, grants: vec![write(scopes[0])] });
        let life = Kind::incarnate(&town.office.incarnation, &id, &town.office.identity);
        town.says(life);
        let life = Kind::incarnate(&town.door.incarnation, &id, &town.door.identity);
        let last = vec![town.roster.last().unwrap().hash()];
        town.roster.push(Entry::by_laptop(&town.door.identity, id, last, life));
        town
    }

    /// The administrator says something more.
    pub(crate) fn says(&mut self, kind: Kind) {
        let last = vec![self.roster.last().unwrap().hash()];
        self.roster.push(Entry::by_laptop(&self.office.identity, self.id, last, kind));
    }

    /// Takes many more laptops in.
    pub(crate) fn enrols(&mut self, many: u32) -> Vec<LaptopIdentity> {
        let grants = vec![Grant { scope: self.scopes[0], access: Access::Read }];
        let secret = |n: u32| {
            let mut secret = [77; 32];
            secret[..4].copy_from_slice(&n.to_be_bytes());
            LaptopIdentity::from_secret(&secret)
        };
        let all: Vec<LaptopIdentity> = (0..many).map(secret).collect();
        for laptop in &all {
            let identity = laptop.publics();
            self.says(Kind::Enrol { identity, rank: Rank::Laptop, grants: grants.clone() });
        }
        all
    }

    /// The root public key, as the relay's line has it.
    pub(crate) fn public(&self) -> String {
        sealed_log::base32_encode(&self.root.public())
    }

    pub(crate) fn entries(&self) -> Vec<Vec<u8>> {
        self.roster.iter().map(Entry::encode).collect()
    }

    /// A laptop's segments from the first on, each of one record.
    pub(crate) fn segments(&self, laptop: &Laptop, scope: ScopeId, count: u64) -> Vec<Segment> {
        let mut segments: Vec<Segment> = Vec::new();
        for seq in 1..=count {
            let record = Plain {
                document: DocId::from_bytes(u128::from(seq).to_be_bytes()),
                run: Run::from_bytes([5; 16]),
                origin: None,
                min_reader: READER,
                changes: PLANTED.as_bytes(),
            };
            let prev = segments.last().map_or(Hash::NONE, Segment::hash);
            let sealed =
                seal(self.id, scope, seq, prev, &self.key, &laptop.incarnation, &[record], || [7; 24]).unwrap();
            segments.push(sealed);
        }
        segments
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Told {
    pub(crate) fn code(&self) -> (u16, &str) {
        (self.status, std::str::from_utf8(&self.body).unwrap_or("bytes"))
    }
}

/// A line to a relay.
pub(crate) struct Line(BufReader<TcpStream>);

impl Line {
    pub(crate) async fn to(address: SocketAddr) -> Self {
        Self(BufReader::new(TcpStream::connect(address).await.unwrap()))
    }

    pub(crate) async fn say(&mut self, bytes: &[u8]) {
        self.0.get_mut().write_all(bytes).await.unwrap();
    }

    /// False when the other end listens no more.
    pub(crate) async fn tries_to_say(&mut self, bytes: &[u8]) -> bool {
        self.0.get_mut().write_all(bytes).await.is_ok()
    }

    /// Up to the empty line.
    pub(crate) async fn head(&mut self) -> String {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.0.read_u8().await.unwrap());
        }
        String::from_utf8(head).unwrap()
    }

    /// One whole answer.
    pub(crate) async fn answer(&mut self) -> Told {
        let head = self.head().await;
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let length = header(&head, "content-length").map_or(0, |length| length.parse().unwrap());
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await.unwrap();
        Told { status, head, body }
    }

    /// Whatever comes until the other end hangs up.
    pub(crate) async fn rest(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        self.0.read_to_end(&mut rest).await.unwrap();
        rest
    }

    /// The next line of what comes.
    pub(crate) async fn next(&mut self) -> String {
        use tokio::io::AsyncBufReadExt;
        let mut line = String::new();
        self.0.read_line(&mut line).await.unwrap();
        line
    }

    pub(crate) async fn call(&mut self, route: &str, token: Option<&str>, body: Option<&[u8]>) -> Told {
        self.say(&request(route, token, body, "")).await;
        self.answer().await
    }

    /// Says who it is, with the roster.
    pub(crate) async fn login(&mut self, town: &Town, laptop: &Laptop) -> Told {
        self.says_who(town.id, &laptop.identity, town.entries(), "").await
    }

    /// Says who it is, with what may be in the head besides.
    pub(crate) async fn says_who(
        &mut self,
        council: CouncilId,
        laptop: &LaptopIdentity,
        roster: Vec<Vec<u8>>,
        more: &str,
    ) -> Told {
        self.say(&request("challenge", None, None, more)).await;
        let challenge = self.answer().await.body;
        let signature = sign_login(laptop, NAME, &council, &challenge);
        let login = Login { council, signing: laptop.public(), challenge, signature, roster };
        self.say(&request("login", None, Some(&login.encode()), more)).await;
        self.answer().await
    }

    /// As [`Line::login`], and lets in.
    pub(crate) async fn token(&mut self, town: &Town, laptop: &Laptop) -> String {
        let told = self.login(town, laptop).await;
        assert_eq!(told.status, 200, "{:?}", told.code());
        String::from_utf8(told.body).unwrap()
    }
}

/// The head of a request whose body is still to come.
pub(crate) fn begun(route: &str, token: &str, more: &str) -> Vec<u8> {
    format!("POST /v1/{route} HTTP/1.1\r\nhost: {NAME}\r\nauthorization: Bearer {token}\r\n{more}\r\n").into_bytes()
}

/// A request as bytes.
pub(crate) fn request(route: &str, token: Option<&str>, body: Option<&[u8]>, more: &str) -> Vec<u8> {
    let method = if body.is_some() { "POST" } else { "GET" };
    let token = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
    let length = body.map(|body| format!("content-length: {}\r\n", body.len())).unwrap_or_default();
    let head = format!("{method} /v1/{route} HTTP/1.1\r\nhost: {NAME}\r\n{token}{length}{more}\r\n");
    [head.as_bytes(), body.unwrap_or_default()].concat()
}

pub(crate) fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut fields = head.lines().filter_map(|line| line.split_once(": "));
    fields.find(|(field, _)| field.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}
