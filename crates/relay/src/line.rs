//! The relay's command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Parser;

/// Carries sealed records between the laptops of councils, and can read none of them.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Line {
    /// What laptops call this relay: the host of its address, with its port unless that is 443 (or 80 without TLS).
    #[arg(long)]
    pub(crate) name: String,
    /// A council's root public key, as `hubctl council` prints it. Repeat it for several councils.
    #[arg(long = "council", value_name = "KEY")]
    pub(crate) councils: Vec<String>,
    /// A file with a council's root public key on each line; what follows a # is passed over.
    #[arg(long, value_name = "FILE")]
    pub(crate) councils_file: Option<PathBuf>,
    /// Where to listen for laptops.
    #[arg(long, default_value = "0.0.0.0:8443")]
    pub(crate) listen: SocketAddr,
    /// The certificates to show, as a PEM file.
    #[arg(long, value_name = "FILE", requires = "key")]
    pub(crate) certificate: Option<PathBuf>,
    /// The key that goes with them, as a PEM file.
    #[arg(long, value_name = "FILE", requires = "certificate")]
    pub(crate) key: Option<PathBuf>,
    /// Listen without TLS: a proxy on this machine has it, and says whom requests are from in X-Forwarded-For.
    #[arg(long, conflicts_with = "certificate")]
    pub(crate) behind_proxy: bool,
    /// The folder in which the records lie, in SQLite.
    #[arg(long, default_value = "relay-data", conflicts_with = "database")]
    pub(crate) data: PathBuf,
    /// A PostgreSQL database in which the records lie instead: postgres://user@host/name. The password is read from the
    /// address, or from PGPASSWORD.
    #[arg(long, value_name = "URL", env = "RELAY_DATABASE", hide_env_values = true)]
    pub(crate) database: Option<String>,
    /// Speak TLS to the database, and believe whoever shows this certificate or one that it vouches for, as a PEM file.
    #[arg(long, value_name = "FILE", requires = "database")]
    pub(crate) database_certificate: Option<PathBuf>,
    /// Most that one council may keep here, in GiB.
    #[arg(long, default_value_t = 50)]
    pub(crate) quota_gib: u64,
    /// Where to listen for /metrics and /health, for those who look after the relay.
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) watch: Option<SocketAddr>,
}

impl Line {
    /// The councils' keys.
    ///
    /// # Errors
    /// A sentence.
    pub(crate) fn roots(&self) -> Result<Vec<[u8; 32]>, String> {
        let mut words = self.councils.clone();
        if let Some(path) = &self.councils_file {
            let text = std::fs::read_to_string(path).map_err(|_| {
                "The file with the councils' keys cannot be read; check its name and rights.".to_owned()
            })?;
            let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
            words.extend(lines.filter(|line| !line.is_empty()).map(str::to_owned));
        }
        if words.is_empty() {
            return Err("No council was named; give --council KEY, with what `hubctl council` prints.".to_owned());
        }
        words.iter().enumerate().map(|(at, word)| root(word, at + 1)).collect()
    }
}

fn root(word: &str, place: usize) -> Result<[u8; 32], String> {
    sealed_log::base32_decode(&word.to_ascii_lowercase()).and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| {
        format!("The key of council {place} is not one; give what `hubctl council` prints after `root=`, all of it.")
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_line_is_sound() {
        Line::command().debug_assert();
    }

    #[test]
    fn councils_come_from_the_line_and_from_a_file() {
        let key = sealed_log::base32_encode(&[7; 32]);
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), format!("# ours\n{key} # Aberwen\n\n")).unwrap();
        let line = |args: &[&str]| Line::parse_from([&["relay", "--name", "r"], args].concat());
        let path = file.path().to_str().unwrap();
        assert_eq!(line(&["--council", &key, "--councils-file", path]).roots(), Ok(vec![[7; 32]; 2]));
        assert_eq!(line(&["--council", &key.to_uppercase()]).roots(), Ok(vec![[7; 32]]));
        assert!(line(&[]).roots().unwrap_err().contains("--council"));
        assert!(line(&["--council", &key[1..]]).roots().unwrap_err().contains("council 1"));
        assert!(line(&["--councils-file", "/nowhere"]).roots().unwrap_err().contains("cannot be read"));
    }
}
