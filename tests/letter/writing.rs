//! Names in all kinds of letters: shown as they are, or refused by name.

use snap_port::document::*;

use crate::page::{self, boxes};
use crate::parts::letter_of;

fn pdf(name: &str, style: &PdfStyle) -> Result<Vec<u8>, PdfError> {
    letter_of(name).pdf(&EnglishLetter, style)
}

fn shows(name: &str, shown: &str, style: &PdfStyle) -> bool {
    let pages = page::read(&pdf(name, style).unwrap(), false);
    pages[0].texts.iter().any(|piece| piece.text == shown)
}

fn refused(name: &str, style: &PdfStyle) -> Unprintable {
    match pdf(name, style) {
        Err(PdfError::Unprintable(characters)) => characters,
        other => panic!("{name}: {:?}", other.map(|pdf| pdf.len())),
    }
}

#[test]
fn european_and_vietnamese_names_are_shown() {
    let style = PdfStyle::default();
    for name in [
        "Zoë Müller-Ångström",
        "Łukasz Żółć",
        "Đặng Thị Ngọc Hân",
        "Ðorđe Ćirić",
        "Şükrü Iğdır",
        "Ελευθερία Παπαδοπούλου",
        "Юлия Щукина",
        "O’Brien “Smith & Sons” – №1 €",
    ] {
        assert!(shows(name, name, &style), "{name}");
    }
}

#[test]
fn accents_typed_apart_are_shown_as_one_letter() {
    let style = PdfStyle::default();
    let apart = "Nguye\u{302}\u{303}n Va\u{306}n Cu\u{31b}\u{323}";
    assert!(shows(apart, "Nguyễn Văn Cự", &style));
    // No such letter exists, so the accent would have to be set by hand.
    let refused = refused("Q\u{303}", &style);
    assert_eq!(refused.needs_shaping().collect::<String>(), "\u{303}");
}

#[test]
fn a_name_without_a_font_is_refused_by_name_and_shown_with_one() {
    let name = "田中 太郎 Ltd";
    let plain = PdfStyle::default();
    let characters = refused(name, &plain);
    assert_eq!(characters.without_glyph().collect::<String>(), "中太田郎");
    assert_eq!(characters.needs_shaping().count(), 0);
    let error = pdf(name, &plain).unwrap_err();
    let said = format!("{error} {error:?}");
    assert!(said.contains("U+4E2D, U+592A, U+7530, U+90CE"), "{said}");
    assert!(said.contains("PdfStyle::with_font"), "{said}");
    for part in ["田", "Ltd", "\u{7530}"] {
        assert!(!said.contains(part), "{said}");
    }

    // One font has some of them, the next one the others.
    let some = plain.with_font(boxes("田中"), 0).unwrap();
    assert_eq!(
        refused(name, &some).without_glyph().collect::<String>(),
        "太郎"
    );
    let all = some.with_font(boxes("太郎"), 0).unwrap();
    assert_eq!(format!("{all:?}"), "PdfStyle(UsLetter, 2 fonts added)");
    assert!(shows(name, name, &all));
    let pages = page::read(&pdf(name, &all).unwrap(), true);
    let shown = pages[0].find(name).unwrap();
    // The boxes of the font are drawn: each is as high as a capital, and black.
    assert!(pages[0].dark_points(shown.ink, 200) > 4 * 36);
    // What Noto Sans has is taken from there.
    let latin = all.with_font(boxes("Ltd"), 0).unwrap();
    assert_eq!(pdf("Ltd", &latin), pdf("Ltd", &PdfStyle::default()));
}

#[test]
fn writing_that_has_to_be_shaped_is_refused_whatever_font_there_is() {
    let arabic = "محمد";
    let with_font = PdfStyle::default().with_font(boxes(arabic), 0).unwrap();
    for style in [&PdfStyle::default(), &with_font] {
        let characters = refused(arabic, style);
        assert_eq!(characters.needs_shaping().collect::<String>(), "حدم");
        assert_eq!(characters.without_glyph().count(), 0);
    }
    for name in [
        "שלום",
        "สวัสดี",
        "नमस्ते",
        "தமிழ்",
        "\u{1112}\u{1161}\u{11ab}\u{1100}",
    ] {
        // Korean syllables come together in normalisation; a lone letter does not.
        assert!(
            refused(name, &with_font).needs_shaping().count() > 0,
            "{name}"
        );
    }
    // The plain text shows them all.
    assert!(letter_of(arabic).text(&EnglishLetter).contains(arabic));
}

#[test]
fn everything_that_cannot_be_drawn_is_named_at_once() {
    let name: String = ('\u{4e00}'..='\u{4e0b}').chain("محمد".chars()).collect();
    let error = pdf(&name, &PdfStyle::default()).unwrap_err().to_string();
    for part in [
        "U+4E00, ",
        "U+4E09 and 2 more;",
        "U+062D, U+062F, U+0645 cannot",
    ] {
        assert!(error.contains(part), "{error}");
    }
}
