//! Sample data that passes every rule, and requests that have come some way.
//!
//! Everything is derived from the time it is given, so a test that starts at any time gets a
//! package that may be sealed then.
//!
//! # Panics
//! What is built here obeys the crate's rules by construction; only times within days of the ends
//! of chrono's calendar (around the year 262000) panic.

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use super::clock::after;
use crate::calendar::{EarliestPortDate, PortSlot, Zone};
use crate::carrier::{AlertQuery, CancelAsk, NumberTask, SlotAsk, TransferOrder};
use crate::document::{
    A2pAcknowledgements, Destination, DocumentFile, LosingAccount, LosingPlatform, MemoryDocuments,
    ProofKind, ProofOfOwnership, ReleaseTicket, SignedLoa, SubmissionPackage,
};
use crate::id::{AccountId, CarrierId, MessagingService, OrderRef, PortRequestId};
use crate::number::{NumberList, PhoneNumber};
use crate::people::{Actor, Role};
use crate::request::{Draft, PortRequest, Sealed};

/// Area codes with a 555 exchange; 10,000 numbers each.
const AREAS: [u32; 11] = [415, 212, 312, 305, 206, 617, 214, 404, 303, 602, 702];

/// A Monday morning in New York: 2026-11-02 15:00 UTC.
pub fn time() -> DateTime<Utc> {
    // 2026-11-02T15:00:00Z is a time.
    DateTime::from_timestamp(1_793_631_600, 0).expect("a second of 2026")
}

/// `count` valid US numbers, always the same ones, from +1 415 555 0100 on. At least 1, at most
/// 100,000; other counts are taken as the nearer of the two.
pub fn numbers(count: usize) -> NumberList {
    numbers_from(0, count)
}

/// As [`numbers`], leaving out the first `skip`: disjoint lists for several requests.
pub fn numbers_from(skip: usize, count: usize) -> NumberList {
    let most = NumberList::MAX_NUMBERS;
    let first = skip.min(most - 1);
    let count = count.clamp(1, most - first);
    let list = NumberList::new((first..first + count).map(number));
    // Never empty, and no two indexes make one number.
    list.expect("distinct numbers, at least one")
}

/// The number at `index` of [`numbers`], modulo 100,000.
pub fn number(index: usize) -> PhoneNumber {
    // The first hundred are 555-0100 to 555-0199, which are reserved for fiction.
    let serial = index % NumberList::MAX_NUMBERS + 100;
    let text = format!("+1{}555{:04}", AREAS[serial / 10_000], serial % 10_000);
    // `serial` is below 100,100, so the area exists and the line has four digits.
    PhoneNumber::from_e164(&text).expect("+1 and ten digits")
}

/// The customer's administrator.
pub fn admin() -> Actor {
    actor("Ann Admin", Role::Admin)
}

/// The customer's billing administrator.
pub fn billing_admin() -> Actor {
    actor("Bill Billing", Role::BillingAdmin)
}

/// The gaining platform's support.
pub fn support() -> Actor {
    actor("Sam Support", Role::Support)
}

/// The gaining platform's customer success manager.
pub fn customer_success() -> Actor {
    actor("Cas Success", Role::CustomerSuccess)
}

fn actor(name: &str, role: Role) -> Actor {
    // The names above are plain text of a few characters.
    Actor::new(name, role).expect("a plain name")
}

/// The id of a [`SimCarrier`](super::SimCarrier) that was given no other: `sim`.
pub fn carrier() -> CarrierId {
    // Three ASCII letters.
    CarrierId::parse("sim").expect("a plain id")
}

fn account(text: &str) -> AccountId {
    // Only called with the constants below.
    AccountId::parse(text).expect("a plain id")
}

/// The customer's carrier account on the losing side.
pub fn losing_carrier_account() -> AccountId {
    account("AC00000000000000000000000000000001")
}

/// The account the numbers move to.
pub fn gaining_account() -> AccountId {
    account("AC00000000000000000000000000000002")
}

/// Another account of the gaining platform, where numbers land by mistake.
pub fn wrong_account() -> AccountId {
    account("AC00000000000000000000000000000003")
}

/// The bytes of the signed letter: a small PDF.
pub fn letter() -> &'static [u8] {
    b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n% letter of authorization\n%%EOF\n"
}

/// The bytes of the bill: a small PDF.
pub fn bill() -> &'static [u8] {
    b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n% bill\n%%EOF\n"
}

fn letter_file() -> DocumentFile {
    // Constant, well-formed parts.
    DocumentFile::describe("loa.pdf", "sample/loa.pdf", letter()).expect("a document")
}

