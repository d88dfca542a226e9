//! One try, and as many as a call may have.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use backon::Retryable;
use reqwest::header::{ACCEPT, CONTENT_TYPE, DATE, HeaderMap, HeaderName, RETRY_AFTER};
use reqwest::redirect::Policy;
use rustls_platform_verifier::BuilderVerifierExt;

use super::answer::{Answer, refused};
use super::base::BaseUrls;
use super::builder::TwilioClientBuilder;
use super::credential::CredentialSource;
use super::error::TwilioError;
use super::mask::masked;
use super::pace::Pace;
use super::request::{Body, Method, Operation, Request};
use super::retry::{self, FullJitter};
use crate::carrier::CarrierErrorKind;
use crate::clock::Timer;
use crate::id::AccountId;

/// The longest body read, in bytes; a page of 1000 numbers has about 2 MB.
const LONGEST_BODY: usize = 8 << 20;
/// How long a connection is kept for the next call.
const IDLE: Duration = Duration::from_secs(30);
/// The longest a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(10);

pub(super) type Sending<'a> =
    Pin<Box<dyn Future<Output = Result<Answer, TwilioError>> + Send + 'a>>;

pub(super) struct Transport {
    /// For https.
    remote: Option<reqwest::Client>,
    /// For plain http, which stays on this machine: no proxy may see its tokens.
    local: reqwest::Client,
    base_urls: BaseUrls,
    credentials: Arc<dyn CredentialSource>,
    pace: Pace,
    timer: Arc<dyn Timer>,
    retries: u32,
    random: Mutex<fastrand::Rng>,
}

impl Transport {
    pub(super) fn new(builder: TwilioClientBuilder) -> Result<Self, TwilioError> {
        let timeout = builder.timeout;
        let remote = if builder.base_urls.any_encrypted() {
            let trusted = system_trust().map_err(TwilioError::setup)?;
            let client = base_client(timeout)
                .tls_backend_preconfigured(trusted)
                .build();
            Some(client.map_err(TwilioError::setup)?)
        } else {
            None
        };
        let local = base_client(timeout)
            .tls_backend_preconfigured(no_trust().map_err(TwilioError::setup)?)
            .no_proxy()
            .build()
            .map_err(TwilioError::setup)?;
        let random = builder
            .seed
            .map_or_else(fastrand::Rng::new, fastrand::Rng::with_seed);
        Ok(Self {
            remote,
            local,
            base_urls: builder.base_urls,
            credentials: builder.credentials,
            pace: Pace::new(
                builder.rate,
                builder.concurrency,
                Arc::clone(&builder.timer),
            ),
            timer: builder.timer,
            retries: builder.retries,
            random: Mutex::new(random),
        })
    }

    pub(super) fn base_urls(&self) -> &BaseUrls {
        &self.base_urls
    }

    /// The answer to `request` if its status is a success.
    pub(super) async fn send(&self, request: &Request) -> Result<Answer, TwilioError> {
        self.send_taking(request, |status| (200..300).contains(&status))
            .await
    }

