//! Rooms: networks of their own on this machine, each with one laptop in it, and what is between them. Nobody needs to be
//! root: it all lies in a user namespace, and ends with it.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};

const NETWORK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/hall/network.py");
const LAPTOP: &str = env!("CARGO_BIN_EXE_laptop-in-hall");

/// Someone who answers each line with a line.
struct Told {
    child: Child,
    to: Option<ChildStdin>,
    from: Lines<BufReader<ChildStdout>>,
}

impl Told {
    fn start(command: &mut Command) -> Result<Self> {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("it cannot be started")?;
        let to = child.stdin.take();
        let from = BufReader::new(child.stdout.take().context("its output")?).lines();
        Ok(Self { child, to, from })
    }

    fn say(&mut self, line: &str) -> Result<()> {
        let to = self.to.as_mut().context("it has been let go")?;
        writeln!(to, "{line}")?;
        Ok(to.flush()?)
    }

    fn answer(&mut self) -> Result<String> {
        self.from.next().context("it ended")?.context("its answer")
    }

    /// Lets it end by itself, and waits until it has.
    fn end(&mut self) -> Result<()> {
        drop(self.to.take());
        let status = self.child.wait()?;
        if status.success() { Ok(()) } else { bail!("it ended with {status}") }
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        // Whoever has ended already is past killing.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Rooms, numbered from 1, all on one switch until something is changed.
pub(crate) struct Rooms {
    shell: Told,
    wire: Option<Told>,
    place: PathBuf,
}

impl Rooms {
    /// So many rooms; what is kept of them lies in `place`.
    pub(crate) fn new(many: usize, place: &Path) -> Result<Self> {
        let mut shell = Command::new("unshare");
        shell.args(["--user", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--kill-child", "sh"]);
        let mut rooms = Self { shell: Told::start(&mut shell)?, wire: None, place: place.to_owned() };
        let mut lines = String::from(
            "mount -t tmpfs none /run; mkdir -p /run/netns; mount -t proc none /proc; ip link set lo up; \
             ip link add hall type bridge mcast_snooping 0; ip link set hall up; ",
        );
        for room in 1..=many {
            write!(
                lines,
                "ip netns add r{room}; ip link add v{room} type veth peer name eth0 netns r{room}; \
                 ip link set v{room} master hall up; ip -n r{room} link set lo up; \
                 ip -n r{room} addr add 10.77.0.{room}/24 dev eth0; ip -n r{room} link set eth0 up; \
                 ip -n r{room} route add default via 10.77.0.254; ip netns exec r{room} python3 {NETWORK} whole eth0; "
            )?;
        }
        rooms.run(&lines)?;
        Ok(rooms)
    }

    /// Does this outside the rooms.
    fn run(&mut self, line: &str) -> Result<()> {
        self.shell.say(&format!("( set -e; {line} ) >&2; echo $?"))?;
        match self.shell.answer()?.as_str() {
            "0" => Ok(()),
            code => {
                bail!("the rooms' network cannot be made ({code}): are network namespaces allowed on this machine?")
            }
        }
    }

    /// Pulls a room's cable out, or puts it back.
    pub(crate) fn cable(&mut self, room: usize, plugged: bool) -> Result<()> {
        self.run(&format!("ip link set v{room} {}", if plugged { "master hall" } else { "nomaster" }))
    }

    /// Lays a wire between rooms 1 and 2, in the place of the switch, that carries only what goes to everyone: as a guest
    /// network that keeps its guests apart, and lets them see each other's names.
    pub(crate) fn keep_apart(&mut self) -> Result<()> {
        self.lay(&["0", "0", "0", "1"], &["apart"]).map(drop)
    }

    /// Puts the switch back in the wire's place.
    pub(crate) fn no_wire(&mut self) -> Result<()> {
        self.wire = None;
        self.cable(1, true)?;
        self.cable(2, true)
    }

    /// Lays a wire with delay and loss between rooms 1 and 2, in the place of the switch. What goes over it is kept.
    pub(crate) fn wire(&mut self, delay_ms: u32, loss_percent: u32, seed: u64) -> Result<PathBuf> {
        self.lay(&[&delay_ms.to_string(), "0", &loss_percent.to_string(), &seed.to_string()], &[])
    }

    fn lay(&mut self, how: &[&str], more: &[&str]) -> Result<PathBuf> {
        self.cable(1, false)?;
        self.cable(2, false)?;
        let capture = self.place.join("capture");
        let mut wire = self.inside("python3");
        wire.args([NETWORK, "wire", "v1", "v2"]).args(how).arg(&capture).args(more);
        let mut wire = Told::start(&mut wire)?;
        if wire.answer()? != "carrying" {
            bail!("the wire does not carry");
        }
        self.wire = Some(wire);
        Ok(capture)
    }

    /// A program among the rooms, in none of them.
    fn inside(&self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        // The shell is the only child of the one who made the namespaces.
        let inner = std::fs::read_to_string(format!("/proc/{0}/task/{0}/children", self.shell.child.id()));
        let inner = inner.unwrap_or_default().trim().to_owned();
        command.args(["--target", &inner, "--user", "--net", "--mount", "--pid", "--preserve-credentials", program]);
        command
    }

    /// A laptop in a room, on this data folder.
    pub(crate) fn laptop(&self, room: usize, data: &Path, passphrase_file: &Path) -> Result<Laptop> {
        let mut command = self.inside("ip");
        command.args(["netns", "exec", &format!("r{room}"), LAPTOP]).args([data, passphrase_file]);
        let mut told = Told::start(&mut command)?;
        match told.answer()?.as_str() {
            "ready" => Ok(Laptop { told }),
            other => bail!("the laptop says {other}"),
        }
    }
}

/// A laptop in a room.
pub(crate) struct Laptop {
    told: Told,
}

impl Laptop {
    /// Does what it is told, and says what it answers.
    pub(crate) fn ask(&mut self, line: &str) -> Result<String> {
        self.told.say(line)?;
        self.told.answer()
    }

    /// Waits, for something that must come.
    pub(crate) fn wait(&mut self, line: &str) -> Result<u64> {
        let answer = self.ask(line)?;
        answer.parse().with_context(|| format!("{line}: {answer}"))
    }

    pub(crate) fn check_in(&mut self, name: &str) -> Result<()> {
        match self.ask(&format!("check-in {name}"))?.as_str() {
            "checked in" => Ok(()),
            other => bail!("{other}"),
        }
    }

    /// Leaves.
    pub(crate) fn leave(mut self) -> Result<()> {
        self.told.end()
    }
}
