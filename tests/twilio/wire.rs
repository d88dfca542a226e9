//! The client: every call, and what Twilio may answer.

pub(crate) mod scripted;
mod transport;
