use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{DocumentError, text};

/// A document as the record knows it: its name, media type, size, SHA-256 and where its bytes are.
///
/// The bytes stay with the embedder; [`fetch`](Self::fetch) reads and checks them. `Debug` shows
/// neither name nor locator.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawFile")]
pub struct DocumentFile {
    name: Box<str>,
    media_type: Box<str>,
    size: u64,
    sha256: Sha256Digest,
    locator: Locator,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    name: String,
    media_type: String,
    size: u64,
    sha256: Sha256Digest,
    locator: Locator,
}

impl TryFrom<RawFile> for DocumentFile {
    type Error = DocumentError;
    fn try_from(raw: RawFile) -> Result<Self, DocumentError> {
        if raw.size == 0 {
            return Err(DocumentError::Empty);
        }
        Ok(Self {
            name: text::exact("file name", 255, &raw.name)?,
            media_type: media_type(&raw.media_type)?,
            size: raw.size,
            sha256: raw.sha256,
            locator: raw.locator,
        })
    }
}

impl DocumentFile {
    /// Describes the document whose bytes are `bytes` and are kept at `locator`.
    ///
    /// `media_type` is of the form `type/subtype`, without parameters; it is kept in lower case.
    ///
    /// # Errors
    /// [`DocumentError`] if there are no bytes, or if name, media type or locator is not one.
    pub fn describe(
        name: &str,
        media_type: &str,
        locator: &str,
        bytes: &[u8],
    ) -> Result<Self, DocumentError> {
        RawFile {
            name: name.into(),
            media_type: media_type.into(),
            size: size(bytes),
            sha256: Sha256Digest::of(bytes),
            locator: Locator::parse(locator)?,
        }
        .try_into()
    }

    /// What the customer called the file. Shown to people; never use it as a path.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The media type, such as `application/pdf`, as the uploader declared it.
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// The size in bytes, never 0.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The SHA-256 of the bytes.
    pub fn sha256(&self) -> Sha256Digest {
        self.sha256
    }

    /// Where the bytes are.
    pub fn locator(&self) -> &Locator {
        &self.locator
    }

    /// Whether `bytes` are this document.
    ///
    /// # Errors
    /// [`DocumentError::WrongSize`] or [`DocumentError::WrongDigest`] if they are not.
    pub fn check(&self, bytes: &[u8]) -> Result<(), DocumentError> {
        let (recorded, found) = (self.size, size(bytes));
        if found != recorded {
            return Err(DocumentError::WrongSize { recorded, found });
        }
        let (recorded, found) = (self.sha256, Sha256Digest::of(bytes));
        if found != recorded {
            return Err(DocumentError::WrongDigest { recorded, found });
        }
        Ok(())
    }
}

impl fmt::Debug for DocumentFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "DocumentFile({}, {} bytes, sha256 {}…)",
            self.media_type,
            self.size,
            self.sha256.short()
        )
    }
}

fn size(bytes: &[u8]) -> u64 {
    bytes.len() as u64
}

/// `type/subtype` in lower case; each side is a restricted name of RFC 6838, 1 to 127 characters.
fn media_type(text: &str) -> Result<Box<str>, DocumentError> {
    let name = |side: &str| {
        (1..=127).contains(&side.len())
            && side.starts_with(|c: char| c.is_ascii_alphanumeric())
            && side
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    match text.split_once('/') {
        Some((kind, subtype)) if name(kind) && name(subtype) => {
            Ok(text.to_ascii_lowercase().into())
        }
        _ => Err(DocumentError::NotAMediaType),
    }
}

/// Where a document's bytes are, in the words of the [`DocumentSource`](super::DocumentSource)
/// that keeps them: a path, a key, a URL. 1 to 1024 characters, kept exactly.
///
/// `Debug` hides it: a path often holds a customer's name.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Locator(Box<str>);

impl Locator {
    /// Checks `text` and takes it as a locator.
    ///
    /// # Errors
    /// [`DocumentError`] if it is blank, too long, or holds a control character.
    pub fn parse(text: &str) -> Result<Self, DocumentError> {
        text::exact("locator", 1024, text).map(Self)
    }

    /// The locator as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Locator {
    type Error = DocumentError;
    fn try_from(text: String) -> Result<Self, DocumentError> {
        Self::parse(&text)
    }
}

impl From<Locator> for String {
    fn from(locator: Locator) -> Self {
        locator.0.into()
    }
}

impl fmt::Debug for Locator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Locator(…)")
    }
}

/// The SHA-256 of a document. Shown and stored as 64 lowercase hexadecimal digits; `Debug` shows
/// the first eight.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sha256Digest([u8; 32]);

