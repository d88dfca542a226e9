//! What the customer is told.

mod message;
mod progress;
mod stage;

use chrono::{DateTime, Utc};

pub use message::Message;
pub use stage::{NotMoved, NumberApart, ReadyNumbers, Stage, WhyNot};

use super::phrases::{PartyNames, Phrases};
use super::waiting::of_its_own;
use super::work::{DeskView, Pace, Papers, is_way_back};
use crate::calendar::Zone;
use crate::carrier::Step;
use crate::document::{CarrierName, LosingAccount, LosingPlatform, PackagePart};
use crate::id::PortRequestId;
use crate::people::Party;
use crate::request::AnyPortRequest as Any;

/// What the customer is told of a request: what happened, what is next, who acts, by when, and what
/// still works ("You'll receive updates along the way").
///
/// Made by [`customer_update`]. Its words come from a [`Phrases`] catalogue:
/// [`message`](Self::message) gives them whole.
///
/// ```
/// # use snap_port::desk::{DeskView, English, Stage, customer_update};
/// # use snap_port::testing::sample;
/// # use snap_port::{Capabilities, PortRequestId, RoutePolicy};
/// let (can, policy) = (Capabilities::manual(), RoutePolicy::default());
/// let view = DeskView::new(&can, &policy, sample::time());
///
/// let id = PortRequestId::parse("acme-1")?;
/// let sealed = sample::sealed(id, sample::carrier(), sample::numbers(3), sample::time());
/// let update = customer_update(&sealed.into(), &view);
/// assert_eq!(update.stage, Stage::Received { again: false });
/// let message = update.message(&English);
/// assert_eq!(message.subject, "Number transfer acme-1: we have your request");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CustomerUpdate {
    /// The request.
    pub request: PortRequestId,
    /// What the carrier is called, if the [`DeskView`] says so.
    pub carrier_name: Option<CarrierName>,
    /// The platform the numbers leave, if it is known.
    pub losing: Option<LosingPlatform>,
    /// How many numbers; 0 while none are known.
    pub numbers: usize,
    /// Whether it moves numbers back: then the gaining platform is not "we".
    pub way_back: bool,
    /// Whether a cancellation was asked for that the carrier refused, so that the port goes on.
    pub cancel_refused: bool,
    /// Where the port stands.
    pub stage: Stage,
    /// Who acts; `None` once it has ended and no number is astray.
    pub who: Option<Party>,
    /// By when they should have, UTC, as far as that can be said.
    pub by: Option<DateTime<Utc>>,
    /// Whether that is past.
    pub late: bool,
    /// The customer's zone: that of the earliest port date, until there is one that of the
    /// business calendar.
    pub zone: Zone,
}

/// What the customer is told of `request`. A pure function.
pub fn customer_update(request: &Any, view: &DeskView<'_>) -> CustomerUpdate {
    let waiting = of_its_own(request, view.capabilities);
    let pace = waiting
        .as_ref()
        .map(|waiting| Pace::of(request, waiting, view.policy));
    let stage = progress::stage(request, view, waiting.as_ref().zip(pace.as_ref()));
    let papers = Papers::of(request);
    let who = match &stage {
        // Whatever else the order waits for, this is what the customer waits for.
        Stage::Cancelling { .. } if request.order().is_some() => {
            Some(match view.capabilities.by_api(Step::Cancel) {
                true => Party::Carrier,
                false => Party::Staff,
            })
        }
        Stage::Draft {
            missing,
            asked: true,
            ..
        } if *missing == [PackagePart::Ticket] => Some(Party::LosingPlatform),
        _ => waiting.as_ref().map(|waiting| waiting.on),
    };
    let by = pace.as_ref().and_then(|pace| by(&stage, pace, view.now));
    CustomerUpdate {
        request: request.id().clone(),
        carrier_name: view.carrier_name().cloned(),
        losing: papers.losing.map(LosingAccount::platform).cloned(),
        numbers: request.numbers().map_or(0, |numbers| numbers.len()),
        way_back: is_way_back(request),
        cancel_refused: progress::cancel_refused(request),
        who,
        by,
        late: by.is_some_and(|by| by <= view.now),
        zone: papers
            .earliest
            .map_or_else(|| view.policy.calendar().zone(), |earliest| earliest.zone())
            .clone(),
        stage,
    }
}

/// What of the pace the customer is told.
fn by(stage: &Stage, pace: &Pace, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    match stage {
        // The customer's own time, or not to be foretold.
        Stage::Draft { .. } | Stage::PleaseFix { .. } | Stage::Cancelling { .. } => None,
        // When staff remind the platform; a reminder that is late is no promise.
        Stage::Filed { .. } | Stage::WaitingForProvider { .. } => {
            pace.due().filter(|next| *next > now)
        }
        Stage::OnHold { .. } | Stage::Refused { .. } => pace.deadline,
        Stage::Received { .. }
        | Stage::BeingFiled
        | Stage::ChooseTime { .. }
        | Stage::TimeAsked { .. }
        | Stage::TimeOffered { .. }
        | Stage::Scheduled { .. }
        | Stage::Moving { .. }
        | Stage::Moved { .. }
        // What is to be done at once has no time to wait for.
        | Stage::TooEarly { .. } => pace.due.filter(|due| *due > pace.since),
        Stage::Done { .. } | Stage::Cancelled { .. } => None,
    }
}

impl CustomerUpdate {
    /// The names its texts need.
    pub fn names(&self) -> PartyNames<'_> {
        PartyNames {
            losing: self.losing.as_ref(),
            carrier: self.carrier_name.as_ref(),
        }
    }

    /// The update in words.
    pub fn message(&self, phrases: &dyn Phrases) -> Message {
        Message::of(self, phrases)
    }
}
