use std::fmt;

use serde::{Deserialize, Serialize};

use super::carryover::{CarryoverItem, CarryoverState};
use crate::document::{DocumentFile, ReleaseTicket};
use crate::id::PortRequestId;
use crate::number::NumberList;
use crate::people::Party;

/// A fact people add to a request. It changes no state and proves nothing.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Note {
    /// Something worth keeping.
    Comment(String),
    /// The losing platform was asked to approve the transfer.
    ReleaseRequested,
    /// A party was reminded.
    Chased(Party),
    /// Another document, beside those sealed. A draft's go into its checklist.
    DocumentAdded(DocumentFile),
    /// The losing platform issued another ticket; this one counts from now on. It must be of the
    /// same platform. A draft's goes into its checklist.
    TicketSuperseded(ReleaseTicket),
    /// What the customer or staff say of something that does not move with a number.
    Carryover {
        /// The item.
        item: CarryoverItem,
        /// The numbers it is said of; all of the request's if none are named.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        numbers: Option<NumberList>,
        /// How far it has come.
        state: CarryoverState,
    },
    /// Whoever says so works on what the request waits for.
    Claimed,
    /// Nobody works on it any more.
    Unclaimed,
    /// The way back was opened as this request: see
    /// [`reverse`](crate::PortRequest::reverse).
    ReversedInto(PortRequestId),
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Comment(text) => f.write_str(text),
            Self::ReleaseRequested => {
                f.write_str("the losing platform was asked to approve the transfer")
            }
            Self::Chased(party) => write!(f, "the {party} was reminded"),
            Self::DocumentAdded(_) => f.write_str("a document was added"),
            Self::TicketSuperseded(ticket) => write!(f, "release ticket is now {ticket}"),
            Self::Carryover {
                item,
                numbers,
                state,
            } => match numbers {
                None => write!(f, "{item}: {state}"),
                Some(numbers) if numbers.len() == 1 => {
                    write!(f, "{}: {item}: {state}", numbers.first())
                }
                Some(numbers) => write!(f, "{item} of {} numbers: {state}", numbers.len()),
            },
            Self::Claimed => f.write_str("claimed"),
            Self::Unclaimed => f.write_str("no longer claimed"),
            Self::ReversedInto(request) => write!(f, "the way back is request {request}"),
        }
    }
}
