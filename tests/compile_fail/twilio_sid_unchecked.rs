//! A text is taken for an account SID without being checked.

use snap_port::twilio::AccountSid;

fn take(text: &str) -> AccountSid {
    AccountSid(text.into())
}

fn main() {}
