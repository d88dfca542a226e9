//! The work list: what staff do next, and what happens if they do not.

mod chase;
mod pace;
mod papers;
mod particulars;
mod paste;
mod stray;
mod urgency;
mod view;

use std::fmt;

use chrono::{DateTime, Utc};

pub use chase::{Chase, Claim};
pub(super) use pace::{Pace, eta, moved};
pub(super) use papers::{Papers, is_way_back};
pub use paste::PasteReady;
pub(super) use stray::Strays;
pub use urgency::Urgency;
pub(super) use urgency::trouble;
pub use view::DeskView;

use super::phrases::{PartyNames, Phrases};
use super::waiting::{Waiting, waiting};
use crate::calendar::{BusinessCalendar, Zone};
use crate::document::{CarrierName, LosingAccount, LosingPlatform, ReleaseTicket};
use crate::id::{AccountId, CarrierId, OrderRef, PortRequestId};
use crate::number::{NumberList, PhoneNumber};
use crate::people::Actor;
use crate::request::{AnyPortRequest as Any, Reason, Status};
use crate::store::StoredTrouble;

/// One request on the work list: what is next, who must do it, by when, and what happens otherwise.
///
/// Made by [`work_item`]. Its words come from a [`Phrases`] catalogue. `Debug` shows neither
/// accounts nor the words of others.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkItem {
    /// The request.
    pub request: PortRequestId,
    /// The carrier under both platforms.
    pub carrier: CarrierId,
    /// What it is called, if the [`DeskView`] says so.
    pub carrier_name: Option<CarrierName>,
    /// The request's state.
    pub status: Status,
    /// Who opened it for the customer.
    pub customer: Option<Actor>,
    /// The numbers, as far as they are known.
    pub numbers: Option<NumberList>,
    /// The account they leave.
    pub losing: Option<LosingAccount>,
    /// The account they move to.
    pub gaining: Option<AccountId>,
    /// Whose move it is, and for what: the next action.
    pub waiting: Waiting,
    /// Why it is on hold or was refused.
    pub reason: Option<Reason>,
    /// The words of others: those of the hold or the refusal, where the submission lies, or why it
    /// was not taken. For staff only.
    pub said: Option<String>,
    /// What is wrong with numbers on their way, and what to do, in the words of the carrier's
    /// integration. For staff only.
    pub alarm: Option<String>,
    /// What stood in the way when a worker last looked.
    pub trouble: Option<StoredTrouble>,
    /// The numbers that were last seen in a wrong account, and which.
    pub astray: Vec<(PhoneNumber, AccountId)>,
    /// Since when the move could have been made, UTC: [`Waiting::since`], or later where a pause
    /// has ended or something had to come first.
    pub since: DateTime<Utc>,
    /// The whole business days since.
    pub age: u32,
    /// When it should be done, or somebody be reminded of it.
    pub due: Option<Due>,
    /// When harm is done, UTC: the carrier closes its ticket, a number is lost, a port begins too
    /// early.
    pub deadline: Option<DateTime<Utc>>,
    /// How bad it is to leave it alone.
    pub urgency: Urgency,
    /// The reminders, where a party is reminded.
    pub chase: Option<Chase>,
    /// The losing platform's ticket.
    pub release_ticket: Option<ReleaseTicket>,
    /// The carrier's ticket or order.
    pub order: Option<OrderRef>,
    /// Who works on it.
    pub claimed_by: Option<Claim>,
    /// A text to be sent as it is, if the next action is to send one and the [`DeskView`] names a
    /// sender; none on the way back, where the sender is not who gains the numbers.
    pub paste_ready: Option<PasteReady>,
    /// The zone of staff: their business calendar's.
    pub zone: Zone,
}

/// A time that something is due, held against the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Due {
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// Whether that is past.
    pub past: bool,
    /// The whole business days until then, or since.
    pub business_days: u32,
}

impl Due {
    fn new(at: DateTime<Utc>, now: DateTime<Utc>, calendar: &BusinessCalendar) -> Self {
        let past = at <= now;
        let business_days = match past {
            true => calendar.days_between(at, now),
            false => calendar.days_between(now, at),
        };
        Self {
            at,
            past,
            business_days,
        }
    }
}

