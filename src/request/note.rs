use std::fmt;

use serde::{Deserialize, Serialize};

use crate::document::{DocumentFile, ReleaseTicket};
use crate::people::Party;

/// A fact people add to a request, from sealing on. It changes no state and proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Note {
    /// Something worth keeping.
    Comment(String),
    /// The losing platform was asked to approve the transfer.
    ReleaseRequested,
    /// A party was reminded.
    Chased(Party),
    /// Another document, beside those sealed.
    DocumentAdded(DocumentFile),
    /// The losing platform issued another ticket; this one counts from now on. It must be of the
    /// same platform.
    TicketSuperseded(ReleaseTicket),
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
        }
    }
}
