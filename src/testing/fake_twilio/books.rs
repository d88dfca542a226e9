//! What was asked and what was sent, for tests to look at.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::testing::fake_twilio::FakeRoute;
use crate::testing::fake_twilio::shown::{masked, names};
use crate::testing::fake_twilio::wire::params::iso;

/// A request as it came, and how it was answered. `Debug` shows the names of its parameters only,
/// and of accounts the last four characters.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FakeRequest {
    /// When it came, UTC.
    pub at: DateTime<Utc>,
    /// Its method.
    pub method: String,
    /// Its path, percent-encoded as it came.
    pub path: String,
    /// The parameters of its query, in order.
    pub query: Vec<(String, String)>,
    /// The parameters of its form, in order.
    pub form: Vec<(String, String)>,
    /// The route it took; `None` if there is none.
    pub route: Option<FakeRoute>,
    /// The account whose credentials it bore; `None` if they were not accepted.
    pub account: Option<String>,
    /// The status it was answered with; `None` if it got no answer.
    pub status: Option<u16>,
}

/// A callback that was due. `Debug` shows neither its body nor the query of its URL.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FakeCallback {
    /// When it was due, UTC.
    pub at: DateTime<Utc>,
    /// Where it went, `bodySHA256` included.
    pub url: String,
    /// Its body.
    pub body: String,
    /// Its `X-Twilio-Signature`; `None` if it could not be sent.
    pub signature: Option<String>,
    /// What the receiver answered; `None` if it did not, or if it was not sent.
    pub status: Option<u16>,
}

impl fmt::Debug for FakeRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeRequest")
            .field("at", &self.at)
            .field("method", &self.method)
            .field("path", &masked(&self.path))
            .field("query", &names(&self.query))
            .field("form", &names(&self.form))
            .field("route", &self.route)
            .field("account", &self.account.as_deref().map(masked))
            .field("status", &self.status)
            .finish()
    }
}

impl fmt::Debug for FakeCallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeCallback")
            .field("at", &self.at)
            .field("url", &address(&self.url))
            .field("body", &format_args!("{} bytes", self.body.len()))
            .field("signed", &self.signature.is_some())
            .field("status", &self.status)
            .finish()
    }
}

/// A URL without user, password, query and fragment, as far as it is one.
fn address(url: &str) -> String {
    match reqwest::Url::parse(url) {
        Ok(url) => masked(&format!(
            "{}{}",
            url.origin().ascii_serialization(),
            url.path()
        )),
        Err(_) => "no URL".to_owned(),
    }
}

/// The most entries kept of each kind; the oldest go first. Counts go on.
const KEPT: usize = 100_000;

#[derive(Debug, Default)]
pub(crate) struct Books {
    pub(crate) requests: VecDeque<FakeRequest>,
    pub(crate) callbacks: VecDeque<FakeCallback>,
    asked: BTreeMap<FakeRoute, usize>,
    effects: BTreeMap<FakeRoute, usize>,
}

impl Books {
    pub(crate) fn ask(&mut self, route: FakeRoute) {
        *self.asked.entry(route).or_default() += 1;
    }

    pub(crate) fn effect(&mut self, route: FakeRoute) {
        *self.effects.entry(route).or_default() += 1;
    }

    pub(crate) fn enter(&mut self, request: FakeRequest) {
        self.requests.push_back(request);
        if self.requests.len() > KEPT {
            self.requests.pop_front();
        }
    }

    pub(crate) fn enter_callback(&mut self, callback: FakeCallback) {
        self.callbacks.push_back(callback);
        if self.callbacks.len() > KEPT {
            self.callbacks.pop_front();
        }
    }

    pub(crate) fn asked(&self, route: FakeRoute) -> usize {
        self.asked.get(&route).copied().unwrap_or_default()
    }

    pub(crate) fn effects(&self, route: FakeRoute) -> usize {
        self.effects.get(&route).copied().unwrap_or_default()
    }

    pub(crate) fn shows(&self) -> Value {
        let counts = |counts: &BTreeMap<FakeRoute, usize>| -> BTreeMap<String, usize> {
            counts
                .iter()
                .map(|(route, count)| (route.to_string(), *count))
                .collect()
        };
        let requests: Vec<Value> = self.requests.iter().map(shows_request).collect();
        let callbacks: Vec<Value> = self.callbacks.iter().map(shows_callback).collect();
        json!({
            "asked": counts(&self.asked),
            "callbacks": callbacks,
            "effects": counts(&self.effects),
            "requests": requests,
        })
    }
}

fn shows_request(request: &FakeRequest) -> Value {
    json!({
        "account": request.account,
        "at": iso(request.at),
        "form": request.form,
        "method": request.method,
        "path": request.path,
        "query": request.query,
        "route": request.route.map(|route| route.to_string()),
        "status": request.status,
    })
}

fn shows_callback(callback: &FakeCallback) -> Value {
    json!({
        "at": iso(callback.at),
        "body": callback.body,
        "signature": callback.signature,
        "status": callback.status,
        "url": callback.url,
    })
}
