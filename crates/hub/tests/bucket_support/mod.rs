//! Stores of objects as real programs, each on a free port of its own: Microsoft's Azurite and moto's server for S3, as
//! `cargo xtask setup` puts them; and a line between that breaks when told.
#![allow(dead_code, reason = "each test file uses what it needs")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a helper of tests fails by panicking")]

pub(crate) mod line;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use hub::{BucketAddress, BucketCredential};

/// The account that every Azurite has; its key is in Microsoft's own pages.
pub(crate) const ACCOUNT: &str = "devstoreaccount1";
/// Of that key, good until 2099.
pub(crate) const SAS: &str = "sv=2020-12-06&ss=b&srt=sco&sp=rwdlc&st=2020-01-01T00%3A00%3A00Z&se=2099-02-01T00%3A00%3A00Z&sig=x1tDX%2FgjIh0JFMPfBjE7mdLyQwghNj6H53dYR19iZV8%3D";
/// Of that key, over since February 2020.
pub(crate) const OLD_SAS: &str = "sv=2020-12-06&ss=b&srt=sco&sp=rwdlc&st=2020-01-01T00%3A00%3A00Z&se=2020-02-01T00%3A00%3A00Z&sig=CxNPDyXuRbhNJf9rnW7Gm0fM9nF%2BFC6zTUKMaVqWoqg%3D";

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Make {
    Azure,
    S3,
}

pub(crate) const MAKES: [Make; 2] = [Make::Azure, Make::S3];

/// A store that listens, with a container or bucket called `council` in it.
pub(crate) struct Store {
    pub(crate) make: Make,
    /// `127.0.0.1:…`
    pub(crate) host: String,
    child: Child,
}

impl Store {
    pub(crate) fn start(make: Make) -> Self {
        let store = Self::bare(make, &[]);
        let path = match make {
            Make::Azure => format!("/{ACCOUNT}/council?restype=container&{SAS}"),
            Make::S3 => "/council".to_owned(),
        };
        let answer = said(&store.host, "PUT", &path);
        assert!(answer.starts_with("HTTP/1.1 20"), "{answer}");
        store
    }

    /// With nothing in it.
    pub(crate) fn bare(make: Make, environment: &[(&str, &str)]) -> Self {
        let mut command = program(make);
        command.envs(environment.iter().copied()).env("PYTHONUNBUFFERED", "1");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child =
            command.spawn().unwrap_or_else(|error| panic!("run `cargo xtask setup` first: {command:?}: {error}"));
        let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let host = match make {
            Make::Azure => listens(out),
            Make::S3 => listens(err),
        };
        Self { make, host, child }
    }

    /// The address of a part of the bucket, by way of another host if given.
    pub(crate) fn address_by(&self, host: &str, bucket: &str, prefix: &str) -> BucketAddress {
        address(self.make, host, bucket, prefix)
    }

    pub(crate) fn address(&self, prefix: &str) -> BucketAddress {
        self.address_by(&self.host, "council", prefix)
    }

    pub(crate) fn credential(&self) -> BucketCredential {
        credential(self.make, &variables(self.make))
    }

    /// Every byte in the store as it gives it, the names with it.
    pub(crate) fn everything(&self) -> Vec<u8> {
        let names = match self.make {
            Make::Azure => said(&self.host, "GET", &format!("/{ACCOUNT}/council?restype=container&comp=list&{SAS}")),
            Make::S3 => said(&self.host, "GET", "/council?list-type=2"),
        };
        let (open, close) = if self.make == Make::Azure { ("<Name>", "</Name>") } else { ("<Key>", "</Key>") };
        let mut all = names.clone().into_bytes();
        for name in names.split(open).skip(1).filter_map(|rest| rest.split_once(close)).map(|(name, _)| name) {
            let path = match self.make {
                Make::Azure => format!("/{ACCOUNT}/council/{name}?{SAS}"),
                Make::S3 => format!("/council/{name}"),
            };
            all.extend(asked(&self.host, "GET", &path));
        }
        all
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn address(make: Make, host: &str, bucket: &str, prefix: &str) -> BucketAddress {
    let text = match make {
        Make::Azure => format!("az://{ACCOUNT}/{bucket}/{prefix}?endpoint=http://{host}/{ACCOUNT}"),
        Make::S3 => format!("s3://{bucket}/{prefix}?endpoint=http://{host}"),
    };
    text.parse().unwrap()
}

/// What the environment of a laptop says.
pub(crate) fn variables(make: Make) -> Vec<(&'static str, &'static str)> {
    match make {
        Make::Azure => vec![("AZURE_STORAGE_SAS_TOKEN", SAS)],
        Make::S3 => vec![("AWS_ACCESS_KEY_ID", "laptop"), ("AWS_SECRET_ACCESS_KEY", "planted-secret")],
    }
}

pub(crate) fn credential(make: Make, variables: &[(&str, &str)]) -> BucketCredential {
    let of = |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    BucketCredential::for_address(&address(make, "localhost:1", "council", ""), of).unwrap()
}

fn program(make: Make) -> Command {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    match make {
        Make::Azure => {
            let mut command = Command::new(root.join("tests/stores/node_modules/.bin/azurite-blob"));
            command.args(["--disableTelemetry", "--inMemoryPersistence", "--skipApiVersionCheck"]);
            command.args(["--blobHost", "127.0.0.1", "--blobPort", "0"]);
            command
        }
        Make::S3 => {
            let python = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("../python/stores/bin/python3");
            let mut command = Command::new(python);
            command.args(["-B", "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]);
            command
        }
    }
}

/// Waits until a program says where it listens, and from then on reads what it says to nobody.
fn listens(out: impl Read + Send + 'static) -> String {
    let mut lines = BufReader::new(out).lines();
    let host = lines
        .by_ref()
        .map_while(Result::ok)
        .filter(|line| line.contains("listens on") || line.contains("Running on"))
        .find_map(|line| line.split_once("http://").map(|(_, host)| host.trim().to_owned()));
    std::thread::spawn(move || lines.for_each(drop));
    host.unwrap_or_else(|| panic!("a store of objects did not start"))
}

/// One plain call.
pub(crate) fn asked(host: &str, method: &str, path: &str) -> Vec<u8> {
    let mut line = TcpStream::connect(host).unwrap();
    write!(line, "{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    line.read_to_end(&mut answer).unwrap();
    answer
}

fn said(host: &str, method: &str, path: &str) -> String {
    String::from_utf8_lossy(&asked(host, method, path)).into_owned()
}
