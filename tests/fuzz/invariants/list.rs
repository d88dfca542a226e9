//! What must hold whatever is read as numbers.

use std::collections::{HashMap, HashSet};
use std::str;

use snap_port::{
    LineProblem, ListError, ListProblem, NumberList, NumberProblem, PhoneNumber, Region,
};

/// Panics where a rule is broken; otherwise tells whether the data was read as a list.
///
/// A first line that names a region is taken off and used; all else is read without one.
pub(crate) fn check(data: &[u8]) -> bool {
    let (region, bytes) = region(data);
    let table = NumberList::from_csv_bytes(bytes, region);
    match &table {
        Ok(list) => parsed(list),
        Err(error) => {
            told(error, bytes);
            on_its_line(error, bytes);
        }
    }
    if let Ok(list) = serde_json::from_slice(bytes) {
        whole(&list);
    }
    if !bytes.starts_with(b"\xef\xbb\xbf") {
        let marked = [b"\xef\xbb\xbf", bytes].concat();
        assert_eq!(NumberList::from_csv_bytes(&marked, region), table);
    }
    let Ok(text) = str::from_utf8(bytes) else {
        return table.is_ok();
    };
    assert_eq!(NumberList::from_csv(text, region), table);
    if let Ok(list) = &table {
        marks_lose_nothing(text, region, list);
    }
    let paste = NumberList::parse(text, region);
    match &paste {
        Ok(list) => parsed(list),
        Err(error) => told(error, bytes),
    }
    assert_eq!(described(&paste), line_by_line(text, region));
    if is_plain_column(text) {
        assert_eq!(described(&table), described(&paste));
    }
    one(text, region);
    table.is_ok() || paste.is_ok()
}

fn region(data: &[u8]) -> (Option<Region>, &[u8]) {
    let Some(end) = data.iter().position(|byte| *byte == b'\n') else {
        return (None, data);
    };
    match str::from_utf8(&data[..end]).map(Region::new) {
        Ok(Ok(region)) => {
            assert_eq!(region.as_str().parse(), Ok(region));
            (Some(region), &data[end + 1..])
        }
        Ok(Err(unknown)) => {
            harmless(&unknown.to_string());
            (None, data)
        }
        Err(_) => (None, data),
    }
}

/// One number is read the same everywhere, and its text is itself.
fn one(text: &str, region: Option<Region>) {
    match PhoneNumber::from_e164(text) {
        Ok(number) => assert_eq!(number.as_str(), text),
        Err(error) => {
            assert_eq!(error.problem(), NumberProblem::NotE164);
            harmless(&error.to_string());
        }
    }
    let read = PhoneNumber::parse(text, region);
    match &read {
        Ok(number) => valid(*number),
        Err(error) => {
            advised(error.problem());
            harmless(error.text());
            harmless(&format!("{error} {error:?}"));
            error.suggestion().into_iter().for_each(valid);
        }
    }
    if text.trim().starts_with('+') {
        assert_eq!(PhoneNumber::parse(text, None), read);
    }
}

/// What people's text became, or was suggested: a number that stays what it is.
fn valid(number: PhoneNumber) {
    assert!((8..=16).contains(&number.as_str().len()), "{number}");
    assert_eq!(PhoneNumber::from_e164(number.as_str()), Ok(number));
    assert_eq!(PhoneNumber::parse(number.as_str(), None), Ok(number));
}

/// A list has numbers, none twice, and is written and read as it is.
fn whole(list: &NumberList) {
    assert!((1..=NumberList::MAX_NUMBERS).contains(&list.len()));
    assert_eq!(list.iter().collect::<HashSet<_>>().len(), list.len());
    assert!(list.iter().all(|number| list.contains(number)));
    assert_eq!(list.without(list), None);
    for number in list {
        assert_eq!(PhoneNumber::from_e164(number.as_str()), Ok(*number));
        let _ = (number.region(), number.kind());
    }
    for need in list.needs() {
        assert!(list.contains_all(need.numbers()));
        harmless(&need.to_string());
    }
    let stored = serde_json::to_vec(list).unwrap();
    assert_eq!(
        serde_json::from_slice::<NumberList>(&stored).unwrap(),
        *list
    );
}

