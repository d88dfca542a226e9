//! Orders and words that come late, early or twice.

use crate::stub::*;
use snap_port::*;
use std::sync::{Arc, Mutex};

fn not_filed(request: &mut PortRequest<Sealed>) {
    let carrier = StubCarrier::with(Means::Human);
    let permit = support().permit().unwrap();
    let said = Statement::new(permit, at(TAKEN), NotFiled("not on the list".to_owned()));
    let news = carrier.attest_not_filed(request, said, &clock(SIGNED));
    request.heard(news.unwrap()).unwrap();
}

#[test]
fn filed_after_not_filed_is_the_try_that_was_given_up() {
    let mut request = sent();
    not_filed(&mut request);
    assert_eq!(request.attempt().key().number(), 2);
    let carrier = StubCarrier::with(Means::Human);
    let permit = support().permit().unwrap();
    let said = Statement::new(permit, at(TAKEN), Filed(order("T-9")));
    let receipt = carrier
        .attest_filed(&request, said, &clock(SIGNED))
        .unwrap();
    assert_eq!(receipt.attempt(), Some(1));
    assert_eq!(request.submitted(receipt).unwrap().order(), &order("T-9"));
}

#[test]
fn an_order_of_a_package_that_was_sent_back_is_found_and_not_adopted() {
    let mut request = sent();
    not_filed(&mut request);
    let second = pass(seal(send_back(request)));
    assert_eq!(second.former_attempts().len(), 1);
    let carrier = StubCarrier {
        find: Ok(FindReport::Found {
            order: order("T-1"),
            at: at(TAKEN),
        }),
        ..StubCarrier::new()
    };
    let Ok(Resolution::Found(receipt)) = wait(carrier.resolve(&second, &clock(SIGNED))) else {
        panic!("it is found");
    };
    let refused = second.submitted(receipt).unwrap_err();
    assert!(matches!(
        refused.violation(),
        Violation::OtherAttempt { current: 3 }
    ));
}

#[test]
fn a_try_that_was_given_up_is_looked_for_as_it_was_made() {
    let mut request = sent();
    not_filed(&mut request);
    let other = package_with(|form| {
        let two = numbers(&[4, 5]);
        form.set_loa(letter("2026-11-02", &two)).set_numbers(two);
    });
    let second = seal_with(send_back(request), &other);
    let asked = Arc::new(Mutex::new(Vec::new()));
    let mut carrier = MockCarrierClient::new();
    let own = second.carrier().clone();
    carrier.expect_id().returning(move || own.clone());
    carrier
        .expect_capabilities()
        .returning(Capabilities::default);
    let heard = Arc::clone(&asked);
    carrier.expect_find().returning(move |query| {
        let asked = (query.key.number(), query.numbers.clone());
        heard.lock().unwrap().push(asked);
        Ok(FindReport::Absent)
    });
    let _ = wait(carrier.resolve(&second, &clock(SIGNED))).unwrap();
    let asked = asked.lock().unwrap();
    assert_eq!(*asked, [(1, all()), (3, numbers(&[4, 5]))]);
}

#[test]
fn a_try_that_cannot_be_looked_for_stops_no_other() {
    let mut request = sent();
    not_filed(&mut request);
    let request = send(request);
    for (kind, stops) in [
        (CarrierErrorKind::NotFound, false),
        (CarrierErrorKind::InvalidRequest, false),
        (CarrierErrorKind::Unreachable, true),
    ] {
        let mut carrier = MockCarrierClient::new();
        let id = request.carrier().clone();
        let own = id.clone();
        carrier.expect_id().returning(move || own.clone());
        carrier
            .expect_capabilities()
            .returning(Capabilities::default);
        carrier
            .expect_find()
            .returning(move |query| match query.key.number() {
                1 => Err(CarrierError::new(id.clone(), kind, "account closed")),
                _ => Ok(FindReport::Absent),
            });
        let resolved = wait(carrier.resolve(&request, &clock(SIGNED)));
        assert_eq!(resolved.is_err(), stops, "{kind:?}");
    }
}

#[test]
fn looks_before_a_call_ended_prove_nothing() {
    let mut request = sent();
    let lost = StubCarrier::submitting(Err(StubCarrier::error(CarrierErrorKind::Timeout)));
    request.heard(absent(&sent(), TAKEN)).unwrap();
    assert!(request.seen_absent().is_some());
    request
        .heard(news_in(submission(&lost, cleared())))
        .unwrap();
    assert_eq!(request.seen_absent(), None);
}

#[test]
fn what_people_file_is_not_absent_because_it_does_not_show() {
    let carrier = StubCarrier {
        find: Ok(FindReport::Absent),
        ..StubCarrier::with(Means::Human)
    };
    let Ok(Resolution::Unclear(news)) = wait(carrier.resolve(&sent(), &clock(TAKEN))) else {
        panic!("it is unclear");
    };
    assert!(matches!(news.what(), AttemptFact::CannotTell(_)));
}

#[test]
fn a_carrier_whose_clock_is_far_ahead_does_not_make_later_news_look_old() {
    let request = approved();
    let report = OrderReport::new(order("T-1")).scheduled(SlotReport {
        slot: slot(SLOT),
        confirmed_at: at("2062-01-01T00:00:00Z"),
        set_by_carrier: false,
    });
    let found = reached(look(&request, report, CONFIRMED).schedule(&request));
    assert_eq!(found.occurred_at(), at(CONFIRMED));
}

#[test]
fn numbers_that_are_there_outdo_an_approval_that_would_be_refused() {
    let request = submitted();
    let arrivals = || (0..all().len()).map(|index| arrival(index, gaining()));
    let nameless = ReleaseGranted {
        approver: " ".to_owned(),
        ..granted(APPROVED)
    };
    let early = granted("2026-01-01T00:00:00Z");
    for unsound in [nameless, early] {
        let report = OrderReport::new(order("T-1"))
            .approved(unsound)
            .arrived(arrivals());
        let found = reached(look(&request, report, SLOT).release(&request));
        assert_eq!(*found.basis(), Basis::Implied);
    }
}

#[test]
fn a_test_before_the_number_moved_says_nothing_of_it_here() {
    let mut request = scheduled();
    observe(
        &mut request,
        tested(number(0), Test::VoiceOut, Outcome::Passed),
    );
    let ported = complete(request);
    let table = ported.table();
    let row = table.row(number(0)).unwrap();
    assert_eq!(*row.check(Check::VoiceOut), CheckState::Open);
}

#[test]
fn a_draft_that_comes_back_has_the_ticket_that_counts() {
    let mut request = sealed();
    let newer = ticket(package().losing().platform().clone(), "NEWER");
    let note = Note::TicketSuperseded(newer.clone());
    let permit = support().permit().unwrap();
    request.note(note, permit, at(REVIEWED)).unwrap();
    let draft = send_back(request);
    assert_eq!(draft.checklist().ticket(), Some(&newer));
}
