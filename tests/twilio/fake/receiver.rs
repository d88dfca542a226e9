//! Where callbacks go in these tests, and how they are checked.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};

type Heard = Arc<Mutex<Vec<Callback>>>;

/// Writes down every callback, and answers with 204.
pub(super) struct Receiver {
    url: String,
    heard: Heard,
    task: tokio::task::JoinHandle<()>,
}

#[derive(Clone, Debug)]
pub(super) struct Callback {
    pub(super) method: String,
    /// As it was called, from the slash on.
    pub(super) uri: String,
    pub(super) content_type: String,
    pub(super) signature: String,
    pub(super) token: String,
    pub(super) body: Bytes,
}

impl Receiver {
    pub(super) async fn new() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heard = Heard::default();
        let app = Router::new().fallback(take).with_state(heard.clone());
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url, heard, task }
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }

    /// What came since the last look.
    pub(super) fn heard(&self) -> Vec<Callback> {
        std::mem::take(&mut *self.heard.lock().unwrap())
    }

    /// Whether it is signed with `token`, by the published algorithm.
    pub(super) fn is_signed(&self, callback: &Callback, token: &str) -> bool {
        let mut text = self.url(&callback.uri);
        if callback.content_type == "application/json" {
            let digest = Sha256::digest(&callback.body);
            let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            if !callback.uri.contains(&format!("bodySHA256={hex}")) {
                return false;
            }
        } else {
            let mut fields = callback.fields();
            fields.sort();
            fields
                .iter()
                .for_each(|(name, value)| text.extend([name.as_str(), value]));
        }
        let mut mac = Hmac::<Sha1>::new_from_slice(token.as_bytes()).unwrap();
        mac.update(text.as_bytes());
        use base64::prelude::{BASE64_STANDARD, Engine};
        BASE64_STANDARD.encode(mac.finalize().into_bytes()) == callback.signature
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Callback {
    fn fields(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(&self.body).into_owned().collect()
    }

    pub(super) fn field(&self, name: &str) -> String {
        let found = self.fields().into_iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value).unwrap_or_default()
    }
}

async fn take(State(heard): State<Heard>, request: Request) -> axum::http::StatusCode {
    let (head, body) = request.into_parts();
    let header = |name: &str| {
        let value = head.headers.get(name);
        value
            .map(|value| value.to_str().unwrap().to_owned())
            .unwrap_or_default()
    };
    let callback = Callback {
        method: head.method.to_string(),
        uri: head.uri.to_string(),
        content_type: header("content-type"),
        signature: header("x-twilio-signature"),
        token: header("i-twilio-idempotency-token"),
        body: to_bytes(body, 1 << 20).await.unwrap(),
    };
    heard.lock().unwrap().push(callback);
    axum::http::StatusCode::NO_CONTENT
}
