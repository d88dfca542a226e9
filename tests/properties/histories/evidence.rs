//! Whether a stored record's state is backed by its evidence: read from the raw JSON, entry by
//! entry, with nothing of the crate's own code.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

type Found<T = ()> = Result<T, String>;
type Numbers = BTreeSet<String>;

const CUSTOMER: [&str; 2] = ["admin", "billing_admin"];
const STAFF: [&str; 2] = ["support", "customer_success"];
const CHECKS: [&str; 7] = [
    "assigned",
    "voice_out",
    "voice_in",
    "sms_out",
    "sms_in",
    "registered",
    "alerts",
];

/// What the entries so far have proven.
#[derive(Default)]
struct Proof {
    id: String,
    carrier: String,
    status: &'static str,
    attempt: u64,
    /// Earlier tries at the same package, given up as surely not with the carrier.
    given_up: Vec<u64>,
    package: Value,
    numbers: Numbers,
    frozen: Option<Value>,
    reviewed: bool,
    sent: bool,
    absent: Vec<DateTime<Utc>>,
    order: Option<String>,
    submitted_at: Option<DateTime<Utc>>,
    confirmed_at: Option<DateTime<Utc>>,
    arrived: Numbers,
    met: BTreeMap<(String, String), bool>,
    waived: BTreeSet<(String, String)>,
    alerts: BTreeMap<String, String>,
    explained: BTreeSet<String>,
    /// Every order the request has or had, or is known of beside it.
    orders: BTreeSet<String>,
    /// Those beside it that nobody has settled.
    strays: BTreeSet<String>,
    /// The attempts for which the carrier may have been called.
    called: BTreeSet<u64>,
}

/// # Errors
/// What the record claims without proof.
pub(crate) fn backed(record: &Value) -> Found {
    let mut proof = Proof::default();
    let entries = record["history"].as_array().ok_or("no history")?;
    for (place, stored) in entries.iter().enumerate() {
        let entry = &stored["entry"];
        proof
            .read(entry)
            .map_err(|why| format!("entry {place} ({}): {why}", entry["event"]))?;
    }
    ensure(record["status"] == proof.status, "another state is claimed")?;
    ensure(record["id"] == *proof.id, "another name is claimed")
}

fn ensure(holds: bool, otherwise: &str) -> Found {
    if holds {
        Ok(())
    } else {
        Err(otherwise.to_owned())
    }
}

fn time(value: &Value) -> Found<DateTime<Utc>> {
    let text = value.as_str().ok_or("no time")?;
    text.parse().map_err(|_| format!("{text} is no time"))
}

