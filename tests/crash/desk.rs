//! The example `port_desk` as a process.

use std::net::SocketAddr;
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

use super::guard::Guard;
use super::http::{self, Answer, Ask};
use super::process::{Output, PATIENCE, Process};
use super::programs;
use super::twilio::{AUTH_TOKEN, GAINING, TEST_LINE, Twilio};

const TOKEN: &str = "sixteen-or-more-characters";
pub(crate) const VOICE_URL: &str = "https://desk.example/voice";
pub(crate) const ERRORS: &str = "desk.err";
const DOCUMENTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/full_port");

#[derive(Debug)]
pub(crate) struct Desk<'a> {
    process: Process<'a>,
    at: OnceLock<SocketAddr>,
}

/// How a desk is started.
#[derive(Debug)]
pub(crate) struct Start<'a> {
    /// Its worker's name.
    pub(crate) worker: &'a str,
    pub(crate) store: &'a str,
    /// Where it stands still.
    pub(crate) halt: Option<String>,
    /// Whether it tests numbers itself.
    pub(crate) tests: bool,
}

impl<'a> Desk<'a> {
    /// Starts one; it may not listen yet.
    pub(crate) fn start(guard: &'a Guard, twilio: &Twilio<'_>, start: &Start<'_>) -> Self {
        let mut command = Command::new(programs::path("port_desk"));
        command
            .args(["--store", start.store, "serve", "--listen", "127.0.0.1:0"])
            .args(["--twilio", &format!("http://{}", twilio.at)])
            .args(["--public-url", &twilio.relay.url()])
            .args(["--documents", DOCUMENTS, "--file-with-support"])
            .args(["--voice-url", VOICE_URL, "--zone", "UTC"])
            .args([
                "--cadence-ms",
                "50",
                "--idle-ms",
                "10",
                "--lease-ms",
                "1000",
            ])
            .args(["--worker", start.worker, "--tell"])
            .env("TWILIO_ACCOUNT_SID", GAINING)
            .env("TWILIO_AUTH_TOKEN", AUTH_TOKEN)
            .env("PORT_DESK_TOKEN", TOKEN)
            .env("PORT_DESK_HALT", start.halt.as_deref().unwrap_or_default());
        if start.tests {
            command.args(["--test-line", TEST_LINE]);
        }
        Self {
            process: Process::start(guard, &mut command, ERRORS),
            at: OnceLock::new(),
        }
    }

    /// Waits until it listens; `None` if it ended or stood still before it did.
    pub(crate) fn listens(&self) -> Option<SocketAddr> {
        let said = self.output().wait(PATIENCE, |lines| {
            let url = lines.after("listening on http://");
            let stopped = lines.ended || lines.after("halted at ").is_some();
            (url.is_some() || stopped).then_some(url)
        });
        let at = said.expect("a desk listens soon")?.parse().ok()?;
        Some(*self.at.get_or_init(|| at))
    }

    pub(crate) fn output(&self) -> &Output {
        self.process.output()
    }

    /// The point at which it stands still.
    pub(crate) fn halted_at(&self) -> Option<String> {
        self.output().now(|lines| lines.after("halted at "))
    }

    /// Whether nothing more is to be expected of it.
    pub(crate) fn is_over(&self) -> bool {
        self.output()
            .now(|lines| lines.ended || lines.after("halted at ").is_some())
    }

    pub(crate) fn kill(&self) {
        self.process.kill();
    }

    /// Whether SIGKILL ended it, rather than it itself.
    pub(crate) fn was_killed(&self) -> bool {
        self.process.was_killed()
    }

    pub(crate) fn get(&self, path: &str) -> Option<Answer> {
        self.ask("GET", path, None)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Option<Answer> {
        self.ask("POST", path, Some(body))
    }

    /// Asks as a program does; `None` if no answer comes.
    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Option<Answer> {
        let headers = format!("authorization: Bearer {TOKEN}\r\n");
        let ask = Ask {
            method,
            path,
            headers: &headers,
            body,
        };
        http::ask(*self.at.get()?, &ask, || self.is_over())
    }
}
