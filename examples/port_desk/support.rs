//! Files transfer requests without people: as tickets with the support of the example
//! `fake_twilio`, through its side door. Twilio itself has nothing of the kind.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use snap_port::twilio::{HandOver, TransferDesk};
use snap_port::{
    AttemptKey, AttemptQuery, CarrierError, CarrierErrorKind, CarrierId, FindReport, Means,
    OrderRef, PhoneNumber, TransferRequest,
};

/// How long support may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Opens a ticket for each request, and finds it again by the correlation key in its subject.
#[derive(Debug)]
pub(crate) struct SupportDesk {
    client: reqwest::Client,
    tickets: String,
    carrier: CarrierId,
}

impl SupportDesk {
    /// Files with the support of the fake at `base`, for the carrier `carrier`.
    pub(crate) fn new(base: &str, carrier: CarrierId) -> Result<Self, String> {
        if !base.starts_with("http://127.0.0.1:") && !base.starts_with("http://[::1]:") {
            return Err("--file-with-support needs --twilio http://127.0.0.1:PORT: a fake".into());
        }
        Ok(Self {
            client: client()?,
            tickets: format!("{}/_fake/tickets", base.trim_end_matches('/')),
            carrier,
        })
    }

    fn failed(&self, kind: CarrierErrorKind, why: impl Into<String>) -> CarrierError {
        CarrierError::new(self.carrier.clone(), kind, why)
    }

    /// Sends the request; whether it took effect is not known if that fails, unless the connection
    /// was never made.
    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Value, CarrierError> {
        use CarrierErrorKind::{InvalidRequest, Protocol, Timeout, Unavailable, Unreachable};
        let answer = request.send().await.map_err(|why| {
            let kind = match () {
                () if why.is_connect() => Unreachable,
                () if why.is_timeout() => Timeout,
                () => Unavailable,
            };
            self.failed(kind, "support's side door")
                .with_source(why.without_url())
        })?;
        let status = answer.status();
        if status.is_client_error() {
            let why = format!("support's side door answered {status}");
            return Err(self.failed(InvalidRequest, why).without_effect());
        }
        if !status.is_success() {
            let why = format!("support's side door answered {status}");
            return Err(self.failed(Unavailable, why));
        }
        let body = answer.bytes().await;
        let body = body.map_err(|why| {
            self.failed(Unavailable, "the answer broke off")
                .with_source(why.without_url())
        })?;
        serde_json::from_slice(&body)
            .map_err(|_| self.failed(Protocol, "support's side door did not answer in JSON"))
    }

    fn ticket(&self, shown: &Value) -> Result<(OrderRef, DateTime<Utc>), CarrierError> {
        let id = shown["id"].as_str().and_then(|id| OrderRef::parse(id).ok());
        let at = shown["filed_at"].as_str().and_then(|at| at.parse().ok());
        id.zip(at)
            .ok_or_else(|| self.failed(CarrierErrorKind::Protocol, "a ticket without ID or time"))
    }
}

/// How the key stands in a subject: `(acme-1#1)` is in no other attempt's.
fn mark(key: &AttemptKey) -> String {
    format!("({key})")
}

#[async_trait]
impl TransferDesk for SupportDesk {
    async fn take(&self, request: &TransferRequest) -> Result<HandOver, CarrierError> {
        let Some(losing) = request.losing_account() else {
            let why = "support must know the losing account; put its SID into the request";
            return Err(self
                .failed(CarrierErrorKind::InvalidRequest, why)
                .without_effect());
        };
        let numbers: Vec<&str> = request.numbers().iter().map(PhoneNumber::as_str).collect();
        let ticket = json!({
            "subject": request.subject(),
            "losing": losing.as_str(),
            "gaining": request.gaining_account().as_str(),
            "numbers": numbers,
            "body": request.body(),
        });
        let post = self.client.post(&self.tickets);
        let post = post.header("content-type", "application/json");
        let (order, at) = self.ticket(&self.send(post.body(ticket.to_string())).await?)?;
        Ok(HandOver::Filed { order, at })
    }

    async fn find(&self, query: &AttemptQuery) -> Result<FindReport, CarrierError> {
        let mark = mark(&query.key);
        let asked = form_urlencoded::Serializer::new(String::new())
            .append_pair("subject", &mark)
            .finish();
        let url = format!("{}?{asked}", self.tickets);
        let shown = self.send(self.client.get(url)).await?;
        let tickets = shown["tickets"].as_array().map_or(&[][..], Vec::as_slice);
        let ours = |ticket: &&Value| {
            let subject = ticket["subject"].as_str();
            subject.is_some_and(|subject| subject.contains(&mark))
        };
        match tickets.iter().find(ours) {
            Some(ticket) => {
                let (order, at) = self.ticket(ticket)?;
                Ok(FindReport::Found { order, at })
            }
            None => Ok(FindReport::Absent),
        }
    }

    fn means(&self) -> Means {
        // A person may still say that nothing was filed, where a kill came before the call.
        Means::ApiOrHuman
    }
}

/// A client that calls this machine only: it trusts nobody's certificate.
fn client() -> Result<reqwest::Client, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|why| why.to_string())?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .timeout(PATIENCE)
        .build()
        .map_err(|why| why.to_string())
}