fn bill_file() -> DocumentFile {
    // Constant, well-formed parts.
    DocumentFile::describe("bill.pdf", "sample/bill.pdf", bill()).expect("a document")
}

/// A source that keeps the documents of [`package`].
pub fn documents() -> MemoryDocuments {
    let source = MemoryDocuments::new();
    source.put(letter_file().locator(), letter());
    source.put(bill_file().locator(), bill());
    source
}

/// A letter signed on the (UTC) day of `at` that covers `numbers`.
pub fn loa(numbers: &NumberList, at: DateTime<Utc>) -> SignedLoa {
    let signed = SignedLoa::new("Ann Admin", at.date_naive(), numbers.clone(), letter_file());
    // The signer is a plain name.
    signed.expect("a signed letter")
}

/// A bill as proof of ownership.
pub fn proof() -> ProofOfOwnership {
    ProofOfOwnership::new(ProofKind::Bill, bill_file())
}

/// An account with Aircall, over [`losing_carrier_account`].
pub fn losing() -> LosingAccount {
    LosingAccount::new(LosingPlatform::Aircall, account("aircall-4711"))
        .with_carrier_account(losing_carrier_account())
}

/// Aircall's ticket.
pub fn ticket() -> ReleaseTicket {
    // A plain ticket ID.
    ReleaseTicket::new(LosingPlatform::Aircall, "98765").expect("a ticket")
}

/// [`gaining_account`], with a messaging service.
pub fn destination() -> Destination {
    let service = MessagingService::parse("MG00000000000000000000000000000001");
    // A plain id.
    Destination::new(gaining_account()).with_messaging_service(service.expect("a plain id"))
}

/// The day a week after `at`, in New York.
pub fn earliest(at: DateTime<Utc>) -> EarliestPortDate {
    let zone = zone();
    EarliestPortDate::new(zone.date(after(at, TimeDelta::days(7))), zone)
}

/// New York.
pub fn zone() -> Zone {
    // In every IANA database since 1993.
    Zone::parse("America/New_York").expect("a zone")
}

/// An hour on the earliest port date: 10 to 11 o'clock there.
pub fn slot(earliest: &EarliestPortDate) -> PortSlot {
    // 10:00 is a time of day.
    let ten = NaiveTime::from_hms_opt(10, 0, 0).expect("a time of day");
    let begins = earliest.zone().at(earliest.date().and_time(ten));
    PortSlot::hour(begins, earliest.zone().clone())
}

/// The four acknowledgements, given at `at` (UTC).
pub fn a2p(at: DateTime<Utc>) -> A2pAcknowledgements {
    A2pAcknowledgements::all_by(&admin(), at)
}

/// A whole package for `numbers` that may be sealed at `at` (UTC).
pub fn package(numbers: &NumberList, at: DateTime<Utc>) -> SubmissionPackage {
    SubmissionPackage::builder()
        .loa(loa(numbers, at))
        .numbers(numbers.clone())
        .proof(proof())
        .losing(losing())
        .ticket(ticket())
        .destination(destination())
        .earliest(earliest(at))
        .a2p(a2p(at))
        .build()
}

/// A request just started at `at` (UTC), with nothing handed in.
pub fn draft(id: PortRequestId, carrier: CarrierId, at: DateTime<Utc>) -> PortRequest<Draft> {
    // An admin may start.
    let permit = admin().permit().expect("a permit");
    PortRequest::start(id, carrier, permit, at)
}

/// A request sealed at `at` (UTC) with [`package`], waiting for its review.
pub fn sealed(
    id: PortRequestId,
    carrier: CarrierId,
    numbers: NumberList,
    at: DateTime<Utc>,
) -> PortRequest<Sealed> {
    // An admin may seal.
    let permit = admin().permit().expect("a permit");
    let sealed = draft(id, carrier, at).seal(&package(&numbers, at), permit, at);
    // The letter covers the numbers and is not from the future, the ticket fits, the accounts
    // differ and the earliest date is a week away.
    sealed.expect("a package that may be sealed")
}

/// A request sealed and reviewed at `at` (UTC): it may be dispatched.
pub fn cleared(
    id: PortRequestId,
    carrier: CarrierId,
    numbers: NumberList,
    at: DateTime<Utc>,
) -> PortRequest<Sealed> {
    let mut request = sealed(id, carrier, numbers.clone(), at);
    // Support may review.
    let permit = support().permit().expect("a permit");
    let review = request.review(permit, at).pass(numbers);
    // The review is of this attempt, the first since it was sealed, and lists every number.
    request.pass_review(review).expect("a review that passes");
    request
}

