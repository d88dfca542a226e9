//! A service address that nobody checked.

use snap_port::{AddressForm, LetterOfAuthorization};

fn write(form: AddressForm) {
    let letter = LetterOfAuthorization::builder().address(form);
}

fn main() {}
