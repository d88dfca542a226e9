use std::fmt;

use super::LetterOfAuthorization;

/// What a letter calls the things it shows.
///
/// Exhaustive on purpose: a letter is in one language, so a wording has a word for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LetterLabel {
    /// The customer's name.
    Customer,
    /// The address where the customer is served and billed.
    ServiceAddress,
    /// Who signs for the customer.
    AuthorizedPerson,
    /// The platform the numbers leave.
    LosingPlatform,
    /// The customer's account with that platform.
    LosingAccount,
    /// That platform's own account at the carrier; shown if known.
    LosingCarrierAccount,
    /// The platform the numbers move to, and where its staff are reached.
    GainingPlatform,
    /// The account at the carrier the numbers move to.
    GainingAccount,
    /// The list's [code](super::ListCode); also at the foot of every page.
    ListCode,
    /// Before the line to sign on.
    Signature,
    /// Before the line for the date of the signature.
    SignedOn,
    /// Before the signer's name in print.
    SignerName,
    /// Before what the signer is at the customer.
    SignerTitle,
}

/// The words of a letter of authorization, all of them: give another to say it otherwise or in
/// another language.
///
/// Whatever the words are, a letter shows its parts, every number, the list code and the lines to
/// sign on. To change a few words of the English ones, keep [`EnglishLetter`] and ask it for the
/// rest. Words to the losing side speak of a transfer between accounts: asked to "release" numbers,
/// platforms have deleted them.
pub trait LetterWording: fmt::Debug + Send + Sync {
    /// The language, as a BCP 47 tag such as `en`; it goes into a PDF for screen readers.
    fn language(&self) -> String;

    /// What the letter is.
    fn title(&self, letter: &LetterOfAuthorization) -> String;

    /// What the letter is for, in one line below the title.
    fn subtitle(&self, letter: &LetterOfAuthorization) -> String;

    /// What stands before something the letter shows, without a colon.
    fn label(&self, label: LetterLabel, letter: &LetterOfAuthorization) -> String;

    /// The paragraphs before the points.
    fn opening(&self, letter: &LetterOfAuthorization) -> Vec<String>;

    /// What is authorised and confirmed, point by point; the letter numbers them.
    fn points(&self, letter: &LetterOfAuthorization) -> Vec<String>;

    /// The heading of the list of numbers.
    fn numbers(&self, letter: &LetterOfAuthorization) -> String;

    /// The paragraphs between the numbers and the signature.
    fn closing(&self, letter: &LetterOfAuthorization) -> Vec<String>;

    /// The foot of a PDF's page `page` of `pages`, counted from 1.
    fn page(&self, page: usize, pages: usize) -> String;
}

/// The default wording, in plain English.
///
/// Its five points follow those of 47 CFR 64.1130 (e), reworded for a transfer in which the carrier
/// stays: billing name and address with every number; the decision to change; the agent; one
/// platform for each number; a fee that may apply. The rules of that section for the letter as a
/// whole are kept where a template can: it has one purpose, it is separate from anything that
/// offers the customer something, and it is signed and dated. It is a template. Whether those
/// rules govern a move between platforms, and what else does, is for a lawyer to say.
#[derive(Clone, Copy, Debug, Default)]
pub struct EnglishLetter;

impl LetterWording for EnglishLetter {
    fn language(&self) -> String {
        "en".into()
    }

    fn title(&self, _: &LetterOfAuthorization) -> String {
        "Letter of Authorization".into()
    }

    fn subtitle(&self, letter: &LetterOfAuthorization) -> String {
        let carrier = letter.carrier();
        format!("Transfer of telephone numbers between accounts at {carrier}")
    }

