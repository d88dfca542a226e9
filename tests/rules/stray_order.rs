//! Orders that the carrier took beside the request's own.

use crate::stub::*;
use snap_port::desk::{DeskView, English, customer_update, work_item};
use snap_port::*;

/// The answer to the sample request's first call, which comes when the request has gone on.
fn late(as_order: &str) -> SubmissionReceipt {
    receipt(&sent(), as_order)
}

fn settle<S: State>(request: &mut PortRequest<S>, how: &str) -> Result<(), Violation> {
    let permit = support().permit().unwrap();
    request.settle_stray(&order("T-9"), how, permit, at(TAKEN))
}

/// The sample request, which people took back while its call was under way, and whose call came to
/// an order all the same.
fn back_with_a_stray() -> PortRequest<Draft> {
    let mut request = sent();
    let said = says(TAKEN, NotFiled("stopped it".to_owned()));
    let carrier = StubCarrier::new();
    let news = carrier.attest_not_filed(&request, said, &clock(TAKEN));
    request.heard(news.unwrap()).unwrap();
    let mut draft = send_back(request);
    draft.strayed(late("T-9")).unwrap();
    draft
}

fn any<S: State>(mut request: PortRequest<S>) -> AnyPortRequest
where
    AnyPortRequest: From<PortRequest<S>>,
{
    request.strayed(late("T-9")).unwrap();
    request.into()
}

/// The sample request in every state, with a stray order.
fn everywhere() -> Vec<AnyPortRequest> {
    vec![
        back_with_a_stray().into(),
        seal(back_with_a_stray()).into(),
        any(submitted()),
        any(approved()),
        any(scheduled()),
        any(ported()),
        any(verified()),
        any(rejected()),
        any(cancelled()),
    ]
}

#[test]
fn it_is_kept_in_every_state_and_survives_the_record() {
    let met: Vec<Status> = everywhere().iter().map(AnyPortRequest::status).collect();
    assert_eq!(met, Status::ALL);
    for request in everywhere() {
        let [stray] = &request.stray_orders()[..] else {
            panic!("{request:?}");
        };
        assert_eq!((&stray.order, stray.since), (&order("T-9"), at(TAKEN)));
        assert_ne!(request.order(), Some(&order("T-9")));
        let read = AnyPortRequest::from_json(&request.to_json().unwrap()).unwrap();
        assert!(read == request, "{request:?}");
    }
}

#[test]
fn it_is_an_emergency_of_staff_in_every_state_until_it_is_settled() {
    let (can, policy) = (Capabilities::default(), RoutePolicy::default());
    let view = DeskView::new(&can, &policy, at(TAKEN));
    for mut request in everywhere() {
        let status = request.status();
        let item = work_item(&request, &view).unwrap();
        assert_eq!(item.urgency, desk::Urgency::Emergency, "{status}");
        assert_eq!(item.waiting.on, Party::Staff, "{status}");
        assert_eq!(item.waiting.what, Awaited::StrayOrder(order("T-9")));
        assert_eq!(item.waiting.since, at(TAKEN));
        assert!(item.text(&English).contains("cancel its order T-9"));

        let permit = success().permit().unwrap();
        let cancelled = "cancelled by Twilio, says ticket 17";
        let settled = request.settle_stray(&order("T-9"), cancelled, permit, at(TAKEN));
        assert_eq!(settled, Ok(()), "{status}");
        assert_eq!(request.stray_orders(), []);
        let waits = waiting(&request, &can);
        assert!(!matches!(
            waits.map(|waits| waits.what),
            Some(Awaited::StrayOrder(_))
        ));
        let last = request.timeline().last().unwrap().to_string();
        assert_eq!(last, format!("stray order T-9 settled: {cancelled}"));
    }
}

#[test]
fn the_customer_is_told_what_he_would_be_told_without_it() {
    let (can, policy) = (Capabilities::default(), RoutePolicy::default());
    let view = DeskView::new(&can, &policy, at(APPROVED));
    let told = |request: AnyPortRequest| {
        let update = customer_update(&request, &view);
        format!("{:?} {}", update.who, update.message(&English))
    };
    assert_eq!(told(any(submitted())), told(submitted().into()));
    assert_eq!(told(any(scheduled())), told(scheduled().into()));
    assert_eq!(told(any(cancelled())), told(cancelled().into()));
}

