//! Move phone numbers between platforms that share a carrier, with the illegal port not compiling.
//!
//! A *snap port* moves numbers from one platform (Aircall, JustCall, HighLevel) to another, the
//! *gaining* one that embeds this crate, while the carrier underneath stays. The customer signs and
//! hands in a package, staff review it and file it with the carrier, the losing platform approves
//! the transfer, a time is agreed, the carrier moves the numbers, and staff put them into service.
//! Most of these steps are people's, and take days.
//!
//! # The life of a port
//!
//! A [`PortRequest<S>`] is in one state `S`, and each state has only the methods that are legal in
//! it. The picture is drawn from the code's own transition table by [`state_graph`].
//!
//! ```mermaid
#![doc = include_str!("request/graph.mmd")]
//! ```
//!
//! [`Sealed`] is the frozen request while staff review it and while the answer to a submission is
//! not known. A hold is no state but a note: the order lives. Any part of the numbers can be
//! [`split`](PortRequest::split) off from [`Submitted`] to [`Ported`].
//!
//! # How it fits together
//!
//! - **Carriers report, people attest, the crate mints.** A [`CarrierClient`] returns plain
//!   reports. Only [`CarrierClientExt`] turns one, or a [`Statement`] by a permitted person where
//!   the step is human, into evidence such as a [`ReleaseApproval`].
//! - **I/O borrows, transitions consume.** `carrier.check_release(&request, &clock).await` borrows,
//!   so a dropped future loses nothing; [`request.approved(evidence)`](PortRequest::approved) is
//!   pure, and a refusal hands the request back in a [`TransitionError`].
//! - **The record is the history.** Reading an [`AnyPortRequest`] replays it through the same
//!   transitions.
//! - **Submit once.** The intent is stored before the call; a lost answer is
//!   [looked for](CarrierClientExt::resolve), never sent again blindly.
//!
//! [`PortDesk`] does all of this over a [`PortStore`], one request at a time as people act, and
//! [round after round](PortDesk::run) as a [`Worker`]. Workers share a store by its claims;
//! [`PortObserver`]s are told what has happened, after it is durable.
//!
//! # Around the port
//!
//! - **Before it**: [`NumberList`] reads what customers paste and upload; [`Readiness`] says
//!   everything that stands in the way, under a [`RoutePolicy`]; [`LetterOfAuthorization`] and
//!   [`ReleaseRequest`] write what has to be written.
//! - **While it runs**: [`work_item`] tells staff, [`customer_update`] tells the customer what is
//!   next, by when, and what happens otherwise, in the words of a [`Phrases`] catalogue;
//!   [`PortDesk::work_list`] over all requests, [`PortDesk::hint`] when there may be news.
//! - **After it**: [`Carryover`] is what does not move with a number, [`ClearedForCampaigns`] the
//!   proof that nothing is left, [`reverse`](PortRequest::reverse) the way back.
//!
//! [`process`] goes through the process as the gaining platform tells it, sentence by sentence,
//! with what does each here.
//!
//! # An example
//!
//! ```
//! use std::sync::Arc;
//! use chrono::TimeDelta;
//! use snap_port::testing::{SimCarrier, VirtualClock, sample};
//! use snap_port::{CarrierClient, MemoryStore, Party, PortDesk, PortRequestId, Status};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let clock = VirtualClock::at(sample::time());
//! let carrier = SimCarrier::new(clock.clone(), 7);
//! let desk = PortDesk::new(Arc::new(MemoryStore::new()), Arc::new(clock.clone()))
//!     .with_carrier(Arc::new(carrier.clone()));
//!
//! let id = PortRequestId::parse("acme-1")?;
//! desk.start(id.clone(), carrier.id(), sample::admin().permit()?).await?;
//! let package = sample::package(&sample::numbers(3), sample::time());
//! desk.fill(&id, |checklist| *checklist = (&package).into()).await?;
//! let attempt = desk.seal(&id, sample::admin().permit()?).await?;
//! desk.pass_review(&attempt, sample::support().permit()?, package.numbers().clone()).await?;
//!
//! let advance = desk.advance(&id).await?;
//! assert_eq!(advance.to, Status::Submitted);
//! assert_eq!(advance.waiting.map(|waiting| waiting.on), Some(Party::LosingPlatform));
//!
//! clock.advance(TimeDelta::hours(30));
//! assert_eq!(desk.advance(&id).await?.to, Status::ReleaseApproved);
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! | feature | adds |
//! |---|---|
//! | `metrics` | [`MetricsProbe`]: what workers do, counted through the `metrics` facade |
//! | `mock` | `MockCarrierClient`, a mockall mock of [`CarrierClient`] |
//! | `pdf` | [`LetterOfAuthorization`]`::pdf`: letters as pages ready to sign |
//! | `postgres` | `PostgresStore`: requests in PostgreSQL, shared by several machines; brings tokio |
//! | `sqlite` | `SqliteStore`, a store in a file; brings SQLite, built from source by a C compiler |
//! | `testing` | module `testing`: the simulated carrier, the virtual clock, sample data, what every store must keep to; with `twilio` also a Twilio on loopback |
//! | `twilio` (default) | module `twilio`: Twilio's REST API, the carrier over it, webhooks; brings tokio and reqwest |
//!
//! None changes what another part does.

#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod calendar;
pub mod carrier;
pub mod clock;
pub mod desk;
pub mod document;
pub mod id;
pub mod number;
pub mod people;
#[doc = include_str!("process.md")]
pub mod process {}
pub mod readiness;
pub mod request;
pub mod store;
#[cfg(feature = "testing")]
#[cfg_attr(docsrs, doc(cfg(feature = "testing")))]
pub mod testing;
#[cfg(feature = "twilio")]
#[cfg_attr(docsrs, doc(cfg(feature = "twilio")))]
pub mod twilio;

