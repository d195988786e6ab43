//! Starting other programs, with one sentence when one cannot be started or fails.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};

use crate::repo;

/// Cargo, the one that runs us, in the repository.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(repo::root());
    command
}

/// npm, in the screens' folder.
pub(crate) fn npm() -> Command {
    let mut command = Command::new("npm");
    command.current_dir(repo::ui()).env("npm_config_update_notifier", "false").env("npm_config_fund", "false");
    command
}

/// Runs a program whose output the person sees; an error when it fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let name = name(command);
    let status = command.status().with_context(|| format!("{name} could not be started: is it installed?"))?;
    if !status.success() {
        bail!("{name} failed ({status}); what it said is above.");
    }
    Ok(())
}

/// Runs a program without showing its output; `None` when it cannot be started or fails.
pub(crate) fn ask(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What a program said, and whether it succeeded.
pub(crate) struct Heard {
    /// True when it ended with 0.
    pub(crate) ok: bool,
    /// Standard output and error, line by line as they came, without colours.
    pub(crate) text: String,
}

/// Runs a program, shows its output as it comes and keeps it.
pub(crate) fn listen(command: &mut Command) -> Result<Heard> {
    let name = name(command);
    if std::io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always").env("FORCE_COLOR", "1");
    }
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{name} could not be started: is it installed?"))?;
    let error = child.stderr.take();
    let aside = thread::spawn(move || error.map(|stream| echo(stream, std::io::stderr())).unwrap_or_default());
    let mut text = child.stdout.take().map(|stream| echo(stream, std::io::stdout())).unwrap_or_default();
    text.push_str(&aside.join().unwrap_or_default());
    let status = child.wait().with_context(|| format!("{name} could not be waited for"))?;
    Ok(Heard { ok: status.success(), text })
}

fn echo(from: impl Read, mut to: impl Write) -> String {
    let mut kept = String::new();
    let mut reader = BufReader::new(from);
    let mut line = Vec::new();
    while matches!(reader.read_until(b'\n', &mut line), Ok(read) if read > 0) {
        // A terminal that has gone away must not stop the count.
        let _ = to.write_all(&line).and_then(|()| to.flush());
        kept.push_str(&without_colours(&String::from_utf8_lossy(&line)));
        line.clear();
    }
    kept
}

fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            letters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(letter);
        }
    }
    plain
}

fn name(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let first = command.get_args().next().unwrap_or_default();
    [program, first].map(OsStr::to_string_lossy).join(" ").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_left_out_and_words_kept() {
        assert_eq!(without_colours("\u{1b}[32;1m12 passed\u{1b}[0m, café"), "12 passed, café");
    }

    #[test]
    fn what_a_program_says_is_kept_and_its_failure_told() {
        let heard = listen(Command::new("sh").args(["-c", "echo one; echo two >&2; exit 3"])).unwrap();
        assert!(!heard.ok);
        assert!(heard.text.contains("one") && heard.text.contains("two"));
    }
}
