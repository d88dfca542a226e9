//! Plain English.

mod ahead;
mod particulars;
mod told;
mod trouble;
mod work;

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, Utc};

use super::{PartyNames, Phrases};
use crate::calendar::Zone;
use crate::desk::update::{CustomerUpdate, NotMoved, NumberApart};
use crate::desk::work::{Urgency, WorkItem};
use crate::document::PackagePart;
use crate::people::{Finding, Party};
use crate::readiness::Concern;
use crate::request::{CarryoverItem, CarryoverState, Reason};

/// Plain English, in which the gaining platform is "we" and the customer "you".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct English;

impl Phrases for English {
    fn time(&self, at: DateTime<Utc>, zone: &Zone) -> String {
        zone.show(at)
    }

    fn day(&self, date: NaiveDate) -> String {
        date.format("%a %-d %b %Y").to_string()
    }

    fn more(&self, count: usize) -> String {
        format!("and {count} more")
    }

    fn subject(&self, update: &CustomerUpdate) -> String {
        told::subject(update)
    }

    fn happened(&self, update: &CustomerUpdate) -> String {
        told::happened(update)
    }

    fn next(&self, update: &CustomerUpdate) -> String {
        ahead::next(update)
    }

    fn turn(&self, update: &CustomerUpdate) -> Option<String> {
        ahead::turn(update)
    }

    fn still_works(&self, update: &CustomerUpdate) -> String {
        ahead::still_works(update)
    }

    fn part(&self, part: PackagePart, names: PartyNames<'_>) -> String {
        let old = old(names);
        match part {
            PackagePart::Numbers => "the list of numbers".to_owned(),
            PackagePart::Loa => "the signed letter of authorization".to_owned(),
            PackagePart::Proof => "a proof that the numbers are yours, such as a bill".to_owned(),
            PackagePart::Losing => "the account the numbers are in now".to_owned(),
            PackagePart::Ticket => format!(
                "the ticket ID or confirmation number from {old}: ask it to approve the transfer, \
                 and it will give you one"
            ),
            PackagePart::Destination => "the account the numbers move to (we add it)".to_owned(),
            PackagePart::Earliest => {
                "the earliest date on which the numbers may move; it cannot be changed later"
                    .to_owned()
            }
            PackagePart::A2p => "the boxes on texting (A2P 10DLC)".to_owned(),
        }
    }

    fn ticket_awaited(&self, names: PartyNames<'_>) -> String {
        let old = old(names);
        format!(
            "the ticket ID or confirmation number from {old}, which was asked to approve the \
             transfer: enter it as soon as you have it"
        )
    }

    fn concern(&self, concern: &Concern) -> String {
        format!("{}; {}", concern.reason(), concern.remedy())
    }

    fn finding(&self, finding: &Finding) -> String {
        format!("{}: {}; {}", finding.field, finding.reason, finding.remedy)
    }

    fn reason(&self, reason: Reason, names: PartyNames<'_>) -> String {
        trouble::reason(reason, names)
    }

    fn remedy(&self, reason: Reason, party: Party, names: PartyNames<'_>) -> String {
        trouble::remedy(reason, party, names)
    }

    fn not_moved(&self, number: &NotMoved, names: PartyNames<'_>) -> String {
        trouble::not_moved(number, names)
    }

    fn apart(&self, number: &NumberApart) -> String {
        format!("{} goes on as request {}", number.number, number.request)
    }

    fn carryover(&self, item: CarryoverItem, state: CarryoverState) -> String {
        if state == CarryoverState::Exported {
            return format!("{item}: we have what you gave us, and set it up");
        }
        match item {
            CarryoverItem::OptOuts => {
                "opt-outs: give us the list of people who asked for no more texts; it does not \
                 move by itself"
            }
            CarryoverItem::E911 => "emergency calls (E911): tell us the address of each number",
            CarryoverItem::TollFreeVerification => {
                "toll-free numbers: they are verified anew before they text"
            }
            CarryoverItem::WhatsAppSender => {
                "WhatsApp: tell us which numbers send there; they are registered anew"
            }
            CarryoverItem::Cnam => "caller name (CNAM): tell us the name that is to be shown",
            CarryoverItem::Bundle => {
                "regulations: numbers of some countries need an address or papers on our side"
            }
        }
        .to_owned()
    }

    fn party(&self, party: Party, names: PartyNames<'_>) -> String {
        match party {
            Party::Customer => "the customer".to_owned(),
            Party::LosingPlatform => match names.losing {
                Some(platform) => platform.to_string(),
                None => "the losing platform".to_owned(),
            },
            Party::Carrier => carrier(names).into_owned(),
            Party::Staff => "staff".to_owned(),
            Party::Registry => "the campaign registry".to_owned(),
        }
    }

    fn urgency(&self, urgency: Urgency) -> String {
        match urgency {
            Urgency::Emergency => "EMERGENCY",
            Urgency::Overdue => "overdue",
            Urgency::Alarm => "silent for days",
            Urgency::ChaseDue => "remind",
            Urgency::Now => "to do",
            Urgency::Waiting => "waiting",
        }
        .to_owned()
    }

    fn headline(&self, item: &WorkItem) -> String {
        work::headline(item)
    }

    fn next_action(&self, item: &WorkItem) -> String {
        work::next_action(item)
    }

    fn transfer(&self, item: &WorkItem) -> String {
        work::transfer(item)
    }

    fn waits(&self, item: &WorkItem) -> String {
        work::waits(item)
    }

    fn due(&self, item: &WorkItem) -> Option<String> {
        work::due(item)
    }

    fn if_missed(&self, item: &WorkItem) -> String {
        work::if_missed(item)
    }

    fn tickets(&self, item: &WorkItem) -> Option<String> {
        work::tickets(item)
    }

    fn reminders(&self, item: &WorkItem) -> Option<String> {
        work::reminders(item)
    }

    fn trouble(&self, item: &WorkItem) -> Option<String> {
        work::met_trouble(item)
    }

    fn particulars(&self, item: &WorkItem) -> Option<String> {
        particulars::particulars(item)
    }

    fn claim(&self, item: &WorkItem) -> Option<String> {
        work::claim(item)
    }
}

/// The losing platform, as the customer calls it.
fn old(names: PartyNames<'_>) -> Cow<'_, str> {
    match names.losing {
        Some(platform) => platform.to_string().into(),
        None => "your provider".into(),
    }
}

/// The customer's account with the losing platform.
fn old_account(names: PartyNames<'_>) -> Cow<'_, str> {
    match names.losing {
        Some(platform) => format!("your {platform} account").into(),
        None => "your old account".into(),
    }
}

/// The carrier, as people call it.
fn carrier(names: PartyNames<'_>) -> Cow<'_, str> {
    match names.carrier {
        Some(name) => name.as_str().into(),
        None => "the carrier".into(),
    }
}

/// The same at the start of a sentence.
fn begin(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// A count with its noun, such as `1 number` or `3 numbers`.
fn count(n: usize, noun: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{n} {noun}{plural}")
}
