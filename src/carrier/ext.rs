use async_trait::async_trait;

use super::CarrierClient;
use super::ask::OrderQuery;
use super::error::CarrierError;
use super::look::{Look, Progress};
use super::report::ReleaseGranted;
use super::statement::{Filed, NotFiled, OrderCancelled, Statement};
use crate::clock::Clock;
use crate::number::PhoneNumber;
use crate::request::{
    AttemptNews, CancellationReceipt, Dispatch, Fact, InFlight, Observable, Observation,
    PortCompletion, PortRequest, Ported, Refusal, RefusalNotice, ReleaseApproval, ReleaseApproved,
    Schedule, ScheduleConfirmation, Scheduled, Sealed, SlotRequest, State, SubmissionReceipt,
    Submitted, Test,
};

/// What became of a submission.
///
/// Exhaustive on purpose: each outcome leads to another transition or phase.
#[derive(Debug)]
#[must_use = "the outcome of a submission must be recorded"]
pub enum Submission {
    /// Taken: [`submitted`](PortRequest::submitted).
    Accepted(SubmissionReceipt),
    /// Refused: [`refused`](PortRequest::refused).
    Refused(RefusalNotice),
    /// With people who file it: [`heard`](PortRequest::heard), and wait for a statement.
    HandedOver(AttemptNews),
    /// Surely not taken: [`heard`](PortRequest::heard), and it may be dispatched again.
    NotTaken(AttemptNews, CarrierError),
    /// The answer was lost: [`heard`](PortRequest::heard), and [`resolve`](CarrierClientExt::resolve).
    InDoubt(AttemptNews, CarrierError),
}

/// What the carrier says of an attempt whose answer was lost.
#[derive(Debug)]
#[must_use = "what was found must be recorded"]
pub enum Resolution {
    /// It has it: [`submitted`](PortRequest::submitted).
    Found(SubmissionReceipt),
    /// It shows nothing, or cannot tell: [`heard`](PortRequest::heard).
    Unclear(AttemptNews),
}

/// What became of a cancellation.
#[derive(Debug)]
#[must_use = "the outcome of a cancellation must be recorded"]
pub enum Cancellation {
    /// Done: [`cancelled`](PortRequest::cancelled).
    Done(CancellationReceipt),
    /// Under way: [`observe`](PortRequest::observe), and look again.
    Pending(Observation),
    /// Not possible any more: [`observe`](PortRequest::observe).
    Refused(Observation),
}

/// The only source of evidence. Implemented for every [`CarrierClient`]; it cannot be overridden:
///
/// ```compile_fail,E0119
/// # use async_trait::async_trait;
/// # use snap_port::*;
/// #[derive(Debug)]
/// struct Rogue;
/// # #[async_trait]
/// # impl CarrierClient for Rogue {
/// #     fn id(&self) -> CarrierId { unreachable!() }
/// #     async fn submit(&self, _: &TransferOrder) -> Result<SubmitReport, CarrierError> { unreachable!() }
/// #     async fn status(&self, _: &OrderQuery) -> Result<OrderReport, CarrierError> { unreachable!() }
/// # }
/// impl CarrierClientExt for Rogue {} // would mint what it likes
/// ```
///
/// Every method borrows the request: a dropped call, a timeout or an error costs nothing. Times
/// of evidence are UTC.
#[async_trait]
pub trait CarrierClientExt: CarrierClient {
    /// Submits, once, what [`dispatch`](PortRequest::dispatch) gave leave to.
    ///
    /// # Errors
    /// Only if nothing was sent, because `once` is of another attempt or minutes old, or the request
    /// of another carrier. Every failure of the call itself is an outcome.
    async fn submit_request(
        &self,
        request: &PortRequest<Sealed>,
        once: Dispatch,
        clock: &dyn Clock,
    ) -> Result<Submission, CarrierError>;

    /// Asks whether the carrier has an attempt whose answer was lost, or an earlier try at the same
    /// package that was given up and turned up after all.
    ///
    /// # Errors
    /// The carrier's; ask again later.
    async fn resolve(
        &self,
        request: &PortRequest<Sealed>,
        clock: &dyn Clock,
    ) -> Result<Resolution, CarrierError>;

