//! The work list: by when, how urgent, in which order, who was reminded, who works on it.

mod again;
mod mended;
mod told;

use crate::stub::*;
use snap_port::desk::{DeskView, Due, Urgency, WorkItem, work_item, work_list};
use snap_port::*;

fn item(request: impl Into<AnyPortRequest>, now: &str) -> WorkItem {
    item_under(&RoutePolicy::default(), request, now)
}

fn item_under(policy: &RoutePolicy, request: impl Into<AnyPortRequest>, now: &str) -> WorkItem {
    let can = Capabilities::default();
    work_item(&request.into(), &DeskView::new(&can, policy, at(now))).unwrap()
}

fn due(request: impl Into<AnyPortRequest>) -> DateTime<Utc> {
    item(request, OPENED).due.unwrap().at
}

fn note<S: HasPackage>(mut request: PortRequest<S>, note: Note, when: &str) -> PortRequest<S> {
    let permit = support().permit().unwrap();
    request.note(note, permit, at(when)).unwrap();
    request
}

fn chased<S: HasPackage>(request: PortRequest<S>, whom: Party, when: &str) -> PortRequest<S> {
    note(request, Note::Chased(whom), when)
}

fn saw<S: Observable>(mut request: PortRequest<S>, fact: Fact, when: &str) -> PortRequest<S> {
    let observation = seen(&request, fact, when);
    request.observe(observation).unwrap();
    request
}

fn held(reason: Reason) -> PortRequest<Submitted> {
    saw(submitted(), Fact::Held(Hold::new(reason, "x")), APPROVED)
}

fn refused_for(reason: Reason) -> PortRequest<Rejected> {
    let submitted = submitted();
    let said = says(APPROVED, Refusal::new(reason, "x"));
    let notice = StubCarrier::new().attest_refusal(&submitted, said, &clock(APPROVED));
    submitted.refused(notice.unwrap()).unwrap()
}

fn sealed_at(when: &str) -> PortRequest<Sealed> {
    let permit = admin().permit().unwrap();
    draft().seal(&package(), permit, at(when)).unwrap()
}

fn arrived(index: usize, account: AccountId) -> Fact {
    let number = number(index);
    Fact::Arrived { number, account }
}

fn asked(approved: PortRequest<ReleaseApproved>) -> PortRequest<ReleaseApproved> {
    let mut approved = approved;
    let permit = support().permit().unwrap();
    let _ask = approved
        .ask_slot(slot(SLOT), permit, at(CONFIRMED))
        .unwrap();
    approved
}

fn offered(offer: &str) -> PortRequest<ReleaseApproved> {
    saw(asked(approved()), Fact::CounterOffered(slot(offer)), TESTED)
}

#[test]
fn each_task_is_due_by_the_policy() {
    let in_phase = |phase| due(in_phase(phase));
    // Sealed on Monday, 10:00 in New York; a business day on it is Tuesday, 10:00.
    assert_eq!(due(sealed()), at("2026-11-03T15:00:00Z"));
    assert_eq!(due(cleared()), at("2026-11-03T16:00:00Z"));
    assert_eq!(due(sent()), at("2026-11-03T17:00:00Z"));
    for phase in [AttemptPhase::HandedOver, AttemptPhase::NeedsPerson] {
        assert_eq!(in_phase(phase), at("2026-11-03T17:00:30Z"));
    }
    // Approved on Thursday, 7:00, before staff are there: they have until Friday, 8:00.
    assert_eq!(due(approved()), at("2026-11-06T13:00:00Z"));
    // Asked on Friday, 7:00: two business days on, Tuesday, 8:00.
    assert_eq!(due(asked(approved())), at("2026-11-24T13:00:00Z"));
    // Offered on Wednesday, 5:00: until Thursday, 8:00, but not after the time offered.
    assert_eq!(
        due(offered("2026-12-09T15:00:00Z")),
        at("2026-12-03T13:00:00Z")
    );
    assert_eq!(
        due(offered("2026-12-02T15:00:00Z")),
        at("2026-12-02T15:00:00Z")
    );
    let mut cancelling = submitted();
    cancelling.request_cancel("x", admin().permit().unwrap(), at(APPROVED));
    assert_eq!(due(cancelling), at("2026-11-09T13:00:00Z"));
    // In the slot agreed; the hour ends at 11:00.
    assert_eq!(due(scheduled()), at("2026-12-01T16:00:00Z"));
    let missing = saw(scheduled(), arrived(0, gaining()), MOVED);
    assert_eq!(due(missing), at("2026-12-04T16:00:00Z"));
    // The numbers moved on Tuesday, 10:05.
    assert_eq!(due(ported()), at("2026-12-02T15:05:00Z"));
    assert_eq!(due(proven()), at("2026-12-03T13:00:00Z"));
}

