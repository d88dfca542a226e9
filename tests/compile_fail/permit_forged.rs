//! A permit that no role was asked for.

use snap_port::{Actor, Permit, act};

fn forge(actor: Actor) -> Permit<act::SignOff> {
    Permit {
        actor,
        act: std::marker::PhantomData,
    }
}

fn main() {}
