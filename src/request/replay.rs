//! Reading a record: its events go through the same transitions that live code uses.

use super::PortRequest;
use super::any::AnyPortRequest;
use super::error::{TransitionError, Violation};
use super::event::Event;
use super::evidence::{
    AttemptNews, CancellationReceipt, Observation, PortCompletion, RefusalNotice, ReleaseApproval,
    ScheduleConfirmation, SubmissionReceipt,
};
use super::graph;
use super::note::Note;
use super::noting::Waiver;
use super::record::{Record, RecordError, shape};
use super::state::{Draft, Splits, State};
use super::status::Status;
use super::verification::VerificationReport;
use crate::id::AttemptKey;
use crate::people::{ReviewPass, SentBack, act};

impl Record {
    pub(super) fn replay(self) -> Result<AnyPortRequest, RecordError> {
        let mut at: Option<AnyPortRequest> = None;
        for (entry, stored) in self.history.into_iter().enumerate() {
            let event = stored.read(entry)?;
            at = Some(match at {
                None => open(event)?,
                Some(request) => step(request, event, entry)?,
            });
        }
        let Some(mut request) = at else {
            return Err(RecordError::NoOpening);
        };
        if request.status() != self.status {
            return Err(RecordError::Claim {
                claimed: self.status,
                actual: request.status(),
            });
        }
        if *request.id() != self.id {
            return Err(RecordError::Identity {
                claimed: self.id,
                actual: request.id().clone(),
            });
        }
        match (&mut request, self.draft) {
            (AnyPortRequest::Draft(draft), Some(checklist)) => {
                *draft.checklist_mut() = serde_json::from_value(checklist)
                    .map_err(|e| RecordError::Shape(format!("the checklist: {}", shape(&e))))?;
            }
            (AnyPortRequest::Draft(_), None) => return Err(RecordError::Draft(Status::Draft)),
            (_, None) => {}
            (other, Some(_)) => return Err(RecordError::Draft(other.status())),
        }
        Ok(request)
    }
}

fn open(event: Event) -> Result<AnyPortRequest, RecordError> {
    let Event::Opened {
        request,
        carrier,
        reverses,
        by,
        at,
    } = event
    else {
        return Err(RecordError::NoOpening);
    };
    if reverses.as_ref() == Some(&request) {
        return Err(RecordError::Violation {
            entry: 0,
            source: Violation::SameRequest,
        });
    }
    let permit = by
        .permit::<act::Start>()
        .map_err(|e| RecordError::Violation {
            entry: 0,
            source: e.into(),
        })?;
    Ok(PortRequest::<Draft>::opened(request, carrier, reverses, permit, at).into())
}

/// Why an event was not applied.
enum Stop {
    Illegal,
    Rule(Violation),
}

impl From<Violation> for Stop {
    fn from(violation: Violation) -> Self {
        Self::Rule(violation)
    }
}

impl From<crate::people::NotPermitted> for Stop {
    fn from(refused: crate::people::NotPermitted) -> Self {
        Self::Rule(refused.into())
    }
}

impl<S: State> From<TransitionError<S>> for Stop {
    fn from(error: TransitionError<S>) -> Self {
        Self::Rule(error.into_parts().1)
    }
}

fn step(
    request: AnyPortRequest,
    event: Event,
    entry: usize,
) -> Result<AnyPortRequest, RecordError> {
    let (kind, status) = (event.kind(), request.status());
    let illegal = RecordError::Illegal {
        entry,
        kind,
        status,
    };
    if !graph::may_follow(status, kind) {
        return Err(illegal);
    }
    apply(request, event).map_err(|stop| match stop {
        Stop::Illegal => illegal,
        Stop::Rule(source) => RecordError::Violation { entry, source },
    })
}

/// Runs a note on the request, whichever of the listed states it is in.
macro_rules! on {
    ($any:expr, $($state:ident)|*, $request:ident => $body:expr) => {
        match $any {
            $(AnyPortRequest::$state(mut $request) => {
                $body;
                AnyPortRequest::$state($request)
            })*
            _ => return Err(Stop::Illegal),
        }
    };
}

