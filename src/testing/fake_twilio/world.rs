//! All that is so at a fake Twilio, and what happens there by itself as time passes.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};

use super::account::FakeAccount;
use super::alert::Alert;
use super::books::Books;
use super::call::{Call, CallStep};
use super::callback::Letter;
use super::fault::Faults;
use super::message::{Message, MessageStep};
use super::messaging::Service;
use super::number::Number;
use super::registration::RegistrationStep;
use super::rules::Rules;
use super::ticket::{Ticket, TicketStep};
use crate::number::PhoneNumber;
use crate::testing::clock::after;

/// What is bound to happen.
#[derive(Clone, Debug)]
pub(super) enum Event {
    Call(CallStep),
    Message(MessageStep),
    Registration(RegistrationStep),
    Ticket(TicketStep),
}

/// Everything there is. Times are UTC.
#[derive(Debug)]
pub(super) struct World {
    /// The server's URL, without a slash at its end.
    pub(super) base: String,
    /// When the server started.
    pub(super) opened: DateTime<Utc>,
    /// The time of what is going on.
    pub(super) now: DateTime<Utc>,
    pub(super) accounts: BTreeMap<String, FakeAccount>,
    pub(super) numbers: BTreeMap<String, Number>,
    /// The SID of each number.
    pub(super) sids: BTreeMap<PhoneNumber, String>,
    pub(super) services: BTreeMap<String, Service>,
    pub(super) calls: BTreeMap<String, Call>,
    pub(super) messages: BTreeMap<String, Message>,
    pub(super) alerts: Vec<Alert>,
    pub(super) tickets: BTreeMap<String, Ticket>,
    pub(super) rules: Rules,
    pub(super) faults: Faults,
    pub(super) books: Books,
    /// Callbacks that are due and not sent.
    pub(super) outbox: VecDeque<Letter>,
    /// Registrations begun.
    pub(super) turns: u64,
    /// Made-up numbers.
    pub(super) fillers: usize,
    agenda: BTreeMap<(DateTime<Utc>, u64), Event>,
    planned: u64,
    minted: BTreeMap<&'static str, u64>,
}

impl World {
    pub(super) fn new(base: String, opened: DateTime<Utc>) -> Self {
        Self {
            base,
            opened,
            now: opened,
            accounts: BTreeMap::new(),
            numbers: BTreeMap::new(),
            sids: BTreeMap::new(),
            services: BTreeMap::new(),
            calls: BTreeMap::new(),
            messages: BTreeMap::new(),
            alerts: Vec::new(),
            tickets: BTreeMap::new(),
            rules: Rules::default(),
            faults: Faults::default(),
            books: Books::default(),
            outbox: VecDeque::new(),
            turns: 0,
            fillers: 0,
            agenda: BTreeMap::new(),
            planned: 0,
            minted: BTreeMap::new(),
        }
    }

    /// A SID nobody has: the next of its kind.
    pub(super) fn mint(&mut self, kind: &'static str) -> String {
        let count = self.minted.entry(kind).or_default();
        *count += 1;
        format!("{kind}{count:032x}")
    }

    /// Plans `event` for `delay` after now.
    pub(super) fn plan(&mut self, delay: TimeDelta, event: Event) {
        self.planned += 1;
        let at = after(self.now, delay);
        self.agenda.insert((at, self.planned), event);
    }

    /// Lets everything happen that is due by `now`, each thing at its own time.
    pub(super) fn catch_up(&mut self, now: DateTime<Utc>) {
        while let Some(entry) = self.agenda.first_entry()
            && entry.key().0 <= now
        {
            let ((at, _), event) = entry.remove_entry();
            self.now = at;
            match event {
                Event::Call(step) => self.step_call(step),
                Event::Message(step) => self.step_message(step),
                Event::Registration(step) => self.step_registration(step),
                Event::Ticket(step) => self.step_ticket(step),
            }
        }
        self.now = now;
    }

    /// The account `sid`; one that nobody told of is a stranger's, without credentials.
    pub(super) fn know_account(&mut self, sid: &str) {
        let stranger = || FakeAccount::new(sid);
        self.accounts.entry(sid.to_owned()).or_insert_with(stranger);
    }
}
