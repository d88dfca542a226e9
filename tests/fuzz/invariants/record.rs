//! What must hold whatever is read as a record, or as a part of one.

use std::error::Error;
use std::fmt::Debug;
use std::sync::LazyLock;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use snap_port::document::CarrierName;
use snap_port::{
    Actor, AnyPortRequest as Any, Capabilities, Checklist, GainingPlatform, HasArrived, HasOrder,
    HasPackage, HasSchedule, LosingPlatform, Means, NumberList, Party, PortRequest, PortRequestId,
    Readiness, ReleaseRequest, RequestRow, Role, RoutePolicy, Splits, StoredRequest,
    SubmissionPackage, Write, waiting,
};

static POLICY: LazyLock<RoutePolicy> = LazyLock::new(RoutePolicy::default);

/// Panics where a rule is broken; otherwise tells whether the data was read as a record.
pub(crate) fn check(data: &[u8]) -> bool {
    part::<Checklist>(data, form);
    part::<SubmissionPackage>(data, whole);
    let request = match Any::from_json(data) {
        Ok(request) => request,
        Err(refused) => {
            told(&refused);
            return false;
        }
    };
    assert_eq!(serde_json::from_slice::<Any>(data).unwrap(), request);
    let claimed: Value = serde_json::from_slice(data).unwrap();
    assert_eq!(claimed["status"], request.status().name());
    assert_eq!(claimed["id"], request.id().as_str());
    kept(&request);
    shown(&request);
    in_its_state(request);
    true
}

/// What can be read on its own is written and read as it is.
fn part<T: Debug + PartialEq + Serialize + DeserializeOwned>(data: &[u8], check: impl Fn(&T)) {
    match serde_json::from_slice::<T>(data) {
        Ok(value) => {
            let stored = serde_json::to_vec(&value).unwrap();
            assert_eq!(serde_json::from_slice::<T>(&stored).unwrap(), value);
            check(&value);
        }
        Err(error) => told(&error),
    }
}

/// A form is complete or says what it lacks, and is judged at any time.
fn form(form: &Checklist) {
    match form.complete() {
        Ok(package) => assert_eq!(Checklist::from(&package), *form),
        Err(missing) => {
            told(&missing);
            let parties = [Party::Customer, Party::LosingPlatform, Party::Staff];
            let due = parties.map(|party| missing.due_from(party).count());
            assert_eq!(due.iter().sum::<usize>(), missing.parts().len());
        }
    }
    for at in [
        "-262143-01-01T00:00:00Z",
        "2026-11-24T15:00:00Z",
        "+262142-12-31T23:59:59Z",
    ] {
        judged(&Readiness::of_form(form, &POLICY, at.parse().unwrap()));
    }
    let ours = GainingPlatform::new("Aloware", "porting@aloware.test").unwrap();
    let carrier = CarrierName::new("Twilio").unwrap();
    match ReleaseRequest::compose(form, &ours, &carrier) {
        Ok(request) => assert!(!request.subject().is_empty() && !request.body().is_empty()),
        Err(missing) => told(&missing),
    }
}

fn judged(readiness: &Readiness) {
    assert_eq!(readiness.is_ready(), readiness.blockers().count() == 0);
    assert!(!readiness.to_string().is_empty());
    for concern in readiness.concerns() {
        assert!(!concern.reason().is_empty() && !concern.remedy().is_empty());
        let _ = format!("{concern} {concern:?}");
    }
}

fn whole(package: &SubmissionPackage) {
    form(&Checklist::from(package));
    assert_eq!(Checklist::from(package).complete().as_ref(), Ok(package));
    assert_eq!(package.files().count(), 1 + package.proofs().count());
    let _ = (
        package.loa().uncovered(package.numbers()),
        package.a2p().completed_at(),
        package.earliest().to_string(),
        package.ticket().to_string(),
    );
}

/// An error can be shown, and does not repeat its source.
fn told(error: &dyn Error) {
    let _ = format!("{error:?}");
    let said = error.to_string();
    assert!(!said.is_empty());
    if let Some(source) = error.source() {
        assert!(!said.contains(&source.to_string()), "{said}");
        told(source);
    }
}

/// A request that was read is written as a record of itself.
fn kept(request: &Any) {
    let bytes = request.to_json().unwrap();
    let again = Any::from_json(&bytes).unwrap();
    assert_eq!(again, *request);
    assert_eq!(again.to_json().unwrap(), bytes);
    assert_eq!(serde_json::to_vec(request).unwrap(), bytes);
    let row = RequestRow::of(request, None, None).unwrap();
    let write = Write::first(row, request).unwrap();
    let _ = format!("{write:?}");
    let stored = StoredRequest {
        revision: write.makes(),
        row: write.row,
        trouble: None,
        events: write.events,
    };
    let _ = format!("{stored:?}");
    assert_eq!(stored.read().unwrap(), *request);
}

/// Whatever was read can be shown, and its views agree.
fn shown(request: &Any) {
    let timeline = request.timeline();
    assert_eq!(timeline.len(), request.history_len());
    for entry in &timeline {
        assert!(!entry.kind().is_empty());
        let _ = format!("{entry} {entry:?} {:?} {:?}", entry.by(), entry.basis());
        let _ = format!("{:?} {:?}", entry.occurred_at(), entry.fact());
    }
    let entered = |entry: &&snap_port::Entry<'_>| entry.enters().is_some();
    let last = timeline.iter().rev().find(entered).unwrap();
    assert_eq!(request.since(), last.recorded_at());
    for can in [
        Capabilities::manual(),
        Capabilities::default(),
        Capabilities::all(Means::Api),
    ] {
        let waiting = waiting(request, &can);
        // After the end only numbers that went astray are waited for.
        assert!(waiting.is_some() || request.status().is_final());
        let _ = waiting.map(|waiting| format!("{waiting} {waiting:?}"));
    }
    let _ = format!("{request:?} {:?} {:?}", request.id(), request.carrier());
    let _ = request.hold().map(|(hold, at)| format!("{hold} {at}"));
    let _ = format!("{:?} {:?}", request.findings(), request.cancel_requested());
    let since = request.since();
    let _ = (POLICY.chase_at(since), POLICY.alarm_at(since));
    let _ = (POLICY.texting_by(since), POLICY.eta(since, None));
    if let Some(table) = request.table() {
        let rows = table.rows().iter().map(|row| row.number());
        assert_eq!(NumberList::new(rows).as_ref().ok(), request.numbers());
        if let Err(gaps) = table.complete() {
            told(&gaps);
        }
    }
}