/// What is to be done about `request`; `None` once it has ended and nothing is astray. A pure
/// function.
pub fn work_item(request: &Any, view: &DeskView<'_>) -> Option<WorkItem> {
    let waiting = waiting(request, view.capabilities)?;
    let (policy, now) = (view.policy, view.now);
    let calendar = policy.calendar();
    let pace = Pace::of(request, &waiting, policy);
    let papers = Papers::of(request);
    let alarm = particulars::alarm(request);
    Some(WorkItem {
        request: request.id().clone(),
        carrier: request.carrier().clone(),
        carrier_name: view.carrier_name().cloned(),
        status: request.status(),
        customer: request
            .timeline()
            .first()
            .and_then(|opened| opened.by())
            .cloned(),
        numbers: request.numbers().cloned(),
        losing: papers.losing.cloned(),
        gaining: papers.destination.map(|to| to.account().clone()),
        reason: trouble(request),
        said: particulars::said(request).map(str::to_owned),
        astray: particulars::astray(request),
        since: pace.since,
        age: calendar.days_between(pace.since, now),
        due: pace.due().map(|at| Due::new(at, now, calendar)),
        deadline: pace.deadline,
        urgency: match (&alarm, view.trouble) {
            (Some(_), _) => Urgency::Emergency,
            (None, trouble) => {
                let of_itself = Urgency::of(request, &waiting, &pace, now);
                let of_trouble = trouble.map(|trouble| Urgency::of_trouble(trouble, now));
                of_trouble.map_or(of_itself, |urgency| urgency.min(of_itself))
            }
        },
        trouble: view.trouble.cloned(),
        alarm,
        chase: pace.chase,
        release_ticket: papers.ticket.cloned(),
        order: request.order().cloned(),
        claimed_by: Claim::of(request),
        paste_ready: PasteReady::of(request, &waiting, &pace, view),
        zone: calendar.zone().clone(),
        waiting,
    })
}

/// The work list: the worst to leave alone first, then what is due first, then what waits longest.
pub fn work_list(items: impl IntoIterator<Item = WorkItem>) -> Vec<WorkItem> {
    let mut list: Vec<WorkItem> = items.into_iter().collect();
    list.sort_by(|one, other| one.rank().cmp(&other.rank()));
    list
}

impl WorkItem {
    /// What the order of the list goes by; the name comes last, so that the order is always the
    /// same.
    fn rank(&self) -> impl Ord + '_ {
        let due = self.due.map_or(DateTime::<Utc>::MAX_UTC, |due| due.at);
        (self.urgency, due, self.since, &self.request)
    }

    /// The names its texts need.
    pub fn names(&self) -> PartyNames<'_> {
        PartyNames {
            losing: self.losing.as_ref().map(LosingAccount::platform),
            carrier: self.carrier_name.as_ref(),
        }
    }

    /// The platform the numbers leave, if it is known.
    pub fn losing_platform(&self) -> Option<&LosingPlatform> {
        self.losing.as_ref().map(LosingAccount::platform)
    }

    /// The item in words, a line each: what is next, alarms, the numbers and accounts (masked), since when,
    /// by when, what happens otherwise, tickets, reminders, and who works on it.
    pub fn text(&self, phrases: &dyn Phrases) -> String {
        let lines = [
            Some(phrases.headline(self)),
            phrases.trouble(self),
            phrases.particulars(self),
            Some(phrases.transfer(self)),
            Some(phrases.waits(self)),
            phrases.due(self),
            Some(phrases.if_missed(self)),
            phrases.tickets(self),
            phrases.reminders(self),
            phrases.claim(self),
        ];
        let lines: Vec<String> = lines.into_iter().flatten().collect();
        lines.join("\n")
    }
}

impl fmt::Debug for WorkItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WorkItem")
            .field("request", &self.request)
            .field("status", &self.status)
            .field("urgency", &self.urgency)
            .field("on", &self.waiting.on)
            .field("since", &self.since)
            .field("due", &self.due)
            .field("numbers", &self.numbers.as_ref().map(NumberList::len))
            .finish_non_exhaustive()
    }
}
