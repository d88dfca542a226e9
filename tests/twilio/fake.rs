//! The Twilio on loopback keeps to the wire and to its books. Everything here is asked with plain
//! HTTP, as any client would.

mod access;
mod callbacks;
mod calls;
mod debug;
mod doors;
mod faults;
mod inventory;
mod listener;
mod messages;
mod portability;
mod receiver;
mod services;
mod strict;
mod tickets;
mod transfers;

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::Value;
use snap_port::PhoneNumber;
use snap_port::testing::{FakeAccount, FakeTwilio, VirtualClock, sample};

/// A stranger's account, which has the numbers at first in many tests.
const LOSING: &str = "AC000000000000000000000000000000a1";
/// The parent of the next two.
const OWNER: &str = "AC000000000000000000000000000000b0";
const GAINING: &str = "AC000000000000000000000000000000b1";
const SIBLING: &str = "AC000000000000000000000000000000b2";
const SERVICE: &str = "MG000000000000000000000000000000b1";
const OTHER_SERVICE: &str = "MG000000000000000000000000000000b2";
const KEY: &str = "SK000000000000000000000000000000b1";

const AS_LOSING: (&str, &str) = (LOSING, "losing-token");
const AS_OWNER: (&str, &str) = (OWNER, "owner-token");
const AS_GAINING: (&str, &str) = (GAINING, "gaining-token");
const AS_KEY: (&str, &str) = (KEY, "key-secret");

/// A fake with four accounts and two services, and a client without knowledge of Twilio.
struct World {
    clock: VirtualClock,
    fake: FakeTwilio,
    http: reqwest::Client,
}

/// An answer.
#[derive(Debug)]
struct Got {
    status: u16,
    headers: reqwest::header::HeaderMap,
    text: String,
}

impl Got {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|why| panic!("{why}: {}", self.text))
    }

    /// The HTTP status with Twilio's code.
    fn code(&self) -> (u16, u64) {
        (
            self.status,
            self.json()["code"].as_u64().unwrap_or_default(),
        )
    }

    fn sid(&self) -> String {
        self.json()["sid"].as_str().unwrap().to_owned()
    }
}

fn plain_http() -> reqwest::Client {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    let client = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy();
    client.build().unwrap()
}

impl World {
    async fn new() -> Self {
        let clock = VirtualClock::at(sample::time());
        let fake = FakeTwilio::start(clock.clone()).await.unwrap();
        fake.add_account(FakeAccount::new(LOSING).token(AS_LOSING.1));
        fake.add_account(FakeAccount::new(OWNER).token(AS_OWNER.1));
        let gaining = FakeAccount::new(GAINING).token(AS_GAINING.1).parent(OWNER);
        fake.add_account(gaining.key(KEY, AS_KEY.1));
        fake.add_account(
            FakeAccount::new(SIBLING)
                .token("sibling-token")
                .parent(OWNER),
        );
        fake.add_service(GAINING, SERVICE);
        fake.add_service(GAINING, OTHER_SERVICE);
        Self {
            clock,
            fake,
            http: plain_http(),
        }
    }

    fn pass(&self, seconds: i64) {
        self.clock.advance(TimeDelta::seconds(seconds));
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Got, reqwest::Error> {
        let answer = request.send().await?;
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        Ok(Got {
            status,
            headers,
            text: answer.text().await?,
        })
    }

    fn request(&self, method: &str, who: (&str, &str), path: &str) -> reqwest::RequestBuilder {
        let url = format!("{}{path}", self.fake.url());
        let request = self.http.request(method.parse().unwrap(), url);
        request.basic_auth(who.0, Some(who.1))
    }

    fn form(
        &self,
        who: (&str, &str),
        path: &str,
        form: &[(&str, &str)],
    ) -> reqwest::RequestBuilder {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(form);
        let request = self.request("POST", who, path);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        request.body(body.finish())
    }

    async fn get(&self, who: (&str, &str), path: &str) -> Got {
        self.send(self.request("GET", who, path)).await.unwrap()
    }

    async fn post(&self, who: (&str, &str), path: &str, form: &[(&str, &str)]) -> Got {
        self.send(self.form(who, path, form)).await.unwrap()
    }

    async fn delete(&self, who: (&str, &str), path: &str) -> Got {
        self.send(self.request("DELETE", who, path)).await.unwrap()
    }
}

/// The number at `index` of the sample data.
fn number(index: usize) -> PhoneNumber {
    sample::numbers_from(index, 1)
        .iter()
        .copied()
        .next()
        .unwrap()
}

/// A path under an account.
fn under(account: &str, rest: &str) -> String {
    format!("/2010-04-01/Accounts/{account}{rest}")
}