fn in_its_state(request: Any) {
    match request {
        Any::Draft(draft) => {
            form(draft.checklist());
            judged(&Readiness::of_draft(&draft, &POLICY, draft.since()));
            let _ = format!("{:?} {:?}", draft.reverses(), draft.checklist());
        }
        Any::Sealed(sealed) => {
            packaged(&sealed);
            judged(&Readiness::of_sealed(&sealed, &POLICY, sealed.since()));
            let phase = sealed.phase();
            assert!(!(sealed.cleared().is_some() && phase.may_be_with_carrier()));
            let _ = format!("{phase} {:?}", sealed.passed_review());
        }
        Any::Submitted(r) => {
            ordered(&r);
            divided(r);
        }
        Any::ReleaseApproved(r) => {
            ordered(&r);
            assert!(r.approval().numbers().contains_all(r.numbers()));
            divided(r);
        }
        Any::Scheduled(r) => {
            scheduled(&r);
            divided(r);
        }
        Any::Ported(mut r) => {
            scheduled(&r);
            reversed(&mut r);
            divided(r);
        }
        Any::Verified(mut r) => {
            scheduled(&r);
            assert!(r.table().complete().is_ok());
            if let Err(gaps) = r.cleared_for_campaigns() {
                told(&gaps);
            }
            reversed(&mut r);
            kept(&r.into());
        }
        Any::Rejected(r) => {
            packaged(&r);
            let refusal = r.refusal().refusal();
            let _ = format!("{refusal} {:?} {:?}", refusal.remedy(), r.order());
        }
        Any::Cancelled(r) => drop(format!("{:?} {:?}", r.numbers(), r.cancellation())),
    }
}

fn packaged<S: HasPackage>(request: &PortRequest<S>) {
    whole(request.package());
    assert!(request.package().numbers().contains_all(request.numbers()));
    let carryover = request.carryover();
    let rows = carryover.rows().iter().map(|row| row.number());
    assert_eq!(NumberList::new(rows).as_ref(), Ok(request.numbers()));
    for open in carryover.open() {
        let _ = open.to_string();
    }
    for overridden in request.overrides() {
        let _ = format!("{} {}", overridden.what, overridden.by);
    }
    let files: Vec<_> = request.added_documents().collect();
    let _ = format!("{} {files:?}", request.release_ticket());
    let _ = format!("{:?} {:?}", request.attempt(), request.frozen_date());
}

fn ordered<S: HasOrder + HasPackage>(request: &PortRequest<S>) {
    packaged(request);
    assert_eq!(request.receipt().order(), request.order());
    assert_eq!(request.frozen_date(), Some(request.package().earliest()));
}

fn scheduled<S: HasSchedule + HasOrder + HasPackage>(request: &PortRequest<S>) {
    ordered(request);
    assert!(request.approval().numbers().contains_all(request.numbers()));
    let former = request.former_confirmations();
    let _ = format!("{} {former:?}", request.schedule());
    let _ = POLICY.eta(request.since(), request.schedule().slot());
}

/// A request that was read can be moved back, and the way back is a request of its own.
fn reversed<S: HasArrived>(request: &mut PortRequest<S>) {
    let (id, at) = (
        PortRequestId::parse("the-way-back").unwrap(),
        request.since(),
    );
    let someone = Actor::new("Olga", Role::Admin).unwrap();
    let came_from = request.package().losing().platform();
    // The numbers moved to another platform than they came from.
    let ours = match came_from {
        LosingPlatform::Aircall => LosingPlatform::JustCall,
        _ => LosingPlatform::Aircall,
    };
    match request.reverse(id, ours, someone.permit().unwrap(), at) {
        Ok(draft) => {
            assert_eq!(draft.reverses(), Some(request.id()));
            kept(&draft.into());
        }
        Err(why) => assert!(
            request.id().as_str() == "the-way-back" || request.way_back().is_some(),
            "{why}"
        ),
    }
}

/// A request that was read can be split, and its parts are requests of their own.
fn divided<S: Splits>(request: PortRequest<S>)
where
    Any: From<PortRequest<S>>,
{
    let (all, at) = (request.numbers().clone(), request.since());
    let part = NumberList::one(all.first());
    let child = PortRequestId::parse("the-part").unwrap();
    let someone = Actor::new("Sam", Role::Support).unwrap();
    let permit = someone.permit().unwrap();
    match request.split(child, part.clone(), "x", permit, at) {
        Ok((rest, split_off)) => {
            assert_eq!(Some(rest.numbers()), all.without(&part).as_ref());
            assert_eq!(*split_off.numbers(), part);
            kept(&rest.into());
            kept(&split_off.into());
        }
        Err(refused) => {
            told(&refused);
            let (request, why) = refused.into_parts();
            let named = |entry: snap_port::Entry<'_>| entry.to_string().contains("the-part");
            let taken = request.id().as_str() == "the-part" || request.timeline().any(named);
            assert!(all.len() == 1 || taken, "{why}");
        }
    }
}
