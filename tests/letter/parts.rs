//! Letters to look at, and what a letter is made of.

use serde_json::{Value, json};
use snap_port::document::*;
use snap_port::{
    AccountId, Destination, DocumentFile, GainingPlatform, LosingAccount, LosingPlatform,
    NumberList, PhoneNumber, SignedLoa,
};

pub(crate) fn account(text: &str) -> AccountId {
    AccountId::parse(text).unwrap()
}

/// The first `count` of some numbers.
pub(crate) fn numbers(count: u32) -> NumberList {
    let number = |index| PhoneNumber::from_e164(&format!("+1415{:07}", 5_550_000 + index));
    NumberList::new((0..count).map(|index| number(index).unwrap())).unwrap()
}

pub(crate) fn address() -> ServiceAddress {
    let form = AddressForm {
        street: "1 Market St\nSuite 400".into(),
        city: "San Francisco".into(),
        region: "CA".into(),
        postal_code: "94105".into(),
        country: "US".into(),
    };
    ServiceAddress::parse(&form).unwrap()
}

/// Everything a letter can show.
pub(crate) fn letter(numbers: NumberList) -> LetterOfAuthorization {
    let number = PhoneNumber::from_e164("+12025550199").unwrap();
    let ann = AuthorizedPerson::new("Ann Doe").unwrap().with_phone(number);
    let ann = ann.with_title("Chief Operating Officer").unwrap();
    let losing = LosingAccount::new(LosingPlatform::Aircall, account("acme-4711"));
    LetterOfAuthorization::builder()
        .customer(CustomerName::new("Acme, Inc.").unwrap())
        .address(address())
        .authorized(ann.with_email("ann.doe@acme.test").unwrap())
        .numbers(numbers)
        .losing(losing.with_carrier_account(account("AC0123456789abcdef0123456789abcdef")))
        .gaining(GainingPlatform::new("Aloware", "porting@aloware.test").unwrap())
        .destination(Destination::new(account(
            "ACfedcba9876543210fedcba9876543210",
        )))
        .carrier(CarrierName::new("Twilio").unwrap())
        .build()
}

/// As little as a letter can show, for a customer and a signer called `name`.
pub(crate) fn letter_of(name: &str) -> LetterOfAuthorization {
    LetterOfAuthorization::builder()
        .customer(CustomerName::new(name).unwrap())
        .address(address())
        .authorized(AuthorizedPerson::new(name).unwrap())
        .numbers(numbers(2))
        .losing(LosingAccount::new(
            LosingPlatform::JustCall,
            account("4711"),
        ))
        .gaining(GainingPlatform::new("Aloware", "porting@aloware.test").unwrap())
        .destination(Destination::new(account("AC00000002")))
        .carrier(CarrierName::new("Twilio").unwrap())
        .build()
}

fn file() -> DocumentFile {
    DocumentFile::describe("loa.pdf", "acme/loa", b"%PDF").unwrap()
}

#[test]
fn a_letter_keeps_its_stored_shape() {
    let letter = letter_of("Ann");
    let stored = json!({
        "customer": "Ann", "address": letter.address(), "authorized": {"name": "Ann"},
        "numbers": letter.numbers(), "losing": letter.losing(), "gaining": letter.gaining(),
        "destination": letter.destination(), "carrier": "Twilio",
    });
    assert_eq!(serde_json::to_value(&letter).unwrap(), stored);
    let read = |stored: Value| serde_json::from_value::<LetterOfAuthorization>(stored);
    assert_eq!(read(stored.clone()).unwrap(), letter);
    for part in stored.as_object().unwrap().keys() {
        let mut less = stored.clone();
        less.as_object_mut().unwrap().remove(part);
        assert!(read(less).is_err(), "{part}");
    }
    let mut more = stored;
    more["pin"] = json!("1234");
    assert!(read(more).is_err());
}

#[test]
fn a_signed_letter_remembers_its_list() {
    let letter = letter(numbers(3));
    let signed_on = "2026-11-02".parse().unwrap();
    let signed = letter.signed("Ann Doe", signed_on, file()).unwrap();
    assert_eq!(signed.numbers(), letter.numbers());
    assert_eq!(
        (signed.signer(), signed.signed_on()),
        ("Ann Doe", signed_on)
    );
    assert_eq!(signed.list_code(), Some(letter.list_code()));
    assert_eq!(letter.list_code(), ListCode::of(&numbers(3)));
    assert!(letter.signed(" ", signed_on, file()).is_err());

    let uploaded = SignedLoa::new("Ann Doe", signed_on, numbers(3), file()).unwrap();
    assert_eq!(uploaded.list_code(), None);
    assert_ne!(uploaded, signed);
}

#[test]
fn debug_shows_no_person_no_address_and_no_account() {
    let letter = letter(numbers(2));
    let code = letter.list_code();
    assert_eq!(
        format!("{letter:?}"),
        format!("LetterOfAuthorization(2 numbers from Aircall to Aloware, list {code})")
    );
    let form = AddressForm::from(address());
    let parts = format!(
        "{:?} {:?} {:?} {form:?}",
        letter.customer(),
        letter.authorized(),
        letter.address()
    );
    for secret in [
        "Acme",
        "Ann",
        "Market",
        "Francisco",
        "94105",
        "acme.test",
        "0199",
    ] {
        assert!(!parts.contains(secret), "{parts}");
    }
}
