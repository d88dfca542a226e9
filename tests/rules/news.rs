//! What a look yields beside transitions: told once, and only what the request does not know.

use crate::stub::*;
use snap_port::*;

/// The facts that a look at `request` tells, recorded.
fn tell<S: HasOrder>(request: &mut PortRequest<S>, report: OrderReport, when: &str) -> Vec<Fact> {
    let news = look(request, report, when).news(request).unwrap();
    let facts = news.iter().map(|news| news.what().clone()).collect();
    for news in news {
        assert_eq!(news.recorded_at(), at(when));
        request.observe(news).unwrap();
    }
    facts
}

/// Tells a report twice: the second time there is nothing new.
#[track_caller]
fn once<S: HasOrder>(request: &mut PortRequest<S>, report: OrderReport) -> Vec<Fact> {
    let facts = tell(request, report.clone(), APPROVED);
    assert_eq!(tell(request, report, CONFIRMED), [], "told twice");
    facts
}

fn fee() -> Hold {
    Hold::new(Reason::FeeDemanded, "$50")
}

fn early() -> SlotReport {
    SlotReport {
        slot: slot("2026-11-10T15:00:00Z"),
        confirmed_at: at(APPROVED),
        set_by_carrier: true,
    }
}

#[test]
fn an_order_without_news_has_none() {
    let mut request = submitted();
    let report = report(&request).approved(granted(APPROVED));
    assert_eq!(once(&mut request, report), []);
}

#[test]
fn a_hold_is_told_when_it_begins_changes_and_ends() {
    let mut request = submitted();
    let plain = report(&request);
    let held = plain.clone().on_hold(fee());
    assert_eq!(once(&mut request, held), [Fact::Held(fee())]);
    let dearer = Hold::new(Reason::FeeDemanded, "$80");
    let held = plain.clone().on_hold(dearer.clone());
    assert_eq!(once(&mut request, held), [Fact::Held(dearer)]);
    assert_eq!(once(&mut request, plain), [Fact::Resumed]);
    assert_eq!(request.hold(), None);
}

#[test]
fn a_report_that_shows_no_hold_does_not_end_one_that_a_person_stated() {
    let mut request = submitted();
    observe(&mut request, Fact::Held(fee()));
    let plain = report(&request);
    assert_eq!(tell(&mut request, plain, SIGNED), []);
    assert!(request.hold().is_some());
}

fn arrived(index: usize, account: AccountId) -> Fact {
    Fact::Arrived {
        number: number(index),
        account,
    }
}

#[test]
fn arrivals_are_told_number_by_number() {
    let mut request = submitted();
    let one = report(&request).arrived([arrival(1, gaining())]);
    assert_eq!(once(&mut request, one), [arrived(1, gaining())]);
    let everything = all_moved(&request);
    let rest = [arrived(0, gaining()), arrived(2, gaining())];
    assert_eq!(once(&mut request, everything), rest);
}

#[test]
fn an_arrival_is_observed_when_it_happened_or_when_it_was_seen() {
    let request = submitted();
    let unknown = ArrivalReport {
        at: None,
        ..arrival(1, gaining())
    };
    let report = report(&request).arrived([arrival(0, gaining()), unknown]);
    let news = look(&request, report, SIGNED).news(&request).unwrap();
    assert!(news.iter().all(|news| *news.basis() == Basis::Observed));
    let times: Vec<_> = news.iter().map(Observation::occurred_at).collect();
    assert_eq!(times, [at(MOVED), at(SIGNED)]);
}

#[test]
fn a_number_in_a_wrong_account_is_told_once_and_again_when_it_arrives() {
    let mut request = submitted();
    let astray = report(&request).arrived([arrival(0, wrong())]);
    assert_eq!(once(&mut request, astray), [arrived(0, wrong())]);
    let home = report(&request).arrived([arrival(0, gaining())]);
    assert_eq!(once(&mut request, home), [arrived(0, gaining())]);
}

#[test]
fn another_wrong_account_is_told() {
    let mut request = submitted();
    let other = account("AC-other-0004");
    let report = |account| report(&submitted()).arrived([arrival(0, account)]);
    assert_eq!(once(&mut request, report(wrong())), [arrived(0, wrong())]);
    assert_eq!(
        once(&mut request, report(other.clone())),
        [arrived(0, other)]
    );
}

#[test]
fn numbers_of_other_parts_of_the_order_are_none_of_this_ones_news() {
    let mut request = submitted();
    let strange = report(&request).arrived([arrival(7, gaining())]);
    assert_eq!(once(&mut request, strange), []);
}

#[test]
fn what_arrived_is_not_told_again_after_the_completion() {
    let mut request = ported();
    let report = all_moved(&request);
    assert_eq!(tell(&mut request, report, SIGNED), []);
}

#[test]
fn a_number_reported_twice_is_told_once() {
    let mut request = submitted();
    let twice = report(&request).arrived([arrival(0, gaining()), arrival(0, gaining())]);
    assert_eq!(once(&mut request, twice), [arrived(0, gaining())]);
}

