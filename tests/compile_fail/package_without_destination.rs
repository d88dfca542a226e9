//! A package without where the numbers go.

use snap_port::{
    A2pAcknowledgements, EarliestPortDate, LosingAccount, NumberList, ProofOfOwnership,
    ReleaseTicket, SignedLoa, SubmissionPackage,
};

fn package(
    numbers: NumberList,
    loa: SignedLoa,
    proof: ProofOfOwnership,
    losing: LosingAccount,
    ticket: ReleaseTicket,
    earliest: EarliestPortDate,
    a2p: A2pAcknowledgements,
) -> SubmissionPackage {
    SubmissionPackage::builder()
        .numbers(numbers)
        .loa(loa)
        .proof(proof)
        .losing(losing)
        .ticket(ticket)
        .earliest(earliest)
        .a2p(a2p)
        .build()
}

fn main() {}
