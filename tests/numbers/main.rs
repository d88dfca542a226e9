//! Numbers and lists of numbers.

mod lists;
mod plans;
