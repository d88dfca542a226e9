//! The desk as an application embeds it: a worker that looks at what is due, JSON for programs, and
//! pages for people, over one store.
//!
//! ```text
//! export TWILIO_ACCOUNT_SID=AC... TWILIO_AUTH_TOKEN=...   # the account the numbers move to
//! cargo run --example port_desk -- --store sqlite:ports.db serve
//! ```
//!
//! It prints a token, unless `PORT_DESK_TOKEN` has one, and where it listens. People log in there
//! with the token, their name and their role, and find the work list and a page of each port.
//! Programs send the token with each request: `Authorization: Bearer ...`.
//!
//! # Without Twilio
//!
//! With the example `fake_twilio` and the scenario beside this file a whole port takes two minutes:
//!
//! ```text
//! cargo run --example fake_twilio -- --scenario examples/port_desk/scenario.json &
//! TWILIO_ACCOUNT_SID=AC000000000000000000000000000000b1 TWILIO_AUTH_TOKEN=gaining-token \
//! PORT_DESK_TOKEN=sixteen-or-more-characters \
//! cargo run --example port_desk -- --store memory: serve --twilio http://127.0.0.1:8642 \
//!   --documents examples/full_port --file-with-support --test-line +16505550100 \
//!   --voice-url https://aloware.example/voice --cadence-ms 500 --idle-ms 100
//! ```
//!
//! # Commands
//!
//! | command | what it does |
//! |---|---|
//! | `serve` | the worker and the server, until Ctrl-C or SIGTERM; what is under way is finished or given back |
//! | `import FILE.csv` | makes a draft of a number list; see below |
//! | `status` | counts requests by state and by who is awaited |
//! | `timeline ID` | prints a request's history |
//!
//! `--store` is `sqlite:PATH`, `postgres://USER@HOST/NAME`, where HOST is this machine, since no TLS is
//! spoken, or `memory:`, which ends with the process and is for `serve` alone. `--verbose` traces on standard error what the worker does.
//!
//! `import` makes **one draft of the whole list**, named as the file or by `--request ID`: a list is
//! what one letter of authorization covers. Where a carrier wants smaller orders, `--at-most N` makes
//! drafts of at most N numbers each, `ID-1`, `ID-2` and so on. `--region US` reads numbers without a
//! country code, `--by NAME` says who opens the drafts. A draft that is there already with the same
//! numbers is left alone, so an import that broke off is repeated as it was.
//!
//! | option of `serve` | |
//! |---|---|
//! | `--listen ADDRESS:PORT` | 127.0.0.1:8643 without it; another than loopback needs `--anywhere` |
//! | `--public-url URL` | how people and Twilio reach it, where something that ends TLS stands in front |
//! | `--twilio URL` | what plays Twilio: all its products at one address; Twilio itself without it |
//! | `--documents DIRECTORY` | where the files are that forms name |
//! | `--platform NAME`, `--contact TEXT` | in whose name transfer requests are written |
//! | `--zone ZONE` | staff's time zone; America/New_York without it |
//! | `--test-line NUMBER` | a number of the account that test calls and texts use; people test without it |
//! | `--voice-url URL` | who answers calls to moved numbers; people assign them without it |
//! | `--file-with-support` | files transfers as tickets with the support of `fake_twilio`, without people |
//! | `--worker NAME` | `port_desk-` and the process's number without it |
//! | `--lease-ms N` | how long the requests of a worker that died are left alone: 1000 at least, 5 minutes without it |
//! | `--cadence-ms N` | every interval between looks, for trials; as usual without it |
//! | `--idle-ms N` | how long the worker waits where nothing is due; 5 seconds without it |
//! | `--grace-ms N` | how long work and answers that are under way may take to end, told to stop; 30 seconds without it |
//! | `--tell` | prints `told POSITION REQUEST KIND` for each event, once it is durable, at least once |
//!
//! | variable | |
//! |---|---|
//! | `PORT_DESK_TOKEN` | what opens the desk: 16 or more ASCII characters; made and printed once without it |
//! | `TWILIO_ACCOUNT_SID`, `TWILIO_AUTH_TOKEN` | the account the numbers move to; its token signs events too |
//! | `PORT_DESK_HALT` | a point to stand still at, for tests that kill the process: see `halt.rs` |
//!
//! On standard output a test reads `token TOKEN` (if it was made), `listening on URL` (everything is
//! ready), `told ...`, `point NAME` and `halted at NAME`, a line each.
//!
//! # JSON
//!
//! | request | |
//! |---|---|
//! | `POST /ports` | starts a port: `{"id", "by": {"name", "role"}}` |
//! | `GET /ports` | finds ports: `?state=`, `waiting_on=`, `number=`, `order=` or `troubled=1`; paged by `after=` and `limit=` |
//! | `GET /ports/ID` | its state, readiness, work item and customer update; for a browser its page |
//! | `GET /ports/ID/timeline` | its history, paged by `from=` and `limit=` |
//! | `POST /ports/ID/ACT` | does something to it: see `web/act.rs`, and for statements `form/said.rs` |
//! | `GET /work` | the work list; of one party with `?party=` |
//! | `POST /twilio/events` | takes Twilio's callbacks, whose signatures it checks; needs no token |
//! | `GET /metrics` | what the worker counts, as Prometheus reads it |
//! | `GET /health` | whether the store answers; needs no token |
//!
//! What cannot be done is answered with all that is wrong: `{"problems": [{"field", "why"}]}`. 422 is
//! what must be mended first, 409 that the port has moved on, 503 that the store does not answer.
//!
//! # Killing it
//!
//! With `--file-with-support` the books of `fake_twilio` tell how often each transfer was asked for:
//! `GET /_fake/tickets?subject=(ID%23` lists the tickets of one request, whose subjects end in its
//! correlation keys, `(ID#1)`. A process that dies between the ticket and its answer finds the ticket
//! at the next start. One that dies before it has nothing to find, and 15 minutes pass before the
//! desk takes that for an answer and asks again; a person who has looked may say so at once:
//! `POST /ports/ID/statements` with `{"what": "not_filed", "why", "by"}`.
//!
//! What it does not do: it knows one token and no accounts of people, and believes who they say they
//! are. It ends no TLS, and without it, at `http://127.0.0.1`, other programs that listen on this
//! machine can get the cookie of who is logged in: see `web/gate.rs`. It answers one request a
//! connection.