/// What a carrier is handed for such a request: for testing
/// [`submit`](crate::CarrierClient::submit) itself.
pub fn order(
    id: PortRequestId,
    carrier: CarrierId,
    numbers: NumberList,
    at: DateTime<Utc>,
) -> TransferOrder {
    // It has passed its review.
    TransferOrder::of(&cleared(id, carrier, numbers, at)).expect("a reviewed request")
}

/// What a carrier is asked for a slot with: for testing
/// [`request_slot`](crate::CarrierClient::request_slot) itself.
pub fn slot_ask(order: OrderRef, numbers: NumberList, slot: PortSlot) -> SlotAsk {
    SlotAsk {
        order,
        numbers,
        slot,
    }
}

/// What a carrier is asked to cancel with: for testing [`cancel`](crate::CarrierClient::cancel)
/// itself.
pub fn cancel_ask(order: OrderRef, numbers: NumberList) -> CancelAsk {
    CancelAsk { order, numbers }
}

/// `number` in the account and messaging service of [`destination`]: for testing what a carrier
/// does with a number that arrived.
pub fn task(number: PhoneNumber) -> NumberTask {
    let destination = destination();
    NumberTask {
        number,
        account: destination.account().clone(),
        messaging: destination.messaging_service().cloned(),
    }
}

/// The error log of `numbers` in [`gaining_account`] since `since` (UTC): for testing
/// [`alerts`](crate::CarrierClient::alerts) itself.
pub fn alert_query(numbers: NumberList, since: DateTime<Utc>) -> AlertQuery {
    AlertQuery {
        account: gaining_account(),
        numbers,
        since,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::DocumentSource;
    use crate::request::AttemptPhase;

    fn id() -> PortRequestId {
        PortRequestId::parse("r-1").unwrap()
    }

    #[test]
    fn the_time_is_what_it_says() {
        assert_eq!(time().to_rfc3339(), "2026-11-02T15:00:00+00:00");
    }

    #[test]
    fn the_numbers_are_valid_and_disjoint() {
        let all = numbers(usize::MAX);
        assert_eq!(all.len(), NumberList::MAX_NUMBERS);
        assert_eq!(all.first().as_str(), "+14155550100");
        for number in all.iter().step_by(997) {
            assert_eq!(number.as_str().parse(), Ok(*number));
        }
        assert_eq!(numbers(0), numbers(1));
        assert_eq!(numbers_from(usize::MAX, 9).len(), 1);
        assert!(numbers_from(3, 2).without(&numbers(3)).unwrap().len() == 2);
        assert_eq!(number(NumberList::MAX_NUMBERS), number(0));
    }

    #[test]
    fn a_package_may_be_sealed_whenever_it_is_made() {
        for at in [
            "1999-12-31T23:59:59Z",
            "2026-03-08T07:00:00Z",
            "2400-02-29T00:00:00Z",
        ] {
            let at: DateTime<Utc> = at.parse().unwrap();
            let draft = draft(id(), carrier(), at);
            assert_eq!(draft.blockers(&package(&numbers(2), at), at), []);
            assert!(slot(&earliest(at)).begins() >= earliest(at).begins());
        }
    }

    #[test]
    fn a_cleared_request_may_be_dispatched_and_a_sealed_one_may_not() {
        let request = sealed(id(), carrier(), numbers(2), time());
        assert_eq!(request.phase(), AttemptPhase::UnderReview);
        let request = cleared(id(), carrier(), numbers(2), time());
        assert!(request.cleared().is_some());
        let order = order(id(), carrier(), numbers(2), time());
        assert_eq!(order.key().to_string(), "r-1#1");
        assert_eq!(order.numbers(), &numbers(2));
    }

    #[test]
    fn everyone_has_the_role_of_their_name() {
        let roles = [admin(), billing_admin(), support(), customer_success()];
        let expected = [
            Role::Admin,
            Role::BillingAdmin,
            Role::Support,
            Role::CustomerSuccess,
        ];
        assert_eq!(roles.map(|actor| actor.role()), expected);
    }

    #[tokio::test]
    async fn the_documents_are_where_the_package_says() {
        let (source, package) = (documents(), package(&numbers(1), time()));
        for file in package.files() {
            assert!(file.fetch(&source).await.is_ok());
            assert!(source.read(file.locator()).await.is_ok());
        }
    }
}
