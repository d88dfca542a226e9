//! For tests, yours and ours: a carrier that lives in memory, a Twilio on loopback, a clock that
//! stands still, sample data, and what every store must keep to. Nothing here reads the machine's
//! clock, or sleeps unless told to.
//!
//! ```
//! use snap_port::testing::{SimCarrier, VirtualClock, sample};
//! use snap_port::{CarrierClientExt, PortRequestId, Submission};
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let clock = VirtualClock::at("2026-11-02T15:00:00Z".parse()?);
//! let carrier = SimCarrier::new(clock.clone(), 7);
//!
//! let id = PortRequestId::parse("acme-1")?;
//! let mut sealed = sample::cleared(id, sample::carrier(), sample::numbers(3), sample::time());
//! let cleared = sealed.cleared().expect("a reviewed attempt is cleared");
//! let once = sealed.dispatch(cleared, sample::time())?;
//! let Submission::Accepted(receipt) = carrier.submit_request(&sealed, once, &clock).await? else {
//!     unreachable!("without a script the simulated carrier takes every submission");
//! };
//! assert_eq!(sealed.submitted(receipt)?.order().as_str(), "SIM-0001");
//! # Ok(())
//! # }
//! ```

mod clock;
pub mod conformance;
#[cfg(feature = "twilio")]
mod fake_twilio;
mod hooked_store;
pub mod sample;
mod sim;

pub use clock::VirtualClock;
#[cfg(feature = "twilio")]
#[cfg_attr(docsrs, doc(cfg(feature = "twilio")))]
pub use fake_twilio::{
    FakeAccount, FakeAlert, FakeCallback, FakeFault, FakeLeg, FakeOutcome, FakePortability,
    FakeRequest, FakeRoute, FakeSupport, FakeTicket, FakeTicketState, FakeTicketStatus, FakeTwilio,
};
pub use hooked_store::{HookedStore, StoreCall, StoreHook};
pub use sim::{
    AlertPlan, CancelPlan, Cutover, Detour, Fault, HoldPlan, Intake, Lookup, Move, Op, Partial,
    RegistrationPlan, ReleasePlan, SchedulePlan, Script, SimCarrier,
};
