//! What a look at an order yields for the next step.

use crate::stub::*;
use snap_port::*;

fn protocol<T: std::fmt::Debug>(result: Result<T, CarrierError>) {
    assert_eq!(result.unwrap_err().kind(), CarrierErrorKind::Protocol);
}

fn pending<E: std::fmt::Debug>(progress: Result<Progress<E>, CarrierError>) {
    let progress = progress.unwrap();
    assert!(matches!(progress, Progress::Pending), "{progress:?}");
}

fn slot_report(begins: &str, confirmed: &str, set_by_carrier: bool) -> SlotReport {
    SlotReport {
        slot: slot(begins),
        confirmed_at: at(confirmed),
        set_by_carrier,
    }
}

#[test]
fn an_answer_about_another_order_is_no_answer() {
    let request = submitted();
    let carrier = StubCarrier::reporting(OrderReport::new(order("T-2")));
    protocol(wait(carrier.look(&request, &clock(APPROVED))));
    let approved = approved();
    let mut again = crate::stub::approved();
    let wish = again
        .ask_slot(slot(SLOT), admin().permit().unwrap(), at(APPROVED))
        .unwrap();
    protocol(wait(carrier.ask_slot(&approved, &wish, &clock(APPROVED))));
}

#[test]
fn a_look_at_another_order_or_carrier_says_nothing_of_this_one() {
    for stranger in strangers().into_iter().skip(1) {
        let look = look(&stranger, all_moved(&stranger), APPROVED);
        protocol(look.release(&submitted()));
        protocol(look.schedule(&approved()));
        protocol(look.reschedule(&scheduled()));
        protocol(look.completion(&scheduled()));
        protocol(look.news(&submitted()));
    }
}

#[test]
fn another_carrier_is_not_asked() {
    let carrier = StubCarrier::named("other");
    let refused = wait(carrier.look(&submitted(), &clock(APPROVED))).unwrap_err();
    assert_eq!(refused.kind(), CarrierErrorKind::InvalidRequest);
}

#[test]
fn a_look_at_many_orders_keeps_those_asked_for() {
    let carrier = StubCarrier::reporting(OrderReport::new(order("T-2")));
    let of = OrderQuery::of(&submitted()).unwrap();
    let query = |name: &str| OrderQuery::new(order(name), of.numbers.clone(), of.account.clone());
    let looks = |queries: &[OrderQuery]| wait(carrier.look_at(queries, &clock(SLOT))).unwrap();
    assert_eq!(looks(&[query("T-1")]), []);
    let found = looks(&[query("T-1"), query("T-2")]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].report().order, order("T-2"));
    assert_eq!(found[0].seen_at(), at(SLOT));
}

#[test]
fn nothing_known_is_pending() {
    let (submitted, approved, scheduled) = (submitted(), approved(), scheduled());
    pending(look(&submitted, report(&submitted), SLOT).release(&submitted));
    pending(look(&approved, report(&approved), SLOT).schedule(&approved));
    pending(look(&scheduled, report(&scheduled), SLOT).reschedule(&scheduled));
    pending(look(&scheduled, report(&scheduled), SLOT).completion(&scheduled));
}

#[test]
fn a_reported_approval_is_evidence() {
    let request = submitted();
    let seen = "2026-11-06T09:00:00Z";
    let look = look(&request, report(&request).approved(granted(APPROVED)), seen);
    let approval = reached(look.release(&request));
    assert_eq!(*approval.basis(), Basis::Reported);
    assert_eq!(approval.occurred_at(), at(APPROVED));
    assert_eq!(approval.recorded_at(), at(seen));
    assert_eq!(approval.losing_ticket().as_deref(), Some("T-losing"));
    assert!(request.approved(approval).is_ok());
}

#[test]
fn numbers_that_have_all_moved_imply_the_approval() {
    let request = submitted();
    let approval = reached(look(&request, all_moved(&request), SLOT).release(&request));
    assert_eq!(*approval.basis(), Basis::Implied);
    assert_eq!(approval.numbers(), &all());
    assert_eq!(approval.gaining_account(), &gaining());
    assert!(request.approved(approval).is_ok());
}

#[test]
fn some_numbers_do_not_imply_the_approval_of_the_rest() {
    let request = submitted();
    let some = report(&request).arrived([arrival(0, gaining()), arrival(1, gaining())]);
    let look = look(&request, some, SLOT);
    pending(look.release(&request));
    assert_eq!(look.news(&request).unwrap().len(), 2);
}

#[test]
fn numbers_that_have_all_moved_win_over_an_approval_that_does_not_fit() {
    let part = ReleaseGranted {
        numbers: numbers(&[0]),
        ..granted(APPROVED)
    };
    let request = submitted();
    let look = look(&request, all_moved(&request).approved(part), SLOT);
    let approval = reached(look.release(&request));
    let approved = request.approved(approval);
    assert!(
        approved.is_ok(),
        "all numbers moved, the request is stuck: {approved:?}"
    );
}

