use super::Sha256Digest;

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
