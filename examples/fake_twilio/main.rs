//! Twilio on loopback, for developing a client in any language without an account and without
//! paying for anything.
//!
//! ```text
//! cargo run --example fake_twilio -- --listen 127.0.0.1:8642 --minute-is 1s
//! ```
//!
//! Then, with the scenario beside this file, in another shell:
//!
//! ```text
//! curl -u AC000000000000000000000000000000b1:gaining-token \
//!   http://127.0.0.1:8642/2010-04-01/Accounts/AC000000000000000000000000000000b1/IncomingPhoneNumbers.json
//! ```
//!
//! Its callbacks, signed with the token of the account they are about, go where the scenario says;
//! the one beside this file says `http://127.0.0.1:8643/twilio/events`. There the example
//! `webhook_server` takes them:
//!
//! ```text
//! TWILIO_AUTH_TOKEN=gaining-token cargo run --example webhook_server -- \
//!   --listen 127.0.0.1:8643 --public-url http://127.0.0.1:8643
//! ```
//!
//! | option | what it does |
//! |---|---|
//! | `--listen ADDRESS:PORT` | where; loopback only; 127.0.0.1:8642 without it |
//! | `--scenario FILE` | the world to begin with; the one beside this file without it |
//! | `--minute-is 1s` | how long a minute takes: a day is 24 minutes then; 60s without it |
//!
//! What Twilio does not have is under `/_fake/`, without credentials:
//!
//! | door | what it does |
//! |---|---|
//! | `POST /_fake/tickets` | asks support to move numbers: `{"subject", "losing", "gaining", "numbers": [], "body"}` |
//! | `GET /_fake/tickets`, `GET /_fake/tickets/ID` | what became of it; `?subject=WORDS` shows those with the words in their subject |
//! | `POST /_fake/tickets/ID/reply` | lifts a hold, opens what closed in silence |
//! | `GET /_fake/books` | every request and callback, and where each number is |
//! | `POST /_fake/faults` | `{"route": "Numbers", "fault": "TooMany", "number": 3, "always": false}` |
//! | `DELETE /_fake/faults` | forgets them |
//!
//! Faults are the variants of `FakeFault`, routes those of `FakeRoute`; `status` and `number` are
//! what a fault needs. One that does not exist is answered with all that do.

mod scenario;
#[path = "../shown/mod.rs"]
mod shown;

use std::error::Error;
use std::net::SocketAddr;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use snap_port::testing::FakeTwilio;
use snap_port::{Clock, SystemClock};

use scenario::{Scenario, duration};
use shown::Shown;

const EXAMPLE: &str = include_str!("scenario.json");

#[tokio::main(flavor = "current_thread")]
async fn main() {
    if let Err(why) = run(std::env::args().skip(1)).await {
        eprintln!("fake_twilio: {}", Shown(why));
        std::process::exit(2);
    }
}

async fn run(arguments: impl Iterator<Item = String>) -> Result<(), Box<dyn Error>> {
    let options = Options::read(arguments)?;
    let scenario = match &options.scenario {
        Some(file) => std::fs::read_to_string(file).map_err(|why| format!("{file}: {why}"))?,
        None => EXAMPLE.to_owned(),
    };
    let name = options
        .scenario
        .as_deref()
        .unwrap_or("the example scenario");
    let scenario = Scenario::read(&scenario).map_err(|why| format!("{name}: {why}"))?;

    let fake = FakeTwilio::listen(options.listen, Fast::new(options.minute)).await?;
    scenario.set_up(&fake);
    println!("{}", fake.url());
    // This is a line to paste: a shell must find no more in it than words.
    let is_word = |token: &str| {
        let mut bytes = token.bytes();
        bytes.all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    if let Some((account, token)) = scenario.somebody().filter(|(_, token)| is_word(token)) {
        println!(
            "curl -u {account}:{token} {}/2010-04-01/Accounts/{account}/IncomingPhoneNumbers.json",
            fake.url()
        );
    }

    // Callbacks go out though nobody asks for anything.
    let mut tick = tokio::time::interval(Duration::from_millis(100));
    loop {
        tokio::select! {
            stop = tokio::signal::ctrl_c() => return Ok(stop?),
            _ = tick.tick() => fake.catch_up().await,
        }
    }
}

struct Options {
    listen: SocketAddr,
    scenario: Option<String>,
    minute: TimeDelta,
}

impl Options {
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8642)),
            scenario: None,
            minute: TimeDelta::seconds(60),
        };
        while let Some(option) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{option} needs a value"));
            match option.as_str() {
                "--listen" => {
                    let value = value()?;
                    let wrong = |why| format!("--listen {value}: {why}; try 127.0.0.1:8642");
                    options.listen = value.parse().map_err(wrong)?;
                }
                "--scenario" => options.scenario = Some(value()?),
                "--minute-is" => options.minute = duration(&value()?)?,
                _ => {
                    let known = "--listen, --scenario and --minute-is";
                    return Err(format!("there is no option {option}, only {known}"));
                }
            }
        }
        if options.minute < TimeDelta::milliseconds(1) {
            return Err("--minute-is must be at least 1ms".to_owned());
        }
        Ok(options)
    }
}

/// The machine's clock, running faster from now on.
#[derive(Debug)]
struct Fast {
    start: DateTime<Utc>,
    minute: TimeDelta,
}

impl Fast {
    fn new(minute: TimeDelta) -> Self {
        let start = SystemClock.now();
        Self { start, minute }
    }
}

impl Clock for Fast {
    fn now(&self) -> DateTime<Utc> {
        let passed = (SystemClock.now() - self.start).num_milliseconds();
        let minute = self.minute.num_milliseconds().max(1);
        let fast = TimeDelta::milliseconds(passed.saturating_mul(60_000) / minute);
        self.start
            .checked_add_signed(fast)
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}
