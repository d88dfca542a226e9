//! What Twilio sends by itself: how it is signed, and how it gets there.

pub(crate) mod courier;
pub(crate) mod letter;