#[test]
fn the_policys_days_count() {
    let mut timing = *RoutePolicy::default().timing();
    timing.review_days = 2;
    timing.filing_days = 3;
    timing.agreement_days = 4;
    timing.confirmation_days = 5;
    timing.service_days = 6;
    let policy = RoutePolicy::default().with_timing(timing);
    let days = |request: AnyPortRequest| {
        let due = item_under(&policy, request, OPENED).due.unwrap();
        due.at.date_naive().to_string()
    };
    assert_eq!(days(sealed().into()), "2026-11-04");
    assert_eq!(days(cleared().into()), "2026-11-05");
    // Veterans Day, 11 November, is no business day, nor is Thanksgiving, the 26th.
    assert_eq!(days(approved().into()), "2026-11-12");
    assert_eq!(days(asked(approved()).into()), "2026-11-30");
    assert_eq!(days(ported().into()), "2026-12-09");
}

#[test]
fn weekends_and_clock_changes_do_not_shorten_a_business_day() {
    // On Friday, 10:00; due on Monday, 10:00.
    let sealed = || sealed_at("2026-11-06T15:00:00Z");
    assert_eq!(due(sealed()), at("2026-11-09T15:00:00Z"));
    let age = |now| item(sealed(), now).age;
    assert_eq!(age("2026-11-08T23:00:00Z"), 0);
    assert_eq!(age("2026-11-09T14:59:59Z"), 0);
    assert_eq!(age("2026-11-09T15:00:00Z"), 1);
    // On the Friday before the clocks go back in New York, 10:00 EDT; due on Monday, 10:00 EST.
    let mut draft = draft();
    *draft.checklist_mut() = (&package_with(|form| {
        form.set_loa(letter("2026-10-30", &all()));
    }))
        .into();
    let package = draft.checklist().complete().unwrap();
    let permit = admin().permit().unwrap();
    let sealed = draft
        .seal(&package, permit, at("2026-10-30T14:00:00Z"))
        .unwrap();
    assert_eq!(due(sealed), at("2026-11-02T15:00:00Z"));
}

#[test]
fn days_until_and_since_are_business_days() {
    let at_time = |now| item(sealed_at("2026-11-06T15:00:00Z"), now).due.unwrap();
    let shown = |due: Due| (due.past, due.business_days);
    assert_eq!(shown(at_time("2026-11-06T15:00:00Z")), (false, 1));
    assert_eq!(shown(at_time("2026-11-09T14:00:00Z")), (false, 0));
    assert_eq!(shown(at_time("2026-11-09T15:00:00Z")), (true, 0));
    assert_eq!(shown(at_time("2026-11-12T15:00:00Z")), (true, 2));
}

#[test]
fn a_task_is_urgent_from_its_due_time_on() {
    let urgency = |now| item(sealed(), now).urgency;
    assert_eq!(urgency("2026-11-03T14:59:59Z"), Urgency::Now);
    assert_eq!(urgency("2026-11-03T15:00:00Z"), Urgency::Overdue);
    // The carrier is in time until the slot is over, then it is asked, then it is late.
    let urgency = |now| item(scheduled(), now).urgency;
    assert_eq!(urgency("2026-12-01T15:59:59Z"), Urgency::Waiting);
    assert_eq!(urgency("2026-12-01T16:00:00Z"), Urgency::ChaseDue);
    assert_eq!(urgency("2026-12-04T15:59:59Z"), Urgency::ChaseDue);
    assert_eq!(urgency("2026-12-04T16:00:00Z"), Urgency::Overdue);
    let asked = |now| {
        item(
            chased(scheduled(), Party::Carrier, "2026-12-01T17:00:00Z"),
            now,
        )
    };
    assert_eq!(asked("2026-12-02T17:00:00Z").urgency, Urgency::Waiting);
}

#[test]
fn a_silent_platform_is_reminded_then_an_alarm() {
    let urgency = |now| item(submitted(), now).urgency;
    // Submitted on Monday, 12:00:30.
    assert_eq!(urgency("2026-11-04T17:00:29Z"), Urgency::Waiting);
    assert_eq!(urgency("2026-11-04T17:00:30Z"), Urgency::ChaseDue);
    assert_eq!(urgency("2026-11-09T17:00:29Z"), Urgency::ChaseDue);
    assert_eq!(urgency("2026-11-09T17:00:30Z"), Urgency::Alarm);
    assert_eq!(due(submitted()), at("2026-11-04T17:00:30Z"));
}