#[test]
fn nothing_is_submitted_while_it_is_open() {
    let mut request = pass(seal(back_with_a_stray()));
    let cleared = request.cleared().unwrap();
    let refused = request.dispatch(cleared, at(SENT)).unwrap_err();
    assert_eq!(
        refused,
        Violation::StrayOpen {
            order: order("T-9")
        }
    );
    assert_eq!(request.phase(), AttemptPhase::Cleared);
    settle(&mut request, "cancelled").unwrap();
    let cleared = request.cleared().unwrap();
    assert!(request.dispatch(cleared, at(SENT)).is_ok());
}

#[test]
fn a_record_that_submits_while_it_is_open_is_refused() {
    let mut request = pass(seal(back_with_a_stray()));
    settle(&mut request, "cancelled").unwrap();
    let request = AnyPortRequest::from(send(request));
    let mut record: serde_json::Value =
        serde_json::from_slice(&request.to_json().unwrap()).unwrap();
    let history = record["history"].as_array_mut().unwrap();
    history.retain(|stored| stored["entry"]["event"] != "stray_settled");
    let read = AnyPortRequest::from_json(&serde_json::to_vec(&record).unwrap());
    let source = Violation::StrayOpen {
        order: order("T-9"),
    };
    assert!(matches!(read, Err(RecordError::Violation { source: found, .. }) if found == source));
}

#[test]
fn an_order_that_is_known_is_none() {
    let known = |name: &str| Violation::KnownOrder { order: order(name) };
    let mut request = submitted();
    assert_eq!(request.strayed(late("T-1")), Err(known("T-1")));
    request.strayed(late("T-9")).unwrap();
    assert_eq!(request.strayed(late("T-9")), Err(known("T-9")));
    settle(&mut request, "cancelled").unwrap();
    // The news comes twice, the second time when it is settled.
    assert_eq!(request.strayed(late("T-9")), Err(known("T-9")));
    // That of an earlier attempt, which was refused.
    let mut request = rejected().amend(admin().permit().unwrap(), at(TAKEN));
    assert_eq!(request.strayed(late("T-1")), Err(known("T-1")));
}

#[test]
fn it_is_of_this_request_its_carrier_and_an_attempt_there_was() {
    let strange = |name, carrier| receipt(&send(pass(seal(draft_as(name, carrier)))), "T-9");
    let mut request = submitted();
    let twin = submitted();
    assert_eq!(
        request.strayed(strange("r-2", "stub")),
        Err(Violation::OtherRequest { found: id("r-2") })
    );
    assert!(matches!(
        request.strayed(strange("r-1", "other")),
        Err(Violation::OtherCarrier { .. })
    ));
    let second = receipt(&send(pass(seal(send_back(sealed())))), "T-9");
    assert_eq!(
        request.strayed(second),
        Err(Violation::OtherAttempt { current: 1 })
    );
    assert!(request == twin);
}

#[test]
fn it_is_of_an_attempt_that_was_sent() {
    let mut request = pass(seal(send_back(sealed())));
    let never = Err(Violation::OtherAttempt { current: 2 });
    assert_eq!(request.strayed(late("T-9")), never);
    let mut request = send(pass(seal(send_back(sealed()))));
    assert_eq!(
        request.strayed(late("T-9")),
        never,
        "the first was not sent"
    );
    let second = receipt(&request, "T-9");
    assert_eq!(request.strayed(second), Ok(()));
}

