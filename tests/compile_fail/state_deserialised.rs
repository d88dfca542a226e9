//! A request in a chosen state is read from text that anybody may have written.

use snap_port::{PortRequest, Verified};

fn read(text: &str) -> PortRequest<Verified> {
    serde_json::from_str::<PortRequest<Verified>>(text).unwrap()
}

fn main() {}
