//! What the pages show, and what they keep from running.

use std::sync::Arc;

use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::json;
use snap_port::testing::{ReleasePlan, Script};
use snap_port::{
    AnyPortRequest, MemoryStore, Party, PortStore as _, Reason, Refusal, RequestRow, Write,
};

use super::port_desk::web::page::{plain, words};
use super::world::{World, by, numbers, whole_form};

const SCRIPT: &str = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";

#[tokio::test]
async fn words_of_others_are_text_on_every_page() {
    let world = World::new().await;
    let hostile = format!("Ann \u{202e}{SCRIPT}");
    let ann = json!({ "name": hostile, "role": "admin" });
    let sam = json!({ "name": hostile, "role": "support" });
    let started = world
        .post("/ports", &json!({ "id": "acme-1", "by": ann }))
        .await;
    assert_eq!(started.status, StatusCode::CREATED);
    let mut form = whole_form();
    form["by"] = ann.clone();
    form["losing"]["platform"] = json!("<b>P</b>");
    form["ticket"]["id"] = json!(SCRIPT);
    world.does("acme-1", "form", form).await;
    world.does("acme-1", "seal", json!({ "by": ann })).await;
    let finding = json!({ "field": SCRIPT, "reason": SCRIPT, "remedy": SCRIPT });
    let back = json!({ "by": sam, "attempt": 1, "verdict": "send_back", "findings": [finding] });
    world.does("acme-1", "review", back).await;
    let note = json!({ "by": sam, "comment": format!("{SCRIPT}\u{2066}\n{}", "z".repeat(5000)) });
    world.does("acme-1", "notes", note).await;
    world.does("acme-1", "claim", json!({ "by": sam })).await;

    let cookie = world.log_in(&hostile, "support").await;
    let key = world.form_key(&cookie).await;
    let pages = [
        world.page(&cookie, "/").await,
        world.page(&cookie, "/ports/acme-1").await,
        world.page(&cookie, "/ports/%3Cscript%3E").await,
        world
            .send(
                &cookie,
                "/ports/acme-1/review",
                &[("form_key", &key), ("code", SCRIPT)],
            )
            .await,
        world
            .send(
                &cookie,
                "/ports/acme-1/x",
                &[("form_key", &key), (SCRIPT, SCRIPT)],
            )
            .await,
    ];
    for page in pages {
        assert!(page.header("content-type").starts_with("text/html"));
        let body = &page.body;
        assert!(
            !body.contains("<script") && !body.contains("<img"),
            "{body}"
        );
        assert!(!body.contains("<b>P</b>"), "{body}");
        assert!(!body.contains(['\u{202e}', '\u{2066}']), "{body}");
        assert!(body.contains("&lt;script&gt;") || page.status == StatusCode::NOT_FOUND);
        // Attributes are quoted, and a quote in one is escaped.
        assert!(!body.contains("\"'>"), "{body}");
    }
}

#[test]
fn what_turns_the_direction_of_writing_is_shown_and_words_that_turn_stand_alone() {
    assert_eq!(plain("a\u{202e}b\nc\u{1b}[2J"), r"a\u{202e}b\nc\u{1b}[2J");
    for (text, shown) in [
        ("plain", "plain"),
        ("שלום: 2 numbers", "<bdi>שלום</bdi>: 2 numbers"),
        ("a שלום עולם, b", "a <bdi>שלום עולם</bdi>, b"),
        ("שלום b عالم", "<bdi>שלום</bdi> b <bdi>عالم</bdi>"),
        ("ש", "<bdi>ש</bdi>"),
        ("<ש>", "&lt;<bdi>ש</bdi>&gt;"),
    ] {
        assert_eq!(words(text).into_string(), shown);
    }
}

