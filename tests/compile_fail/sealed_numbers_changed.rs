//! The numbers of a sealed request are replaced.

use snap_port::{NumberList, PortRequest, Sealed};

fn change(sealed: &mut PortRequest<Sealed>, numbers: NumberList) {
    *sealed.numbers() = numbers;
}

fn main() {}
