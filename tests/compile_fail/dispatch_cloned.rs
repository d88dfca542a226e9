//! A dispatch is copied, to be submitted twice.

use snap_port::Dispatch;

fn copy(once: Dispatch) -> (Dispatch, Dispatch) {
    (once.clone(), once)
}

fn main() {}
