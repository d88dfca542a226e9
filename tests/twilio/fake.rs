//! The Twilio on loopback keeps to the wire and to its books.