#[tokio::test]
async fn the_page_of_a_port_answers_in_every_state() {
    let refused = ReleasePlan::Refused {
        after: TimeDelta::hours(1),
        refusal: Refusal::new(Reason::Paperwork, "the letter is not legible"),
    };
    for (script, states) in [
        (
            Script::default(),
            &[
                "submitted",
                "release_approved",
                "scheduled",
                "ported",
                "verified",
            ][..],
        ),
        (
            Script::default().release(refused),
            &["rejected", "draft", "cancelled"],
        ),
    ] {
        let world = World::with(script, Arc::new(MemoryStore::new())).await;
        world.filled("acme-1").await;
        shows(&world, "draft").await;
        world
            .does("acme-1", "seal", json!({ "by": by("admin") }))
            .await;
        shows(&world, "sealed").await;
        let pass =
            json!({ "by": by("support"), "attempt": 1, "verdict": "pass", "letter": numbers() });
        world.does("acme-1", "review", pass).await;
        for state in states {
            match *state {
                "scheduled" => {
                    let slot = json!({ "by": by("support"), "begins": "2026-11-09T10:00" });
                    world.does("acme-1", "slot", slot).await;
                }
                "verified" => {
                    world.clock.advance(TimeDelta::days(10));
                    world.advance("acme-1").await;
                    world
                        .does("acme-1", "sign-off", json!({ "by": by("support") }))
                        .await;
                }
                "draft" => drop(
                    world
                        .does("acme-1", "amend", json!({ "by": by("admin") }))
                        .await,
                ),
                "cancelled" => {
                    let cancel = json!({ "by": by("admin"), "reason": "sold" });
                    world.does("acme-1", "cancel", cancel).await;
                }
                _ => {}
            }
            world.advance("acme-1").await;
            if world.state("acme-1").await != *state {
                world.clock.advance(TimeDelta::days(1));
                world.advance("acme-1").await;
            }
            if world.state("acme-1").await != *state {
                world.clock.advance(TimeDelta::days(7));
                world.advance("acme-1").await;
            }
            world.advance("acme-1").await;
            shows(&world, state).await;
        }
    }
}

async fn shows(world: &World, state: &str) {
    let cookie = world.log_in("Sam", "support").await;
    assert_eq!(world.state("acme-1").await, state);
    let page = world.page(&cookie, "/ports/acme-1").await;
    assert_eq!(page.status, StatusCode::OK, "{state}");
    let name = state.replace('_', " ");
    assert!(
        page.body
            .contains(&format!("<span class=\"state\">{name}</span>")),
        "{state}"
    );
    assert!(page.body.contains("What the customer is told"), "{state}");
    assert!(page.body.contains("History"), "{state}");
    let work = world.page(&cookie, "/").await;
    assert_eq!(work.status, StatusCode::OK, "{state}");
    let ended = ["verified", "cancelled"].contains(&state);
    assert_eq!(
        work.body.contains("There is nothing to do."),
        ended,
        "{state}"
    );
}

