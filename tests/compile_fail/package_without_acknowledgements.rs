//! A package without the A2P 10DLC acknowledgements.

use snap_port::{
    Destination, EarliestPortDate, LosingAccount, NumberList, ProofOfOwnership, ReleaseTicket,
    SignedLoa, SubmissionPackage,
};

fn package(
    numbers: NumberList,
    loa: SignedLoa,
    proof: ProofOfOwnership,
    losing: LosingAccount,
    ticket: ReleaseTicket,
    destination: Destination,
    earliest: EarliestPortDate,
) -> SubmissionPackage {
    SubmissionPackage::builder()
        .numbers(numbers)
        .loa(loa)
        .proof(proof)
        .losing(losing)
        .ticket(ticket)
        .destination(destination)
        .earliest(earliest)
        .build()
}

fn main() {}
