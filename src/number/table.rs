//! CSV lists.

use std::borrow::Cow;

use csv::{ByteRecord, ReaderBuilder};

use super::list_error::LineProblem;
use super::paste::{Entries, LineCounter};
use super::{ListError, ListProblem, NumberList, Region};

/// Headers of the number column, in small letters with `_` between words.
const HEADERS: &[&[u8]] = &[b"number", b"phone", b"phone_number", b"tn", b"did"];

/// Longer cells are no numbers; the rest of them is not looked at.
const KEPT: usize = 128;

/// What the first row says of the others.
#[derive(Clone, Copy)]
struct Columns {
    number: usize,
    width: usize,
}

pub(super) fn read(bytes: &[u8], region: Option<Region>) -> Result<NumberList, ListError> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if text.len() > NumberList::MAX_BYTES {
        return Err(ListError::of(ListProblem::TooManyBytes));
    }
    // UTF-16 has a NUL at every ASCII character, and no 8-bit text has one.
    if text.contains(&0) {
        return Err(ListError::of(ListProblem::NotText));
    }
    let separator = delimiter(text);
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(text);
    let mut record = ByteRecord::new();
    let mut lines = LineCounter::default();
    let mut entries = Entries::new(region);
    let mut columns = None;
    while reader
        .read_byte_record(&mut record)
        .map_err(|_| ListError::of(ListProblem::NotText))?
    {
        if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        let (known, is_header) = match columns {
            Some(known) => (known, false),
            None => {
                let named = header(&record)?;
                let known = Columns {
                    number: named.unwrap_or(0),
                    width: record.len(),
                };
                (*columns.insert(known), named.is_some())
            }
        };
        let line = lines.line_at(text, start(&record, text));
        if let Some(swallowed) = swallowing(&record, separator, known, is_header) {
            let last_line = line + record.iter().map(line_ends).sum::<usize>();
            let problem = LineProblem::OpenQuote { last_line };
            let cell = record.get(swallowed).unwrap_or_default();
            entries.push_bad(line, kept(cell).into_owned().into(), problem)?;
        } else if !is_header {
            let cell = record.get(known.number).unwrap_or_default();
            entries.push(line, kept(cell).into_owned().into())?;
        }
    }
    entries.into_list()
}

/// The separator that is most frequent in the first line, quoted parts left out.
fn delimiter(text: &[u8]) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    let start = text.trim_ascii_start();
    for byte in start.iter().take_while(|byte| !b"\r\n".contains(byte)) {
        quoted ^= *byte == b'"';
        for (separator, count) in &mut counts {
            *count += usize::from(!quoted && byte == separator);
        }
    }
    // The comma wins a tie.
    let best = counts.into_iter().rev().max_by_key(|(_, count)| *count);
    best.map_or(b',', |(separator, _)| separator)
}

/// The number column, if `record` is a header that names one.
fn header(record: &ByteRecord) -> Result<Option<usize>, ListError> {
    let mut named = record
        .iter()
        .enumerate()
        .filter(|(_, cell)| HEADERS.contains(&&*name(cell)))
        .map(|(column, _)| column);
    match (named.next(), named.next()) {
        (Some(_), Some(_)) => Err(ListError::of(ListProblem::TwoNumberColumns)),
        (Some(column), None) => Ok(Some(column)),
        // A row of several cells and not one digit can only be a header.
        _ if record.len() > 1 && !record.iter().flatten().any(u8::is_ascii_digit) => {
            Err(ListError::of(ListProblem::NoNumberColumn))
        }
        _ => Ok(None),
    }
}

fn name(cell: &[u8]) -> Vec<u8> {
    cell.trim_ascii()
        .iter()
        .take(KEPT)
        .map(|byte| match byte {
            b' ' | b'-' => b'_',
            _ => byte.to_ascii_lowercase(),
        })
        .collect()
}

