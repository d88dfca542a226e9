//! Tables and paragraphs for a terminal.

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
        println!("{}", line.trim_end());
    }
}

/// The names of the columns, underlined.
pub(crate) fn head(widths: &[usize], cells: &[&str]) {
    row(widths, cells);
    let rules: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
    row(widths, &rules);
}

/// Every line of `text` behind a bar, at most 96 characters wide; what is wrapped goes on under its
/// own text, and blanks at the beginning of a line stay.
pub(crate) fn quote(bar: &str, text: &str) {
    for line in text.lines() {
        let body = line.trim_start();
        let indent = " ".repeat(line.len() - body.len());
        let mark = body.split_once(' ').map_or("", |(first, _)| first);
        let item = mark == "-" || mark.ends_with('.') && mark.starts_with(char::is_numeric);
        let hang = " ".repeat(if item { mark.len() + 1 } else { 0 });
        for (at, part) in wrap(body, 92 - indent.len()).iter().enumerate() {
            let hang = if at == 0 { "" } else { &hang };
            println!("{}", format!("  {bar} {indent}{hang}{part}").trim_end());
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
