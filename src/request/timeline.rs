use std::fmt;

use chrono::{DateTime, Utc};

use super::event::Event;
use super::evidence::{AttemptFact, Basis, Source};
use super::fact::Fact;
use super::graph;
use super::note::Note;
use super::record::RecordError;
use super::refusal::Reason;
use super::status::Status;
use crate::id::PortRequestId;
use crate::number::NumberList;
use crate::people::Actor;

/// One entry of a request's history, for people: what, who, when, on what basis.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    event: &'a Event,
}

impl<'a> Entry<'a> {
    pub(super) fn new(event: &'a Event) -> Self {
        Self { event }
    }

    /// The event's name as it is stored, such as `release_approved`'s `approved`.
    pub fn kind(&self) -> &'static str {
        self.event.kind()
    }

    /// The state it entered; `None` for a note.
    pub fn enters(&self) -> Option<Status> {
        graph::enters(self.kind())
    }

    /// When it was recorded, UTC, by our clock.
    pub fn recorded_at(&self) -> DateTime<Utc> {
        self.event.recorded_at()
    }

    /// When it occurred, UTC, by the clock of whoever said so; for what we do ourselves, when it
    /// was recorded.
    pub fn occurred_at(&self) -> DateTime<Utc> {
        self.source()
            .map_or(self.recorded_at(), |source| source.occurred_at)
    }

    /// On what it rests; `None` for what our own people do.
    pub fn basis(&self) -> Option<&'a Basis> {
        self.source().map(|source| &source.basis)
    }

    /// What was observed; `None` for anything but an observation.
    pub fn fact(&self) -> Option<&'a Fact> {
        match self.event {
            Event::Observed(seen) => Some(&seen.what),
            _ => None,
        }
    }

    /// Why the request was paused or refused; `None` for anything but a hold or a refusal.
    pub(crate) fn reason(&self) -> Option<Reason> {
        match self.event {
            Event::Rejected(refused) => Some(refused.refusal.reason()),
            _ => match self.fact() {
                Some(Fact::Held(hold)) => Some(hold.reason()),
                _ => None,
            },
        }
    }

    /// The note; `None` for anything but a note.
    pub fn note(&self) -> Option<&'a Note> {
        match self.event {
            Event::Noted { note, .. } => Some(note),
            _ => None,
        }
    }

    /// The person it comes from, if it comes from one.
    pub fn by(&self) -> Option<&'a Actor> {
        match self.event {
            Event::Opened { by, .. }
            | Event::Sealed { by, .. }
            | Event::Reviewed { by, .. }
            | Event::SentBack { by, .. }
            | Event::SlotAsked { by, .. }
            | Event::Amended { by, .. }
            | Event::CancelRequested { by, .. }
            | Event::Withdrawn { by, .. }
            | Event::SplitOff { by, .. }
            | Event::SplitFrom { by, .. }
            | Event::Waived { by, .. }
            | Event::Noted { by, .. }
            | Event::Overridden { by, .. }
            | Event::StraySettled { by, .. } => Some(by),
            Event::Verified(signed) => Some(&signed.by),
            _ => match self.basis() {
                Some(Basis::Attested(by)) => Some(by),
                _ => None,
            },
        }
    }

    fn source(&self) -> Option<&'a Source> {
        match self.event {
            Event::AttemptHeard(e) => Some(&e.source),
            Event::Submitted(e) | Event::StrayOrder(e) => Some(&e.source),
            Event::Approved(e) => Some(&e.source),
            Event::Scheduled(e) | Event::Rescheduled(e) => Some(&e.source),
            Event::Ported(e) => Some(&e.source),
            Event::Rejected(e) => Some(&e.source),
            Event::Cancelled(e) => Some(&e.source),
            Event::Observed(e) => Some(&e.source),
            _ => None,
        }
    }
}

/// An entry of a history on its own, as a store gave it: its shape was checked, its place in the
/// history was not.
#[derive(Clone, PartialEq, Eq)]
pub struct AcceptedEvent {
    request: PortRequestId,
    place: usize,
    event: Event,
}

impl AcceptedEvent {
    pub(crate) fn read(
        request: PortRequestId,
        place: usize,
        bytes: &[u8],
    ) -> Result<Self, RecordError> {
        Ok(Self {
            event: Event::from_json(bytes, place)?,
            request,
            place,
        })
    }

    /// Whose history it is of.
    pub fn request(&self) -> &PortRequestId {
        &self.request
    }

    /// Its place in that history, from 0.
    pub fn place(&self) -> usize {
        self.place
    }

