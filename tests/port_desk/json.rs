//! What programs are told.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::world::{TOKEN, World, by, numbers, whole_form};

fn fields(got: &Value) -> Vec<&str> {
    let problems = got["problems"].as_array().unwrap().iter();
    problems
        .map(|one| one["field"].as_str().unwrap_or(""))
        .collect()
}

#[tokio::test]
async fn every_problem_of_a_form_is_told_at_once_and_nothing_is_stored() {
    let world = World::new().await;
    world
        .post("/ports", &json!({ "id": "acme-1", "by": by("admin") }))
        .await;
    let form = json!({
        "by": { "name": "Ann", "role": "king" },
        "numbers": ["+14155550100", "911", "+14155550100"],
        "letter": { "signer": "", "signed_on": "yesterday", "file": "none.pdf" },
        "proofs": [{ "kind": 5 }, "bill"],
        "losing": { "platform": "Aircall" },
        "ticket": "98765",
        "destination": { "account": "a\u{7}", "regulatory": [{ "country": "Atlantis" }] },
        "earliest": { "date": "2026-13-01", "zone": "Mars/Base" },
        "acknowledge": ["everything"],
        "pin": "the-pin-1234",
    });
    let got = world.post("/ports/acme-1/form", &form).await;
    assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut found = got.json();
    for field in [
        "by.role",
        "numbers",
        "letter.signer",
        "letter.signed_on",
        "letter.file",
        "proofs[0].kind",
        "proofs[0].file",
        "proofs[1]",
        "losing.account",
        "ticket",
        "destination.account",
        "destination.regulatory[0].country",
        "earliest.date",
        "earliest.zone",
        "acknowledge",
        "pin",
    ] {
        assert!(fields(&found).contains(&field), "{field}: {}", got.body);
    }
    // A secret in the wrong place is not repeated.
    assert!(!got.body.contains("the-pin-1234") && !got.body.contains("king"));
    found = world.get("/ports/acme-1").await.json();
    assert_eq!(
        (&found["numbers"], &found["entries"]),
        (&json!([]), &json!(1))
    );
    assert_eq!(found["readiness"]["done"], 0);
}

#[tokio::test]
async fn what_is_no_json_is_told_by_its_place_alone() {
    let world = World::new().await;
    let bearer = format!("Bearer {TOKEN}");
    for (body, kind, status, words) in [
        (
            "{\"id\": secret-1234}",
            "application/json",
            400,
            "no JSON at line 1, column",
        ),
        (
            "{\"id\": \"secret-1234",
            "application/json",
            400,
            "breaks off at line 1",
        ),
        (
            "[\"secret-1234\"]",
            "application/json",
            400,
            "must be an object",
        ),
        (
            "{\"id\": \"\u{1}secret-1234\"}",
            "application/json",
            400,
            "no JSON",
        ),
        ("secret-1234", "text/plain", 415, "application/json"),
    ] {
        let headers = [("authorization", bearer.as_str()), ("content-type", kind)];
        let got = world.ask("POST", "/ports", &headers, body).await;
        assert_eq!(got.status.as_u16(), status, "{}", got.body);
        assert!(got.body.contains(words), "{}", got.body);
        assert!(!got.body.contains("secret"), "{}", got.body);
    }
}

