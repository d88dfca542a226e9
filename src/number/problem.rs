//! What can be wrong with the text of a number, and what to do about it.

use std::fmt;

use super::PhoneNumber;

/// Why a text is not a number that can be ported.
///
/// `Display` says the reason; [`advice`](Self::advice) says what to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NumberProblem {
    /// There is nothing in it.
    Empty,
    /// There are letters in it.
    Letters,
    /// An extension follows the number.
    Extension,
    /// Its digits are not the ASCII ones: full-width, Arabic-Indic and the like.
    ForeignDigits,
    /// This character has no place in a number.
    Character(char),
    /// A `+` that is not the first sign, often a second number.
    MisplacedPlus,
    /// A spreadsheet wrote a quantity (`1.4155552671E+10`, `14155552671.0`); all digits are there, or
    /// all but zeros at the end (`4.4207183875E+11`).
    Spreadsheet,
    /// A spreadsheet wrote a quantity and rounded digits away (`1.41556E+10`).
    SpreadsheetRounded,
    /// An emergency number, such as 911.
    Emergency,
    /// Six digits or fewer, such as a short code.
    ShortCode,
    /// Too few digits after the `+`.
    TooShort,
    /// More digits than any number has.
    TooLong,
    /// It is in national form, and no country is given.
    CountryMissing,
    /// No country has the calling code after the `+`.
    UnknownCountryCode,
    /// No such number exists in the numbering plan of its country.
    NotInPlan,
    /// It is not in E.164 form, where nothing else is allowed.
    NotE164,
}

impl NumberProblem {
    /// What to do about it, as a phrase that fits after "please".
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Empty => "give a number or leave the line out",
            Self::Letters => "write the number in digits only",
            Self::Extension => {
                "leave the extension out: only whole numbers are ported, extensions are set up anew"
            }
            Self::ForeignDigits => "write it with the digits 0 to 9",
            Self::Character(_) => "use digits, blanks, '-', '.', '/', brackets and one leading '+'",
            Self::MisplacedPlus => "put '+' first only, and each number on a line of its own",
            Self::Spreadsheet => "format the column as text in the spreadsheet and export it again",
            Self::SpreadsheetRounded => {
                "go back to the original number: format the column as text before entering it"
            }
            Self::Emergency => "leave it out: it belongs to no customer",
            Self::ShortCode => {
                "give the whole number with area code; short codes are moved in another way"
            }
            Self::TooShort => "give the whole number with country and area code",
            Self::TooLong => "check for an extension or a second number on the same line",
            Self::CountryMissing => {
                "begin it with '+' and the country code, or say which country the list is from"
            }
            Self::UnknownCountryCode => "check the digits after the '+'",
            Self::NotInPlan => "check the digits and the area code",
            Self::NotE164 => "write '+', country code and number without blanks",
        }
    }
}

impl fmt::Display for NumberProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "there is no number",
            Self::Letters => "there are letters in it",
            Self::Extension => "it has an extension",
            Self::ForeignDigits => "its digits are not the plain ones, 0 to 9",
            Self::Character(c) => return write!(f, "{c:?} does not belong in a number"),
            Self::MisplacedPlus => "a '+' stands where it cannot",
            Self::Spreadsheet => "a spreadsheet has turned it into a quantity",
            Self::SpreadsheetRounded => {
                "a spreadsheet has turned it into a quantity and dropped digits"
            }
            Self::Emergency => "it is an emergency number",
            Self::ShortCode => "it has six digits or fewer, like a short code",
            Self::TooShort => "it has too few digits",
            Self::TooLong => "it has too many digits",
            Self::CountryMissing => "its country is not known",
            Self::UnknownCountryCode => "no country has this country code",
            Self::NotInPlan => "its country has no such number",
            Self::NotE164 => "it is not '+' and 7 to 15 digits, the first of them 1 to 9",
        })
    }
}

/// A text that is not a phone number: which, why, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is not a number to port: {problem}; {}{}", .problem.advice(), Meant(*.suggestion))]
pub struct InvalidNumber {
    text: Box<str>,
    problem: NumberProblem,
    suggestion: Option<PhoneNumber>,
}

impl InvalidNumber {
    pub(super) fn new(text: &str, problem: NumberProblem, suggestion: Option<PhoneNumber>) -> Self {
        Self {
            text: excerpt(text),
            problem,
            suggestion,
        }
    }

    /// The text: its first 40 characters, control characters escaped.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What is wrong with it.
    #[must_use]
    pub fn problem(&self) -> NumberProblem {
        self.problem
    }

    /// The number that was probably meant; a person should confirm it.
    #[must_use]
    pub fn suggestion(&self) -> Option<PhoneNumber> {
        self.suggestion
    }
}

/// "did you mean", when there is something to mean.
pub(super) struct Meant(pub(super) Option<PhoneNumber>);

impl fmt::Display for Meant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(number) => write!(f, " (did you mean {number}?)"),
            None => Ok(()),
        }
    }
}

/// The first 40 characters of `text`, safe to show: control and direction characters escaped.
pub(super) fn excerpt(text: &str) -> Box<str> {
    const SHOWN: usize = 40;
    let mut shown = String::with_capacity(text.len().min(SHOWN));
    for (i, c) in text.chars().take(SHOWN + 1).enumerate() {
        if i == SHOWN {
            shown.push('…');
        } else if c.is_control() || is_invisible(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown.into()
}

/// Whether a text holds nothing that can be seen.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_invisible(c))
}

/// Characters that take no place on the screen; phones and web pages add them to copied numbers.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_short_and_harmless() {
        assert_eq!(&*excerpt("a\u{7}\u{202e}b"), "a\\u{7}\\u{202e}b");
        assert_eq!(excerpt(&"é".repeat(1000)).chars().count(), 41);
        assert_eq!(&*excerpt(&"x".repeat(40)), "x".repeat(40));
    }

    #[test]
    fn an_error_says_the_reason_and_the_next_step() {
        let error = InvalidNumber::new("911", NumberProblem::Emergency, None).to_string();
        assert_eq!(
            error,
            "\"911\" is not a number to port: it is an emergency number; \
             leave it out: it belongs to no customer"
        );
    }
}