#[test]
fn a_counter_offer_is_told_once() {
    let mut request = approved();
    let offered = |begins| report(&approved()).counter_offered(slot(begins));
    let first = "2026-12-04T15:00:00Z";
    let told = |begins| [Fact::CounterOffered(slot(begins))];
    assert_eq!(once(&mut request, offered(first)), told(first));
    assert_eq!(once(&mut request, offered(SLOT)), told(SLOT));
    assert_eq!(once(&mut request, offered(first)), told(first));
}

#[test]
fn a_slot_before_the_earliest_date_is_an_alarm_until_it_is_gone() {
    let mut request = approved();
    let plain = report(&request);
    let slot = early().slot;
    let set = plain.clone().scheduled(early());
    assert_eq!(once(&mut request, set), [Fact::SlotTooEarly(slot)]);
    assert_eq!(once(&mut request, plain.clone()), [Fact::SlotWithdrawn]);
    let again = plain.scheduled(early());
    assert_eq!(tell(&mut request, again, SIGNED).len(), 1);
}

#[test]
fn a_slot_moved_to_a_good_time_is_an_early_one_withdrawn() {
    let mut request = approved();
    let plain = report(&request);
    once(&mut request, plain.clone().scheduled(early()));
    let good = SlotReport {
        slot: slot(EARLIEST),
        ..early()
    };
    assert_eq!(
        once(&mut request, plain.scheduled(good)),
        [Fact::SlotWithdrawn]
    );
}

#[test]
fn another_slot_that_is_too_early_is_another_alarm() {
    let mut request = approved();
    let plain = report(&request);
    once(&mut request, plain.clone().scheduled(early()));
    let other = SlotReport {
        slot: slot("2026-12-01T04:59:59Z"),
        ..early()
    };
    let told = [Fact::SlotTooEarly(other.slot.clone())];
    assert_eq!(once(&mut request, plain.scheduled(other)), told);
}

#[test]
fn a_report_that_shows_no_slot_does_not_withdraw_one_that_a_person_stated() {
    let mut request = approved();
    observe(&mut request, Fact::SlotTooEarly(early().slot));
    let plain = report(&request);
    assert_eq!(tell(&mut request, plain, SIGNED), []);
}

#[test]
fn unknown_words_are_kept_once() {
    let mut request = submitted();
    let says = |words: &str| report(&submitted()).unrecognised(words);
    let told = |words: &str| [Fact::Unrecognised(words.to_owned())];
    assert_eq!(once(&mut request, says("parked")), told("parked"));
    assert_eq!(once(&mut request, says("escalated")), told("escalated"));
}

#[test]
fn an_alarm_is_told_once_and_so_is_its_end() {
    let mut request = submitted();
    let alarmed = |words: &str| report(&submitted()).alarmed(words);
    let told = |words: &str| [Fact::Alarm(words.to_owned())];
    assert_eq!(once(&mut request, alarmed("gone")), told("gone"));
    assert_eq!(once(&mut request, alarmed("elsewhere")), told("elsewhere"));
    let plain = report(&request);
    assert_eq!(once(&mut request, plain.clone()), [Fact::AlarmOver]);
    assert_eq!(tell(&mut request, plain.clone(), SIGNED), []);
    observe(&mut request, Fact::Alarm("a person saw it".to_owned()));
    assert_eq!(
        tell(&mut request, plain, SIGNED),
        [],
        "what a person stated is a person's to take back"
    );
}

/// The sample request on a second order, `T-2`, after the first was refused with `news` told.
fn second_order(first: OrderReport) -> PortRequest<ReleaseApproved> {
    let mut request = submitted();
    once(&mut request, first);
    let notice = notice(&request);
    let rejected = request.refused(notice).unwrap();
    let draft = rejected.amend(support().permit().unwrap(), at(CONFIRMED));
    let sent = send(pass(seal(draft)));
    let receipt = receipt(&sent, "T-2");
    approve(sent.submitted(receipt).unwrap())
}

#[test]
fn a_new_orders_news_are_not_silenced_by_the_old_orders() {
    let offer = slot("2026-12-04T15:00:00Z");
    let report = |order: &str| {
        OrderReport::new(crate::stub::order(order))
            .counter_offered(offer.clone())
            .scheduled(early())
            .unrecognised("parked")
    };
    let mut request = second_order(report("T-1"));
    let told = [
        Fact::CounterOffered(offer.clone()),
        Fact::SlotTooEarly(early().slot),
        Fact::Unrecognised("parked".to_owned()),
    ];
    assert_eq!(once(&mut request, report("T-2")), told);
}

#[test]
fn a_new_order_withdraws_no_slot_of_the_old_one() {
    let mut request = second_order(OrderReport::new(order("T-1")).scheduled(early()));
    let plain = report(&request);
    assert_eq!(tell(&mut request, plain, SIGNED), []);
}