pub use calendar::{
    BusinessCalendar, DayOff, EarliestPortDate, Holidays, InvalidDay, InvalidHours, InvalidSlot,
    ListedHolidays, NoHolidays, PortSlot, SlotObjection, Slots, UnknownZone, UsFederalHolidays,
    Zone,
};
#[cfg(feature = "mock")]
#[cfg_attr(docsrs, doc(cfg(feature = "mock")))]
pub use carrier::MockCarrierClient;
pub use carrier::{
    AlertQuery, AlertReport, ArrivalReport, AttemptQuery, Attested, CancelAsk, CancelReport,
    Cancellation, Capabilities, CarrierClient, CarrierClientExt, CarrierError, CarrierErrorKind,
    Filed, FindReport, Look, Means, NotFiled, NumberTask, OrderCancelled, OrderQuery, OrderReport,
    Progress, ReleaseGranted, Resolution, SlotAsk, SlotReport, Statement, Step, Submission,
    SubmitReport, TransferOrder, TransferRequest,
};
#[cfg(any(feature = "postgres", feature = "twilio"))]
#[cfg_attr(docsrs, doc(cfg(any(feature = "postgres", feature = "twilio"))))]
pub use clock::SystemTimer;
pub use clock::{Clock, SystemClock, Timer};
#[cfg(feature = "metrics")]
#[cfg_attr(docsrs, doc(cfg(feature = "metrics")))]
pub use desk::MetricsProbe;
pub use desk::{
    Advance, Awaited, Cadence, Chase, Claim, CustomerUpdate, CustomerUpdates, DeskError, DeskProbe,
    DeskView, Due, English, Message, NotMoved, NumberApart, ObserverError, PartyNames, PasteReady,
    Phrases, PortDesk, PortObserver, ReadyNumbers, Round, Stage, TellError, Told, Trouble, Urgency,
    Waiting, WhyNot, WorkItem, WorkList, Worker, customer_update, waiting, work_item, work_list,
};
pub use document::{
    A2pAcknowledgements, A2pPoint, Acknowledgement, AddressForm, AuthorizedPerson, CarrierName,
    Checklist, CustomerName, Destination, DirectoryDocuments, DocumentError, DocumentFile,
    DocumentSource, EnglishLetter, GainingPlatform, InvalidAddress, InvalidListCode, LetterLabel,
    LetterOfAuthorization, LetterWording, ListCode, Locator, LosingAccount, LosingPlatform,
    MemoryDocuments, MissingAcknowledgements, MissingParts, PackagePart, PlatformName, ProofKind,
    ProofName, ProofOfOwnership, Regulatory, ReleaseTicket, ServiceAddress, Sha256Digest,
    SignedLoa, SourceError, SubmissionPackage, list_digest,
};
#[cfg(feature = "pdf")]
#[cfg_attr(docsrs, doc(cfg(feature = "pdf")))]
pub use document::{FontError, PaperSize, PdfError, PdfStyle, Unprintable};
pub use id::{
    AccountId, AddressId, AttemptKey, BundleId, CarrierId, InvalidId, MessagingService, ObserverId,
    OrderRef, PortRequestId, WorkerId,
};
pub use number::{
    BadLine, InvalidList, InvalidNumber, LineProblem, ListError, ListProblem, Need, NumberKind,
    NumberList, NumberNeed, NumberProblem, PhoneNumber, Region, UnknownRegion,
};
pub use people::{
    Actor, Finding, InvalidActor, InvalidFindings, NotPermitted, Party, Permit, Review, ReviewPass,
    Role, SentBack, act,
};
pub use readiness::{
    Bearing, Cause, Concern, Eta, OtherPlatformsTicket, PlatformFact, PlatformGuide, Readiness,
    ReleaseRequest, RoutePolicy, Timing, UsualTime, Weight,
};
pub use request::{
    AcceptedEvent, AnyPortRequest, Arrival, Attempt, AttemptFact, AttemptNews, AttemptPhase, Basis,
    Blocker, CampaignGaps, CancellationReceipt, Cancelled, Carryover, CarryoverItem, CarryoverRow,
    CarryoverState, Check, CheckState, Cleared, ClearedForCampaigns, Deadline, Dispatch, Draft,
    Edge, Entry, Fact, Gap, Gaps, HasArrived, HasOrder, HasPackage, HasSchedule, Hold, InFlight,
    Note, NumberRow, NumberTable, Observable, Observation, OpenItem, Outcome, Overridden, Override,
    PortCompletion, PortRequest, Ported, Proven, Reason, RecordError, Refusal, RefusalNotice,
    Registration, Rejected, ReleaseApproval, ReleaseApproved, Remedy, Rule, SCHEMA, Schedule,
    ScheduleConfirmation, Scheduled, Sealed, SlotRequest, Splits, State, Status, StrayOrder,
    SubmissionReceipt, Submitted, Test, TransitionError, VerificationReport, Verified, Violation,
    Waiver, check, edges, state_graph,
};
#[cfg(feature = "postgres")]
#[cfg_attr(docsrs, doc(cfg(feature = "postgres")))]
pub use store::postgres::{InvalidPostgresUrl, PostgresSetup, PostgresStore};
pub use store::{
    BackendError, ClaimAsk, Claimed, Find, Found, GiveBack, Lease, MemoryStore, Page, PlacedEvent,
    PortStore, Position, RequestRow, Revision, StoreError, StoredRequest, StoredTrouble,
    TroubleKind, Write,
};
#[cfg(feature = "sqlite")]
#[cfg_attr(docsrs, doc(cfg(feature = "sqlite")))]
pub use store::{SqliteSettings, SqliteStore};

/// Compiles and runs the README's example.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
