//! What the program is started with.

use std::ffi::OsString;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use hub::view::shell::Role;

/// What may be given on the command line; nothing has to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arguments {
    /// The data folder; the person's own one when `None` was given.
    pub data: PathBuf,
    /// A file with the passphrase, for tests and the demo council. A person types it.
    pub passphrase_file: Option<PathBuf>,
    /// Signs in as the first person of the register with this role.
    pub role: Option<Role>,
    /// Says `drawn` on standard output once the first screen is drawn, for those who measure how long that takes.
    pub say_when_drawn: bool,
    /// Doesn't look for other laptops in the same hall.
    pub no_hall: bool,
}

impl Arguments {
    /// Reads the words after the program's name.
    ///
    /// # Errors
    /// One sentence about the word that is not understood.
    pub fn read(words: impl IntoIterator<Item = OsString>) -> Result<Self> {
        let (mut data, mut passphrase_file, mut role) = (None, None, None);
        let (mut say_when_drawn, mut no_hall) = (false, false);
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().with_context(|| format!("{} needs a value after it.", word.display()));
            match word.to_str() {
                Some("--data") => data = Some(PathBuf::from(value()?)),
                Some("--passphrase-file") => passphrase_file = Some(PathBuf::from(value()?)),
                Some("--role") => role = Some(role_of(&value()?)?),
                Some("--say-when-drawn") => say_when_drawn = true,
                Some("--no-hall") => no_hall = true,
                _ => bail!(
                    "`{}` is not understood: there are --data DIR, --passphrase-file FILE, --role ROLE, --say-when-drawn \
                     and --no-hall.",
                    word.display()
                ),
            }
        }
        Ok(Self { data: data.map_or_else(own_folder, Ok)?, passphrase_file, role, say_when_drawn, no_hall })
    }
}

fn role_of(word: &OsString) -> Result<Role> {
    match word.to_str() {
        Some("volunteer") => Ok(Role::Volunteer),
        Some("worker") => Ok(Role::Worker),
        Some("manager") => Ok(Role::Manager),
        _ => bail!("There is no role `{}`: it is volunteer, worker or manager.", word.display()),
    }
}

/// Where the desktop keeps a person's data, `~/.local/share` unless it says otherwise.
fn own_folder() -> Result<PathBuf> {
    let set = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let shared = set("XDG_DATA_HOME").or_else(|| set("HOME").map(|home| home.join(".local/share")));
    Ok(shared
        .context("This account has no home folder: say where the records are with --data DIR.")?
        .join("talking-point"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(words: &[&str]) -> Result<Arguments> {
        Arguments::read(words.iter().map(OsString::from))
    }

    #[test]
    fn what_is_given_is_understood() {
        let all =
            read(&["--data", "/d", "--passphrase-file", "/p", "--role", "worker", "--say-when-drawn", "--no-hall"])
                .unwrap();
        let expected = Arguments {
            data: "/d".into(),
            passphrase_file: Some("/p".into()),
            role: Some(Role::Worker),
            say_when_drawn: true,
            no_hall: true,
        };
        assert_eq!(all, expected);
        let least = read(&["--data", "/d"]).unwrap();
        assert_eq!((least.role, least.no_hall), (None, false));
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (words, about) in [(vec!["--role", "chief"], "chief"), (vec!["--data"], "--data"), (vec!["loud"], "loud")] {
            let sentence = read(&words).unwrap_err().to_string();
            assert!(sentence.contains(about), "{sentence}");
        }
    }
}