/// What was read of people's text is valid, and written as text it is read the same.
fn parsed(list: &NumberList) {
    whole(list);
    list.iter().copied().for_each(valid);
    let numbers: Vec<&str> = list.iter().map(PhoneNumber::as_str).collect();
    let text = numbers.join("\n");
    assert_eq!(NumberList::parse(&text, None).as_ref(), Ok(list));
    assert_eq!(NumberList::from_csv(&text, None).as_ref(), Ok(list));
}

/// An error says something of use, and nothing that harms who reads it.
fn told(error: &ListError, bytes: &[u8]) {
    harmless(&error.to_string());
    let shown = error.bad_lines().min(NumberList::MAX_REPORTED);
    assert_eq!(error.lines().len(), shown);
    assert_eq!(error.problem() == ListProblem::BadLines, shown > 0);
    let last = lines(bytes).len();
    let mut before = 1;
    for bad in error.lines() {
        assert!((before..=last).contains(&bad.line()), "{bad} of {last}");
        before = bad.line();
        harmless(bad.text());
        harmless(&format!("{bad} {bad:?}"));
        bad.suggestion().into_iter().for_each(valid);
        match bad.problem() {
            LineProblem::Number(problem) => advised(problem),
            LineProblem::Duplicate { number, first_line } => {
                valid(number);
                assert!((1..=bad.line()).contains(&first_line), "{bad}");
            }
            LineProblem::OpenQuote { last_line } => {
                assert!((bad.line() + 1..=last).contains(&last_line), "{bad}");
            }
            _ => {}
        }
    }
}

fn advised(problem: NumberProblem) {
    assert_ne!(problem, NumberProblem::NotE164, "people need not know it");
    assert!(!problem.advice().is_empty());
}

/// Nothing that a terminal or a page would obey instead of showing it.
fn harmless(shown: &str) {
    let obeyed = |c: char| {
        let turns = matches!(
            c,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        );
        turns || (c.is_control() && c != '\n')
    };
    assert_eq!(shown.chars().find(|c| obeyed(*c)), None, "{shown:?}");
}

/// The lines of a file, without their ends.
fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    let mut lines: Vec<&[u8]> = bytes.split(|byte| b"\r\n".contains(byte)).collect();
    // Between `\r` and `\n` there is no line.
    let mut start = 0;
    lines.retain(|line| {
        let between = line.is_empty() && start > 0 && bytes[start - 1..].starts_with(b"\r\n");
        start += line.len() + 1;
        !between
    });
    lines
}

/// Where no quotation mark joins lines, what is shown of a bad one stands on it.
fn on_its_line(error: &ListError, bytes: &[u8]) {
    if bytes.contains(&b'"') {
        return;
    }
    let lines = lines(bytes);
    for bad in error.lines() {
        let shown = bad.text().as_bytes();
        let line = lines[bad.line() - 1];
        let as_it_is = shown.iter().all(|b| b.is_ascii_graphic() || *b == b' ');
        assert!(
            !as_it_is
                || shown.contains(&b'\\')
                || shown.is_empty()
                || line.windows(shown.len()).any(|part| part == shown),
            "{bad} is not on {line:?}"
        );
    }
}

/// One entry as the list reports it: its line, and why it is bad, or the number.
type Told = Vec<(usize, LineProblem, Option<PhoneNumber>)>;

fn described(read: &Result<NumberList, ListError>) -> Result<Vec<PhoneNumber>, (usize, Told)> {
    match read {
        Ok(list) => Ok(list.as_slice().to_vec()),
        Err(error) => {
            let lines = error.lines().iter();
            let lines = lines.map(|bad| (bad.line(), bad.problem(), bad.suggestion()));
            Err((error.bad_lines(), lines.collect()))
        }
    }
}

