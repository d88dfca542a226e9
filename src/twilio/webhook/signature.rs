//! Who sent it: signatures.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use secrecy::{ExposeSecret as _, SecretString};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

use super::event;
use super::form;
use super::hint::{Hint, Unreadable};
use super::request::{Header, WebhookRequest};
use super::url::{self, BodyHash};

/// How many bytes of body are read unless told otherwise: 1 MiB.
pub const BODY_LIMIT: usize = 1 << 20;

/// A token nobody can sign with: empty, or with blanks or control characters in it, as a file's
/// last line end is. The token itself is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an auth token: it is empty or has blanks in it; take it from the Twilio console")]
#[non_exhaustive]
pub struct UnusableToken;

/// The auth tokens whose signatures are taken.
///
/// Twilio signs with the *primary auth token* of the account the webhook belongs to, never with an
/// API key. While a token is rotated, give both. Whoever holds one of the tokens can sign for any
/// account, so put only accounts together that are trusted alike.
///
/// `Debug` shows how many there are; the memory is wiped when they are dropped.
#[derive(Clone)]
pub struct SignatureKeys(Vec<SecretString>);

impl SignatureKeys {
    /// One token.
    ///
    /// # Errors
    /// [`UnusableToken`] if it is empty or has blanks in it. With an empty token anybody could sign.
    pub fn new(token: impl Into<SecretString>) -> Result<Self, UnusableToken> {
        Self(Vec::new()).or(token)
    }

    /// One token more: the secondary during rotation, or another account's.
    ///
    /// # Errors
    /// [`UnusableToken`], as [`new`](Self::new).
    pub fn or(mut self, token: impl Into<SecretString>) -> Result<Self, UnusableToken> {
        let token = token.into();
        let text = token.expose_secret();
        if text.is_empty() || text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(UnusableToken);
        }
        self.0.push(token);
        Ok(self)
    }

    /// Did one of the tokens sign one of the texts, each `head` and then each `tail`? Compared in
    /// constant time.
    fn signed(&self, heads: &[impl AsRef<str>], tails: &[&[u8]], signature: &[u8]) -> bool {
        self.0.iter().any(|token| {
            // HMAC takes keys of any length.
            let Ok(mac) = Hmac::<Sha1>::new_from_slice(token.expose_secret().as_bytes()) else {
                return false;
            };
            heads.iter().any(|head| {
                tails.iter().any(|tail| {
                    let mut mac = mac.clone();
                    mac.update(head.as_ref().as_bytes());
                    mac.update(tail);
                    mac.verify_slice(signature).is_ok()
                })
            })
        })
    }
}

impl fmt::Debug for SignatureKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignatureKeys({} redacted)", self.0.len())
    }
}

/// Why a request is not taken for Twilio's. No text of the request or of a token is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Forged {
    /// There is no `X-Twilio-Signature`.
    #[error("no X-Twilio-Signature header")]
    MissingSignature,
    /// The signature is not 20 bytes in base64.
    #[error("X-Twilio-Signature is not 20 bytes in base64")]
    MalformedSignature,
    /// The signature or the content type is given more than once.
    #[error("X-Twilio-Signature or Content-Type is given more than once")]
    RepeatedHeader,
    /// No token at hand made this signature for this URL and these parameters.
    ///
    /// If it happens to Twilio's own requests, the URL is not the one Twilio called (look at scheme,
    /// host and path as a proxy changes them), or the token is another account's.
    #[error(
        "the signature fits none of the tokens; is the URL the public one, and the token the primary one of the account that owns the webhook?"
    )]
    Mismatch,
    /// A method other than `GET` and `POST`.
    #[error("Twilio calls webhooks with GET or POST only")]
    UnsupportedMethod,
    /// The URL has no scheme and host, so it cannot be what Twilio called.
    #[error("the URL is not absolute: give the public address, scheme and host with it")]
    UrlNotAbsolute,
    /// A body that is no form, and no `bodySHA256` in the URL: nothing vouches for it.
    #[error("a body that is no form needs bodySHA256 in the URL")]
    BodyHashMissing,
    /// Several `bodySHA256` in the URL.
    #[error("bodySHA256 is in the URL more than once")]
    BodyHashRepeated,
    /// The body is not the one `bodySHA256` was made of.
    #[error("the body is not the one that bodySHA256 in the URL was made of")]
    BodyHashMismatch,
    /// A `GET` with a body. Nothing vouches for it.
    #[error("a GET with a body, which no signature covers")]
    UnsignedBody,
    /// The form is not UTF-8, so Twilio did not write it.
    #[error("the form is not UTF-8")]
    FormNotUtf8,
    /// The body is over the limit. Answer 413.
    #[error("the body is over {limit} bytes")]
    BodyTooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
}

