//! A package without proof of ownership.

use snap_port::{
    A2pAcknowledgements, Destination, EarliestPortDate, LosingAccount, NumberList, ReleaseTicket,
    SignedLoa, SubmissionPackage,
};

fn package(
    numbers: NumberList,
    loa: SignedLoa,
    losing: LosingAccount,
    ticket: ReleaseTicket,
    destination: Destination,
    earliest: EarliestPortDate,
    a2p: A2pAcknowledgements,
) -> SubmissionPackage {
    SubmissionPackage::builder()
        .numbers(numbers)
        .loa(loa)
        .losing(losing)
        .ticket(ticket)
        .destination(destination)
        .earliest(earliest)
        .a2p(a2p)
        .build()
}

fn main() {}
