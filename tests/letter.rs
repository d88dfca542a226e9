//! The letter of authorization: its words, its stored shape, and what a person sees of it.
//!
//! The texts in `letters/` are letters. Where one was meant to change, write them anew with
//! `UPDATE_SNAPSHOTS=1 cargo test --test letter`, and read the difference.

mod page;

#[path = "letter/pages.rs"]
mod pages;
#[path = "letter/parts.rs"]
mod parts;
#[path = "letter/words.rs"]
mod words;
#[path = "letter/writing.rs"]
mod writing;
