use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::number::PhoneNumber;
use crate::testing::fake_twilio::shown::masked;
use crate::testing::fake_twilio::support::script::{FakeSupport, First};
use crate::testing::fake_twilio::wire::params::iso;
use crate::testing::fake_twilio::world::{Event, World};

/// A ticket for Twilio's support: please move numbers between two accounts. `Debug` shows of
/// accounts the last four characters.
#[derive(Clone, PartialEq, Eq)]
pub struct FakeTicket {
    /// Its subject line.
    pub subject: String,
    /// The account that has the numbers, `AC...`.
    pub losing: String,
    /// The account that shall have them, `AC...`.
    pub gaining: String,
    /// The numbers, in the order they are moved in.
    pub numbers: Vec<PhoneNumber>,
    /// What else is written.
    pub body: String,
}

/// Where a ticket stands. `Debug` shows of accounts the last four characters.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FakeTicketState {
    /// Its ID.
    pub id: String,
    /// What was asked for.
    pub ticket: FakeTicket,
    /// When it came, UTC.
    pub filed_at: DateTime<Utc>,
    /// What the support people said.
    pub status: FakeTicketStatus,
    /// The numbers they moved so far, wherever to.
    pub moved: Vec<PhoneNumber>,
    /// What happened, in words, with its time in UTC.
    pub log: Vec<(DateTime<Utc>, String)>,
}

/// What the support people said of a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FakeTicketStatus {
    /// Nothing yet.
    Open,
    /// They wait for something.
    OnHold(String),
    /// They will move the numbers.
    Approved,
    /// They will not.
    Refused(String),
    /// They have moved what there was to move.
    Done,
    /// It closed itself in silence.
    Closed,
}

impl fmt::Debug for FakeTicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeTicket")
            .field("subject", &masked(&self.subject))
            .field("losing", &masked(&self.losing))
            .field("gaining", &masked(&self.gaining))
            .field("numbers", &self.numbers)
            .field("body", &masked(&self.body))
            .finish()
    }
}

impl fmt::Debug for FakeTicketState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let log = self.log.iter().map(|(at, text)| (at, masked(text)));
        f.debug_struct("FakeTicketState")
            .field("id", &self.id)
            .field("ticket", &self.ticket)
            .field("filed_at", &self.filed_at)
            .field("status", &self.status)
            .field("moved", &self.moved)
            .field("log", &log.collect::<Vec<_>>())
            .finish()
    }
}

#[derive(Debug)]
pub(crate) struct Ticket {
    state: FakeTicketState,
    support: FakeSupport,
    /// Steps of earlier turns are void.
    turn: u64,
    left: Vec<PhoneNumber>,
    /// Whether the hold was lifted by a reply.
    replied: bool,
}

/// Support people turn to a ticket.
#[derive(Clone, Debug)]
pub(crate) struct TicketStep {
    id: String,
    turn: u64,
    what: What,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Answer,
    Move,
    MoveRest,
    Close,
}

/// Tickets nobody writes in close themselves.
const CLOSES_AFTER_DAYS: i64 = 9;

impl Ticket {
    pub(crate) fn state(&self) -> &FakeTicketState {
        &self.state
    }

    /// The account support moves `number` into.
    fn target(&self, number: PhoneNumber) -> &str {
        let told = &self.state.ticket;
        let place = told.numbers.iter().position(|known| *known == number);
        match (&self.support.some_into, place) {
            (Some((count, account)), Some(place)) if place < *count => account,
            _ => self.support.into.as_ref().unwrap_or(&told.gaining),
        }
    }

