use super::{ListCode, Sha256Digest};

/// A document, or a text that goes with one, breaks a rule.
///
/// Says which rule and what to do next; never what a document holds, is called, or who signed it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// A text is empty or holds nothing but blanks.
    #[error("the {what} is blank; fill it in")]
    Blank {
        /// Which text.
        what: &'static str,
    },
    /// A text is too long to be what it is meant to be.
    #[error("the {what} has {length} characters; shorten it to {limit}")]
    TooLong {
        /// Which text.
        what: &'static str,
        /// Its length in characters.
        length: usize,
        /// The most it may have.
        limit: usize,
    },
    /// A text holds a control character, such as a line break.
    #[error("the {what} holds a control character, such as a line break; remove it")]
    ControlCharacter {
        /// Which text.
        what: &'static str,
    },
    /// A media type is not of the form `type/subtype`.
    #[error(
        "the media type is not of the form type/subtype; give one such as \"application/pdf\", without parameters"
    )]
    NotAMediaType,
    /// A digest is not 64 lowercase hexadecimal digits.
    #[error("a SHA-256 digest is 64 lowercase hexadecimal digits; give it in that form")]
    NotADigest,
    /// A regulatory entry names no country, or neither bundle nor address.
    #[error("a regulatory entry names a country by two capitals, and a bundle or an address")]
    NotRegulatory,
    /// A text has too many lines to be what it is meant to be.
    #[error("the {what} has {lines} lines; shorten it to {limit}")]
    TooManyLines {
        /// Which text.
        what: &'static str,
        /// How many it has.
        lines: usize,
        /// The most it may have.
        limit: usize,
    },
    /// A country is not given by its code.
    #[error("the country is not a code of two letters; use its ISO 3166 code, such as US")]
    NotACountry,
    /// A postal code in the United States has another form.
    #[error("the ZIP code has neither 5 digits nor 5 and 4; write it as 94105 or 94105-1234")]
    NotAZipCode,
    /// An e-mail address has another form.
    #[error("the e-mail address is not of the form name@domain; correct it")]
    NotAnEmail,
    /// A letter was rendered for other numbers than it is said to list.
    #[error(
        "the letter was rendered for list {}, but its numbers are list {}; restore the record, or hand in the letter that lists these numbers",
        ListCode::from(*.rendered), ListCode::from(*.found)
    )]
    OtherList {
        /// The digest of the list the letter was rendered for.
        rendered: Sha256Digest,
        /// The digest of the numbers it is said to list.
        found: Sha256Digest,
    },
    /// A document has no bytes.
    #[error("the document is empty; upload it again")]
    Empty,
    /// A document's size is not the one on record.
    #[error(
        "the document has {found} bytes, not the {recorded} on record; restore the original or hand in the new one as a new document"
    )]
    WrongSize {
        /// The size on record, in bytes.
        recorded: u64,
        /// The size found, in bytes.
        found: u64,
    },
    /// A document's bytes are not the ones on record.
    #[error(
        "the document's SHA-256 begins {}, not {} as on record; restore the original or hand in the new one as a new document",
        .found.short(), .recorded.short()
    )]
    WrongDigest {
        /// The digest on record.
        recorded: Sha256Digest,
        /// The digest of the bytes found.
        found: Sha256Digest,
    },
}
