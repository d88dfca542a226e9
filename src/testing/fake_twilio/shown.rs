//! What `Debug` may show.

/// `text` with every account and key SID in it reduced to its last four characters.
pub(crate) fn masked(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = next_sid(rest) {
        // All 34 characters of a SID are ASCII. The last four may begin another.
        shown.push_str(&rest[..at + 2]);
        shown.push('…');
        rest = &rest[at + 30..];
    }
    shown.push_str(rest);
    shown
}

fn next_sid(text: &str) -> Option<usize> {
    text.as_bytes().windows(34).position(|window| {
        let kind = &window[..2];
        let known = kind.eq_ignore_ascii_case(b"AC") || kind.eq_ignore_ascii_case(b"SK");
        known && window[2..].iter().all(u8::is_ascii_hexdigit)
    })
}

/// The names of parameters; their values are numbers, texts, URLs and accounts.
pub(crate) fn names(params: &[(String, String)]) -> Vec<String> {
    params.iter().map(|(name, _)| masked(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn sids_are_masked_wherever_they_stand() {
        let hex = "0123456789abcdefABCDEF0123456789";
        let told = format!("é{hex} /AC{hex}.json sk{hex}AC{hex} PN{hex}");
        assert_eq!(
            masked(&told),
            format!("é{hex} /AC…6789.json sk…6789AC…6789 PN{hex}")
        );
        // A and C are digits too.
        let overlapping = format!("AC{}12AC{hex}", "0".repeat(28));
        assert_eq!(masked(&overlapping), "AC…12AC…6789");
    }
}
