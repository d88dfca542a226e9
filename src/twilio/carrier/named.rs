use std::fmt;

use crate::number::PhoneNumber;

/// How many numbers are named; the rest are counted.
const NAMED: usize = 20;

/// Numbers as people read them in a message: the first few, and how many more.
pub(super) struct Named<'a>(pub(super) &'a [PhoneNumber]);

impl fmt::Display for Named<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, number) in self.0.iter().take(NAMED).enumerate() {
            write!(f, "{}{number}", if place > 0 { ", " } else { "" })?;
        }
        match self.0.len().saturating_sub(NAMED) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}
