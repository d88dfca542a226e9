//! What is sent out, and how it is signed.

use std::net::IpAddr;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use chrono::{DateTime, Utc};
use form_urlencoded::Serializer;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Url;
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::testing::fake_twilio::wire::fault::Manner;

/// A callback on its way.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub(crate) at: DateTime<Utc>,
    /// Whose it is, and whose token signs it.
    pub(crate) account: String,
    pub(crate) url: String,
    pub(crate) content: Content,
    /// The same for each copy.
    pub(crate) token: String,
}

/// What it says.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Form(Vec<(&'static str, String)>),
    /// The parameters in the URL.
    Query(Vec<(&'static str, String)>),
    Json(String),
}

/// A letter as it goes over the wire.
#[derive(Debug)]
pub(crate) struct Sealed {
    pub(crate) url: Url,
    pub(crate) get: bool,
    pub(crate) content_type: &'static str,
    pub(crate) body: String,
    pub(crate) signature: String,
}

impl Letter {
    pub(crate) fn json(
        at: DateTime<Utc>,
        account: &str,
        url: String,
        body: String,
        token: String,
    ) -> Self {
        let account = account.to_owned();
        Self {
            at,
            account,
            url,
            content: Content::Json(body),
            token,
        }
    }

    /// Signs it with the account's token. `None` if the URL is none of this machine's.
    pub(crate) fn seal(&self, token: &str) -> Option<Sealed> {
        let mut url = Url::parse(&self.url).ok().filter(is_loopback)?;
        url.set_fragment(None);
        let (get, content_type, body, signed) = match &self.content {
            Content::Form(params) => {
                let mut sorted: Vec<_> = params.iter().collect();
                sorted.sort();
                let mut signed = url.as_str().to_owned();
                for (name, value) in sorted {
                    signed.push_str(name);
                    signed.push_str(value);
                }
                (
                    false,
                    "application/x-www-form-urlencoded",
                    encoded(params),
                    signed,
                )
            }
            Content::Query(params) => {
                append(&mut url, &encoded(params));
                let signed = url.as_str().to_owned();
                (
                    true,
                    "application/x-www-form-urlencoded",
                    String::new(),
                    signed,
                )
            }
            Content::Json(body) => {
                append(&mut url, &format!("bodySHA256={}", hex_sha256(body)));
                let signed = url.as_str().to_owned();
                (false, "application/json", body.clone(), signed)
            }
        };
        let signature = hmac_sha1(token, &signed)?;
        Some(Sealed {
            url,
            get,
            content_type,
            body,
            signature,
        })
    }
}

/// Only this machine is ever called: what a test says cannot reach anybody.
fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    let local = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
    local && url.scheme() == "http"
}

fn append(url: &mut Url, query: &str) {
    let query = match url.query() {
        Some(old) if !old.is_empty() => format!("{old}&{query}"),
        _ => query.to_owned(),
    };
    url.set_query(Some(&query));
}

fn encoded(params: &[(&'static str, String)]) -> String {
    Serializer::new(String::new()).extend_pairs(params).finish()
}

fn hex_sha256(body: &str) -> String {
    let digest = Sha256::digest(body.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn hmac_sha1(token: &str, text: &str) -> Option<String> {
    // HMAC takes keys of every length, so there always is one.
    let mut mac = Hmac::<Sha1>::new_from_slice(token.as_bytes()).ok()?;
    mac.update(text.as_bytes());
    Some(BASE64_STANDARD.encode(mac.finalize().into_bytes()))
}

/// The callbacks about one thing, and how they go astray.
#[derive(Clone, Debug)]
pub(crate) struct Thread {
    manner: Manner,
    held: Option<Box<Letter>>,
}

impl Thread {
    pub(crate) fn new(manner: Manner) -> Self {
        Self { manner, held: None }
    }

    /// What goes out now that `letter` is due; `last` if none follows.
    pub(crate) fn post(&mut self, letter: Letter, last: bool) -> Vec<Letter> {
        let mut out = Vec::new();
        if self.manner.swapped && self.held.is_none() && !last {
            self.held = Some(Box::new(letter));
            return out;
        }
        out.push(letter);
        out.extend(self.held.take().map(|held| *held));
        if self.manner.twice {
            out = out
                .iter()
                .flat_map(|letter| [letter.clone(), letter.clone()])
                .collect();
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letter(url: &str, content: Content) -> Letter {
        Letter {
            at: DateTime::UNIX_EPOCH,
            account: String::new(),
            url: url.to_owned(),
            content,
            token: String::new(),
        }
    }

    #[test]
    fn a_signature_is_the_published_one() {
        // Twilio's own example, of a host that is not called here.
        let params = [
            ("CallSid", "CA1234567890ABCDE"),
            ("Caller", "+14158675309"),
            ("Digits", "1234"),
            ("From", "+14158675309"),
            ("To", "+18005551212"),
        ];
        let mut text = "https://mycompany.com/myapp.php?foo=1&bar=2".to_owned();
        params
            .iter()
            .for_each(|(name, value)| text.extend([*name, *value]));
        let signature = hmac_sha1("12345", &text);
        assert_eq!(signature.as_deref(), Some("RSOYDt4T1cUTdK1PDd93/VVr8B8="));
    }

    #[test]
    fn nobody_but_this_machine_is_called() {
        for url in [
            "http://example.com/",
            "https://127.0.0.1/",
            "http://10.0.0.1/",
            "nothing",
        ] {
            assert!(
                letter(url, Content::Json(String::new()))
                    .seal("t")
                    .is_none(),
                "{url}"
            );
        }
        for url in [
            "http://127.0.0.1:1/a?b=c#d",
            "http://[::1]:1/",
            "http://localhost:1",
        ] {
            let sealed = letter(url, Content::Json(String::new())).seal("t").unwrap();
            assert!(sealed.url.as_str().contains("bodySHA256="), "{url}");
        }
    }
}
