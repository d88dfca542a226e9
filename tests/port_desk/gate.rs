//! Who gets in.

use axum::body::Body;
use axum::http::header::COOKIE;
use axum::http::{HeaderMap, StatusCode};
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde_json::json;
use sha1::Sha1;
use snap_port::testing::sample;
use std::sync::Arc;

use super::port_desk::web::gate::{Gate, new_token};
use super::world::{PUBLIC, TOKEN, TWILIO_TOKEN, World, by, form};

const PROGRAMS: [(&str, &str); 7] = [
    ("GET", "/work"),
    ("GET", "/ports"),
    ("POST", "/ports"),
    ("GET", "/ports/acme-1"),
    ("GET", "/ports/acme-1/timeline"),
    ("POST", "/ports/acme-1/claim"),
    ("GET", "/metrics"),
];

#[tokio::test]
async fn nothing_is_shown_or_done_without_the_token() {
    let world = World::new().await;
    world.filled("acme-1").await;
    let long = format!("Bearer {TOKEN}x");
    let wrong = [
        "",
        "Bearer",
        "Bearer x",
        "Basic c2l4dGVlbg==",
        long.as_str(),
    ];
    for (method, path) in PROGRAMS {
        for token in wrong {
            let headers = [
                ("authorization", token),
                ("content-type", "application/json"),
            ];
            let body = json!({ "id": "acme-2", "by": by("support") }).to_string();
            let got = world.ask(method, path, &headers, body).await;
            assert_eq!(got.status, StatusCode::UNAUTHORIZED, "{method} {path}");
            assert_eq!(got.header("www-authenticate"), "Bearer");
            assert!(!got.body.contains("acme"), "{}", got.body);
        }
    }
    let ports = world.get("/ports").await.json();
    assert_eq!(ports["ports"].as_array().unwrap().len(), 1);
    assert_eq!(world.get("/ports/acme-1").await.json()["entries"], 1);
}

#[tokio::test]
async fn a_browser_without_a_session_is_shown_where_to_log_in() {
    let world = World::new().await;
    world.filled("acme-1").await;
    for path in ["/", "/ports/acme-1", "/ports/acme-1/documents/0"] {
        for cookie in ["", "port_desk=", "port_desk=1.support.41.00", "other=x"] {
            let got = world.page(cookie, path).await;
            assert_eq!(got.status, StatusCode::SEE_OTHER, "{path} {cookie}");
            assert_eq!(got.header("location"), "/login");
            assert_eq!(got.body, "");
        }
    }
}

#[tokio::test]
async fn a_wrong_token_role_or_name_gives_no_cookie() {
    let world = World::new().await;
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    for (name, role, token, field) in [
        ("Sam", "support", "sixteen-or-more-character", "token"),
        ("Sam", "support", "", "token"),
        ("Sam", "admin", TOKEN, "role"),
        ("\u{200b}", "support", TOKEN, "name"),
    ] {
        let body = form(&[("name", name), ("role", role), ("token", token)]);
        let got = world.ask("POST", "/login", &kind, body).await;
        assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(got.header("set-cookie"), "");
        assert!(got.body.contains(&format!("<b>{field}: </b>")), "{field}");
        assert!(!got.body.contains("sixteen"), "the token is not shown");
    }
}

#[tokio::test]
async fn a_cookie_is_kept_from_scripts_and_other_sites_and_ends() {
    let world = World::new().await;
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    let fields = [("name", "Sam"), ("role", "support"), ("token", TOKEN)];
    let entered = world.ask("POST", "/login", &kind, form(&fields)).await;
    let header = entered.header("set-cookie").to_owned();
    for rule in [
        "; HttpOnly",
        "; SameSite=Strict",
        "; Path=/",
        "; Max-Age=43200",
    ] {
        assert!(header.contains(rule), "{header}");
    }
    assert!(!header.contains(TOKEN));
    let clock = Arc::new(world.clock.clone());
    let secure = Gate::new(TOKEN, true, clock).unwrap();
    let header = secure.cookie(&sample::support());
    assert!(header.starts_with("__Host-port_desk=") && header.ends_with("; Secure"));

    let cookie = world.log_in("Sam", "support").await;
    assert_eq!(world.page(&cookie, "/").await.status, StatusCode::OK);
    // Every character of it counts.
    let (name, value) = cookie.split_once('=').unwrap();
    for at in 0..value.len() {
        let mut forged = value.as_bytes().to_vec();
        forged[at] = if forged[at] == b'1' { b'2' } else { b'1' };
        let forged = format!("{name}={}", String::from_utf8(forged).unwrap());
        let got = world.page(&forged, "/").await;
        assert_eq!(got.status, StatusCode::SEE_OTHER, "character {at}");
    }
    world.clock.advance(TimeDelta::hours(12));
    assert_eq!(world.page(&cookie, "/").await.status, StatusCode::SEE_OTHER);
}

