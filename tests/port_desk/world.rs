//! A desk over a store in memory and a simulated carrier, answering requests in this process.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use hyper::service::Service as _;
use hyper_util::service::TowerToHyperService;
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::{Value, json};
use snap_port::testing::{FakeTwilio, Script, SimCarrier, VirtualClock, sample};
use snap_port::twilio::webhook::{SignatureKeys, Webhook};
use snap_port::twilio::{BaseUrls, StaticCredentials, TwilioCarrier, TwilioClient};
use snap_port::{
    BusinessCalendar, CarrierClient, CarrierName, Clock, GainingPlatform, MemoryStore, PortDesk,
    PortRequestId, PortStore, RoutePolicy,
};

use super::port_desk::web::gate::Gate;
use super::port_desk::web::{App, router};

pub(crate) const TOKEN: &str = "sixteen-or-more-characters";
pub(crate) const TWILIO_TOKEN: &str = "what-twilio-signs-with";
pub(crate) const PUBLIC: &str = "https://desk.example";

pub(crate) struct World {
    pub(crate) app: Arc<App>,
    pub(crate) clock: VirtualClock,
    // Twilio's side, which is never called here, ends when it is dropped.
    _fake: FakeTwilio,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {}", self.body))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).map(|value| value.to_str().unwrap());
        value.unwrap_or_default()
    }
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with(Script::default(), Arc::new(MemoryStore::new())).await
    }

    pub(crate) async fn with(script: Script, store: Arc<dyn PortStore>) -> Self {
        let clock = VirtualClock::at(sample::time());
        let sim = SimCarrier::new(clock.clone(), 7).with_script(script);
        let fake = FakeTwilio::start(clock.clone()).await.unwrap();
        let client = TwilioClient::builder(StaticCredentials::new());
        let client = client.base_urls(BaseUrls::all(&fake.url()).unwrap());
        let ours = GainingPlatform::new("Aloware", "transfers@aloware.test").unwrap();
        let twilio = TwilioCarrier::builder(client.build().unwrap(), ours.clone());
        let shared: Arc<dyn Clock> = Arc::new(clock.clone());
        let policy = RoutePolicy::new(BusinessCalendar::new(sample::zone()));
        let desk = PortDesk::new(store, Arc::clone(&shared))
            .with_policy(policy)
            .with_sender(ours, [(sim.id(), CarrierName::new("Twilio").unwrap())])
            .with_carrier(Arc::new(sim.clone()));
        let app = App {
            desk,
            clock: Arc::clone(&shared),
            carrier: sim.id(),
            twilio: Arc::new(twilio.build()),
            webhook: Webhook::new(SignatureKeys::new(TWILIO_TOKEN).unwrap()),
            public_url: PUBLIC.to_owned(),
            gate: Gate::new(TOKEN, false, shared).unwrap(),
            documents: Some(Arc::new(sample::documents())),
            metrics: PrometheusBuilder::new().build_recorder().handle(),
            zone: sample::zone(),
            patience: Duration::from_secs(20),
        };
        Self {
            app: Arc::new(app),
            clock,
            _fake: fake,
        }
    }

    pub(crate) async fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.into()).unwrap();
        let service = TowerToHyperService::new(router(Arc::clone(&self.app)));
        let (head, body) = service.call(request).await.unwrap().into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: head.status,
            headers: head.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    /// As a program does.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        let headers = [
            ("authorization", bearer()),
            ("content-type", "application/json"),
        ];
        self.ask("POST", path, &headers, body.to_string()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        let headers = [("authorization", bearer())];
        self.ask("GET", path, &headers, Body::empty()).await
    }

    /// The cookie of a person who logs in.
    pub(crate) async fn log_in(&self, name: &str, role: &str) -> String {
        let form = form(&[("name", name), ("role", role), ("token", TOKEN)]);
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        let entered = self.ask("POST", "/login", &kind, form).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.body);
        let cookie = entered.header("set-cookie").split(';').next().unwrap();
        cookie.to_owned()
    }

    pub(crate) async fn page(&self, cookie: &str, path: &str) -> Answer {
        let headers = [("cookie", cookie), ("accept", "text/html")];
        self.ask("GET", path, &headers, Body::empty()).await
    }

    /// A form as a browser sends it.
    pub(crate) async fn send(&self, cookie: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let headers = [
            ("cookie", cookie),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        self.ask("POST", path, &headers, form(fields)).await
    }

    /// What the forms of this person's pages carry.
    pub(crate) async fn form_key(&self, cookie: &str) -> String {
        let page = self.page(cookie, "/").await.body;
        let (_, after) = page.split_once("name=\"form_key\" value=\"").unwrap();
        after.split('"').next().unwrap().to_owned()
    }

    pub(crate) async fn state(&self, id: &str) -> String {
        let shown = self.get(&format!("/ports/{id}")).await.json();
        shown["state"].as_str().unwrap_or("none").to_owned()
    }

    pub(crate) async fn advance(&self, id: &str) {
        let id = PortRequestId::parse(id).unwrap();
        self.app.desk.advance(&id).await.unwrap();
    }

    /// A draft with everything in it.
    pub(crate) async fn filled(&self, id: &str) {
        let started = self
            .post("/ports", &json!({ "id": id, "by": by("admin") }))
            .await;
        assert_eq!(started.status, StatusCode::CREATED, "{}", started.body);
        let filled = self.post(&format!("/ports/{id}/form"), &whole_form()).await;
        assert_eq!(filled.status, StatusCode::OK, "{}", filled.body);
    }

    /// Handed in and under review.
    pub(crate) async fn sealed(&self, id: &str) {
        self.filled(id).await;
        self.does(id, "seal", json!({ "by": by("admin") })).await;
    }

    /// Submitted to the simulated carrier.
    pub(crate) async fn submitted(&self, id: &str) {
        self.sealed(id).await;
        let letter = numbers();
        let pass =
            json!({ "by": by("support"), "attempt": 1, "verdict": "pass", "letter": letter });
        self.does(id, "review", pass).await;
        self.advance(id).await;
        assert_eq!(self.state(id).await, "submitted");
    }

    pub(crate) async fn does(&self, id: &str, act: &str, body: Value) -> Answer {
        let done = self.post(&format!("/ports/{id}/{act}"), &body).await;
        assert_eq!(done.status, StatusCode::OK, "{act}: {}", done.body);
        done
    }
}

