//! Snap ports at Twilio, over HTTP, against a Twilio on loopback.

mod arrival;
mod endings;
mod events;
mod fake;
mod faults;
mod office;
mod preflight;
mod secrets;
mod service;
mod signatures;
mod traps;
mod wire;