#[test]
fn behind_tls_only_the_cookie_that_plain_http_cannot_set_opens() {
    let clock = Arc::new(snap_port::SystemClock);
    let gate = Gate::new(TOKEN, true, clock).unwrap();
    let header = gate.cookie(&sample::support());
    let cookie = header.split(';').next().unwrap();
    // Browsers take the prefix from TLS alone, for the whole host, and from no other host.
    assert!(header.contains("; Path=/;") && !header.contains("Domain"));
    let comes = |cookie: &str| {
        let headers = [(COOKIE, cookie.parse().unwrap())];
        gate.caller(&HeaderMap::from_iter(headers)).is_some()
    };
    assert!(comes(cookie));
    // The same value under the name that any port of the host may set.
    assert!(!comes(cookie.trim_start_matches("__Host-")));
}

#[tokio::test]
async fn a_session_ends_with_the_token_it_was_given_for() {
    let world = World::new().await;
    let clock = Arc::new(world.clock.clone());
    let other = Gate::new("another-token-of-the-desk", false, clock).unwrap();
    let header = other.cookie(&sample::support());
    let cookie = header.split(';').next().unwrap();
    assert_eq!(world.page(cookie, "/").await.status, StatusCode::SEE_OTHER);
}

#[test]
fn a_token_that_could_be_guessed_opens_nothing() {
    let clock = || Arc::new(snap_port::SystemClock);
    for token in ["", "short", "fifteen-letters", "with a blank in it all"] {
        assert!(Gate::new(token, false, clock()).is_err(), "{token}");
    }
    let (one, other) = (new_token().unwrap(), new_token().unwrap());
    assert!(one.len() == 64 && one != other);
    let gate = Gate::new(&one, false, clock()).unwrap();
    assert!(gate.is_token(&one) && !gate.is_token(&other) && !gate.is_token(""));
}

