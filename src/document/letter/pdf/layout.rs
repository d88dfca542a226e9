//! What of a letter stands where on which page.

use std::cell::RefCell;

use super::super::LetterWording;
use super::super::sheet::{Field, Sheet};
use super::flow::{Flow, Font, MARGIN, Page, Rule, Setter, Text};
use super::fonts::Fonts;
use super::{PaperSize, PdfError};

/// Between the foot of a page and the edge.
const FOOT: f32 = 30.0;
/// Between things of different kinds.
const GAP: f32 = 9.0;
/// To sign in, above the line.
const TO_SIGN: f32 = 40.0;

pub(super) fn lay_out(
    sheet: &Sheet<'_>,
    wording: &dyn LetterWording,
    paper: PaperSize,
    fonts: &Fonts<'_>,
) -> Result<Vec<Page>, PdfError> {
    let setter = Setter {
        fonts,
        problems: RefCell::default(),
    };
    let (width, height) = paper.points();
    let foot = Foot::new(&setter, sheet, wording, width);
    let mut flow = Flow {
        setter: &setter,
        width: width - 2.0 * MARGIN,
        top: height - MARGIN,
        bottom: foot.top(),
        y: height - MARGIN,
        page: Page::default(),
        done: Vec::new(),
    };
    head(&mut flow, sheet);
    fields(&mut flow, &sheet.fields);
    for text in &sheet.opening {
        flow.gap(GAP);
        flow.paragraph(text, 0.0);
    }
    points(&mut flow, &sheet.points);
    numbers(&mut flow, sheet);
    signature(&mut flow, sheet);

    let mut pages = flow.done;
    pages.push(flow.page);
    let count = pages.len();
    for (page, number) in pages.iter_mut().zip(1..) {
        foot.put(&setter, page, &wording.page(number, count));
    }
    let problems = setter.problems.into_inner();
    match problems.is_empty() {
        true => Ok(pages),
        false => Err(PdfError::Unprintable(problems)),
    }
}

fn head(flow: &mut Flow<'_>, sheet: &Sheet<'_>) {
    flow.block(&sheet.title, Font::TITLE, 0.0);
    flow.block(&sheet.subtitle, Font::SUBTITLE, 0.0);
    flow.gap(6.0);
    flow.rule(0.0, flow.width);
    flow.gap(GAP + 2.0);
}

/// Puts labels in one column and what they label in another.
fn fields(flow: &mut Flow<'_>, fields: &[Field]) {
    let widest = fields
        .iter()
        .map(|field| flow.setter.measure(&field.label, Font::LABEL))
        .fold(0.0, f32::max);
    // A longer label has several lines.
    let label = widest.min(flow.width * 0.4) + 0.1;
    let column = label + 14.0;
    for field in fields {
        let mut labels = flow
            .setter
            .lines(&field.label, label, Font::LABEL)
            .into_iter();
        let mut values = field
            .lines
            .iter()
            .flat_map(|line| flow.setter.lines(line, flow.width - column, Font::BODY))
            .collect::<Vec<_>>()
            .into_iter();
        loop {
            let (left, right) = (labels.next(), values.next());
            if left.is_none() && right.is_none() {
                break;
            }
            flow.reserve(Font::BODY.leading());
            if let Some(text) = left {
                flow.put(0.0, flow.y, text, Font::LABEL);
            }
            if let Some(text) = right {
                flow.put(column, flow.y, text, Font::BODY);
            }
            flow.y -= Font::BODY.leading();
        }
        flow.gap(1.5);
    }
}

fn points(flow: &mut Flow<'_>, points: &[String]) {
    const INDENT: f32 = 20.0;
    for (text, number) in points.iter().zip(1..) {
        flow.gap(4.0);
        let number = format!("{number}.");
        flow.reserve(Font::BODY.leading());
        let (x, y) = (
            INDENT - 5.0 - flow.setter.measure(&number, Font::BODY),
            flow.y,
        );
        flow.put(x, y, number, Font::BODY);
        flow.paragraph(text, INDENT);
    }
}

fn numbers(flow: &mut Flow<'_>, sheet: &Sheet<'_>) {
    const BETWEEN: f32 = 14.0;
    let font = Font::BODY;
    let texts = || sheet.numbers.iter().map(AsRef::<str>::as_ref);
    let widest = texts()
        .map(|text| flow.setter.measure(text, font))
        .fold(1.0, f32::max);
    // At least one column, and few enough that none is narrower than a number.
    let columns = ((flow.width + BETWEEN) / (widest + BETWEEN))
        .floor()
        .max(1.0);
    let column = (flow.width + BETWEEN) / columns;

    flow.gap(GAP + 3.0);
    let heading = format!("{} ({})", sheet.heading, sheet.code);
    let lines = flow.setter.lines(&heading, flow.width, Font::STRONG);
    // A heading stays with its first rows.
    flow.reserve(lines.len() as f32 * Font::STRONG.leading() + 3.0 + 2.0 * font.leading());
    flow.lines(lines, Font::STRONG, 0.0);
    flow.gap(3.0);
    for row in sheet.numbers.as_slice().chunks(columns as usize) {
        flow.reserve(font.leading());
        for (number, place) in row.iter().zip(0_u8..) {
            flow.put(
                f32::from(place) * column,
                flow.y,
                String::from(*number),
                font,
            );
        }
        flow.y -= font.leading();
    }
}

