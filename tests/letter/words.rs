//! What a letter says, in text and in PDF.

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

use snap_port::document::*;

use crate::page;
use crate::parts::{letter, letter_of, numbers};

fn snapshot(name: &str, letter: &LetterOfAuthorization) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/letter/letters");
    let path = folder.join(format!("{name}.txt"));
    let text = letter.text(&EnglishLetter);
    if env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, expected, "{name}");
}

#[test]
fn the_letters_are_as_agreed() {
    snapshot("full", &letter(numbers(10)));
    snapshot("least", &letter_of("Ann"));
    snapshot(
        "long_names",
        &letter_of("Société Générale d'Exploitation ".repeat(6).trim()),
    );
}

#[test]
fn a_text_shows_every_part_in_lines_that_fit() {
    let letter = letter(numbers(101));
    let text = letter.text(&EnglishLetter);
    for number in letter.numbers().iter() {
        assert_eq!(text.matches(number.as_str()).count(), 1, "{number}");
    }
    let shown = [
        "Acme, Inc.",
        "1 Market St",
        "Suite 400",
        "San Francisco, CA 94105",
        "Ann Doe, Chief Operating Officer",
        "ann.doe@acme.test, +12025550199",
        "Aircall",
        "acme-4711",
        "AC0123456789abcdef0123456789abcdef",
        "Aloware, porting@aloware.test",
        "ACfedcba9876543210fedcba9876543210",
        "Twilio",
        &letter.list_code().to_string(),
    ];
    for part in shown {
        assert!(text.contains(part), "{part}");
    }
    for letter in [&letter, &letter_of(&"x".repeat(200)), &letter_of("Ann")] {
        let text = letter.text(&EnglishLetter);
        let fits = |line: &str| line.chars().count() <= 78 && line == line.trim_end();
        assert!(text.lines().all(fits), "{text}");
        assert_eq!(text, letter.text(&EnglishLetter));
    }
}

/// How often each word is said.
fn count<'a>(words: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    let mut counts = BTreeMap::new();
    for word in words.filter(|word| !word.starts_with("____")) {
        *counts.entry(word.trim_end_matches(':')).or_default() += 1;
    }
    counts
}

#[test]
fn a_pdf_says_what_the_text_says_word_for_word() {
    for letter in [letter(numbers(200)), letter_of("Łukasz Đặng")] {
        let text = letter.text(&EnglishLetter);
        let pages = page::read(
            &letter.pdf(&EnglishLetter, &PdfStyle::default()).unwrap(),
            false,
        );
        let lines: Vec<String> = pages.iter().flat_map(page::Seen::lines).collect();
        let mut said = count(lines.iter().flat_map(|line| line.split_whitespace()));
        // The foot of each page says more.
        let code = letter.list_code().to_string();
        let feet = ["Page", "of", "List", "code", &code];
        for word in feet {
            *said.get_mut(word).unwrap() -= pages.len();
        }
        for number in 1..=pages.len() {
            for word in [number, pages.len()].map(|number| number.to_string()) {
                *said.get_mut(&*word).unwrap() -= 1;
            }
        }
        said.retain(|_, times| *times > 0);
        assert_eq!(said, count(text.split_whitespace()));
    }
}

/// Other words for everything.
#[derive(Debug)]
struct Esperanto;

impl LetterWording for Esperanto {
    fn language(&self) -> String {
        "eo".into()
    }
    fn title(&self, _: &LetterOfAuthorization) -> String {
        "Rajtigilo".into()
    }
    fn subtitle(&self, _: &LetterOfAuthorization) -> String {
        "pri numeroj".into()
    }
    fn label(&self, label: LetterLabel, _: &LetterOfAuthorization) -> String {
        match label {
            LetterLabel::Customer => "Kliento",
            LetterLabel::ServiceAddress => "Adreso",
            LetterLabel::AuthorizedPerson => "Rajtigito",
            LetterLabel::LosingPlatform => "De",
            LetterLabel::LosingAccount => "Konto",
            LetterLabel::LosingCarrierAccount => "Konto ĉe la portanto",
            LetterLabel::GainingPlatform => "Al",
            LetterLabel::GainingAccount => "Nova konto",
            LetterLabel::ListCode => "Kodo",
            LetterLabel::Signature => "Subskribo",
            LetterLabel::SignedOn => "Dato",
            LetterLabel::SignerName => "Nomo",
            LetterLabel::SignerTitle => "Titolo",
        }
        .into()
    }
    fn opening(&self, _: &LetterOfAuthorization) -> Vec<String> {
        vec!["Mi rajtigas:".into()]
    }
    fn points(&self, _: &LetterOfAuthorization) -> Vec<String> {
        vec!["unue".into()]
    }
    fn numbers(&self, _: &LetterOfAuthorization) -> String {
        "Numeroj".into()
    }
    fn closing(&self, _: &LetterOfAuthorization) -> Vec<String> {
        Vec::new()
    }
    fn page(&self, page: usize, pages: usize) -> String {
        format!("Paĝo {page} el {pages}")
    }
}

#[test]
fn every_word_can_be_another() {
    let letter = letter(numbers(2));
    let english: Vec<String> = letter
        .text(&EnglishLetter)
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    let text = letter.text(&Esperanto);
    // What stays are the letter's parts, the point's number, and punctuation.
    let parts = serde_json::to_string(&letter).unwrap() + "1. San Doe, (____ ";
    let code = letter.list_code().to_string();
    for word in text
        .split_whitespace()
        .filter(|word| english.iter().any(|e| e == word))
    {
        let known = parts.contains(word.trim_matches([',', '_'])) || word.contains(&code);
        assert!(known, "{word}\n{text}");
    }
    assert!(text.starts_with("Rajtigilo\npri numeroj\n"));

    let pdf = letter.pdf(&Esperanto, &PdfStyle::default()).unwrap();
    let page = &page::read(&pdf, false)[0];
    for said in [
        "Rajtigilo",
        "Subskribo",
        "Dato",
        "Konto ĉe la portanto",
        "Paĝo 1 el 1",
    ] {
        assert!(page.find(said).is_some(), "{said}");
    }
    let bytes = String::from_utf8_lossy(&pdf);
    assert!(bytes.contains("/Lang (eo)") && bytes.contains("/Title (Rajtigilo)"));
}

#[test]
fn the_same_letter_gives_the_same_bytes_and_holds_no_date() {
    let pdf = |count| {
        let letter = letter(numbers(count));
        letter.pdf(&EnglishLetter, &PdfStyle::default()).unwrap()
    };
    let first = pdf(40);
    assert_eq!(first, pdf(40));
    assert_ne!(first, pdf(41));
    let bytes = String::from_utf8_lossy(&first);
    for key in ["CreationDate", "ModDate", "Metadata"] {
        assert!(!bytes.contains(key), "{key}");
    }
    assert!(bytes.contains("/Title (Letter of Authorization)"));
    assert!(bytes.contains("/Subject (List code: ") && bytes.contains("/Lang (en)"));
}
