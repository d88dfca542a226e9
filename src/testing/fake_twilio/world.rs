//! All that is so at a fake Twilio, and what happens there by itself as time passes.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};

use crate::number::PhoneNumber;
use crate::testing::clock::after;
use crate::testing::fake_twilio::books::Books;
use crate::testing::fake_twilio::callback::letter::Letter;
use crate::testing::fake_twilio::product::account::FakeAccount;
use crate::testing::fake_twilio::product::alert::Alert;
use crate::testing::fake_twilio::product::call::{Call, CallStep};
use crate::testing::fake_twilio::product::message::{Message, MessageStep};
use crate::testing::fake_twilio::product::messaging::Service;
use crate::testing::fake_twilio::product::number::Number;
use crate::testing::fake_twilio::product::registration::RegistrationStep;
use crate::testing::fake_twilio::rules::Rules;
use crate::testing::fake_twilio::support::ticket::{Ticket, TicketStep};
use crate::testing::fake_twilio::wire::fault::Faults;

/// What is bound to happen.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    Call(CallStep),
    Message(MessageStep),
    Registration(RegistrationStep),
    Ticket(TicketStep),
}

/// Everything there is. Times are UTC.
#[derive(Debug)]
pub(crate) struct World {
    /// The server's URL, without a slash at its end.
    pub(crate) base: String,
    /// When the server started.
    pub(crate) opened: DateTime<Utc>,
    /// The time of what is going on.
    pub(crate) now: DateTime<Utc>,
    pub(crate) accounts: BTreeMap<String, FakeAccount>,
    pub(crate) numbers: BTreeMap<String, Number>,
    /// The SID of each number.
    pub(crate) sids: BTreeMap<PhoneNumber, String>,
    pub(crate) services: BTreeMap<String, Service>,
    pub(crate) calls: BTreeMap<String, Call>,
    pub(crate) messages: BTreeMap<String, Message>,
    pub(crate) alerts: Vec<Alert>,
    pub(crate) tickets: BTreeMap<String, Ticket>,
    pub(crate) rules: Rules,
    pub(crate) faults: Faults,
    pub(crate) books: Books,
    /// Callbacks that are due and not sent.
    pub(crate) outbox: VecDeque<Letter>,
    /// Registrations begun.
    pub(crate) turns: u64,
    /// Made-up numbers.
    pub(crate) fillers: usize,
    agenda: BTreeMap<(DateTime<Utc>, u64), Event>,
    planned: u64,
    minted: BTreeMap<&'static str, u64>,
}

impl World {
    pub(crate) fn new(base: String, opened: DateTime<Utc>) -> Self {
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
    pub(crate) fn mint(&mut self, kind: &'static str) -> String {
        let count = self.minted.entry(kind).or_default();
        *count += 1;
        format!("{kind}{count:032x}")
    }

    /// Plans `event` for `delay` after now.
    pub(crate) fn plan(&mut self, delay: TimeDelta, event: Event) {
        self.planned += 1;
        let at = after(self.now, delay);
        self.agenda.insert((at, self.planned), event);
    }

    /// Lets everything happen that is due by `now`, each thing at its own time.
    pub(crate) fn catch_up(&mut self, now: DateTime<Utc>) {
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
    pub(crate) fn know_account(&mut self, sid: &str) {
        let stranger = || FakeAccount::new(sid);
        self.accounts.entry(sid.to_owned()).or_insert_with(stranger);
    }
}
