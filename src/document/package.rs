use std::{fmt, iter};

use serde::{Deserialize, Serialize};
use typed_builder::TypedBuilder;

use super::{
    A2pAcknowledgements, Destination, DocumentFile, LosingAccount, ProofOfOwnership, ReleaseTicket,
    SignedLoa,
};
use crate::calendar::EarliestPortDate;
use crate::number::NumberList;

/// Everything a submission carries. Without any one part it does not compile.
///
/// Parts known only at run time are gathered in a [`Checklist`](super::Checklist), which makes the
/// package once it is complete. Whether the parts fit each other (the letter covers the numbers,
/// the ticket is of the same platform) is asked when a request is sealed.
///
/// The builder's type is no part of the API: chain the calls and never name it. `Debug` shows how
/// many numbers, the losing platform and the earliest port date; never an account or a person.
///
/// ```
/// use snap_port::{
///     A2pAcknowledgements, AccountId, Actor, Destination, DocumentFile, EarliestPortDate,
///     LosingAccount, LosingPlatform, NumberList, PhoneNumber, ProofKind, ProofOfOwnership,
///     ReleaseTicket, Role, SignedLoa, SubmissionPackage, Zone,
/// };
///
/// let numbers = NumberList::new([
///     PhoneNumber::from_e164("+14155552671")?,
///     PhoneNumber::from_e164("+14155552672")?,
/// ])?;
/// let letter = DocumentFile::describe("loa.pdf", "acme/loa", b"%PDF-1.7 ...")?;
/// let bill = DocumentFile::describe("bill.pdf", "acme/bill", b"%PDF-1.7 ...")?;
/// let ann = Actor::new("Ann", Role::Admin)?;
///
/// let package = SubmissionPackage::builder()
///     .loa(SignedLoa::new("Ann", "2026-11-02".parse()?, numbers.clone(), letter)?)
///     .numbers(numbers)
///     .proof(ProofOfOwnership::new(ProofKind::Bill, bill))
///     .losing(LosingAccount::new(LosingPlatform::Aircall, AccountId::parse("acme-4711")?))
///     .ticket(ReleaseTicket::new(LosingPlatform::Aircall, "98765")?)
///     .destination(Destination::new(AccountId::parse("AC0123456789")?))
///     .earliest(EarliestPortDate::new("2026-12-01".parse()?, Zone::parse("America/New_York")?))
///     .a2p(A2pAcknowledgements::all_by(&ann, "2026-11-02T15:00:00Z".parse()?))
///     .build();
/// assert_eq!(package.files().count(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// With every part it builds:
/// ```
/// # use snap_port::*;
/// # fn f(numbers: NumberList, loa: SignedLoa, proof: ProofOfOwnership, losing: LosingAccount,
/// #      ticket: ReleaseTicket, to: Destination, earliest: EarliestPortDate,
/// #      a2p: A2pAcknowledgements) {
/// let package = SubmissionPackage::builder()
///     .numbers(numbers).loa(loa).proof(proof).losing(losing).ticket(ticket)
///     .destination(to).earliest(earliest).a2p(a2p).build();
/// # }
/// ```
/// Without the letter it does not:
/// ```compile_fail,E0061
/// # use snap_port::*;
/// # fn f(numbers: NumberList, loa: SignedLoa, proof: ProofOfOwnership, losing: LosingAccount,
/// #      ticket: ReleaseTicket, to: Destination, earliest: EarliestPortDate,
/// #      a2p: A2pAcknowledgements) {
/// let package = SubmissionPackage::builder()
///     .numbers(numbers).proof(proof).losing(losing).ticket(ticket)
///     .destination(to).earliest(earliest).a2p(a2p).build();
/// # }
/// ```
/// Without proof of ownership it does not:
/// ```compile_fail,E0061
/// # use snap_port::*;
/// # fn f(numbers: NumberList, loa: SignedLoa, proof: ProofOfOwnership, losing: LosingAccount,
/// #      ticket: ReleaseTicket, to: Destination, earliest: EarliestPortDate,
/// #      a2p: A2pAcknowledgements) {
/// let package = SubmissionPackage::builder()
///     .numbers(numbers).loa(loa).losing(losing).ticket(ticket)
///     .destination(to).earliest(earliest).a2p(a2p).build();
/// # }
/// ```
/// Without the release ticket it does not:
/// ```compile_fail,E0061
/// # use snap_port::*;
/// # fn f(numbers: NumberList, loa: SignedLoa, proof: ProofOfOwnership, losing: LosingAccount,
/// #      ticket: ReleaseTicket, to: Destination, earliest: EarliestPortDate,
/// #      a2p: A2pAcknowledgements) {
/// let package = SubmissionPackage::builder()
///     .numbers(numbers).loa(loa).proof(proof).losing(losing)
///     .destination(to).earliest(earliest).a2p(a2p).build();
/// # }
/// ```
/// Without the earliest port date it does not:
/// ```compile_fail,E0061
/// # use snap_port::*;
/// # fn f(numbers: NumberList, loa: SignedLoa, proof: ProofOfOwnership, losing: LosingAccount,
/// #      ticket: ReleaseTicket, to: Destination, earliest: EarliestPortDate,
/// #      a2p: A2pAcknowledgements) {
/// let package = SubmissionPackage::builder()
///     .numbers(numbers).loa(loa).proof(proof).losing(losing)
///     .ticket(ticket).destination(to).a2p(a2p).build();
/// # }
/// ```
/// Without the acknowledgements it does not:
/// ```compile_fail,E0061
/// # use snap_port::*;
/// # fn f(numbers: NumberList, loa: SignedLoa, proof: ProofOfOwnership, losing: LosingAccount,
/// #      ticket: ReleaseTicket, to: Destination, earliest: EarliestPortDate,
/// #      a2p: A2pAcknowledgements) {
/// let package = SubmissionPackage::builder()
///     .numbers(numbers).loa(loa).proof(proof).losing(losing)
///     .ticket(ticket).destination(to).earliest(earliest).build();
/// # }
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TypedBuilder)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SubmissionPackage {
    numbers: NumberList,
    loa: SignedLoa,
    proof: ProofOfOwnership,
    #[builder(default)]
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    more_proofs: Vec<ProofOfOwnership>,
    losing: LosingAccount,
    ticket: ReleaseTicket,
    destination: Destination,
    earliest: EarliestPortDate,
    a2p: A2pAcknowledgements,
}

