//! The client: every call, and what Twilio may answer.