#[test]
fn a_reminder_moves_the_next_one() {
    let once = || chased(submitted(), Party::LosingPlatform, "2026-11-05T15:00:00Z");
    let chase = item(once(), APPROVED).chase.unwrap();
    assert_eq!(
        (chase.count, chase.last),
        (1, Some(at("2026-11-05T15:00:00Z")))
    );
    // Thursday, 10:00, and two business days: Monday, 10:00. The alarm stays.
    assert_eq!(chase.next, Some(at("2026-11-09T15:00:00Z")));
    assert_eq!(chase.alarm, Some(at("2026-11-09T17:00:30Z")));
    assert_eq!(
        item(once(), "2026-11-06T15:00:00Z").urgency,
        Urgency::Waiting
    );
    assert_eq!(
        item(once(), "2026-11-09T15:00:00Z").urgency,
        Urgency::ChaseDue
    );
    // Only the customer has a say with the platform: reminding one counts for the other.
    let customer = chased(submitted(), Party::Customer, "2026-11-05T15:00:00Z");
    assert_eq!(item(customer, APPROVED).chase.unwrap().count, 1);
    let carrier = chased(submitted(), Party::Carrier, "2026-11-05T15:00:00Z");
    assert_eq!(item(carrier, APPROVED).chase.unwrap().count, 0);
    // A reminder before it was submitted was about something else.
    let before = chased(sent(), Party::Customer, SENT);
    let before = submit(before);
    assert_eq!(item(before, APPROVED).chase.unwrap().count, 0);
}

#[test]
fn a_reminder_quiets_an_alarm_until_the_next_is_due() {
    let late = || chased(submitted(), Party::LosingPlatform, "2026-11-10T15:00:00Z");
    assert_eq!(
        item(submitted(), "2026-11-10T16:00:00Z").urgency,
        Urgency::Alarm
    );
    assert_eq!(
        item(late(), "2026-11-10T16:00:00Z").urgency,
        Urgency::Waiting
    );
    // Two business days on, over Veterans Day.
    assert_eq!(
        item(late(), "2026-11-13T14:59:59Z").urgency,
        Urgency::Waiting
    );
    assert_eq!(item(late(), "2026-11-13T15:00:00Z").urgency, Urgency::Alarm);
}

#[test]
fn who_does_not_fill_in_a_form_is_reminded_twice() {
    let remind = |mut draft: PortRequest<Draft>, when| {
        let permit = support().permit().unwrap();
        draft
            .note(Note::Chased(Party::Customer), permit, at(when))
            .unwrap();
        draft
    };
    let urgency = |draft: PortRequest<Draft>| item(draft, "2026-12-20T12:00:00Z").urgency;
    let once = || remind(draft(), "2026-11-04T15:00:00Z");
    assert_eq!(urgency(draft()), Urgency::ChaseDue);
    assert_eq!(urgency(once()), Urgency::ChaseDue);
    let twice = || remind(once(), "2026-11-09T15:00:00Z");
    assert_eq!(urgency(twice()), Urgency::Waiting);
    assert_eq!(item(twice(), TESTED).due, None);
    let amendment = refused_for(Reason::Paperwork);
    assert_eq!(item(amendment, CONFIRMED).urgency, Urgency::ChaseDue);
}

#[test]
fn a_hold_has_the_deadline_of_its_remedy() {
    // Known since 5 November; the carrier closes the ticket after nine days.
    let fee = item(held(Reason::FeeDemanded), "2026-11-06T12:00:00Z");
    assert_eq!(fee.deadline, Some(at("2026-11-14T12:00:00Z")));
    assert_eq!(fee.due.unwrap().at, at("2026-11-14T12:00:00Z"));
    let urgency = |now| item(held(Reason::FeeDemanded), now).urgency;
    assert_eq!(urgency("2026-11-06T12:00:00Z"), Urgency::Waiting);
    assert_eq!(urgency("2026-11-09T13:00:00Z"), Urgency::ChaseDue);
    assert_eq!(urgency("2026-11-12T12:00:00Z"), Urgency::Alarm);
    assert_eq!(urgency("2026-11-14T12:00:00Z"), Urgency::Overdue);
    // Without one, silence is an alarm all the same.
    let other = held(Reason::WrongLosingAccount);
    assert_eq!(due(other), at("2026-11-12T12:00:00Z"));
    // What staff are to do, they do on the next business day.
    let ours = item(held(Reason::HostedNumber), "2026-11-06T12:59:59Z");
    assert_eq!(ours.due.unwrap().at, at("2026-11-06T13:00:00Z"));
    assert_eq!((ours.urgency, ours.chase), (Urgency::Now, None));
    let ours = item(held(Reason::HostedNumber), "2026-11-06T13:00:00Z");
    assert_eq!(ours.urgency, Urgency::Overdue);
}

