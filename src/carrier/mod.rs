//! The boundary to carriers. Carriers *report*, people *attest*, the crate *mints evidence*.
//!
//! | part | who uses it |
//! |---|---|
//! | [`CarrierClient`] | implemented per carrier; plain reports, no state of ours |
//! | [`CarrierClientExt`] | used by applications; the only source of evidence; cannot be overridden |
//! | [`Capabilities`] | which steps the API does and which are human |
//! | [`Statement`] | what a permitted person attests where a step is human |
//! | [`CarrierError`] | why a call failed, and whether it may have taken effect |
//!
//! A carrier integration and the store are trusted; application code between them is not able to
//! skip a step.

mod ask;
mod calls;
mod capability;
mod debug;
mod error;
mod ext;
mod look;
mod mint;
mod news;
mod report;
mod statement;
mod submitting;
mod transfer;

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;

pub use ask::{
    AlertQuery, AttemptQuery, CancelAsk, NumberTask, OrderQuery, SlotAsk, TransferOrder,
};
pub use capability::{Capabilities, Means, Step};
pub use error::{CarrierError, CarrierErrorKind};
pub use ext::{Cancellation, CarrierClientExt, Resolution, Submission};
pub use look::{Look, Progress};
pub use report::{
    AlertReport, ArrivalReport, CancelReport, FindReport, OrderReport, ReleaseGranted, SlotReport,
    SubmitReport,
};
pub use statement::{Attested, Filed, NotFiled, OrderCancelled, Statement};
pub use transfer::TransferRequest;

use crate::id::CarrierId;
use crate::request::{Outcome, Registration, Test};

/// What a carrier integration implements.
///
/// Three methods are required: who you are, taking a submission, and saying where an order stands.
/// The rest default to [`CarrierErrorKind::Unsupported`] (or to "cannot tell", for
/// [`find`](Self::find)); say in [`capabilities`](Self::capabilities) which steps you do and which
/// are human. Report what you know; the crate decides what is new and what it proves.
///
/// Implement it with the `async-trait` crate. Calls must end in bounded time, well under the 15
/// minutes of [`Attempt::SETTLE`](crate::Attempt::SETTLE), and be safe to drop. A wrapper must
/// forward every method: put `#[deny(clippy::missing_trait_methods)]` on its impl.
///
/// `examples/own_carrier.rs` is a whole carrier in about 100 lines.
#[cfg_attr(feature = "mock", mockall::automock)]
#[async_trait]
pub trait CarrierClient: Debug + Send + Sync {
    /// The name evidence carries. One integration, one name, for life.
    fn id(&self) -> CarrierId;

    /// Which steps the API does and which are human. Without it the API submits, and shows
    /// releases, schedules and arrivals; people do the rest.
    fn capabilities(&self) -> Capabilities {
        Capabilities::default()
    }

    /// Takes a submission. It is called at most once per attempt.
    async fn submit(&self, order: &TransferOrder) -> Result<SubmitReport, CarrierError>;

    /// Where an order stands: everything known of it, not only what changed.
    async fn status(&self, query: &OrderQuery) -> Result<OrderReport, CarrierError>;

