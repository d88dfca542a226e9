//! What is wrong with a list: every bad line at once.

use std::fmt;

use super::problem::{Meant, excerpt};
use super::{NumberList, NumberProblem, PhoneNumber};

/// A text or file that is not a list of numbers to port.
///
/// When single lines are at fault, [`lines`](Self::lines) has them all, up to
/// [`NumberList::MAX_REPORTED`]; [`bad_lines`](Self::bad_lines) counts them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListError(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    problem: ListProblem,
    lines: Vec<BadLine>,
    bad_lines: usize,
}

/// What kept a text from being read as a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum ListProblem {
    /// Nothing in it but blanks or a header.
    #[error("there are no numbers in it; give at least one")]
    Empty,
    /// More than [`NumberList::MAX_BYTES`].
    #[error(
        "it is longer than {} bytes; give the number column only, or several lists",
        NumberList::MAX_BYTES
    )]
    TooManyBytes,
    /// More than [`NumberList::MAX_NUMBERS`].
    #[error(
        "it has more than {} entries; make several lists of it",
        NumberList::MAX_NUMBERS
    )]
    TooManyNumbers,
    /// No CSV text in an 8-bit character set.
    #[error("it is not plain text; save it as \"CSV UTF-8\" and try again")]
    NotText,
    /// There are several columns and a header, but no header for numbers.
    #[error(
        "no column is headed number, phone, phone_number, tn or did; \
         name the column of the numbers so"
    )]
    NoNumberColumn,
    /// Two columns are headed as number columns.
    #[error("two columns are headed as numbers; leave the right one and rename the other")]
    TwoNumberColumns,
    /// Some lines cannot be used.
    #[error("some lines cannot be used")]
    BadLines,
}

/// A line that cannot be used. An entry, when several stand on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    line: usize,
    text: Box<str>,
    problem: LineProblem,
    suggestion: Option<PhoneNumber>,
}

/// Why a line cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LineProblem {
    /// It is not a number.
    Number(NumberProblem),
    /// It repeats a number.
    Duplicate {
        /// The number.
        number: PhoneNumber,
        /// The line that has it first.
        first_line: usize,
    },
    /// A quoted cell begins here, ends lines later, and has swallowed what looks like numbers.
    OpenQuote {
        /// The line where the cell ends.
        last_line: usize,
    },
}

impl ListError {
    pub(super) fn of(problem: ListProblem) -> Self {
        Self(Box::new(Inner {
            problem,
            lines: Vec::new(),
            bad_lines: 0,
        }))
    }

    /// `lines` holds the first of `bad_lines`.
    pub(super) fn of_lines(lines: Vec<BadLine>, bad_lines: usize) -> Self {
        Self(Box::new(Inner {
            problem: ListProblem::BadLines,
            lines,
            bad_lines,
        }))
    }

    /// What kind of trouble it is.
    #[must_use]
    pub fn problem(&self) -> ListProblem {
        self.0.problem
    }

    /// The bad lines in order; only the first [`NumberList::MAX_REPORTED`] of very many.
    #[must_use]
    pub fn lines(&self) -> &[BadLine] {
        &self.0.lines
    }

    /// How many lines are bad, those not in [`lines`](Self::lines) included.
    #[must_use]
    pub fn bad_lines(&self) -> usize {
        self.0.bad_lines
    }
}

impl std::error::Error for ListError {}

impl fmt::Display for ListError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 5;
        let Inner {
            problem,
            lines,
            bad_lines,
        } = &*self.0;
        if lines.is_empty() {
            return write!(f, "this is no list of numbers: {problem}");
        }
        let what = if *bad_lines == 1 { "entry" } else { "entries" };
        write!(f, "{bad_lines} {what} of the list cannot be used")?;
        for line in lines.iter().take(SHOWN) {
            write!(f, "\n{line}")?;
        }
        match bad_lines.saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}

impl BadLine {
    pub(super) fn new(
        line: usize,
        text: &str,
        problem: LineProblem,
        suggestion: Option<PhoneNumber>,
    ) -> Self {
        Self {
            line,
            text: excerpt(text),
            problem,
            suggestion,
        }
    }

    /// The number of the line, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line
    }

    /// The text: its first 40 characters, control characters escaped.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Why it cannot be used.
    #[must_use]
    pub fn problem(&self) -> LineProblem {
        self.problem
    }

    /// The number that was probably meant; a person should confirm it.
    #[must_use]
    pub fn suggestion(&self) -> Option<PhoneNumber> {
        self.suggestion
    }
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            line,
            text,
            problem,
            suggestion,
        } = self;
        write!(
            f,
            "line {line}, \"{text}\": {problem}{}",
            Meant(*suggestion)
        )
    }
}

/// The reason and what to do.
impl fmt::Display for LineProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(problem) => write!(f, "{problem}; {}", problem.advice()),
            Self::Duplicate { number, first_line } => write!(
                f,
                "{number} is already on line {first_line}; leave one of the two out"
            ),
            Self::OpenQuote { last_line } => write!(
                f,
                "a quotation mark opened here closes only on line {last_line}, and numbers \
                 between are lost; close it on its own line"
            ),
        }
    }
}