    /// Asks whether the carrier has an order of a try that was given up, beside the one the request
    /// has. Each is a stray one: see [`strayed`](PortRequest::strayed).
    ///
    /// # Errors
    /// The carrier's; ask again later.
    async fn look_for_former<S: State>(
        &self,
        request: &PortRequest<S>,
        clock: &dyn Clock,
    ) -> Result<Vec<SubmissionReceipt>, CarrierError>;

    /// Looks at one request's order. After a refusal or cancellation too: numbers may move all the
    /// same.
    ///
    /// # Errors
    /// The carrier's, [`InvalidRequest`](super::CarrierErrorKind::InvalidRequest) if there is no
    /// order, and [`Protocol`](super::CarrierErrorKind::Protocol) if it answers about another order.
    async fn look<S: Observable>(
        &self,
        request: &PortRequest<S>,
        clock: &dyn Clock,
    ) -> Result<Look, CarrierError>;

    /// Looks at many orders in as few calls as the carrier allows.
    ///
    /// # Errors
    /// The carrier's.
    async fn look_at(
        &self,
        queries: &[OrderQuery],
        clock: &dyn Clock,
    ) -> Result<Vec<Look>, CarrierError>;

    /// [`look`](Self::look), then [`Look::release`].
    ///
    /// # Errors
    /// As [`look`](Self::look).
    async fn check_release(
        &self,
        request: &PortRequest<Submitted>,
        clock: &dyn Clock,
    ) -> Result<Progress<ReleaseApproval>, CarrierError> {
        self.look(request, clock).await?.release(request)
    }

    /// [`look`](Self::look), then [`Look::schedule`].
    ///
    /// # Errors
    /// As [`look`](Self::look).
    async fn check_schedule(
        &self,
        request: &PortRequest<ReleaseApproved>,
        clock: &dyn Clock,
    ) -> Result<Progress<ScheduleConfirmation>, CarrierError> {
        self.look(request, clock).await?.schedule(request)
    }

    /// [`look`](Self::look), then [`Look::completion`].
    ///
    /// # Errors
    /// As [`look`](Self::look).
    async fn check_ported(
        &self,
        request: &PortRequest<Scheduled>,
        clock: &dyn Clock,
    ) -> Result<Progress<PortCompletion>, CarrierError> {
        self.look(request, clock).await?.completion(request)
    }

    /// Asks the carrier for a slot that was agreed with the customer.
    ///
    /// # Errors
    /// The carrier's, and [`InvalidRequest`](super::CarrierErrorKind::InvalidRequest) if the slot is another request's.
    async fn ask_slot<S: InFlight>(
        &self,
        request: &PortRequest<S>,
        slot: &SlotRequest,
        clock: &dyn Clock,
    ) -> Result<Look, CarrierError>;

    /// Asks the carrier to cancel the request's numbers.
    ///
    /// # Errors
    /// The carrier's.
    async fn cancel_order<S: InFlight>(
        &self,
        request: &PortRequest<S>,
        clock: &dyn Clock,
    ) -> Result<Cancellation, CarrierError>;

    /// Assigns and configures an arrived number.
    ///
    /// # Errors
    /// The carrier's, and [`InvalidRequest`](super::CarrierErrorKind::InvalidRequest) if the number is not the request's.
    async fn assign_number(
        &self,
        request: &PortRequest<Ported>,
        number: PhoneNumber,
        clock: &dyn Clock,
    ) -> Result<Observation, CarrierError>;

    /// Puts an arrived number into the destination's messaging service; `None` if the destination
    /// has none.
    ///
    /// # Errors
    /// As [`assign_number`](Self::assign_number).
    async fn add_to_messaging(
        &self,
        request: &PortRequest<Ported>,
        number: PhoneNumber,
        clock: &dyn Clock,
    ) -> Result<Option<Observation>, CarrierError>;

    /// Asks where a number's registration stands.
    ///
    /// # Errors
    /// As [`assign_number`](Self::assign_number).
    async fn check_registration(
        &self,
        request: &PortRequest<Ported>,
        number: PhoneNumber,
        clock: &dyn Clock,
    ) -> Result<Observation, CarrierError>;

