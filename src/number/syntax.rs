//! The strict look at the text, before any numbering plan is asked.
//!
//! `phonenumber` reads generously: letters become digits, extensions are cut off, text around a
//! number is skipped. In a list of numbers to move each of these is a mistake to be asked about.

use super::plan::{self, Digits};
use super::problem::is_invisible;
use super::{NumberProblem, PhoneNumber, Region};

/// The rest of a longer text is not read; no way of writing one number needs as much.
const LONGEST: usize = 100;

/// Dialled alone, these reach help in many countries. Other short numbers are only short.
const EMERGENCY: &[&str] = &[
    "000", "100", "101", "102", "103", "108", "110", "111", "112", "113", "117", "118", "119",
    "190", "191", "192", "193", "911", "999",
];

/// Digits as typed, punctuation gone.
pub(super) struct Typed {
    international: bool,
    digits: Digits,
}

/// A text after the strict look.
pub(super) struct Gated {
    /// What is wrong with it as text.
    problem: Option<NumberProblem>,
    /// Its digits, or those it would have with the problem mended.
    typed: Option<Typed>,
}

/// The end of the road for one text: a number, or a problem and what was probably meant.
pub(super) type Verdict = Result<PhoneNumber, (NumberProblem, Option<PhoneNumber>)>;

/// Looks at one text.
pub(super) fn gate(text: &str) -> Gated {
    let whole = unwrap(text);
    let read = match whole.char_indices().nth(LONGEST) {
        Some((end, _)) => &whole[..end],
        None => whole,
    };
    let long = read.len() < whole.len();
    let (problem, typed) = match (spreadsheet(read), strict(read)) {
        (Some((problem, meant)), _) if !long => (Some(problem), meant),
        (_, Ok(_)) if long => (Some(NumberProblem::TooLong), None),
        (_, Err(problem)) if long => (Some(problem), None),
        (_, Ok(typed)) if typed.is_emergency() => (Some(NumberProblem::Emergency), None),
        (_, Ok(typed)) => (None, Some(typed)),
        (_, Err(problem)) => (Some(problem), mend(read, problem)),
    };
    Gated { problem, typed }
}

impl Gated {
    /// Its first three digits, as a number: country code, or area code.
    pub(super) fn start(&self) -> u16 {
        let digits = self
            .typed
            .as_ref()
            .map_or("", |typed| typed.digits.as_str());
        let start = digits.get(..3).unwrap_or(digits);
        start.parse().unwrap_or_default()
    }

    /// Asks the numbering plans.
    pub(super) fn verdict(&self, region: Option<Region>) -> Verdict {
        let resolved = match &self.typed {
            Some(typed) => typed.resolve(region),
            None => Err((NumberProblem::Empty, None)),
        };
        match (self.problem, resolved) {
            (None, verdict) => verdict,
            (Some(problem), Ok(number)) => Err((problem, Some(number))),
            (Some(problem), Err((_, suggestion))) => Err((problem, suggestion)),
        }
    }
}

impl Typed {
    fn is_emergency(&self) -> bool {
        !self.international && EMERGENCY.contains(&self.digits.as_str())
    }

    fn resolve(&self, region: Option<Region>) -> Verdict {
        let digits = self.digits.as_str();
        if self.international {
            return plan::international(digits).map_err(|problem| (problem, None));
        }
        let problem = match region {
            Some(region) => match plan::national(digits, region) {
                Ok(number) => return Ok(number),
                Err(problem) => problem,
            },
            None if digits.len() <= 6 => NumberProblem::ShortCode,
            None => NumberProblem::CountryMissing,
        };
        Err((problem, plan::guess(digits)))
    }
}

/// The text without blanks, quotes, and what spreadsheets put before a number to keep it text.
fn unwrap(text: &str) -> &str {
    fn trim(text: &str) -> &str {
        text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c))
    }
    let text = trim(text);
    let formula = text.strip_prefix('=').filter(|rest| rest.starts_with('"'));
    let text = formula.unwrap_or(text);
    let quoted = ['"', '\'']
        .into_iter()
        .find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote));
    let text = quoted.unwrap_or(text);
    trim(text.strip_prefix(['\'', '’']).unwrap_or(text))
}

