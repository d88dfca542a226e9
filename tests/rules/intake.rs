//! What people say before and beside the port: overrides, notes on a draft, what is carried over,
//! the way back, and the table of remedies.

use crate::stub::*;
use snap_port::*;

fn stored<S: State>(request: PortRequest<S>) -> serde_json::Value
where
    AnyPortRequest: From<PortRequest<S>>,
{
    let value = json(request);
    assert_eq!(
        serde_json::to_value(reload(&value).unwrap()).unwrap(),
        value
    );
    value
}

fn old_bill(reason: &str) -> Override {
    Override {
        rule: Rule::ProofAge,
        value: "2026-01-05".to_owned(),
        reason: reason.to_owned(),
    }
}

#[test]
fn an_override_is_recorded_with_who_and_why() {
    let mut draft = draft();
    draft
        .override_rule(
            old_bill("no newer one"),
            support().permit().unwrap(),
            at(SEALED),
        )
        .unwrap();
    let recorded = draft.overrides().next().unwrap();
    assert_eq!(recorded.what, &old_bill("no newer one"));
    assert_eq!((recorded.by, recorded.at), (&support(), at(SEALED)));
    let line = draft.timeline().last().unwrap().to_string();
    assert_eq!(
        line,
        "rule overridden: age of a proof (2026-01-05): no newer one"
    );
    stored(draft);

    let mut sealed = sealed();
    sealed
        .override_rule(
            old_bill("as agreed"),
            success().permit().unwrap(),
            at(SEALED),
        )
        .unwrap();
    assert_eq!(sealed.overrides().count(), 1);
    stored(sealed);
}

#[test]
fn an_override_needs_a_reason_and_a_value() {
    let mut draft = draft();
    let unseen = draft.override_rule(
        old_bill("\u{200b}"),
        support().permit().unwrap(),
        at(SEALED),
    );
    assert!(matches!(unseen, Err(Violation::Blank(_))));
    let blank = draft.override_rule(old_bill(" "), support().permit().unwrap(), at(SEALED));
    assert!(matches!(blank, Err(Violation::Blank(_))));
    let mut what = old_bill("x");
    what.value = String::new();
    let blank = draft.override_rule(what, support().permit().unwrap(), at(SEALED));
    assert!(matches!(blank, Err(Violation::Blank(_))));
    assert_eq!(draft.overrides().count(), 0);
}

#[test]
fn the_customer_does_not_override_the_gaining_platforms_rules() {
    assert!(admin().permit::<act::Override>().is_err());
    let billing = Actor::new("Bill", Role::BillingAdmin).unwrap();
    assert!(billing.permit::<act::Override>().is_err());
    // Nor in a record.
    let mut draft = draft();
    draft
        .override_rule(old_bill("x"), support().permit().unwrap(), at(SEALED))
        .unwrap();
    let mut value = json(draft);
    value["history"][1]["entry"]["by"]["role"] = "admin".into();
    let error = reload(&value).unwrap_err();
    assert!(matches!(
        error,
        RecordError::Violation {
            entry: 1,
            source: Violation::NotPermitted(_)
        }
    ));
}

