//! Events that Twilio sends, read into hints.
