//! Who files a transfer request with Twilio's support.

use std::fmt::Debug;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::{AccountSid, TwilioCarrier};
use crate::carrier::{
    AttemptQuery, CarrierError, CarrierErrorKind, FindReport, Means, SubmitReport, TransferOrder,
    TransferRequest,
};
use crate::document::CarrierName;
use crate::id::OrderRef;

/// What became of a transfer request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandOver {
    /// It is filed.
    Filed {
        /// Twilio's ticket.
        order: OrderRef,
        /// When it was filed, UTC.
        at: DateTime<Utc>,
    },
    /// It lies with people, who will file it and state the ticket.
    Waiting {
        /// Where it lies, such as "transfer desk".
        how: String,
    },
}

/// Takes transfer requests to Twilio's support.
///
/// Twilio has no API for tickets. A desk may be a helpdesk with an API of its own, a mailbox, or
/// the work list.
#[async_trait]
pub trait TransferDesk: Debug + Send + Sync {
    /// Takes a request. It is called at most once per attempt.
    ///
    /// # Errors
    /// As for [`CarrierClient::submit`](crate::CarrierClient::submit): the error says whether the
    /// request may have been taken all the same.
    async fn take(&self, request: &TransferRequest) -> Result<HandOver, CarrierError>;

    /// Whether a request was filed, by the correlation key in its subject. `Absent` is a claim; a
    /// desk that cannot make it says so, which is the default.
    ///
    /// # Errors
    /// The desk's; it is asked again later.
    async fn find(&self, query: &AttemptQuery) -> Result<FindReport, CarrierError> {
        Ok(FindReport::CannotTell {
            why: format!(
                "people file with Twilio's support; search its tickets for ({}) in the subject",
                query.key
            ),
        })
    }

    /// Who files: people by default. A helpdesk with an API may say
    /// [`ApiOrHuman`](Means::ApiOrHuman).
    fn means(&self) -> Means {
        Means::Human
    }
}

/// Leaves every request on the desk's work list, where a person claims and files it.
#[derive(Clone, Copy, Debug, Default)]
pub struct WorkListDesk;

#[async_trait]
impl TransferDesk for WorkListDesk {
    async fn take(&self, _: &TransferRequest) -> Result<HandOver, CarrierError> {
        Ok(HandOver::Waiting {
            how: "the work list".to_owned(),
        })
    }
}

impl TwilioCarrier {
    pub(super) async fn hand_over(
        &self,
        order: &TransferOrder,
    ) -> Result<SubmitReport, CarrierError> {
        let gaining = self.account(order.package().destination().account())?;
        // Often nobody but the losing platform knows its account: then the request asks for it.
        if let Some(losing) = order.package().losing().carrier_account() {
            let losing = self.account(losing)?;
            if is_same(&losing, &gaining) {
                return Err(self
                    .error(
                        CarrierErrorKind::InvalidRequest,
                        "losing and gaining account are the same; nothing was sent; \
                         put the losing platform's own account SID into the request",
                    )
                    .without_effect());
            }
        }
        // Six ASCII letters.
        let twilio = CarrierName::new("Twilio").expect("a plain name");
        let request = TransferRequest::compose(order, &self.gaining, &twilio);
        Ok(match self.desk.take(&request).await? {
            HandOver::Filed { order, at } => SubmitReport::Taken { order, at },
            HandOver::Waiting { how } => SubmitReport::HandedOver { how },
        })
    }

    /// Asks the desk; where it cannot tell, says what can be seen of the numbers.
    pub(super) async fn look_for(&self, query: &AttemptQuery) -> Result<FindReport, CarrierError> {
        Ok(match self.desk.find(query).await? {
            FindReport::CannotTell { why } => FindReport::CannotTell {
                why: format!("{why}; {}", self.what_is_seen(query).await),
            },
            told => told,
        })
    }
}

/// SIDs are hexadecimal, in either case.
pub(super) fn is_same(one: &AccountSid, other: &AccountSid) -> bool {
    one.as_str().eq_ignore_ascii_case(other.as_str())
}
