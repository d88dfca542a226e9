//! Webhooks: signatures checked, events read into hints.
//!
//! [`Webhook::verify`] takes a [`WebhookRequest`], that is a method, a URL, headers and bytes of any
//! web framework, and gives a [`Genuine`] one or says why it is [`Forged`]. [`Genuine::hints`] says
//! what to look at. A [`Hint`] is no evidence: see there.
//!
//! - Status callbacks of calls and messages, by `POST` as a form or by `GET`.
//! - Event Streams, by `POST` as an array of CloudEvents in JSON: A2P 10DLC registrations of numbers.
//!
//! A webhook makes the desk look sooner; it looks by itself all the same. So what is done with a hint
//! is to be safe to repeat, and nothing is lost with one. [`TwilioCarrier::hear`] takes the
//! registry's word on a number, which no look can show; [`PortDesk::hint`] has the requests of
//! its numbers looked at next:
//!
//! ```
//! # use snap_port::twilio::{TwilioCarrier, webhook::Hint};
//! # use snap_port::{DeskError, Find, PortDesk};
//! async fn take(hint: &Hint, carrier: &TwilioCarrier, desk: &PortDesk) -> Result<(), DeskError> {
//!     carrier.hear(hint);
//!     for number in hint.numbers() {
//!         desk.hint(&Find::Number(number)).await?;
//!     }
//!     Ok(())
//! }
//! ```
//!
//! Where a delivery is answered with an error it comes again, so remember its [key](Hint::key) only
//! once all of this is done.
//!
//! [`PortDesk::hint`]: crate::PortDesk::hint
//! [`TwilioCarrier::hear`]: crate::twilio::TwilioCarrier::hear
//!
//! ```
//! use std::collections::BTreeSet;
//! use snap_port::twilio::webhook::{Hint, SignatureKeys, Webhook, WebhookRequest};
//!
//! // Twilio's published example: the URL carries the hash of the body, and is what is signed.
//! let webhook = Webhook::new(SignatureKeys::new("12345")?);
//! let called = "https://mycompany.com/myapp.php?foo=1&bar=2&bodySHA256=\
//!     0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
//! let request = WebhookRequest::new("POST", called, br#"{"property": "value", "boolean": true}"#)
//!     .header("Content-Type", b"application/json")
//!     .header("X-Twilio-Signature", b"a9nBmqA0ju/hNViExpshrM61xv4=");
//!
//! let mut seen = BTreeSet::new();
//! for hint in webhook.verify(&request)?.hints()? {
//!     if seen.contains(&hint.key()) {
//!         continue; // repeated, or played back
//!     }
//!     match &hint {
//!         Hint::Call(call) => println!("look at {:?}", call.sid),
//!         Hint::Message(message) => println!("look at {:?}", message.sid),
//!         Hint::Registration(news) => println!("look at {:?}", news.number),
//!         _ => {}
//!     }
//!     seen.insert(hint.key());
//! }
//! # Ok::<_, Box<dyn std::error::Error>>(())
//! ```
//!
//! The example `webhook_server` is all of this behind a server.

mod event;
mod fields;
mod form;
mod hint;
mod request;
mod signature;
mod url;

pub use fields::Fields;
pub use hint::{
    CallHint, Hint, HintKey, MessageHint, OtherHint, RegistrationHint, RegistrationState,
    Unreadable,
};
pub use request::WebhookRequest;
pub use signature::{BODY_LIMIT, Forged, Genuine, SignatureKeys, UnusableToken, Webhook};