    pub(crate) fn shows(&self) -> Value {
        let state = &self.state;
        let texts = |numbers: &[PhoneNumber]| -> Vec<String> {
            numbers.iter().map(|number| (*number).into()).collect()
        };
        let (status, reason) = match &state.status {
            FakeTicketStatus::Open => ("open", None),
            FakeTicketStatus::OnHold(reason) => ("on-hold", Some(reason)),
            FakeTicketStatus::Approved => ("approved", None),
            FakeTicketStatus::Refused(reason) => ("refused", Some(reason)),
            FakeTicketStatus::Done => ("done", None),
            FakeTicketStatus::Closed => ("closed", None),
        };
        let log = state
            .log
            .iter()
            .map(|(at, text)| json!({ "at": iso(*at), "text": text }));
        json!({
            "body": state.ticket.body,
            "filed_at": iso(state.filed_at),
            "gaining": state.ticket.gaining,
            "id": state.id,
            "log": log.collect::<Vec<_>>(),
            "losing": state.ticket.losing,
            "moved": texts(&state.moved),
            "numbers": texts(&state.ticket.numbers),
            "reason": reason,
            "status": status,
            "subject": state.ticket.subject,
        })
    }
}

impl World {
    pub(crate) fn file_ticket(&mut self, ticket: FakeTicket) -> String {
        let support = self.rules.next_support.pop_front();
        let support = support.unwrap_or_else(|| self.rules.support.clone());
        let id = format!("{}", 24_000_001 + self.tickets.len());
        let state = FakeTicketState {
            id: id.clone(),
            filed_at: self.now,
            status: FakeTicketStatus::Open,
            moved: Vec::new(),
            log: vec![(self.now, "filed".to_owned())],
            ticket: ticket.clone(),
        };
        let left = ticket.numbers;
        let filed = Ticket {
            state,
            support,
            turn: 0,
            left,
            replied: false,
        };
        self.tickets.insert(id.clone(), filed);
        self.take_up(&id);
        id
    }

    /// A reply lifts a hold and opens a closed ticket; others it leaves as they are.
    pub(crate) fn reply_to_ticket(&mut self, id: &str) -> bool {
        let now = self.now;
        let Some(ticket) = self.tickets.get_mut(id) else {
            return false;
        };
        ticket.state.log.push((now, "replied to".to_owned()));
        let waits = match ticket.state.status {
            FakeTicketStatus::OnHold(_) | FakeTicketStatus::Closed => true,
            FakeTicketStatus::Open => ticket.support.first == First::Nothing && !ticket.replied,
            _ => false,
        };
        if waits {
            ticket.state.status = FakeTicketStatus::Open;
            ticket.replied = true;
            self.take_up(id);
        }
        true
    }

    /// The numbers of an approved ticket move at this time instead.
    pub(crate) fn agree_time(&mut self, id: &str, at: DateTime<Utc>) -> bool {
        let now = self.now;
        let approved = self
            .tickets
            .get_mut(id)
            .filter(|ticket| ticket.state.status == FakeTicketStatus::Approved);
        let Some(ticket) = approved else {
            return false;
        };
        ticket.turn += 1;
        ticket
            .state
            .log
            .push((now, format!("agreed on {}", iso(at))));
        let delay = at.signed_duration_since(now).max(TimeDelta::zero());
        self.plan_ticket(id, delay, What::Move);
        true
    }

    fn take_up(&mut self, id: &str) {
        let Some(ticket) = self.tickets.get_mut(id) else {
            return;
        };
        ticket.turn += 1;
        let FakeSupport {
            first,
            answers_after,
            early,
            ..
        } = ticket.support.clone();
        if first == First::Nothing && !ticket.replied {
            self.plan_ticket(id, TimeDelta::days(CLOSES_AFTER_DAYS), What::Close);
            return;
        }
        self.plan_ticket(id, answers_after, What::Answer);
        if early {
            self.plan_ticket(id, answers_after / 2, What::Move);
        }
    }

    fn plan_ticket(&mut self, id: &str, delay: TimeDelta, what: What) {
        let turn = self.tickets.get(id).map_or(0, |ticket| ticket.turn);
        let id = id.to_owned();
        self.plan(delay, Event::Ticket(TicketStep { id, turn, what }));
    }