/// Digits, one leading `+`, and the punctuation people write between them; nothing else.
fn strict(text: &str) -> Result<Typed, NumberProblem> {
    let mut digits = Digits::new();
    let mut international = false;
    let (mut letters, mut foreign, mut misplaced, mut full) = (false, false, false, false);
    let mut stranger = None;
    for c in text.chars() {
        match c {
            '0'..='9' => full |= !digits.push(c as u8),
            '+' => {
                misplaced |= international || digits.len() > 0;
                international = true;
            }
            '-' | '.' | '(' | ')' | '/' | '\u{2010}'..='\u{2015}' | '\u{2212}' => {}
            '＋' => foreign = true,
            _ if c.is_whitespace() || is_invisible(c) => {}
            _ if c.is_numeric() => foreign = true,
            _ if c.is_alphabetic() => letters = true,
            _ => stranger = stranger.or(Some(c)),
        }
    }
    Err(match stranger {
        _ if (letters || stranger.is_some()) && without_extension(text).is_some() => {
            NumberProblem::Extension
        }
        _ if foreign => NumberProblem::ForeignDigits,
        _ if letters => NumberProblem::Letters,
        Some(c) => NumberProblem::Character(c),
        None if misplaced => NumberProblem::MisplacedPlus,
        None if full => NumberProblem::TooLong,
        None if digits.len() == 0 => NumberProblem::Empty,
        None => {
            return Ok(Typed {
                international,
                digits,
            });
        }
    })
}

/// The digits that `text` would have with its problem mended.
fn mend(text: &str, problem: NumberProblem) -> Option<Typed> {
    match problem {
        NumberProblem::Extension => strict(without_extension(text)?).ok(),
        NumberProblem::ForeignDigits => strict(&with_plain_digits(text)).ok(),
        NumberProblem::Letters => match strict(without_label(text)?) {
            Ok(typed) if typed.digits.len() >= 7 => Some(typed),
            _ => strict(&by_keypad(text)?).ok(),
        },
        NumberProblem::MisplacedPlus => {
            let (before, number) = text.split_at(text.rfind('+')?);
            // "2. +1 ..." counts lines; more digits are another number, not to be dropped.
            let counter = before.chars().filter(char::is_ascii_digit).count() <= 3;
            strict(number).ok().filter(|_| counter)
        }
        _ => None,
    }
}

/// What stands before an extension: "x12", "ext. 12", "#12", ";ext=12".
fn without_extension(text: &str) -> Option<&str> {
    let mut digits = 0;
    let mark = text.find(|c: char| {
        digits += usize::from(c.is_ascii_digit());
        c.is_alphabetic() || matches!(c, '#' | ';' | ',')
    })?;
    let (number, rest) = text.split_at(mark);
    let rest = rest
        .trim_start_matches([';', ',', ' '])
        .to_ascii_lowercase();
    let extension = ["extension", "extn", "ext", "x", "#"]
        .into_iter()
        .find_map(|word| rest.strip_prefix(word))?
        .trim_start_matches(['.', ':', '=', '-', '#', ' ']);
    let is_extension = !extension.is_empty() && extension.bytes().all(|b| b.is_ascii_digit());
    (digits >= 7 && is_extension).then_some(number)
}

/// The text without words before or after the number, such as "Tel:" or "(office)".
fn without_label(text: &str) -> Option<&str> {
    let from = text.find(|c: char| c.is_ascii_digit() || c == '+')?;
    let to = text.rfind(|c: char| c.is_ascii_digit())? + 1;
    let number = text.get(from..to)?;
    // A letter right at a digit is a slip of the finger, and the digit it stands for is missing.
    let slip = text[to..].starts_with(char::is_alphabetic)
        || (text[..from].ends_with(char::is_alphabetic) && !number.starts_with('+'));
    Some(if slip { "" } else { number })
}

/// "1-800-FLOWERS" in digits; `None` without a word of three letters.
fn by_keypad(text: &str) -> Option<String> {
    let has_word = text
        .split(|c: char| !c.is_ascii_alphabetic())
        .any(|word| word.len() >= 3);
    has_word.then(|| {
        text.chars()
            .map(|c| match c.to_ascii_lowercase() {
                'a'..='c' => '2',
                'd'..='f' => '3',
                'g'..='i' => '4',
                'j'..='l' => '5',
                'm'..='o' => '6',
                'p'..='s' => '7',
                't'..='v' => '8',
                'w'..='z' => '9',
                _ => c,
            })
            .collect()
    })
}