/// What a pasted text must become, told from its single entries.
fn line_by_line(text: &str, region: Option<Region>) -> Result<Vec<PhoneNumber>, (usize, Told)> {
    let (mut numbers, mut first_lines, mut bad) = (Vec::new(), HashMap::new(), Vec::new());
    for (at, line) in lines(text.as_bytes()).into_iter().enumerate() {
        // A line ends at an ASCII character, so it is text too.
        for entry in str::from_utf8(line).unwrap().split([',', ';', '\t']) {
            if entry.replace('\u{feff}', "").trim().is_empty() {
                continue;
            }
            match PhoneNumber::parse(entry, region) {
                Ok(number) => match first_lines.get(&number) {
                    Some(&first_line) => {
                        let problem = LineProblem::Duplicate { number, first_line };
                        bad.push((at + 1, problem, None));
                    }
                    None => {
                        first_lines.insert(number, at + 1);
                        numbers.push(number);
                    }
                },
                Err(error) => {
                    let problem = LineProblem::Number(error.problem());
                    bad.push((at + 1, problem, error.suggestion()));
                }
            }
        }
    }
    let count = bad.len();
    bad.truncate(NumberList::MAX_REPORTED);
    if count > 0 || numbers.is_empty() {
        Err((count, bad))
    } else {
        Ok(numbers)
    }
}

/// Whether the text is one column of entries without a header: then a paste and a table are one.
fn is_plain_column(text: &str) -> bool {
    let plain = |b: u8| (b.is_ascii_graphic() && !b"\",;".contains(&b)) || b" \r\n".contains(&b);
    let mut rows = text
        .split(['\r', '\n'])
        .map(str::trim)
        .filter(|row| !row.is_empty());
    text.bytes().all(plain)
        && rows.clone().all(|row| row.len() <= 100)
        && rows
            .next()
            .is_some_and(|first| first.bytes().any(|b| b.is_ascii_digit()))
}

/// Two quotation marks that stand anywhere before cells of a table do not lose a number in silence.
fn marks_lose_nothing(text: &str, region: Option<Region>, list: &NumberList) {
    let plain = |b: u8| (b.is_ascii_graphic() && !b"\"';\t".contains(&b)) || b" \r\n".contains(&b);
    // Ten digits tell a number from what else stands on several lines.
    let long = list.iter().all(|number| number.as_str().len() > 10);
    let at_home = region.is_none() || region == Some(Region::US);
    let rows: Vec<&str> = text.split(['\r', '\n']).collect();
    let filled = rows.iter().filter(|row| !row.trim().is_empty());
    let mut widths = filled.map(|row| row.split(',').count());
    let width = widths.next().unwrap_or_default();
    if !text.bytes().all(plain) || !long || !at_home || !widths.all(|other| other == width) {
        return;
    }
    let mut starts = Vec::new();
    let mut place = 0;
    for (at, row) in rows.iter().enumerate() {
        for cell in row.split(',') {
            if !row.trim().is_empty() {
                starts.push((at, place));
            }
            place += cell.len() + 1;
        }
    }
    let mut dice = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |dice, byte| {
        (dice ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    for _ in 0..8 {
        dice = dice.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        let first = (dice >> 33) as usize % starts.len();
        let second = first + (dice >> 48) as usize % (starts.len() - first);
        let ((one, first), (other, second)) = (starts[first], starts[second]);
        // Two on one line may quote what belongs together.
        if one == other {
            continue;
        }
        let mut marked = text.to_owned();
        marked.insert(second, '"');
        marked.insert(first, '"');
        if let Ok(read) = NumberList::from_csv(&marked, region) {
            assert_eq!(&read, list, "{marked:?}");
        }
    }
}
