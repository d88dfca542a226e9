//! Who acts, and what each may do.
//!
//! An [`Actor`] is a named person or program with a [`Role`]; a [`Permit`] is the proof that the
//! role allows one kind of [`act`]. Transitions ask for the permit: a permit of another kind does
//! not compile, and a role that may not act gets none.

pub mod act;
mod actor;
mod permit;
mod review;

pub use actor::{Actor, InvalidActor, Party, Role};
pub use permit::{NotPermitted, Permit};
pub use review::{Finding, InvalidFindings, Review, ReviewPass, SentBack};
