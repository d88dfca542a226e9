//! Words from elsewhere, made fit for a terminal.

use std::fmt::{self, Display, Formatter, Write};

/// On one line, in the order it was written in, and with no power over the terminal; of account and
/// key SIDs the last four characters.
pub(crate) struct Shown<T>(pub(crate) T);

impl<T: Display> Display for Shown<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let text = self.0.to_string();
        let mut rest = text.as_str();
        while let Some(at) = next_sid(rest) {
            // A SID is ASCII. Its last four characters may begin another.
            write!(f, "{}…", Plain(&rest[..at + 2]))?;
            rest = &rest[at + 30..];
        }
        Plain(rest).fmt(f)
    }
}

/// The same with SIDs as they are: for what is to be pasted elsewhere.
pub(crate) struct Plain<'a>(pub(crate) &'a str);

impl Display for Plain<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| match c {
            // What ends lines, and what turns the direction of writing.
            '\u{61c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}' => {
                write!(f, "{}", c.escape_unicode())
            }
            c if c.is_control() => write!(f, "{}", c.escape_debug()),
            c => f.write_char(c),
        })
    }
}

fn next_sid(text: &str) -> Option<usize> {
    text.as_bytes().windows(34).position(|window| {
        let kind = &window[..2];
        let known = kind.eq_ignore_ascii_case(b"AC") || kind.eq_ignore_ascii_case(b"SK");
        known && window[2..].iter().all(u8::is_ascii_hexdigit)
    })
}
