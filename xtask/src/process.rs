//! Starting other programs, with one sentence when one cannot be started or fails.

mod ending;

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use crate::repo;
use crate::sentence::{OrSay, Result, Sentence};
use crate::step::in_words;

/// How often a long silence is broken by a line that says what is being done.
const SIGN_OF_LIFE: Duration = Duration::from_secs(15);

/// How many lines of what a program said are shown when it fails.
const LAST_LINES: usize = 25;

/// Cargo, the one that runs us, in the repository.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(repo::root()).stdin(Stdio::null());
    command
}

/// npm, in the screens' folder.
pub(crate) fn npm() -> Command {
    let mut command = Command::new("npm");
    command.current_dir(repo::ui()).stdin(Stdio::null());
    command.env("npm_config_update_notifier", "false").env("npm_config_fund", "false");
    command
}

/// Runs a program whose output the person sees; an error when it fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let name = name(command);
    let status = command.status().or_say(|| format!("{name} could not be started: is it installed?"))?;
    if status.success() {
        return Ok(());
    }
    Err(Sentence::new(format!("{name} failed ({status}); what it said is above.")))
}

/// Runs a program without showing its output; `None` when it cannot be started or fails.
pub(crate) fn ask(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// How much of what a program says is shown while it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Show {
    /// All of it, as it comes.
    Everything,
    /// Now and then the latest line; when it fails, the last ones.
    SignsOfLife,
    /// None of it.
    Nothing,
}

/// What a program said, and whether it succeeded.
pub(crate) struct Heard {
    /// True when it ended by itself, with 0.
    pub(crate) ok: bool,
    /// Standard output and error, line by line as they came, without colours.
    pub(crate) text: String,
}

/// One line, and whether it came on standard error.
type Line = (bool, Vec<u8>);

/// Runs a program and keeps what it says; after `limit` it is ended, with everything it started.
pub(crate) fn listen(command: &mut Command, show: Show, limit: Duration) -> Result<Heard> {
    hear(command, Ear { show, limit, every: SIGN_OF_LIFE, began: Instant::now(), text: String::new() })
}

fn hear(command: &mut Command, mut ear: Ear) -> Result<Heard> {
    let name = name(command);
    if ear.show == Show::Everything && std::io::stdout().is_terminal() {
        command.env("CARGO_TERM_COLOR", "always").env("FORCE_COLOR", "1");
    }
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .or_say(|| format!("{name} could not be started: is it installed?"))?;
    let (lines, heard) = mpsc::channel();
    read_aside(child.stdout.take(), false, lines.clone());
    read_aside(child.stderr.take(), true, lines);
    let too_long = ear.hear(&heard, &mut child);
    let status = child.wait().or_say(|| format!("{name} could not be waited for."))?;
    if ear.show == Show::SignsOfLife && !status.success() {
        ear.show_the_end();
    }
    Ok(Heard { ok: status.success() && !too_long, text: ear.text })
}

struct Ear {
    show: Show,
    limit: Duration,
    every: Duration,
    began: Instant,
    text: String,
}

impl Ear {
    /// Hears until there is nothing more to hear; true when the program took too long and was ended.
    fn hear(&mut self, lines: &mpsc::Receiver<Line>, child: &mut Child) -> bool {
        let mut last_sign = Instant::now();
        let mut too_long = false;
        loop {
            let until_too_long = if too_long { self.every } else { self.limit.saturating_sub(self.began.elapsed()) };
            match lines.recv_timeout(until_too_long.min(self.every)) {
                Ok(line) => self.take(&line),
                Err(RecvTimeoutError::Disconnected) => return too_long,
                // It has ended, and what it left behind still holds its output but says nothing.
                Err(RecvTimeoutError::Timeout) if matches!(child.try_wait(), Ok(Some(_))) => return too_long,
                Err(RecvTimeoutError::Timeout) => {}
            }
            if !too_long && self.began.elapsed() >= self.limit {
                println!("  ended after {}: that is too long", in_words(self.limit));
                ending::end(child);
                too_long = true;
            }
            if last_sign.elapsed() >= self.every {
                self.sign_of_life();
                last_sign = Instant::now();
            }
        }
    }

    fn take(&mut self, (on_error, line): &Line) {
        if self.show == Show::Everything {
            // A terminal that has gone away must not stop the count.
            let _ = if *on_error { std::io::stderr().write_all(line) } else { std::io::stdout().write_all(line) };
        }
        self.text.push_str(&without_colours(&String::from_utf8_lossy(line)));
    }

    fn sign_of_life(&self) {
        if self.show == Show::SignsOfLife {
            let latest =
                self.text.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("it has said nothing yet");
            println!("  {} so far: {}", in_words(self.began.elapsed()), latest.trim());
        }
    }

    fn show_the_end(&self) {
        let lines: Vec<&str> = self.text.lines().collect();
        for line in lines.iter().skip(lines.len().saturating_sub(LAST_LINES)) {
            eprintln!("  {line}");
        }
    }
}

fn read_aside(from: Option<impl Read + Send + 'static>, on_error: bool, to: Sender<Line>) {
    let Some(from) = from else { return };
    thread::spawn(move || {
        let mut reader = BufReader::new(from);
        let mut line = Vec::new();
        while matches!(reader.read_until(b'\n', &mut line), Ok(read) if read > 0) {
            if to.send((on_error, std::mem::take(&mut line))).is_err() {
                return;
            }
        }
    });
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

    fn shell(words: &str, limit: Duration) -> Heard {
        let ear = Ear {
            show: Show::Everything,
            limit,
            every: Duration::from_millis(100),
            began: Instant::now(),
            text: String::new(),
        };
        hear(Command::new("sh").args(["-c", words]), ear).unwrap()
    }

    #[test]
    fn colours_are_left_out_and_words_kept() {
        assert_eq!(without_colours("\u{1b}[32;1m12 passed\u{1b}[0m, café"), "12 passed, café");
    }

    #[test]
    fn what_a_program_says_is_kept_and_its_failure_told() {
        let heard = shell("echo one; echo two >&2; exit 3", Duration::from_mins(1));
        assert!(!heard.ok);
        assert!(heard.text.contains("one") && heard.text.contains("two"));
    }

    #[test]
    fn one_that_hangs_is_ended_with_what_it_started() {
        let heard = shell("echo begun; sleep 600 & sleep 600; echo never", Duration::from_millis(300));
        assert!(!heard.ok);
        assert_eq!(heard.text, "begun\n");
    }

    #[test]
    fn what_a_program_leaves_behind_is_not_waited_for() {
        let heard = shell("echo done; sleep 30 &", Duration::from_mins(1));
        assert!(heard.ok);
        assert_eq!(heard.text, "done\n");
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let said = run(&mut Command::new("no-such-program")).unwrap_err().to_string();
        assert!(said.starts_with("no-such-program could not be started: is it installed?"), "{said}");
    }
}
