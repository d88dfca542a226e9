//! Tables and paragraphs for a terminal. What they hold may come from elsewhere: it is escaped.

#[path = "../shown/mod.rs"]
pub(crate) mod shown;

use shown::Plain;

/// One row of a table; what does not fit into its column goes on below.
pub(crate) fn row(widths: &[usize], cells: &[&str]) {
    let columns: Vec<Vec<String>> = widths
        .iter()
        .zip(cells)
        .map(|(width, cell)| wrap(cell, *width))
        .collect();
    let height = columns.iter().map(Vec::len).max().unwrap_or(0);
    for at in 0..height {
        let mut line = String::new();
        for (width, column) in widths.iter().zip(&columns) {
            let text = column.get(at).map_or("", String::as_str);
            line.push_str(&format!("  {text:<width$}"));
        }
        println!("{}", Plain(line.trim_end()));
    }
}

/// The names of the columns, underlined.
pub(crate) fn head(widths: &[usize], cells: &[&str]) {
    row(widths, cells);
    let rules: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
    row(widths, &rules);
}

/// Every line of `text` behind a bar. One of more than 92 characters is wrapped: an item goes on
/// under its own text.
pub(crate) fn quote(bar: &str, text: &str) {
    const WIDTH: usize = 92;
    for line in text.lines() {
        if line.chars().count() <= WIDTH {
            println!("{}", Plain(format!("  {bar} {line}").trim_end()));
            continue;
        }
        let body = line.trim_start();
        let mark = body.split_once(' ').map_or("", |(first, _)| first);
        let item = mark == "-" || mark.ends_with('.') && mark.starts_with(char::is_numeric);
        let indent = line.len() - body.len();
        let hang = indent + if item { mark.len() + 1 } else { 0 };
        for (at, part) in wrap(body, WIDTH.saturating_sub(hang)).iter().enumerate() {
            let blanks = " ".repeat(if at == 0 { indent } else { hang });
            println!("  {bar} {blanks}{}", Plain(part));
        }
    }
}

fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.len() - 1;
        let line = &mut lines[last];
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}
