//! The example `fake_twilio` as a process, its support people, and its books.

use std::collections::BTreeMap;
use std::fs;
use std::net::SocketAddr;
use std::process::Command;

use serde_json::{Value, json};

use super::guard::Guard;
use super::http::{self, Answer, Ask};
use super::process::{PATIENCE, Process};
use super::programs;
use super::relay::Relay;

pub(crate) const LOSING: &str = "AC000000000000000000000000000000a1";
pub(crate) const GAINING: &str = "AC000000000000000000000000000000b1";
pub(crate) const AUTH_TOKEN: &str = "gaining-token";
/// The two above, as HTTP's basic authentication has them.
const BASIC: &str = "QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDBiMTpnYWluaW5nLXRva2Vu";
pub(crate) const TEST_LINE: &str = "+16505550100";

/// A messaging service takes 400 numbers.
const SERVICE_HOLDS: usize = 300;

#[derive(Debug)]
pub(crate) struct Twilio<'a> {
    /// Alive as long as this.
    _process: Process<'a>,
    pub(crate) at: SocketAddr,
    pub(crate) relay: Relay,
}

/// A ticket as its support people see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ticket {
    pub(crate) id: String,
    /// What its subject ends in, such as `port-1#1`.
    pub(crate) key: String,
    pub(crate) status: String,
    pub(crate) numbers: Vec<String>,
    pub(crate) moved: Vec<String>,
}

/// The number that is the `nth` of the losing account.
pub(crate) fn number(nth: usize) -> String {
    format!("+1415{:07}", 2_000_000 + nth)
}

/// The messaging service that the `nth` number joins.
pub(crate) fn service(nth: usize) -> String {
    format!("MG{:032x}", nth / SERVICE_HOLDS + 1)
}

impl<'a> Twilio<'a> {
    /// Starts one with so many numbers to move. Its support people put every ticket on hold until
    /// somebody replies, and then approve it and move the numbers.
    pub(crate) fn start(guard: &'a Guard, numbers: usize) -> Self {
        let relay = Relay::start();
        let movable = (0..numbers).map(|nth| json!({ "number": number(nth), "account": LOSING }));
        let mut known: Vec<Value> = movable.collect();
        known.push(json!({ "number": TEST_LINE, "account": GAINING, "registered": true }));
        let services = (0..numbers)
            .step_by(SERVICE_HOLDS)
            .map(|nth| json!({ "sid": service(nth), "account": GAINING, "campaign": "VERIFIED" }));
        let scenario = json!({
            "accounts": [{ "sid": LOSING }, { "sid": GAINING, "token": AUTH_TOKEN }],
            "numbers": known,
            "services": services.collect::<Vec<_>>(),
            "outcomes": [
                { "of": "call", "to": TEST_LINE, "ends": "completed", "after": "0s" },
                { "of": "call", "from": TEST_LINE, "ends": "completed", "after": "0s" },
            ],
            "support": { "holds": "a fee", "answers_after": "20ms", "moves_after": "150ms" },
            "registration_takes": "50ms",
            "status_callback": format!("{}/twilio/events", relay.url()),
        });
        let file = guard.file("scenario.json");
        fs::write(&file, scenario.to_string()).expect("the guard's folder takes a file");
        let mut command = Command::new(programs::path("fake_twilio"));
        command
            .args(["--listen", "127.0.0.1:0"])
            .arg("--scenario")
            .arg(&file);
        let process = Process::start(guard, &mut command, "twilio.err");
        let url = process
            .output()
            .wait(PATIENCE, |lines| lines.after("http://"));
        let at = url.and_then(|url| url.parse().ok());
        Self {
            _process: process,
            at: at.expect("the first line is where it listens"),
            relay,
        }
    }

    fn ask(&self, method: &str, path: &str, headers: &str) -> Answer {
        let ask = Ask {
            method,
            path,
            headers,
            body: None,
        };
        http::ask(self.at, &ask, || false).expect("fake_twilio answers")
    }

    /// The tickets of which `words` stand in the subject; all without words.
    pub(crate) fn tickets(&self, words: &str) -> Vec<Ticket> {
        let words = words.replace('#', "%23");
        let path = format!("/_fake/tickets?subject={words}");
        let shown = self.ask("GET", &path, "").body;
        let tickets = shown["tickets"].as_array().map_or(&[][..], Vec::as_slice);
        tickets.iter().map(Ticket::read).collect()
    }

    /// What support people wait for.
    pub(crate) fn reply(&self, ticket: &str) {
        let answer = self.ask("POST", &format!("/_fake/tickets/{ticket}/reply"), "");
        assert!(answer.is_done(), "{answer:?}");
    }

    /// The numbers of the gaining account, and who answers calls to each.
    pub(crate) fn gained(&self) -> BTreeMap<String, String> {
        let basic = format!("authorization: Basic {BASIC}\r\n");
        let list =
            format!("/2010-04-01/Accounts/{GAINING}/IncomingPhoneNumbers.json?PageSize=1000");
        let mut gained = BTreeMap::new();
        let mut next = Some(list);
        while let Some(path) = next {
            let answer = self.ask("GET", &path, &basic);
            assert!(answer.is_done(), "{answer:?}");
            let page = answer.body;
            let numbers = page["incoming_phone_numbers"].as_array();
            for number in numbers.expect("a page of numbers") {
                gained.insert(text(&number["phone_number"]), text(&number["voice_url"]));
            }
            next = page["next_page_uri"].as_str().map(str::to_owned);
        }
        gained
    }
}

impl Ticket {
    fn read(shown: &Value) -> Self {
        let texts = |field: &str| {
            let texts = shown[field].as_array().map_or(&[][..], Vec::as_slice);
            texts.iter().map(text).collect()
        };
        let subject = text(&shown["subject"]);
        let key = subject.rsplit_once('(').map_or("", |(_, key)| key);
        Self {
            id: text(&shown["id"]),
            key: key.trim_end_matches(')').to_owned(),
            status: text(&shown["status"]),
            numbers: texts("numbers"),
            moved: texts("moved"),
        }
    }

    /// The request its key names.
    pub(crate) fn request(&self) -> &str {
        self.key.split_once('#').map_or("", |(request, _)| request)
    }

    /// Whether support have approved it.
    pub(crate) fn is_approved(&self) -> bool {
        self.status == "approved" || self.status == "done"
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