    /// What happened.
    pub fn entry(&self) -> Entry<'_> {
        Entry::new(&self.event)
    }

    /// Whether it is the opening of the request that this one was split off.
    pub(crate) fn opens_another(&self) -> bool {
        matches!(&self.event, Event::Opened { request, .. } if *request != self.request)
    }

    /// Whether this request begins a history of its own with it.
    pub(crate) fn splits_off(&self) -> bool {
        matches!(&self.event, Event::SplitFrom { child, .. } if *child == self.request)
    }
}

impl fmt::Debug for AcceptedEvent {
    /// Where it is and of what kind; never what it says.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AcceptedEvent")
            .field("request", &self.request)
            .field("place", &self.place)
            .field("kind", &self.event.kind())
            .finish_non_exhaustive()
    }
}

/// What happened, as a sentence without who and when.
impl fmt::Display for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.event {
            Event::Opened {
                request, reverses, ..
            } => match reverses {
                None => write!(f, "port request {request} opened"),
                Some(former) => write!(f, "port request {request} opened to reverse {former}"),
            },
            Event::Sealed { package, .. } => write!(
                f,
                "package of {} sealed and handed in",
                count(package.numbers())
            ),
            Event::Reviewed { .. } => f.write_str("review passed"),
            Event::SentBack { findings, .. } => {
                f.write_str("sent back to the customer")?;
                for (i, finding) in findings.iter().enumerate() {
                    let sign = if i == 0 { ": " } else { "; " };
                    write!(f, "{sign}{}: {}", finding.field, finding.reason)?;
                }
                Ok(())
            }
            Event::Dispatched { .. } => f.write_str("about to be submitted"),
            Event::AttemptHeard(heard) => match &heard.what {
                AttemptFact::HandedOver(how) => write!(f, "handed over to be filed ({how})"),
                AttemptFact::NotTaken(why) => write!(f, "the carrier did not take it: {why}"),
                AttemptFact::InDoubt(why) => write!(f, "the answer was lost: {why}"),
                AttemptFact::Absent => f.write_str("the carrier shows nothing of it"),
                AttemptFact::CannotTell(why) => write!(f, "the carrier cannot tell: {why}"),
            },
            Event::Retried { .. } => {
                f.write_str("surely not with the carrier; ready to send again")
            }
            Event::Submitted(receipt) => write!(f, "submitted as order {}", receipt.order),
            Event::Approved(approved) => match &approved.approver {
                Some(approver) => write!(f, "release approved by {approver}"),
                None => f.write_str("release approved"),
            },
            Event::SlotAsked { slot, .. } => write!(f, "slot {slot} agreed with the customer"),
            Event::Scheduled(confirmed) => write!(f, "scheduled: {}", confirmed.schedule),
            Event::Rescheduled(confirmed) => {
                write!(f, "rescheduled: {}", confirmed.schedule)
            }
            Event::Ported(done) => write!(f, "all {} numbers arrived", done.arrivals.len()),
            Event::Verified(_) => f.write_str("verified and confirmed"),
            Event::Rejected(refused) => write!(f, "refused: {}", refused.refusal),
            Event::Amended { .. } => f.write_str("reopened to be amended"),
            Event::CancelRequested { reason, .. } => write!(f, "cancellation asked for: {reason}"),
            Event::Withdrawn { reason, .. } => write!(f, "withdrawn: {reason}"),
            Event::Cancelled(_) => f.write_str("cancelled by the carrier"),
            Event::SplitOff {
                child,
                numbers,
                reason,
                ..
            } => write!(f, "{} split off into {child}: {reason}", count(numbers)),
            Event::SplitFrom {
                parent,
                numbers,
                reason,
                ..
            } => write!(f, "split from {parent} with {}: {reason}", count(numbers)),
            Event::Observed(seen) => seen.what.fmt(f),
            Event::Waived {
                number,
                check,
                reason,
                consent,
                ..
            } => write!(f, "{number}: {check} waived: {reason} (consent: {consent})"),
            Event::Noted { note, .. } => note.fmt(f),
            Event::Overridden { what, .. } => what.fmt(f),
            Event::StrayOrder(receipt) => {
                write!(f, "the carrier also took order {}", receipt.order)
            }
            Event::StraySettled { order, how, .. } => {
                write!(f, "stray order {order} settled: {how}")
            }
        }
    }
}

fn count(numbers: &NumberList) -> String {
    match numbers.len() {
        1 => "1 number".to_owned(),
        n => format!("{n} numbers"),
    }
}
