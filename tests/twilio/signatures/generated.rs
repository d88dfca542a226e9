//! Deliveries as they come, hundreds of them, each with twins in which one thing is changed.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use snap_port::twilio::webhook::{Forged, SignatureKeys, Webhook, WebhookRequest};

use super::oracle::{hex, sha256, sign};

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(4),
        ..ProptestConfig::default()
    }
}

/// What Twilio is told to call, and what it has to say.
#[derive(Clone, Debug)]
struct Delivery {
    token: String,
    /// `https://host`, no port.
    site: String,
    port: &'static str,
    /// The port Twilio signed with, which may differ.
    signed_port: &'static str,
    path_and_query: String,
    /// Does Twilio sign `'` as `%27`?
    signed_quotes: Quotes,
    content: Content,
    style: Vec<u8>,
}

#[derive(Clone, Copy, Debug)]
enum Quotes {
    AsGiven,
    Raw,
    Encoded,
}

#[derive(Clone, Debug)]
enum Content {
    Form(Vec<(String, String)>),
    Json(Vec<u8>),
    Query,
}

/// The request as the server gets it.
#[derive(Clone, Debug)]
struct Sent {
    token: String,
    method: &'static str,
    url: String,
    content_type: &'static [u8],
    body: Vec<u8>,
    signature: String,
}

impl Sent {
    fn verdict(&self) -> Result<(), Forged> {
        let webhook = Webhook::new(SignatureKeys::new(self.token.as_str()).unwrap());
        let request = WebhookRequest::new(self.method, &self.url, &self.body).headers([
            ("content-type", self.content_type),
            ("x-twilio-signature", self.signature.as_bytes()),
        ]);
        webhook
            .verify(&request)
            .map(|genuine| drop(genuine.hints()))
    }
}

impl Delivery {
    fn sent(&self) -> Sent {
        let mut path_and_query = self.path_and_query.clone();
        let (method, content_type, body): (_, &[u8], _) = match &self.content {
            Content::Form(pairs) => (
                "POST",
                b"application/x-www-form-urlencoded; charset=UTF-8",
                encoded(pairs, &self.style),
            ),
            Content::Json(body) => {
                let mark = if path_and_query.contains('?') {
                    '&'
                } else {
                    '?'
                };
                path_and_query += &format!("{mark}bodySHA256={}", hex(&sha256(body)));
                ("POST", b"application/json", body.clone())
            }
            Content::Query => ("GET", b"", Vec::new()),
        };
        let (path, query) =
            path_and_query.split_at(path_and_query.find('?').unwrap_or(path_and_query.len()));
        let query = match self.signed_quotes {
            Quotes::AsGiven => query.to_owned(),
            Quotes::Raw => query.replace("%27", "'"),
            Quotes::Encoded => query.replace('\'', "%27"),
        };
        let signed = format!("{}{}{path}{query}", self.site, self.signed_port);
        let parameters = match &self.content {
            Content::Form(pairs) => &pairs[..],
            Content::Json(_) | Content::Query => &[],
        };
        Sent {
            token: self.token.clone(),
            method,
            url: format!("{}{}{path_and_query}", self.site, self.port),
            content_type,
            body,
            signature: sign(&self.token, &signed, parameters),
        }
    }

