//! The letter of authorization before anybody signed it: who authorises which transfer.

mod address;
mod code;
mod party;
#[cfg(feature = "pdf")]
mod pdf;
mod po_box;
#[cfg(test)]
mod sample;
mod sheet;
mod text;
mod wording;
mod wrap;

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use typed_builder::TypedBuilder;

use super::{Destination, DocumentError, DocumentFile, GainingPlatform, LosingAccount, SignedLoa};
use crate::number::NumberList;

pub use address::{AddressForm, InvalidAddress, ServiceAddress};
pub use code::{InvalidListCode, ListCode, list_digest};
pub use party::{AuthorizedPerson, CarrierName, CustomerName};
#[cfg(feature = "pdf")]
#[cfg_attr(docsrs, doc(cfg(feature = "pdf")))]
pub use pdf::{FontError, PaperSize, PdfError, PdfStyle, Unprintable};
pub use wording::{EnglishLetter, LetterLabel, LetterWording};

/// A letter in which a customer authorises the transfer of numbers between accounts at a carrier,
/// from one platform to another. Without any one part it does not compile.
///
/// [`text`](Self::text) is the letter as plain text and `pdf` (feature `pdf`) as pages
/// ready to sign; [`signed`](Self::signed) is what becomes of it. Every page shows the list's
/// [code](ListCode), so that a reviewer compares one code instead of all numbers.
///
/// The letter shows accounts in full, because people compare them. `Debug` shows no person, no
/// address and no account. The builder's type is no part of the API: chain the calls and never
/// name it.
///
/// ```
/// use snap_port::document::{
///     AddressForm, AuthorizedPerson, CarrierName, CustomerName, EnglishLetter,
///     LetterOfAuthorization, ServiceAddress,
/// };
/// use snap_port::{
///     AccountId, Destination, GainingPlatform, LosingAccount, LosingPlatform, NumberList,
/// };
///
/// let address = AddressForm {
///     street: "1 Market St".into(),
///     city: "San Francisco".into(),
///     region: "CA".into(),
///     postal_code: "94105".into(),
///     country: "US".into(),
/// };
/// let letter = LetterOfAuthorization::builder()
///     .customer(CustomerName::new("Acme, Inc.")?)
///     .address(ServiceAddress::parse(&address)?)
///     .authorized(AuthorizedPerson::new("Ann Doe")?.with_title("COO")?)
///     .numbers(NumberList::parse("+14155552671\n+14155552672", None)?)
///     .losing(LosingAccount::new(LosingPlatform::Aircall, AccountId::parse("acme-4711")?))
///     .gaining(GainingPlatform::new("Aloware", "porting@aloware.test")?)
///     .destination(Destination::new(AccountId::parse("AC0123456789")?))
///     .carrier(CarrierName::new("Twilio")?)
///     .build();
/// let text = letter.text(&EnglishLetter);
/// assert!(text.contains("+14155552672"));
/// assert!(text.contains("(List code: 3d20-22a8)"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// With every part it builds:
/// ```
/// # use snap_port::document::*;
/// # use snap_port::NumberList;
/// # fn f(customer: CustomerName, address: ServiceAddress, authorized: AuthorizedPerson,
/// #      numbers: NumberList, losing: LosingAccount, gaining: GainingPlatform,
/// #      destination: Destination, carrier: CarrierName) {
/// let letter = LetterOfAuthorization::builder()
///     .customer(customer).address(address).authorized(authorized).numbers(numbers)
///     .losing(losing).gaining(gaining).destination(destination).carrier(carrier).build();
/// # }
/// ```
/// Without the numbers it does not:
/// ```compile_fail,E0061
/// # use snap_port::document::*;
/// # use snap_port::NumberList;
/// # fn f(customer: CustomerName, address: ServiceAddress, authorized: AuthorizedPerson,
/// #      numbers: NumberList, losing: LosingAccount, gaining: GainingPlatform,
/// #      destination: Destination, carrier: CarrierName) {
/// let letter = LetterOfAuthorization::builder()
///     .customer(customer).address(address).authorized(authorized)
///     .losing(losing).gaining(gaining).destination(destination).carrier(carrier).build();
/// # }
/// ```
/// Without the authorized person it does not:
/// ```compile_fail,E0061
/// # use snap_port::document::*;
/// # use snap_port::NumberList;
/// # fn f(customer: CustomerName, address: ServiceAddress, authorized: AuthorizedPerson,
/// #      numbers: NumberList, losing: LosingAccount, gaining: GainingPlatform,
/// #      destination: Destination, carrier: CarrierName) {
/// let letter = LetterOfAuthorization::builder()
///     .customer(customer).address(address).numbers(numbers)
///     .losing(losing).gaining(gaining).destination(destination).carrier(carrier).build();
/// # }
/// ```
/// Without the destination it does not:
/// ```compile_fail,E0061
/// # use snap_port::document::*;
/// # use snap_port::NumberList;
/// # fn f(customer: CustomerName, address: ServiceAddress, authorized: AuthorizedPerson,
/// #      numbers: NumberList, losing: LosingAccount, gaining: GainingPlatform,
/// #      destination: Destination, carrier: CarrierName) {
/// let letter = LetterOfAuthorization::builder()
///     .customer(customer).address(address).authorized(authorized).numbers(numbers)
///     .losing(losing).gaining(gaining).carrier(carrier).build();
/// # }
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TypedBuilder)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct LetterOfAuthorization {
    customer: CustomerName,
    address: ServiceAddress,
    authorized: AuthorizedPerson,
    numbers: NumberList,
    losing: LosingAccount,
    gaining: GainingPlatform,
    destination: Destination,
    carrier: CarrierName,
}

