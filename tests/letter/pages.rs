//! Where things stand on the pages, and whether they can be read and signed.

use hayro::kurbo::Rect;
use snap_port::document::*;

use crate::page::{self, Piece, Seen};
use crate::parts::{letter, letter_of, numbers};

fn pages(letter: &LetterOfAuthorization, wording: &dyn LetterWording) -> Vec<Seen> {
    pages_on(PaperSize::UsLetter, letter, wording)
}

fn pages_on(
    paper: PaperSize,
    letter: &LetterOfAuthorization,
    wording: &dyn LetterWording,
) -> Vec<Seen> {
    let style = PdfStyle::new(paper);
    page::read(&letter.pdf(wording, &style).unwrap(), false)
}

/// Longer than [`EnglishLetter`] by a few lines, to push what follows down.
#[derive(Debug, Default)]
struct Longer {
    opening: usize,
    closing: usize,
}

fn lines(count: usize) -> impl Iterator<Item = String> {
    (0..count).map(|line| format!("Line {line}."))
}

impl LetterWording for Longer {
    fn language(&self) -> String {
        EnglishLetter.language()
    }
    fn title(&self, letter: &LetterOfAuthorization) -> String {
        EnglishLetter.title(letter)
    }
    fn subtitle(&self, letter: &LetterOfAuthorization) -> String {
        EnglishLetter.subtitle(letter)
    }
    fn label(&self, label: LetterLabel, letter: &LetterOfAuthorization) -> String {
        EnglishLetter.label(label, letter)
    }
    fn opening(&self, letter: &LetterOfAuthorization) -> Vec<String> {
        let opening = EnglishLetter.opening(letter).into_iter();
        opening.chain(lines(self.opening)).collect()
    }
    fn points(&self, letter: &LetterOfAuthorization) -> Vec<String> {
        EnglishLetter.points(letter)
    }
    fn numbers(&self, letter: &LetterOfAuthorization) -> String {
        EnglishLetter.numbers(letter)
    }
    fn closing(&self, letter: &LetterOfAuthorization) -> Vec<String> {
        let closing = EnglishLetter.closing(letter).into_iter();
        closing.chain(lines(self.closing)).collect()
    }
    fn page(&self, page: usize, pages: usize) -> String {
        EnglishLetter.page(page, pages)
    }
}

/// Everything that is on `page` is within its margins, and nothing covers anything else.
fn is_tidy(page: &Seen) {
    let body = Rect::new(53.0, 53.0, page.width - 53.0, page.height - 53.0);
    let foot = Rect::new(53.0, body.y1, page.width - 53.0, page.height - 28.0);
    let frame = |ink: &Rect| if ink.y0 < body.y1 { body } else { foot };
    let within = |ink: &Rect| frame(ink).union(*ink) == frame(ink);
    for piece in &page.texts {
        assert!(
            within(&piece.ink),
            "{:?} sticks out: {:?}",
            piece.text,
            piece.ink
        );
    }
    let covers: Vec<Rect> = page.texts.iter().map(|piece| piece.ink).collect();
    for rule in &page.rules {
        assert!(within(rule), "a line sticks out: {rule:?}");
    }
    let names: Vec<&str> = page.texts.iter().map(|piece| &*piece.text).collect();
    for (i, ink) in covers.iter().enumerate() {
        for (j, other) in covers.iter().enumerate().skip(i + 1) {
            let shared = ink.intersect(*other);
            let apart = shared.width() <= 0.0 || shared.height() <= 0.0;
            assert!(apart, "{:?} covers {:?}", names[i], names[j]);
        }
        for rule in &page.rules {
            let thick = rule.inflate(0.0, 0.5);
            let shared = ink.intersect(thick);
            let apart = shared.width() <= 0.0 || shared.height() <= 0.0;
            // A printed name's descenders may touch the line it stands on, no more.
            assert!(
                apart || ink.y1 - rule.y0 < 1.0,
                "a line strikes {:?}",
                names[i]
            );
        }
    }
}

fn has(page: &Seen, text: &str) -> bool {
    page.texts.iter().any(|piece| piece.text == text)
}

fn begins(page: &Seen, text: &str) -> bool {
    page.texts.iter().any(|piece| piece.text.starts_with(text))
}

