//! Pasted text, and what pasted text and tables have in common.

use std::borrow::Cow;
use std::collections::{HashMap, hash_map};

use super::list_error::{BadLine, LineProblem};
use super::syntax::{self, Gated};
use super::{InvalidList, ListError, ListProblem, NumberList, PhoneNumber, Region};

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
            entries.push(lines.line_at(text.as_bytes(), start), item.into())?;
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

/// The entries of a list: gathered first, then judged country by country, so that the patterns of
/// one are at hand for all its numbers; told in the order they came.
pub(super) struct Entries<'t> {
    region: Option<Region>,
    entries: Vec<Entry<'t>>,
}

struct Entry<'t> {
    line: usize,
    text: Cow<'t, str>,
    found: Found,
}

enum Found {
    Gated(Gated),
    Judged(Judged),
}

/// A number, or what is wrong and what was probably meant.
type Judged = Result<PhoneNumber, (LineProblem, Option<PhoneNumber>)>;

impl<'t> Entries<'t> {
    pub(super) fn new(region: Option<Region>) -> Self {
        Self {
            region,
            entries: Vec::new(),
        }
    }

    /// Takes an entry as a number.
    pub(super) fn push(&mut self, line: usize, text: Cow<'t, str>) -> Result<(), ListError> {
        let found = Found::Gated(syntax::gate(&text));
        self.add(Entry { line, text, found })
    }

    /// Takes an entry that is bad.
    pub(super) fn push_bad(
        &mut self,
        line: usize,
        text: Cow<'t, str>,
        problem: LineProblem,
    ) -> Result<(), ListError> {
        let found = Found::Judged(Err((problem, None)));
        self.add(Entry { line, text, found })
    }

    fn add(&mut self, entry: Entry<'t>) -> Result<(), ListError> {
        if self.entries.len() == NumberList::MAX_NUMBERS {
            return Err(ListError::of(ListProblem::TooManyNumbers));
        }
        self.entries.push(entry);
        Ok(())
    }

    /// The list, if every entry is good and none repeats another.
    pub(super) fn into_list(mut self) -> Result<NumberList, ListError> {
        self.judge();
        let good: Vec<PhoneNumber> = self.entries.iter().filter_map(Entry::number).collect();
        if good.len() == self.entries.len() {
            match NumberList::new(good) {
                Ok(list) => return Ok(list),
                Err(InvalidList::Empty) => return Err(ListError::of(ListProblem::Empty)),
                Err(InvalidList::Duplicates(_)) => {}
            }
        }
        Err(self.bad_lines())
    }

    fn judge(&mut self) {
        let mut order: Vec<(u16, usize)> = self
            .entries
            .iter()
            .enumerate()
            .map(|(index, entry)| (entry.found.start(), index))
            .collect();
        order.sort_unstable();
        for (_, index) in order {
            let found = &mut self.entries[index].found;
            if let Found::Gated(gated) = found {
                let verdict = gated.verdict(self.region);
                *found = Found::Judged(
                    verdict.map_err(|(problem, meant)| (LineProblem::Number(problem), meant)),
                );
            }
        }
    }

    /// What is wrong with the entries, all of them judged.
    fn bad_lines(self) -> ListError {
        let mut first_lines = HashMap::with_capacity(self.entries.len());
        let mut bad = Vec::new();
        let mut count = 0;
        for Entry { line, text, found } in self.entries {
            let (problem, meant) = match found {
                Found::Gated(_) => continue,
                Found::Judged(Err(wrong)) => wrong,
                Found::Judged(Ok(number)) => match first_lines.entry(number) {
                    hash_map::Entry::Vacant(first) => {
                        first.insert(line);
                        continue;
                    }
                    hash_map::Entry::Occupied(first) => {
                        let first_line = *first.get();
                        (LineProblem::Duplicate { number, first_line }, None)
                    }
                },
            };
            count += 1;
            if bad.len() < NumberList::MAX_REPORTED {
                bad.push(BadLine::new(line, &text, problem, meant));
            }
        }
        ListError::of_lines(bad, count)
    }
}

impl Entry<'_> {
    fn number(&self) -> Option<PhoneNumber> {
        match self.found {
            Found::Judged(Ok(number)) => Some(number),
            _ => None,
        }
    }
}

impl Found {
    /// What brings the numbers of one country together.
    fn start(&self) -> u16 {
        match self {
            Self::Gated(gated) => gated.start(),
            Self::Judged(_) => 0,
        }
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
