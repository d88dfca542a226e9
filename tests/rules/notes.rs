//! What is recorded beside the transitions: observations, notes, slots, holds, waivers.

use crate::stub::*;
use snap_port::*;

fn fee() -> Fact {
    Fact::Held(Hold::new(Reason::FeeDemanded, "$50"))
}

#[test]
fn an_observation_of_another_request_order_or_carrier_is_refused() {
    for (index, stranger) in strangers().iter().enumerate() {
        let mut request = submitted();
        let violation = request
            .observe(seen(stranger, fee(), APPROVED))
            .unwrap_err();
        assert!(is_stranger(index, &violation), "{violation:?}");
        assert!(request == submitted());
    }
}

#[test]
fn after_the_end_observations_are_still_recorded() {
    fn recorded<S: Observable>(mut request: PortRequest<S>) {
        let (status, before) = (request.status(), request.history_len());
        let arrived = Fact::Arrived {
            number: number(0),
            account: gaining(),
        };
        observe(&mut request, arrived.clone());
        assert_eq!(request.status(), status);
        assert_eq!(request.history_len(), before + 1);
        assert_eq!(request.timeline().last().unwrap().fact(), Some(&arrived));
    }
    recorded(rejected());
    recorded(cancelled());
    recorded(verified());
    recorded(rejected().withdrawn(admin().permit().unwrap(), "x", at(CONFIRMED)));
}

#[test]
fn after_the_end_observations_of_others_are_refused_all_the_same() {
    for (index, stranger) in strangers().iter().enumerate() {
        let observation = seen(stranger, fee(), APPROVED);
        let violation = rejected().observe(observation.clone()).unwrap_err();
        assert!(is_stranger(index, &violation), "{violation:?}");
        let violation = cancelled().observe(observation).unwrap_err();
        assert!(is_stranger(index, &violation), "{violation:?}");
    }
}

#[test]
fn without_an_order_there_is_nothing_to_observe() {
    let observation = seen(&submitted(), fee(), APPROVED);
    let mut unfiled = rejected_unfiled();
    assert_eq!(
        unfiled.observe(observation.clone()),
        Err(Violation::NoOrder)
    );
    let permit = admin().permit().unwrap();
    let mut withdrawn = draft().withdrawn(permit, "no need", at(SEALED));
    assert_eq!(withdrawn.observe(observation), Err(Violation::NoOrder));
    let said = says(APPROVED, fee());
    let refused = StubCarrier::new().attest_fact(&unfiled, said, &clock(APPROVED));
    assert_eq!(
        refused.unwrap_err().kind(),
        CarrierErrorKind::InvalidRequest
    );
}

fn note<S: HasPackage>(request: &mut PortRequest<S>, note: Note) -> Result<(), Violation> {
    request.note(note, support().permit().unwrap(), at(APPROVED))
}

#[test]
fn a_superseding_ticket_must_be_of_the_same_platform() {
    let mut request = submitted();
    let strange = Note::TicketSuperseded(ticket(LosingPlatform::JustCall, "1"));
    let expected = Violation::OtherPlatform {
        found: LosingPlatform::JustCall,
        expected: LosingPlatform::Aircall,
    };
    assert_eq!(note(&mut request, strange), Err(expected));
    assert!(request == submitted());
}

#[test]
fn the_last_ticket_counts() {
    let mut request = submitted();
    assert_eq!(request.release_ticket().id(), "98765");
    for next in ["98766", "98767"] {
        let superseding = ticket(LosingPlatform::Aircall, next);
        note(&mut request, Note::TicketSuperseded(superseding)).unwrap();
    }
    note(&mut request, Note::ReleaseRequested).unwrap();
    assert_eq!(request.release_ticket().id(), "98767");
    assert_eq!(request.package().ticket().id(), "98765");
    assert_eq!(approve(request).release_ticket().id(), "98767");
}

#[test]
fn a_superseded_ticket_is_of_one_attempt() {
    let mut request = rejected();
    let superseding = ticket(LosingPlatform::Aircall, "98766");
    note(&mut request, Note::TicketSuperseded(superseding)).unwrap();
    let again = seal(request.amend(support().permit().unwrap(), at(CONFIRMED)));
    assert_eq!(again.release_ticket().id(), "98765");
}

#[test]
fn documents_are_added_newest_first_and_never_to_the_package() {
    let mut request = sealed();
    for name in ["first.pdf", "second.pdf"] {
        note(&mut request, Note::DocumentAdded(file(name))).unwrap();
    }
    note(&mut request, Note::Comment("both pages now".to_owned())).unwrap();
    let names: Vec<_> = request.added_documents().map(DocumentFile::name).collect();
    assert_eq!(names, ["second.pdf", "first.pdf"]);
    assert_eq!(request.package(), &package());
    assert_eq!(request.package().files().count(), 2);
}

fn ask(
    request: &mut PortRequest<ReleaseApproved>,
    slot: PortSlot,
    now: &str,
) -> Result<SlotRequest, Violation> {
    request.ask_slot(slot, admin().permit().unwrap(), at(now))
}