/// Takes requests that Twilio signed, and no others.
///
/// ```
/// use snap_port::twilio::webhook::{Forged, SignatureKeys, Webhook, WebhookRequest};
///
/// // Twilio's published example.
/// let webhook = Webhook::new(SignatureKeys::new("12345")?);
/// let body = b"CallSid=CA1234567890ABCDE&Digits=1234&From=%2B14158675309\
///     &To=%2B18005551212&Caller=%2B14158675309";
/// let headers = [
///     ("Content-Type", &b"application/x-www-form-urlencoded"[..]),
///     ("X-Twilio-Signature", &b"RSOYDt4T1cUTdK1PDd93/VVr8B8="[..]),
/// ];
/// let called = "https://mycompany.com/myapp.php?foo=1&bar=2";
/// let genuine = webhook.verify(&WebhookRequest::new("POST", called, body).headers(headers))?;
/// assert_eq!(genuine.body(), body);
///
/// let elsewhere = called.replace("bar=2", "bar=3");
/// let forged = webhook.verify(&WebhookRequest::new("POST", &elsewhere, body).headers(headers));
/// assert_eq!(forged.unwrap_err(), Forged::Mismatch);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Webhook {
    keys: SignatureKeys,
    limit: usize,
}

impl Webhook {
    /// Takes what one of `keys` signed, with bodies up to [`BODY_LIMIT`].
    #[must_use]
    pub fn new(keys: SignatureKeys) -> Self {
        Self {
            keys,
            limit: BODY_LIMIT,
        }
    }

    /// Another limit for bodies, in bytes. Let the server stop reading there too.
    #[must_use]
    pub fn body_limit(self, limit: usize) -> Self {
        Self { limit, ..self }
    }

    /// Checks the signature.
    ///
    /// - A form is signed with its parameters, sorted, each distinct value once.
    /// - Any other body needs its SHA-256 in the URL as `bodySHA256`; the URL is signed.
    /// - A `GET` has no body; the URL is signed.
    ///
    /// Wherever `bodySHA256` is in the URL, the body must be the one it was made of; that alone does
    /// not make a form genuine, or a JSON delivery could be sent again as one. The URL is
    /// tried as given, without its port or with the standard one, and with the single quotes of its
    /// query both raw and as `%27`, as Twilio's own libraries do. The query is not decoded for it.
    ///
    /// # Errors
    /// [`Forged`] with the reason. Answer 403, or 413 for
    /// [`BodyTooLarge`](Forged::BodyTooLarge); the sender needs no more.
    pub fn verify<'r>(&self, request: &WebhookRequest<'r>) -> Result<Genuine<'r>, Forged> {
        if request.body.len() > self.limit {
            return Err(Forged::BodyTooLarge { limit: self.limit });
        }
        let signature = match request.signature {
            Header::Absent => return Err(Forged::MissingSignature),
            Header::Repeated => return Err(Forged::RepeatedHeader),
            Header::Once(text) => STANDARD
                .decode(text)
                .ok()
                .filter(|bytes| bytes.len() == 20)
                .ok_or(Forged::MalformedSignature)?,
        };
        if matches!(request.content_type, Header::Repeated) {
            return Err(Forged::RepeatedHeader);
        }
        let urls = url::spellings(request.url).ok_or(Forged::UrlNotAbsolute)?;
        let hash = BodyHash::of(request.url);
        if hash == BodyHash::Repeated {
            return Err(Forged::BodyHashRepeated);
        }
        let content = match request.method {
            "GET" if !request.body.is_empty() => return Err(Forged::UnsignedBody),
            "GET" => Content::Query,
            "POST" if request.says_form() => {
                Content::Form(form::pairs(request.body).ok_or(Forged::FormNotUtf8)?)
            }
            "POST" if hash == BodyHash::Absent => return Err(Forged::BodyHashMissing),
            "POST" => Content::Json,
            _ => return Err(Forged::UnsupportedMethod),
        };
        let signed = match &content {
            Content::Form(pairs) => {
                let parameters = parameters(pairs);
                self.keys
                    .signed(&urls, &[parameters.as_bytes()], &signature)
            }
            Content::Query | Content::Json => self.keys.signed(&urls, &[b""], &signature),
        };
        if !signed {
            return Err(Forged::Mismatch);
        }
        // A signature over the URL alone must not carry over to another body, whatever the method
        // and the content type are said to be.
        if let BodyHash::Given(hash) = hash
            && !is_sha256(&hash, request.body)
        {
            return Err(Forged::BodyHashMismatch);
        }
        Ok(Genuine {
            url: request.url,
            body: request.body,
            idempotency_token: match request.idempotency_token {
                Header::Once(token) => std::str::from_utf8(token).ok(),
                Header::Absent | Header::Repeated => None,
            },
            content,
        })
    }
}