/// The closing words and the lines to sign on, on one page if that is possible at all.
fn signature(flow: &mut Flow<'_>, sheet: &Sheet<'_>) {
    let left = flow.width * 0.58;
    let right = (flow.width * 0.64, flow.width * 0.36);
    let cell = |x, width, label: &str, lines: &[String]| Cell {
        x,
        width,
        label: flow.setter.lines(label, width, Font::SMALL),
        lines: lines
            .iter()
            .flat_map(|line| flow.setter.lines(line, width, Font::BODY))
            .collect(),
    };
    let (name, title) = (&sheet.signer, &sheet.signer_title);
    let rows = [
        [
            cell(0.0, left, &sheet.signature, &[]),
            cell(right.0, right.1, &sheet.signed_on, &[]),
        ],
        [
            cell(0.0, left, &name.label, &name.lines),
            cell(right.0, right.1, &title.label, &title.lines),
        ],
    ];
    let block: f32 = rows.iter().map(|row| row_height(row)).sum();
    let closing: f32 = sheet
        .closing
        .iter()
        .map(|text| {
            let lines = flow.setter.lines(text, flow.width, Font::BODY).len();
            GAP + lines as f32 * Font::BODY.leading()
        })
        .sum();
    flow.gap(3.0);
    if closing + block <= flow.top - flow.bottom {
        flow.reserve(closing + block);
    }
    for text in &sheet.closing {
        flow.gap(GAP);
        flow.paragraph(text, 0.0);
    }
    flow.reserve(block);
    for row in rows {
        let (height, above) = (row_height(&row), above(&row));
        for cell in row {
            let line = flow.y - above;
            // What is printed stands on the line, the label hangs below it.
            let first = line + 4.0 + cell.lines.len() as f32 * Font::BODY.leading();
            flow.put_lines(cell.x, first, cell.lines, Font::BODY);
            flow.page.rules.push(Rule {
                x: MARGIN + cell.x,
                y: line,
                width: cell.width,
            });
            flow.put_lines(cell.x, line - 2.0, cell.label, Font::SMALL);
        }
        flow.y -= height;
    }
}

/// A line to fill in, or what is printed on it.
struct Cell {
    x: f32,
    width: f32,
    label: Vec<String>,
    lines: Vec<String>,
}

/// From the top of a row of cells to its line.
fn above(row: &[Cell]) -> f32 {
    let lines = row.iter().map(|cell| cell.lines.len()).max().unwrap_or(0);
    match lines {
        0 => TO_SIGN,
        lines => GAP + 4.0 + lines as f32 * Font::BODY.leading(),
    }
}

fn row_height(row: &[Cell]) -> f32 {
    let label = row.iter().map(|cell| cell.label.len()).max().unwrap_or(0);
    above(row) + 2.0 + label as f32 * Font::SMALL.leading()
}

/// The list code at the left of every page's foot, its number at the right.
struct Foot {
    code: Vec<String>,
    room: f32,
    right: f32,
    lines: usize,
}

impl Foot {
    fn new(
        setter: &Setter<'_>,
        sheet: &Sheet<'_>,
        wording: &dyn LetterWording,
        width: f32,
    ) -> Self {
        let room = (width - 2.0 * MARGIN - GAP) / 2.0;
        let code = setter.lines(&sheet.code, room, Font::SMALL);
        let page = setter.lines(&wording.page(1, 1), room, Font::SMALL);
        Self {
            lines: code.len().max(page.len()),
            code,
            room,
            right: width - MARGIN,
        }
    }

    /// Where its first line has its top, and a gap above.
    fn top(&self) -> f32 {
        FOOT + self.lines as f32 * Font::SMALL.leading() + 2.0 * GAP
    }

    fn put(&self, setter: &Setter<'_>, page: &mut Page, number: &str) {
        let font = Font::SMALL;
        let number = setter.lines(number, self.room, font);
        let top = FOOT + self.lines as f32 * font.leading();
        let mut put = |lines: &[String], x: &dyn Fn(&str) -> f32| {
            for (text, line) in lines.iter().zip(0_u8..) {
                page.texts.push(Text {
                    x: x(text),
                    y: top - f32::from(line) * font.leading() - font.size,
                    font,
                    text: text.clone(),
                });
            }
        };
        put(&self.code, &|_| MARGIN);
        put(&number, &|text| self.right - setter.measure(text, font));
    }
}