#[test]
fn its_numbers_are_held_in_every_state_until_it_is_settled() {
    let row = |request: &AnyPortRequest| RequestRow::of(request, None, None).unwrap();
    for mut request in everywhere() {
        let status = request.status();
        let stray: Vec<_> = request.stray_orders()[0].numbers.iter().copied().collect();
        assert_eq!(stray, all().as_slice(), "{status}");
        let held = row(&request);
        assert!(held.holds_numbers, "{status}");
        assert_eq!(held.numbers, all().as_slice(), "{status}");
        let permit = support().permit().unwrap();
        request
            .settle_stray(&order("T-9"), "cancelled", permit, at(TAKEN))
            .unwrap();
        assert_eq!(row(&request).holds_numbers, request.holds_numbers());
    }
    // Also where the request itself has others by now, or none.
    let mut draft = back_with_a_stray();
    *draft.checklist_mut() = Checklist::default();
    let ended = draft.withdrawn(admin().permit().unwrap(), "we stay", at(TAKEN));
    let held = row(&ended.into());
    assert!(held.holds_numbers);
    assert_eq!(held.numbers, all().as_slice());
}

#[test]
fn its_numbers_are_those_it_was_asked_for() {
    let other = package_with(|form| {
        let two = numbers(&[4, 5]);
        form.set_loa(letter("2026-11-02", &two)).set_numbers(two);
    });
    // The first package was never sent, and the try at the second was taken for lost.
    let mut request = seal_with(send_back(sealed()), &other);
    let review = request.review(support().permit().unwrap(), at(REVIEWED));
    request.pass_review(review.pass(numbers(&[4, 5]))).unwrap();
    let mut request = send(request);
    let second = receipt(&request, "T-9");
    let said = says(TAKEN, NotFiled("stopped it".to_owned()));
    let news = StubCarrier::new().attest_not_filed(&request, said, &clock(TAKEN));
    request.heard(news.unwrap()).unwrap();
    let mut request = send(request);
    let third = receipt(&request, "T-10");
    request.strayed(second).unwrap();
    request.strayed(third).unwrap();
    for stray in request.stray_orders() {
        let moved = NumberList::new(stray.numbers.iter().copied()).unwrap();
        assert_eq!(moved, numbers(&[4, 5]), "{}", stray.order);
    }
}

#[test]
fn a_slot_that_is_too_early_comes_first() {
    let mut request = approved();
    request.strayed(late("T-9")).unwrap();
    observe(
        &mut request,
        Fact::SlotTooEarly(slot("2026-11-25T15:00:00Z")),
    );
    let waits = waiting(&request.into(), &Capabilities::default()).unwrap();
    assert!(matches!(waits.what, Awaited::EarlySlot(_)), "{waits}");
}

#[test]
fn what_became_of_it_is_said_once_and_in_words() {
    let mut request = submitted();
    let none = || {
        Err(Violation::NotStray {
            order: order("T-9"),
        })
    };
    assert_eq!(settle(&mut request, "cancelled"), none());
    request.strayed(late("T-9")).unwrap();
    let blank = Violation::Blank("what became of a stray order");
    assert_eq!(settle(&mut request, " \n"), Err(blank));
    assert_eq!(settle(&mut request, "cancelled"), Ok(()));
    assert_eq!(settle(&mut request, "cancelled"), none());
    // Whoever moves the numbers does not speak for the carrier.
    assert!(admin().permit::<act::Attest>().is_err());
}

#[test]
fn an_order_that_proves_the_requests_own_is_settled_by_that() {
    let mut request = sent();
    request.strayed(late("T-1")).unwrap();
    let request = submit(request);
    assert_eq!(request.order(), &order("T-1"));
    assert_eq!(request.stray_orders(), []);
}

#[test]
fn a_split_leaves_it_with_both_for_it_may_move_the_numbers_of_either() {
    let mut request = submitted();
    request.strayed(late("T-9")).unwrap();
    let permit = support().permit().unwrap();
    let split = request.split(id("r-1b"), numbers(&[2]), "later", permit, at(APPROVED));
    let (parent, child) = split.unwrap();
    assert_eq!(parent.stray_orders().len(), 1);
    assert_eq!(child.stray_orders().len(), 1);
    let of = |stray: &StrayOrder| NumberList::new(stray.numbers.iter().copied()).unwrap();
    assert_eq!(of(&parent.stray_orders()[0]), numbers(&[0, 1]));
    assert_eq!(of(&child.stray_orders()[0]), numbers(&[2]));
    let child = AnyPortRequest::from(child);
    let read = AnyPortRequest::from_json(&child.to_json().unwrap()).unwrap();
    assert!(read == child);
}
