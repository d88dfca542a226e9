//! What of other people's words may be shown.

/// So much is kept of a word, such as a status, in characters.
pub(in crate::twilio) const WORD: usize = 64;
/// So much is kept of a reason, in characters.
pub(in crate::twilio) const REASON: usize = 400;

/// `words` as [`said`], with `secrets` taken out before.
pub(super) fn masked(words: &str, secrets: &[&str]) -> String {
    let mut words = words.to_owned();
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        words = words.replace(secret, "[secret]");
    }
    said(&words, REASON)
}

/// The words of another as they may stand among this crate's own.
///
/// - On one line, and in the order they were written in: control characters, line and paragraph
///   separators and marks that turn the direction of writing are blanks.
/// - Account and key SIDs are reduced to their last four characters.
/// - URLs are without user, password, query and fragment: `https://example.com/voice?…`.
/// - At most `most` characters; where there were more, the last is `…`.
///
/// To be called on what is decoded already: nothing encoded is seen. What was said once stays as it
/// is when it is said again.
pub(in crate::twilio) fn said(words: &str, most: usize) -> String {
    bounded(&sids_masked(&urls_cut(&on_one_line(words))), most)
}

/// So often words may be encoded over one another; what is still encoded then is left out.
const ROUNDS: usize = 8;

/// `words` that may be percent-encoded, also over and over: decoded, and as [`said`].
pub(in crate::twilio) fn said_decoded(words: &str, most: usize) -> String {
    // What would end a URL stays encoded until URLs are cut: the rest of a query is of it too.
    let in_urls = |byte: u8| byte.is_ascii_graphic() && !b"\"<>".contains(&byte);
    let mut plain = words.replace("\\/", "/");
    let mut rounds = 0;
    loop {
        let next = percent_decoded(&plain, in_urls).replace("\\/", "/");
        if next == plain {
            break;
        }
        plain = next;
        rounds += 1;
        if rounds == ROUNDS {
            plain.truncate(plain.find('%').unwrap_or(plain.len()));
            break;
        }
    }
    let cut = said(&plain, usize::MAX);
    said(&percent_decoded(&cut, |_| true), most)
}

