//! Texts people type, checked once.

use super::DocumentError;
use crate::number::is_blank;

/// `text` as it is, if it shows something, has at most `limit` characters and none is a control
/// character. `what` names it in the error.
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
    } else if text.chars().any(char::is_control) {
        Err(DocumentError::ControlCharacter { what })
    } else {
        Ok(text.into())
    }
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
