//! Whether a PDF seems to be password-protected.

use std::sync::LazyLock;

use regex::bytes::{Regex, RegexBuilder};

/// The marks of a PDF's structure that tell where a trailer is. Blanks are those of PDF.
const MARKS: &str = r"
    endstream | startxref
    | [0-9] [\x00\t\n\x0c\r\x20]+ obj \b
    | >> [\x00\t\n\x0c\r\x20]* stream [\r\n]
    | trailer [\x00\t\n\x0c\r\x20]* <<
    | /Type [\x00\t\n\x0c\r\x20]* /XRef \b
    | /Encrypt (?:
        [\x00\t\n\x0c\r\x20]* <<
        | [\x00\t\n\x0c\r\x20]+ [0-9]+ [\x00\t\n\x0c\r\x20]+ [0-9]+ [\x00\t\n\x0c\r\x20]+ R \b
    )";

static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
    RegexBuilder::new(MARKS)
        .unicode(false)
        .ignore_whitespace(true)
        .build()
        // A constant pattern; the tests of this file compile it.
        .expect("a pattern")
});

/// The part of the file a mark stands in.
#[derive(Clone, Copy)]
enum Part {
    /// Between objects, or in a table of cross-references.
    Between,
    /// The dictionary of an object, with what has been seen in it.
    Object { is_xref: bool, encrypts: bool },
    /// A trailer, up to `startxref`.
    Trailer,
    /// Contents, so many deep: an attached PDF has contents of its own.
    Stream(usize),
}

/// Whether a trailer, or the dictionary of a cross-reference stream, which takes a trailer's place
/// since PDF 1.5 and is never compressed itself, names an encryption dictionary.
///
/// Looks for the marks of the structure only, once through, and does not follow offsets, so it
/// also reads files whose offsets are off. The word in a page's text, in an attachment or in an
/// object that is no trailer does not count.
pub(super) fn seems_protected(bytes: &[u8]) -> bool {
    let mut part = Part::Between;
    for mark in PATTERN.find_iter(bytes) {
        part = match (part, mark.as_bytes()) {
            (Part::Stream(1), b"endstream") => Part::Between,
            (Part::Stream(depth), b"endstream") => Part::Stream(depth - 1),
            (Part::Stream(depth), [b'>', ..]) => Part::Stream(depth + 1),
            (inside @ Part::Stream(_), _) => inside,
            (_, b"endstream" | b"startxref") => Part::Between,
            (_, [b'0'..=b'9', ..]) => Part::Object {
                is_xref: false,
                encrypts: false,
            },
            (_, [b'>', ..]) => Part::Stream(1),
            (_, [b't', ..]) => Part::Trailer,
            (Part::Trailer, [b'/', b'E', ..]) => return true,
            (Part::Object { is_xref, encrypts }, key) => {
                let is_xref = is_xref || key.starts_with(b"/T");
                let encrypts = encrypts || key.starts_with(b"/E");
                if is_xref && encrypts {
                    return true;
                }
                Part::Object { is_xref, encrypts }
            }
            (part, _) => part,
        };
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trailer_that_names_an_encryption_dictionary_is_seen() {
        for text in [
            "xref\n0 1\ntrailer\n<</Size 9/Root 1 0 R/Encrypt 8 0 R/ID[<00><00>]>>\nstartxref\n9\n",
            "trailer<< /Encrypt\r\n12  0\nR >>",
            "trailer <</Encrypt<</Filter/Standard/V 1/O(x)/U(y)>>/Size 9>>",
            "9 0 obj\n<</Type/XRef/Size 9/Encrypt 8 0 R/Length 9>>\nstream\r\n\x01\x02\nendstream",
            "9 0 obj<</Encrypt 8 0 R /Type /XRef /W[1 2 1]>>stream\n\x01\nendstream endobj",
            // An encrypted revision after a plain one, and a linearized file's first trailer.
            "trailer<</Size 3>>startxref\n9\n%%EOF\ntrailer<</Encrypt 8 0 R>>",
            "trailer<</Encrypt 8 0 R>>startxref\n0\n%%EOF 1 0 obj<<>>endobj trailer<</Size 3>>",
            // After a page.
            "4 0 obj<</Length 3>>\nstream\n(a)\nendstream\nendobj\ntrailer<</Encrypt 8 0 R>>",
        ] {
            assert!(seems_protected(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn the_word_elsewhere_does_not_count() {
        for text in [
            "",
            "%PDF-1.7",
            "trailer<</Size 9/Root 1 0 R>>startxref\n9\n%%EOF",
            "trailer<</Encrypt null>>",
            "trailer<</EncryptMetadata false>>",
            "trailer<</Encrypt (8 0 R)>>",
            // An object that is no trailer; a stream of objects is no cross-reference stream.
            "8 0 obj<</Encrypt 7 0 R>>endobj",
            "8 0 obj<</Type/ObjStm/Encrypt 7 0 R>>stream\n\nendstream",
            "8 0 obj<</Type/XRefStm/Encrypt 7 0 R>>stream\n\nendstream",
            "8 0 obj<</Encrypt 7 0 R>>endobj 9 0 obj<</Type/XRef>>stream\n\nendstream",
            // A page that shows it, or that shows a whole trailer.
            "4 0 obj<</Length 30>>\nstream\n(/Encrypt 8 0 R) Tj\nendstream endobj trailer<<>>",
            "4 0 obj<</Length 30>>stream\r\ntrailer <</Encrypt 8 0 R>>\r\nendstream endobj",
            // An attached PDF that is protected, kept as it is.
            "4 0 obj<</Length 99>>stream\n%PDF-1.4 1 0 obj<</Length 1>>stream\nx\nendstream endobj \
             trailer<</Encrypt 8 0 R>>\nendstream endobj trailer<<>>",
            // After the end of a trailer.
            "trailer<</Size 9>>\nstartxref\n9\n%%EOF\n% /Encrypt 8 0 R",
        ] {
            assert!(!seems_protected(text.as_bytes()), "{text}");
        }
    }

    /// Each is the beginning of marks over and over; time that grew with the square would be hours.
    #[test]
    fn no_file_takes_long() {
        for unit in [
            "/Encrypt 1 0 ",
            "/Encrypt ",
            "1 ",
            " ",
            ">> ",
            "trailer ",
            "1 0 obj<</Encrypt 1 0 R",
            ">>stream\n",
            "\0",
        ] {
            let bytes = unit.repeat(2_000_000 / unit.len());
            assert!(!seems_protected(bytes.as_bytes()), "{unit}");
        }
    }
}
