//! The pages that say what holds a rule name tests that exist: `src/process.md`, which quotes every
//! sentence of the process, and `src/twilio/traps.md`.

use std::fs;
use std::path::Path;

const PAGE: &str = include_str!("../src/process.md");
const TRAPS: &str = include_str!("../src/twilio/traps.md");
const PROCESS: &str = include_str!("process/process.txt");
const TITLE: &str = "The process, step by step";

/// A row of the page's tables.
struct Row<'a> {
    line: usize,
    quote: String,
    items: &'a str,
    tests: &'a str,
}

/// The sentences of the process in their order; a heading or a list's point is one too.
fn sentences() -> Vec<String> {
    let lines = PROCESS.lines().map(str::trim).filter(|l| !l.is_empty());
    lines.flat_map(of_line).collect()
}

/// No abbreviation in the process ends with a full stop and a blank.
fn of_line(line: &str) -> Vec<String> {
    let mut parts: Vec<String> = line.split(". ").map(|part| format!("{part}.")).collect();
    if let Some(last) = parts.last_mut() {
        last.pop();
    }
    parts
}

/// Markdown's backslashes taken away.
fn plain(markdown: &str) -> String {
    let mut text = String::new();
    let mut chars = markdown.trim().chars().peekable();
    while let Some(c) = chars.next() {
        let escapes = c == '\\' && chars.peek().is_some_and(char::is_ascii_punctuation);
        text.extend(if escapes { chars.next() } else { Some(c) });
    }
    text
}

fn rows() -> Vec<Row<'static>> {
    let lines = PAGE.lines().enumerate();
    let rows = lines.filter(|(_, line)| line.starts_with('|'));
    let rows =
        rows.filter(|(_, line)| !line.starts_with("|---") && !line.starts_with("| sentence"));
    rows.map(|(i, line)| {
        let cells: Vec<&str> = line.trim().trim_matches('|').split(" | ").collect();
        let [quote, items, tests] = cells[..] else {
            panic!("line {}: {} cells instead of 3: {line}", i + 1, cells.len());
        };
        Row {
            line: i + 1,
            quote: plain(quote),
            items: items.trim(),
            tests: tests.trim(),
        }
    })
    .collect()
}

/// Every heading but the title, and every first cell, in the order of the page.
fn quotes() -> Vec<String> {
    let mut rows = rows().into_iter();
    let lines = PAGE.lines();
    lines
        .filter_map(|line| {
            if line.starts_with('#') {
                return Some(plain(line.trim_start_matches('#'))).filter(|text| text != TITLE);
            }
            let is_row = line.starts_with('|')
                && !line.starts_with("|---")
                && !line.starts_with("| sentence");
            is_row.then(|| rows.next().map(|row| row.quote)).flatten()
        })
        .collect()
}

/// What is between backquotes in a cell.
fn code(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

/// Why `named` is no test of this crate: `FILE: NAME`, or a program that must not compile.
fn fault(named: &str) -> Option<String> {
    let (file, test) = named.split_once(": ").unwrap_or((named, ""));
    let Ok(text) = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)) else {
        return Some(format!("there is no file {file}"));
    };
    if test.is_empty() {
        let program = file.starts_with("tests/compile_fail/") && file.ends_with(".rs");
        return (!program).then(|| format!("{file}: which test?"));
    }
    let mut declared = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            declared = true;
        } else if let Some((_, rest)) = line.split_once("fn ") {
            if declared && rest.split('(').next() == Some(test) {
                return None;
            }
            declared = false;
        }
    }
    Some(format!("{file} has no test {test}"))
}

#[test]
fn every_sentence_of_the_process_is_on_the_page() {
    let quotes = quotes();
    let mut missing = sentences();
    assert!(missing.len() > 50, "the process has shrunk");
    missing.retain(|sentence| !quotes.contains(sentence));
    assert!(missing.is_empty(), "not in src/process.md: {missing:#?}");
}

#[test]
fn the_page_quotes_nothing_else_and_keeps_the_order() {
    let sentences = sentences();
    let mut strange = quotes();
    strange.retain(|quote| !sentences.contains(quote));
    assert!(strange.is_empty(), "not in the process: {strange:#?}");
    assert_eq!(quotes(), sentences);
}

#[test]
fn every_test_on_the_page_exists() {
    let rows = rows();
    let named = rows
        .iter()
        .flat_map(|row| code(row.tests).map(move |name| (row.line, name)));
    let faults: Vec<_> = named
        .filter_map(|(line, name)| fault(name).map(|why| format!("line {line}: {why}")))
        .collect();
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn every_trap_has_a_test_that_exists() {
    let rows: Vec<&str> = TRAPS
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| the trap"))
        .collect();
    assert!(rows.len() > 40, "the traps have shrunk");
    let mut faults = Vec::new();
    for row in rows {
        let tests = row.trim_end_matches('|').rsplit(" | ").next().unwrap_or("");
        if code(tests).count() == 0 {
            faults.push(format!("no test: {row}"));
        }
        faults.extend(code(tests).filter_map(fault));
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn every_row_has_an_item_and_a_test() {
    for row in rows() {
        let (line, quote) = (row.line, &row.quote);
        assert!(
            row.items.contains("](crate"),
            "line {line}: no item: {quote}"
        );
        assert!(code(row.tests).count() > 0, "line {line}: no test: {quote}");
    }
}