#[test]
fn arrivals_on_record_count_with_those_reported() {
    let mut request = scheduled();
    for index in [0, 1] {
        let fact = Fact::Arrived {
            number: number(index),
            account: gaining(),
        };
        let seen = seen(&request, fact, "2026-12-01T10:00:00Z");
        request.observe(seen).unwrap();
    }
    let last = report(&request).arrived([arrival(2, gaining())]);
    let completion = reached(look(&request, last, SLOT).completion(&request));
    assert_eq!(completion.occurred_at(), at(MOVED));
    assert_eq!(completion.arrivals()[0].at, at("2026-12-01T10:00:00Z"));
    // Two of the three are a person's word, which the report does not show.
    assert_eq!(*completion.basis(), Basis::Attested(support()));
    assert!(request.ported(completion).is_ok());
}

#[test]
fn a_persons_word_that_the_inventory_bears_out_is_observed() {
    let mut request = scheduled();
    let fact = Fact::Arrived {
        number: number(0),
        account: gaining(),
    };
    observe(&mut request, fact);
    let moved = all_moved(&request);
    let completion = reached(look(&request, moved, SIGNED).completion(&request));
    assert_eq!(*completion.basis(), Basis::Observed);
}

#[test]
fn a_cut_over_that_a_person_stated_rests_on_that_person() {
    let mut request = approved();
    let fact = Fact::Arrived {
        number: number(0),
        account: gaining(),
    };
    observe(&mut request, fact);
    let nothing = report(&request);
    let cut_over = reached(look(&request, nothing, SIGNED).schedule(&request));
    assert_eq!(cut_over.schedule(), &Schedule::ObservedCutover(at(TESTED)));
    assert_eq!(*cut_over.basis(), Basis::Attested(support()));
}

#[test]
fn an_arrival_without_a_time_counts_when_it_is_seen() {
    let request = scheduled();
    let arrivals = [0, 1, 2].map(|index| ArrivalReport {
        at: None,
        ..arrival(index, gaining())
    });
    let look = look(&request, report(&request).arrived(arrivals), SIGNED);
    assert_eq!(reached(look.completion(&request)).occurred_at(), at(SIGNED));
}

#[test]
fn a_number_in_a_wrong_account_or_of_another_request_has_not_arrived() {
    let request = scheduled();
    let moved = report(&request).arrived([
        arrival(0, gaining()),
        arrival(1, gaining()),
        arrival(2, wrong()),
        arrival(7, gaining()),
    ]);
    pending(look(&request, moved, SLOT).completion(&request));
}

#[test]
fn a_slot_is_agreed_or_set_by_the_carrier() {
    let request = approved();
    let scheduled = |set| report(&request).scheduled(slot_report(SLOT, CONFIRMED, set));
    let found = |set| reached(look(&request, scheduled(set), SLOT).schedule(&request));
    assert_eq!(found(true).schedule(), &Schedule::CarrierSet(slot(SLOT)));
    let agreed = found(false);
    assert_eq!(agreed.schedule(), &Schedule::Agreed(slot(SLOT)));
    assert_eq!(*agreed.basis(), Basis::Reported);
    assert_eq!(agreed.occurred_at(), at(CONFIRMED));
}

#[test]
fn the_first_number_that_moved_is_the_cut_over() {
    let request = approved();
    let first = "2026-11-06T00:00:00Z";
    let early = ArrivalReport {
        at: Some(at(first)),
        ..arrival(1, gaining())
    };
    let report = report(&request)
        .scheduled(slot_report(SLOT, CONFIRMED, false))
        .arrived([arrival(0, gaining()), early]);
    let cut_over = reached(look(&request, report, SLOT).schedule(&request));
    assert_eq!(cut_over.schedule(), &Schedule::ObservedCutover(at(first)));
    assert_eq!(*cut_over.basis(), Basis::Observed);
    assert!(request.scheduled(cut_over).is_ok());
}

#[test]
fn another_and_newer_slot_is_a_new_time() {
    let later = "2026-12-02T15:00:00Z";
    let newer = "2026-11-21T00:00:00Z";
    let request = scheduled();
    let report = |slot| report(&request).scheduled(slot);
    let look = |slot| look(&request, report(slot), newer);
    let found = reached(look(slot_report(later, newer, true)).reschedule(&request));
    assert_eq!(found.schedule(), &Schedule::CarrierSet(slot(later)));
    pending(look(slot_report(SLOT, newer, false)).reschedule(&request));
    pending(look(slot_report(later, "2026-11-01T00:00:00Z", false)).reschedule(&request));
    // A carrier with coarse times may correct a slot within one of them.
    let corrected = look(slot_report(later, CONFIRMED, false)).reschedule(&request);
    assert_eq!(
        reached(corrected).schedule(),
        &Schedule::Agreed(slot(later))
    );
    assert!(request.rescheduled(found).is_ok());
}