fn apply(any: AnyPortRequest, event: Event) -> Result<AnyPortRequest, Stop> {
    use AnyPortRequest as Any;
    let request = any.id().clone();
    Ok(match (any, event) {
        (Any::Draft(draft), Event::Sealed { package, by, at }) => {
            draft.sealed(package, by.permit()?, at)?.into()
        }
        (
            Any::Sealed(mut sealed),
            Event::Reviewed {
                attempt,
                letter_lists,
                by,
                at,
            },
        ) => {
            by.may::<act::Review>()?;
            sealed.pass_review(ReviewPass {
                attempt: key(&sealed, attempt),
                by,
                at,
                letter_lists,
            })?;
            sealed.into()
        }
        (
            Any::Sealed(sealed),
            Event::SentBack {
                attempt,
                findings,
                by,
                at,
            },
        ) => {
            by.may::<act::Review>()?;
            let review = SentBack {
                attempt: key(&sealed, attempt),
                by,
                at,
                findings,
            };
            sealed.sent_back(review)?.into()
        }
        (Any::Sealed(mut sealed), Event::Dispatched { at }) => {
            sealed.dispatched(at)?;
            sealed.into()
        }
        (Any::Sealed(mut sealed), Event::AttemptHeard(fact)) => {
            sealed.heard(AttemptNews { request, fact })?;
            sealed.into()
        }
        (Any::Sealed(mut sealed), Event::Retried { at }) => {
            sealed.retry(at)?;
            sealed.into()
        }
        (Any::Sealed(sealed), Event::Submitted(fact)) => sealed
            .submitted(SubmissionReceipt { request, fact })?
            .into(),
        (Any::Submitted(submitted), Event::Approved(fact)) => submitted
            .approved(ReleaseApproval { request, fact })?
            .into(),
        (Any::ReleaseApproved(approved), Event::Scheduled(fact)) => approved
            .scheduled(ScheduleConfirmation { request, fact })?
            .into(),
        (Any::Scheduled(scheduled), Event::Rescheduled(fact)) => scheduled
            .rescheduled(ScheduleConfirmation { request, fact })?
            .into(),
        (Any::Scheduled(scheduled), Event::Ported(fact)) => {
            scheduled.ported(PortCompletion { request, fact })?.into()
        }
        (Any::Ported(ported), Event::Verified(fact)) => {
            fact.by.may::<act::SignOff>()?;
            ported
                .verified(VerificationReport { request, fact })?
                .into()
        }
        (Any::Sealed(r), Event::Rejected(fact)) => {
            r.refused(RefusalNotice { request, fact })?.into()
        }
        (Any::Submitted(r), Event::Rejected(fact)) => {
            r.refused(RefusalNotice { request, fact })?.into()
        }
        (Any::ReleaseApproved(r), Event::Rejected(fact)) => {
            r.refused(RefusalNotice { request, fact })?.into()
        }
        (Any::Scheduled(r), Event::Rejected(fact)) => {
            r.refused(RefusalNotice { request, fact })?.into()
        }
        (Any::Submitted(r), Event::Cancelled(fact)) => {
            r.cancelled(CancellationReceipt { request, fact })?.into()
        }
        (Any::ReleaseApproved(r), Event::Cancelled(fact)) => {
            r.cancelled(CancellationReceipt { request, fact })?.into()
        }
        (Any::Scheduled(r), Event::Cancelled(fact)) => {
            r.cancelled(CancellationReceipt { request, fact })?.into()
        }
        (Any::Rejected(rejected), Event::Amended { by, at }) => {
            rejected.amend(by.permit()?, at).into()
        }
        (Any::Draft(draft), Event::Withdrawn { reason, by, at }) => {
            draft.withdrawn(by.permit()?, reason, at).into()
        }
        (Any::Rejected(rejected), Event::Withdrawn { reason, by, at }) => {
            rejected.withdrawn(by.permit()?, reason, at).into()
        }
        (any, Event::CancelRequested { reason, by, at }) => {
            let permit = by.permit::<act::Cancel>()?;
            on!(any, Sealed | Submitted | ReleaseApproved | Scheduled,
                r => r.request_cancel(reason, permit, at))
        }
        (Any::ReleaseApproved(mut r), Event::SlotAsked { slot, by, at }) => {
            let _asked = r.ask_slot(slot, by.permit()?, at)?;
            r.into()
        }
        (Any::Scheduled(mut r), Event::SlotAsked { slot, by, at }) => {
            let _asked = r.ask_slot(slot, by.permit()?, at)?;
            r.into()
        }
        (
            Any::Ported(mut ported),
            Event::Waived {
                number,
                check,
                reason,
                consent,
                by,
                at,
            },
        ) => {
            let waiver = Waiver {
                number,
                check,
                reason,
                consent,
            };
            ported.waive(waiver, by.permit()?, at)?;
            ported.into()
        }
        (
            any,
            Event::Noted {
                note: Note::ReversedInto(back),
                by,
                at,
            },
        ) => {
            by.may::<act::Start>()?;
            on!(any, Ported | Verified, r => r.reversed_into(back, by, at)?)
        }
        (any, Event::Noted { note, by, at }) => {
            let permit = by.permit::<act::Note>()?;
            on!(any, Draft | Sealed | Submitted | ReleaseApproved | Scheduled | Ported | Verified
                | Rejected, r => r.note(note, permit, at)?)
        }
        (any, Event::Overridden { what, by, at }) => {
            let permit = by.permit::<act::Override>()?;
            on!(any, Draft | Sealed | ReleaseApproved | Scheduled,
                r => r.override_rule(what, permit, at)?)
        }
        (any, Event::Observed(fact)) => {
            on!(any, Submitted | ReleaseApproved | Scheduled | Ported | Verified | Rejected | Cancelled,
                r => r.observe(Observation { request, fact })?)
        }
        (mut any, Event::StrayOrder(fact)) => {
            any.strayed(SubmissionReceipt { request, fact })?;
            any
        }
        (mut any, Event::StraySettled { order, how, by, at }) => {
            any.settle_stray(&order, how, by.permit()?, at)?;
            any
        }
        (Any::Submitted(r), event) => parted(r, event)?.into(),
        (Any::ReleaseApproved(r), event) => parted(r, event)?.into(),
        (Any::Scheduled(r), event) => parted(r, event)?.into(),
        (Any::Ported(r), event) => parted(r, event)?.into(),
        _ => return Err(Stop::Illegal),
    })
}

/// The part of a split that the record is about.
fn parted<S: Splits>(request: PortRequest<S>, event: Event) -> Result<PortRequest<S>, Stop> {
    match event {
        Event::SplitOff {
            child,
            numbers,
            reason,
            by,
            at,
        } => Ok(request.split(child, numbers, reason, by.permit()?, at)?.0),
        Event::SplitFrom {
            parent,
            child,
            numbers,
            reason,
            by,
            at,
        } => {
            request.same_request(&parent)?;
            Ok(request.split(child, numbers, reason, by.permit()?, at)?.1)
        }
        _ => Err(Stop::Illegal),
    }
}

fn key(sealed: &PortRequest<super::Sealed>, attempt: u32) -> AttemptKey {
    AttemptKey::new(sealed.attempt().key().request().clone(), attempt)
}
