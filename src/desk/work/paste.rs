//! Texts that staff paste into a ticket or a message, as they are.

use std::fmt::{self, Write};

use super::super::waiting::{Awaited, Waiting};
use super::pace::Pace;
use super::papers::{Papers, is_way_back};
use super::view::{DeskView, Sender};
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

/// The request to transfer numbers between two accounts, for a ticket with any carrier: "The ticket
/// ID or confirmation number", "The full list of numbers to be ported", "The destination account
/// SID". It does not say "port", because a carrier's support sends ports another way.
fn transfer(request: &Any, sender: Sender<'_>) -> Option<PasteReady> {
    let papers = Papers::of(request);
    let (losing, ticket) = (papers.losing?, papers.ticket?);
    let (key, numbers) = (papers.attempt?, request.numbers()?);
    let Sender { gaining, carrier } = sender;
    let count = match numbers.len() {
        1 => "1 phone number".to_owned(),
        n => format!("{n} phone numbers"),
    };
    let platform = losing.platform();
    let from = match losing.carrier_account() {
        Some(account) => account.as_str().to_owned(),
        None => format!("that of {platform} which holds the numbers; please tell us its ID"),
    };
    let mut body = format!(
        "Hello {carrier} support,\n\n\
         Please transfer the {count} below from one {carrier} account to another.\n\n\
         Losing account: {from} ({platform})\n\
         Gaining account: {to} ({gaining})\n\
         Approval: {platform} was asked to approve the transfer; its ticket is {ticket}. \
         {gaining} approves it with this message.\n",
        to = papers.destination?.account().as_str(),
    );
    // Writing to a String cannot fail.
    let _ = writeln!(
        body,
        "Time: not before {}; we agree the exact time with you once the transfer is approved.",
        papers.earliest?
    );
    let held = papers.destination?.regulatory();
    for held in held {
        let ids = [
            held.bundle_id().map(ToString::to_string),
            held.address_id().map(ToString::to_string),
        ];
        let ids: Vec<String> = ids.into_iter().flatten().collect();
        let _ = writeln!(body, "Regulatory, {}: {}", held.country(), ids.join(", "));
    }
    let _ = write!(
        body,
        "Our reference: {key}; please keep it in the subject.\n\
         Contact at {gaining}: {}\n\nThe {count}:\n",
        gaining.contact()
    );
    for number in numbers.iter() {
        let _ = writeln!(body, "{number}");
    }
    Some(PasteReady {
        to: Party::Carrier,
        subject: format!("Transfer of {count} between two accounts ({key})"),
        body,
    })
}