#[test]
fn a_pause_does_not_count_as_silence() {
    let resumed = saw(
        held(Reason::FeeDemanded),
        Fact::Resumed,
        "2026-11-13T15:00:00Z",
    );
    let item = item(resumed, "2026-11-16T15:00:00Z");
    assert_eq!(item.since, at("2026-11-13T15:00:00Z"));
    assert_eq!((item.age, item.urgency), (1, Urgency::Waiting));
}

#[test]
fn what_cannot_be_undone_comes_first() {
    let early = Fact::SlotTooEarly(slot("2026-11-27T15:00:00Z"));
    let early = item(saw(approved(), early, APPROVED), APPROVED);
    assert_eq!(early.urgency, Urgency::Emergency);
    assert_eq!(early.deadline, Some(at("2026-11-27T15:00:00Z")));
    let astray = saw(scheduled(), arrived(0, wrong()), MOVED);
    assert_eq!(item(astray, MOVED).urgency, Urgency::Emergency);
    let deleted = item(held(Reason::NumberDeleted), APPROVED);
    assert_eq!(deleted.urgency, Urgency::Emergency);
    assert_eq!(deleted.deadline, Some(at("2026-11-15T12:00:00Z")));
    let refused = item(refused_for(Reason::NumberDeleted), APPROVED);
    assert_eq!(refused.urgency, Urgency::Emergency);
    assert_eq!(refused.deadline, Some(at("2026-11-15T12:00:00Z")));
}

#[test]
fn the_list_goes_by_consequence() {
    let now = "2026-11-09T18:00:00Z";
    let named = |name: &str| submit(send(pass(seal(draft_as(name, "stub")))));
    let reminded = chased(
        named("reminded"),
        Party::LosingPlatform,
        "2026-11-09T17:30:00Z",
    );
    let deleted = Fact::Held(Hold::new(Reason::NumberDeleted, "x"));
    let fee = Fact::Held(Hold::new(Reason::FeeDemanded, "x"));
    let fresh = |name, when| {
        let permit = admin().permit().unwrap();
        let draft = draft_as(name, "stub");
        item(draft.seal(&package(), permit, at(when)).unwrap(), now)
    };
    let mut unwanted = named("unwanted");
    let permit = admin().permit().unwrap();
    unwanted.request_cancel("x", permit, at("2026-11-09T14:30:00Z"));
    let items = [
        item(reminded, now),
        item(unwanted, now),
        fresh("today-b", "2026-11-09T16:00:00Z"),
        fresh("today-a", "2026-11-09T16:00:00Z"),
        fresh("today-first", "2026-11-09T15:00:00Z"),
        item(named("silent"), now),
        item(saw(named("fee"), fee, APPROVED), now),
        item(seal(draft_as("overdue", "stub")), now),
        item(saw(named("deleted"), deleted, APPROVED), now),
    ];
    let list = work_list(items.clone());
    let order: Vec<_> = list.iter().map(|item| item.request.as_str()).collect();
    let expected = [
        "deleted",
        "overdue",
        "silent",
        "fee",
        "today-first",
        "today-a",
        "today-b",
        "unwanted",
        "reminded",
    ];
    assert_eq!(order, expected);
    let urgencies: Vec<_> = list.iter().map(|item| item.urgency).collect();
    assert!(urgencies.is_sorted());
    assert_eq!(Urgency::ALL.len(), 6);
    assert!(
        Urgency::ALL
            .iter()
            .all(|urgency| urgencies.contains(urgency))
    );
    assert!(work_list(items.into_iter().rev()) == list);
}

#[test]
fn of_two_that_are_due_together_the_older_comes_first() {
    // Both were handed in on a weekend, so both are due on Tuesday, 8:00.
    let named = |name, when| {
        let permit = admin().permit().unwrap();
        let sealed = draft_as(name, "stub").seal(&package(), permit, at(when));
        item(sealed.unwrap(), "2026-11-09T12:00:00Z")
    };
    let sunday = named("a", "2026-11-08T15:00:00Z");
    let saturday = named("b", "2026-11-07T15:00:00Z");
    assert_eq!(sunday.due.unwrap().at, saturday.due.unwrap().at);
    let list = work_list([sunday, saturday]);
    assert_eq!(list[0].request, id("b"));
}

