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
///
/// The trait is written with the crate `async-trait`; an implementation needs it as a dependency.
/// Errors take the [`CarrierId`](crate::CarrierId) of the carrier the desk is given to: `twilio`,
/// unless [`TwilioCarrierBuilder::id`](super::TwilioCarrierBuilder::id) says otherwise. Take care of
/// what an error claims: [`without_effect`](CarrierError::without_effect) says that nothing was
/// filed, so the request may be submitted anew.
///
/// ```
/// # use std::sync::Mutex;
/// use async_trait::async_trait;
/// use snap_port::twilio::{HandOver, TransferDesk};
/// use snap_port::{
///     AttemptQuery, CarrierError, CarrierErrorKind, CarrierId, FindReport, Means, OrderRef,
///     TransferRequest,
/// };
/// # use chrono::{DateTime, Utc};
/// # /// A helpdesk with an API of its own.
/// # #[derive(Debug, Default)]
/// # struct Helpdesk(Mutex<Vec<(String, DateTime<Utc>)>>);
/// # impl Helpdesk {
/// #     async fn open(&self, subject: &str, _: &str) -> Result<(String, DateTime<Utc>), String> {
/// #         let at = "2026-11-02T15:00:00Z".parse().map_err(|_| "the time".to_owned())?;
/// #         let mut all = self.0.lock().map_err(|_| "the lock".to_owned())?;
/// #         all.push((subject.to_owned(), at));
/// #         Ok((format!("HD-{}", all.len()), at))
/// #     }
/// #     async fn search(&self, words: &str) -> Result<Option<(String, DateTime<Utc>)>, String> {
/// #         let all = self.0.lock().map_err(|_| "the lock".to_owned())?;
/// #         let place = all.iter().position(|(subject, _)| subject.contains(words));
/// #         Ok(place.map(|place| (format!("HD-{}", place + 1), all[place].1)))
/// #     }
/// # }
///
/// #[derive(Debug)]
/// struct ByHelpdesk {
///     helpdesk: Helpdesk,
///     carrier: CarrierId,
/// }
///
/// impl ByHelpdesk {
///     /// The helpdesk did not answer: whether a ticket was opened is not known.
///     fn lost(&self, why: impl std::fmt::Display) -> CarrierError {
///         let detail = format!("helpdesk: {why}");
///         CarrierError::new(self.carrier.clone(), CarrierErrorKind::Unavailable, detail)
///     }
/// }
///
/// #[async_trait]
/// impl TransferDesk for ByHelpdesk {
///     async fn take(&self, request: &TransferRequest) -> Result<HandOver, CarrierError> {
///         let opened = self.helpdesk.open(request.subject(), request.body()).await;
///         let (ticket, at) = opened.map_err(|why| self.lost(why))?;
///         let order = OrderRef::parse(&ticket).map_err(|why| self.lost(why))?;
///         Ok(HandOver::Filed { order, at })
///     }
///
///     /// The correlation key stands in the subject.
///     async fn find(&self, query: &AttemptQuery) -> Result<FindReport, CarrierError> {
///         let found = self.helpdesk.search(&query.key.to_string()).await;
///         let Some((ticket, at)) = found.map_err(|why| self.lost(why))? else {
///             return Ok(FindReport::Absent);
///         };
///         let order = OrderRef::parse(&ticket).map_err(|why| self.lost(why))?;
///         Ok(FindReport::Found { order, at })
///     }
///
///     fn means(&self) -> Means {
///         Means::ApiOrHuman
///     }
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # use snap_port::testing::{FakeTwilio, VirtualClock, sample};
/// # use snap_port::twilio::{BaseUrls, StaticCredentials, TwilioCarrier, TwilioClient};
/// # use snap_port::{CarrierClientExt, GainingPlatform, PortRequestId, Submission};
/// # let clock = VirtualClock::at("2026-11-02T15:00:00Z".parse()?);
/// # let fake = FakeTwilio::start(clock.clone()).await?;
/// # let client = TwilioClient::builder(StaticCredentials::new())
/// #     .base_urls(BaseUrls::all(&fake.url())?)
/// #     .build()?;
/// # let us = GainingPlatform::new("Ours", "transfers@ours.example")?;
/// # let helpdesk = Helpdesk::default();
/// let desk = ByHelpdesk { helpdesk, carrier: CarrierId::parse("twilio")? };
/// let carrier = TwilioCarrier::builder(client, us)
///     .transfer_desk(std::sync::Arc::new(desk))
///     .build();
/// # let id = PortRequestId::parse("acme-1")?;
/// # let twilio = CarrierId::parse("twilio")?;
/// # let mut sealed = sample::cleared(id, twilio, sample::numbers(3), sample::time());
/// # let cleared = sealed.cleared().expect("a reviewed attempt is cleared");
/// # let once = sealed.dispatch(cleared, sample::time())?;
/// # let Submission::Accepted(receipt) = carrier.submit_request(&sealed, once, &clock).await? else {
/// #     unreachable!("the helpdesk opens a ticket");
/// # };
/// # assert_eq!(sealed.submitted(receipt)?.order().as_str(), "HD-1");
/// # Ok(())
/// # }
/// ```
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