#[test]
fn a_short_letter_is_one_page_of_either_paper() {
    for (paper, width, height) in [
        (PaperSize::UsLetter, 612.0, 792.0),
        (PaperSize::A4, 595.28, 841.89),
    ] {
        let pages = pages_on(paper, &letter(numbers(30)), &EnglishLetter);
        let [page] = &pages[..] else {
            panic!("{} pages", pages.len());
        };
        assert!((page.width - width).abs() < 0.01 && (page.height - height).abs() < 0.01);
        assert!(has(page, "Page 1 of 1"));
        is_tidy(page);
    }
}

#[test]
fn nothing_is_lost_where_a_thousand_numbers_run_over_pages() {
    for paper in [PaperSize::UsLetter, PaperSize::A4] {
        let letter = letter(numbers(1000));
        let pages = pages_on(paper, &letter, &EnglishLetter);
        assert!(pages.len() > 3);
        let mut shown: Vec<&str> = pages
            .iter()
            .flat_map(|page| &page.texts)
            .map(|piece| &*piece.text)
            .filter(|text| text.starts_with("+1415"))
            .collect();
        shown.sort_unstable();
        let all: Vec<&str> = letter
            .numbers()
            .iter()
            .map(|number| number.as_str())
            .collect();
        assert!(shown == all, "{} of {} are shown", shown.len(), all.len());
        let code = format!("List code: {}", letter.list_code());
        for (page, number) in pages.iter().zip(1..) {
            assert!(has(page, &code), "page {number}");
            assert!(has(page, &format!("Page {number} of {}", pages.len())));
            is_tidy(page);
        }
    }
}

#[test]
fn wherever_pages_break_a_heading_keeps_its_numbers_and_the_signature_stays_whole() {
    let mut breaks = [0; 3];
    for lines in 0..45 {
        let longer = Longer {
            opening: lines,
            ..Longer::default()
        };
        let pages = pages(&letter(numbers(14)), &longer);
        breaks[pages.len() - 1] += 1;
        for page in &pages {
            is_tidy(page);
            let heading = begins(page, "The 14 numbers");
            assert!(
                !heading || has(page, "+14155550000"),
                "{lines}: a heading alone"
            );
            assert!(
                !heading || has(page, "+14155550006"),
                "{lines}: a heading with one row"
            );
            // A page is not left empty, and its number of a point is beside its words.
            assert!(page.texts.len() > 2, "{lines}");
            for number in page
                .texts
                .iter()
                .filter(|piece| piece.text.len() == 2 && piece.text.ends_with('.'))
            {
                let beside = |piece: &&Piece| piece.y == number.y && piece.x > number.x;
                assert!(
                    page.texts.iter().any(|piece| beside(&piece)),
                    "{lines}: {}",
                    number.text
                );
            }
        }
        let last = pages.last().unwrap();
        let block = [
            "Signature",
            "Date signed",
            "Name",
            "Title",
            "Chief Operating Officer",
        ];
        assert!(block.iter().all(|part| has(last, part)), "{lines}");
        assert!(
            begins(last, "This letter authorizes the transfer of the 14"),
            "{lines}"
        );
        let rules = last
            .rules
            .iter()
            .filter(|rule| rule.y0 > last.find("Signature").unwrap().y - 50.0);
        assert_eq!(rules.count(), 4, "{lines}");
    }
    assert!(
        breaks[0] > 0 && breaks[1] > 0 && breaks[2] > 0,
        "{breaks:?}"
    );
}

#[test]
fn closing_words_of_more_than_a_page_do_not_tear_the_signature() {
    for lines in 20..60 {
        let longer = Longer {
            closing: lines,
            ..Longer::default()
        };
        let pages = pages(&letter_of("Ann"), &longer);
        let last = pages.last().unwrap();
        let block = ["Signature", "Date signed", "Name", "Title"];
        assert!(block.iter().all(|part| has(last, part)), "{lines}");
        pages.iter().for_each(is_tidy);
    }
}

