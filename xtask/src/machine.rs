//! What this machine is and has room for, as far as the commands must know.

use std::io::IsTerminal;
use std::path::Path;
use std::process::Command;

use crate::process;

/// Less free space than this, in MB, and a build may fail for want of it.
const LITTLE: u64 = 500;

/// How installing packages works here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum System {
    /// Debian or one of its relatives.
    Debian,
    /// Anything else.
    Other,
}

/// How this person can act as root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Root {
    /// They are root.
    Already,
    /// With sudo, at once.
    Sudo,
    /// With sudo, perhaps, once they have typed a password.
    SudoWithPassword,
    /// Not at all.
    No,
}

/// What kind of system this is.
pub(crate) fn system() -> System {
    system_of(&std::fs::read_to_string("/etc/os-release").unwrap_or_default())
}

fn system_of(os_release: &str) -> System {
    let debian = os_release
        .lines()
        .filter_map(|line| line.strip_prefix("ID=").or_else(|| line.strip_prefix("ID_LIKE=")))
        .any(|ids| ids.trim_matches(['"', '\'']).split(' ').any(|id| id == "debian"));
    if debian { System::Debian } else { System::Other }
}

/// How this person can act as root.
pub(crate) fn root() -> Root {
    if process::ask(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0") {
        return Root::Already;
    }
    if process::ask(Command::new("sudo").args(["-n", "true"])).is_some() {
        return Root::Sudo;
    }
    let can_type = std::io::stdin().is_terminal() && on_path("sudo");
    if can_type { Root::SudoWithPassword } else { Root::No }
}

/// True when a program of this name is on the path.
pub(crate) fn on_path(program: &str) -> bool {
    std::env::var_os("PATH").is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).is_file()))
}

/// Free space in MB on the disk that holds a path, or will hold it.
pub(crate) fn free_megabytes(path: &Path) -> Option<u64> {
    let there = path.ancestors().find(|ancestor| ancestor.exists())?;
    free_in(&process::ask(Command::new("df").arg("-Pk").arg(there))?)
}

/// A sentence when a disk is so full that this may be why something failed.
pub(crate) fn little_space(path: &Path) -> Option<String> {
    let free = free_megabytes(path).filter(|free| *free < LITTLE)?;
    Some(format!("The disk has only {free} MB free, which may be why: free some space, then run this again."))
}

/// From `df -Pk`: the fourth column of the last line, in KiB.
fn free_in(df: &str) -> Option<u64> {
    let kib: u64 = df.lines().nth(1)?.split_ascii_whitespace().nth(3)?.parse().ok()?;
    Some(kib / 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_and_its_relatives_are_known() {
        for (release, system) in [
            ("NAME=\"Debian GNU/Linux\"\nID=debian\n", System::Debian),
            ("ID=ubuntu\nID_LIKE=debian\n", System::Debian),
            ("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", System::Debian),
            ("ID=fedora\n", System::Other),
            ("ID=\"opensuse-leap\"\nID_LIKE=\"suse opensuse\"\nHOME_URL=\"https://not.debian\"\n", System::Other),
            ("", System::Other),
        ] {
            assert_eq!(system_of(release), system, "{release}");
        }
    }

    #[test]
    fn free_space_is_the_fourth_column() {
        let said =
            "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda 263174212 1000 40960000 60% /\n";
        assert_eq!(free_in(said), Some(40_000));
        assert_eq!(free_in("df: no such file"), None);
    }
}