pub(crate) mod form;
pub(crate) mod halt;
pub(crate) mod halting;
pub(crate) mod import;
pub(crate) mod office;
pub(crate) mod options;
pub(crate) mod serve;
#[path = "../shown/mod.rs"]
pub(crate) mod shown;
pub(crate) mod store;
pub(crate) mod support;
pub(crate) mod tables;
pub(crate) mod web;

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;

use snap_port::{PortDesk, SystemClock};

use options::{Command, Options};
use shown::Shown;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            let mut text = why.to_string();
            let mut source = why.source();
            while let Some(why) = source {
                text = format!("{text}: {why}");
                source = why.source();
            }
            for line in text.lines() {
                eprintln!("{}", Shown(line));
            }
            ExitCode::from(2)
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let options = Options::parse(std::env::args().skip(1), std::process::id())?;
    let level = match options.verbose {
        true => tracing::Level::INFO,
        false => tracing::Level::WARN,
    };
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .init();
    let mut out = std::io::stdout();
    if let Command::Serve(served) = &options.command {
        return serve::serve(served, &options.store).await;
    }
    let desk = PortDesk::new(options.store.open().await?, Arc::new(SystemClock));
    match &options.command {
        Command::Serve(_) => Ok(()),
        Command::Import(import) => import::import(&desk, import, &import::bar()?, &mut out).await,
        Command::Status => tables::status(&desk, &mut out).await,
        Command::Timeline(id) => tables::timeline(&desk, id, &mut out).await,
    }
}