#[tokio::test]
async fn a_form_of_a_page_does_what_it_says() {
    let world = World::new().await;
    world.sealed("acme-1").await;
    let cookie = world.log_in("Sam", "support").await;
    let key = world.form_key(&cookie).await;
    let letter = numbers().join("\r\n");
    let fields = [
        ("form_key", key.as_str()),
        ("verdict", "pass"),
        ("attempt", "1"),
        ("letter", &letter),
        ("code", ""),
    ];
    let got = world.send(&cookie, "/ports/acme-1/review", &fields).await;
    assert_eq!(got.status, StatusCode::SEE_OTHER, "{}", got.body);
    world.advance("acme-1").await;
    let got = world.get("/ports/acme-1").await.json();
    assert_eq!(got["state"], "submitted");
    let held = [
        ("form_key", key.as_str()),
        ("what", "held"),
        ("reason", "fee_demanded"),
        ("words", "$25"),
        ("at", "2026-11-02T09:30"),
    ];
    let got = world.send(&cookie, "/ports/acme-1/statements", &held).await;
    assert_eq!(got.status, StatusCode::SEE_OTHER, "{}", got.body);
    let last = world.get("/ports/acme-1/timeline?from=4").await.json();
    let last = last["entries"].as_array().unwrap().last().unwrap().clone();
    // Half past nine in New York, by the person who has logged in.
    assert_eq!(last["occurred_at"], "2026-11-02T14:30:00Z");
    assert_eq!(last["by"], "Sam (support)");
    let work = world.page(&cookie, "/").await.body;
    assert!(work.contains("end the hold"), "{work}");
    assert!(
        work.contains("<summary>The hold is over</summary>"),
        "{work}"
    );

    let twice = [
        ("form_key", key.as_str()),
        ("what", "resumed"),
        ("what", "held"),
    ];
    let got = world
        .send(&cookie, "/ports/acme-1/statements", &twice)
        .await;
    assert_eq!(got.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_became_of_a_stray_order_is_said_on_the_work_list() {
    let store = Arc::new(MemoryStore::new());
    let world = World::with(Script::default(), store.clone()).await;
    let record = include_str!("../golden/v1/submitted.stray_orders.json");
    let record = record.replace("\"stub\"", &format!("\"{}\"", world.app.carrier));
    let request = AnyPortRequest::from_json(record.as_bytes()).unwrap();
    let row = RequestRow::of(&request, Some((Party::Staff, request.since())), None).unwrap();
    let first = Write::first(row, &request).unwrap();
    store.commit(&[first]).await.unwrap();

    let cookie = world.log_in("Sam", "support").await;
    let key = world.form_key(&cookie).await;
    let page = world.page(&cookie, "/").await.body;
    assert!(page.contains("cancel its order T-8"), "{page}");
    assert!(page.contains("action=\"/ports/r-1/stray\""), "{page}");
    let port = world.page(&cookie, "/ports/r-1").await.body;
    assert!(port.contains("action=\"/ports/r-1/stray\""), "{port}");
    let said = [("form_key", &*key), ("order", "T-8"), ("how", "cancelled")];
    let sent = world.send(&cookie, "/ports/r-1/stray", &said).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.body);
    let page = world.page(&cookie, "/ports/r-1").await.body;
    assert!(page.contains("stray order T-8 settled: cancelled"));
    let again = world.send(&cookie, "/ports/r-1/stray", &said).await;
    assert!(
        again.body.contains("T-8 is no stray order"),
        "{}",
        again.body
    );
}

#[tokio::test]
async fn the_text_to_send_is_whole_in_its_page() {
    let world = World::new().await;
    world.filled("acme-1").await;
    let no_ticket = json!({ "by": by("admin"), "ticket": null });
    world.does("acme-1", "form", no_ticket).await;
    let shown = world.get("/ports/acme-1").await.json();
    let text = shown["work"]["paste"]["body"].as_str().unwrap().to_owned();
    let cookie = world.log_in("Sam", "support").await;
    let page = world.page(&cookie, "/").await.body;
    let text = maud::html! { (text) }.into_string();
    assert!(page.contains(&format!("\n{text}</textarea>")), "{page}");
}

#[tokio::test]
async fn documents_are_saved_and_never_shown_in_place() {
    let world = World::new().await;
    world.filled("acme-1").await;
    let cookie = world.log_in("Sam", "support").await;
    let got = world.page(&cookie, "/ports/acme-1/documents/0").await;
    assert_eq!(got.body.as_bytes(), snap_port::testing::sample::letter());
    assert_eq!(got.header("content-type"), "application/octet-stream");
    assert!(got.header("content-disposition").starts_with("attachment"));
    let none = world.page(&cookie, "/ports/acme-1/documents/9").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_long_list_and_a_long_history_are_paged() {
    let world = World::new().await;
    for n in 0..60 {
        let id = format!("acme-{n:03}");
        world
            .post("/ports", &json!({ "id": id, "by": by("admin") }))
            .await;
    }
    let cookie = world.log_in("Sam", "support").await;
    let first = world.page(&cookie, "/").await.body;
    let second = world.page(&cookie, "/?from=50").await.body;
    assert_eq!(first.matches("<article>").count(), 50);
    assert_eq!(second.matches("<article>").count(), 10);
    assert!(first.contains("1 to 50 of 60") && second.contains("51 to 60 of 60"));
    let odd = world.page(&cookie, &format!("/?from={}", usize::MAX)).await;
    assert_eq!(odd.status, StatusCode::OK);
    for n in 0..60 {
        let note = json!({ "by": by("admin"), "comment": format!("note {n}.") });
        world.does("acme-000", "notes", note).await;
    }
    let last = world.page(&cookie, "/ports/acme-000").await.body;
    assert!(last.contains("note 59.") && !last.contains("note 1."));
    assert!(last.contains("Earlier") && !last.contains("Later"));
    let first = world.page(&cookie, "/ports/acme-000?from=0").await.body;
    assert!(first.contains("note 1.") && first.contains("Later"));
}