fn numbers(value: &Value) -> Numbers {
    let list = value.as_array().into_iter().flatten();
    list.map(text).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn by(entry: &Value, roles: &[&str]) -> Found {
    let role = entry["by"]["role"].as_str().unwrap_or_default();
    ensure(roles.contains(&role), "the role may not do that")
}

impl Proof {
    fn is(&self, states: &[&str]) -> Found {
        let status = self.status;
        ensure(states.contains(&status), &format!("not when {status}"))
    }

    fn source(&self, entry: &Value, about: (&str, &Value)) -> Found {
        let source = &entry["source"];
        ensure(source["carrier"] == *self.carrier, "another carrier")?;
        ensure(source["about"][about.0] == *about.1, "about something else")?;
        match source["basis"].get("attested") {
            Some(actor) => {
                let role = actor["role"].as_str().unwrap_or_default();
                ensure(STAFF.contains(&role), "attested by somebody who may not")
            }
            None => Ok(()),
        }
    }

    fn of_attempt(&self, entry: &Value) -> Found {
        self.source(entry, ("attempt", &self.attempt.into()))
    }

    fn of_order(&self, entry: &Value) -> Found {
        let order = self.order.clone().ok_or("there is no order")?;
        self.source(entry, ("order", &order.into()))
    }

    fn read(&mut self, entry: &Value) -> Found {
        let event = entry["event"].as_str().unwrap_or_default();
        if event != "opened" {
            ensure(!self.status.is_empty(), "nothing was opened")?;
        }
        let in_flight = ["submitted", "release_approved", "scheduled"];
        match event {
            "opened" => {
                ensure(self.status.is_empty(), "opened twice")?;
                by(entry, &CUSTOMER)?;
                (self.id, self.carrier) = (text(&entry["request"]), text(&entry["carrier"]));
                self.status = "draft";
                Ok(())
            }
            "sealed" => self.sealed(entry),
            "reviewed" => {
                self.is(&["sealed"])?;
                by(entry, &["support"])?;
                ensure(entry["attempt"] == self.attempt, "of another attempt")?;
                let listed = numbers(&entry["letter_lists"]);
                ensure(self.numbers.is_subset(&listed), "the letter lists fewer")?;
                self.reviewed = true;
                Ok(())
            }
            "sent_back" => {
                self.is(&["sealed"])?;
                by(entry, &["support"])?;
                ensure(!self.sent, "the carrier may have it")?;
                self.status = "draft";
                Ok(())
            }
            "dispatched" => {
                self.is(&["sealed"])?;
                ensure(self.reviewed, "not reviewed")?;
                ensure(!self.sent, "sent already")?;
                ensure(self.strays.is_empty(), "a stray order is open")?;
                (self.sent, self.absent) = (true, Vec::new());
                self.called.insert(self.attempt);
                Ok(())
            }
            "attempt_heard" => {
                self.is(&["sealed"])?;
                self.of_attempt(entry)?;
                ensure(self.sent, "never sent")?;
                if entry["what"] == "absent" {
                    let at = time(&entry["source"]["recorded_at"])?;
                    if self.absent.last().is_some_and(|last| at < *last) {
                        self.absent.clear();
                    }
                    self.absent.push(at);
                }
                if entry["what"].get("not_taken").is_some() {
                    let attested = entry["source"]["basis"].get("attested").is_some();
                    self.next_try(attested);
                }
                Ok(())
            }
            "retried" => {
                self.is(&["sealed"])?;
                let (first, last) = (self.absent.first(), self.absent.last());
                let apart = first.zip(last).map(|(first, last)| *last - *first);
                ensure(
                    apart.is_some_and(|apart| apart >= TimeDelta::minutes(15)),
                    "not surely absent",
                )?;
                self.next_try(true);
                Ok(())
            }
            "submitted" => {
                self.is(&["sealed"])?;
                let about = &entry["source"]["about"]["attempt"];
                if about
                    .as_u64()
                    .is_some_and(|about| self.given_up.contains(&about))
                {
                    self.source(entry, ("attempt", about))?;
                } else {
                    self.of_attempt(entry)?;
                    ensure(self.sent, "never sent")?;
                }
                ensure(self.reviewed, "never reviewed")?;
                let order = text(&entry["order"]);
                self.strays.remove(&order);
                self.orders.insert(order.clone());
                self.order = Some(order);
                self.submitted_at = Some(time(&entry["source"]["occurred_at"])?);
                self.frozen = Some(self.package["earliest"].clone());
                self.status = "submitted";
                Ok(())
            }
            "approved" => self.approved(entry),
            "scheduled" => {
                self.is(&["release_approved"])?;
                self.timed(entry)?;
                self.status = "scheduled";
                Ok(())
            }
            "rescheduled" => {
                self.is(&["scheduled"])?;
                let old = self.confirmed_at;
                self.timed(entry)?;
                ensure(self.confirmed_at >= old, "older")
            }
            "ported" => {
                self.is(&["scheduled"])?;
                self.of_order(entry)?;
                let arrivals = entry["arrivals"].as_array().into_iter().flatten();
                self.arrived.extend(arrivals.map(|a| text(&a["number"])));
                ensure(self.numbers.is_subset(&self.arrived), "a number is missing")?;
                self.status = "ported";
                Ok(())
            }
            "verified" => {
                self.is(&["ported"])?;
                by(entry, &STAFF)?;
                self.proven()?;
                self.status = "verified";
                Ok(())
            }
            "rejected" => {
                if self.status == "sealed" {
                    self.of_attempt(entry)?;
                    ensure(self.sent, "never sent")?;
                } else {
                    self.is(&in_flight)?;
                    self.of_order(entry)?;
                    ensure(self.numbers.is_disjoint(&self.arrived), "a number moved")?;
                }
                self.status = "rejected";
                Ok(())
            }
            "cancelled" => {
                self.is(&in_flight)?;
                self.of_order(entry)?;
                let covered = numbers(&entry["numbers"]);
                ensure(self.numbers.is_subset(&covered), "not for every number")?;
                ensure(self.numbers.is_disjoint(&self.arrived), "a number moved")?;
                self.status = "cancelled";
                Ok(())
            }
            "amended" => {
                self.is(&["rejected"])?;
                by(entry, &["admin", "billing_admin", "support"])?;
                self.status = "draft";
                Ok(())
            }
            "withdrawn" => {
                self.is(&["draft", "rejected"])?;
                by(entry, &["admin", "billing_admin", "support"])?;
                self.status = "cancelled";
                Ok(())
            }
            "cancel_requested" => {
                self.is(&["sealed", "submitted", "release_approved", "scheduled"])?;
                by(entry, &["admin", "billing_admin", "support"])
            }
            "slot_asked" => {
                self.is(&["release_approved", "scheduled"])?;
                self.not_early(&entry["slot"])
            }
            "split_off" | "split_from" => self.split(entry, event),
            "observed" => {
                self.of_order(entry)?;
                self.learn(&entry["what"]);
                Ok(())
            }
            "waived" => {
                self.is(&["ported"])?;
                by(entry, &STAFF)?;
                for words in ["reason", "consent"] {
                    ensure(!text(&entry[words]).trim().is_empty(), "blank words")?;
                }
                let key = (text(&entry["number"]), text(&entry["check"]));
                self.waived.insert(key);
                Ok(())
            }
            "overridden" => {
                self.is(&["draft", "sealed", "release_approved", "scheduled"])?;
                by(entry, &STAFF)?;
                for words in ["reason", "value"] {
                    ensure(
                        !text(&entry["what"][words]).trim().is_empty(),
                        "blank words",
                    )?;
                }
                Ok(())
            }
            "stray_order" => {
                let about = &entry["source"]["about"]["attempt"];
                let called = about
                    .as_u64()
                    .is_some_and(|number| self.called.contains(&number));
                ensure(called, "of an attempt that was not sent")?;
                self.source(entry, ("attempt", about))?;
                let order = text(&entry["order"]);
                ensure(self.orders.insert(order.clone()), "a known order")?;
                self.strays.insert(order);
                Ok(())
            }
            "stray_settled" => {
                by(entry, &STAFF)?;
                ensure(!text(&entry["how"]).trim().is_empty(), "blank words")?;
                let open = self.strays.remove(&text(&entry["order"]));
                ensure(open, "no stray order is open")
            }
            "noted" => Ok(()),
            other => Err(format!("an unknown event {other}")),
        }
    }

    fn next_try(&mut self, may_turn_up: bool) {
        if may_turn_up {
            self.given_up.push(self.attempt);
        }
        (self.sent, self.attempt, self.absent) = (false, self.attempt + 1, Vec::new());
    }

    fn sealed(&mut self, entry: &Value) -> Found {
        self.is(&["draft"])?;
        by(entry, &CUSTOMER)?;
        let package = &entry["package"];
        let listed = numbers(&package["numbers"]);
        let letter = numbers(&package["loa"]["numbers"]);
        ensure(listed.is_subset(&letter), "the letter covers fewer")?;
        let (losing, gaining) = (&package["losing"], &package["destination"]["account"]);
        ensure(
            losing["platform"] == package["ticket"]["platform"],
            "another platform's ticket",
        )?;
        ensure(
            losing["account"] != *gaining && losing["carrier_account"] != *gaining,
            "one account",
        )?;
        let earliest = &package["earliest"];
        match &self.frozen {
            Some(frozen) => ensure(frozen == earliest, "the earliest date was frozen")?,
            None => ensure(
                time(&entry["at"])? < time(&earliest["until"])?,
                "the earliest date has passed",
            )?,
        }
        let fresh = Self {
            id: self.id.clone(),
            carrier: self.carrier.clone(),
            attempt: self.attempt + 1,
            frozen: self.frozen.clone(),
            orders: self.orders.clone(),
            strays: self.strays.clone(),
            called: self.called.clone(),
            status: "sealed",
            package: package.clone(),
            numbers: listed,
            ..Self::default()
        };
        *self = fresh;
        Ok(())
    }

    fn approved(&mut self, entry: &Value) -> Found {
        self.is(&["submitted"])?;
        self.of_order(entry)?;
        let gaining = &self.package["destination"]["account"];
        ensure(
            entry["gaining_account"] == *gaining,
            "towards another account",
        )?;
        let covered = numbers(&entry["numbers"]);
        ensure(self.numbers.is_subset(&covered), "not for every number")?;
        let at = time(&entry["source"]["occurred_at"])?;
        let late = self
            .submitted_at
            .is_some_and(|taken| taken - at <= TimeDelta::minutes(5));
        let implied = entry["source"]["basis"] == "implied";
        ensure(late || implied, "older than the submission")?;
        self.status = "release_approved";
        Ok(())
    }

    fn timed(&mut self, entry: &Value) -> Found {
        self.of_order(entry)?;
        let schedule = &entry["schedule"];
        for kind in ["agreed", "carrier_set"] {
            if let Some(slot) = schedule.get(kind) {
                self.not_early(slot)?;
            }
        }
        self.confirmed_at = Some(time(&entry["source"]["occurred_at"])?);
        Ok(())
    }

    fn not_early(&self, slot: &Value) -> Found {
        let earliest = time(&self.package["earliest"]["from"])?;
        ensure(time(&slot["from"])? >= earliest, "before the earliest date")
    }

    fn split(&mut self, entry: &Value, event: &str) -> Found {
        self.is(&["submitted", "release_approved", "scheduled", "ported"])?;
        let part = numbers(&entry["numbers"]);
        let proper = part.is_subset(&self.numbers) && part.len() < self.numbers.len();
        ensure(proper && !part.is_empty(), "not a proper part")?;
        ensure(entry["child"] != *self.id, "no name of its own")?;
        if event == "split_off" {
            self.numbers = &self.numbers - &part;
        } else {
            ensure(entry["parent"] == *self.id, "of another request")?;
            (self.id, self.numbers) = (text(&entry["child"]), part);
        }
        Ok(())
    }

    fn learn(&mut self, what: &Value) {
        if what == "alerts_read" {
            for number in &self.arrived {
                self.met.insert((number.clone(), "alerts".to_owned()), true);
            }
        }
        let Some((kind, fact)) = what.as_object().and_then(|fact| fact.iter().next()) else {
            return;
        };
        let number = text(&fact["number"]);
        let mut set = |check: &str, met: bool| {
            self.met.insert((number.clone(), check.to_owned()), met);
        };
        match kind.as_str() {
            "arrived" if fact["account"] == self.package["destination"]["account"] => {
                self.arrived.insert(number);
            }
            "assigned" => set("assigned", true),
            "registration" => set("registered", fact["state"] == "registered"),
            "tested" => set(&text(&fact["test"]), fact["outcome"] == "passed"),
            "alert" => {
                self.alerts.insert(text(&fact["id"]), number);
            }
            "alert_explained" => {
                self.explained.insert(text(&fact["id"]));
            }
            _ => {}
        }
    }

    fn proven(&self) -> Found {
        for number in &self.numbers {
            for check in CHECKS {
                let key = (number.clone(), check.to_owned());
                let met = self.met.get(&key) == Some(&true) || self.waived.contains(&key);
                ensure(met, &format!("{number}: {check} is open"))?;
            }
            let mut alerts = self.alerts.iter();
            let open = alerts.any(|(id, of)| of == number && !self.explained.contains(id));
            let waived = self.waived.contains(&(number.clone(), "alerts".to_owned()));
            ensure(!open || waived, &format!("{number}: an alert is open"))?;
        }
        Ok(())
    }
}