    /// Runs a test of a number. One that fails is an observation, and so is one that may have been
    /// made although the call failed ([`outcome_unknown`](super::CarrierError::outcome_unknown)):
    /// on record as [`Outcome::Unknown`](crate::request::Outcome::Unknown), it has not passed, and
    /// is not made again at once, as it costs what a test costs.
    ///
    /// # Errors
    /// As [`assign_number`](Self::assign_number), where no test was made.
    async fn test_number(
        &self,
        request: &PortRequest<Ported>,
        number: PhoneNumber,
        test: Test,
        clock: &dyn Clock,
    ) -> Result<Observation, CarrierError>;

    /// Reads the error log since the port: the alerts that are not on record yet, and the fact that
    /// it was read.
    ///
    /// # Errors
    /// The carrier's.
    async fn read_alerts(
        &self,
        request: &PortRequest<Ported>,
        clock: &dyn Clock,
    ) -> Result<Vec<Observation>, CarrierError>;

    /// A person filed the submission, or found it where the carrier cannot tell: the receipt.
    ///
    /// # Errors
    /// [`Unsupported`](super::CarrierErrorKind::Unsupported) if this carrier takes submissions by API only: then its
    /// own word is asked for, and a person's is no evidence. And
    /// [`InvalidRequest`](super::CarrierErrorKind::InvalidRequest) if the statement is about a time
    /// that has not come. So for every `attest_` method.
    fn attest_filed(
        &self,
        request: &PortRequest<Sealed>,
        said: Statement<Filed>,
        clock: &dyn Clock,
    ) -> Result<SubmissionReceipt, CarrierError>;

    /// A person made sure that the submission was not filed: it may be dispatched again. Where a
    /// carrier submits by API, a person's word counts only once the carrier cannot tell: a call may
    /// be on its way.
    ///
    /// # Errors
    /// As [`attest_filed`](Self::attest_filed).
    fn attest_not_filed(
        &self,
        request: &PortRequest<Sealed>,
        said: Statement<NotFiled>,
        clock: &dyn Clock,
    ) -> Result<AttemptNews, CarrierError>;

    /// A person was told of the losing platform's approval.
    ///
    /// # Errors
    /// As [`attest_filed`](Self::attest_filed).
    fn attest_release(
        &self,
        request: &PortRequest<Submitted>,
        said: Statement<ReleaseGranted>,
        clock: &dyn Clock,
    ) -> Result<ReleaseApproval, CarrierError>;

    /// A person agreed a slot with the carrier, or was told of one.
    ///
    /// # Errors
    /// As [`attest_filed`](Self::attest_filed).
    fn attest_schedule<S: InFlight>(
        &self,
        request: &PortRequest<S>,
        said: Statement<Schedule>,
        clock: &dyn Clock,
    ) -> Result<ScheduleConfirmation, CarrierError>;

    /// A person was told that the order was refused.
    ///
    /// # Errors
    /// As [`attest_filed`](Self::attest_filed).
    fn attest_refusal<S: InFlight>(
        &self,
        request: &PortRequest<S>,
        said: Statement<Refusal>,
        clock: &dyn Clock,
    ) -> Result<RefusalNotice, CarrierError>;

    /// A person was told that the submission was refused before an order came of it.
    ///
    /// # Errors
    /// As [`attest_filed`](Self::attest_filed).
    fn attest_not_taken(
        &self,
        request: &PortRequest<Sealed>,
        said: Statement<Refusal>,
        clock: &dyn Clock,
    ) -> Result<RefusalNotice, CarrierError>;

    /// A person was told that the order was cancelled.
    ///
    /// # Errors
    /// As [`attest_filed`](Self::attest_filed).
    fn attest_cancelled<S: InFlight>(
        &self,
        request: &PortRequest<S>,
        said: Statement<OrderCancelled>,
        clock: &dyn Clock,
    ) -> Result<CancellationReceipt, CarrierError>;

    /// A person saw something that is no transition: a hold, an arrival, a test, an explained
    /// alert. Holds and explanations are always a person's to state.
    ///
    /// # Errors
    /// As [`attest_filed`](Self::attest_filed), and [`InvalidRequest`](super::CarrierErrorKind::InvalidRequest) if the
    /// request has no order.
    fn attest_fact<S: Observable>(
        &self,
        request: &PortRequest<S>,
        said: Statement<Fact>,
        clock: &dyn Clock,
    ) -> Result<Observation, CarrierError>;
}