    fn label(&self, label: LetterLabel, letter: &LetterOfAuthorization) -> String {
        let (losing, carrier) = (letter.losing().platform(), letter.carrier());
        match label {
            LetterLabel::Customer => "Customer".into(),
            LetterLabel::ServiceAddress => "Service address".into(),
            LetterLabel::AuthorizedPerson => "Authorized person".into(),
            LetterLabel::LosingPlatform => "Current platform".into(),
            LetterLabel::LosingAccount => format!("Account with {losing}"),
            LetterLabel::LosingCarrierAccount => format!("{losing}'s account at {carrier}"),
            LetterLabel::GainingPlatform => "New platform".into(),
            LetterLabel::GainingAccount => format!("New account at {carrier}"),
            LetterLabel::ListCode => "List code".into(),
            LetterLabel::Signature => "Signature".into(),
            LetterLabel::SignedOn => "Date signed".into(),
            LetterLabel::SignerName => "Name".into(),
            LetterLabel::SignerTitle => "Title".into(),
        }
    }

    fn opening(&self, letter: &LetterOfAuthorization) -> Vec<String> {
        let customer = letter.customer().as_str();
        let (losing, gaining) = (letter.losing().platform(), letter.gaining());
        let carrier = letter.carrier();
        vec![
            format!(
                "{customer} (the customer) authorizes the transfer of the telephone numbers listed \
                 in this letter between accounts at {carrier}: from the account used through \
                 {losing} to the new account above, used through {gaining}. The numbers stay with \
                 {carrier}."
            ),
            "By signing this letter, I confirm for the customer:".into(),
        ]
    }

    fn points(&self, letter: &LetterOfAuthorization) -> Vec<String> {
        let (losing, gaining) = (letter.losing().platform(), letter.gaining());
        let carrier = letter.carrier();
        vec![
            format!(
                "The name and address above are the customer's billing name and address on the \
                 account with {losing}, and this letter lists every number to be transferred."
            ),
            format!(
                "The customer has decided to change the platform of these numbers from {losing} to \
                 {gaining}."
            ),
            format!(
                "The customer appoints {gaining} as its agent for this change: to ask {carrier} \
                 and {losing} for the transfer, and to show them this letter."
            ),
            "The customer understands that each number can be used through only one platform at a \
             time."
                .into(),
            format!(
                "The customer understands that the change may involve a fee, and may ask {gaining} \
                 or {losing} about it."
            ),
        ]
    }

    fn numbers(&self, letter: &LetterOfAuthorization) -> String {
        match letter.numbers().len() {
            1 => "The number to be transferred".into(),
            count => format!("The {count} numbers to be transferred"),
        }
    }

    fn closing(&self, letter: &LetterOfAuthorization) -> Vec<String> {
        let losing = letter.losing().platform();
        // Said again here, because a long list leaves this alone with the signature on a page.
        let numbers = match letter.numbers().len() {
            1 => "the number it lists".to_owned(),
            count => format!("the {count} numbers it lists"),
        };
        vec![format!(
            "This letter authorizes the transfer of {numbers}, and nothing else. I am entitled to \
             sign it for the customer. Please keep the account with {losing} open, and the numbers \
             in service, until the transfer is complete."
        )]
    }

    fn page(&self, page: usize, pages: usize) -> String {
        format!("Page {page} of {pages}")
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn everything() -> String {
        sample::letter(&[0, 1]).text(&EnglishLetter)
    }

    #[test]
    fn nobody_is_asked_to_release_delete_or_port_a_number() {
        let words = everything().to_lowercase();
        for word in words.split(|c: char| !c.is_alphabetic()) {
            for stem in ["releas", "delet", "cancel", "disconnect", "port"] {
                assert!(!word.starts_with(stem), "{word}");
            }
        }
        assert!(words.contains("transfer") && words.contains("between accounts"));
    }

    #[test]
    fn the_five_points_are_made() {
        let points = EnglishLetter.points(&sample::letter(&[0]));
        assert_eq!(points.len(), 5);
        for (point, says) in points.iter().zip([
            "billing name and address",
            "from Aircall to Aloware",
            "appoints Aloware as its agent",
            "only one platform",
            "fee",
        ]) {
            assert!(point.contains(says), "{point}");
        }
    }

    #[test]
    fn one_number_is_no_plural() {
        let heading = |numbers: &[u32]| EnglishLetter.numbers(&sample::letter(numbers));
        assert_eq!(heading(&[0]), "The number to be transferred");
        assert_eq!(heading(&[0, 1]), "The 2 numbers to be transferred");
    }
}
