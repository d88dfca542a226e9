//! A passed review made up.

use chrono::{DateTime, Utc};
use snap_port::{Actor, AttemptKey, NumberList, ReviewPass};

fn forge(
    attempt: AttemptKey,
    by: Actor,
    at: DateTime<Utc>,
    letter_lists: NumberList,
) -> ReviewPass {
    ReviewPass {
        attempt,
        by,
        at,
        letter_lists,
    }
}

fn main() {}
