//! The promises of [`PortStore`], each a function that tries one, for any store.
//!
//! [`store_conformance!`](crate::store_conformance) makes a test of each:
//!
//! ```
//! use snap_port::MemoryStore;
//!
//! snap_port::store_conformance!(memory, || async { MemoryStore::new() });
//! # fn main() {}
//! ```
//!
//! This is module `memory` with one plain `#[test]` per promise, `memory::no_two_claims_overlap`
//! and so on. The closure makes a new, empty store for each; where something must live as long as
//! the store (a directory, a server), it gives [a pair](Fresh) of both.
//!
//! No executor is needed: what happens at the same time happens on one task. A store that needs one
//! to run on names what runs a future to its end, and with it, what its futures run in:
//!
//! ```
//! use snap_port::MemoryStore;
//!
//! snap_port::store_conformance!(
//!     memory,
//!     || async { MemoryStore::new() },
//!     on: |test| tokio::runtime::Runtime::new().unwrap().block_on(test)
//! );
//! # fn main() {}
//! ```
//!
//! A store that several processes may share is tried by [two handles](InTurns) as well, or an order
//! that only one process keeps goes unnoticed:
//!
//! ```
//! use std::sync::Arc;
//!
//! use snap_port::MemoryStore;
//! use snap_port::testing::conformance::InTurns;
//!
//! snap_port::store_conformance!(two_handles, || async {
//!     let store = Arc::new(MemoryStore::new());
//!     InTurns::new(store.clone(), store)
//! });
//! # fn main() {}
//! ```
//!
//! # Panics
//! Each function panics if the store breaks the promise, or fails.

mod claims;
mod commits;
mod dropped;
mod finding;
mod holders;
mod kept;
mod leases;
mod outbox;
mod run;
mod stage;
mod turns;
mod waking;

pub use claims::*;
pub use commits::*;
pub use dropped::*;
pub use finding::*;
pub use holders::*;
pub use kept::*;
pub use leases::*;
pub use outbox::*;
pub use run::block_on;
pub use turns::InTurns;
pub use waking::*;

use crate::store::PortStore;

/// A new, empty store for one test: a store, or a pair of one and whatever must live as long.
pub trait Fresh {
    /// The store.
    fn store(&self) -> &dyn PortStore;
}

impl<S: PortStore> Fresh for S {
    fn store(&self) -> &dyn PortStore {
        self
    }
}

impl<S: PortStore, G> Fresh for (S, G) {
    fn store(&self) -> &dyn PortStore {
        &self.0
    }
}

/// Makes a module of tests that hold a store to the promises of
/// [`PortStore`](crate::PortStore), one each: see [`testing::conformance`](crate::testing::conformance).
#[macro_export]
#[cfg_attr(docsrs, doc(cfg(feature = "testing")))]
macro_rules! store_conformance {
    ($module:ident, $fresh:expr $(,)?) => {
        $crate::store_conformance!($module, $fresh, on: $crate::testing::conformance::block_on);
    };
    ($module:ident, $fresh:expr, on: $block_on:expr $(,)?) => {
        mod $module {
            #[allow(unused_imports, reason = "what makes the store need not come from outside")]
            use super::*;

            $crate::store_conformance! { @tests $fresh, $block_on;
                what_is_written_is_read_back
                what_was_never_written_is_not_there
                every_write_makes_the_next_revision
                a_row_is_replaced_and_a_history_grows
                a_write_over_another_revision_conflicts
                a_write_over_another_history_conflicts
                a_request_written_twice_in_a_commit_conflicts
                a_commit_is_kept_whole_or_not_at_all
                a_conflict_names_the_first_request_that_changed
                a_commit_of_nothing_writes_nothing
                a_split_is_one_commit
                of_concurrent_writers_one_goes_through
                a_history_is_read_in_parts
                a_request_is_read_whole_while_others_write
                names_are_kept_as_they_are
                orders_are_kept_as_they_are
                entries_and_forms_are_kept_byte_for_byte
                a_thousand_numbers_are_kept_in_their_order
                times_are_kept_to_the_microsecond
                every_state_party_and_trouble_is_kept
                trouble_is_counted_as_far_as_numbers_go
                a_number_is_held_by_one_request_at_a_time
                the_first_number_that_is_taken_is_named
                who_only_lists_numbers_holds_none
                a_request_that_ends_frees_its_numbers
                a_number_left_out_is_free
                a_request_keeps_its_numbers
                numbers_may_pass_between_requests_of_one_commit
                two_requests_of_one_commit_cannot_hold_a_number
                of_concurrent_requests_for_a_number_one_gets_it
                requests_are_found_by_state
                requests_are_found_by_whose_move_it_is
                requests_are_found_by_order
                requests_are_found_by_number
                requests_are_found_by_trouble
                what_is_found_comes_in_the_byte_order_of_names
                what_is_found_shows_all_but_the_history
                what_is_due_is_claimed_in_its_order
                no_more_is_claimed_than_asked_for
                only_the_carriers_asked_for_are_claimed
                a_claim_says_what_is_known
                no_two_claims_overlap
                claims_change_hands_one_by_one
                a_lease_that_ended_is_taken_over
                each_claim_has_a_higher_token
                what_is_due_beyond_the_horizon_is_due
                a_lease_beyond_the_horizon_counts_no_more
                a_write_leaves_a_claim_as_it_is
                a_claim_goes_by_the_row_as_it_was_written_last
                a_claim_is_renewed
                a_lease_that_nobody_took_over_is_still_held
                what_is_held_no_more_is_not_renewed
                what_is_given_back_is_due_when_the_worker_says
                a_claim_is_given_back_once
                what_another_wrote_stands_where_it_is_earlier
                what_the_worker_has_seen_does_not_bind_it
                what_could_not_be_read_is_put_off
                trouble_is_set_and_cleared_by_giving_back
                a_lost_claim_stays_lost
                waking_brings_the_next_look_forward
                what_is_never_due_is_not_woken
                what_is_woken_while_claimed_is_due_once_given_back
                the_earliest_of_worker_writer_and_waking_stands
                a_write_does_not_undo_a_waking
                a_claim_answers_a_waking
                the_earliest_of_several_wakings_stands
                every_entry_is_told_once_in_its_order
                the_outbox_is_read_in_parts
                what_was_not_written_is_not_told
                a_reader_misses_nothing_while_others_write
                a_cursor_is_moved_from_where_it_is
                of_concurrent_moves_of_a_cursor_one_goes_through
                what_is_dropped_is_written_whole_or_not_at_all
                what_is_dropped_holds_no_request_for_ever
                what_is_dropped_moves_a_cursor_once
            }
        }
    };
    (@tests $fresh:expr, $block_on:expr; $($promise:ident)*) => { $(
        #[test]
        fn $promise() {
            ($block_on)(async {
                let fresh = ($fresh)().await;
                let store = $crate::testing::conformance::Fresh::store(&fresh);
                $crate::testing::conformance::$promise(store).await;
            });
        }
    )* };
}