impl LetterOfAuthorization {
    /// Who owns the numbers.
    pub fn customer(&self) -> &CustomerName {
        &self.customer
    }

    /// Where the customer is served and billed.
    pub fn address(&self) -> &ServiceAddress {
        &self.address
    }

    /// Who is to sign.
    pub fn authorized(&self) -> &AuthorizedPerson {
        &self.authorized
    }

    /// The numbers to transfer.
    pub fn numbers(&self) -> &NumberList {
        &self.numbers
    }

    /// The platform and account the numbers leave.
    pub fn losing(&self) -> &LosingAccount {
        &self.losing
    }

    /// The platform the numbers move to.
    pub fn gaining(&self) -> &GainingPlatform {
        &self.gaining
    }

    /// The account the numbers move to.
    pub fn destination(&self) -> &Destination {
        &self.destination
    }

    /// The carrier under both platforms.
    pub fn carrier(&self) -> &CarrierName {
        &self.carrier
    }

    /// The code of its list of numbers, as every page shows it.
    #[must_use]
    pub fn list_code(&self) -> ListCode {
        ListCode::of(&self.numbers)
    }

    /// The letter as plain text, in lines of at most 78 characters.
    #[must_use]
    pub fn text(&self, wording: &dyn LetterWording) -> String {
        text::render(&sheet::Sheet::new(self, wording))
    }

    /// This letter, signed: by `signer` (1 to 200 characters), on the date written on it, kept in
    /// `file`. It remembers that we rendered it and for which list.
    ///
    /// # Errors
    /// [`DocumentError`] if the signer is blank, too long, or holds a control character.
    pub fn signed(
        &self,
        signer: &str,
        signed_on: NaiveDate,
        file: DocumentFile,
    ) -> Result<SignedLoa, DocumentError> {
        SignedLoa::new(signer, signed_on, self.numbers.clone(), file).map(SignedLoa::rendered)
    }
}

impl fmt::Debug for LetterOfAuthorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "LetterOfAuthorization({} numbers from {} to {}, list {})",
            self.numbers.len(),
            self.losing.platform(),
            self.gaining,
            self.list_code()
        )
    }
}
