//! Snap ports at Twilio.
//!
//! | part | what it is |
//! |---|---|
//! | [`TwilioClient`] | Twilio's REST API, typed: what a snap port needs of it and no more |
//! | [`TwilioCarrier`] | the [`CarrierClient`](crate::CarrierClient) over it |
//! | [`webhook`] | signatures checked, events read into hints |
//! | [`traps`] | Twilio's traps, and what is done about each |

mod carrier;
mod client;
mod sid;
#[doc = include_str!("traps.md")]
pub mod traps {}
pub mod webhook;

#[allow(unused_imports)]
pub use carrier::*;
#[allow(unused_imports)]
pub use client::*;
pub use sid::{AccountSid, ApiKeySid, CallSid, InvalidSid, MessageSid, NumberSid, ServiceSid};
