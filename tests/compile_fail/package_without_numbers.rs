//! A package without the list of numbers.

use snap_port::{
    A2pAcknowledgements, Destination, EarliestPortDate, LosingAccount, ProofOfOwnership,
    ReleaseTicket, SignedLoa, SubmissionPackage,
};

fn package(
    loa: SignedLoa,
    proof: ProofOfOwnership,
    losing: LosingAccount,
    ticket: ReleaseTicket,
    destination: Destination,
    earliest: EarliestPortDate,
    a2p: A2pAcknowledgements,
) -> SubmissionPackage {
    SubmissionPackage::builder()
        .loa(loa)
        .proof(proof)
        .losing(losing)
        .ticket(ticket)
        .destination(destination)
        .earliest(earliest)
        .a2p(a2p)
        .build()
}

fn main() {}