    /// The same request with one thing changed; `at` says where.
    fn twins(&self, at: usize) -> Vec<(&'static str, Sent)> {
        let sent = self.sent();
        let with = |change: &dyn Fn(&mut Sent)| {
            let mut twin = sent.clone();
            change(&mut twin);
            twin
        };
        let after_host = self.site.len() + self.port.len();
        let mut twins = vec![
            (
                "url",
                with(&|twin| twin.url = changed(&twin.url, after_host, at)),
            ),
            (
                "host",
                with(&|twin| twin.url = twin.url.replacen("://", "://x", 1)),
            ),
            ("longer url", with(&|twin| twin.url.push('x'))),
            (
                "token",
                with(&|twin| twin.token = changed(&twin.token, 0, at)),
            ),
            (
                "signature",
                with(&|twin| twin.signature = other_signature(&twin.signature, at)),
            ),
        ];
        match &self.content {
            Content::Form(pairs) => {
                let body = |pairs: &[_]| with(&|twin| twin.body = encoded(pairs, &self.style));
                let mut more = pairs.clone();
                more.push(("CallStatus".into(), "completed again".into()));
                twins.push(("another parameter", body(&more)));
                if let Some((_, rest)) = pairs.split_first()
                    && sign("", "", rest) != sign("", "", pairs)
                {
                    twins.push(("a parameter less", body(rest)));
                }
                for i in 0..pairs.len() {
                    let mut named = pairs.clone();
                    named[i].0.push('q');
                    twins.push(("name", body(&named)));
                    let mut valued = pairs.clone();
                    valued[i].1 = other_text(&valued[i].1, at);
                    twins.push(("value", body(&valued)));
                }
            }
            Content::Json(body) => {
                let mut longer = body.clone();
                longer.push(b' ');
                twins.push(("longer body", with(&|twin| twin.body = longer.clone())));
                twins.push((
                    "hash",
                    with(&|twin| {
                        let (before, after) = twin.url.split_once("bodySHA256=").unwrap();
                        twin.url = format!("{before}bodySHA256={}", changed(after, 0, at));
                    }),
                ));
                twins.push((
                    "no hash",
                    with(&|twin| twin.url = twin.url.replace("bodySHA256", "x")),
                ));
                if !body.is_empty() {
                    let mut other = body.clone();
                    other[at % body.len()] ^= 1;
                    twins.push(("body", with(&|twin| twin.body = other.clone())));
                }
            }
            Content::Query => twins.push(("a body", with(&|twin| twin.body = b"a".to_vec()))),
        }
        twins
    }
}

/// `text` with one letter or digit after `from` made another.
fn changed(text: &str, from: usize, at: usize) -> String {
    let places: Vec<usize> = (from..text.len())
        .filter(|i| text.as_bytes()[*i].is_ascii_alphanumeric())
        .collect();
    let place = places[at % places.len()];
    let other = if &text[place..=place] == "q" {
        "r"
    } else {
        "q"
    };
    format!("{}{other}{}", &text[..place], &text[place + 1..])
}

/// `text` with one character made another, or one put in.
fn other_text(text: &str, at: usize) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    match chars.len() {
        0 => chars.push('q'),
        len => {
            let place = &mut chars[at % len];
            *place = if *place == 'q' { 'r' } else { 'q' };
        }
    }
    chars.into_iter().collect()
}

/// Another signature that is well-formed: the last of its 28 digits holds two spare bits and `=`.
fn other_signature(signature: &str, at: usize) -> String {
    let mut digits = signature.as_bytes().to_vec();
    let place = at % 26;
    digits[place] = if digits[place] == b'q' { b'r' } else { b'q' };
    String::from_utf8(digits).unwrap()
}

/// A form, written in one of the many ways a form can be.
fn encoded(pairs: &[(String, String)], style: &[u8]) -> Vec<u8> {
    let mut style = style.iter().cycle();
    let mut escape = |text: &str| -> String {
        text.bytes()
            .map(|byte| match (byte, style.next().unwrap_or(&0) % 4) {
                (b' ', 0 | 1) => "+".to_owned(),
                (b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.', 0..=2) => {
                    char::from(byte).to_string()
                }
                (byte, 0) => format!("%{byte:02x}"),
                (byte, _) => format!("%{byte:02X}"),
            })
            .collect()
    };
    let mut body = String::new();
    for (name, value) in pairs {
        if !body.is_empty() {
            body.push('&');
        }
        body += &escape(name);
        // An empty value may go without `=`; an empty name may not.
        if !value.is_empty() || name.is_empty() || pairs.len().is_multiple_of(2) {
            body.push('=');
            body += &escape(value);
        }
    }
    body.into_bytes()
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "\\+1[2-9][0-9]{9}",
        "[ -~]{1,12}",
        "\\PC{1,8}",
        select(vec![
            "it's + & = % ?",
            "%27",
            "ÅÄÖ 日本 🦀",
            "a+b c",
            "a",
            "A",
            "\u{FFFD}",
            "\n\0"
        ])
        .prop_map(str::to_owned),
    ]
}

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    // Few names, so that some repeat; some begin as others do, and one is empty.
    let known = vec![
        "CallSid", "From", "To", "Body", "Digits", "Digit", "digits", "é", "",
    ];
    let name = prop_oneof![4 => select(known).prop_map(str::to_owned), 1 => "[ -~]{1,6}"];
    let few = select(vec!["1234", "5678", "", "12"]).prop_map(str::to_owned);
    vec((name, prop_oneof![2 => text(), 1 => few]), 0..10)
}

