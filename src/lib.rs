//! snap-port
#![forbid(unsafe_code)]

pub mod calendar;
pub mod carrier;
pub mod clock;
pub mod document;
mod id;
pub mod number;
pub mod people;
pub mod request;
#[cfg(feature = "testing")]
pub mod testing;

pub use calendar::*;
pub use carrier::*;
pub use clock::*;
pub use document::*;
pub use id::*;
pub use number::*;
pub use people::*;
pub use request::*;