    pub(crate) fn step_ticket(&mut self, step: TicketStep) {
        let current = self
            .tickets
            .get(&step.id)
            .is_some_and(|ticket| ticket.turn == step.turn);
        if !current {
            return;
        }
        match step.what {
            What::Answer => self.answer_ticket(&step.id),
            What::Move => self.move_part(&step.id, false),
            What::MoveRest => self.move_part(&step.id, true),
            What::Close => self.say(&step.id, FakeTicketStatus::Closed, "closed in silence"),
        }
    }

    fn answer_ticket(&mut self, id: &str) {
        let Some(ticket) = self.tickets.get(id) else {
            return;
        };
        let (first, replied) = (ticket.support.first.clone(), ticket.replied);
        let (early, moves_after) = (ticket.support.early, ticket.support.moves_after);
        match first {
            First::Refuses(reason) => {
                let words = format!("refused: {reason}");
                self.say(id, FakeTicketStatus::Refused(reason), &words);
            }
            First::Holds(reason) if !replied => {
                let words = format!("on hold: {reason}");
                self.say(id, FakeTicketStatus::OnHold(reason), &words);
            }
            First::Approves | First::Holds(_) | First::Nothing => {
                self.say(id, FakeTicketStatus::Approved, "approved");
                if !early {
                    self.plan_ticket(id, moves_after, What::Move);
                }
                self.finish(id);
            }
        }
    }

    /// Moves what is to be moved now: some of the numbers, or all that are left.
    fn move_part(&mut self, id: &str, rest: bool) {
        let Some(ticket) = self.tickets.get_mut(id) else {
            return;
        };
        let losing = ticket.state.ticket.losing.clone();
        let some = ticket.support.some.filter(|_| !rest);
        let count = some.map_or(ticket.left.len(), |(count, _)| count.min(ticket.left.len()));
        let now: Vec<(PhoneNumber, String)> = ticket.left[..count]
            .iter()
            .map(|number| (*number, ticket.target(*number).to_owned()))
            .collect();
        let receives = |account: &crate::testing::fake_twilio::FakeAccount| {
            account.is_active() && !account.is_trial()
        };
        let refuses = |target: &String| !self.accounts.get(target).is_none_or(receives);
        if now.iter().any(|(_, target)| refuses(target)) {
            let reason = "the gaining account cannot receive numbers";
            self.say(id, FakeTicketStatus::Refused(reason.to_owned()), reason);
            return;
        }
        let Some(ticket) = self.tickets.get_mut(id) else {
            return;
        };
        ticket.left.drain(..count);
        let deletes = ticket.support.deletes.clone();
        for (number, target) in now {
            self.move_one(id, number, &losing, &target, &deletes);
        }
        if let Some((_, rest_after)) = some {
            self.plan_ticket(id, rest_after, What::MoveRest);
        }
        self.finish(id);
    }

    fn move_one(
        &mut self,
        id: &str,
        number: PhoneNumber,
        losing: &str,
        gaining: &str,
        deletes: &[PhoneNumber],
    ) {
        let words = if self.account_of(number) != Some(losing) {
            format!("{number} is not in the losing account")
        } else if deletes.contains(&number) {
            self.remove_number(number);
            format!("{number} released")
        } else {
            self.place_number(number, gaining);
            if let Some(ticket) = self.tickets.get_mut(id) {
                ticket.state.moved.push(number);
            }
            format!("{number} moved to {gaining}")
        };
        self.log(id, words);
    }

    /// An approved ticket with nothing left is done.
    fn finish(&mut self, id: &str) {
        let Some(ticket) = self.tickets.get_mut(id) else {
            return;
        };
        if ticket.state.status == FakeTicketStatus::Approved && ticket.left.is_empty() {
            ticket.state.status = FakeTicketStatus::Done;
        }
    }

    fn say(&mut self, id: &str, status: FakeTicketStatus, words: &str) {
        if let Some(ticket) = self.tickets.get_mut(id) {
            ticket.state.status = status;
        }
        self.log(id, words.to_owned());
    }

    fn log(&mut self, id: &str, words: String) {
        let now = self.now;
        if let Some(ticket) = self.tickets.get_mut(id) {
            ticket.state.log.push((now, words));
        }
    }
}