fn content() -> impl Strategy<Value = Content> {
    prop_oneof![
        3 => pairs().prop_map(Content::Form),
        2 => vec(any::<u8>(), 0..200).prop_map(Content::Json),
        1 => Just(Content::Query),
    ]
}

fn deliveries() -> impl Strategy<Value = Delivery> {
    let ports = vec![
        // Scheme, port in the URL, port signed.
        ("https", "", ""),
        ("https", "", ":443"),
        ("https", ":443", ""),
        ("https", ":443", ":443"),
        ("https", ":8443", ":8443"),
        ("https", ":8443", ""),
        ("http", "", ""),
        ("http", "", ":80"),
        ("http", ":80", ""),
        ("http", ":8080", ":8080"),
    ];
    let hosts = vec![
        "port.example",
        "user:pass@port.example",
        "127.0.0.1",
        "[::1]",
    ];
    let tails = vec![
        "/twilio/events",
        "/t",
        "/t?",
        "/t?a=1&b=%20&c=x+y&a=1",
        "/t?who=O'Brien",
        "/t?who=O%27Brien&x=''",
        "/it's?q=%e2%82%ac",
        "/t?mail=a@b:8080/c",
    ];
    let quotes = vec![Quotes::AsGiven, Quotes::Raw, Quotes::Encoded];
    (
        "[0-9a-f]{32}|[!-~]{1,80}a",
        select(ports),
        select(hosts),
        select(tails),
        select(quotes),
        content(),
        vec(any::<u8>(), 1..8),
    )
        .prop_map(
            |(token, (scheme, port, signed_port), host, tail, signed_quotes, content, style)| {
                Delivery {
                    token,
                    site: format!("{scheme}://{host}"),
                    port,
                    signed_port,
                    path_and_query: tail.to_owned(),
                    signed_quotes,
                    content,
                    style,
                }
            },
        )
}

proptest! {
    #![proptest_config(config(600))]

    #[test]
    fn what_twilio_signs_is_genuine_and_every_twin_of_it_is_forged(delivery in deliveries(), at in any::<usize>()) {
        prop_assert_eq!(delivery.sent().verdict(), Ok(()));
        for (what, twin) in delivery.twins(at) {
            prop_assert!(twin.verdict().is_err(), "{}: {:?}", what, twin);
        }
    }
}

proptest! {
    #![proptest_config(config(1500))]

    #[test]
    fn nothing_that_can_come_in_is_a_panic_or_genuine(
        method in prop_oneof![Just("GET".to_owned()), Just("POST".to_owned()), "\\PC{0,4}"],
        url in prop_oneof!["\\PC{0,40}", "https?://[\\PC]{0,10}:?[0-9]{0,3}[/?#'%:@\\[\\]&=]{0,6}(bodySHA256=[0-9a-f]{64})?"],
        headers in vec((select(vec!["x-twilio-signature", "Content-Type", "I-Twilio-Idempotency-Token", "x"]), vec(any::<u8>(), 0..30)), 0..4),
        signature in prop_oneof![Just(None), "[A-Za-z0-9+/]{27}=".prop_map(Some)],
        form in any::<bool>(),
        body in prop_oneof![vec(any::<u8>(), 0..60), "([a-z%+=&]|%[0-9A-F]{2}){0,30}".prop_map(String::into_bytes)],
    ) {
        let webhook = Webhook::new(SignatureKeys::new("12345").unwrap());
        let mut request = WebhookRequest::new(&method, &url, &body)
            .headers(headers.iter().map(|(name, value)| (*name, value.as_slice())));
        if let Some(signature) = &signature {
            request = request.header("X-Twilio-Signature", signature.as_bytes());
        }
        if form {
            request = request.header("Content-Type", b"application/x-www-form-urlencoded");
        }
        prop_assert!(webhook.verify(&request).is_err());
    }
}
