//! A letter of authorization that names no numbers.

use snap_port::{
    AuthorizedPerson, CarrierName, CustomerName, Destination, GainingPlatform,
    LetterOfAuthorization, LosingAccount, ServiceAddress,
};

fn write(
    customer: CustomerName,
    address: ServiceAddress,
    person: AuthorizedPerson,
    losing: LosingAccount,
    gaining: GainingPlatform,
    to: Destination,
    carrier: CarrierName,
) -> LetterOfAuthorization {
    LetterOfAuthorization::builder()
        .customer(customer)
        .address(address)
        .authorized(person)
        .losing(losing)
        .gaining(gaining)
        .destination(to)
        .carrier(carrier)
        .build()
}

fn main() {}
