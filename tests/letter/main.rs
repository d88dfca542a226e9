//! The letter of authorization: its words, its stored shape, and what a person sees of it.
//!
//! The texts in `letters/` are letters. Where one was meant to change, write them anew with
//! `UPDATE_SNAPSHOTS=1 cargo test --test letter`, and read the difference.

mod page;
mod pages;
mod parts;
mod words;
mod writing;
