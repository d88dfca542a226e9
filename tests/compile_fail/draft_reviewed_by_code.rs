//! A draft is reviewed by the code of its letter.

use snap_port::{Draft, ListCode, PortRequest};

fn review(draft: &PortRequest<Draft>, code: ListCode) {
    let numbers = draft.letter_with_code(code);
}

fn main() {}
