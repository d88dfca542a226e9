//! Just enough HTTP to ask a process on this machine, and to stop asking when it stands still.

use std::io::{ErrorKind, Read, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use serde_json::Value;

/// Between two looks whether an answer is still worth waiting for.
const LOOK: Duration = Duration::from_millis(10);
/// So many looks in all: twenty seconds.
const LOOKS: u32 = 2000;

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Answer {
    /// It was done.
    pub(crate) fn is_done(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// What is asked.
#[derive(Debug)]
pub(crate) struct Ask<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    /// Whole lines, each with its end.
    pub(crate) headers: &'a str,
    pub(crate) body: Option<&'a Value>,
}

/// Asks, and gives the answer; `None` if none came, or not whole, or `is_idle` says that none will.
pub(crate) fn ask(at: SocketAddr, ask: &Ask<'_>, is_idle: impl Fn() -> bool) -> Option<Answer> {
    let body = ask.body.map(Value::to_string).unwrap_or_default();
    let kind = match ask.body {
        Some(_) => "content-type: application/json\r\n",
        None => "",
    };
    let request = format!(
        "{} {} HTTP/1.1\r\nhost: {at}\r\nconnection: close\r\ncontent-length: {}\r\n{kind}{}\r\n{body}",
        ask.method,
        ask.path,
        body.len(),
        ask.headers,
    );
    let answer = exchange(at, request.as_bytes(), is_idle)?;
    let (head, body) = split(&answer)?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let length: usize = field(head, "content-length").map_or(Some(0), |text| text.parse().ok())?;
    if body.len() < length {
        return None;
    }
    let body = match body {
        [] => Value::Null,
        body => serde_json::from_slice(body).ok()?,
    };
    Some(Answer { status, body })
}

/// Sends a request as it is, and gives what comes back until the other side closes.
pub(crate) fn exchange(
    at: SocketAddr,
    request: &[u8],
    is_idle: impl Fn() -> bool,
) -> Option<Vec<u8>> {
    let mut stream = TcpStream::connect_timeout(&at, Duration::from_secs(5)).ok()?;
    stream.set_read_timeout(Some(LOOK)).ok()?;
    stream.write_all(request).ok()?;
    let mut answer = Vec::new();
    let mut part = [0; 16 * 1024];
    let mut looks = 0;
    loop {
        match stream.read(&mut part) {
            Ok(0) => return Some(answer),
            Ok(read) => answer.extend_from_slice(&part[..read]),
            Err(error) => match error.kind() {
                ErrorKind::Interrupted => {}
                ErrorKind::WouldBlock | ErrorKind::TimedOut if looks < LOOKS && !is_idle() => {
                    looks += 1;
                }
                _ => return None,
            },
        }
    }
}

/// The head of a message and what has come of its body; `None` while the head is not whole.
pub(crate) fn split(message: &[u8]) -> Option<(&str, &[u8])> {
    let end = message.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&message[..end]).ok()?;
    Some((head, &message[end + 4..]))
}

/// A field of a head.
pub(crate) fn field<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().skip(1).find_map(|line| {
        let (known, value) = line.split_once(':')?;
        known.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}
