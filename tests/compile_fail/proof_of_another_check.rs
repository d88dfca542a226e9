//! A text that went out proves none that came in.

use snap_port::{PortRequest, Ported, Proven, check};

fn prove(ported: &PortRequest<Ported>, sms_out: Proven<check::SmsOut>) {
    let sms_in: Proven<check::SmsIn> = sms_out;
}

fn main() {}
