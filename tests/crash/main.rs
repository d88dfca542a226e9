//! Desks that are killed: whatever they were at, nothing is lost and no transfer is asked for twice.
//!
//! The examples `fake_twilio` and `port_desk` run as processes. Customers and staff take ports
//! through the desk's JSON, Twilio's support people approve and move them, and desk after desk ends
//! by SIGKILL: at each point where `port_desk` halts, and at any moment. After each death the store
//! is opened and every record replayed, and what it keeps is held against what was acknowledged and
//! against Twilio's own books; the last desk takes every port to its end. See `judge.rs` for what
//! must be true.
//!
//! `cargo test` runs the short version. `SNAP_PORT_CRASHES=300 cargo test --test crash` kills that
//! many desks, half of them over SQLite and half over PostgreSQL, and prints what it came to;
//! `SNAP_PORT_CRASH_SEED=7` makes other moments of it.

mod chance;
mod desk;
mod guard;
mod http;
mod judge;
mod people;
mod plan;
mod port;
#[path = "../postgres_server/mod.rs"]
mod postgres_server;
mod process;
mod programs;
mod relay;
mod stage;
mod store;
mod summary;
mod twilio;

use std::env;
use std::io::Write as _;
use std::thread;

use chance::Chance;
use guard::Guard;
use plan::Death;
use postgres_server::Server;
use stage::Stage;
use store::Store;
use summary::Outcome;

/// How many desks to kill; `None` for the short version.
fn crashes() -> Option<usize> {
    let count = env::var("SNAP_PORT_CRASHES").ok()?;
    Some(count.parse().expect("SNAP_PORT_CRASHES is a number"))
}

fn chance(nth: u64) -> Chance {
    let seed = env::var("SNAP_PORT_CRASH_SEED").unwrap_or_default();
    let seed = seed.parse().unwrap_or(1_u64);
    Chance::new(seed.wrapping_mul(1000).wrapping_add(nth))
}

fn over_sqlite(deaths: &[Death], chance: Chance) -> Outcome {
    let guard = Guard::new();
    Stage::new(&guard, Store::sqlite(&guard), deaths.len(), chance).play(deaths)
}

fn over_postgres(server: &Server, deaths: &[Death], chance: Chance) -> Outcome {
    let guard = Guard::new();
    Stage::new(&guard, Store::postgres(server), deaths.len(), chance).play(deaths)
}

/// Said past the test harness, which shows nothing of a test that passes.
fn say(outcome: &Outcome, store: &str) {
    let said = writeln!(std::io::stderr(), "\n{store}: {outcome}");
    said.expect("standard error takes a line");
}

#[test]
fn nothing_is_lost_or_asked_twice_over_sqlite() {
    let outcome = match crashes() {
        Some(count) => {
            let (count, mut chance) = (count.div_ceil(2), chance(1));
            let deaths = plan::mixed(count, false, &mut chance);
            over_sqlite(&deaths, chance)
        }
        None => thread::scope(|scope| {
            let [one, other] = plan::every_point();
            let half = |mut deaths: Vec<Death>, mut chance: Chance| {
                deaths.extend(plan::moments(2, false, &mut chance));
                over_sqlite(&deaths, chance)
            };
            let one = scope.spawn(move || half(one, chance(2)));
            let other = half(other, chance(3));
            match one.join() {
                Ok(one) => one.and(other),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }),
    };
    say(&outcome, "SQLite");
}

#[test]
fn nothing_is_lost_or_asked_twice_over_postgres() {
    let Some(server) = postgres_server::shared() else {
        return;
    };
    let mut chance = chance(4);
    let deaths = match crashes() {
        Some(count) => plan::mixed(count / 2, true, &mut chance),
        None => {
            let mut deaths = plan::points(&["commit.after", "submit.before", "submit.after"]);
            deaths.extend(plan::moments(5, true, &mut chance));
            deaths
        }
    };
    let outcome = over_postgres(server, &deaths, chance);
    say(&outcome, "PostgreSQL");
}
