//! A package without the account the numbers leave.

use snap_port::{
    A2pAcknowledgements, Destination, EarliestPortDate, NumberList, ProofOfOwnership,
    ReleaseTicket, SignedLoa, SubmissionPackage,
};

fn package(
    numbers: NumberList,
    loa: SignedLoa,
    proof: ProofOfOwnership,
    ticket: ReleaseTicket,
    destination: Destination,
    earliest: EarliestPortDate,
    a2p: A2pAcknowledgements,
) -> SubmissionPackage {
    SubmissionPackage::builder()
        .numbers(numbers)
        .loa(loa)
        .proof(proof)
        .ticket(ticket)
        .destination(destination)
        .earliest(earliest)
        .a2p(a2p)
        .build()
}

fn main() {}
