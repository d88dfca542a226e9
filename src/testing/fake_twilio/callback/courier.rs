//! Takes callbacks to their receivers.

use std::sync::Arc;
use std::time::Duration;

use crate::testing::fake_twilio::books::FakeCallback;
use crate::testing::fake_twilio::callback::letter::{Content, Letter, Sealed};
use crate::testing::fake_twilio::wire::server::Shared;

/// How long a receiver may take, in real time.
const PATIENCE: Duration = Duration::from_secs(5);

/// The client callbacks go out with. It speaks no TLS: only this machine is ever called.
pub(crate) fn client() -> Result<reqwest::Client, String> {
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
        .pool_max_idle_per_host(0)
        .build()
        .map_err(|why| why.to_string())
}

/// Sends what is due, one after the other. A receiver that lets one time out gets no more of this
/// batch.
pub(crate) async fn deliver(shared: &Shared) {
    let _turn = shared.sending.lock().await;
    let mut dead: Option<String> = None;
    loop {
        let (letter, sealed) = {
            let mut world = shared.lock();
            let Some(letter) = world.outbox.pop_front() else {
                return;
            };
            let token = world
                .accounts
                .get(&letter.account)
                .and_then(|a| a.signing_token());
            let sealed = token.and_then(|token| letter.seal(token));
            (letter, sealed)
        };
        let mut status = None;
        if let Some(sealed) = &sealed
            && dead.as_deref() != Some(sealed.url.authority())
        {
            match send(shared, &letter, sealed).await {
                Ok(answered) => status = Some(answered),
                Err(Lost::TimedOut) => dead = Some(sealed.url.authority().to_owned()),
                Err(Lost::Unreachable) => {}
            }
        }
        shared
            .lock()
            .books
            .enter_callback(entry(&letter, sealed, status));
    }
}

enum Lost {
    TimedOut,
    Unreachable,
}

async fn send(shared: &Shared, letter: &Letter, sealed: &Sealed) -> Result<u16, Lost> {
    let request = if sealed.get {
        shared.client.get(sealed.url.clone())
    } else {
        let request = shared.client.post(sealed.url.clone());
        request
            .header("content-type", sealed.content_type)
            .body(sealed.body.clone())
    };
    let sent = request
        .header("x-twilio-signature", &sealed.signature)
        .header("i-twilio-idempotency-token", &letter.token)
        .header("user-agent", "TwilioProxy/1.1")
        .send()
        .await;
    match sent {
        Ok(answer) => Ok(answer.status().as_u16()),
        Err(why) if why.is_timeout() => Err(Lost::TimedOut),
        Err(_) => Err(Lost::Unreachable),
    }
}

fn entry(letter: &Letter, sealed: Option<Sealed>, status: Option<u16>) -> FakeCallback {
    match sealed {
        Some(sealed) => FakeCallback {
            at: letter.at,
            url: sealed.url.into(),
            body: sealed.body,
            signature: Some(sealed.signature),
            status,
        },
        None => FakeCallback {
            at: letter.at,
            url: letter.url.clone(),
            body: match &letter.content {
                Content::Json(body) => body.clone(),
                Content::Form(_) | Content::Query(_) => String::new(),
            },
            signature: None,
            status,
        },
    }
}