#[test]
fn there_is_a_line_to_sign_on_and_room_above_it() {
    for name in ["Ann", &"Ann ".repeat(45)] {
        let pages = pages(&letter_of(name.trim()), &EnglishLetter);
        let page = pages.last().unwrap();
        for (label, least) in [("Signature", 250.0), ("Date signed", 150.0)] {
            let label = page.find(label).unwrap();
            let line = page
                .rules
                .iter()
                .filter(|rule| (rule.x0 - label.x).abs() < 0.1)
                .find(|rule| rule.y0 < label.ink.y0 && label.ink.y0 - rule.y0 < 8.0)
                .expect("a line above the label");
            assert!(line.width() > least);
            let room = Rect::new(line.x0, line.y0 - 34.0, line.x1, line.y0 - 1.0);
            for piece in &page.texts {
                let shared = room.intersect(piece.ink);
                assert!(
                    shared.width() <= 0.0 || shared.height() <= 0.0,
                    "{:?}",
                    piece.text
                );
            }
        }
        // Without a title there is a line to write it on.
        let title = page.find("Title").unwrap();
        let above = |piece: &&Piece| (piece.x - title.x).abs() < 0.1 && title.y - piece.y < 20.0;
        let alone = page
            .texts
            .iter()
            .filter(above)
            .filter(|piece| piece.y < title.y);
        assert_eq!(alone.count(), 0);
    }
}

#[test]
fn a_long_name_wraps_and_loses_nothing() {
    let long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
    for name in [
        long.repeat(2),
        "Smith & Sons ".repeat(15),
        "W".repeat(200),
        // As high and as low as letters get, line over line.
        "Ặ(Ễp ".repeat(35),
    ] {
        let name = name.trim();
        let pages = pages(&letter_of(name), &EnglishLetter);
        let said: String = pages
            .iter()
            .flat_map(|page| &page.texts)
            .flat_map(|piece| piece.text.chars())
            .filter(|c| !c.is_whitespace())
            .collect();
        let name: String = name.split_whitespace().collect();
        // The customer, who signs, the first paragraph, the printed name.
        assert_eq!(said.matches(&name).count(), 4, "{name}");
        pages.iter().for_each(is_tidy);
    }
}

#[test]
fn what_is_printed_is_ink_on_paper() {
    let letter = letter(numbers(12));
    let pdf = letter.pdf(&EnglishLetter, &PdfStyle::default()).unwrap();
    let page = &page::read(&pdf, true)[0];
    let (width, height) = (page.width, page.height);

    // The paper is white beyond the margins, and where nothing was put down.
    for edge in [
        Rect::new(0.0, 0.0, 52.0, height),
        Rect::new(width - 52.0, 0.0, width, height),
        Rect::new(0.0, 0.0, width, 52.0),
        Rect::new(0.0, height - 28.0, width, height),
    ] {
        assert_eq!(page.dark_points(edge, 1), 0, "{edge:?}");
    }
    let signature = page.find("Signature").unwrap();
    let room = Rect::new(
        signature.x,
        signature.ink.y0 - 36.0,
        340.0,
        signature.ink.y0 - 8.0,
    );
    assert_eq!(page.dark_points(room, 1), 0);

    // Each text is there to be seen, and so is the line to sign on, from end to end.
    for piece in &page.texts {
        let area = piece.ink.inflate(1.0, 1.0);
        let seen = page.dark_points(area, 40);
        let letters = piece
            .text
            .split_whitespace()
            .map(|word| word.chars().count());
        assert!(
            seen >= 2 * letters.sum::<usize>(),
            "{:?}: {seen} points",
            piece.text
        );
    }
    for line in &page.rules {
        let seen = page.dark_points(line.inflate(1.0, 1.0), 40);
        assert!(seen as f64 >= line.width() - 2.0, "{line:?}: {seen} points");
    }
}

#[test]
fn the_longest_list_is_drawn_too() {
    let letter = letter(numbers(20_000));
    let pdf = letter.pdf(&EnglishLetter, &PdfStyle::default()).unwrap();
    let bytes = String::from_utf8_lossy(&pdf);
    let pages = bytes.matches("/Type /Page\n").count();
    assert!(
        pages > 60 && bytes.contains(&format!("/Count {pages}\n")),
        "{pages}"
    );
    // Less than a hundred bytes for a number.
    assert!(pdf.len() < 20_000 * 100, "{}", pdf.len());
}
