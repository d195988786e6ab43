//! A line to a store that breaks in the middle of a put, and one at whose other end somebody else answers.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

/// Listens; whoever connects is passed on.
pub(crate) struct Line {
    pub(crate) host: String,
    /// Says so when it has broken.
    pub(crate) broken: Receiver<()>,
}

impl Line {
    /// Lets so many puts through, then half of the next one, and nothing more.
    pub(crate) fn breaking_in(puts: usize, to: &str) -> Self {
        let (listener, host) = listener();
        let (tell, broken) = channel();
        let (to, left) = (to.to_owned(), Arc::new(AtomicUsize::new(puts)));
        thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                let (tell, left, far) = (tell.clone(), Arc::clone(&left), TcpStream::connect(&to).unwrap());
                let (back, there) = (far.try_clone().unwrap(), near.try_clone().unwrap());
                thread::spawn(move || copy(back, there));
                thread::spawn(move || until_broken(near, far, &left, &tell));
            }
        });
        Self { host, broken }
    }

    /// Gives the same answer to everything.
    pub(crate) fn answering(answer: &'static str) -> Self {
        let (listener, host) = listener();
        let (tell, broken) = channel();
        thread::spawn(move || {
            for mut near in listener.incoming().map_while(Result::ok) {
                let _ = near.read(&mut [0; 65_536]);
                let _ = near.write_all(answer.as_bytes());
            }
            drop(tell);
        });
        Self { host, broken }
    }
}

fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap().to_string();
    (listener, host)
}

fn copy(mut from: TcpStream, mut to: TcpStream) {
    let _ = std::io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
}

fn until_broken(mut near: TcpStream, mut far: TcpStream, left: &AtomicUsize, tell: &Sender<()>) {
    while let Some((head, length)) = head(&mut near) {
        if head.starts_with(b"PUT ")
            && left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_err()
        {
            let mut half = vec![0; length / 2];
            let _ = near.read_exact(&mut half);
            let _ = far.write_all(&head).and_then(|()| far.write_all(&half));
            let _ = tell.send(());
            // It stays open and silent until the other end has gone.
            let _ = near.read_to_end(&mut Vec::new());
            let _ = far.shutdown(Shutdown::Both);
            return;
        }
        let mut body = vec![0; length];
        if near.read_exact(&mut body).is_err() || far.write_all(&head).and_then(|()| far.write_all(&body)).is_err() {
            return;
        }
    }
    let _ = far.shutdown(Shutdown::Write);
}

/// The head of a request, and the length of its body.
fn head(near: &mut TcpStream) -> Option<(Vec<u8>, usize)> {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        near.read_exact(&mut byte).ok()?;
        head.extend(byte);
    }
    let text = String::from_utf8_lossy(&head).to_lowercase();
    let length = text.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    Some((head, length.unwrap_or(0)))
}