impl Sha256Digest {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The digest's 32 bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first eight digits: enough to tell two documents apart in a log.
    pub(super) fn short(&self) -> String {
        let [a, b, c, d, ..] = self.0;
        format!("{a:02x}{b:02x}{c:02x}{d:02x}")
    }
}

impl fmt::Display for Sha256Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Sha256Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sha256Digest({}…)", self.short())
    }
}

impl FromStr for Sha256Digest {
    type Err = DocumentError;

    fn from_str(text: &str) -> Result<Self, DocumentError> {
        // Lower case only: one digest has one text.
        let nibble = |digit: u8| match digit {
            b'0'..=b'9' => Ok(digit - b'0'),
            b'a'..=b'f' => Ok(digit - b'a' + 10),
            _ => Err(DocumentError::NotADigest),
        };
        let digits: &[u8; 64] = text
            .as_bytes()
            .try_into()
            .map_err(|_| DocumentError::NotADigest)?;
        let mut digest = [0; 32];
        for (byte, pair) in digest.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
        }
        Ok(Self(digest))
    }
}

impl TryFrom<String> for Sha256Digest {
    type Error = DocumentError;
    fn try_from(text: String) -> Result<Self, DocumentError> {
        text.parse()
    }
}

impl From<Sha256Digest> for String {
    fn from(digest: Sha256Digest) -> Self {
        digest.to_string()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn file() -> DocumentFile {
        DocumentFile::describe("Bill Doe.pdf", "Application/PDF", "doe/1", b"abc").unwrap()
    }

    #[test]
    fn a_file_is_described_and_its_stored_shape_stays() {
        let stored = json!({
            "name": "Bill Doe.pdf", "media_type": "application/pdf", "size": 3,
            "sha256": ABC, "locator": "doe/1",
        });
        assert_eq!(serde_json::to_value(file()).unwrap(), stored);
        assert_eq!(
            serde_json::from_value::<DocumentFile>(stored).unwrap(),
            file()
        );
    }

    #[test]
    fn what_is_no_file_is_refused_when_described_and_when_read() {
        let describe = DocumentFile::describe;
        assert_eq!(
            describe("a", "text/csv", "a", b""),
            Err(DocumentError::Empty)
        );
        assert!(describe("", "text/csv", "a", b"x").is_err());
        assert!(describe("a\nb", "text/csv", "a", b"x").is_err());
        assert!(describe(&"a".repeat(256), "text/csv", "a", b"x").is_err());
        assert!(describe("a", "text/csv", " ", b"x").is_err());
        assert!(describe("a", "text/csv", &"a".repeat(1025), b"x").is_err());
        for kind in [
            "",
            "pdf",
            "/pdf",
            "text/",
            "a/b/c",
            "text/csv; charset=utf-8",
            "text/-csv",
            &format!("text/{}", "x".repeat(128)),
        ] {
            let refused = describe("a", kind, "a", b"x");
            assert_eq!(refused, Err(DocumentError::NotAMediaType), "{kind:?}");
        }

        let good = serde_json::to_value(file()).unwrap();
        for (field, value) in [
            ("name", json!("")),
            ("media_type", json!("pdf")),
            ("size", json!(0)),
            ("sha256", json!(ABC.to_uppercase())),
            ("locator", json!("\u{0}")),
            ("extra", Value::Null),
        ] {
            let mut bad = good.clone();
            bad[field] = value;
            assert!(serde_json::from_value::<DocumentFile>(bad).is_err());
        }
    }

    #[test]
    fn other_bytes_are_noticed() {
        assert_eq!(file().check(b"abc"), Ok(()));
        let longer = file().check(b"abcd").unwrap_err();
        assert!(longer.to_string().contains("4 bytes, not the 3"));
        let other = file().check(b"abd").unwrap_err();
        assert!(matches!(other, DocumentError::WrongDigest { .. }));
        assert!(other.to_string().contains("ba7816bf as on record"));
    }

    #[test]
    fn debug_shows_neither_name_nor_place_nor_the_whole_digest() {
        assert_eq!(
            format!("{:?}", file()),
            "DocumentFile(application/pdf, 3 bytes, sha256 ba7816bf…)"
        );
        assert_eq!(format!("{:?}", file().locator()), "Locator(…)");
        assert_eq!(format!("{:?}", file().sha256()), "Sha256Digest(ba7816bf…)");
    }

    #[test]
    fn a_digest_has_one_text() {
        let digest: Sha256Digest = ABC.parse().unwrap();
        assert_eq!(digest, Sha256Digest::of(b"abc"));
        assert_eq!(digest.to_string(), ABC);
        for text in ["", &ABC[1..], &ABC.to_uppercase(), &ABC.replace('b', "g")] {
            assert!(text.parse::<Sha256Digest>().is_err(), "{text}");
        }
    }
}
