//! Snap ports at Twilio.
//!
//! | part | what it is |
//! |---|---|
//! | [`TwilioClient`] | Twilio's REST API, typed: what a snap port needs of it and no more |
//! | [`TwilioCarrier`] | the [`CarrierClient`](crate::CarrierClient) over it |
//! | [`webhook`] | signatures checked, events read into hints |

mod carrier;
mod client;
mod sid;
pub mod webhook;

#[allow(unused_imports)]
pub use carrier::*;
#[allow(unused_imports)]
pub use client::*;
pub use sid::{AccountSid, ApiKeySid, CallSid, InvalidSid, MessageSid, NumberSid, ServiceSid};