/// The parameters as Twilio signs them: sorted by name and value, each distinct pair once.
fn parameters(pairs: &[(String, String)]) -> String {
    let mut pairs: Vec<_> = pairs.iter().collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
        .into_iter()
        .flat_map(|(name, value)| [name.as_str(), value.as_str()])
        .collect()
}

/// Is `hexadecimal`, in either case, the SHA-256 of `body`?
fn is_sha256(hexadecimal: &str, body: &[u8]) -> bool {
    let digest = Sha256::digest(body);
    hexadecimal.len() == 2 * digest.len()
        && hexadecimal
            .as_bytes()
            .chunks_exact(2)
            .zip(digest)
            .all(|(digits, byte)| {
                matches!(digits, [high, low] if form::nibble(*high) == Some(byte >> 4)
                    && form::nibble(*low) == Some(byte & 15))
            })
}

/// What the body of a genuine request is.
#[derive(Clone)]
pub(super) enum Content {
    /// None: the parameters are the query's.
    Query,
    Form(Vec<(String, String)>),
    Json,
}

/// A request that one of the tokens signed. Only [`Webhook::verify`] makes one.
///
/// It was signed once, not necessarily just now: nothing in a signature says when, so a request
/// that was seen can be sent again. And a form is signed without marks between names and values,
/// so whoever saw one can move the borders. Take the [hints](Self::hints) as what they are, look at
/// what they name, and pass over those whose [key](Hint::key) was seen.
///
/// ```compile_fail,E0451
/// # use snap_port::twilio::webhook::Genuine;
/// # fn forge(checked: Genuine<'static>) -> Genuine<'static> {
/// Genuine { body: b"[]", ..checked } // what was checked is not what this says
/// # }
/// ```
#[derive(Clone)]
pub struct Genuine<'r> {
    url: &'r str,
    body: &'r [u8],
    idempotency_token: Option<&'r str>,
    content: Content,
}

impl<'r> Genuine<'r> {
    /// What is to be looked at, in the order it came. See [`Hint`] for what that is worth.
    ///
    /// Events and statuses that are not known come as they are, and one event that cannot be made
    /// out does not hide the others. An empty body holds none.
    ///
    /// # Errors
    /// [`Unreadable`] if the body is no JSON, or neither an object nor an array. Trying again does
    /// not help, so answer as if it had been read.
    pub fn hints(&self) -> Result<Vec<Hint>, Unreadable> {
        match &self.content {
            Content::Form(pairs) => Ok(vec![event::of_form(pairs)]),
            Content::Query => {
                let pairs = url::query(self.url).ok_or(Unreadable::QueryNotUtf8)?;
                Ok(vec![event::of_form(&pairs)])
            }
            Content::Json => event::of_json(self.body),
        }
    }

    /// The URL as it was given.
    #[must_use]
    pub fn url(&self) -> &'r str {
        self.url
    }

    /// The raw body.
    #[must_use]
    pub fn body(&self) -> &'r [u8] {
        self.body
    }

    /// What Twilio calls this delivery and every repetition of it, if it said so.
    ///
    /// No signature covers this header, so it is good for logs, not for telling deliveries apart:
    /// that is what [`Hint::key`] is for.
    #[must_use]
    pub fn idempotency_token(&self) -> Option<&'r str> {
        self.idempotency_token
    }
}

impl fmt::Debug for Genuine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.content {
            Content::Query => "query",
            Content::Form(_) => "form",
            Content::Json => "json",
        };
        f.debug_struct("Genuine")
            .field("kind", &kind)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
