//! A delivery that was checked is given another body.

use snap_port::twilio::webhook::Genuine;

fn believe(checked: Genuine<'static>) -> Genuine<'static> {
    Genuine {
        body: b"[]",
        ..checked
    }
}

fn main() {}
