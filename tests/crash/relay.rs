//! Where Twilio's events go: one address that stays, while desks come and go behind it.

use std::collections::BTreeSet;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::Value;

use super::http;

/// Passes events on to the desk that is there, and remembers which numbers they said were
/// registered.
#[derive(Debug)]
pub(crate) struct Relay {
    at: SocketAddr,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    over: AtomicBool,
    desk: Mutex<Option<SocketAddr>>,
    registered: Mutex<BTreeSet<String>>,
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    // Both are whole at every moment.
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Relay {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port of loopback");
        let at = listener.local_addr().expect("it is bound");
        let shared = Arc::new(Shared::default());
        let thread = thread::spawn({
            let shared = Arc::clone(&shared);
            move || {
                while let Ok((stream, _)) = listener.accept() {
                    if shared.over.load(Ordering::SeqCst) {
                        return;
                    }
                    // An event that gets lost on the way is lost to the desk alone.
                    let _ = shared.pass_on(stream);
                }
            }
        });
        Self {
            at,
            shared,
            thread: Some(thread),
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.at)
    }

    /// Where the desk is now.
    pub(crate) fn leads_to(&self, desk: Option<SocketAddr>) {
        *lock(&self.shared.desk) = desk;
    }

    /// The numbers that Twilio said were registered.
    pub(crate) fn registered(&self) -> BTreeSet<String> {
        lock(&self.shared.registered).clone()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        // Whoever waits at the door sees that it is over.
        drop(TcpStream::connect(self.at));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Shared {
    fn pass_on(&self, mut stream: TcpStream) -> std::io::Result<()> {
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        let request = read_request(&mut stream)?;
        if let Some((_, body)) = http::split(&request) {
            lock(&self.registered).extend(registered(body));
        }
        let desk = *lock(&self.desk);
        let is_gone = || *lock(&self.desk) != desk || self.over.load(Ordering::SeqCst);
        let answer = desk.and_then(|desk| http::exchange(desk, &closing(&request), is_gone));
        let none =
            || b"HTTP/1.1 503 Gone\r\nconnection: close\r\ncontent-length: 0\r\n\r\n".to_vec();
        stream.write_all(&answer.unwrap_or_else(none))
    }
}

/// The request, by one who wants no other answer after it.
fn closing(request: &[u8]) -> Vec<u8> {
    let line = request.windows(2).position(|two| two == b"\r\n");
    let (line, rest) = request.split_at(line.map_or(0, |line| line + 2));
    [line, b"connection: close\r\n", rest].concat()
}

fn read_request(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut request = Vec::new();
    let mut part = [0; 16 * 1024];
    loop {
        if let Some((head, body)) = http::split(&request) {
            let length = http::field(head, "content-length").and_then(|text| text.parse().ok());
            if body.len() >= length.unwrap_or(0) {
                return Ok(request);
            }
        }
        match stream.read(&mut part)? {
            0 => return Err(ErrorKind::UnexpectedEof.into()),
            read => request.extend_from_slice(&part[..read]),
        }
    }
}

/// The numbers whose registration an event says has come to a good end.
fn registered(body: &[u8]) -> Vec<String> {
    let events: Value = serde_json::from_slice(body).unwrap_or_default();
    let events = events.as_array().map_or(&[][..], Vec::as_slice);
    let good = events.iter().filter(|event| {
        let kind = event["type"].as_str().unwrap_or_default();
        kind.ends_with("number-registration.successful")
    });
    let numbers = good.filter_map(|event| event["data"]["phonenumber"].as_str());
    numbers.map(str::to_owned).collect()
}
