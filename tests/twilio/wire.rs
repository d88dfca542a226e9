//! The client: every call, and what Twilio may answer.

mod calls;
mod portability;
pub(crate) mod scripted;
mod traffic;
mod transport;
pub(crate) mod world;
