//! A scripted carrier, sample values, and requests brought to each state, for the rules' tests.
//!
//! Everything is deterministic, so a request built twice is equal to itself: a twin shows that a
//! refused transition changed nothing, and lends evidence about a request of the same name.

#![allow(dead_code, reason = "each test file uses its part")]

mod carrier;
mod journey;

use snap_port::*;

pub(crate) use carrier::{At, StubCarrier, wait};
pub(crate) use chrono::{DateTime, Utc};
pub(crate) use journey::*;

pub(crate) const OPENED: &str = "2026-11-02T14:00:00Z";
pub(crate) const SEALED: &str = "2026-11-02T15:00:00Z";
pub(crate) const REVIEWED: &str = "2026-11-02T16:00:00Z";
pub(crate) const SENT: &str = "2026-11-02T17:00:00Z";
pub(crate) const TAKEN: &str = "2026-11-02T17:00:30Z";
pub(crate) const APPROVED: &str = "2026-11-05T12:00:00Z";
pub(crate) const CONFIRMED: &str = "2026-11-20T12:00:00Z";
/// The earliest port date, 1 December in New York, begins.
pub(crate) const EARLIEST: &str = "2026-12-01T05:00:00Z";
pub(crate) const SLOT: &str = "2026-12-01T15:00:00Z";
pub(crate) const MOVED: &str = "2026-12-01T15:05:00Z";
pub(crate) const TESTED: &str = "2026-12-02T10:00:00Z";
pub(crate) const SIGNED: &str = "2026-12-03T10:00:00Z";

pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A clock that stands still at `text`.
pub(crate) fn clock(text: &str) -> At {
    At(at(text))
}

pub(crate) fn id(text: &str) -> PortRequestId {
    PortRequestId::parse(text).unwrap()
}

pub(crate) fn order(text: &str) -> OrderRef {
    OrderRef::parse(text).unwrap()
}

pub(crate) fn account(text: &str) -> AccountId {
    AccountId::parse(text).unwrap()
}

pub(crate) fn gaining() -> AccountId {
    account("AC-gaining-0002")
}

pub(crate) fn wrong() -> AccountId {
    account("AC-wrong-0003")
}

pub(crate) fn service() -> MessagingService {
    MessagingService::parse("MG-0001").unwrap()
}

/// One of ten numbers.
pub(crate) fn number(index: usize) -> PhoneNumber {
    assert!(index < 10);
    PhoneNumber::from_e164(&format!("+1415555267{index}")).unwrap()
}

pub(crate) fn numbers(indexes: &[usize]) -> NumberList {
    NumberList::new(indexes.iter().map(|index| number(*index))).unwrap()
}

/// The numbers of the sample request.
pub(crate) fn all() -> NumberList {
    numbers(&[0, 1, 2])
}

pub(crate) fn admin() -> Actor {
    Actor::new("Ann Admin", Role::Admin).unwrap()
}

pub(crate) fn support() -> Actor {
    Actor::new("Sam Support", Role::Support).unwrap()
}

pub(crate) fn success() -> Actor {
    Actor::new("Cas Success", Role::CustomerSuccess).unwrap()
}

pub(crate) fn zone() -> Zone {
    Zone::parse("America/New_York").unwrap()
}

/// A day in New York.
pub(crate) fn day(text: &str) -> EarliestPortDate {
    EarliestPortDate::new(text.parse().unwrap(), zone())
}

/// The hour that begins at `text`.
pub(crate) fn slot(text: &str) -> PortSlot {
    PortSlot::hour(at(text), zone())
}

pub(crate) fn file(name: &str) -> DocumentFile {
    let locator = format!("acme/{name}");
    let bytes = format!("%PDF-1.7\n% {name}");
    DocumentFile::describe(name, &locator, bytes.as_bytes()).unwrap()
}

pub(crate) fn letter(signed_on: &str, numbers: &NumberList) -> SignedLoa {
    let signed_on = signed_on.parse().unwrap();
    SignedLoa::new("Ann Admin", signed_on, numbers.clone(), file("loa.pdf")).unwrap()
}

pub(crate) fn ticket(platform: LosingPlatform, id: &str) -> ReleaseTicket {
    ReleaseTicket::new(platform, id).unwrap()
}

/// A package that breaks no rule.
pub(crate) fn package() -> SubmissionPackage {
    let losing = LosingAccount::new(LosingPlatform::Aircall, account("acme-4711"));
    SubmissionPackage::builder()
        .numbers(all())
        .loa(letter("2026-11-02", &all()))
        .proof(ProofOfOwnership::new(ProofKind::Bill, file("bill.pdf")))
        .losing(losing.with_carrier_account(account("AC-losing-0001")))
        .ticket(ticket(LosingPlatform::Aircall, "98765"))
        .destination(Destination::new(gaining()).with_messaging_service(service()))
        .earliest(day("2026-12-01"))
        .a2p(A2pAcknowledgements::all_by(&admin(), at(OPENED)))
        .build()
}

/// The package, altered.
pub(crate) fn package_with(alter: impl FnOnce(&mut Checklist)) -> SubmissionPackage {
    let mut checklist = Checklist::from(&package());
    alter(&mut checklist);
    checklist.complete().unwrap()
}

/// Support states `what`, which occurred at `occurred`.
pub(crate) fn says<T>(occurred: &str, what: T) -> Statement<T> {
    Statement::new(support().permit().unwrap(), at(occurred), what)
}

pub(crate) fn granted(approved: &str) -> ReleaseGranted {
    ReleaseGranted {
        at: at(approved),
        approver: "Lou at Aircall".to_owned(),
        losing_ticket: Some("T-losing".to_owned()),
        gaining_account: gaining(),
        numbers: all(),
    }
}

pub(crate) fn arrival(index: usize, account: AccountId) -> ArrivalReport {
    ArrivalReport {
        number: number(index),
        account,
        at: Some(at(MOVED)),
    }
}

/// A report on `request`'s order.
pub(crate) fn report<S: HasOrder>(request: &PortRequest<S>) -> OrderReport {
    OrderReport::new(request.order().clone())
}

/// The order as the carrier shows it once all numbers are in the gaining account.
pub(crate) fn all_moved<S: HasOrder>(request: &PortRequest<S>) -> OrderReport {
    report(request).arrived([0, 1, 2].map(|index| arrival(index, gaining())))
}

/// The rule that refused a transition; the request came back equal to its `twin`.
#[track_caller]
pub(crate) fn refused<S: State, N: State>(
    result: Result<PortRequest<N>, TransitionError<S>>,
    twin: &PortRequest<S>,
) -> Violation
where
    PortRequest<S>: PartialEq,
{
    let (back, violation) = result.expect_err("the rule holds").into_parts();
    assert!(back == *twin, "a refused transition changed the request");
    violation
}

pub(crate) fn json(request: impl Into<AnyPortRequest>) -> serde_json::Value {
    let request = request.into();
    serde_json::from_slice(&request.to_json().unwrap()).unwrap()
}

pub(crate) fn reload(value: &serde_json::Value) -> Result<AnyPortRequest, RecordError> {
    AnyPortRequest::from_json(&serde_json::to_vec(value).unwrap())
}
