//! How much is taken at once, and that no more work is done for it than there is to it.

use std::sync::{Arc, Mutex};
use std::thread::{ThreadId, current};

use async_trait::async_trait;
use axum::http::StatusCode;
use serde_json::{Value, json};
use snap_port::testing::sample;
use snap_port::{DocumentSource, Locator, MemoryDocuments, SourceError};

use super::port_desk::web::page::{plain, words};
use super::world::{World, by, numbers, whole_form};

/// What `words` shows, told the slow way: for each word that turns, the whole rest is searched.
fn slowly(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{590}'..='\u{8ff}' | '\u{10800}'..='\u{10fff}');
    let shown = |text: &str| maud::html! { (text) }.into_string();
    let mut rest: Vec<char> = plain(text).chars().collect();
    let mut page = String::new();
    while let Some(first) = rest.iter().position(|c| turns(*c)) {
        let latin = |at: &usize| {
            rest[..*at]
                .iter()
                .skip(first)
                .any(char::is_ascii_alphanumeric)
        };
        let last = (first..rest.len()).filter(|at| turns(rest[*at]) && !latin(at));
        let after = rest.split_off(last.max().unwrap() + 1);
        let turned: String = rest.split_off(first).iter().collect();
        let before: String = rest.iter().collect();
        page += &format!("{}<bdi>{}</bdi>", shown(&before), shown(&turned));
        rest = after;
    }
    page + &shown(&rest.iter().collect::<String>())
}

#[test]
fn words_that_turn_stand_alone_in_every_text() {
    // One and three more bytes that turn, one that ends a word, others that do not.
    let letters = ["\u{5d0}", "\u{10800}", "a", " ", "\u{e9}", "<"];
    let mut texts = vec![String::new()];
    for _ in 0..=6 {
        for text in &texts {
            assert_eq!(words(text).into_string(), slowly(text), "{text:?}");
        }
        let longer = texts
            .iter()
            .flat_map(|text| letters.map(|one| format!("{text}{one}")));
        texts = longer.collect();
    }
}

#[test]
fn a_text_of_many_words_that_turn_is_gone_through_once() {
    // Searched to its end for each word, this would keep the test for many minutes.
    let many = 200_000;
    let text = "\u{5d0}a".repeat(many) + &"a".repeat(3 * many);
    let page = words(text).into_string();
    assert_eq!(page.matches("<bdi>\u{5d0}</bdi>a").count(), many);
}