#[test]
fn no_slot_is_asked_for_before_the_earliest_date() {
    let early = slot("2026-12-01T04:59:59Z");
    let expected = Violation::BeforeEarliest {
        begins: early.begins(),
        earliest: day("2026-12-01"),
    };
    let mut request = approved();
    assert_eq!(
        ask(&mut request, early.clone(), APPROVED),
        Err(expected.clone())
    );
    assert!(request == approved());
    assert!(ask(&mut request, slot(EARLIEST), APPROVED).is_ok());
    let mut request = scheduled();
    let again = request.ask_slot(early, admin().permit().unwrap(), at(APPROVED));
    assert_eq!(again, Err(expected));
}

#[test]
fn no_slot_is_asked_for_that_has_begun() {
    let expected = Violation::SlotPast {
        begins: at(SLOT),
        now: at(SLOT),
    };
    let mut request = approved();
    assert_eq!(ask(&mut request, slot(SLOT), SLOT), Err(expected.clone()));
    assert!(request == approved());
    assert!(ask(&mut request, slot(SLOT), "2026-12-01T14:59:59Z").is_ok());
    let mut request = scheduled();
    let again = request.ask_slot(slot(SLOT), admin().permit().unwrap(), at(SLOT));
    assert_eq!(again, Err(expected));
}

#[test]
fn the_slot_last_asked_for_is_remembered() {
    let mut request = approved();
    assert_eq!(request.slot_request(), None);
    let _first = ask(&mut request, slot(SLOT), APPROVED).unwrap();
    let second = ask(&mut request, slot("2026-12-03T15:00:00Z"), APPROVED).unwrap();
    assert_eq!(request.slot_request(), Some(second.clone()));
    assert_eq!(schedule(request).slot_request(), Some(second));
}

#[test]
fn a_slot_goes_to_the_carrier_with_the_requests_own_order_and_numbers() {
    let mut request = approved();
    let wish = ask(&mut request, slot(SLOT), APPROVED).unwrap();
    let carrier = StubCarrier::new();
    let look = wait(carrier.ask_slot(&request, &wish, &clock(APPROVED))).unwrap();
    assert_eq!(look.seen_at(), at(APPROVED));
    let asked = carrier.asked.lock().unwrap().pop().unwrap();
    assert_eq!((asked.order, asked.numbers), (order("T-1"), all()));
    assert_eq!(asked.slot, slot(SLOT));
    let other = approve(submitted_as("r-2", "stub", "T-1"));
    let refused = wait(carrier.ask_slot(&other, &wish, &clock(APPROVED))).unwrap_err();
    assert_eq!(refused.kind(), CarrierErrorKind::InvalidRequest);
    assert!(carrier.asked.lock().unwrap().is_empty());
}

#[test]
fn a_hold_begins_changes_and_ends() {
    let mut request = submitted();
    assert_eq!(request.hold(), None);
    observe(&mut request, fee());
    let hold = Hold::new(Reason::FeeDemanded, "$50");
    assert_eq!(request.hold(), Some((&hold, at(TESTED))));
    let silent = Hold::new(Reason::PlatformSilent, "no reply").on(Party::Staff);
    observe(&mut request, Fact::Held(silent.clone()));
    assert_eq!(request.hold().unwrap().0, &silent);
    observe(&mut request, Fact::Resumed);
    assert_eq!(request.hold(), None);
    assert_eq!(request.status(), Status::Submitted);
}

#[test]
fn a_refusal_and_a_new_attempt_end_a_hold() {
    let mut request = submitted();
    observe(&mut request, fee());
    let notice = notice(&request);
    let mut rejected = request.refused(notice).unwrap();
    assert_eq!(rejected.hold(), None);
    observe(&mut rejected, fee());
    assert!(rejected.hold().is_some());
    let again = seal(rejected.amend(support().permit().unwrap(), at(CONFIRMED)));
    assert_eq!(again.hold(), None);
}

#[test]
fn a_hold_ends_with_the_port() {
    let mut request = submitted();
    observe(&mut request, fee());
    let receipt = cancellation(&request);
    assert_eq!(request.cancelled(receipt).unwrap().hold(), None);
    let mut request = scheduled();
    observe(&mut request, fee());
    assert_eq!(complete(request).hold(), None);
}

#[test]
fn a_wish_to_cancel_is_of_one_attempt() {
    let mut request = submitted();
    assert_eq!(request.cancel_requested(), None);
    request.request_cancel("too slow", admin().permit().unwrap(), at(APPROVED));
    assert_eq!(request.cancel_requested(), Some(at(APPROVED)));
    assert_eq!(request.status(), Status::Submitted);
    let notice = notice(&request);
    let rejected = request.refused(notice).unwrap();
    let again = seal(rejected.amend(support().permit().unwrap(), at(CONFIRMED)));
    assert_eq!(again.cancel_requested(), None);
    let mut sealed = sealed();
    sealed.request_cancel("too slow", admin().permit().unwrap(), at(SEALED));
    assert_eq!(sealed.cancel_requested(), Some(at(SEALED)));
}

#[test]
fn findings_stand_until_the_request_is_sealed_again() {
    assert_eq!(sealed().findings(), []);
    let back = send_back(sealed());
    assert_eq!(back.findings(), findings());
    assert_eq!(seal(back).findings(), []);
}

#[test]
fn a_hold_does_not_outlive_the_step_it_held() {
    let mut request = submitted();
    observe(&mut request, fee());
    assert!(request.hold().is_some());
    let request = approve(request);
    assert_eq!(request.hold(), None);
    let mut request = approved();
    observe(&mut request, fee());
    assert!(schedule(request).hold().is_none());
}