#[tokio::test]
async fn a_form_that_is_not_of_the_session_does_nothing() {
    let world = World::new().await;
    world.filled("acme-1").await;
    let sam = world.log_in("Sam", "support").await;
    let cleo = world.log_in("Cleo", "support").await;
    let (ours, theirs) = (world.form_key(&sam).await, world.form_key(&cleo).await);
    assert_ne!(ours, theirs);
    for key in ["", "00", theirs.as_str()] {
        let got = world
            .send(&sam, "/ports/acme-1/claim", &[("form_key", key)])
            .await;
        assert_eq!(got.status, StatusCode::FORBIDDEN, "{key}");
    }
    let got = world.send(&sam, "/ports/acme-1/claim", &[]).await;
    assert_eq!(got.status, StatusCode::FORBIDDEN);
    // What other pages can send without a form of ours.
    for kind in ["application/json", "text/plain", "multipart/form-data"] {
        let headers = [("cookie", sam.as_str()), ("content-type", kind)];
        let body = format!("{{\"form_key\":\"{ours}\"}}");
        let got = world
            .ask("POST", "/ports/acme-1/claim", &headers, body)
            .await;
        assert_eq!(got.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{kind}");
    }
    assert_eq!(world.get("/ports/acme-1").await.json()["entries"], 1);
    let got = world
        .send(&sam, "/ports/acme-1/claim", &[("form_key", &ours)])
        .await;
    assert_eq!(
        (got.status, got.header("location")),
        (StatusCode::SEE_OTHER, "/ports/acme-1")
    );
    let work = world.get("/ports/acme-1").await.json();
    assert_eq!(work["work"]["claimed_by"], "Sam");
}

#[tokio::test]
async fn logging_out_takes_a_form_of_the_session_and_the_cookie_goes() {
    let world = World::new().await;
    let sam = world.log_in("Sam", "support").await;
    let got = world.send(&sam, "/logout", &[]).await;
    assert_eq!(
        (got.status, got.header("set-cookie")),
        (StatusCode::FORBIDDEN, "")
    );
    let key = world.form_key(&sam).await;
    let got = world.send(&sam, "/logout", &[("form_key", &key)]).await;
    assert!(got.header("set-cookie").contains("Max-Age=0"));
}

#[tokio::test]
async fn no_answer_is_kept_framed_or_run() {
    let world = World::new().await;
    world.filled("acme-1").await;
    let sam = world.log_in("Sam", "support").await;
    for path in [
        "/",
        "/ports/acme-1",
        "/login",
        "/style.css",
        "/health",
        "/none",
        "/work",
    ] {
        let got = world.page(&sam, path).await;
        let policy = got.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; style-src 'self';"),
            "{path}"
        );
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(policy.contains("form-action 'self'"), "{path}");
        assert_eq!(got.header("cache-control"), "no-store", "{path}");
        assert_eq!(got.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(got.header("x-frame-options"), "DENY", "{path}");
    }
}

fn signed(form: &str) -> String {
    let url = format!("{PUBLIC}/twilio/events");
    let mut mac = Hmac::<Sha1>::new_from_slice(TWILIO_TOKEN.as_bytes()).unwrap();
    let mut pairs: Vec<(String, String)> = form_urlencoded::parse(form.as_bytes())
        .into_owned()
        .collect();
    pairs.sort();
    mac.update(url.as_bytes());
    for (name, value) in pairs {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    base64(&mac.finalize().into_bytes())
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk
            .iter()
            .fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = (bits >> (18 - 6 * place)) & 63;
            text.push(match place <= chunk.len() {
                true => char::from(DIGITS[digit as usize]),
                false => '=',
            });
        }
    }
    text
}

#[tokio::test]
async fn an_event_that_twilio_signed_makes_the_worker_look_sooner() {
    let world = World::new().await;
    world.submitted("acme-1").await;
    // The worker has looked, and comes back when some time has passed.
    let worker = snap_port::Worker::new(snap_port::WorkerId::parse("w").unwrap());
    assert_eq!(world.app.desk.round(&worker).await.unwrap().claimed, 1);
    assert_eq!(world.app.desk.round(&worker).await.unwrap().claimed, 0);

    let number = &super::world::numbers()[0];
    let sid = format!("CA{:032}", 1);
    let body = form(&[
        ("CallSid", &sid),
        ("CallStatus", "completed"),
        ("To", number),
    ]);
    let event = async |signature: &str| {
        let headers = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("x-twilio-signature", signature),
        ];
        let got = world
            .ask("POST", "/twilio/events", &headers, body.clone())
            .await;
        (got.status, got.body)
    };
    for forged in ["", "AAAA", &signed("CallSid=1")] {
        assert_eq!(event(forged).await, (StatusCode::FORBIDDEN, String::new()));
        assert_eq!(world.app.desk.round(&worker).await.unwrap().claimed, 0);
    }
    let taken = event(&signed(&body)).await;
    assert_eq!(taken, (StatusCode::NO_CONTENT, String::new()));
    assert_eq!(world.app.desk.round(&worker).await.unwrap().claimed, 1);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_not_read_to_its_end() {
    let world = World::new().await;
    let large = "x".repeat(16 * 1024 + 1);
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    let got = world.ask("POST", "/login", &kind, large).await;
    assert_eq!(got.status, StatusCode::PAYLOAD_TOO_LARGE);
    let large = "x".repeat(256 * 1024 + 1);
    let got = world.ask("POST", "/twilio/events", &[], large).await;
    assert_eq!(got.status, StatusCode::PAYLOAD_TOO_LARGE);
    let got = world.ask("GET", "/twilio/events", &[], Body::empty()).await;
    assert_eq!(got.status, StatusCode::METHOD_NOT_ALLOWED);
}
