//! A letter for this module's tests.

use super::*;
use crate::document::sample;
use crate::id::AccountId;

pub(super) fn letter(numbers: &[u32]) -> LetterOfAuthorization {
    letter_of(sample::numbers(numbers))
}

pub(super) fn letter_of(numbers: NumberList) -> LetterOfAuthorization {
    let address = AddressForm {
        street: "1 Market St\nSuite 400".into(),
        city: "San Francisco".into(),
        region: "CA".into(),
        postal_code: "94105".into(),
        country: "US".into(),
    };
    let ann = AuthorizedPerson::new("Ann Doe").unwrap();
    let carrier_account = AccountId::parse("AC00000001").unwrap();
    LetterOfAuthorization::builder()
        .customer(CustomerName::new("Acme, Inc.").unwrap())
        .address(ServiceAddress::parse(&address).unwrap())
        .authorized(ann.with_title("Chief Operating Officer").unwrap())
        .numbers(numbers)
        .losing(sample::losing().with_carrier_account(carrier_account))
        .gaining(GainingPlatform::new("Aloware", "transfers@aloware.test").unwrap())
        .destination(sample::destination())
        .carrier(CarrierName::new("Twilio").unwrap())
        .build()
}