/// Where the record's first line begins: the reader's place, past empty lines.
fn start(record: &ByteRecord, text: &[u8]) -> usize {
    let place = record.position().map_or(0, |position| position.byte());
    let place = usize::try_from(place).unwrap_or(usize::MAX).min(text.len());
    let blank = text[place..]
        .iter()
        .take_while(|byte| b"\r\n".contains(byte));
    place + blank.count()
}

/// How many lines end inside a cell: at `\n`, `\r\n` or `\r`.
fn line_ends(cell: &[u8]) -> usize {
    let ends = |at: &usize| match cell[*at] {
        b'\n' => true,
        b'\r' => cell.get(at + 1) != Some(&b'\n'),
        _ => false,
    };
    (0..cell.len()).filter(ends).count()
}

/// The cell that an open quotation mark made of several lines, if a number is lost by it. Addresses
/// of several lines are as they should be.
fn swallowing(
    record: &ByteRecord,
    separator: u8,
    known: Columns,
    is_header: bool,
) -> Option<usize> {
    let inside = |cell| swallows_numbers(cell, separator);
    record.iter().position(inside).or_else(|| {
        // Closed by another stray mark before that row's number, it puts the number into a column
        // where nobody reads it. A fax has a column of its own, so the row is no wider.
        let cell = record.iter().position(|cell| line_ends(cell) > 0)?;
        let mut later = record.iter().enumerate().skip(cell + 1);
        let unread =
            later.any(|(column, cell)| column != known.number && looks_like_a_number(cell));
        (unread && (is_header || record.len() > known.width)).then_some(cell)
    })
}

/// Whether a cell runs over several lines, and a later one looks like a number, or the first does
/// where a separator ended what the mark should have quoted.
fn swallows_numbers(cell: &[u8], separator: u8) -> bool {
    let mut lines = cell.split(|byte| b"\r\n".contains(byte));
    let first = lines.next().unwrap_or_default();
    let past = first.iter().position(|byte| *byte == separator);
    let past = past.filter(|_| first.len() < cell.len());
    lines.any(looks_like_a_number) || past.is_some_and(|at| looks_like_a_number(&first[at..]))
}

/// Whether it has ten digits in a row, as numbers have, with what people write between them.
fn looks_like_a_number(text: &[u8]) -> bool {
    text.split(|byte| byte.is_ascii() && !byte.is_ascii_digit() && !b" ()+-./".contains(byte))
        .any(|run| run.iter().filter(|byte| byte.is_ascii_digit()).count() >= 10)
}

fn kept(cell: &[u8]) -> Cow<'_, str> {
    let cell = cell.trim_ascii();
    String::from_utf8_lossy(cell.get(..KEPT).unwrap_or(cell))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_is_found() {
        for (text, expected) in [
            ("", b','),
            ("+14155552671\n", b','),
            ("name,phone\n", b','),
            ("\nname;phone\n1,2,3,4", b';'),
            ("name\tphone", b'\t'),
            ("\"a,b,c\";phone", b';'),
        ] {
            assert_eq!(delimiter(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn a_cell_swallows_numbers_only_over_lines() {
        for cell in [
            &b"Acme\n+1 (415) 555-2671,Bell\n"[..],
            b"Acme\r415/555/2671",
            b"Acme,415\xa0555\xa02671\nBell",
        ] {
            assert!(swallows_numbers(cell, b','), "{cell:?}");
        }
        for cell in [
            &b"+1 (415) 555-2671"[..],
            b"Acme, +1 (415) 555-2671",
            b"+1 (415) 555-2671\nAcme",
            b"Acme, +1 (415) 555-2671;\nBell",
            b"1 Main Street\nOakland, CA 94105-1234",
        ] {
            assert!(!swallows_numbers(cell, b';'), "{cell:?}");
        }
    }

    #[test]
    fn every_kind_of_line_end_is_one() {
        for (cell, ends) in [(&b""[..], 0), (b"a\rb\nc\r\nd", 3), (b"\r\n\r\r", 3)] {
            assert_eq!(line_ends(cell), ends, "{cell:?}");
        }
    }
}
