//! Parts of a package for this module's tests.

use super::*;
use crate::calendar::{EarliestPortDate, Zone};
use crate::id::AccountId;
use crate::number::{NumberList, PhoneNumber};
use crate::people::{Actor, Role};

pub(super) fn number(index: u32) -> PhoneNumber {
    PhoneNumber::from_e164(&format!("+1415555267{index}")).unwrap()
}

pub(super) fn numbers(indexes: &[u32]) -> NumberList {
    NumberList::new(indexes.iter().map(|index| number(*index))).unwrap()
}

pub(super) fn file(name: &str) -> DocumentFile {
    let locator = format!("doe/{name}");
    let bytes = format!("%PDF-1.7\n% {name}");
    DocumentFile::describe(&format!("{name}.pdf"), &locator, bytes.as_bytes()).unwrap()
}

pub(super) fn loa(numbers: &NumberList) -> SignedLoa {
    let signed_on = "2026-11-02".parse().unwrap();
    SignedLoa::new("Ann Doe", signed_on, numbers.clone(), file("loa")).unwrap()
}

pub(super) fn proof(name: &str) -> ProofOfOwnership {
    ProofOfOwnership::new(ProofKind::Bill, file(name))
}

pub(super) fn losing() -> LosingAccount {
    let account = AccountId::parse("customer-4711").unwrap();
    LosingAccount::new(LosingPlatform::Aircall, account)
}

pub(super) fn ticket() -> ReleaseTicket {
    ReleaseTicket::new(LosingPlatform::Aircall, "AC-99").unwrap()
}

pub(super) fn destination() -> Destination {
    Destination::new(AccountId::parse("AC00000002").unwrap())
}

pub(super) fn earliest() -> EarliestPortDate {
    let zone = Zone::parse("America/New_York").unwrap();
    EarliestPortDate::new("2026-12-01".parse().unwrap(), zone)
}

pub(super) fn a2p() -> A2pAcknowledgements {
    let ann = Actor::new("Ann Doe", Role::Admin).unwrap();
    A2pAcknowledgements::all_by(&ann, "2026-11-02T09:00:00Z".parse().unwrap())
}

pub(super) fn package() -> SubmissionPackage {
    let numbers = numbers(&[0, 1]);
    SubmissionPackage::builder()
        .loa(loa(&numbers))
        .numbers(numbers)
        .proof(proof("bill"))
        .losing(losing())
        .ticket(ticket())
        .destination(destination())
        .earliest(earliest())
        .a2p(a2p())
        .build()
}
