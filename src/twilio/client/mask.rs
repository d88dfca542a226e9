//! What of other people's words may be shown.

/// How much of Twilio's words an error keeps, in characters.
const WORDS: usize = 400;

/// `words` on one line and not too long, with `secrets` and whole account and key SIDs taken out.
pub(super) fn masked(words: &str, secrets: &[&str]) -> String {
    let mut words = words.to_owned();
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        words = words.replace(secret, "[secret]");
    }
    let line: String = sids_masked(&words)
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(WORDS)
        .collect();
    line.trim().to_owned()
}

/// `words` with every account and key SID reduced to its last four characters.
pub(super) fn sids_masked(words: &str) -> String {
    let mut shown = String::with_capacity(words.len());
    let mut rest = words;
    while let Some(at) = next_sid(rest) {
        // A SID is 34 ASCII characters, so these are character boundaries.
        let (before, sid_on) = rest.split_at(at);
        let (sid, after) = sid_on.split_at(34);
        shown.push_str(before);
        shown.push_str(&sid[..2]);
        shown.push('…');
        shown.push_str(&sid[30..]);
        rest = after;
    }
    shown.push_str(rest);
    shown
}

fn next_sid(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    bytes.windows(34).position(|window| {
        let prefix = window[..2].to_ascii_uppercase();
        (prefix == *b"AC" || prefix == *b"SK") && window[2..].iter().all(u8::is_ascii_hexdigit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEX: &str = "0123456789abcdefABCDEF0123456789";

    #[test]
    fn account_and_key_sids_are_masked_wherever_they_stand() {
        let said = format!("é{HEX}: AC{HEX}/x SK{HEX}AC{HEX} PN{HEX} ac{HEX}");
        let shown = masked(&said, &[]);
        assert_eq!(
            shown,
            format!("é{HEX}: AC…6789/x SK…6789AC…6789 PN{HEX} ac…6789")
        );
    }

    #[test]
    fn secrets_are_taken_out_before_anything_is_cut() {
        let said = format!("{} token-1 and dG9rZW4=\r\nForged: line", "x".repeat(390));
        let shown = masked(&said, &["token-1", "", "dG9rZW4="]);
        assert!(shown.chars().count() <= 400, "{shown}");
        assert!(
            !shown.contains("token") && !shown.contains("dG9"),
            "{shown}"
        );
        assert_eq!(masked("one\r\ntwo", &[]), "one  two");
    }
}
