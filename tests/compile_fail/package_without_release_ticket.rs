//! A package without the losing platform's release ticket.

use snap_port::{
    A2pAcknowledgements, Destination, EarliestPortDate, LosingAccount, NumberList,
    ProofOfOwnership, SignedLoa, SubmissionPackage,
};

fn package(
    numbers: NumberList,
    loa: SignedLoa,
    proof: ProofOfOwnership,
    losing: LosingAccount,
    destination: Destination,
    earliest: EarliestPortDate,
    a2p: A2pAcknowledgements,
) -> SubmissionPackage {
    SubmissionPackage::builder()
        .numbers(numbers)
        .loa(loa)
        .proof(proof)
        .losing(losing)
        .destination(destination)
        .earliest(earliest)
        .a2p(a2p)
        .build()
}

fn main() {}
