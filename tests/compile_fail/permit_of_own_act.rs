//! An act with roles of one's own choosing.

use snap_port::{Role, act};

#[derive(Debug)]
enum Anything {}

impl act::Act for Anything {
    const NAME: &'static str = "do anything";
    const ROLES: &'static [Role] = &[Role::Admin];
}

fn main() {}
