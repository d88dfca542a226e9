//! An order to the carrier, put together by hand.

use snap_port::{Attempt, NumberList, ReviewPass, TransferOrder};

fn forge(
    attempt: std::sync::Arc<Attempt>,
    numbers: NumberList,
    review: ReviewPass,
) -> TransferOrder {
    TransferOrder {
        attempt,
        numbers,
        review,
    }
}

fn main() {}
