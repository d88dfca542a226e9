//! Forms, decoded as browsers write them.

/// The pairs of a form or a query, in their order, or `None` if a name or a value is not UTF-8.
///
/// `form_urlencoded` puts U+FFFD for what is not UTF-8, so that different bytes read alike. Twilio
/// signs texts and its texts are UTF-8, so such a form is none of Twilio's.
pub(super) fn pairs(form: &[u8]) -> Option<Vec<(String, String)>> {
    form.split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let mut half = || text(halves.next().unwrap_or_default());
            Some((half()?, half()?))
        })
        .collect()
}

fn text(encoded: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        bytes.push(match (first, after) {
            (b'+', _) => b' ',
            (b'%', [high, low, after @ ..]) => match (nibble(*high), nibble(*low)) {
                (Some(high), Some(low)) => {
                    rest = after;
                    high << 4 | low
                }
                _ => b'%',
            },
            (other, _) => *other,
        });
    }
    String::from_utf8(bytes).ok()
}

/// What a hexadecimal digit is worth.
pub(super) fn nibble(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::pairs;

    #[test]
    fn what_is_not_utf_8_is_no_form() {
        for form in [
            &b"a=%FF"[..],
            b"%FF=a",
            b"a=\xFF",
            b"a=%C3",
            b"a=%ED%A0%80",
            b"x=1&a=%E2%82",
        ] {
            assert_eq!(pairs(form), None, "{form:?}");
        }
        // The replacement character itself is a character.
        assert_eq!(
            pairs(b"a=%EF%BF%BD"),
            Some(vec![("a".into(), "\u{FFFD}".into())])
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_utf_8_reads_as_form_urlencoded_reads_it(
            // A sign before two digits must not make what is not UTF-8.
            form in "([a-zA-Zé€ +=&]|%[g-zG-Zé+=&]|%[0-7][0-9a-fA-F]|%C3%A9|&&|==){0,40}%?",
        ) {
            let theirs: Vec<(String, String)> =
                form_urlencoded::parse(form.as_bytes()).into_owned().collect();
            prop_assert_eq!(pairs(form.as_bytes()), Some(theirs));
        }
    }
}