#[test]
fn a_claim_lasts_until_it_is_given_up_or_the_state_changes() {
    let claimed = |request| note(request, Note::Claimed, SENT);
    let by = |item: WorkItem| item.claimed_by.map(|claim| (claim.by, claim.at));
    assert_eq!(by(item(sealed(), SENT)), None);
    let sam = Some((support(), at(SENT)));
    assert_eq!(by(item(claimed(sealed()), SENT)), sam);
    let given_up = note(claimed(sealed()), Note::Unclaimed, SENT);
    assert_eq!(by(item(given_up, SENT)), None);
    let sent = send(pass(claimed(sealed())));
    assert_eq!(by(item(submit(sent), TAKEN)), None);
}

#[test]
fn a_note_does_not_postpone_what_is_due() {
    let before = due(proven());
    let claimed = note(proven(), Note::Claimed, "2026-12-04T10:00:00Z");
    assert_eq!(due(claimed), before);
    // A waiver does: it may be what the sign-off waited for.
    let mut waived = proven();
    let waiver = Waiver {
        number: number(0),
        check: Check::SmsOut,
        reason: "never texts".to_owned(),
        consent: "Ann".to_owned(),
    };
    let permit = success().permit().unwrap();
    waived
        .waive(waiver, permit, at("2026-12-04T15:00:00Z"))
        .unwrap();
    assert_eq!(due(waived), at("2026-12-07T15:00:00Z"));
}

#[test]
fn registration_has_its_days_and_tests_wait_for_it() {
    let assigned = all().iter().fold(ported(), |request, number| {
        saw(request, Fact::Assigned { number: *number }, TESTED)
    });
    let registering = item(assigned, TESTED);
    assert_eq!(registering.waiting.on, Party::Registry);
    // Ten calendar days after the numbers moved.
    assert_eq!(registering.due.unwrap().at, at("2026-12-11T15:05:00Z"));
    assert_eq!(registering.chase, None);
    // Also where they were seen to have moved only later.
    let scheduled = scheduled();
    let completion =
        reached(look(&scheduled, all_moved(&scheduled), TESTED).completion(&scheduled));
    let seen_late = scheduled.ported(completion).unwrap();
    let assigned = all().iter().fold(seen_late, |request, number| {
        saw(request, Fact::Assigned { number: *number }, TESTED)
    });
    let registering = item(assigned, TESTED);
    assert_eq!(registering.due.unwrap().at, at("2026-12-11T15:05:00Z"));
    let mut tested = ported();
    for number in &all() {
        let number = *number;
        tested = saw(tested, Fact::Assigned { number }, TESTED);
        let state = Registration::Registered;
        tested = saw(
            tested,
            Fact::Registration { number, state },
            "2026-12-09T15:00:00Z",
        );
    }
    let tests = item(tested, "2026-12-09T16:00:00Z");
    assert_eq!(
        (tests.urgency, tests.waiting.on),
        (Urgency::Now, Party::Staff)
    );
    assert_eq!(tests.due.unwrap().at, at("2026-12-10T15:00:00Z"));
}

#[test]
fn a_time_is_kept_even_if_it_is_soon() {
    // Approved on Thursday, agreed for Friday: expected then, not in the usual two days.
    let day = |form: &mut Checklist| {
        form.set_earliest(day("2026-11-05"));
    };
    let approved = || approve(submit(send(pass(seal_with(draft(), &package_with(day))))));
    let soon = slot("2026-11-06T15:00:00Z");
    let mut asked = approved();
    let permit = support().permit().unwrap();
    let _ask = asked
        .ask_slot(soon.clone(), permit, at("2026-11-05T20:00:00Z"))
        .unwrap();
    assert_eq!(due(asked), at("2026-11-06T15:00:00Z"));
    let approved = approved();
    let agreed = confirmation(&approved, "2026-11-05T21:00:00Z", Schedule::Agreed(soon));
    let item = item(approved.scheduled(agreed).unwrap(), "2026-11-06T16:00:00Z");
    assert_eq!(item.due.unwrap().at, at("2026-11-06T16:00:00Z"));
    assert_eq!(item.urgency, Urgency::ChaseDue);
}
