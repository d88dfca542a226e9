//! A package without the signed letter of authorization.

use snap_port::{
    A2pAcknowledgements, Destination, EarliestPortDate, LosingAccount, NumberList,
    ProofOfOwnership, ReleaseTicket, SubmissionPackage,
};

fn package(
    numbers: NumberList,
    proof: ProofOfOwnership,
    losing: LosingAccount,
    ticket: ReleaseTicket,
    destination: Destination,
    earliest: EarliestPortDate,
    a2p: A2pAcknowledgements,
) -> SubmissionPackage {
    SubmissionPackage::builder()
        .numbers(numbers)
        .proof(proof)
        .losing(losing)
        .ticket(ticket)
        .destination(destination)
        .earliest(earliest)
        .a2p(a2p)
        .build()
}

fn main() {}
