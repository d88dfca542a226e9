//! The words of the work list and of customer updates.

mod english;

use std::fmt::Debug;

use chrono::{DateTime, NaiveDate, Utc};

pub use english::English;

use super::update::{CustomerUpdate, NotMoved, NumberApart};
use super::work::{Urgency, WorkItem};
use crate::calendar::Zone;
use crate::document::{CarrierName, LosingPlatform, PackagePart};
use crate::people::{Finding, Party};
use crate::readiness::Concern;
use crate::request::{CarryoverItem, CarryoverState, Reason};

/// The names a text may need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PartyNames<'a> {
    /// The platform the numbers leave, if it is known.
    pub losing: Option<&'a LosingPlatform>,
    /// What the carrier is called, if it was said.
    pub carrier: Option<&'a CarrierName>,
}

/// The words of work items and customer updates: the whole catalogue. [`English`] is one; an
/// application with words of its own, or another language, writes another.
///
/// A catalogue may hand what it does not change to [`English`]; but the sentences of `English` call
/// its own parts, so another `time` or `party` alone shows only where the library calls it.
///
/// No method has a default, so that a text that is added stops every catalogue at compile time.
/// Each method gives a whole sentence, line or name; the library puts lines together and adds
/// nothing but `- ` before the items of a list.
///
/// A catalogue tells the customer that the losing platform is to *approve the transfer*, never to
/// release or delete a number: a number that is literally released goes back to the carrier's pool
/// and may be lost. What a text to the customer may say is in the update; the words of a carrier
/// or platform are not, because another customer may be named in them.
///
/// Texts to be pasted into a ticket are no part of it: they go to the carrier or the losing
/// platform, in English.
pub trait Phrases: Debug + Send + Sync {
    /// A time, as people in `zone` read it.
    fn time(&self, at: DateTime<Utc>, zone: &Zone) -> String;
    /// A date.
    fn day(&self, date: NaiveDate) -> String;
    /// The end of a list that is cut short: that there are this many more.
    fn more(&self, count: usize) -> String;

    /// An update's subject, one line.
    fn subject(&self, update: &CustomerUpdate) -> String;
    /// What happened.
    fn happened(&self, update: &CustomerUpdate) -> String;
    /// What is next.
    fn next(&self, update: &CustomerUpdate) -> String;
    /// Who acts, by when; `None` once nobody need.
    fn turn(&self, update: &CustomerUpdate) -> Option<String>;
    /// What still works.
    fn still_works(&self, update: &CustomerUpdate) -> String;
    /// A part of the package that is missing.
    fn part(&self, part: PackagePart, names: PartyNames<'_>) -> String;
    /// That the losing platform was asked and its ticket is awaited.
    fn ticket_awaited(&self, names: PartyNames<'_>) -> String;
    /// What the customer should mend of what is there. [`Concern::reason`] and
    /// [`Concern::remedy`] are English; [`Concern::cause`] and [`Concern::part`] are for other
    /// languages.
    fn concern(&self, concern: &Concern) -> String;
    /// What a reviewer found, and what the customer is to do.
    fn finding(&self, finding: &Finding) -> String;
    /// Why the transfer is on hold or was refused, told to the customer.
    fn reason(&self, reason: Reason, names: PartyNames<'_>) -> String;
    /// What is to be done about `reason` by `party`, told to the customer.
    fn remedy(&self, reason: Reason, party: Party, names: PartyNames<'_>) -> String;
    /// A number that has not moved with the others, and why.
    fn not_moved(&self, number: &NotMoved, names: PartyNames<'_>) -> String;
    /// A number that goes on as a request of its own.
    fn apart(&self, number: &NumberApart) -> String;
    /// What is to be settled before campaigns, because it does not move with a number, and how far
    /// it has come.
    fn carryover(&self, item: CarryoverItem, state: CarryoverState) -> String;

    /// A party's name in the work list.
    fn party(&self, party: Party, names: PartyNames<'_>) -> String;
    /// How bad it is to leave an item alone.
    fn urgency(&self, urgency: Urgency) -> String;
    /// An item's first line: how urgent, which request, what is next.
    fn headline(&self, item: &WorkItem) -> String;
    /// What is next, to be done by the party that is awaited.
    fn next_action(&self, item: &WorkItem) -> String;
    /// What stood in the way when a worker last looked, if something did.
    fn trouble(&self, item: &WorkItem) -> Option<String>;
    /// An alarm, the numbers that are astray and where (masked), where the submission lies or why
    /// it was not taken; a line each, `None` if there is nothing of the kind.
    fn particulars(&self, item: &WorkItem) -> Option<String>;
    /// The customer, the numbers, and between which accounts they move (masked).
    fn transfer(&self, item: &WorkItem) -> String;
    /// On whom it waits, since when.
    fn waits(&self, item: &WorkItem) -> String;
    /// By when, if that can be said.
    fn due(&self, item: &WorkItem) -> Option<String>;
    /// What happens if it is missed.
    fn if_missed(&self, item: &WorkItem) -> String;
    /// The tickets of both sides, if there is one.
    fn tickets(&self, item: &WorkItem) -> Option<String>;
    /// The reminders, where a party is reminded.
    fn reminders(&self, item: &WorkItem) -> Option<String>;
    /// Who works on it, if somebody does.
    fn claim(&self, item: &WorkItem) -> Option<String>;
}
