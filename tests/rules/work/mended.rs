//! What must not hide on the work list, nor be told the customer as if all were well.

use snap_port::desk::{DeskView, English, PasteReady, Stage, customer_update, work_item};
use snap_port::document::CarrierName;
use snap_port::*;

use super::{arrived, asked, held, item, note, saw};
use crate::stub::*;

/// Whose move it is, and for what.
fn awaited(request: impl Into<AnyPortRequest>) -> Option<(Party, Awaited)> {
    let waits = waiting(&request.into(), &Capabilities::manual())?;
    Some((waits.on, waits.what))
}

fn told(request: impl Into<AnyPortRequest>, now: &str) -> String {
    let (can, policy) = (Capabilities::manual(), RoutePolicy::default());
    let view = DeskView::new(&can, &policy, at(now));
    let update = customer_update(&request.into(), &view);
    update.message(&English).to_string()
}

fn stage(request: impl Into<AnyPortRequest>) -> Stage {
    let (can, policy) = (Capabilities::manual(), RoutePolicy::default());
    customer_update(&request.into(), &DeskView::new(&can, &policy, at(TAKEN))).stage
}

fn unwanted<S: InFlight>(mut request: PortRequest<S>, when: &str) -> PortRequest<S> {
    request.request_cancel("we stay", admin().permit().unwrap(), at(when));
    request
}

fn too_late() -> Fact {
    Fact::CancelRefused("too late".to_owned())
}

/// The words it comes in must show in what staff read.
fn staff<S: State>(request: PortRequest<S>, words: &str)
where
    AnyPortRequest: From<PortRequest<S>>,
{
    let text = item(request, TESTED).text(&English);
    assert!(text.contains(words), "{text}");
}

#[test]
fn what_the_customer_no_longer_wants_is_not_filed() {
    let mut request = in_phase(AttemptPhase::HandedOver);
    let filing = |request: &AnyPortRequest| -> Option<PasteReady> {
        let (can, policy) = (Capabilities::manual(), RoutePolicy::default());
        let ours = GainingPlatform::new("Aloware", "transfers@aloware.test").unwrap();
        let twilio = CarrierName::new("Twilio").unwrap();
        let view = DeskView::new(&can, &policy, at(TAKEN)).with_sender(&ours, &twilio);
        work_item(request, &view).unwrap().paste_ready
    };
    assert!(filing(&in_phase(AttemptPhase::HandedOver).into()).is_some());
    request.request_cancel("we stay", admin().permit().unwrap(), at(TAKEN));
    let request = AnyPortRequest::from(request);
    assert_eq!(filing(&request), None);
    let AnyPortRequest::Sealed(request) = request else {
        panic!("{request:?}");
    };
    staff(request, "do not file it");
}

#[test]
fn a_wish_to_cancel_comes_before_a_hold() {
    let request = unwanted(held(Reason::FeeDemanded), CONFIRMED);
    assert_eq!(
        awaited(request),
        Some((Party::Staff, Awaited::Cancellation))
    );
}

#[test]
fn a_refused_cancel_is_over_until_it_is_asked_for_again() {
    let refused = || saw(unwanted(submitted(), APPROVED), too_late(), APPROVED);
    assert_eq!(
        awaited(refused()),
        Some((Party::LosingPlatform, Awaited::Release))
    );
    assert!(matches!(stage(refused()), Stage::Filed { .. }));
    let text = told(refused(), TAKEN);
    assert!(text.contains("does not cancel it any more"), "{text}");
    let slot = asked(approve(refused()));
    assert_eq!(
        awaited(slot),
        Some((Party::Staff, Awaited::SlotConfirmation))
    );
    let scheduled = schedule(approve(refused()));
    assert!(matches!(
        awaited(scheduled),
        Some((Party::Carrier, Awaited::Cutover(_)))
    ));
    let again = || unwanted(refused(), CONFIRMED);
    assert_eq!(
        awaited(again()),
        Some((Party::Staff, Awaited::Cancellation))
    );
    assert_eq!(stage(again()), Stage::Cancelling { filed: true });
    let text = told(again(), CONFIRMED);
    assert!(!text.contains("any more"), "{text}");
}

