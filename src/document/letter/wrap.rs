//! Lines of a width.

use std::mem;

/// `text` in lines of at most `room`, each as wide as `width` says its characters are together.
///
/// Lines break at blanks and line ends, which are dropped; a word wider than a line is cut. A
/// character wider than a line has one of its own. A blank text is one empty line.
pub(super) fn wrap(text: &str, room: f32, width: impl Fn(char) -> f32) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0.0;
    let blank = width(' ');
    for word in text
        .split([' ', '\t', '\r', '\n'])
        .filter(|word| !word.is_empty())
    {
        let needed: f32 = word.chars().map(&width).sum();
        if !line.is_empty() {
            if used + blank + needed <= room {
                line.push(' ');
                used += blank;
            } else {
                lines.push(mem::take(&mut line));
                used = 0.0;
            }
        }
        for c in word.chars() {
            let wide = width(c);
            if !line.is_empty() && used + wide > room {
                lines.push(mem::take(&mut line));
                used = 0.0;
            }
            line.push(c);
            used += wide;
        }
    }
    if lines.is_empty() || !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, room: f32) -> Vec<String> {
        wrap(text, room, |_| 1.0)
    }

    #[test]
    fn lines_break_at_blanks_and_never_exceed_their_width() {
        assert_eq!(lines("aa bb\ncc  dd", 5.0), ["aa bb", "cc dd"]);
        assert_eq!(lines("aa bb cc", 4.0), ["aa", "bb", "cc"]);
        assert_eq!(lines("", 4.0), [""]);
        assert_eq!(lines(" \n ", 4.0), [""]);
        // A no-break space holds.
        assert_eq!(lines("a b\u{a0}c", 4.0), ["a", "b\u{a0}c"]);
    }

    #[test]
    fn a_long_word_is_cut_and_nothing_is_lost() {
        assert_eq!(lines("a bcdefgh i", 4.0), ["a", "bcde", "fgh", "i"]);
        assert_eq!(lines("田中太郎", 2.0), ["田中", "太郎"]);
        assert_eq!(lines("abc", 0.0), ["a", "b", "c"]);
    }
}
