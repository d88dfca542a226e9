//! `examples/port_desk`: who gets in, what the pages show, what programs are told, where it halts.

mod commands;
mod gate;
mod halting;
mod json;
mod limits;
mod pages;
mod serving;
mod support;
mod world;

#[path = "../../examples/port_desk/main.rs"]
#[allow(dead_code, reason = "its `main` is not called here")]
mod port_desk;
