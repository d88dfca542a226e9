//! The checklist of a sealed request is edited.

use snap_port::{NumberList, PortRequest, Sealed};

fn change(mut sealed: PortRequest<Sealed>, numbers: NumberList) {
    sealed.checklist_mut().set_numbers(numbers);
}

fn main() {}
