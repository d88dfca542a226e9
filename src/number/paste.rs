//! Pasted text, and what pasted text and tables have in common.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::list_error::{BadLine, LineProblem};
use super::syntax;
use super::{ListError, ListProblem, NumberList, PhoneNumber, Region};

/// Reads numbers on lines, or parted by commas, semicolons or tabs.
pub(super) fn read(text: &str, region: Option<Region>) -> Result<NumberList, ListError> {
    if text.len() > NumberList::MAX_BYTES {
        return Err(ListError::of(ListProblem::TooManyBytes));
    }
    let mut entries = Entries::new(region);
    let mut lines = LineCounter::default();
    let mut start = 0;
    for item in text.split([',', ';', '\t', '\n', '\r']) {
        if item.contains(|c: char| !c.is_whitespace() && c != '\u{feff}') {
            entries.push(lines.line_at(text.as_bytes(), start), item)?;
        }
        start += item.len() + 1;
    }
    entries.into_list()
}

/// Counts lines up to a place that only moves forward. `\n`, `\r\n` and `\r` end a line.
#[derive(Default)]
pub(super) struct LineCounter {
    ends: usize,
    at: usize,
}

impl LineCounter {
    /// The number, from 1, of the line that `place` is on.
    pub(super) fn line_at(&mut self, text: &[u8], place: usize) -> usize {
        for i in self.at..place {
            let ends = match text.get(i) {
                Some(b'\n') => true,
                Some(b'\r') => text.get(i + 1) != Some(&b'\n'),
                _ => false,
            };
            self.ends += usize::from(ends);
        }
        self.at = self.at.max(place);
        self.ends + 1
    }
}

/// The entries of a list as they come: good numbers, and what is wrong with the others.
///
/// Each is judged as it comes. Sorting them by country first would gain next to nothing: the
/// patterns of every country asked for stay compiled.
pub(super) struct Entries {
    region: Option<Region>,
    seen: usize,
    numbers: Vec<PhoneNumber>,
    first_lines: HashMap<PhoneNumber, usize>,
    bad: Vec<BadLine>,
    bad_lines: usize,
}

impl Entries {
    pub(super) fn new(region: Option<Region>) -> Self {
        Self {
            region,
            seen: 0,
            numbers: Vec::new(),
            first_lines: HashMap::new(),
            bad: Vec::new(),
            bad_lines: 0,
        }
    }

    /// Takes an entry as a number.
    pub(super) fn push(&mut self, line: usize, text: &str) -> Result<(), ListError> {
        match syntax::gate(text).verdict(self.region) {
            Err((problem, meant)) => self.push_bad(line, text, LineProblem::Number(problem), meant),
            Ok(number) => match self.first_lines.entry(number) {
                Entry::Occupied(first) => {
                    let first_line = *first.get();
                    let problem = LineProblem::Duplicate { number, first_line };
                    self.push_bad(line, text, problem, None)
                }
                Entry::Vacant(first) => {
                    first.insert(line);
                    self.numbers.push(number);
                    self.count()
                }
            },
        }
    }

    /// Takes an entry that is bad.
    pub(super) fn push_bad(
        &mut self,
        line: usize,
        text: &str,
        problem: LineProblem,
        meant: Option<PhoneNumber>,
    ) -> Result<(), ListError> {
        self.bad_lines += 1;
        if self.bad.len() < NumberList::MAX_REPORTED {
            self.bad.push(BadLine::new(line, text, problem, meant));
        }
        self.count()
    }

    fn count(&mut self) -> Result<(), ListError> {
        self.seen += 1;
        if self.seen > NumberList::MAX_NUMBERS {
            return Err(ListError::of(ListProblem::TooManyNumbers));
        }
        Ok(())
    }

    /// The list, if every entry is good and none repeats another.
    pub(super) fn into_list(self) -> Result<NumberList, ListError> {
        if self.bad_lines > 0 {
            return Err(ListError::of_lines(self.bad, self.bad_lines));
        }
        // Repeated numbers are among the bad lines, so only emptiness is left to refuse.
        NumberList::new(self.numbers).map_err(|_| ListError::of(ListProblem::Empty))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_end_counts_once() {
        let text = b"a\nb\r\nc\rd\r\n\r\ne";
        let mut lines = LineCounter::default();
        let seen: Vec<usize> = text
            .iter()
            .enumerate()
            .filter(|(_, byte)| byte.is_ascii_alphabetic())
            .map(|(place, _)| lines.line_at(text, place))
            .collect();
        assert_eq!(seen, [1, 2, 3, 4, 6]);
    }
}
