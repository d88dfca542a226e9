//! Texts that staff paste into a ticket or a message, as they are.

use std::fmt;

use super::super::waiting::{Awaited, Waiting};
use super::pace::Pace;
use super::papers::is_way_back;
use super::view::{DeskView, Sender};
use crate::carrier::{TransferOrder, TransferRequest};
use crate::document::{Checklist, PackagePart};
use crate::people::Party;
use crate::readiness::ReleaseRequest;
use crate::request::{AnyPortRequest as Any, Note, PortRequest, Reason, Submitted};

/// A text to be sent as it is, in English: to the carrier's support or to the losing platform.
///
/// It names accounts in full, so `Debug` shows none of it. Shown, it is the subject, an empty line
/// and the body.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PasteReady {
    /// To whom.
    pub to: Party,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

impl fmt::Display for PasteReady {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n\n{}", self.subject, self.body)
    }
}

impl fmt::Debug for PasteReady {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasteReady")
            .field("to", &self.to)
            .finish_non_exhaustive()
    }
}

impl PasteReady {
    pub(super) fn of(
        request: &Any,
        waiting: &Waiting,
        pace: &Pace,
        view: &DeskView<'_>,
    ) -> Option<Self> {
        // What the sender writes asks for numbers; on the way back it gives them.
        let sender = view.sender.filter(|_| !is_way_back(request))?;
        match (&waiting.what, request) {
            (Awaited::Filing, _) => transfer(request, sender),
            (Awaited::Release, Any::Submitted(r)) if pace.is_chased(view.now) => {
                reminder(r, pace, sender, view)
            }
            (Awaited::Hold(hold), Any::Submitted(r)) => match hold.reason() {
                Reason::PlatformSilent | Reason::TicketClosed | Reason::ApproverNotListed => {
                    reminder(r, pace, sender, view)
                }
                _ => None,
            },
            (Awaited::Package, Any::Draft(draft))
                if !draft.checklist().has(PackagePart::Ticket) =>
            {
                let asked =
                    ReleaseRequest::compose(draft.checklist(), sender.gaining, sender.carrier);
                asked.ok().map(|asked| Self::to_losing(&asked))
            }
            _ => None,
        }
    }

    fn to_losing(request: &ReleaseRequest) -> Self {
        Self {
            to: Party::LosingPlatform,
            subject: request.subject(),
            body: request.body(),
        }
    }
}

fn reminder(
    request: &PortRequest<Submitted>,
    pace: &Pace,
    sender: Sender<'_>,
    view: &DeskView<'_>,
) -> Option<PasteReady> {
    let form = Checklist::from(request.package());
    let asked = ReleaseRequest::compose(&form, sender.gaining, sender.carrier).ok()?;
    let asks = request
        .timeline()
        .filter(|entry| matches!(entry.note(), Some(Note::ReleaseRequested)));
    let first = asks.map(|entry| entry.recorded_at()).next();
    let since = first.unwrap_or(pace.since);
    let days = view.policy.calendar().days_between(since, view.now);
    let reminder = asked.with_order(request.order().clone());
    let reminder = reminder.chase(request.release_ticket(), days).ok()?;
    Some(PasteReady::to_losing(&reminder))
}

fn transfer(request: &Any, sender: Sender<'_>) -> Option<PasteReady> {
    let Any::Sealed(sealed) = request else {
        return None;
    };
    let order = TransferOrder::of(sealed)?;
    let asked = TransferRequest::compose(&order, sender.gaining, sender.carrier);
    Some(PasteReady {
        to: Party::Carrier,
        subject: asked.subject().to_owned(),
        body: asked.body().to_owned(),
    })
}