    /// Where many orders stand, so that N orders need not cost N calls. Orders that are not known
    /// are left out.
    async fn statuses(&self, queries: &[OrderQuery]) -> Result<Vec<OrderReport>, CarrierError> {
        let mut reports = Vec::with_capacity(queries.len());
        for query in queries {
            match self.status(query).await {
                Ok(report) => reports.push(report),
                Err(error) if error.kind() == CarrierErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(reports)
    }

    /// Whether the carrier has a live order of this attempt, by its correlation key. `Absent` is a
    /// claim that none came of it so far, or that it was cancelled; where that cannot be known, and
    /// where people still have it before them, answer `CannotTell`.
    async fn find(&self, query: &AttemptQuery) -> Result<FindReport, CarrierError> {
        let why = format!(
            "carrier {} has no lookup; search for {} by hand",
            self.id(),
            query.key
        );
        Ok(FindReport::CannotTell { why })
    }

    /// Asks for a slot. The answer may be the slot, a counter-offer, or nothing yet.
    async fn request_slot(&self, ask: &SlotAsk) -> Result<OrderReport, CarrierError> {
        let _ = ask;
        Err(unsupported(self, Step::Schedule))
    }

    /// Cancels the order for these numbers, and for no others.
    async fn cancel(&self, ask: &CancelAsk) -> Result<CancelReport, CarrierError> {
        let _ = ask;
        Err(unsupported(self, Step::Cancel))
    }

    /// Assigns an arrived number to the customer and configures it for voice and SMS. Safe to
    /// repeat.
    async fn assign(&self, task: &NumberTask) -> Result<(), CarrierError> {
        let _ = task;
        Err(unsupported(self, Step::Assign))
    }

    /// Puts a number into its messaging service. Safe to repeat.
    async fn join_messaging(&self, task: &NumberTask) -> Result<(), CarrierError> {
        let _ = task;
        Err(unsupported(self, Step::Messaging))
    }

    /// Where a number's 10DLC registration stands.
    async fn registration(&self, task: &NumberTask) -> Result<Registration, CarrierError> {
        let _ = task;
        Err(unsupported(self, Step::Registration))
    }

    /// Tests a number: a call or a text, out or in. A failed test is an outcome, not an error.
    async fn test(&self, task: &NumberTask, test: Test) -> Result<Outcome, CarrierError> {
        let _ = task;
        let step = match test {
            Test::VoiceOut | Test::VoiceIn => Step::VoiceTest,
            Test::SmsOut | Test::SmsIn => Step::SmsTest,
        };
        Err(unsupported(self, step))
    }

    /// The error log of these numbers since a time.
    async fn alerts(&self, query: &AlertQuery) -> Result<Vec<AlertReport>, CarrierError> {
        let _ = query;
        Err(unsupported(self, Step::Alerts))
    }
}

fn unsupported<C: CarrierClient + ?Sized>(carrier: &C, step: Step) -> CarrierError {
    CarrierError::new(
        carrier.id(),
        CarrierErrorKind::Unsupported,
        format!("{step} is not done by this integration"),
    )
}

macro_rules! forward {
    ($($pointer:ty),*) => { $(
        #[async_trait]
        #[deny(clippy::missing_trait_methods)]
        impl<T: CarrierClient + ?Sized> CarrierClient for $pointer {
            fn id(&self) -> CarrierId {
                (**self).id()
            }
            fn capabilities(&self) -> Capabilities {
                (**self).capabilities()
            }
            async fn submit(&self, order: &TransferOrder) -> Result<SubmitReport, CarrierError> {
                (**self).submit(order).await
            }
            async fn status(&self, query: &OrderQuery) -> Result<OrderReport, CarrierError> {
                (**self).status(query).await
            }
            async fn statuses(
                &self,
                queries: &[OrderQuery],
            ) -> Result<Vec<OrderReport>, CarrierError> {
                (**self).statuses(queries).await
            }
            async fn find(&self, query: &AttemptQuery) -> Result<FindReport, CarrierError> {
                (**self).find(query).await
            }
            async fn request_slot(&self, ask: &SlotAsk) -> Result<OrderReport, CarrierError> {
                (**self).request_slot(ask).await
            }
            async fn cancel(&self, ask: &CancelAsk) -> Result<CancelReport, CarrierError> {
                (**self).cancel(ask).await
            }
            async fn assign(&self, task: &NumberTask) -> Result<(), CarrierError> {
                (**self).assign(task).await
            }
            async fn join_messaging(&self, task: &NumberTask) -> Result<(), CarrierError> {
                (**self).join_messaging(task).await
            }
            async fn registration(&self, task: &NumberTask) -> Result<Registration, CarrierError> {
                (**self).registration(task).await
            }
            async fn test(&self, task: &NumberTask, test: Test) -> Result<Outcome, CarrierError> {
                (**self).test(task, test).await
            }
            async fn alerts(&self, query: &AlertQuery) -> Result<Vec<AlertReport>, CarrierError> {
                (**self).alerts(query).await
            }
        }
    )* };
}
forward!(Arc<T>, Box<T>);

#[cfg(feature = "mock")]
impl MockCarrierClient {
    /// A mock that says who it is and what it can do. A mock inherits no defaults: every other
    /// call needs an expectation.
    pub fn named(id: CarrierId, capabilities: Capabilities) -> Self {
        let mut mock = Self::new();
        mock.expect_id().return_const(id);
        mock.expect_capabilities().return_const(capabilities);
        mock
    }
}