/// `words` with those of their encoded bytes decoded that `meant` names.
fn percent_decoded(words: &str, meant: impl Fn(u8) -> bool) -> String {
    let digit = |byte: Option<&u8>| char::from(*byte?).to_digit(16);
    let mut decoded = Vec::with_capacity(words.len());
    let mut rest = words.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let value = digit(after.first()).zip(digit(after.get(1)));
        let byte = value.and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
        match byte.filter(|byte| first == b'%' && meant(*byte)) {
            Some(byte) => {
                decoded.push(byte);
                rest = &after[2..];
            }
            None => {
                decoded.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

/// `words` that are still to be decoded: as [`said`], but with whole URLs, in which numbers are
/// looked for.
pub(super) fn undecoded(words: &str, most: usize) -> String {
    bounded(&sids_masked(&on_one_line(words)), most)
}

fn on_one_line(words: &str) -> String {
    let blank =
        |c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    words
        .chars()
        .map(|c| if blank(c) { ' ' } else { c })
        .collect()
}

fn urls_cut(words: &str) -> String {
    let ends_url = |c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>');
    let mut shown = String::with_capacity(words.len());
    for part in words.split_inclusive(ends_url) {
        let bare = part.trim_end_matches(ends_url);
        match bare.split_once("://") {
            Some((scheme, url)) => {
                shown.push_str(scheme);
                push_cut(&mut shown, url);
                shown.push_str(&part[bare.len()..]);
            }
            None => shown.push_str(part),
        }
    }
    shown
}

/// A URL from its `://` on, which may hold other URLs in its path.
fn push_cut(shown: &mut String, url: &str) {
    let (public, rest) = match url.find(['?', '#']) {
        // Both marks are one byte.
        Some(at) => url.split_at(at + 1),
        None => (url, ""),
    };
    for one in public.split("://") {
        let authority = one.find(['/', '\\']).unwrap_or(one.len());
        let host = one[..authority].rfind('@').map_or(0, |at| at + 1);
        shown.push_str("://");
        shown.push_str(&one[host..]);
    }
    if !rest.is_empty() {
        shown.push('…');
    }
}

/// `words` with every account and key SID reduced to its last four characters.
fn sids_masked(words: &str) -> String {
    let mut shown = String::with_capacity(words.len());
    let mut rest = words;
    while let Some(at) = next_sid(rest) {
        // A SID is 34 ASCII characters, so these are character boundaries. Its last four may begin
        // another one.
        shown.push_str(&rest[..at + 2]);
        shown.push('…');
        rest = &rest[at + 30..];
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

fn bounded(line: &str, most: usize) -> String {
    let line = line.trim();
    if line.chars().nth(most).is_none() {
        return line.to_owned();
    }
    let kept: String = line.chars().take(most.saturating_sub(1)).collect();
    // One mark is enough where a URL was cut.
    let kept = kept.trim_end_matches(|c: char| c.is_whitespace() || c == '…');
    format!("{kept}…")
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    const HEX: &str = "0123456789abcdefABCDEF0123456789";

    #[test]
    fn account_and_key_sids_are_masked_wherever_they_stand() {
        let told = format!("é{HEX}: AC{HEX}/x SK{HEX}AC{HEX} PN{HEX} ac{HEX}");
        assert_eq!(
            masked(&told, &[]),
            format!("é{HEX}: AC…6789/x SK…6789AC…6789 PN{HEX} ac…6789")
        );
        // A is a digit too, and so is C.
        let overlapping = format!("AC{}12AC{HEX}", "0".repeat(28));
        assert_eq!(masked(&overlapping, &[]), "AC…12AC…6789");
    }

    #[test]
    fn secrets_are_taken_out_before_anything_is_cut() {
        let told = format!("{} token-1 and dG9rZW4=\r\nForged: line", "x".repeat(390));
        let shown = masked(&told, &["token-1", "", "dG9rZW4="]);
        assert!(shown.chars().count() <= 400, "{shown}");
        assert!(
            !shown.contains("token") && !shown.contains("dG9"),
            "{shown}"
        );
        assert_eq!(masked("one\r\ntwo", &[]), "one  two");
        // Nor is a SID cut in two, which would hide it from the mask.
        let shown = said(&format!("{}AC{HEX}", "x".repeat(390)), REASON);
        assert!(shown.ends_with("xAC…6789"), "{shown}");
    }

    #[test]
    fn words_stay_on_their_line_and_in_their_order() {
        for turn in [
            '\0', '\u{7}', '\n', '\u{85}', '\u{2028}', '\u{2029}', '\u{202A}', '\u{202E}',
            '\u{2066}', '\u{2069}',
        ] {
            assert_eq!(said(&format!("{turn}a{turn}b{turn}"), 9), "a b", "{turn:?}");
        }
        // These are letters and what belongs to them.
        for word in ["é", "שלום", "e\u{301}", "a\u{200D}b", "\u{2027}", "…"] {
            assert_eq!(said(word, 9), word);
        }
    }

    #[test]
    fn what_is_too_long_ends_in_a_mark() {
        assert_eq!(said("12345", 5), "12345");
        assert_eq!(said("123456", 5), "1234…");
        assert_eq!(said("ééé é", 5), "ééé é");
        assert_eq!(said("123 56", 5), "123…");
        assert_eq!(said("://x?key=s3cret more", 7), "://x?…");
        assert_eq!(said("  12345  ", 5), "12345");
    }

    #[test]
    fn a_url_is_shown_without_what_may_be_secret() {
        for (told, shown) in [
            ("at https://x/y?key=s3cret now", "at https://x/y?… now"),
            ("(https://x/y#key=s3cret)", "(https://x/y#…"),
            ("https://x#a?b=s3cret", "https://x#…"),
            (
                "{\"u\":\"wss://x?s3cret\",\"n\":1}",
                "{\"u\":\"wss://x?…\",\"n\":1}",
            ),
            ("<https://x/?s3cret>!", "<https://x/?…>!"),
            ("https://me:s3cret@x:1/y", "https://x:1/y"),
            ("https://me@s3cret@x", "https://x"),
            (
                "https://p/https://me:s3cret@x/y?a=b",
                "https://p/https://x/y?…",
            ),
            ("why https://x/y? Because.", "why https://x/y? Because."),
            ("mail a@b? no://", "mail a@b? no://"),
            ("what?https://x/y@z", "what?https://x/y@z"),
        ] {
            assert_eq!(said(told, 99), shown, "{told}");
        }
    }

    #[test]
    fn what_is_still_to_be_decoded_keeps_its_urls() {
        let told = format!("url=https://x?From=%2B14155552671\n&sid=AC{HEX}");
        assert_eq!(
            undecoded(&told, 99),
            "url=https://x?From=%2B14155552671 &sid=AC…6789"
        );
        assert_eq!(undecoded(&told, 9), "url=http…");
    }

    #[test]
    fn no_encoding_hides_what_may_be_secret() {
        let url = "https://me:s3cret@x/y?k=s3cret%20s3cret";
        let mut told = format!("at {url}");
        for _ in 0..ROUNDS {
            assert_eq!(said_decoded(&told, 99), "at https://x/y?…", "{told}");
            let encoded = form_urlencoded::byte_serialize(told.as_bytes());
            told = encoded.collect::<String>().replace('+', "%20");
        }
        for told in [
            "https%3a//me:s3cret@x/y?k=a%20s3cret",
            "https:%2F%2Fx?k=a%22s3cret",
            "https://x?k=%E2%80%83s3cret",
            "{\"u\":\"https:\\/\\/me:s3cret@x\\/?s3cret\"}",
            "https%5C%3A%5C%2F%5C%2Fx?s3cret",
            "https:%5C/%5C/me:s3cret@x",
        ] {
            assert!(!said_decoded(told, 99).contains("s3cret"), "{told}");
        }
        let deep = format!("a%{}20https", "25".repeat(30));
        assert!(said_decoded(&deep, 99).starts_with("a"), "{deep}");
        for (told, shown) in [
            (
                "100% of 5%, 50%2 %zz é%C3%A9 %F0",
                "100% of 5%, 50%2 %zz éé \u{FFFD}",
            ),
            ("Content%20is%20not%20allowed", "Content is not allowed"),
            ("a+b", "a+b"),
            ("a%0A%E2%80%AEb", "a  b"),
        ] {
            assert_eq!(said_decoded(told, 99), shown, "{told}");
        }
    }

    #[test]
    fn a_long_text_of_marks_is_read_in_one_go() {
        for mark in ["://", "://@", "AC", "?", "\""] {
            let shown = said(&mark.repeat(300_000), REASON);
            assert!(shown.chars().count() <= REASON);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_was_said_stays_said(
            parts in vec(select(vec![
                "AC", "SK", "ac", "0123456789abcdef", "12AC0", "://", "https://", "@", "?", "#", "/",
                ":", "\\", " ", "\n", "\u{202E}", "\u{A0}", "\"", "…", "é", "x", "key=s3cret",
            ]), 0..40),
            most in 1_usize..120,
        ) {
            let told = parts.concat();
            let shown = said(&told, most);
            prop_assert_eq!(&said(&shown, most), &shown, "{:?}", told);
            prop_assert!(shown.chars().count() <= most);
            prop_assert!(next_sid(&shown).is_none(), "{}", shown);
            prop_assert!(!shown.chars().any(char::is_control));
        }
    }
}
