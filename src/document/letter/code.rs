use std::fmt;
use std::str::FromStr;

use crate::document::Sha256Digest;
use crate::number::{NumberList, PhoneNumber};

/// The digest of a list of numbers, whatever their order: the SHA-256 of the numbers in E.164
/// form, sorted, with a line feed between each two.
#[must_use]
pub fn list_digest(numbers: &NumberList) -> Sha256Digest {
    let mut sorted: Vec<_> = numbers.iter().map(PhoneNumber::as_str).collect();
    sorted.sort_unstable();
    Sha256Digest::of(sorted.join("\n").as_bytes())
}

/// The first eight digits of a [`list_digest`], shown as `1a2b-3c4d`: a letter we rendered has it
/// on every page, so one look tells whether a signed letter is for this list.
///
/// It tells a wrong or outdated list, which it does not in one case of four thousand million. It
/// is no proof against somebody who searches for a second list with the same code.
///
/// ```
/// use snap_port::NumberList;
/// use snap_port::document::ListCode;
///
/// let list = NumberList::parse("+14155552671\n+14155552672", None)?;
/// let code = ListCode::of(&list);
/// assert_eq!(code.to_string(), "3d20-22a8");
/// assert_eq!(" 3D20 22a8".parse(), Ok(code));
/// # Ok::<_, snap_port::ListError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ListCode([u8; 4]);

/// A text is no list code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a list code has eight digits from 0 to 9 and a to f, such as 1a2b-3c4d; copy the letter's"
)]
pub struct InvalidListCode;

impl ListCode {
    /// The code of `numbers`, whatever their order.
    #[must_use]
    pub fn of(numbers: &NumberList) -> Self {
        list_digest(numbers).into()
    }
}

impl From<Sha256Digest> for ListCode {
    /// The code of the list whose [`list_digest`] this is.
    fn from(digest: Sha256Digest) -> Self {
        let [a, b, c, d, ..] = *digest.as_bytes();
        Self([a, b, c, d])
    }
}

impl FromStr for ListCode {
    type Err = InvalidListCode;

    /// Reads the code as people copy it: in any case, with or without the dash, with blanks.
    fn from_str(text: &str) -> Result<Self, InvalidListCode> {
        let mut code = [0; 4];
        let mut count = 0;
        let dash = |c: char| matches!(c, '-' | '\u{2010}'..='\u{2015}');
        for c in text.chars().filter(|c| !c.is_whitespace() && !dash(*c)) {
            // A hexadecimal digit is less than 16.
            let digit = c.to_digit(16).ok_or(InvalidListCode)? as u8;
            let byte: &mut u8 = code.get_mut(count / 2).ok_or(InvalidListCode)?;
            *byte = *byte << 4 | digit;
            count += 1;
        }
        (count == 8).then_some(Self(code)).ok_or(InvalidListCode)
    }
}

impl fmt::Display for ListCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d] = self.0;
        write!(f, "{a:02x}{b:02x}-{c:02x}{d:02x}")
    }
}

impl fmt::Debug for ListCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ListCode({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::sample;
    use super::*;

    #[test]
    fn a_list_has_one_digest_whatever_its_order() {
        let digest = list_digest(&sample::numbers(&[0, 1]));
        assert_eq!(digest, Sha256Digest::of(b"+14155552670\n+14155552671"));
        assert_eq!(digest, list_digest(&sample::numbers(&[1, 0])));
        for other in [&[0][..], &[0, 2], &[0, 1, 2]] {
            assert_ne!(digest, list_digest(&sample::numbers(other)));
        }
    }

    #[test]
    fn a_code_is_read_as_people_copy_it() {
        let digest = Sha256Digest::of(b"abc");
        let code = ListCode::from(digest);
        assert_eq!(code.to_string(), "ba78-16bf");
        for text in [
            "ba78-16bf",
            "BA78 16BF",
            " ba7816bf\n",
            "ba78\u{2013}16bf",
            "b a 7 8 - 1 6 b f",
        ] {
            assert_eq!(text.parse(), Ok(code), "{text:?}");
        }
        for text in [
            "",
            "ba78-16b",
            "ba78-16bf0",
            "ba78-16bg",
            "ba78_16bf",
            "ba78-16b\u{ff16}",
        ] {
            assert_eq!(text.parse::<ListCode>(), Err(InvalidListCode), "{text:?}");
        }
    }
}
