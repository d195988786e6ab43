//! A throw-away PostgreSQL, from Debian's package, with a standby if one is wanted.
#![allow(dead_code, reason = "each test uses what it needs")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where something is wrong")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// Quick, and safe against the server's being killed: only a machine that loses power would lose a commit.
const QUICK: &str = "-c fsync=off -c full_page_writes=off";
const ALWAYS: &str = "-c jit=off -c shared_buffers=32MB -c max_connections=60 \
                     -c listen_addresses='' -c wal_level=replica -c max_wal_senders=4 -c hot_standby=on";

/// A cluster: the primary `a`, and perhaps the standby `b`.
pub(crate) struct Cluster {
    place: TempDir,
    programs: PathBuf,
    as_root: bool,
    quick: bool,
}

impl Cluster {
    /// Starts one that is empty.
    pub(crate) fn start() -> Self {
        Self::started(true)
    }

    /// Starts one that waits for the disk, as a real one does.
    pub(crate) fn durable() -> Self {
        Self::started(false)
    }

    fn started(quick: bool) -> Self {
        // A socket's path has to be short.
        let place = tempfile::Builder::new().prefix("pg").tempdir_in("/tmp").unwrap();
        let as_root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
        let cluster = Self { place, programs: programs(), as_root, quick };
        if as_root {
            run(Command::new("chown").arg("postgres:postgres").arg(cluster.place.path()));
        }
        for socket in ["sa", "sb"] {
            cluster.run("mkdir", &["-m", "700", &cluster.at(socket)]);
        }
        let made = ["-U", "relay", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"];
        cluster.run("initdb", &[["-D", &cluster.at("a")].as_slice(), &made].concat());
        cluster.server("a");
        cluster.sql("a", "create database relay");
        cluster
    }

    /// Listens with TLS on this machine, with this certificate and key, instead of on a socket. Says the port.
    pub(crate) fn with_tls(&self, certificate: &str, key: &str) -> u16 {
        let (shown, secret) = (self.at("server.crt"), self.at("server.key"));
        fs::write(&shown, certificate).unwrap();
        fs::write(&secret, key).unwrap();
        run(Command::new("chmod").args(["600", &secret]));
        if self.as_root {
            run(Command::new("chown").args(["postgres:postgres", &shown, &secret]));
        }
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        self.run("pg_ctl", &["-D", &self.at("a"), "-m", "fast", "-w", "stop"]);
        let tls = format!("-c ssl=on -c ssl_cert_file={shown} -c ssl_key_file={secret}");
        self.serve("a", &format!("{tls} -c listen_addresses=127.0.0.1 -c port={free}"));
        free
    }

    /// Adds a standby that every commit waits for.
    pub(crate) fn with_standby(self) -> Self {
        let (sockets, data, log) = (self.at("sa"), self.at("b"), self.at("bwal"));
        let waldir = format!("--waldir={log}");
        let base = ["-h", &sockets, "-U", "relay", "-D", &data, &waldir, "-X", "stream", "-c", "fast"];
        self.run("pg_basebackup", &[base.as_slice(), &["--no-sync", "-R", "-C", "-S", "sb"]].concat());
        // The name that the primary looks for.
        self.run("sed", &["-i", "s/host=/application_name=sb host=/", &self.at("b/postgresql.auto.conf")]);
        self.server("b");
        self.sql("a", "alter system set synchronous_standby_names = 'FIRST 1 (sb)'");
        self.sql("a", "select pg_reload_conf()");
        let state = "select coalesce(max(sync_state), '') from pg_stat_replication, pg_sleep(0.05)";
        assert!((0..200).any(|_| self.sql("a", state).trim() == "sync"), "the standby does not follow");
        self
    }

    /// The address of whichever of the two is the primary.
    pub(crate) fn address(&self) -> String {
        let hosts = [self.at("sa"), self.at("sb")].map(|path| path.replace('/', "%2F"));
        format!("postgres://relay@{},{}/relay?connect_timeout=3", hosts[0], hosts[1])
    }

    /// The primary dies as if its machine had.
    pub(crate) fn kill_primary(&self) {
        let pid = fs::read_to_string(self.place.path().join("a/postmaster.pid")).unwrap();
        run(Command::new("kill").args(["-9", pid.lines().next().unwrap()]));
    }

    /// The standby takes over.
    pub(crate) fn promote(&self) {
        self.run("pg_ctl", &["-D", &self.at("b"), "-w", "-t", "60", "promote"]);
    }

    /// Dumps the database as the runbook has it, restores it into an empty one, and says where that is.
    pub(crate) fn dumped_and_restored(&self, name: &str) -> String {
        let (sockets, dump) = (self.at("sa"), self.at("relay.dump"));
        let to = format!("--file={dump}");
        self.run("pg_dump", &["-h", &sockets, "-U", "relay", "--format=custom", &to, "relay"]);
        self.run("createdb", &["-h", &sockets, "-U", "relay", name]);
        self.run("pg_restore", &["-h", &sockets, "-U", "relay", "-d", name, &dump]);
        self.address().replace("/relay?", &format!("/{name}?"))
    }

    /// Asks the database something, by hand.
    pub(crate) fn sql(&self, server: &str, text: &str) -> String {
        let database = if text.contains("database") || text.contains("pg_") { "postgres" } else { "relay" };
        self.run("psql", &["-h", &self.at(&format!("s{server}")), "-U", "relay", "-qAt", "-c", text, database])
    }

    /// Every byte on the primary's disk that is a table's.
    pub(crate) fn disk(&self) -> Vec<u8> {
        self.sql("a", "checkpoint");
        let mut all = Vec::new();
        read_below(&self.place.path().join("a"), &mut all);
        all
    }

    fn server(&self, which: &str) {
        self.serve(which, "");
    }

    fn serve(&self, which: &str, more: &str) {
        let quick = if self.quick { QUICK } else { "" };
        let options = format!("{ALWAYS} {quick} {more} -c unix_socket_directories={}", self.at(&format!("s{which}")));
        let (data, log) = (self.at(which), self.at(&format!("{which}.log")));
        self.run("pg_ctl", &["-D", &data, "-l", &log, "-w", "-t", "60", "-o", &options, "start"]);
    }

    fn at(&self, name: &str) -> String {
        self.place.path().join(name).to_str().unwrap().to_owned()
    }

    /// As PostgreSQL's own user, for the server will not be root's.
    fn command(&self, program: &str, words: &[&str]) -> Command {
        let own = self.programs.join(program);
        let program = if own.exists() { own } else { PathBuf::from(program) };
        let mut command = if self.as_root {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.args(words).env_remove("PGPASSWORD").env("LC_ALL", "C").current_dir("/");
        command
    }

    fn run(&self, program: &str, words: &[&str]) -> String {
        run(&mut self.command(program, words))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for which in ["b", "a"] {
            let data = self.at(which);
            if Path::new(&data).join("postmaster.pid").exists() {
                let _ = self.command("pg_ctl", &["-D", &data, "-m", "immediate", "-w", "stop"]).output();
            }
        }
    }
}

/// Where Debian puts what is not for everybody's path: the newest version's.
fn programs() -> PathBuf {
    let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .map(|found| found.filter_map(Result::ok).map(|entry| entry.path().join("bin")).collect())
        .unwrap_or_default();
    versions.retain(|path| path.join("initdb").exists());
    versions.sort();
    versions.pop().unwrap_or_default()
}

/// Its output goes to a file: a server that it leaves running would hold a pipe open for ever.
fn run(command: &mut Command) -> String {
    let out = tempfile::tempfile().unwrap();
    let said = tempfile::tempfile().unwrap();
    command.stdin(std::process::Stdio::null()).stdout(out.try_clone().unwrap()).stderr(said.try_clone().unwrap());
    let status = command.status();
    let (out, said) = (read(out), read(said));
    match status {
        Ok(status) if status.success() => out,
        Ok(_) => panic!("{command:?}: {said}{out}"),
        Err(error) => panic!("{command:?}: {error}; PostgreSQL is missing? Run `cargo xtask setup`."),
    }
}

fn read(mut file: fs::File) -> String {
    use std::io::{Read, Seek};
    let mut text = String::new();
    file.rewind().unwrap();
    file.read_to_string(&mut text).unwrap();
    text
}

fn read_below(dir: &Path, all: &mut Vec<u8>) {
    for entry in fs::read_dir(dir).unwrap().filter_map(Result::ok) {
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => read_below(&entry.path(), all),
            Ok(kind) if kind.is_file() => all.extend(fs::read(entry.path()).unwrap_or_default()),
            _ => {}
        }
    }
}
