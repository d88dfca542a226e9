//! Before the port: what stands in its way under the embedder's policy, when it is expected, what is
//! known of the losing platform, and what to ask of it.

mod concern;
mod eta;
mod judge;
mod platform;
mod policy;
mod ready;
mod release;
mod slot;

pub use concern::{Bearing, Cause, Concern};
pub use eta::Eta;
pub use platform::{PlatformFact, PlatformGuide, UsualTime};
pub use policy::{RoutePolicy, Timing, Weight};
pub use ready::Readiness;
pub use release::{OtherPlatformsTicket, ReleaseRequest};