impl SubmissionPackage {
    /// The numbers to move.
    pub fn numbers(&self) -> &NumberList {
        &self.numbers
    }

    /// The signed letter.
    pub fn loa(&self) -> &SignedLoa {
        &self.loa
    }

    /// The proofs of ownership; at least one.
    pub fn proofs(&self) -> impl Iterator<Item = &ProofOfOwnership> {
        iter::once(&self.proof).chain(&self.more_proofs)
    }

    /// The account the numbers leave.
    pub fn losing(&self) -> &LosingAccount {
        &self.losing
    }

    /// The losing platform's ticket.
    pub fn ticket(&self) -> &ReleaseTicket {
        &self.ticket
    }

    /// Where the numbers go.
    pub fn destination(&self) -> &Destination {
        &self.destination
    }

    /// The first day the numbers may move.
    pub fn earliest(&self) -> &EarliestPortDate {
        &self.earliest
    }

    /// The A2P 10DLC acknowledgements.
    pub fn a2p(&self) -> &A2pAcknowledgements {
        &self.a2p
    }

    /// Every document: the letter first, then the proofs.
    pub fn files(&self) -> impl Iterator<Item = &DocumentFile> {
        iter::once(self.loa.file()).chain(self.proofs().map(ProofOfOwnership::file))
    }
}

impl fmt::Debug for SubmissionPackage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "SubmissionPackage({} numbers from {}, not before {})",
            self.numbers.len(),
            self.losing.platform(),
            self.earliest
        )
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::sample;
    use super::*;

    #[test]
    fn every_document_is_among_the_files() {
        let mut package = sample::package();
        package.more_proofs = vec![sample::proof("invoice")];
        assert_eq!(package.proofs().count(), 2);
        let names: Vec<_> = package.files().map(DocumentFile::name).collect();
        assert_eq!(names, ["loa.pdf", "bill.pdf", "invoice.pdf"]);
    }

    #[test]
    fn the_stored_shape_stays() {
        let package = sample::package();
        let mut stored = json!({
            "numbers": package.numbers, "loa": package.loa, "proof": sample::proof("bill"),
            "losing": sample::losing(), "ticket": sample::ticket(),
            "destination": sample::destination(), "earliest": sample::earliest(),
            "a2p": sample::a2p(),
        });
        assert_eq!(serde_json::to_value(&package).unwrap(), stored);
        let read = |stored| serde_json::from_value::<SubmissionPackage>(stored);
        assert_eq!(read(stored.clone()).unwrap(), package);
        for part in [
            "numbers", "loa", "proof", "losing", "ticket", "earliest", "a2p",
        ] {
            let mut less = stored.clone();
            less.as_object_mut().unwrap().remove(part);
            assert!(read(less).is_err(), "{part}");
        }
        stored["more_proofs"] = json!([sample::proof("invoice")]);
        assert_eq!(read(stored.clone()).unwrap().proofs().count(), 2);
        stored["pin"] = json!("1234");
        assert!(read(stored).is_err());
    }

    #[test]
    fn a_field_nobody_knows_is_refused_in_every_part() {
        let good = serde_json::to_value(sample::package()).unwrap();
        for part in [
            "",
            "/loa",
            "/loa/file",
            "/proof",
            "/losing",
            "/ticket",
            "/destination",
            "/earliest",
            "/a2p/0",
        ] {
            let mut bad = good.clone();
            bad.pointer_mut(part).unwrap()["extra"] = json!(1);
            assert!(
                serde_json::from_value::<SubmissionPackage>(bad).is_err(),
                "{part}"
            );
        }
    }

    #[test]
    fn debug_names_no_account_and_nobody() {
        assert_eq!(
            format!("{:?}", sample::package()),
            "SubmissionPackage(2 numbers from Aircall, not before 2026-12-01 (America/New_York))"
        );
    }
}
