//! What an item and an update say, and what they keep to themselves.

use snap_port::desk::{
    DeskView, English, ReadyNumbers, Stage, Urgency, customer_update, work_item,
};
use snap_port::document::CarrierName;
use snap_port::*;

use super::{chased, held, item, note};
use crate::stub::*;

pub(super) fn stage(request: impl Into<AnyPortRequest>, now: &str) -> Stage {
    let (can, policy) = (Capabilities::default(), RoutePolicy::default());
    customer_update(&request.into(), &DeskView::new(&can, &policy, at(now))).stage
}

#[test]
fn what_has_ended_is_on_no_list() {
    let (can, policy) = (Capabilities::default(), RoutePolicy::default());
    let view = DeskView::new(&can, &policy, at(SIGNED));
    for request in every_state() {
        let ended = request.status().is_final();
        assert_eq!(work_item(&request, &view).is_none(), ended, "{request:?}");
        assert_eq!(customer_update(&request, &view).who.is_none(), ended);
    }
}

#[test]
fn an_item_names_both_accounts_and_tickets_and_shows_no_secret() {
    let newer = ticket(LosingPlatform::Aircall, "55555");
    let item = item(
        note(submitted(), Note::TicketSuperseded(newer), APPROVED),
        APPROVED,
    );
    assert_eq!(item.release_ticket.as_ref().unwrap().id(), "55555");
    assert_eq!(item.order, Some(order("T-1")));
    assert_eq!(item.losing.as_ref(), Some(package().losing()));
    assert_eq!(item.gaining, Some(gaining()));
    assert_eq!(item.numbers, Some(all()));
    assert_eq!(item.customer, Some(admin()));
    let shown = format!("{item:?}{}", item.text(&English));
    for secret in ["acme-4711", "AC-losing-0001", "AC-gaining-0002"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(
        shown.contains("…4711") && shown.contains("…0002"),
        "{shown}"
    );
}

#[test]
fn a_transfer_is_ready_to_paste_where_a_sender_is_named() {
    let (can, policy) = (Capabilities::manual(), RoutePolicy::default());
    let ours = GainingPlatform::new("Aloware", "transfers@aloware.test").unwrap();
    let twilio = CarrierName::new("Twilio").unwrap();
    let request = AnyPortRequest::from(in_phase(AttemptPhase::HandedOver));
    let view = DeskView::new(&can, &policy, at(TAKEN));
    assert_eq!(work_item(&request, &view).unwrap().paste_ready, None);
    let item = work_item(&request, &view.with_sender(&ours, &twilio)).unwrap();
    let paste = item.paste_ready.unwrap();
    assert_eq!(paste.to, Party::Carrier);
    assert!(paste.subject.contains("r-1#1"), "{paste}");
    for part in [
        "AC-losing-0001",
        "AC-gaining-0002",
        "98765",
        "2026-12-01 (America/New_York)",
        "transfers@aloware.test",
        "+14155552670\n+14155552671\n+14155552672",
        "r-1#1",
        "Authorised by: Ann Admin, in a letter signed on 2026-11-02",
        "- loa.pdf, 18 bytes, SHA-256 134d26ea",
        "- bill.pdf, 19 bytes, SHA-256 8b36a47f",
    ] {
        assert!(paste.body.contains(part), "{part} in {paste}");
    }
    let words = paste.to_string().to_lowercase();
    let words: Vec<_> = words.split(|c: char| !c.is_alphabetic()).collect();
    for word in ["port", "porting", "release", "released", "delete"] {
        assert!(!words.contains(&word), "{word} in {paste}");
    }
    assert_eq!(format!("{paste:?}"), "PasteReady { to: Carrier, .. }");
}

#[test]
fn on_the_way_back_who_writes_gives_the_numbers_up() {
    let ours = GainingPlatform::new("Aloware", "transfers@aloware.test").unwrap();
    let twilio = CarrierName::new("Twilio").unwrap();
    let compose = |sealed: PortRequest<Sealed>| {
        assert!(TransferOrder::of(&sealed).is_none(), "nobody reviewed it");
        let order = TransferOrder::of(&pass(sealed)).unwrap();
        TransferRequest::compose(&order, &ours, &twilio)
    };
    let there = compose(sealed());
    assert!(
        there.body().contains("AC-gaining-0002 (Aloware)"),
        "{there}"
    );
    assert_eq!(there.attachments().len(), 2);
    assert_eq!(
        format!("{there:?}"),
        "TransferRequest { key: AttemptKey { request: PortRequestId(r-1), number: 1 }, numbers: 3, .. }"
    );
    let platform: LosingPlatform = "Aloware".parse().unwrap();
    let mut ended = verified();
    let permit = admin().permit().unwrap();
    let back = ended.reverse(id("back"), platform, permit, at(TESTED));
    let back = compose(seal_with(back.unwrap(), &package()));
    assert!(back.body().contains("AC-gaining-0002\n"), "{back}");
    assert!(!back.body().contains("was asked to approve"), "{back}");
}

#[test]
fn an_alarm_is_an_emergency_until_it_is_over() {
    let (can, policy) = (Capabilities::manual(), RoutePolicy::default());
    let seen = |facts: &[Fact]| {
        let mut request = submitted();
        for fact in facts {
            observe(&mut request, fact.clone());
        }
        let view = DeskView::new(&can, &policy, at(TAKEN));
        work_item(&request.into(), &view).unwrap()
    };
    let alarm = Fact::Alarm("+14155552671 is gone".to_owned());
    let calm = seen(&[]);
    assert_ne!(calm.urgency, Urgency::Emergency);
    let alarmed = seen(std::slice::from_ref(&alarm));
    assert_eq!(alarmed.urgency, Urgency::Emergency);
    assert_eq!(alarmed.waiting, calm.waiting, "the port goes on");
    let text = alarmed.text(&English);
    assert!(text.contains("alarm: +14155552671 is gone"), "{text}");
    let over = seen(&[alarm, Fact::AlarmOver]);
    assert_eq!((over.urgency, over.alarm), (calm.urgency, None));
}

#[test]
fn a_reminder_is_ready_to_paste() {
    let (can, policy) = (Capabilities::manual(), RoutePolicy::default());
    let ours = GainingPlatform::new("Aloware", "transfers@aloware.test").unwrap();
    let twilio = CarrierName::new("Twilio").unwrap();
    let now = "2026-11-09T18:00:00Z";
    let view = DeskView::new(&can, &policy, at(now)).with_sender(&ours, &twilio);
    let paste = |request: AnyPortRequest| work_item(&request, &view).unwrap().paste_ready;
    let early = DeskView::new(&can, &policy, at(TAKEN)).with_sender(&ours, &twilio);
    let early = work_item(&submitted().into(), &early).unwrap();
    assert_eq!(early.paste_ready, None, "nobody is to be reminded yet");
    let newer = ticket(LosingPlatform::Aircall, "55555");
    let superseded = note(submitted(), Note::TicketSuperseded(newer), APPROVED);
    let text = paste(superseded.into()).unwrap();
    assert_eq!(text.to, Party::LosingPlatform);
    assert!(
        text.subject.contains("55555") && text.body.contains("T-1"),
        "{text}"
    );
    assert!(text.body.contains("5 business days ago"), "{text}");
    let asked = note(submitted(), Note::ReleaseRequested, "2026-11-06T15:00:00Z");
    assert!(
        paste(asked.into())
            .unwrap()
            .body
            .contains("1 business day ago")
    );
    assert!(paste(held(Reason::PlatformSilent).into()).is_some());
    assert!(paste(held(Reason::FeeDemanded).into()).is_none());
    let mut form = draft();
    assert!(paste(draft().into()).is_none());
    form.checklist_mut().clear(PackagePart::Ticket);
    let ask = paste(form.into()).unwrap();
    assert!(
        ask.body.contains("ticket ID or confirmation number"),
        "{ask}"
    );
}

#[test]
fn the_customer_reads_the_customers_zone() {
    let far = Zone::parse("America/Los_Angeles").unwrap();
    let day = EarliestPortDate::new("2026-12-01".parse().unwrap(), far.clone());
    let package = package_with(|form| {
        form.set_earliest(day);
    });
    let sealed = AnyPortRequest::from(seal_with(draft(), &package));
    let (can, policy) = (Capabilities::default(), RoutePolicy::default());
    let view = DeskView::new(&can, &policy, at(REVIEWED));
    let update = customer_update(&sealed, &view);
    assert_eq!(update.zone, far);
    assert!(update.message(&English).to_string().contains("07:00 PST"));
    let item = work_item(&sealed, &view).unwrap();
    assert!(item.text(&English).contains("10:00 EST"));
    let mut empty = draft();
    *empty.checklist_mut() = Checklist::default();
    assert_eq!(customer_update(&empty.into(), &view).zone, zone());
}

#[test]
fn who_wants_out_is_not_asked_to_pay() {
    let mut request = held(Reason::FeeDemanded);
    request.request_cancel("x", admin().permit().unwrap(), at(APPROVED));
    let (can, policy) = (Capabilities::manual(), RoutePolicy::default());
    let view = DeskView::new(&can, &policy, at(CONFIRMED));
    let update = customer_update(&request.into(), &view);
    assert_eq!(update.stage, Stage::Cancelling { filed: true });
    assert_eq!((update.who, update.by), (Some(Party::Staff), None));
}

#[test]
fn a_platform_that_takes_its_time_is_named() {
    assert!(matches!(stage(submitted(), TAKEN), Stage::Filed { .. }));
    let late = stage(submitted(), "2026-11-04T17:00:30Z");
    let Stage::WaitingForProvider {
        business_days: 2,
        reminders: 0,
        ..
    } = late
    else {
        panic!("{late:?}");
    };
    let reminded = chased(submitted(), Party::LosingPlatform, "2026-11-03T17:00:00Z");
    let reminded = stage(reminded, "2026-11-03T18:00:00Z");
    assert!(matches!(
        reminded,
        Stage::WaitingForProvider { reminders: 1, .. }
    ));
}

#[test]
fn the_first_time_to_choose_is_not_before_the_earliest_date() {
    let first = |request: PortRequest<ReleaseApproved>, now| match stage(request, now) {
        Stage::ChooseTime { first, .. } => first.unwrap().begins(),
        other => panic!("{other:?}"),
    };
    assert_eq!(first(approved(), APPROVED), at("2026-12-01T13:00:00Z"));
    assert_eq!(
        first(approved(), "2026-12-04T21:30:00Z"),
        at("2026-12-07T13:00:00Z")
    );
    // One that begins now could not be asked for any more.
    let on_the_hour = first(approved(), "2026-12-04T15:00:00Z");
    assert_eq!(on_the_hour, at("2026-12-04T16:00:00Z"));
}

#[test]
fn a_waived_check_is_not_promised() {
    let mut request = proven();
    let waiver = Waiver {
        number: number(0),
        check: Check::SmsOut,
        reason: "never texts".to_owned(),
        consent: "Ann".to_owned(),
    };
    observe(
        &mut request,
        tested(number(0), Test::SmsOut, Outcome::Failed("x".to_owned())),
    );
    request
        .waive(waiver, success().permit().unwrap(), at(SIGNED))
        .unwrap();
    let Stage::Moved {
        voice,
        texting,
        texting_by,
        checked,
        ..
    } = stage(request, SIGNED)
    else {
        panic!("moved");
    };
    assert_eq!(
        (voice, texting),
        (
            ReadyNumbers { ready: 3, of: 3 },
            ReadyNumbers { ready: 2, of: 2 }
        )
    );
    assert_eq!((texting_by, checked), (None, true));
}

#[test]
fn a_part_is_not_told_of_the_parents_other_parts() {
    let permit = || support().permit().unwrap();
    let split = |request: PortRequest<Scheduled>, name, index| {
        let numbers = numbers(&[index]);
        request
            .split(id(name), numbers, "x", permit(), at(MOVED))
            .unwrap()
    };
    let (parent, _) = split(scheduled(), "r-1b", 2);
    let (parent, child) = split(parent, "r-1c", 1);
    let apart = |request: PortRequest<Scheduled>, index: usize| {
        let moved = report(&request).arrived([arrival(index, gaining())]);
        let completion = reached(look(&request, moved, MOVED).completion(&request));
        match stage(request.ported(completion).unwrap(), TESTED) {
            Stage::Moved { apart, .. } => apart.into_iter().map(|one| one.request).collect(),
            other => panic!("{other:?}"),
        }
    };
    let of_parent: Vec<_> = apart(parent, 0);
    assert_eq!(of_parent, [id("r-1b"), id("r-1c")]);
    let of_child: Vec<_> = apart(child, 1);
    assert_eq!(of_child, []);
}

#[test]
fn a_long_list_is_cut_short() {
    let finding = |n: usize| Finding {
        field: format!("page {n}"),
        reason: "it is missing".to_owned(),
        remedy: "upload it".to_owned(),
    };
    let sealed = sealed();
    let review = sealed.review(support().permit().unwrap(), at(REVIEWED));
    let findings = (1..=25).map(finding).collect();
    let draft = AnyPortRequest::from(
        sealed
            .sent_back(review.send_back(findings).unwrap())
            .unwrap(),
    );
    let (can, policy) = (Capabilities::default(), RoutePolicy::default());
    let update = customer_update(&draft, &DeskView::new(&can, &policy, at(SENT)));
    let message = update.message(&English).to_string();
    assert!(
        message.contains("- page 20: it is missing; upload it\n- and 5 more\n"),
        "{message}"
    );
    assert!(!message.contains("page 21"));
}
