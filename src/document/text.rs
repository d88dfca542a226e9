//! Texts people type, checked once.

use super::DocumentError;
use crate::number::is_blank;

/// `text` as it is, if it shows something, has at most `limit` characters and reads as it is
/// stored: none is a control character, a line separator or a mark that turns the direction of
/// writing. `what` names it in the error.
pub(super) fn exact(
    what: &'static str,
    limit: usize,
    text: &str,
) -> Result<Box<str>, DocumentError> {
    let length = text.chars().count();
    if is_blank(text) {
        Err(DocumentError::Blank { what })
    } else if length > limit {
        Err(DocumentError::TooLong {
            what,
            length,
            limit,
        })
    } else if text.chars().any(misleads) {
        Err(DocumentError::ControlCharacter { what })
    } else {
        Ok(text.into())
    }
}

fn misleads(c: char) -> bool {
    // Line and paragraph separators stand just before embeddings and overrides; then isolates.
    c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// [`exact`], after the blanks around a pasted text are taken off.
pub(super) fn trimmed(
    what: &'static str,
    limit: usize,
    text: &str,
) -> Result<Box<str>, DocumentError> {
    exact(what, limit, text.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_reads_as_it_is_stored() {
        let what = "x";
        let refused = Err(DocumentError::ControlCharacter { what });
        for c in "\0\n\r\u{1b}\u{85}\u{2028}\u{2029}\u{202a}\u{202e}\u{2066}\u{2069}".chars() {
            let text = format!("a{c}b");
            assert_eq!(exact(what, 3, &text), refused, "{c:?}");
            assert_eq!(trimmed(what, 3, &text), refused, "{c:?}");
        }
        // Letters of every direction, and what joins them.
        for text in [
            "שלום",
            "a\u{200f}b",
            "e\u{301}",
            "a\u{2027}b",
            "a\u{202f}b",
            "a\u{2065}b",
        ] {
            assert_eq!(exact(what, 4, text).as_deref(), Ok(text));
        }
    }

    #[test]
    fn a_text_is_held_to_its_rules() {
        assert_eq!(*exact("x", 3, " ab").unwrap(), *" ab");
        assert_eq!(*trimmed("x", 3, "\tabc\n").unwrap(), *"abc");
        assert_eq!(*exact("x", 3, "a\u{200d}b").unwrap(), *"a\u{200d}b");
        let what = "x";
        for (text, error) in [
            ("", DocumentError::Blank { what }),
            (" \n\u{a0}", DocumentError::Blank { what }),
            ("\u{200b}", DocumentError::Blank { what }),
            (" \u{feff} \u{2060}", DocumentError::Blank { what }),
            (
                "äöüß",
                DocumentError::TooLong {
                    what,
                    length: 4,
                    limit: 3,
                },
            ),
            ("a\nb", DocumentError::ControlCharacter { what }),
        ] {
            assert_eq!(exact(what, 3, text), Err(error.clone()), "{text:?}");
            assert_eq!(trimmed(what, 3, text), Err(error), "{text:?}");
        }
    }
}
