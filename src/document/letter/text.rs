//! A letter as plain text.

use std::slice;

use super::sheet::{Field, Sheet};
use super::wrap::wrap;
use crate::number::PhoneNumber;

/// The most characters in a line, as letters and mail have it.
const COLUMNS: usize = 78;

/// What one number takes in the list: the longest has 16 characters.
const NUMBER: usize = 19;

/// To write on.
const LINE: &str = "________________________________________";

pub(super) fn render(sheet: &Sheet<'_>) -> String {
    let mut out = String::new();
    for title in [&sheet.title, &sheet.subtitle] {
        put(&mut out, "", title);
    }
    out.push('\n');
    fields(&mut out, &sheet.fields);
    for text in &sheet.opening {
        out.push('\n');
        put(&mut out, "", text);
    }
    for (text, number) in sheet.points.iter().zip(1..) {
        out.push('\n');
        put(&mut out, &format!("{number:>3}. "), text);
    }
    out.push('\n');
    put(&mut out, "", &format!("{} ({})", sheet.heading, sheet.code));
    out.push('\n');
    for row in sheet.numbers.as_slice().chunks((COLUMNS + 3) / NUMBER) {
        let row: String = row.iter().map(cell).collect();
        out += row.trim_end();
        out.push('\n');
    }
    for text in &sheet.closing {
        out.push('\n');
        put(&mut out, "", text);
    }
    let to_fill_in = |label: &str| Field {
        label: label.to_owned(),
        lines: vec![LINE.to_owned()],
    };
    let (signature, signed_on) = (to_fill_in(&sheet.signature), to_fill_in(&sheet.signed_on));
    let untitled = to_fill_in(&sheet.signer_title.label);
    let title = match sheet.signer_title.lines.is_empty() {
        true => &untitled,
        false => &sheet.signer_title,
    };
    for line in [&signature, &signed_on, &sheet.signer, title] {
        out.push('\n');
        fields(&mut out, slice::from_ref(line));
    }
    out
}

fn cell(number: &PhoneNumber) -> String {
    format!("{number:<NUMBER$}")
}

/// Puts labels in one column and what they label in another.
fn fields(out: &mut String, fields: &[Field]) {
    let longest = fields.iter().map(|field| field.label.chars().count()).max();
    // A column that leaves the other one half of the width; a longer label has a line of its own.
    let column = (longest.unwrap_or(0) + 3).clamp(16, COLUMNS / 2);
    for field in fields {
        let mut label = format!("{}:", field.label);
        if label.chars().count() >= column {
            put(out, "", &label);
            label.clear();
        }
        for line in &field.lines {
            put(out, &format!("{label:<column$}"), line);
            label.clear();
        }
    }
}

/// Puts `text` after `first`, its further lines below its first.
fn put(out: &mut String, first: &str, text: &str) {
    let indent = first.chars().count();
    for (i, line) in wrap(text, (COLUMNS - indent) as f32, |_| 1.0)
        .iter()
        .enumerate()
    {
        let margin = if i == 0 {
            first.to_owned()
        } else {
            " ".repeat(indent)
        };
        *out += (margin + line).trim_end();
        out.push('\n');
    }
}