    /// The answer to `request` if `takes` its status. Tried again as far as that is safe.
    // Boxed, as the compiler does not see through to `Send` otherwise.
    pub(super) fn send_taking<'a>(
        &'a self,
        request: &'a Request,
        takes: fn(u16) -> bool,
    ) -> Sending<'a> {
        let operation = request.operation;
        let timer = Arc::clone(&self.timer);
        let tries = (move || self.once(request, takes))
            .retry(FullJitter::new(self.retries, self.random()))
            .sleep(move |wait| {
                let timer = Arc::clone(&timer);
                async move { timer.sleep(wait).await }
            })
            .when(move |error: &TwilioError| retry::again(operation, error))
            .adjust(retry::wait);
        Box::pin(tries.into_future())
    }

    fn random(&self) -> fastrand::Rng {
        // A generator is whole at every moment, so a panic elsewhere has not broken it.
        self.random
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fork()
    }

    async fn once(&self, request: &Request, takes: fn(u16) -> bool) -> Result<Answer, TwilioError> {
        let operation = request.operation;
        let credentials = self
            .credentials
            .credentials(&request.account)
            .await
            .map_err(|none| {
                TwilioError::new(
                    operation,
                    CarrierErrorKind::Unauthorized,
                    format!(
                        "nothing to call {} with, nothing was sent: {}",
                        AccountId::from(&request.account).masked(),
                        masked(&none.to_string(), &[])
                    ),
                )
            })?;
        let url = self
            .base_urls
            .join(request.product, &request.path, &request.query);
        let client = match &self.remote {
            Some(remote) if url.scheme() == "https" => remote,
            _ => &self.local,
        };
        let call = match request.operation.method() {
            Method::Get => client.get(url),
            Method::Post => client.post(url),
            Method::Delete => client.delete(url),
        };
        let call = call
            .basic_auth(credentials.user(), Some(credentials.secret()))
            .header(ACCEPT, "application/json");
        let call = match &request.body {
            Body::None => call,
            Body::Form(form) => call
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form.clone()),
            Body::Json(json) => call
                .header(CONTENT_TYPE, "application/json")
                .body(json.clone()),
        };
        let _turn = self.pace.turn().await;
        let mut response = call.send().await.map_err(|error| lost(operation, error))?;
        let status = response.status().as_u16();
        let taken = takes(status);
        let wish = wish(response.headers());
        let body = match whole(operation, &mut response).await {
            Ok(body) => body,
            // The status of a refusal says enough.
            Err(_) if !taken && status >= 400 => Vec::new(),
            Err(error) => return Err(error.with_status(status)),
        };
        let answer = Answer {
            operation,
            status,
            body,
            credentials,
        };
        if taken {
            Ok(answer)
        } else {
            Err(refused(&answer, wish))
        }
    }
}

async fn whole(
    operation: Operation,
    response: &mut reqwest::Response,
) -> Result<Vec<u8>, TwilioError> {
    let mut body = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| lost(operation, error))?
    {
        if body.len() + chunk.len() > LONGEST_BODY {
            let words = "the answer is longer than 8 MB";
            return Err(TwilioError::new(
                operation,
                CarrierErrorKind::Protocol,
                words,
            ));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn wish(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    retry::wish(text(RETRY_AFTER), text(DATE))
}

/// What a connection that brought no answer means.
fn lost(operation: Operation, error: reqwest::Error) -> TwilioError {
    let place = error.url().and_then(place);
    // The URL names accounts.
    let error = error.without_url();
    let (kind, words) = if error.is_builder() {
        (CarrierErrorKind::InvalidRequest, "cannot be sent")
    } else if error.is_connect() {
        let words = match place {
            Some(place) => format!("no connection to {place}"),
            None => "no connection".to_owned(),
        };
        return TwilioError::new(operation, CarrierErrorKind::Unreachable, words)
            .with_source(error);
    } else if error.is_timeout() {
        (CarrierErrorKind::Timeout, "no answer in time")
    } else {
        (CarrierErrorKind::Unavailable, "the connection broke")
    };
    TwilioError::new(operation, kind, words).with_source(error)
}

/// Host and port: what a proxy or firewall must let through.
fn place(url: &reqwest::Url) -> Option<String> {
    let (host, port) = (url.host_str()?, url.port_or_known_default()?);
    Some(format!("{host}:{port}"))
}

fn base_client(timeout: Duration) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .user_agent(concat!("snap-port/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .referer(false)
        .retry(reqwest::retry::never())
        .timeout(timeout)
        // Kept longer, connections are closed at the other end just when a call goes out on them, and
        // a write is in doubt for nothing.
        .pool_idle_timeout(IDLE)
        // Sooner than the whole, so that "never got there" can be told from "no answer".
        .connect_timeout(CONNECT.min(timeout / 2))
}

type Config = rustls::ClientConfig;

fn versions() -> Result<rustls::ConfigBuilder<Config, rustls::WantsVerifier>, rustls::Error> {
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    Config::builder_with_provider(ring).with_safe_default_protocol_versions()
}

/// TLS that trusts what this machine trusts.
fn system_trust() -> Result<Config, rustls::Error> {
    Ok(versions()?.with_platform_verifier()?.with_no_client_auth())
}

/// TLS that trusts nobody, for a client that never speaks it: reading the system's certificates
/// would be in vain.
fn no_trust() -> Result<Config, rustls::Error> {
    Ok(versions()?
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth())
}