#[test]
fn once_numbers_move_there_is_no_other_time() {
    let newer = "2026-11-21T00:00:00Z";
    let request = scheduled();
    let report = report(&request)
        .scheduled(slot_report("2026-12-02T15:00:00Z", newer, true))
        .arrived([arrival(0, gaining())]);
    pending(look(&request, report, SLOT).reschedule(&request));
}

#[test]
fn a_dead_order_is_refused_or_cancelled_at_every_step() {
    let (submitted, approved, scheduled) = (submitted(), approved(), scheduled());
    let gone = "2026-11-25T00:00:00Z";
    let refused = OrderReport::new(order("T-1")).refused(refusal(), at(gone));
    let cancelled = OrderReport::new(order("T-1")).cancelled(at(gone));
    for (report, dead) in [(refused, "refused"), (cancelled, "cancelled")] {
        let look = look(&submitted, report, SLOT);
        let steps = [
            look.release(&submitted).map(name),
            look.schedule(&approved).map(name),
            look.reschedule(&scheduled).map(name),
            look.completion(&scheduled).map(name),
        ];
        for step in steps {
            assert_eq!(step.unwrap(), (dead, Some(at(gone))));
        }
    }
}

fn name<E>(progress: Progress<E>) -> (&'static str, Option<DateTime<Utc>>) {
    match progress {
        Progress::Pending => ("pending", None),
        Progress::Reached(_) => ("reached", None),
        Progress::Refused(notice) => ("refused", Some(notice.occurred_at())),
        Progress::Cancelled(receipt) => ("cancelled", Some(receipt.occurred_at())),
    }
}

#[test]
fn refusal_and_cancellation_are_ignored_once_numbers_moved() {
    let dead = |report: OrderReport| report.refused(refusal(), at(SLOT)).cancelled(at(SLOT));
    let request = scheduled();
    let moved = dead(all_moved(&request));
    assert!(
        reached(look(&request, moved, SLOT).completion(&request))
            .arrivals()
            .len()
            == 3
    );
    let one = dead(report(&request).arrived([arrival(0, gaining())]));
    pending(look(&request, one.clone(), SLOT).completion(&request));
    pending(look(&request, one.clone(), SLOT).reschedule(&request));
    pending(look(&submitted(), one, SLOT).release(&submitted()));
}

#[test]
fn refusal_and_cancellation_are_ignored_once_a_move_is_on_record() {
    let mut request = scheduled();
    let fact = Fact::Arrived {
        number: number(0),
        account: gaining(),
    };
    observe(&mut request, fact);
    let dead = report(&request)
        .refused(refusal(), at(SIGNED))
        .cancelled(at(SIGNED));
    pending(look(&request, dead, SIGNED).completion(&request));
}

#[test]
fn a_carrier_may_jump_to_the_end() {
    let submitted = submitted();
    let look = look(&submitted, all_moved(&submitted), SLOT);
    let approval = reached(look.release(&submitted));
    let approved = submitted.approved(approval).unwrap();
    let cut_over = reached(look.schedule(&approved));
    let scheduled = approved.scheduled(cut_over).unwrap();
    let completion = reached(look.completion(&scheduled));
    assert_eq!(
        scheduled.ported(completion).unwrap().status(),
        Status::Ported
    );
}

#[test]
fn the_answer_to_a_cancellation_is_evidence() {
    let request = submitted();
    let answer = |cancel| {
        let carrier = StubCarrier {
            cancel: Ok(cancel),
            ..StubCarrier::new()
        };
        let answer = wait(carrier.cancel_order(&request, &clock(SLOT))).unwrap();
        let asked = carrier.cancels.into_inner().unwrap().pop().unwrap();
        assert_eq!((asked.order, asked.numbers), (order("T-1"), all()));
        answer
    };
    let Cancellation::Pending(seen) = answer(CancelReport::Pending) else {
        panic!("it is under way");
    };
    assert_eq!(seen.what(), &Fact::CancelUnderWay);
    let Cancellation::Refused(seen) = answer(CancelReport::Refused("too late".to_owned())) else {
        panic!("it was refused");
    };
    assert_eq!(seen.what(), &Fact::CancelRefused("too late".to_owned()));
    let Cancellation::Done(receipt) = answer(CancelReport::Done(at(SLOT))) else {
        panic!("it was done");
    };
    assert_eq!(*receipt.basis(), Basis::Reported);
    assert_eq!(
        request.cancelled(receipt).unwrap().status(),
        Status::Cancelled
    );
}
