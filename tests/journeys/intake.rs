//! The desk and its policy: sealing, reviewing, asking for a slot.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use snap_port::testing::{SimCarrier, VirtualClock, sample};
use snap_port::*;

fn id(text: &str) -> PortRequestId {
    PortRequestId::parse(text).unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn policy() -> RoutePolicy {
    RoutePolicy::default()
}

fn blocking_value(readiness: &Readiness) -> String {
    match readiness.blockers().next().unwrap().cause() {
        Cause::Policy { value, .. } => value.clone(),
        other => panic!("{other:?}"),
    }
}

fn store() -> Arc<MemoryStore> {
    Arc::new(MemoryStore::new())
}

#[tokio::test]
async fn the_desk_holds_requests_to_its_policy_at_seal_and_at_review() {
    let clock = VirtualClock::at(sample::time());
    let strict = policy().with_weight(Rule::ProofDated, Weight::Binds);
    let held = PortDesk::new(store(), Arc::new(clock.clone())).with_policy(strict.clone());
    let name = id("r-1");
    held.start(
        name.clone(),
        sample::carrier(),
        sample::admin().permit().unwrap(),
    )
    .await
    .unwrap();
    let sealing = || held.seal(&name, sample::admin().permit().unwrap());
    let Err(DeskError::NotReady(readiness)) = sealing().await else {
        panic!("an empty draft was sealed");
    };
    assert_eq!(readiness.blockers().count(), 8);

    let package = sample::package(&sample::numbers(2), sample::time());
    held.fill(&name, |form| *form = (&package).into())
        .await
        .unwrap();
    let Err(DeskError::NotReady(readiness)) = sealing().await else {
        panic!("a proof without a date was sealed");
    };
    let value = blocking_value(&readiness);
    assert_eq!(*readiness, held.readiness(&name).await.unwrap());
    let what = Override {
        rule: Rule::ProofDated,
        value,
        reason: "the platform's bills bear none".to_owned(),
    };
    held.override_rule(&name, what, sample::support().permit().unwrap())
        .await
        .unwrap();
    let attempt = sealing().await.unwrap();

    // A rule that came to bind after the sealing is asked at review.
    let stricter = strict
        .with_letter_age(0)
        .with_weight(Rule::LetterAge, Weight::Binds);
    let later = held.clone().with_policy(stricter);
    clock.advance(chrono::TimeDelta::days(3));
    let review = || {
        later.pass_review(
            &attempt,
            sample::support().permit().unwrap(),
            package.numbers().clone(),
        )
    };
    assert!(matches!(review().await, Err(DeskError::NotReady(_))));
    let value = blocking_value(&later.readiness(&name).await.unwrap());
    let what = Override {
        rule: Rule::LetterAge,
        value,
        reason: "the customer confirmed by phone".to_owned(),
    };
    later
        .override_rule(&name, what, sample::support().permit().unwrap())
        .await
        .unwrap();
    review().await.unwrap();
}

#[tokio::test]
async fn what_the_form_says_comes_back_from_the_desk() {
    let clock = VirtualClock::at(sample::time());
    let desk = PortDesk::new(store(), Arc::new(clock));
    let name = id("r-1");
    desk.start(
        name.clone(),
        sample::carrier(),
        sample::admin().permit().unwrap(),
    )
    .await
    .unwrap();
    let bad = desk
        .fill(&name, |form| {
            form.set_earliest(sample::earliest(sample::time()));
            let numbers = NumberList::parse("911", Some(Region::US))?;
            form.set_numbers(numbers);
            Ok::<_, ListError>(())
        })
        .await
        .unwrap();
    assert_eq!(bad.unwrap_err().lines().len(), 1);
    let AnyPortRequest::Draft(draft) = desk.get(&name).await.unwrap() else {
        panic!("a draft");
    };
    assert_eq!(draft.checklist().progress(), (1, 8));
}

#[tokio::test]
async fn the_slots_we_ask_for_lie_in_business_hours_unless_overridden() {
    let clock = VirtualClock::at(sample::time());
    let carrier = SimCarrier::new(clock.clone(), 7);
    let desk =
        PortDesk::new(store(), Arc::new(clock.clone())).with_carrier(Arc::new(carrier.clone()));
    let name = id("r-1");
    let admin = sample::admin();
    let support = sample::support();
    desk.start(name.clone(), carrier.id(), admin.permit().unwrap())
        .await
        .unwrap();
    let package = sample::package(&sample::numbers(2), sample::time());
    desk.fill(&name, |form| *form = (&package).into())
        .await
        .unwrap();
    let attempt = desk.seal(&name, admin.permit().unwrap()).await.unwrap();
    desk.pass_review(
        &attempt,
        support.permit().unwrap(),
        package.numbers().clone(),
    )
    .await
    .unwrap();
    desk.advance(&name).await.unwrap();
    clock.advance(chrono::TimeDelta::hours(30));
    assert_eq!(
        desk.advance(&name).await.unwrap().to,
        Status::ReleaseApproved
    );

    // Thanksgiving, and a Wednesday evening, both after the earliest date of 9 November.
    let holiday = PortSlot::hour(at("2026-11-26T15:00:00Z"), sample::zone());
    let evening = PortSlot::hour(at("2026-11-18T22:30:00Z"), sample::zone());
    let asked = async |slot: &PortSlot| {
        desk.ask_slot(&name, slot.clone(), support.permit().unwrap())
            .await
    };
    let Err(DeskError::Slot(why)) = asked(&holiday).await else {
        panic!("a slot on Thanksgiving was asked for");
    };
    assert!(matches!(why[..], [SlotObjection::DayOff { .. }]));
    let Err(DeskError::Slot(why)) = asked(&evening).await else {
        panic!("a slot after hours was asked for");
    };
    assert!(matches!(why[..], [SlotObjection::OutsideHours { .. }]));
    let error = DeskError::Slot(why).to_string();
    assert!(error.contains("Thu 19 Nov 2026 08:00 EST"), "{error}");

    let value = "2026-11-18T22:30:00Z/2026-11-18T23:30:00Z";
    assert_eq!(RoutePolicy::slot_value(&evening), value);
    let what = Override {
        rule: Rule::SlotHours,
        value: RoutePolicy::slot_value(&evening),
        reason: "the customer's lines are quiet then".to_owned(),
    };
    desk.override_rule(&name, what, support.permit().unwrap())
        .await
        .unwrap();
    assert!(
        asked(&holiday).await.is_err(),
        "it is made for the other slot"
    );
    let (begins, moment) = (evening.begins(), chrono::TimeDelta::milliseconds(900));
    for (from, to) in [
        (begins + moment, evening.ends()),
        (begins, evening.ends() + moment),
        (begins, begins + chrono::TimeDelta::days(30)),
    ] {
        let other = PortSlot::new(from, to, sample::zone()).unwrap();
        assert!(asked(&other).await.is_err(), "{other:?} is not that slot");
    }
    asked(&evening).await.unwrap();

    // Before the earliest date nothing helps.
    let early = PortSlot::hour(at("2026-11-05T16:00:00Z"), sample::zone());
    let lenient = desk
        .clone()
        .with_policy(policy().with_weight(Rule::SlotHours, Weight::Off));
    let refused = lenient
        .ask_slot(&name, early, support.permit().unwrap())
        .await;
    assert!(matches!(refused, Err(DeskError::Slot(_))));
    lenient
        .ask_slot(&name, holiday.clone(), support.permit().unwrap())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_letter_we_rendered_is_reviewed_by_its_code() {
    let clock = VirtualClock::at(sample::time());
    let desk = PortDesk::new(store(), Arc::new(clock.clone()));
    let (admin, support) = (sample::admin(), sample::support());
    let numbers = sample::numbers(3);
    let seal = async |name: &str, loa: SignedLoa| {
        let name = id(name);
        let start = desk.start(name.clone(), sample::carrier(), admin.permit().unwrap());
        start.await.unwrap();
        let package = sample::package(&numbers, sample::time());
        let fill = desk.fill(&name, |form| {
            *form = (&package).into();
            form.set_loa(loa);
        });
        fill.await.unwrap();
        desk.seal(&name, admin.permit().unwrap()).await.unwrap()
    };
    let review = async |attempt: &AttemptKey, code: ListCode| {
        desk.pass_review_by_code(attempt, support.permit().unwrap(), code)
            .await
    };

    let scanned = seal("scanned", sample::loa(&numbers, sample::time())).await;
    let code = ListCode::of(&numbers);
    assert!(matches!(
        review(&scanned, code).await,
        Err(DeskError::Violation(Violation::LetterHasNoCode))
    ));

    // A number is held by one request at a time.
    let finding = snap_port::Finding {
        field: "letter".to_owned(),
        reason: "it cannot be read".to_owned(),
        remedy: "use the one we render".to_owned(),
    };
    let back = desk.send_back(&scanned, support.permit().unwrap(), vec![finding]);
    back.await.unwrap();

    let rendered = seal("rendered", rendered_letter(&numbers)).await;
    let other = ListCode::of(&sample::numbers(2));
    let error = review(&rendered, other).await.unwrap_err();
    assert!(
        matches!(error, DeskError::Violation(Violation::OtherLetter { found }) if found == other)
    );
    // Whoever mistypes it is not told the right one.
    assert!(!format!("{error} {error:?}").contains(&code.to_string()));
    review(&rendered, code).await.unwrap();
    let AnyPortRequest::Sealed(sealed) = desk.get(rendered.request()).await.unwrap() else {
        panic!("sealed");
    };
    assert_eq!(sealed.phase(), AttemptPhase::Cleared);
}

fn rendered_letter(numbers: &NumberList) -> SignedLoa {
    let address = AddressForm {
        street: "1 Main Street".to_owned(),
        city: "Springfield".to_owned(),
        region: "IL".to_owned(),
        postal_code: "62701".to_owned(),
        country: "US".to_owned(),
    };
    let letter = LetterOfAuthorization::builder()
        .customer(CustomerName::new("Acme Inc.").unwrap())
        .address(ServiceAddress::parse(&address).unwrap())
        .authorized(AuthorizedPerson::new("Ann Admin").unwrap())
        .numbers(numbers.clone())
        .losing(sample::losing())
        .gaining(GainingPlatform::new("Aloware", "transfers@aloware.test").unwrap())
        .destination(sample::destination())
        .carrier(CarrierName::new("Twilio").unwrap())
        .build();
    let file = sample::package(numbers, sample::time())
        .loa()
        .file()
        .clone();
    let signed_on = sample::time().date_naive();
    letter.signed("Ann Admin", signed_on, file).unwrap()
}
