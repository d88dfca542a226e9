//! What a letter says, in order, before anybody draws it.

use super::{LetterLabel, LetterOfAuthorization, LetterWording, ListCode};
use crate::number::NumberList;

/// The whole of a letter. Both renderings show all of it, so neither can say less.
pub(super) struct Sheet<'a> {
    pub(super) title: String,
    pub(super) subtitle: String,
    pub(super) fields: Vec<Field>,
    pub(super) opening: Vec<String>,
    pub(super) points: Vec<String>,
    pub(super) heading: String,
    pub(super) numbers: &'a NumberList,
    pub(super) closing: Vec<String>,
    pub(super) signature: String,
    pub(super) signed_on: String,
    pub(super) signer: Field,
    /// Without a line if the letter does not know the title.
    pub(super) signer_title: Field,
    /// The list code with its label.
    pub(super) code: String,
}

/// Something the letter shows, after what it is called.
pub(super) struct Field {
    pub(super) label: String,
    pub(super) lines: Vec<String>,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(letter: &'a LetterOfAuthorization, wording: &dyn LetterWording) -> Self {
        use LetterLabel as L;

        let label = |label| wording.label(label, letter);
        let field = |name, lines| Field {
            label: label(name),
            lines,
        };
        let one = |name, line: &str| field(name, vec![line.to_owned()]);
        let code = ListCode::of(letter.numbers()).to_string();
        let person = letter.authorized();
        let (losing, gaining) = (letter.losing(), letter.gaining());

        let joined = |parts: [Option<&str>; 2]| {
            let parts: Vec<_> = parts.into_iter().flatten().collect();
            (!parts.is_empty()).then(|| parts.join(", "))
        };
        let phone = person.phone().map(String::from);
        let who = [
            joined([Some(person.name()), person.title()]),
            joined([person.email(), phone.as_deref()]),
        ];

        let mut fields = vec![
            one(L::Customer, letter.customer().as_str()),
            field(L::ServiceAddress, letter.address().lines().collect()),
            field(L::AuthorizedPerson, who.into_iter().flatten().collect()),
            one(L::LosingPlatform, &losing.platform().to_string()),
            one(L::LosingAccount, losing.account().as_str()),
        ];
        if let Some(account) = losing.carrier_account() {
            fields.push(one(L::LosingCarrierAccount, account.as_str()));
        }
        fields.extend([
            one(
                L::GainingPlatform,
                &format!("{}, {}", gaining.name(), gaining.contact()),
            ),
            one(L::GainingAccount, letter.destination().account().as_str()),
            one(L::ListCode, &code),
        ]);

        Self {
            title: wording.title(letter),
            subtitle: wording.subtitle(letter),
            fields,
            opening: wording.opening(letter),
            points: wording.points(letter),
            heading: wording.numbers(letter),
            numbers: letter.numbers(),
            closing: wording.closing(letter),
            signature: label(L::Signature),
            signed_on: label(L::SignedOn),
            signer: one(L::SignerName, person.name()),
            signer_title: field(
                L::SignerTitle,
                person.title().map(str::to_owned).into_iter().collect(),
            ),
            code: format!("{}: {code}", label(L::ListCode)),
        }
    }
}