#[test]
fn numbers_that_move_after_the_end_are_looked_after() {
    let home = || package().losing().carrier_account().unwrap().clone();
    let check = |request: AnyPortRequest, what: Awaited, words: &str| {
        let text = told_of(&request);
        assert_eq!(awaited(request), Some((Party::Staff, what)));
        assert!(text.contains(words), "{text}");
        for untrue in ["as before", "Nothing has moved", "need not"] {
            assert!(!text.contains(untrue), "{text}");
        }
    };
    let astray = || arrived(0, wrong());
    let here = || arrived(0, gaining());
    let (late, wrongly) = (Awaited::ArrivedAfterEnd(1), Awaited::WrongAccount(1));
    let came = "1 number arrived all the same";
    let strayed = "1 number went to a wrong account";
    let after = "2026-12-01T16:00:00Z";
    check(saw(cancelled(), here(), after).into(), late.clone(), came);
    check(saw(rejected(), here(), after).into(), late, came);
    let lost = saw(cancelled(), astray(), after);
    check(lost.into(), wrongly.clone(), strayed);
    let both = saw(
        saw(rejected(), astray(), after),
        arrived(1, gaining()),
        after,
    );
    check(both.into(), wrongly.clone(), "arrived all the same, and 1");
    // Seen before the end.
    let before = saw(scheduled(), astray(), MOVED);
    let refusal = notice(&before);
    let refused = before.refused(refusal).unwrap();
    check(refused.into(), wrongly, strayed);
    // Back where it came from, it is nobody's task any more.
    let back = saw(saw(cancelled(), here(), after), arrived(0, home()), TESTED);
    assert_eq!(awaited(back), None);
    let back = saw(
        saw(cancelled(), astray(), after),
        arrived(0, home()),
        TESTED,
    );
    assert!(told(back, TESTED).contains("as before"));
}

fn told_of(request: &AnyPortRequest) -> String {
    let (can, policy) = (Capabilities::manual(), RoutePolicy::default());
    let view = DeskView::new(&can, &policy, at(TESTED));
    customer_update(request, &view)
        .message(&English)
        .to_string()
}

#[test]
fn a_failure_does_not_wait_for_the_registry() {
    let assigned = || {
        all().iter().fold(ported(), |request, number| {
            saw(request, Fact::Assigned { number: *number }, TESTED)
        })
    };
    let failed = Registration::Failed("30034 brand rejected".to_owned());
    let registration = Fact::Registration {
        number: number(0),
        state: failed,
    };
    let refused = || saw(assigned(), registration.clone(), SIGNED);
    let failures = Some((Party::Staff, Awaited::Failures(1)));
    assert_eq!(awaited(refused()), failures);
    assert_eq!(item(refused(), SIGNED).since, at(SIGNED));
    let text = told(refused(), TESTED);
    assert!(text.contains("the campaign registry refused 1 number"));
    assert!(!text.contains("expected by"), "{text}");
    assert!(text.contains("Texts of a number pause"), "{text}");
    let no = |test| tested(number(1), test, Outcome::Failed("no ring".to_owned()));
    assert_eq!(
        awaited(saw(assigned(), no(Test::VoiceIn), TESTED)),
        failures
    );
    // That texts fail before the registration is no news.
    let texts = awaited(saw(assigned(), no(Test::SmsOut), TESTED));
    assert_eq!(texts, Some((Party::Registry, Awaited::Registration(3))));
    assert_eq!(awaited(saw(proven(), no(Test::SmsOut), SIGNED)), failures);
}

#[test]
fn the_old_account_is_needed_until_everything_is_settled() {
    let settled = || {
        CarryoverItem::ALL
            .into_iter()
            .fold(verified(), |request, item| {
                let state = CarryoverState::NotUsed;
                let numbers = None;
                let carried = Note::Carryover {
                    item,
                    numbers,
                    state,
                };
                note(request, carried, SIGNED)
            })
    };
    let gone = "You no longer need";
    assert!(told(settled(), SIGNED).contains(gone));
    let mut back = settled();
    let permit = admin().permit().unwrap();
    let ours = "Aloware".parse().unwrap();
    let _draft = back.reverse(id("back"), ours, permit, at(SIGNED)).unwrap();
    let text = told(back, SIGNED);
    assert!(!text.contains(gone), "{text}");
    assert!(text.contains("request back moves the numbers"), "{text}");
    assert!(!told(verified(), SIGNED).contains(gone));
    let alert = Fact::Alert {
        number: number(0),
        id: "A1".to_owned(),
        text: "30034".to_owned(),
    };
    let text = told(saw(settled(), alert, SIGNED), SIGNED);
    assert!(!text.contains(gone) && !text.contains("Everything that was tested"));
    let lost = Fact::Registration {
        number: number(0),
        state: Registration::Failed("gone".to_owned()),
    };
    let text = told(saw(settled(), lost, SIGNED), SIGNED);
    assert!(text.contains("the errors of 1 number"), "{text}");
    assert!(!text.contains("as agreed with you"), "{text}");
}

