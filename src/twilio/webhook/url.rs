//! Addresses as Twilio may have spelled them when it signed.

use std::borrow::Cow;

use super::form;

/// An absolute address in its parts, each as received.
struct Parts<'u> {
    /// Scheme and authority without a port: `https://example.com`.
    site: &'u str,
    /// `:8443`, with the colon.
    port: Option<&'u str>,
    path: &'u str,
    /// From the `?` on.
    query: &'u str,
    /// From the `#` on. No HTTP request has one.
    fragment: &'u str,
}

impl<'u> Parts<'u> {
    fn of(url: &'u str) -> Option<Self> {
        let start = url.find("://").filter(|at| *at > 0)? + 3;
        let cut =
            |text: &'u str, marks: &[char]| text.split_at(text.find(marks).unwrap_or(text.len()));
        let (authority, rest) = cut(&url[start..], &['/', '?', '#']);
        let (before, fragment) = cut(rest, &['#']);
        let (path, query) = cut(before, &['?']);
        let host = authority.rfind('@').map_or(0, |at| at + 1);
        // The last colon of an address in brackets has no digits alone after it.
        let port = authority[host..]
            .rfind(':')
            .map(|at| &authority[host + at..])
            .filter(|port| port.len() > 1 && port[1..].bytes().all(|b| b.is_ascii_digit()));
        let site = url.len() - rest.len() - port.map_or(0, str::len);
        (!authority[host..].is_empty()).then_some(Self {
            site: &url[..site],
            port,
            path,
            query,
            fragment,
        })
    }
}

/// `url` as it stands first, then as Twilio's own libraries try it too: without the port it has or
/// with its scheme's own, with every single quote of the query written `'` or `%27`.
///
/// `None` if `url` is no absolute address.
pub(super) fn spellings(url: &str) -> Option<Vec<Cow<'_, str>>> {
    let parts = Parts::of(url)?;
    let scheme = &url[..url.find("://")?];
    let standard = if scheme.eq_ignore_ascii_case("https") {
        Some(":443")
    } else if scheme.eq_ignore_ascii_case("http") {
        Some(":80")
    } else {
        None
    };
    let mut spellings = vec![Cow::Borrowed(url)];
    let other_port = match parts.port {
        Some(_) => Some(""),
        None => standard,
    };
    let ports = [Some(parts.port.unwrap_or_default()), other_port];
    let queries = [
        Cow::Borrowed(parts.query),
        Cow::Owned(parts.query.replace('\'', "%27")),
        Cow::Owned(parts.query.replace("%27", "'")),
    ];
    for port in ports.into_iter().flatten() {
        for query in &queries {
            let spelling = format!(
                "{}{port}{}{query}{}",
                parts.site, parts.path, parts.fragment
            );
            if spellings.iter().all(|known| *known != spelling) {
                spellings.push(Cow::Owned(spelling));
            }
        }
    }
    Some(spellings)
}

/// The pairs of the query; `None` if there is text in it that is not UTF-8.
pub(super) fn query(url: &str) -> Option<Vec<(String, String)>> {
    let query = Parts::of(url).map_or("", |parts| parts.query);
    form::pairs(query.strip_prefix('?').unwrap_or(query).as_bytes())
}

/// What the query says of the body.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum BodyHash {
    Absent,
    Given(String),
    Repeated,
}

impl BodyHash {
    pub(super) fn of(url: &str) -> Self {
        let query = Parts::of(url).map_or("", |parts| parts.query);
        let mut named = query
            .strip_prefix('?')
            .unwrap_or_default()
            .split('&')
            // One by one: a pair that is not UTF-8 must not hide the hash.
            .filter_map(|pair| form::pairs(pair.as_bytes()))
            .flatten()
            .filter(|(name, _)| name == "bodySHA256")
            .map(|(_, value)| value);
        match (named.next(), named.next()) {
            (None, _) => Self::Absent,
            (Some(hash), None) => Self::Given(hash),
            (Some(_), Some(_)) => Self::Repeated,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BodyHash, spellings};

    fn spelled(url: &str) -> Vec<String> {
        let spellings = spellings(url).unwrap_or_default();
        spellings.into_iter().map(String::from).collect()
    }

    #[test]
    fn an_address_is_tried_with_and_without_a_port() {
        for (url, other) in [
            ("https://a.example/x?y=1", "https://a.example:443/x?y=1"),
            ("http://a.example", "http://a.example:80"),
            ("HTTPS://a.example?y", "HTTPS://a.example:443?y"),
            ("https://a.example:8443/x:1/@", "https://a.example/x:1/@"),
            ("https://u:p@a.example/x", "https://u:p@a.example:443/x"),
            ("https://u:p@a.example:1/x", "https://u:p@a.example/x"),
            ("https://[::1]/x", "https://[::1]:443/x"),
            ("https://[::1]:5/x", "https://[::1]/x"),
            (
                "https://a.example/x?y=://b:1",
                "https://a.example:443/x?y=://b:1",
            ),
        ] {
            assert_eq!(spelled(url), [url, other]);
        }
    }

    #[test]
    fn a_quote_of_the_query_is_tried_both_ways() {
        assert_eq!(
            spelled("https://a.example/it's?b='&c=%27"),
            [
                "https://a.example/it's?b='&c=%27",
                "https://a.example/it's?b=%27&c=%27",
                "https://a.example/it's?b='&c='",
                "https://a.example:443/it's?b='&c=%27",
                "https://a.example:443/it's?b=%27&c=%27",
                "https://a.example:443/it's?b='&c='",
            ]
        );
    }

    #[test]
    fn what_is_no_absolute_address_has_no_spelling() {
        for url in [
            "",
            "/x?y",
            "a.example/x",
            "://",
            "https://",
            "https:///x",
            "https://u@/x",
        ] {
            assert_eq!(spelled(url), [""; 0], "{url}");
        }
    }

    #[test]
    fn the_body_hash_is_one_parameter_of_that_very_name() {
        let given = |hash: &str| BodyHash::Given(hash.to_owned());
        for (url, expected) in [
            ("https://a.example/x?bodySHA256=ab", given("ab")),
            (
                "https://a.example/x?y=1&bodySHA256=ab#bodySHA256=cd",
                given("ab"),
            ),
            ("https://a.example/x?bodySHA256", given("")),
            ("https://a.example/x?bodysha256=ab", BodyHash::Absent),
            ("https://a.example/x?xbodySHA256=ab", BodyHash::Absent),
            ("https://a.example/bodySHA256=ab", BodyHash::Absent),
            ("https://a.example/x#?bodySHA256=ab", BodyHash::Absent),
            ("https://a.example/x?y=%FF&bodySHA256=ab", given("ab")),
            (
                "https://a.example/x?bodySHA256=ab&bodySHA256=ab",
                BodyHash::Repeated,
            ),
            (
                "https://a.example/x?bodySHA256=ab&body%53HA256=cd",
                BodyHash::Repeated,
            ),
        ] {
            assert_eq!(BodyHash::of(url), expected, "{url}");
        }
    }
}
