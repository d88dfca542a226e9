//! Who may come in: programs with the bearer token, people with a cookie they got for it.
//!
//! The cookie says who acts and until when, signed with a key made of the token: it holds on every
//! machine that shares the token, and none is left when the token is changed. A browser sends it
//! with requests from pages of the same site only (`SameSite=Strict`), and no script reads it. Each
//! form carries a key that is signed for its session, so that no page of another origin can send
//! one, not even one of the same site: it cannot read ours.
//!
//! The host is what a cookie belongs to, not the port. Whoever serves another port of this host, and
//! gets a person who is logged in to load something from it, is sent the cookie and may act as that
//! person until it ends. Nothing here can keep it from that:
//!
//! - At plain `http://127.0.0.1` that is every program of this machine that listens. Log in there
//!   for trials, or where all of them are trusted.
//! - With `--public-url https://...`, behind what ends TLS, the cookie is `Secure` and has the prefix
//!   `__Host-`: it does not go to ports that speak plain HTTP, and neither they nor other hosts can
//!   set one in its place. Ports of the same name that speak TLS are still sent it: give the desk a
//!   name of its own, under which nothing else is served.

use std::fmt;
use std::sync::Arc;

use axum::http::HeaderMap;
use axum::http::header::{AUTHORIZATION, COOKIE};
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use snap_port::{Actor, Clock, Role};

use super::super::form::{ROLES, stored_name};

/// How long a person stays logged in.
const STAYS: TimeDelta = TimeDelta::hours(12);
/// Fewer characters could be guessed.
const SHORTEST: usize = 16;

/// Who comes in.
pub(crate) enum Caller {
    /// It says itself who acts.
    Program,
    Person(Session),
}

/// A person who has logged in.
pub(crate) struct Session {
    pub(crate) actor: Actor,
    /// What every form of theirs carries.
    pub(crate) form_key: String,
}

/// Checks tokens, cookies and form keys; each in the same time, wherever it is wrong.
pub(crate) struct Gate {
    signs: Hmac<Sha256>,
    clock: Arc<dyn Clock>,
    secure: bool,
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").finish_non_exhaustive()
    }
}

/// A token of 256 bits.
pub(crate) fn new_token() -> Result<String, String> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|why| format!("no random numbers: {why}"))?;
    Ok(hex(&bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let pairs = digits
        .chunks(2)
        .filter_map(|pair| std::str::from_utf8(pair).ok());
    pairs
        .map(|pair| u8::from_str_radix(pair, 16).ok())
        .collect()
}

impl Gate {
    /// A gate that opens for `token`; `secure` if people reach it by HTTPS.
    pub(crate) fn new(token: &str, secure: bool, clock: Arc<dyn Clock>) -> Result<Self, String> {
        if token.len() < SHORTEST || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(format!(
                "the token must be {SHORTEST} or more ASCII characters without blanks"
            ));
        }
        let signs = Hmac::new_from_slice(token.as_bytes()).map_err(|why| why.to_string())?;
        Ok(Self {
            signs,
            clock,
            secure,
        })
    }

    /// What is signed of `text`, as `what`.
    fn mac(&self, what: &str, text: &str) -> Hmac<Sha256> {
        let mut mac = self.signs.clone();
        mac.update(what.as_bytes());
        mac.update(b"\0");
        mac.update(text.as_bytes());
        mac
    }

    fn sign(&self, what: &str, text: &str) -> String {
        hex(&self.mac(what, text).finalize().into_bytes())
    }

    fn is_signed(&self, what: &str, text: &str, signature: &str) -> bool {
        let signature = unhex(signature);
        signature.is_some_and(|given| self.mac(what, text).verify_slice(&given).is_ok())
    }

    /// Whether it is the token. Both are hashed first, so that nothing is told of either by how long
    /// it takes.
    pub(crate) fn is_token(&self, given: &str) -> bool {
        let Ok(theirs) = Hmac::<Sha256>::new_from_slice(given.as_bytes()) else {
            return false;
        };
        let mut theirs = theirs;
        theirs.update(b"token\0");
        let ours = self.mac("token", "");
        ours.verify_slice(&theirs.finalize().into_bytes()).is_ok()
    }

    /// Who comes with these headers; nobody, if neither token nor cookie is good.
    pub(crate) fn caller(&self, headers: &HeaderMap) -> Option<Caller> {
        if let Some(given) = headers.get(AUTHORIZATION) {
            let (scheme, token) = given.to_str().ok()?.split_once(' ')?;
            let good = scheme.eq_ignore_ascii_case("bearer") && self.is_token(token.trim());
            return good.then_some(Caller::Program);
        }
        let cookies = headers.get_all(COOKIE).iter();
        let cookies = cookies.filter_map(|value| value.to_str().ok());
        let mut ours = cookies
            .flat_map(|line| line.split(';'))
            .filter_map(|cookie| cookie.trim().split_once('='))
            .filter(|(name, _)| *name == self.cookie_name());
        ours.find_map(|(_, value)| self.session(value))
            .map(Caller::Person)
    }

    fn cookie_name(&self) -> &'static str {
        match self.secure {
            true => "__Host-port_desk",
            false => "port_desk",
        }
    }

    fn session(&self, cookie: &str) -> Option<Session> {
        let (payload, signature) = cookie.rsplit_once('.')?;
        if !self.is_signed("session", payload, signature) {
            return None;
        }
        let mut parts = payload.split('.');
        let until = DateTime::from_timestamp(parts.next()?.parse().ok()?, 0)?;
        let role = parts.next()?;
        let role = ROLES.into_iter().find(|one| stored_name(one) == role)?;
        let name = String::from_utf8(unhex(parts.next()?)?).ok()?;
        if until <= self.clock.now() {
            return None;
        }
        Some(Session {
            actor: Actor::new(&name, role).ok()?,
            form_key: self.sign("form", payload),
        })
    }

    /// Whether a form was made for this session.
    pub(crate) fn is_form_of(&self, session: &Session, key: &str) -> bool {
        // The session's own key is signed; comparing what is signed of both tells nothing.
        let ours = self.mac("key", &session.form_key);
        let theirs = self.mac("key", key).finalize().into_bytes();
        ours.verify_slice(&theirs).is_ok()
    }

    /// The header that lets `actor` in from now on.
    pub(crate) fn cookie(&self, actor: &Actor) -> String {
        let until = self.clock.now().checked_add_signed(STAYS);
        let until = until.unwrap_or(DateTime::<Utc>::MAX_UTC).timestamp();
        let (role, name) = (stored_name(&actor.role()), hex(actor.name().as_bytes()));
        let payload = format!("{until}.{role}.{name}");
        let signature = self.sign("session", &payload);
        self.header(&format!("{payload}.{signature}"), STAYS.num_seconds())
    }

    /// The header that makes the browser forget the cookie.
    pub(crate) fn no_cookie(&self) -> String {
        self.header("", 0)
    }

    fn header(&self, value: &str, seconds: i64) -> String {
        let name = self.cookie_name();
        let secure = if self.secure { "; Secure" } else { "" };
        format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}")
    }
}

/// The roles of those who work at the pages.
pub(crate) const STAFF: [Role; 2] = [Role::Support, Role::CustomerSuccess];
