//! The suite notices a store that breaks a promise.

use std::panic::{AssertUnwindSafe, catch_unwind};

use snap_port::testing::conformance::{self, InTurns};

use super::downstream::{Flaw, Front};

/// One test per flaw: each promise named breaks by it.
macro_rules! noticed {
    ($($test:ident: $flaw:ident breaks $($promise:ident)*;)*) => { $(
        #[test]
        fn $test() {
            $(
                let store = Front::new(Some(Flaw::$flaw));
                let promise = conformance::$promise(&store);
                let kept = catch_unwind(AssertUnwindSafe(|| conformance::block_on(promise)));
                assert!(kept.is_err(), concat!(stringify!($promise), " holds all the same"));
            )*
        }
    )* };
}

/// One test per promise that one handle of a store keeps, and two break.
macro_rules! noticed_by_two_handles {
    ($($promise:ident)*) => {
        mod two_handles {
            use super::*;

            $(
                #[test]
                fn $promise() {
                    let one = Front::new(Some(Flaw::OrdersWithinAHandle));
                    conformance::block_on(conformance::$promise(&one));
                    let one = Front::new(Some(Flaw::OrdersWithinAHandle));
                    let two = InTurns::new(one.second(), one);
                    let promise = conformance::$promise(&two);
                    let kept = catch_unwind(AssertUnwindSafe(|| conformance::block_on(promise)));
                    assert!(kept.is_err(), "two handles keep it too");
                }
            )*
        }
    };
}

noticed_by_two_handles! {
    of_concurrent_writers_one_goes_through
    no_two_claims_overlap
    claims_change_hands_one_by_one
    of_concurrent_moves_of_a_cursor_one_goes_through
}

noticed! {
    a_store_whose_commits_can_be_cut_in_half_is_noticed: OrdersWithinAHandle breaks
        what_is_dropped_is_written_whole_or_not_at_all;
    a_store_that_writes_one_by_one_is_noticed: WritesOneByOne breaks
        a_commit_is_kept_whole_or_not_at_all
        a_request_written_twice_in_a_commit_conflicts
        what_was_not_written_is_not_told
        numbers_may_pass_between_requests_of_one_commit
        a_split_is_one_commit;
    a_store_where_the_last_writer_wins_is_noticed: IgnoresRevisions breaks
        a_write_over_another_revision_conflicts;
    a_store_that_writes_backwards_is_noticed: WritesBackwards breaks
        every_write_makes_the_next_revision
        a_conflict_names_the_first_request_that_changed
        the_first_number_that_is_taken_is_named
        every_entry_is_told_once_in_its_order;
    a_store_that_believes_how_long_a_history_is_is_noticed: IgnoresKnownEntries breaks
        a_write_over_another_history_conflicts;
    a_store_that_holds_no_numbers_is_noticed: HoldsNoNumbers breaks
        a_number_is_held_by_one_request_at_a_time
        the_first_number_that_is_taken_is_named
        two_requests_of_one_commit_cannot_hold_a_number
        of_concurrent_requests_for_a_number_one_gets_it;
    a_store_of_coarse_times_is_noticed: CoarseTimes breaks
        times_are_kept_to_the_microsecond
        what_is_due_beyond_the_horizon_is_due;
    a_store_that_takes_entries_for_text_is_noticed: LossyEntries breaks
        entries_and_forms_are_kept_byte_for_byte;
    a_store_that_sorts_by_letters_is_noticed: SortsByLetters breaks
        what_is_found_comes_in_the_byte_order_of_names;
    a_store_with_endless_pages_is_noticed: EndlessPages breaks
        what_is_found_comes_in_the_byte_order_of_names;
    a_store_that_claims_backwards_is_noticed: ClaimsBackwards breaks
        what_is_due_is_claimed_in_its_order
        no_more_is_claimed_than_asked_for;
    a_store_that_claims_for_anyone_is_noticed: ClaimsForAnyone breaks
        only_the_carriers_asked_for_are_claimed
        a_claim_goes_by_the_row_as_it_was_written_last;
    a_store_that_claims_without_limit_is_noticed: ClaimsWithoutLimit breaks
        no_more_is_claimed_than_asked_for;
    a_store_that_believes_any_clock_is_noticed: NoHorizon breaks
        what_is_due_beyond_the_horizon_is_due
        a_lease_beyond_the_horizon_counts_no_more;
    a_store_that_believes_any_token_is_noticed: BelievesTokens breaks
        what_is_held_no_more_is_not_renewed
        a_lost_claim_stays_lost;
    a_store_where_workers_overrule_writers_is_noticed: IgnoresWriters breaks
        what_another_wrote_stands_where_it_is_earlier
        the_earliest_of_worker_writer_and_waking_stands;
    a_store_that_keeps_trouble_is_noticed: KeepsTrouble breaks
        trouble_is_set_and_cleared_by_giving_back
        requests_are_found_by_trouble;
    a_store_that_counts_all_woken_is_noticed: CountsAllWoken breaks
        what_is_never_due_is_not_woken;
    a_store_that_skips_entries_is_noticed: SkipsEntries breaks
        the_outbox_is_read_in_parts
        a_reader_misses_nothing_while_others_write;
    a_store_that_repeats_entries_is_noticed: RepeatsEntries breaks
        the_outbox_is_read_in_parts
        a_reader_misses_nothing_while_others_write;
    a_store_that_moves_any_cursor_is_noticed: MovesAnyCursor breaks
        a_cursor_is_moved_from_where_it_is
        of_concurrent_moves_of_a_cursor_one_goes_through;
}
