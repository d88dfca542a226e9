//! Twilio's traps, one test each.
