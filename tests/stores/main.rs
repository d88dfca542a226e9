//! Every store keeps the promises of `PortStore`, and the suite that says so notices who does not.

mod downstream;
mod flaws;
mod folder;
mod memory;
mod postgres;
#[path = "../postgres_server/mod.rs"]
mod postgres_server;
mod sqlite;
