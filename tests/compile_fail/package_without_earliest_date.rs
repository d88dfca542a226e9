//! A package without the earliest port date.

use snap_port::{
    A2pAcknowledgements, Destination, LosingAccount, NumberList, ProofOfOwnership, ReleaseTicket,
    SignedLoa, SubmissionPackage,
};

fn package(
    numbers: NumberList,
    loa: SignedLoa,
    proof: ProofOfOwnership,
    losing: LosingAccount,
    ticket: ReleaseTicket,
    destination: Destination,
    a2p: A2pAcknowledgements,
) -> SubmissionPackage {
    SubmissionPackage::builder()
        .numbers(numbers)
        .loa(loa)
        .proof(proof)
        .losing(losing)
        .ticket(ticket)
        .destination(destination)
        .a2p(a2p)
        .build()
}

fn main() {}
