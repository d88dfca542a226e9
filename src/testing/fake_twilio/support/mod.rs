//! People at Twilio: tickets that ask to move numbers, and what becomes of them.

pub(crate) mod script;
pub(crate) mod ticket;