/// What is wrong with a field of an answer; empty, if nothing is.
fn problem<'a>(got: &'a Value, field: &str) -> Vec<&'a str> {
    let problems = got["problems"].as_array().map_or(&[][..], Vec::as_slice);
    let of = problems.iter().filter(|one| one["field"] == field);
    of.map(|one| one["why"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_text_that_nobody_reads_is_refused_by_its_field() {
    let world = World::new().await;
    world.submitted("acme-1").await;
    let entries = world.get("/ports/acme-1").await.json()["entries"].clone();
    let long = "\u{5d0}".repeat(10_001);
    for (act, field, body) in [
        ("cancel", "reason", json!({ "reason": long })),
        ("notes", "comment", json!({ "comment": long })),
        (
            "split",
            "reason",
            json!({ "child": "acme-2", "numbers": [numbers()[1]], "reason": long }),
        ),
        ("stray", "how", json!({ "order": "T-1", "how": long })),
        (
            "overrides",
            "reason",
            json!({ "rule": "proof_age", "value": "bill", "reason": long }),
        ),
        (
            "waivers",
            "consent",
            json!({ "number": numbers()[0], "check": "arrived", "reason": "r", "consent": long }),
        ),
        (
            "review",
            "findings[0].remedy",
            json!({
                "attempt": 1,
                "verdict": "send_back",
                "findings": [{ "field": "f", "reason": "r", "remedy": long }],
            }),
        ),
        (
            "statements",
            "words",
            json!({ "what": "held", "reason": "fee_demanded", "words": long }),
        ),
        (
            "statements",
            "why",
            json!({ "what": "not_filed", "why": long }),
        ),
    ] {
        let mut body = body;
        body["by"] = by("support");
        let got = world.post(&format!("/ports/acme-1/{act}"), &body).await;
        assert_eq!(
            got.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{act} {field}"
        );
        let why = problem(&got.json(), field).join("; ");
        assert_eq!(
            why, "this may have 10000 characters at most",
            "{act} {field}"
        );
        assert!(!got.body.contains('\u{5d0}'), "it is not sent back");
    }
    let shown = world.get("/ports/acme-1").await.json();
    assert_eq!(shown["entries"], entries, "nothing is stored");

    // Characters count, not bytes.
    let longest = "\u{10800}".repeat(10_000);
    let note = json!({ "by": by("support"), "comment": longest });
    world.does("acme-1", "notes", note).await;
    let cookie = world.log_in("Sam", "support").await;
    let key = world.form_key(&cookie).await;
    let fields = [("form_key", &*key), ("comment", &*long)];
    let page = world.send(&cookie, "/ports/acme-1/notes", &fields).await;
    assert!(page.body.contains("<b>comment: </b>this may have 10000"));
}

/// Documents that note what is read of them, and on which thread.
#[derive(Debug, Default)]
struct Watched {
    kept: MemoryDocuments,
    read: Mutex<Vec<(String, ThreadId)>>,
}

#[async_trait]
impl DocumentSource for Watched {
    async fn read(&self, locator: &Locator) -> Result<Vec<u8>, SourceError> {
        let read = (locator.as_str().to_owned(), current().id());
        self.read.lock().unwrap().push(read);
        self.kept.read(locator).await
    }
}

#[tokio::test]
async fn each_document_of_a_form_is_read_once_where_nobody_waits() {
    let watched = Arc::new(Watched::default());
    let file = |n: usize| format!("acme/{n:03}.pdf");
    for n in 0..60 {
        let locator = Locator::parse(&file(n)).unwrap();
        watched.kept.put(&locator, sample::letter());
    }
    let mut world = World::new().await;
    let app = Arc::get_mut(&mut world.app).unwrap();
    app.documents = Some(watched.clone());
    let start = json!({ "id": "acme-1", "by": by("admin") });
    assert_eq!(world.post("/ports", &start).await.status, 201);
    let form = |files: &mut dyn Iterator<Item = usize>| {
        let proof = |n| json!({ "kind": "phone bill", "file": file(n) });
        let proofs: Vec<Value> = files.map(proof).collect();
        let mut form = whole_form();
        form["letter"]["file"] = json!(file(0));
        form["proofs"] = json!(proofs);
        form
    };

    let many = world.post("/ports/acme-1/form", &form(&mut (0..51))).await;
    assert_eq!(many.status, StatusCode::UNPROCESSABLE_ENTITY);
    let why = problem(&many.json(), "proofs").join("; ");
    assert_eq!(why, "a form may name 50 documents at most");
    assert_eq!(watched.read.lock().unwrap().len(), 0);

    let twice = &mut (0..50).chain(0..50);
    world.does("acme-1", "form", form(twice)).await;
    let cookie = world.log_in("Sam", "support").await;
    let got = world.page(&cookie, "/ports/acme-1/documents/0").await;
    assert_eq!(got.status, StatusCode::OK);
    let read = watched.read.lock().unwrap();
    let names: Vec<&str> = read.iter().map(|(name, _)| &**name).collect();
    let once: Vec<String> = (0..50).chain([0]).map(file).collect();
    assert_eq!(names, once);
    assert!(read.iter().all(|(_, thread)| *thread != current().id()));
}

#[tokio::test]
async fn what_is_stated_of_each_number_is_stated_of_a_thousand_at_most() {
    let world = World::new().await;
    let texts = |count| -> Vec<String> {
        let numbers = sample::numbers(count);
        numbers.iter().map(ToString::to_string).collect()
    };
    let start = json!({ "id": "acme-1", "by": by("admin") });
    assert_eq!(world.post("/ports", &start).await.status, 201);
    let mut form = whole_form();
    form["numbers"] = json!(texts(1001));
    world.does("acme-1", "form", form).await;
    world
        .does("acme-1", "seal", json!({ "by": by("admin") }))
        .await;
    let state = async |mut body: Value, what: &str| {
        body["by"] = by("support");
        body["what"] = json!(what);
        world.post("/ports/acme-1/statements", &body).await
    };
    let all = json!({ "numbers": texts(1001), "service": "MG00000000000000000000000000000001",
        "state": "pending", "test": "voice_in", "outcome": "passed" });
    let named = |fields: &[&str]| {
        let fields = fields
            .iter()
            .map(|name| ((*name).to_owned(), all[*name].clone()));
        Value::Object(fields.collect())
    };
    for (what, fields) in [
        ("arrived", &["numbers"][..]),
        // Left out, they are all of the request's.
        ("arrived", &[]),
        ("assigned", &["numbers"]),
        ("joined", &["numbers", "service"]),
        ("registered", &["numbers", "state"]),
        ("tested", &["numbers", "test", "outcome"]),
    ] {
        let got = state(named(fields), what).await;
        assert_eq!(got.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}");
        let why = problem(&got.json(), "numbers").join("; ");
        assert!(
            why.starts_with("these are 1001 numbers; name 1000"),
            "{what}: {}",
            got.body
        );
    }
    // A thousand are read; that they have not moved yet is another matter.
    let got = state(json!({ "numbers": texts(1000) }), "arrived").await;
    assert_eq!(problem(&got.json(), "numbers"), [""; 0], "{}", got.body);
}
