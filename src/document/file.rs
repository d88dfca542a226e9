mod digest;
mod pdf;
mod sniff;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{DocumentError, text};

pub use digest::Sha256Digest;

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
    #[serde(skip_serializing_if = "is_false")]
    password_protected: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFile {
    name: String,
    media_type: String,
    size: u64,
    sha256: Sha256Digest,
    locator: Locator,
    #[serde(default)]
    password_protected: bool,
}

fn is_false(flag: &bool) -> bool {
    !flag
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
            password_protected: raw.password_protected,
        })
    }
}

impl DocumentFile {
    /// Describes the document whose bytes are `bytes` and are kept at `locator`.
    ///
    /// The media type is told from the bytes, whatever the uploader called them: PDF, PNG, JPEG,
    /// TIFF, HEIC, GIF and WebP; Word, Excel and PowerPoint (Office Open XML); ZIP; `text/plain`
    /// for UTF-8 without control characters; `application/octet-stream` for everything else. So is
    /// [whether it seems to be password-protected](Self::is_password_protected).
    ///
    /// Every byte is read, and hashing takes longer than the rest; 100 MB take about a second.
    ///
    /// # Errors
    /// [`DocumentError`] if there are no bytes, or if name or locator is not one.
    pub fn describe(name: &str, locator: &str, bytes: &[u8]) -> Result<Self, DocumentError> {
        let media_type = sniff::media_type(bytes);
        RawFile {
            name: name.into(),
            media_type: media_type.into(),
            size: size(bytes),
            sha256: Sha256Digest::of(bytes),
            locator: Locator::parse(locator)?,
            password_protected: media_type == sniff::PDF && pdf::seems_protected(bytes),
        }
        .try_into()
    }

    /// What the customer called the file. Shown to people; never use it as a path.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The media type, such as `application/pdf`: told from the bytes by
    /// [`describe`](Self::describe), or whatever a record written elsewhere says.
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// Whether it is a PDF.
    pub fn is_pdf(&self) -> bool {
        *self.media_type == *sniff::PDF
    }

    /// Whether it is an image.
    pub fn is_image(&self) -> bool {
        self.media_type.starts_with("image/")
    }

    /// Whether it is a PDF that seems to be password-protected: its trailer names an encryption
    /// dictionary.
    ///
    /// Carriers refuse such files. One that asks for a password only to be changed or printed
    /// opens without asking and counts as well.
    pub fn is_password_protected(&self) -> bool {
        self.password_protected
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
            "DocumentFile({}{}, {} bytes, sha256 {}…)",
            if self.password_protected {
                "protected "
            } else {
                ""
            },
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn file() -> DocumentFile {
        DocumentFile::describe("Bill Doe.pdf", "doe/1", b"abc").unwrap()
    }

    #[test]
    fn a_file_is_described_and_its_stored_shape_stays() {
        let stored = json!({
            "name": "Bill Doe.pdf", "media_type": "text/plain", "size": 3,
            "sha256": ABC, "locator": "doe/1",
        });
        assert_eq!(serde_json::to_value(file()).unwrap(), stored);
        assert_eq!(
            serde_json::from_value::<DocumentFile>(stored).unwrap(),
            file()
        );
    }

    #[test]
    fn a_protected_pdf_is_said_to_be_one_and_stored_so() {
        let plain = b"%PDF-1.7\ntrailer<</Root 1 0 R>>";
        let plain = DocumentFile::describe("a.png", "a", plain).unwrap();
        assert!(plain.is_pdf() && !plain.is_image() && !plain.is_password_protected());
        let stored = serde_json::to_value(&plain).unwrap();
        assert!(stored.get("password_protected").is_none());

        let bytes = b"%PDF-1.7\ntrailer<</Root 1 0 R/Encrypt 2 0 R>>";
        let protected = DocumentFile::describe("a.png", "a", bytes).unwrap();
        assert!(protected.is_password_protected());
        let stored = serde_json::to_value(&protected).unwrap();
        assert_eq!(stored["password_protected"], json!(true));
        let read: DocumentFile = serde_json::from_value(stored).unwrap();
        assert_eq!(read, protected);
        assert!(format!("{read:?}").starts_with("DocumentFile(protected application/pdf, "));

        // Only a PDF can be.
        let text = DocumentFile::describe("a.pdf", "a", &bytes[1..]).unwrap();
        assert!(!text.is_pdf() && !text.is_password_protected());
        let image = b"\x89PNG\r\n\x1a\n trailer<</Encrypt 2 0 R>>";
        let image = DocumentFile::describe("a.pdf", "a", image).unwrap();
        assert!(image.is_image() && !image.is_pdf() && !image.is_password_protected());
    }

    #[test]
    fn a_record_may_hold_any_media_type() {
        let mut stored = serde_json::to_value(file()).unwrap();
        stored["media_type"] = json!("Message/RFC822");
        let read: DocumentFile = serde_json::from_value(stored).unwrap();
        assert_eq!(read.media_type(), "message/rfc822");
    }

    #[test]
    fn what_is_no_file_is_refused_when_described_and_when_read() {
        let describe = DocumentFile::describe;
        assert_eq!(describe("a", "a", b""), Err(DocumentError::Empty));
        assert!(describe("", "a", b"x").is_err());
        assert!(describe("a\nb", "a", b"x").is_err());
        assert!(describe(&"a".repeat(256), "a", b"x").is_err());
        assert!(describe("a", " ", b"x").is_err());
        assert!(describe("a", &"a".repeat(1025), b"x").is_err());
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
            let refused = media_type(kind);
            assert_eq!(refused, Err(DocumentError::NotAMediaType), "{kind:?}");
        }

        let good = serde_json::to_value(file()).unwrap();
        for (field, value) in [
            ("name", json!("")),
            ("media_type", json!("pdf")),
            ("size", json!(0)),
            ("sha256", json!(ABC.to_uppercase())),
            ("locator", json!("\u{0}")),
            ("password_protected", json!("no")),
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
            "DocumentFile(text/plain, 3 bytes, sha256 ba7816bf…)"
        );
        assert_eq!(format!("{:?}", file().locator()), "Locator(…)");
        assert_eq!(format!("{:?}", file().sha256()), "Sha256Digest(ba7816bf…)");
    }
}
