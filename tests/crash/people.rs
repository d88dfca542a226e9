//! The customers, the staff, and whoever writes to Twilio's support: what they do next, by what the
//! desk shows.

use chrono::{NaiveDate, TimeDelta};
use serde_json::{Value, json};
use snap_port::{Clock as _, SystemClock};

use super::desk::Desk;
use super::port::{Fate, Port};
use super::twilio::{GAINING, LOSING, Ticket, Twilio};

/// So often support is seen without a ticket before staff say that none was filed.
const SURE: u32 = 5;
/// So often a registration that Twilio told of is not seen before staff state it.
const LOST: u32 = 20;

pub(crate) struct People<'a> {
    pub(crate) desk: &'a Desk<'a>,
    pub(crate) twilio: &'a Twilio<'a>,
    /// Whether the desk tests numbers, so that they do not.
    pub(crate) desk_tests: bool,
}

fn admin() -> Value {
    json!({ "name": "Ann Rivera", "role": "admin" })
}

fn support() -> Value {
    json!({ "name": "Sam Okoye", "role": "support" })
}

fn in_days(days: i64) -> NaiveDate {
    (SystemClock.now() + TimeDelta::days(days)).date_naive()
}

impl People<'_> {
    /// Does the next thing for a port, if the desk answers; gives the part that was split off.
    pub(crate) fn look_after(&self, port: &mut Port) -> Option<Port> {
        if !port.started {
            self.start(port);
            return None;
        }
        let shown = self.desk.get(&format!("/ports/{}", port.id))?;
        if shown.status == 503 {
            return None;
        }
        assert!(shown.is_done(), "{} was acknowledged: {shown:?}", port.id);
        port.heard(&shown.body);
        let shown = shown.body;
        if port.fate == Fate::Early {
            self.reply(port);
        }
        match shown["state"].as_str().unwrap_or_default() {
            "draft" => self.fill_in(port, &shown),
            "sealed" => self.review(port, &shown),
            "submitted" => return self.release(port, &shown),
            "release_approved" => self.schedule(port),
            "scheduled" | "verified" | "cancelled" => {}
            "ported" => self.verify(port, &shown),
            other => panic!("{} is {other}, which nobody wanted", port.id),
        }
        None
    }

    fn start(&self, port: &mut Port) {
        let body = json!({ "id": port.id, "by": admin() });
        let Some(answer) = self.desk.post("/ports", &body) else {
            return;
        };
        match answer.status {
            201 => port.heard(&answer.body),
            // It was taken, and the answer was lost.
            409 => {}
            503 => return,
            _ => panic!("{}: {answer:?}", port.id),
        }
        port.started = true;
    }

    /// What the desk does not take now, it is asked again.
    fn does(&self, port: &mut Port, act: &str, body: &Value) -> bool {
        let path = format!("/ports/{}/{act}", port.id);
        let Some(answer) = self.desk.post(&path, body) else {
            return false;
        };
        if answer.is_done() {
            port.heard(&answer.body);
        } else {
            port.last = format!("{act}: {} {}", answer.status, answer.body);
            assert_ne!(answer.status, 500, "{}: {}", port.id, port.last);
        }
        answer.is_done()
    }

    fn fill_in(&self, port: &mut Port, shown: &Value) {
        if port.fate == Fate::Withdrawn {
            let wish = json!({ "by": admin(), "reason": "changed our minds" });
            self.does(port, "cancel", &wish);
        } else if shown["readiness"]["ready"] == json!(true) {
            self.does(port, "seal", &json!({ "by": admin() }));
        } else {
            let form = json!({
                "by": admin(),
                "numbers": port.numbers,
                "letter": { "signer": "Ann Rivera", "signed_on": in_days(-3), "file": "letter.pdf" },
                "proofs": [{ "kind": "phone bill", "issued_on": in_days(-9), "file": "bill.pdf" }],
                "losing": { "platform": "Aircall", "account": "4711", "carrier_account": LOSING },
                "ticket": { "id": "98765" },
                "destination": { "account": GAINING, "messaging_service": port.service },
                "earliest": { "date": in_days(1), "zone": "UTC" },
                "acknowledge": [
                    "campaign_approved", "texting_pauses", "settings_stay_behind",
                    "old_account_stays_open",
                ],
            });
            self.does(port, "form", &form);
        }
    }

    fn review(&self, port: &mut Port, shown: &Value) {
        match shown["phase"].as_str().unwrap_or_default() {
            "under review" if port.fate == Fate::SentBack && shown["attempt"] == json!(1) => {
                let verdict = json!({
                    "by": support(), "attempt": 1, "verdict": "send_back", "field": "the letter",
                    "reason": "its date cannot be read", "remedy": "date it anew",
                });
                self.does(port, "review", &verdict);
            }
            "under review" => {
                let verdict = json!({
                    "by": support(), "attempt": shown["attempt"], "verdict": "pass",
                    "letter": port.numbers,
                });
                self.does(port, "review", &verdict);
            }
            "in doubt" => {
                port.absent += 1;
                if !self.tickets(port).is_empty() {
                    port.absent = 0;
                } else if port.absent >= SURE {
                    port.absent = 0;
                    let said = json!({ "by": support(), "what": "not_filed", "why": "no ticket" });
                    self.does(port, "statements", &said);
                }
            }
            _ => {}
        }
    }

    fn tickets(&self, port: &Port) -> Vec<Ticket> {
        self.twilio.tickets(&format!("({}#", port.filed_as))
    }

    fn reply(&self, port: &Port) {
        for ticket in self.tickets(port) {
            if ticket.status == "on-hold" {
                self.twilio.reply(&ticket.id);
            }
        }
    }

    fn release(&self, port: &mut Port, shown: &Value) -> Option<Port> {
        if port.fate == Fate::CalledOff {
            self.call_off(port);
            return None;
        }
        if port.fate == Fate::Split && !port.was_split {
            return self.split(port, shown);
        }
        self.reply(port);
        if self.tickets(port).iter().any(Ticket::is_approved) {
            let said = json!({
                "by": support(), "what": "released", "approver": "Aircall",
                "losing_ticket": "98765",
            });
            self.does(port, "statements", &said);
        }
        None
    }

    fn call_off(&self, port: &mut Port) {
        if port.called_off {
            let said = json!({ "by": support(), "what": "cancelled" });
            self.does(port, "statements", &said);
        } else {
            let wish = json!({ "by": admin(), "reason": "changed our minds" });
            port.called_off = self.does(port, "cancel", &wish);
        }
    }

    fn split(&self, port: &mut Port, shown: &Value) -> Option<Port> {
        let left = shown["numbers"].as_array().map_or(0, Vec::len);
        if left == port.numbers.len() {
            let wish = json!({
                "by": support(), "child": port.part(), "numbers": &port.numbers[1..],
                "reason": "it goes on by itself",
            });
            if !self.does(port, "split", &wish) {
                return None;
            }
        }
        Some(port.split_off())
    }

    fn schedule(&self, port: &mut Port) {
        let said = json!({
            "by": support(), "what": "scheduled", "set_by": "agreed",
            "begins": format!("{}T15:00", in_days(1)), "minutes": 60, "zone": "UTC",
        });
        self.does(port, "statements", &said);
    }

    fn verify(&self, port: &mut Port, shown: &Value) {
        let rows = shown["table"].as_array().map_or(&[][..], Vec::as_slice);
        let open = |check: &str| {
            let is_open = |row: &&Value| {
                let checks = row["checks"].as_array().into_iter().flatten();
                let mut checks = checks.filter(|one| one["check"] == json!(check));
                checks.any(|one| one["state"] == json!("open"))
            };
            rows.iter().filter(is_open).collect::<Vec<_>>()
        };
        if !self.desk_tests {
            let tests = [
                ("voice out", "voice_out"),
                ("voice in", "voice_in"),
                ("SMS out", "sms_out"),
                ("SMS in", "sms_in"),
            ];
            if let Some((_, test)) = tests.iter().find(|(check, _)| !open(check).is_empty()) {
                let said = json!({
                    "by": support(), "what": "tested", "test": test, "outcome": "passed",
                });
                self.does(port, "statements", &said);
                return;
            }
        }
        let unregistered = open("registered");
        if unregistered.is_empty() {
            self.does(port, "sign-off", &json!({ "by": support() }));
            return;
        }
        // Twilio tells of a registration once: a desk that was dead just then never hears of it.
        let told = self.twilio.relay.registered();
        let is_told = |row: &Value| {
            let number = row["number"].as_str();
            number.is_some_and(|number| told.contains(number))
        };
        if rows.iter().all(is_told) {
            port.unheard += 1;
            if port.unheard >= LOST {
                let said = json!({
                    "by": support(), "what": "registered", "state": "registered",
                });
                self.does(port, "statements", &said);
            }
        }
    }
}
