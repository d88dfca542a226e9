use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{
    A2pAcknowledgements, A2pPoint, Acknowledgement, Destination, LosingAccount,
    MissingAcknowledgements, MissingParts, PackagePart, ProofOfOwnership, ReleaseTicket, SignedLoa,
    SubmissionPackage,
};
use crate::calendar::EarliestPortDate;
use crate::number::NumberList;
use crate::people::Actor;

/// A [`SubmissionPackage`] so far: each part may be missing. Plain data, to be kept half-filled
/// between visits and restarts.
///
/// `Debug` shows which parts are there, not what they hold.
///
/// ```
/// # use snap_port::{Checklist, PackagePart};
/// let checklist = Checklist::default();
/// assert_eq!(checklist.progress(), (0, 8));
/// let missing = checklist.complete().unwrap_err();
/// assert!(missing.parts().contains(&PackagePart::Ticket));
/// ```
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Checklist {
    #[serde(skip_serializing_if = "Option::is_none")]
    numbers: Option<NumberList>,
    #[serde(skip_serializing_if = "Option::is_none")]
    loa: Option<SignedLoa>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    proofs: Vec<ProofOfOwnership>,
    #[serde(skip_serializing_if = "Option::is_none")]
    losing: Option<LosingAccount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket: Option<ReleaseTicket>,
    #[serde(skip_serializing_if = "Option::is_none")]
    destination: Option<Destination>,
    #[serde(skip_serializing_if = "Option::is_none")]
    earliest: Option<EarliestPortDate>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    a2p: Vec<Acknowledgement>,
}

impl Checklist {
    /// Sets the numbers to move.
    pub fn set_numbers(&mut self, numbers: NumberList) -> &mut Self {
        self.numbers = Some(numbers);
        self
    }

    /// Sets the signed letter.
    pub fn set_loa(&mut self, loa: SignedLoa) -> &mut Self {
        self.loa = Some(loa);
        self
    }

    /// Adds a proof of ownership to those there are.
    pub fn add_proof(&mut self, proof: ProofOfOwnership) -> &mut Self {
        self.proofs.push(proof);
        self
    }

    /// Puts `proofs` in place of those there are.
    pub fn replace_proofs(&mut self, proofs: Vec<ProofOfOwnership>) -> &mut Self {
        self.proofs = proofs;
        self
    }

    /// Sets the account the numbers leave.
    pub fn set_losing(&mut self, losing: LosingAccount) -> &mut Self {
        self.losing = Some(losing);
        self
    }

    /// Sets the losing platform's ticket.
    pub fn set_ticket(&mut self, ticket: ReleaseTicket) -> &mut Self {
        self.ticket = Some(ticket);
        self
    }

    /// Sets where the numbers go.
    pub fn set_destination(&mut self, destination: Destination) -> &mut Self {
        self.destination = Some(destination);
        self
    }

    /// Sets the first day the numbers may move.
    pub fn set_earliest(&mut self, earliest: EarliestPortDate) -> &mut Self {
        self.earliest = Some(earliest);
        self
    }

    /// Sets all four A2P 10DLC acknowledgements.
    pub fn set_a2p(&mut self, a2p: A2pAcknowledgements) -> &mut Self {
        self.a2p = a2p.iter().cloned().collect();
        self
    }

    /// Adds one A2P 10DLC acknowledgement: `by` ticked the box of `point` at `at` (UTC). The first
    /// of a point counts.
    pub fn acknowledge(&mut self, point: A2pPoint, by: &Actor, at: DateTime<Utc>) -> &mut Self {
        if !self.a2p.iter().any(|given| given.point == point) {
            let by = by.clone();
            self.a2p.push(Acknowledgement { point, by, at });
        }
        self
    }

    /// The numbers to move.
    pub fn numbers(&self) -> Option<&NumberList> {
        self.numbers.as_ref()
    }

    /// The signed letter.
    pub fn loa(&self) -> Option<&SignedLoa> {
        self.loa.as_ref()
    }

    /// The proofs of ownership, in the order they came.
    pub fn proofs(&self) -> &[ProofOfOwnership] {
        &self.proofs
    }

    /// The account the numbers leave.
    pub fn losing(&self) -> Option<&LosingAccount> {
        self.losing.as_ref()
    }

    /// The losing platform's ticket.
    pub fn ticket(&self) -> Option<&ReleaseTicket> {
        self.ticket.as_ref()
    }

    /// Where the numbers go.
    pub fn destination(&self) -> Option<&Destination> {
        self.destination.as_ref()
    }

    /// The first day the numbers may move.
    pub fn earliest(&self) -> Option<&EarliestPortDate> {
        self.earliest.as_ref()
    }

    /// The A2P 10DLC acknowledgements given so far, in the order they came.
    pub fn acknowledgements(&self) -> &[Acknowledgement] {
        &self.a2p
    }

    /// All four A2P 10DLC acknowledgements.
    ///
    /// # Errors
    /// [`MissingAcknowledgements`] names every point nobody has acknowledged yet.
    pub fn a2p(&self) -> Result<A2pAcknowledgements, MissingAcknowledgements> {
        A2pAcknowledgements::collect(self.a2p.iter().cloned())
    }

    /// Takes a part out again, as when a form's field was emptied.
    pub fn clear(&mut self, part: PackagePart) -> &mut Self {
        match part {
            PackagePart::Numbers => self.numbers = None,
            PackagePart::Loa => self.loa = None,
            PackagePart::Proof => self.proofs.clear(),
            PackagePart::Losing => self.losing = None,
            PackagePart::Ticket => self.ticket = None,
            PackagePart::Destination => self.destination = None,
            PackagePart::Earliest => self.earliest = None,
            PackagePart::A2p => self.a2p.clear(),
        }
        self
    }