#[tokio::test]
async fn a_port_goes_from_its_start_to_its_end_by_json() {
    let world = World::new().await;
    world.submitted("acme-1").await;
    let got = world.get("/ports/acme-1").await.json();
    assert_eq!(got["order"], "SIM-0001");
    assert_eq!(got["waiting"]["on"], "losing_platform");
    assert!(
        got["update"]["subject"]
            .as_str()
            .unwrap()
            .contains("acme-1")
    );
    assert_eq!(got["readiness"], Value::Null);

    world.clock.advance(chrono::TimeDelta::hours(26));
    world.advance("acme-1").await;
    assert_eq!(world.state("acme-1").await, "release_approved");
    let slot = json!({ "by": by("support"), "begins": "2026-11-09T22:00" });
    let late = world.post("/ports/acme-1/slot", &slot).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.body.contains("business hours"), "{}", late.body);
    let hour = "2026-11-10T03:00:00Z/2026-11-10T04:00:00Z";
    let wished = json!({
        "by": by("support"), "rule": "slot_hours", "value": hour, "reason": "the customer's wish",
    });
    world.does("acme-1", "overrides", wished).await;
    world.does("acme-1", "slot", slot).await;
    world.advance("acme-1").await;
    assert_eq!(world.state("acme-1").await, "scheduled");
    world.clock.advance(chrono::TimeDelta::days(8));
    world.advance("acme-1").await;
    assert_eq!(world.state("acme-1").await, "ported");
    let loaded = json!({
        "by": by("support"), "item": "opt_outs", "state": "done", "numbers": [numbers()[0]],
    });
    world.does("acme-1", "notes", loaded).await;
    let last = world.get("/ports/acme-1/timeline?limit=1000").await.json();
    let last = last["entries"].as_array().unwrap().last().unwrap().clone();
    let said = last["text"].as_str().unwrap_or_default();
    assert!(said.contains("opt-out"), "{last}");
    world.clock.advance(chrono::TimeDelta::days(10));
    world.advance("acme-1").await;
    world.advance("acme-1").await;
    world
        .does("acme-1", "sign-off", json!({ "by": by("support") }))
        .await;
    assert_eq!(world.state("acme-1").await, "verified");

    let first = world.get("/ports/acme-1/timeline?limit=2").await.json();
    assert_eq!(first["entries"][0]["kind"], "opened");
    assert_eq!(
        (&first["entries"][1]["enters"], &first["from"]),
        (&json!("sealed"), &json!(2))
    );
    let all = world.get("/ports/acme-1/timeline?limit=1000").await.json();
    assert_eq!(all["from"], Value::Null);
    let entries = world.get("/ports/acme-1").await.json()["entries"]
        .as_u64()
        .unwrap();
    assert_eq!(all["entries"].as_array().unwrap().len() as u64, entries);
}

#[tokio::test]
async fn what_does_not_fit_says_so_with_its_own_status() {
    let world = World::new().await;
    world.sealed("acme-1").await;
    world.filled("acme-2").await;
    let cleo = json!({ "by": { "name": "Cleo", "role": "support" } });
    world.does("acme-1", "claim", cleo).await;
    let support = || json!({ "by": by("support") });
    for (path, body, status, words) in [
        ("/ports/none/claim", support(), 404, "no request none"),
        ("/ports/acme-1/fly", support(), 404, "there are: form, seal"),
        (
            "/ports",
            json!({ "id": "acme-1", "by": by("admin") }),
            409,
            "already",
        ),
        ("/ports/acme-1/amend", support(), 409, "a refused request"),
        (
            "/ports/acme-1/seal",
            json!({ "by": by("admin") }),
            409,
            "a draft",
        ),
        ("/ports/acme-2/seal", support(), 403, "may not seal"),
        (
            "/ports/acme-1/claim",
            json!({ "by": { "name": "Sam", "role": "support" } }),
            409,
            "Cleo (support) works on",
        ),
        // Both list the same numbers.
        (
            "/ports/acme-2/seal",
            json!({ "by": by("admin") }),
            409,
            "acme-1",
        ),
        ("/ports/acme-1/statements", support(), 422, "missing"),
        (
            "/ports/acme-1/statements",
            json!({ "by": by("support"), "what": "told" }),
            422,
            "filed, not_filed",
        ),
        (
            "/ports/acme-1/statements",
            json!({ "by": by("support"), "what": "filed", "ticket": "1", "at": "2027-01-01T00:00:00Z" }),
            422,
            "",
        ),
        (
            "/ports/acme-1/review",
            json!({ "by": by("support"), "attempt": 2, "verdict": "pass", "letter": numbers() }),
            409,
            "attempt 1",
        ),
        (
            "/ports/acme-1/review",
            json!({ "by": by("support"), "attempt": 1, "verdict": "pass", "letter": [numbers()[0]] }),
            422,
            "letter",
        ),
        (
            "/ports/acme-1/stray",
            json!({ "by": by("support"), "order": "T-9", "how": "cancelled" }),
            422,
            "T-9 is no stray order",
        ),
        (
            "/ports/acme-1/notes",
            support(),
            422,
            "comment, chased, asked, item",
        ),
        (
            "/ports/acme-1/notes",
            json!({ "by": by("support"), "item": "cnam", "state": "gone" }),
            422,
            "not_asked, wanted, exported, not_used, done",
        ),
        (
            "/ports/acme-1/overrides",
            json!({ "by": by("admin"), "rule": "proof_age", "value": "bill", "reason": "old" }),
            403,
            "may not override a rule",
        ),
        (
            "/ports/acme-1/overrides",
            json!({ "by": by("support"), "rule": "gravity", "value": "g", "reason": "old" }),
            422,
            "proof_age",
        ),
    ] {
        let got = world.post(path, &body).await;
        assert_eq!(got.status.as_u16(), status, "{path}: {}", got.body);
        assert!(got.body.contains(words), "{path}: {}", got.body);
    }
    let got = world.post("/ports/acme-1/form", &whole_form()).await;
    assert_eq!(
        got.status,
        StatusCode::CONFLICT,
        "what is sealed is not filled in"
    );
}