fn with_plain_digits(text: &str) -> String {
    // Full-width, Arabic-Indic, Persian, Devanagari, Bengali, Thai.
    const ZEROS: [u32; 6] = [0xff10, 0x660, 0x6f0, 0x966, 0x9e6, 0xe50];
    text.chars()
        .map(|c| {
            let digit = ZEROS
                .into_iter()
                .filter_map(|zero| u32::from(c).checked_sub(zero))
                .find_map(|value| char::from_digit(value, 10));
            match c {
                '＋' => '+',
                _ => digit.unwrap_or(c),
            }
        })
        .collect()
}

/// A quantity a spreadsheet made of a number, and the digits if all are still there.
fn spreadsheet(text: &str) -> Option<(NumberProblem, Option<Typed>)> {
    let digits_only = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let (mantissa, exponent) = match text.split_once(['E', 'e']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (text, None),
    };
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
    let unsigned = whole.strip_prefix('+').unwrap_or(whole);
    if unsigned.is_empty() || !digits_only(unsigned) || !digits_only(fraction) {
        return None;
    }
    let all = match exponent {
        Some(exponent) => {
            let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
            let power: usize = exponent.parse().ok().filter(|_| digits_only(exponent))?;
            let dropped = power
                .checked_sub(fraction.len())
                .filter(|_| unsigned.len() == 1);
            match dropped {
                Some(0) => Some(mantissa.to_owned()),
                // Some write no zeros at the end: 4.4207183875E+11. Who rounds keeps fewer digits.
                Some(zeros) if fraction.len() >= 8 && power < 15 => {
                    Some(format!("{mantissa}{}", "0".repeat(zeros)))
                }
                _ => None,
            }
        }
        // Only zeros after the point of something too long for a group: 14155552671.0
        None if unsigned.len() >= 7 && matches!(fraction, "0" | "00") => Some(whole.to_owned()),
        None => return None,
    };
    Some(match all {
        // strict() passes over the point.
        Some(all) => (
            NumberProblem::Spreadsheet,
            strict(&all.replace(',', ".")).ok(),
        ),
        None => (NumberProblem::SpreadsheetRounded, None),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use NumberProblem as P;

    fn problem(text: &str) -> Option<P> {
        gate(text).problem
    }

    #[test]
    fn what_people_write_between_digits_is_passed_over() {
        for text in [
            "+1 (415) 555-2671",
            "(+1) 415/555.2671",
            " \u{feff}\u{202d}+1\u{a0}415‑555–2671\u{202c}\r\n",
            "'+14155552671",
            "=\"+14155552671\"",
            "\"+1 415 555 2671\"",
        ] {
            let gated = gate(text);
            assert_eq!(gated.problem, None, "{text}");
            let typed = gated.typed.unwrap();
            assert_eq!(typed.digits.as_str(), "14155552671");
            assert!(typed.international);
        }
    }

    #[test]
    fn everything_else_has_a_reason_of_its_own() {
        for (text, expected) in [
            ("", P::Empty),
            (" - ", P::Empty),
            ("+1202555017a", P::Letters),
            ("1-800-FLOWERS", P::Letters),
            ("+1 415 555 2671 x", P::Letters),
            ("+1 415 555 2671 x12", P::Extension),
            ("415 555 2671 ext. 12", P::Extension),
            ("4155552671;ext=12", P::Extension),
            ("415 555 2671 #12", P::Extension),
            ("+１４１５５５５２６７１", P::ForeignDigits),
            ("٠١٢٣٤٥٦٧٨٩", P::ForeignDigits),
            ("*67 415 555 2671", P::Character('*')),
            ("1 415 555 2671 +1 415 555 2672", P::MisplacedPlus),
            ("++14155552671", P::MisplacedPlus),
            ("4155552671 / 4155552672 / 4155552673", P::TooLong),
            ("911", P::Emergency),
            ("1.4155552671E+10", P::Spreadsheet),
            ("1,4155552671e10", P::Spreadsheet),
            ("14155552671.0", P::Spreadsheet),
            ("1.41556E+10", P::SpreadsheetRounded),
        ] {
            assert_eq!(problem(text), Some(expected), "{text}");
        }
        // Dots group digits too.
        assert_eq!(problem("415.555.2671"), None);
        assert_eq!(problem("911 555 0000"), None);
    }

    #[test]
    fn a_long_text_is_refused_unread() {
        assert_eq!(problem(&"- ".repeat(1_000_000)), Some(P::Empty));
        assert_eq!(problem(&"1 ".repeat(1_000_000)), Some(P::TooLong));
        assert!(gate(&"a".repeat(1_000_000)).typed.is_none());
    }
}
