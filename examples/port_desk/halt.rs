//! Points where the process can be made to stand still, so that a test kills it just there.
//!
//! `PORT_DESK_HALT=NAME:N` prints `halted at NAME` on standard output when the point `NAME` is
//! reached for the `N`th time (the first, without `:N`), and never goes on there; everything else
//! goes on. `PORT_DESK_HALT=?` prints `point NAME` when a point is reached for the first time.
//!
//! | points | where |
//! |---|---|
//! | `get`, `commit`, `find`, `history`, `claim`, `renew`, `give_back`, `wake`, `events`, `cursor`, `move_cursor` | a call of the store |
//! | `submit`, `find_order`, `look`, `ask_slot`, `cancel`, `assign`, `join`, `registration`, `test`, `alerts` | a call of the carrier |
//!
//! Each has `.before` and `.after`: after the call has taken effect, before anybody hears of it.
//! Calls that fail have no `.after`.

use std::collections::BTreeMap;
use std::future::pending;
use std::io::Write as _;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use snap_port::StoreError;
use snap_port::testing::{StoreCall, StoreHook};

/// The environment's variable.
pub(crate) const VARIABLE: &str = "PORT_DESK_HALT";

/// What to do at a point.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Order {
    Nothing,
    Print,
    Halt { point: String, time: u32 },
}

/// Whoever stands at the points, and how often each was reached.
#[derive(Debug)]
pub(crate) struct Halts {
    order: Order,
    reached: Mutex<BTreeMap<String, u32>>,
}

/// What is to be done now.
#[derive(Debug, PartialEq, Eq)]
enum Now {
    GoOn,
    Say(String),
    Halt(String),
}

impl Halts {
    /// Reads the variable's value.
    pub(crate) fn parse(value: Option<&str>) -> Result<Self, String> {
        let order = match value {
            None | Some("") => Order::Nothing,
            Some("?") => Order::Print,
            Some(text) => {
                let (point, time) = text.split_once(':').unwrap_or((text, "1"));
                let time = time.parse().ok().filter(|time| *time > 0);
                let time = time.ok_or_else(|| format!("{VARIABLE} must be NAME, NAME:N or ?"))?;
                Order::Halt {
                    point: point.to_owned(),
                    time,
                }
            }
        };
        Ok(Self {
            order,
            reached: Mutex::default(),
        })
    }

    fn now(&self, call: &str, when: &str) -> Now {
        if self.order == Order::Nothing {
            return Now::GoOn;
        }
        let point = format!("{call}.{when}");
        let times = {
            // A count is whole at every moment.
            let mut reached = self.reached.lock().unwrap_or_else(PoisonError::into_inner);
            let times = reached.entry(point.clone()).or_default();
            *times = times.saturating_add(1);
            *times
        };
        match &self.order {
            Order::Print if times == 1 => Now::Say(format!("point {point}")),
            Order::Halt { point: at, time } if *at == point && *time == times => {
                Now::Halt(format!("halted at {point}"))
            }
            _ => Now::GoOn,
        }
    }

    /// Comes to `call.when`; goes on, unless it is to halt there.
    pub(crate) async fn reach(&self, call: &str, when: &str) {
        match self.now(call, when) {
            Now::GoOn => {}
            Now::Say(line) => say(&line),
            Now::Halt(line) => {
                say(&line);
                pending().await
            }
        }
    }
}

/// Prints a line at once, for whoever reads along.
pub(crate) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    // Whoever does not listen any more misses it.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

#[async_trait]
impl StoreHook for Halts {
    async fn before(&self, call: StoreCall<'_>) -> Result<(), StoreError> {
        self.reach(call.name(), "before").await;
        Ok(())
    }

    async fn after(&self, call: StoreCall<'_>) -> Result<(), StoreError> {
        self.reach(call.name(), "after").await;
        Ok(())
    }
}
