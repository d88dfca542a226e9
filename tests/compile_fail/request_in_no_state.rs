//! A request in something that is no state.

use snap_port::PortRequest;

fn request(_: &PortRequest<String>) {}

fn main() {}