#[test]
fn nothing_is_missing_once_all_have_arrived() {
    let all_of = |mut request: PortRequest<Scheduled>| {
        for index in 0..3 {
            request = saw(request, arrived(index, gaining()), MOVED);
        }
        request
    };
    let whole = || all_of(scheduled());
    assert_eq!(awaited(whole()), Some((Party::Staff, Awaited::Completion)));
    let text = told(whole(), "2027-01-10T12:00:00Z");
    assert!(text.contains("3 of 3 numbers moved"), "{text}");
    assert!(!text.contains("not moved"), "{text}");
    let one = saw(scheduled(), arrived(0, gaining()), MOVED);
    assert!(matches!(
        awaited(one),
        Some((_, Awaited::MissingNumbers(2)))
    ));
}

#[test]
fn on_the_way_back_the_numbers_do_not_move_to_us() {
    let permit = admin().permit().unwrap();
    let ours = "Aloware".parse().unwrap();
    let back = verified().reverse(id("back"), ours, permit, at(SIGNED));
    let back = AnyPortRequest::from(back.unwrap());
    let text = told_of(&back);
    assert!(text.contains("from Aloware is open"), "{text}");
    assert!(!text.contains("to us"), "{text}");
    assert!(told(draft(), SIGNED).contains("from Aircall to us"));
    // Nor does who gives the numbers ask for them.
    let (can, policy) = (Capabilities::manual(), RoutePolicy::default());
    let ours = GainingPlatform::new("Aloware", "transfers@aloware.test").unwrap();
    let twilio = CarrierName::new("Twilio").unwrap();
    let view = DeskView::new(&can, &policy, at(SIGNED)).with_sender(&ours, &twilio);
    assert_eq!(work_item(&back, &view).unwrap().paste_ready, None);
}

#[test]
fn what_is_awaited_shows_no_words_of_others() {
    let hold = Fact::Held(Hold::new(Reason::FeeDemanded, "Jane Roe, SECRET, owes"));
    let request = AnyPortRequest::from(saw(submitted(), hold, APPROVED));
    let waits = waiting(&request, &Capabilities::manual()).unwrap();
    let shown = format!("{waits:?}");
    assert!(
        !shown.contains("SECRET") && shown.contains("FeeDemanded"),
        "{shown}"
    );
}

#[test]
fn only_staff_work_on_a_request() {
    let refused = |request: &mut PortRequest<Sealed>, note| {
        let permit = admin().permit().unwrap();
        let refused = request.note(note, permit, at(SENT)).unwrap_err();
        assert!(matches!(refused, Violation::NotPermitted(_)), "{refused}");
    };
    let mut request = sealed();
    refused(&mut request, Note::Claimed);
    assert_eq!(item(request, SENT).claimed_by, None);
    let mut claimed = note(sealed(), Note::Claimed, SENT);
    refused(&mut claimed, Note::Unclaimed);
    assert!(item(claimed, SENT).claimed_by.is_some());
    let mut draft = draft();
    let permit = admin().permit().unwrap();
    let refused = draft.note(Note::Claimed, permit, at(SENT)).unwrap_err();
    assert!(matches!(refused, Violation::NotPermitted(_)), "{refused}");
}

#[test]
fn a_part_that_is_split_off_is_nobodys_work_yet() {
    let claimed = note(submitted(), Note::Claimed, APPROVED);
    let permit = support().permit().unwrap();
    let split = claimed.split(id("r-1b"), numbers(&[2]), "later", permit, at(APPROVED));
    let (parent, child) = split.unwrap();
    assert!(item(parent, APPROVED).claimed_by.is_some());
    assert_eq!(item(child, APPROVED).claimed_by, None);
}

#[test]
fn a_hold_does_not_outlive_the_approval() {
    let hold = Fact::Held(Hold::new(Reason::ApproverNotListed, "x"));
    let held = || saw(submitted(), hold.clone(), "2026-11-04T12:00:00Z");
    assert_eq!(
        awaited(approve(held())),
        Some((Party::Staff, Awaited::Slot))
    );
    assert!(matches!(
        awaited(schedule(approve(held()))),
        Some((Party::Carrier, Awaited::Cutover(_)))
    ));
}

#[test]
fn what_comes_undone_after_the_confirmation_is_staffs() {
    assert_eq!(awaited(verified()), None);
    let mut request = verified();
    observe(
        &mut request,
        Fact::Alert {
            number: number(0),
            id: "NO1".to_owned(),
            text: "30034".to_owned(),
        },
    );
    assert_eq!(awaited(request), Some((Party::Staff, Awaited::Alerts(1))));
    let mut request = verified();
    let state = Registration::Failed("deregistered".to_owned());
    let lost = Fact::Registration {
        number: number(1),
        state,
    };
    observe(&mut request, lost);
    assert_eq!(awaited(request), Some((Party::Staff, Awaited::Failures(1))));
}