#[tokio::test]
async fn a_part_is_set_kept_or_taken_out() {
    let world = World::new().await;
    world.filled("acme-1").await;
    let done = async |body: Value| {
        let got = world.does("acme-1", "form", body).await.json();
        got["readiness"]["done"].as_u64().unwrap()
    };
    assert_eq!(done(json!({ "by": by("admin") })).await, 8);
    assert_eq!(done(json!({ "by": by("admin"), "ticket": null })).await, 7);
    let other = json!({ "platform": "Aircall", "id": "4" });
    assert_eq!(done(json!({ "by": by("admin"), "ticket": other })).await, 8);
    let got = world.get("/work?party=customer").await.json();
    assert_eq!(got["items"][0]["request"], "acme-1");
}

#[tokio::test]
async fn ports_are_found_by_what_is_known_of_them() {
    let world = World::new().await;
    world.submitted("acme-1").await;
    world
        .post("/ports", &json!({ "id": "acme-2", "by": by("admin") }))
        .await;
    let number = format!("number={}", numbers()[0].replace('+', "%2B"));
    for (query, found) in [
        ("", &["acme-1", "acme-2"][..]),
        ("state=submitted", &["acme-1"]),
        ("waiting_on=customer", &["acme-2"]),
        (&number, &["acme-1"]),
        ("order=SIM-0001", &["acme-1"]),
        ("troubled=1", &[]),
        ("after=acme-1", &["acme-2"]),
        ("limit=1", &["acme-1"]),
    ] {
        let got = world.get(&format!("/ports?{query}")).await.json();
        let ids = got["ports"].as_array().unwrap().iter();
        let ids: Vec<&str> = ids.map(|one| one["id"].as_str().unwrap()).collect();
        assert_eq!(ids, found, "{query}");
    }
    let page = world.get("/ports?limit=1").await.json();
    assert_eq!(page["after"], "acme-1");
    let wrong = world.get("/ports?state=flying").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(!wrong.body.contains("flying"));
}

#[tokio::test]
async fn a_refusal_is_amended_a_part_split_off_and_a_wish_to_cancel_kept() {
    let world = World::new().await;
    world.submitted("acme-1").await;
    let split = json!({
        "by": by("support"), "child": "acme-1b", "numbers": [numbers()[1]], "reason": "it stays",
    });
    world.does("acme-1", "split", split).await;
    assert_eq!(world.state("acme-1b").await, "submitted");
    let got = world
        .does(
            "acme-1",
            "cancel",
            json!({ "by": by("admin"), "reason": "sold" }),
        )
        .await
        .json();
    assert_eq!(got["state"], "submitted");
    world.advance("acme-1").await;
    assert_eq!(world.state("acme-1").await, "cancelled");
}

#[tokio::test]
async fn metrics_and_health_answer() {
    let world = World::new().await;
    let got = world.get("/metrics").await;
    assert_eq!(got.status, StatusCode::OK);
    assert!(got.header("content-type").starts_with("text/plain"));
    let got = world
        .ask("GET", "/health", &[], axum::body::Body::empty())
        .await;
    assert_eq!(got.json(), json!({ "store": "answers" }));
}