fn bearer() -> &'static str {
    "Bearer sixteen-or-more-characters"
}

/// The numbers of [`whole_form`].
pub(crate) fn numbers() -> Vec<String> {
    sample::numbers(2).iter().map(ToString::to_string).collect()
}

pub(crate) fn by(role: &str) -> Value {
    json!({ "name": "Ann Rivera", "role": role })
}

/// A form that may be sealed.
pub(crate) fn whole_form() -> Value {
    json!({
        "by": by("admin"),
        "numbers": numbers(),
        "letter": { "signer": "Ann Rivera", "signed_on": "2026-11-02", "file": "sample/loa.pdf" },
        "proofs": [{ "kind": "phone bill", "issued_on": "2026-11-01", "file": "sample/bill.pdf" }],
        "losing": {
            "platform": "Aircall",
            "account": "4711",
            "carrier_account": sample::losing_carrier_account().as_str(),
        },
        "ticket": { "id": "98765" },
        "destination": {
            "account": sample::gaining_account().as_str(),
            "messaging_service": "MG00000000000000000000000000000001",
        },
        "earliest": { "date": "2026-11-09", "zone": "America/New_York" },
        "acknowledge": [
            "campaign_approved", "texting_pauses", "settings_stay_behind", "old_account_stays_open",
        ],
    })
}

pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}
