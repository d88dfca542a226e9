//! What a document is, told from its bytes.

pub(super) const PDF: &str = "application/pdf";
const TEXT: &str = "text/plain";
const ZIP: &str = "application/zip";
const UNKNOWN: &str = "application/octet-stream";

/// The media type of a document with these bytes.
///
/// Own code, since the crates that do this take more for a signature than is one: "GIFT CARD" for
/// an image, most Word files for archives.
pub(super) fn media_type(bytes: &[u8]) -> &'static str {
    // Blanks and a byte order mark may stand before a PDF's header.
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if head(text).trim_ascii_start().starts_with(b"%PDF-") {
        return PDF;
    }
    // Every other known kind has control characters, so a text that begins like one stays a text.
    if !bytes.iter().any(is_control) {
        return match std::str::from_utf8(bytes) {
            Ok(_) => TEXT,
            Err(_) => UNKNOWN,
        };
    }
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => "image/tiff",
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => "image/gif",
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => "image/webp",
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => match brand {
            // What phones make, and bursts of it.
            [b'h', b'e', b'i', b'c' | b'x' | b'm' | b's', ..]
            | [b'h', b'e', b'v', b'c' | b'x' | b'm' | b's', ..] => "image/heic",
            [b'm', b'i' | b's', b'f', b'1', ..] => "image/heif",
            _ => UNKNOWN,
        },
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => zip(bytes),
        // Readers put up with any bytes before a PDF's header.
        _ if head(bytes).windows(5).any(|at| at == b"%PDF-") => PDF,
        _ => UNKNOWN,
    }
}

/// Where a PDF's header must begin.
fn head(bytes: &[u8]) -> &[u8] {
    bytes.get(..1024).unwrap_or(bytes)
}

fn is_control(byte: &u8) -> bool {
    byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r' | b'\x0c')
}

/// Which ZIP it is, by the names in the directory at its end.
fn zip(bytes: &[u8]) -> &'static str {
    // The directory of an office document is far shorter; the rest of a longer one is not read.
    const TAIL: usize = 64 * 1024;
    const ENTRY: &[u8] = b"PK\x01\x02";
    const NAME: usize = 46;
    let tail = &bytes[bytes.len().saturating_sub(TAIL)..];
    let has = |name: &[u8]| {
        tail.windows(ENTRY.len()).enumerate().any(|(at, mark)| {
            let found = tail.get(at + NAME..).unwrap_or_default();
            mark == ENTRY && found.starts_with(name)
        })
    };
    if !has(b"[Content_Types].xml") {
        return ZIP;
    }
    [
        (
            &b"word/"[..],
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (
            b"xl/",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (
            b"ppt/",
            "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        ),
    ]
    .into_iter()
    .find(|(folder, _)| has(folder))
    .map_or(ZIP, |(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A ZIP of empty files.
    fn zip(names: &[&str]) -> Vec<u8> {
        let mut zip = Vec::new();
        for (mark, rest) in [(b"PK\x03\x04", 22), (b"PK\x01\x02", 24)] {
            for name in names {
                let length = u16::try_from(name.len()).unwrap();
                zip.extend(mark);
                zip.extend(vec![0; rest]);
                zip.extend(length.to_le_bytes());
                zip.extend(vec![0; if rest == 22 { 2 } else { 16 }]);
                zip.extend(name.as_bytes());
            }
        }
        zip.extend(b"PK\x05\x06");
        zip.extend([0; 18]);
        zip
    }

    #[test]
    fn every_known_kind_is_told_by_its_bytes() {
        let office = |folder: &str| zip(&["_rels/.rels", folder, "[Content_Types].xml"]);
        let open_xml = |name: &str| format!("application/vnd.openxmlformats-officedocument.{name}");
        for (folder, expected) in [
            ("word/document.xml", "wordprocessingml.document"),
            ("xl/workbook.xml", "spreadsheetml.sheet"),
            ("ppt/presentation.xml", "presentationml.presentation"),
        ] {
            assert_eq!(media_type(&office(folder)), open_xml(expected));
        }
        for (bytes, expected) in [
            (&b"%PDF-1.7\n1 0 obj"[..], PDF),
            (b"\xef\xbb\xbf\r\n%PDF-1.4\n", PDF),
            (b"HTTP/1.1 200 OK\r\n\0\r\n\r\n%PDF-1.4\n", PDF),
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF\0", "image/jpeg"),
            (b"II*\0\x08\0\0\0\x10\0\xfe\0", "image/tiff"),
            (b"MM\0*\0\0\0\x08\0\x10\0\xfe", "image/tiff"),
            (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "image/heic"),
            (b"\0\0\0\x18ftyphevc\0\0\0\0msf1hevc", "image/heic"),
            (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "image/heif"),
            (b"GIF89a\x01\0\x01\0\x80\0\0", "image/gif"),
            (b"RIFF\x1a\0\0\0WEBPVP8L", "image/webp"),
            (&zip(&["%PDF-1.4", "word/a"]), "application/zip"),
            (&zip(&["[Content_Types].xml"]), "application/zip"),
            (&zip(&[]), "application/zip"),
            (b"number\n+1 415 555 2671\r\n\tJos\xc3\xa9\x0c", TEXT),
        ] {
            let start = String::from_utf8_lossy(bytes);
            assert_eq!(media_type(bytes), expected, "{start:?}");
        }
    }

    #[test]
    fn a_text_is_no_image_for_its_first_letters() {
        for text in ["GIFT CARD", "BMW invoice", "II* 5", "MZ", "PK", "%!PS"] {
            assert_eq!(media_type(text.as_bytes()), TEXT, "{text}");
        }
        assert_eq!(media_type(b"read about %PDF-1.4 here"), TEXT);
    }

    #[test]
    fn what_is_not_known_is_not_guessed() {
        for bytes in [
            &b"GIFT f\xfcr Jos\xe9"[..], // Windows-1252
            b"\xff\xfea\0b\0",           // UTF-16
            b"a\0b",
            b"GIFT\0CARD",
            b"a\x1bb",
            b"BM\x9a\0\0\0\0\0\0\0",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0\0", // Word, Excel and Outlook of old
            b"\x7fELF\x02\x01\x01\0",
            b"\0\0\0\x18ftypmp42\0\0\0\0isom",
        ] {
            assert_eq!(media_type(bytes), UNKNOWN, "{bytes:?}");
        }
    }

    #[test]
    fn no_truncated_file_panics() {
        let office = zip(&["[Content_Types].xml", "word/a"]);
        for whole in [
            &office[..],
            b"%PDF-1.7",
            b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic",
            b"RIFF\x1a\0\0\0WEBP",
        ] {
            for end in 0..=whole.len() {
                let _ = media_type(&whole[..end]);
            }
            let mut broken = whole.to_vec();
            for at in 0..broken.len() {
                let was = std::mem::replace(&mut broken[at], 0xff);
                let _ = media_type(&broken);
                broken[at] = was;
            }
        }
    }
}
