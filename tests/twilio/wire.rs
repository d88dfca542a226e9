//! The client: every call, and what Twilio may answer.

mod calls;
mod other;
mod portability;
mod proxy;
pub(crate) mod scripted;
mod traffic;
mod transport;
mod unknown;
mod words;
pub(crate) mod world;
