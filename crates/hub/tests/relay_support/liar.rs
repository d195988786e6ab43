//! A server between laptops and a real relay, which passes on what it is asked, or lies.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use hub::RelayAddress;
use sealed_log::wire::{Found, Given, Message, Pushed, Shelf};

/// What it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Lie {
    /// Passes everything on.
    Honest,
    /// Says what there is as it said when this lie began.
    Replay(Option<Vec<u8>>),
    /// Shows the ends of no stream.
    HideTips,
    /// Says that there is nothing in what is asked for.
    GiveNothing,
    /// Says that it kept what was put, and keeps nothing.
    Swallow,
    /// Flips a bit in the middle of whatever is given.
    Flip,
    /// Answers with whatever.
    Garbage,
    /// Answers without end.
    Endless,
    /// Hangs up in the middle of an answer.
    HangUp,
    /// Does so with every call of this kind but the first few.
    HangUpAfter(&'static str, usize),
    /// Shows another relay's face.
    OtherFace(String),
    /// Sends elsewhere.
    Redirect(String),
    /// Never answers.
    Silent,
}

/// The server.
pub(crate) struct Liar {
    pub(crate) address: RelayAddress,
    pub(crate) name: String,
    lie: Arc<Mutex<Lie>>,
    listener: TcpListener,
    /// Those who were not answered, so that their lines stay open.
    held: Arc<Mutex<Vec<TcpStream>>>,
}

impl Liar {
    /// Has an address, and does not answer yet.
    pub(crate) fn called() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let name = format!("127.0.0.1:{}", listener.local_addr().unwrap().port());
        let address = RelayAddress { url: format!("http://{name}"), certificate: None };
        Self { address, name, lie: Arc::new(Mutex::new(Lie::Honest)), listener, held: Arc::default() }
    }

    /// Begins to stand before a relay, until the test ends.
    pub(crate) fn before(&self, relay: &RelayAddress) {
        let real = relay.url.trim_start_matches("http://").to_owned();
        let (listener, lie, held) = (self.listener.try_clone().unwrap(), Arc::clone(&self.lie), Arc::clone(&self.held));
        thread::spawn(move || {
            for line in listener.incoming() {
                let (real, lie, held) = (real.clone(), Arc::clone(&lie), Arc::clone(&held));
                thread::spawn(move || answer(line.unwrap(), &real, &lie, &held));
            }
        });
    }

    /// Waits until somebody waits for an answer that does not come.
    pub(crate) fn keeps_somebody_waiting(&self) {
        while self.held.lock().unwrap().is_empty() {
            thread::yield_now();
        }
    }

    /// Hangs up on those who wait.
    pub(crate) fn lets_go(&self) {
        self.held.lock().unwrap().clear();
    }

    /// From now on.
    pub(crate) fn tells(&self, lie: Lie) {
        *self.lie.lock().unwrap() = lie;
    }
}

/// Answers one request, and closes the line.
fn answer(mut line: TcpStream, real: &str, lie: &Mutex<Lie>, held: &Mutex<Vec<TcpStream>>) -> Option<()> {
    let (head, body) = message(&mut line)?;
    let route = head.split(' ').nth(1)?.trim_start_matches("/v1/").to_owned();
    let now = lie.lock().unwrap().clone();
    match now.clone() {
        Lie::Silent => {
            held.lock().unwrap().push(line);
            return None;
        }
        Lie::Redirect(to) => {
            let reply =
                format!("HTTP/1.1 307 Temporary Redirect\r\nlocation: {to}/v1/{route}\r\ncontent-length: 0\r\n\r\n");
            line.write_all(reply.as_bytes()).ok()?;
            return None;
        }
        Lie::Garbage => return reply(&mut line, &[0xa5; 300]),
        Lie::Endless => {
            line.write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n").ok()?;
            while line.write_all(&[1; 65_536]).is_ok() {}
            return None;
        }
        Lie::HangUp => return hang_up(&mut line),
        Lie::HangUpAfter(kind, left) if kind == route => match left.checked_sub(1) {
            Some(left) => *lie.lock().unwrap() = Lie::HangUpAfter(kind, left),
            None => return hang_up(&mut line),
        },
        Lie::Swallow if route == "push" => return reply(&mut line, &Pushed::default().encode()),
        _ => {}
    }
    let face = if let Lie::OtherFace(address) = &now { address.trim_start_matches("http://") } else { real };
    let mut relay = TcpStream::connect(face).ok()?;
    relay.write_all(head.replacen("\r\n", "\r\nconnection: close\r\n", 1).as_bytes()).ok()?;
    relay.write_all(&body).ok()?;
    let (said, given) = message(&mut relay)?;
    if !said.starts_with("HTTP/1.1 200") {
        line.write_all(said.as_bytes()).ok()?;
        return line.write_all(&given).ok();
    }
    let mut lie = lie.lock().unwrap();
    reply(&mut line, &bent(&mut lie, &route, given))
}

/// An answer, as the lie has it.
fn bent(lie: &mut Lie, route: &str, given: Vec<u8>) -> Vec<u8> {
    match (lie, route) {
        (Lie::Replay(before), "look") => before.get_or_insert(given).clone(),
        (Lie::HideTips, "look") => {
            let mut shelf = Shelf::decode(&given).unwrap();
            shelf.tips.clear();
            shelf.encode()
        }
        (Lie::GiveNothing, "ask") => {
            let mut told = Given::decode(&given).unwrap();
            for Found { segments, .. } in &mut told.ranges {
                segments.clear();
            }
            told.blobs.clear();
            told.encode()
        }
        (Lie::Flip, "ask") => {
            let mut told = Given::decode(&given).unwrap();
            let segments = told.ranges.iter_mut().flat_map(|found| &mut found.segments);
            for (_, bytes) in segments {
                let middle = bytes.len() / 2;
                bytes.iter_mut().skip(middle).take(1).for_each(|byte| *byte ^= 1);
            }
            told.encode()
        }
        _ => given,
    }
}

fn hang_up(line: &mut TcpStream) -> Option<()> {
    line.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\nhalf").ok()
}

fn reply(line: &mut TcpStream, body: &[u8]) -> Option<()> {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
    line.write_all(head.as_bytes()).ok()?;
    line.write_all(body).ok()
}

/// One message's head and body.
fn message(line: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 65_536];
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        let read = line.read(&mut chunk).ok().filter(|read| *read > 0)?;
        bytes.extend(chunk.iter().take(read));
    };
    let mut body = bytes.split_off(end);
    let head = String::from_utf8(bytes).ok()?;
    let field = |row: &str| row.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse::<usize>().ok();
    let length = head.lines().find_map(field).unwrap_or(0);
    while body.len() < length {
        let read = line.read(&mut chunk).ok().filter(|read| *read > 0)?;
        body.extend(chunk.iter().take(read));
    }
    Some((head, body))
}
