//! The demo council: invented by `hubctl demo` once, kept in `target/demo`, and opened again from then on.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::sentence::{OrSay, Result, Sentence};
use crate::step::say;
use crate::{process, repo};

/// The passphrase of the demo council, whose people are invented; real ones are typed.
const PASSPHRASE: &str = "a cup of tea at green lane";

/// Where the demo council is.
pub(crate) struct Demo {
    /// Its data folder.
    pub(crate) data: PathBuf,
    /// The file with its passphrase.
    pub(crate) passphrase: PathBuf,
}

/// The demo council, made if there is none. One that this version cannot open is put aside, with whatever was typed
/// into it, and another is made.
pub(crate) fn council() -> Result<Demo> {
    let home = repo::target().join("demo");
    let demo = Demo { data: home.join("council"), passphrase: home.join("passphrase") };
    fs::create_dir_all(&home).or_say(|| format!("{} cannot be made.", home.display()))?;
    fs::write(&demo.passphrase, PASSPHRASE).or_say(|| format!("{} cannot be written.", demo.passphrase.display()))?;
    if demo.data.is_dir() {
        if in_use(&demo) {
            return Err(Sentence::new(format!(
                "Talking Point has the demo council ({}) open: close its window, then run this again.",
                demo.data.display()
            )));
        }
        if opens(&demo) {
            return Ok(demo);
        }
        let aside = free_name(&home, Path::exists);
        say(&format!(
            "this version cannot open the demo council that is here: it is kept in {}, and another is made",
            aside.display()
        ));
        fs::rename(&demo.data, &aside).or_say(|| format!("{} cannot be made.", aside.display()))?;
    }
    make(&home, &demo)?;
    Ok(demo)
}

/// True when a program has it open; the program itself would say so, after a window had opened for nothing.
fn in_use(demo: &Demo) -> bool {
    let lock = fs::File::options().write(true).open(demo.data.join("lock"));
    lock.is_ok_and(|lock| matches!(lock.try_lock(), Err(fs::TryLockError::WouldBlock)))
}

/// True when this version can open it and finds it whole, if need be after what is derived has been derived anew.
fn opens(demo: &Demo) -> bool {
    let can = |word| process::ask(hubctl(&demo.data, &demo.passphrase).arg(word)).is_some();
    can("verify") || (can("rebuild") && can("verify"))
}

/// The first of `council-older`, `council-older-2`, … that is not taken.
fn free_name(home: &Path, taken: impl Fn(&Path) -> bool) -> PathBuf {
    let names =
        std::iter::once("council-older".to_owned()).chain((2..).map(|number| format!("council-older-{number}")));
    names.map(|name| home.join(name)).find(|path| !taken(path)).unwrap_or_default()
}

fn hubctl(data: &Path, passphrase: &Path) -> Command {
    let mut command = Command::new(repo::built("hubctl"));
    command.arg("--data").arg(data).arg("--passphrase-file").arg(passphrase);
    command
}

fn make(home: &Path, demo: &Demo) -> Result<()> {
    say("making the demo council: three hubs, two years, invented people");
    // Made aside and moved into place, so that a council half made is never taken for a whole one.
    let half = home.join("half-made");
    if half.exists() {
        fs::remove_dir_all(&half).or_say(|| format!("{} cannot be removed.", half.display()))?;
    }
    process::run(hubctl(&half, &demo.passphrase).arg("demo"))?;
    fs::rename(&half, &demo.data).or_say(|| format!("{} cannot be made.", demo.data.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_aside_never_takes_the_place_of_another() {
        let name = |taken: &[&str]| free_name(Path::new("demo"), |path| taken.iter().any(|name| path.ends_with(name)));
        assert_eq!(name(&[]), Path::new("demo/council-older"));
        assert_eq!(name(&["council-older", "council-older-2"]), Path::new("demo/council-older-3"));
    }
}