    /// Whether a part is there.
    pub fn has(&self, part: PackagePart) -> bool {
        match part {
            PackagePart::Numbers => self.numbers.is_some(),
            PackagePart::Loa => self.loa.is_some(),
            PackagePart::Proof => !self.proofs.is_empty(),
            PackagePart::Losing => self.losing.is_some(),
            PackagePart::Ticket => self.ticket.is_some(),
            PackagePart::Destination => self.destination.is_some(),
            PackagePart::Earliest => self.earliest.is_some(),
            PackagePart::A2p => self.a2p().is_ok(),
        }
    }

    /// How many parts are there, and how many there are to be.
    pub fn progress(&self) -> (usize, usize) {
        let done = PackagePart::ALL.into_iter().filter(|part| self.has(*part));
        (done.count(), PackagePart::ALL.len())
    }

    /// The package, once every part is there.
    ///
    /// # Errors
    /// [`MissingParts`] lists every part that is not.
    pub fn complete(&self) -> Result<SubmissionPackage, MissingParts> {
        let (
            Some(numbers),
            Some(loa),
            [proof, more @ ..],
            Some(losing),
            Some(ticket),
            Some(destination),
            Some(earliest),
            Ok(a2p),
        ) = (
            &self.numbers,
            &self.loa,
            self.proofs.as_slice(),
            &self.losing,
            &self.ticket,
            &self.destination,
            &self.earliest,
            self.a2p(),
        )
        else {
            return Err(self.lacking(&PackagePart::ALL));
        };
        Ok(SubmissionPackage::builder()
            .numbers(numbers.clone())
            .loa(loa.clone())
            .proof(proof.clone())
            .more_proofs(more.to_vec())
            .losing(losing.clone())
            .ticket(ticket.clone())
            .destination(destination.clone())
            .earliest(earliest.clone())
            .a2p(a2p)
            .build())
    }

    /// Those of `needed` that are not there, where it was seen that one is not.
    pub(crate) fn lacking(&self, needed: &[PackagePart]) -> MissingParts {
        let missing = needed.iter().copied().filter(|part| !self.has(*part));
        MissingParts(missing.collect())
    }
}

impl From<&SubmissionPackage> for Checklist {
    /// Everything the package holds: the start of an amended request.
    fn from(package: &SubmissionPackage) -> Self {
        Self {
            numbers: Some(package.numbers().clone()),
            loa: Some(package.loa().clone()),
            proofs: package.proofs().cloned().collect(),
            losing: Some(package.losing().clone()),
            ticket: Some(package.ticket().clone()),
            destination: Some(package.destination().clone()),
            earliest: Some(package.earliest().clone()),
            a2p: package.a2p().iter().cloned().collect(),
        }
    }
}

impl fmt::Debug for Checklist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let done = PackagePart::ALL.into_iter().filter(|part| self.has(*part));
        f.write_str("Checklist")?;
        f.debug_set().entries(done).finish()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::sample;
    use super::*;
    use crate::people::Party;

    /// All parts but one.
    fn without(part: PackagePart) -> Checklist {
        let mut checklist = Checklist::from(&sample::package());
        checklist.clear(part);
        checklist
    }

    #[test]
    fn each_missing_part_is_missed() {
        for part in PackagePart::ALL {
            let checklist = without(part);
            assert_eq!(checklist.progress(), (7, 8));
            let missing = checklist.complete().unwrap_err();
            assert_eq!(missing.parts(), [part]);
            assert!(missing.to_string().contains(&part.to_string()));
        }
    }

    #[test]
    fn all_missing_parts_are_listed_at_once() {
        let missing = Checklist::default().complete().unwrap_err();
        assert_eq!(missing.parts(), PackagePart::ALL);
        let theirs: Vec<_> = missing.due_from(Party::LosingPlatform).collect();
        assert_eq!(theirs, [PackagePart::Ticket]);
        assert_eq!(missing.due_from(Party::Customer).count(), 6);
        assert_eq!(
            Checklist::from(&sample::package()).complete(),
            Ok(sample::package())
        );
    }

    #[test]
    fn a_filled_checklist_makes_the_package() {
        let package = sample::package();
        let mut checklist = Checklist::default();
        checklist
            .set_numbers(package.numbers().clone())
            .set_loa(package.loa().clone())
            .add_proof(sample::proof("old"))
            .replace_proofs(vec![sample::proof("bill")])
            .set_losing(sample::losing())
            .set_ticket(sample::ticket())
            .set_destination(sample::destination())
            .set_earliest(sample::earliest())
            .set_a2p(sample::a2p());
        assert_eq!(checklist.complete(), Ok(package));
        checklist.add_proof(sample::proof("invoice"));
        let package = checklist.complete().unwrap();
        assert_eq!(package.proofs().count(), 2);
        assert_eq!(Checklist::from(&package), checklist);
    }

    #[test]
    fn half_filled_it_survives_a_restart() {
        assert_eq!(
            serde_json::to_value(Checklist::default()).unwrap(),
            json!({})
        );
        for part in PackagePart::ALL {
            let half = without(part);
            let stored = serde_json::to_string(&half).unwrap();
            assert_eq!(serde_json::from_str::<Checklist>(&stored).unwrap(), half);
        }
        assert!(serde_json::from_value::<Checklist>(json!({"pin": "1234"})).is_err());
    }

    #[test]
    fn debug_shows_parts_only() {
        let debug = format!("{:?}", without(PackagePart::Ticket));
        assert!(debug.starts_with("Checklist{Numbers, Loa,"), "{debug}");
        assert!(
            !debug.contains("Ann") && !debug.contains("Ticket"),
            "{debug}"
        );
    }
}