#[test]
fn a_rule_is_overridden_only_while_it_may_bind() {
    let mut sealed = sealed();
    sealed
        .override_rule(old_bill("x"), support().permit().unwrap(), at(SEALED))
        .unwrap();
    let overridden = json(sealed)["history"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()
        .clone();
    for request in every_state() {
        let open = matches!(
            request.status(),
            Status::Draft | Status::Sealed | Status::ReleaseApproved | Status::Scheduled
        );
        let mut value = serde_json::to_value(&request).unwrap();
        value["history"]
            .as_array_mut()
            .unwrap()
            .push(overridden.clone());
        assert_eq!(reload(&value).is_ok(), open, "{}", request.status());
    }
}

#[test]
fn a_draft_takes_notes_but_no_documents_or_tickets() {
    let mut draft = draft();
    let mut note = |note| draft.note(note, admin().permit().unwrap(), at(SEALED));
    note(Note::ReleaseRequested).unwrap();
    note(Note::Chased(Party::LosingPlatform)).unwrap();
    let newer = ticket(LosingPlatform::Aircall, "1");
    assert_eq!(
        note(Note::TicketSuperseded(newer)),
        Err(Violation::StillDraft)
    );
    assert_eq!(
        note(Note::DocumentAdded(file("x"))),
        Err(Violation::StillDraft)
    );
    let kinds: Vec<_> = draft
        .timeline()
        .filter_map(|entry| entry.note().cloned())
        .collect();
    assert_eq!(
        kinds,
        [Note::ReleaseRequested, Note::Chased(Party::LosingPlatform)]
    );
    stored(draft);
}

fn carry(
    request: &mut PortRequest<Verified>,
    item: CarryoverItem,
    numbers: Option<NumberList>,
    state: CarryoverState,
) {
    let note = Note::Carryover {
        item,
        numbers,
        state,
    };
    request
        .note(note, success().permit().unwrap(), at(TESTED))
        .unwrap();
}

#[test]
fn a_verified_port_is_cleared_for_campaigns_once_everything_is_carried_over() {
    let mut request = verified();
    let gaps = request.cleared_for_campaigns().unwrap_err();
    // Four items of each number: these need no bundle and are not toll-free.
    assert_eq!(gaps.open().len(), 4 * all().len());
    assert!(
        gaps.to_string()
            .contains("opt-outs (not asked) of 3 numbers"),
        "{gaps}"
    );

    let used = [
        CarryoverItem::E911,
        CarryoverItem::WhatsAppSender,
        CarryoverItem::Cnam,
    ];
    for item in used {
        carry(&mut request, item, None, CarryoverState::NotUsed);
    }
    carry(
        &mut request,
        CarryoverItem::OptOuts,
        None,
        CarryoverState::Exported,
    );
    let gaps = request.cleared_for_campaigns().unwrap_err();
    assert_eq!(gaps.open().len(), all().len());
    assert!(
        gaps.open()
            .iter()
            .all(|open| open.state == CarryoverState::Exported)
    );

    carry(
        &mut request,
        CarryoverItem::OptOuts,
        Some(numbers(&[0])),
        CarryoverState::Done,
    );
    let left: Vec<_> = request
        .cleared_for_campaigns()
        .unwrap_err()
        .open()
        .iter()
        .map(|open| open.number)
        .collect();
    assert!(!left.contains(&number(0)) && left.len() == all().len() - 1);
    carry(
        &mut request,
        CarryoverItem::OptOuts,
        None,
        CarryoverState::Done,
    );
    assert_eq!(request.cleared_for_campaigns().unwrap().numbers(), &all());

    // The latest word counts.
    carry(
        &mut request,
        CarryoverItem::E911,
        None,
        CarryoverState::Wanted,
    );
    assert!(request.cleared_for_campaigns().is_err());
    stored(request);
}

#[test]
fn a_port_whose_texting_was_waived_is_not_cleared_for_campaigns() {
    for check in [Check::SmsOut, Check::SmsIn, Check::Registered] {
        let mut request = ported();
        for number in all().iter() {
            let facts = proofs_of(*number);
            for fact in facts.into_iter().filter(|fact| !proves(fact, check)) {
                observe(&mut request, fact);
            }
            let waiver = Waiver {
                number: *number,
                check,
                reason: "voice only".to_owned(),
                consent: "Ann, by mail".to_owned(),
            };
            request
                .waive(waiver, success().permit().unwrap(), at(TESTED))
                .unwrap();
        }
        observe(&mut request, Fact::AlertsRead);
        let report = request
            .verification(success().permit().unwrap(), at(TESTED))
            .unwrap();
        let mut request = request.verified(report).unwrap();
        for item in CarryoverItem::ALL {
            carry(&mut request, item, None, CarryoverState::NotUsed);
        }
        let gaps = request.cleared_for_campaigns().unwrap_err();
        assert_eq!(gaps.open(), []);
        assert_eq!(gaps.waived().len(), all().len(), "{check}");
    }
}

fn proves(fact: &Fact, check: Check) -> bool {
    match fact {
        Fact::Tested { test, .. } => Check::from(*test) == check,
        Fact::Registration { .. } => check == Check::Registered,
        _ => false,
    }
}

#[test]
fn what_is_asked_of_a_number_depends_on_the_number() {
    let list = |text: &str| NumberList::parse(text, None).unwrap();
    let asked = |text: &str, item| {
        let package = package_with(|form| {
            let numbers = list(text);
            form.set_loa(letter("2026-11-02", &numbers))
                .set_numbers(numbers);
        });
        let request = seal_with(draft(), &package);
        let rows = request.carryover();
        rows.rows()[0]
            .items()
            .iter()
            .any(|(asked, _)| *asked == item)
    };
    let (local, toll_free, abroad) = ("+14155552671", "+18005550199", "+442071838750");
    assert!(asked(toll_free, CarryoverItem::TollFreeVerification));
    assert!(!asked(local, CarryoverItem::TollFreeVerification));
    assert!(asked(abroad, CarryoverItem::Bundle));
    assert!(!asked(local, CarryoverItem::Bundle));
    for number in [local, toll_free, abroad] {
        assert!(asked(number, CarryoverItem::OptOuts));
    }
}

#[test]
fn the_way_back_is_a_linked_draft_with_the_roles_swapped() {
    let mut there = verified();
    let ours: LosingPlatform = "Aloware".parse().unwrap();
    let back = there
        .reverse(
            id("back"),
            ours.clone(),
            admin().permit().unwrap(),
            at(TESTED),
        )
        .unwrap();
    assert_eq!(back.reverses(), Some(there.id()));
    assert_eq!(
        there.timeline().last().unwrap().note(),
        Some(&Note::ReversedInto(id("back")))
    );
    let form = back.checklist();
    assert_eq!(form.numbers(), Some(there.numbers()));
    let losing = form.losing().unwrap();
    assert_eq!((losing.platform(), losing.account()), (&ours, &gaining()));
    assert_eq!(losing.carrier_account(), Some(&gaining()));
    assert_eq!(
        form.destination().map(Destination::account),
        there.package().losing().carrier_account()
    );
    // The authorisation of the way there does not authorise the way back.
    for part in [
        PackagePart::Loa,
        PackagePart::Proof,
        PackagePart::Ticket,
        PackagePart::Earliest,
    ] {
        assert!(!form.has(part), "{part}");
    }
    let value = stored(back);
    assert_eq!(
        value["history"][0]["entry"]["reverses"],
        there.id().as_str()
    );
    assert_eq!(there.reverses(), None);
    stored(there);
}

#[test]
fn the_way_back_does_not_leave_the_platform_it_leads_to() {
    let mut there = ported();
    let (before, from) = (there.history_len(), LosingPlatform::Aircall);
    let permit = admin().permit().unwrap();
    let refused = there.reverse(id("back"), from.clone(), permit, at(TESTED));
    assert_eq!(refused.unwrap_err(), Violation::SamePlatform(from));
    assert_eq!(there.history_len(), before);
}

#[test]
fn the_way_back_has_a_name_of_its_own() {
    let mut there = ported();
    let name = there.id().clone();
    let before = there.history_len();
    let refused = there.reverse(
        name,
        "Aloware".parse().unwrap(),
        admin().permit().unwrap(),
        at(TESTED),
    );
    assert_eq!(refused.unwrap_err(), Violation::SameRequest);
    assert_eq!(there.history_len(), before);
}

#[test]
fn every_reason_has_a_remedy_that_fits_who_acts() {
    for reason in Reason::ALL {
        let remedy = reason.remedy();
        assert!(!remedy.action.is_empty());
        // A new order is for what the package says wrongly; a pause is for everything else.
        let blames_package = remedy.field.is_some();
        assert!(
            remedy.same_order || blames_package || reason == Reason::Other,
            "{reason}"
        );
        // What nobody hurries for has no deadline; the rest says what happens.
        if let Some(deadline) = remedy.deadline {
            assert!(remedy.same_order && deadline.days > 0 && !deadline.missed.is_empty());
        }
        let said = serde_json::to_value(reason).unwrap();
        assert_eq!(serde_json::from_value::<Reason>(said).unwrap(), reason);
    }
    let mut all = Reason::ALL.to_vec();
    all.dedup();
    assert_eq!(all.len(), Reason::ALL.len());
}

#[test]
fn a_deleted_number_can_be_taken_back_for_ten_days() {
    let remedy = Reason::NumberDeleted.remedy();
    assert_eq!(remedy.party, Party::LosingPlatform);
    assert_eq!(remedy.deadline.map(|deadline| deadline.days), Some(10));
    assert!(remedy.action.contains("Released Numbers"));
}

#[test]
fn the_way_back_is_opened_once_and_never_by_a_note() {
    let mut there = ported();
    let mut open = |name: &str| {
        let ours = "Aloware".parse().unwrap();
        there.reverse(id(name), ours, admin().permit().unwrap(), at(TESTED))
    };
    let _back = open("back").unwrap();
    assert_eq!(
        open("again").unwrap_err(),
        Violation::AlreadyReversed(id("back"))
    );
    assert_eq!(there.way_back(), Some(&id("back")));
    let forged = Note::ReversedInto(id("x"));
    let mut by_note = draft();
    let refused = by_note.note(forged.clone(), admin().permit().unwrap(), at(SEALED));
    assert_eq!(refused, Err(Violation::NotMoved));
    let refused = verified().note(forged, admin().permit().unwrap(), at(TESTED));
    assert_eq!(refused, Err(Violation::NotMoved));

    // Nor in a record: not twice, not before the numbers moved, not by staff.
    let mut value = json(there);
    let entry = value["history"].as_array().unwrap().last().unwrap().clone();
    let append = |mut value: serde_json::Value, entry: &serde_json::Value| {
        value["history"].as_array_mut().unwrap().push(entry.clone());
        reload(&value)
    };
    assert!(append(value.clone(), &entry).is_err());
    assert!(append(json(scheduled()), &entry).is_err());
    assert!(append(json(draft()), &entry).is_err());
    assert!(append(json(ported()), &entry).is_ok());
    let mut by_staff = entry.clone();
    by_staff["by"]["role"] = "support".into();
    by_staff["entry"]["by"]["role"] = "support".into();
    assert!(append(json(ported()), &by_staff).is_err());
    value["history"][0]["entry"]["reverses"] = value["id"].clone();
    assert!(reload(&value).is_err(), "a request that reverses itself");
}

#[test]
fn what_was_set_up_on_a_number_before_the_move_is_to_be_set_up_again() {
    let note = |item| Note::Carryover {
        item,
        numbers: None,
        state: CarryoverState::Done,
    };
    let admin = admin();
    let mut before = draft();
    for item in CarryoverItem::ALL {
        let permit = admin.permit().unwrap();
        before.note(note(item), permit, at(SEALED)).unwrap();
    }
    let carryover = seal(before).carryover();
    let mut items = carryover.rows()[0].items().to_vec();
    // The bundle lies in the gaining account, waiting for the number.
    let bundle = (CarryoverItem::Bundle, CarryoverState::Done);
    assert_eq!(items.pop(), Some(bundle));
    let exported = |(_, state)| state == CarryoverState::Exported;
    assert!(items.into_iter().all(exported), "{carryover:?}");
    let mut after = ported();
    let permit = admin.permit().unwrap();
    after
        .note(note(CarryoverItem::OptOuts), permit, at(TESTED))
        .unwrap();
    let done = (CarryoverItem::OptOuts, CarryoverState::Done);
    assert_eq!(after.carryover().rows()[0].items()[0], done);
}

#[test]
fn an_alert_a_lost_registration_or_the_way_back_ends_the_clearance() {
    let cleared = || {
        let mut request = verified();
        for item in CarryoverItem::ALL {
            carry(&mut request, item, None, CarryoverState::NotUsed);
        }
        assert!(request.cleared_for_campaigns().is_ok());
        request
    };
    let alert = Fact::Alert {
        number: number(0),
        id: "NO1".to_owned(),
        text: "30034".to_owned(),
    };
    let lost = Fact::Registration {
        number: number(0),
        state: Registration::Failed("deregistered".to_owned()),
    };
    for (fact, check) in [(alert, Check::Alerts), (lost, Check::Registered)] {
        let mut request = cleared();
        observe(&mut request, fact);
        let gaps = request.cleared_for_campaigns().unwrap_err();
        assert_eq!(
            (gaps.failed(), gaps.waived()),
            (&[(number(0), check)][..], &[][..])
        );
    }
    let mut request = cleared();
    let ours = "Aloware".parse().unwrap();
    let back = request.reverse(id("back"), ours, admin().permit().unwrap(), at(TESTED));
    assert!(back.is_ok());
    assert!(request.cleared_for_campaigns().unwrap_err().is_reversed());
}
