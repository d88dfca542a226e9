//! Before the port: what is known of the losing platform, and what to ask of it.

mod platform;
mod release;
