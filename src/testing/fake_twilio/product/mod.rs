//! What Twilio has: one file per resource, each with its routes and the shape of its answers.

pub(crate) mod account;
pub(crate) mod alert;
pub(crate) mod call;
pub(crate) mod message;
pub(crate) mod messaging;
pub(crate) mod number;
pub(crate) mod portability;
pub(crate) mod registration;
