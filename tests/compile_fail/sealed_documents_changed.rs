//! The letter in a sealed package is replaced.

use snap_port::{PortRequest, Sealed, SignedLoa};

fn change(sealed: &mut PortRequest<Sealed>, letter: SignedLoa) {
    sealed.package().loa = letter;
}

fn main() {}
