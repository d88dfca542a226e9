use serde_json::{Value, json};
use snap_port::testing::FakeRoute;

use super::{AS_GAINING, GAINING, Got, LOSING, World, number, under};

#[path = "../../../examples/fake_twilio/scenario/mod.rs"]
mod scenario;

impl World {
    async fn side(&self, method: &str, path: &str, body: &Value) -> Got {
        let url = format!("{}/_fake/{path}", self.fake.url());
        let request = self.http.request(method.parse().unwrap(), url);
        self.send(request.body(body.to_string())).await.unwrap()
    }
}

#[tokio::test]
async fn tickets_can_be_filed_and_followed_in_any_language() {
    let world = World::new().await;
    world.fake.add_number(number(0), LOSING);
    world
        .fake
        .support(snap_port::testing::FakeSupport::smooth().holds("a fee"));
    let ticket = json!({
        "subject": "Transfer numbers between accounts",
        "losing": LOSING, "gaining": GAINING, "numbers": [number(0).as_str()],
    });
    let filed = world.side("POST", "tickets", &ticket).await;
    assert_eq!(
        (filed.status, &filed.json()["status"]),
        (201, &json!("open"))
    );
    let id = filed.json()["id"].as_str().unwrap().to_owned();
    world.pass(24 * 3600);
    let held = world
        .side("GET", &format!("tickets/{id}"), &Value::Null)
        .await
        .json();
    assert_eq!(
        (&held["status"], &held["reason"]),
        (&json!("on-hold"), &json!("a fee"))
    );
    let replied = world
        .side("POST", &format!("tickets/{id}/reply"), &Value::Null)
        .await;
    assert_eq!(replied.json()["status"], "open");
    world.pass(48 * 3600);
    let done = world.side("GET", "tickets", &Value::Null).await.json();
    assert_eq!(done["tickets"][0]["status"], "done");
    assert_eq!(done["tickets"][0]["moved"], json!([number(0).as_str()]));
    assert_eq!(world.fake.owner_of(number(0)).as_deref(), Some(GAINING));

    for (path, body, word) in [
        ("tickets", json!({ "subject": "x" }), "losing"),
        (
            "tickets",
            json!({ "subject": "", "losing": "", "gaining": "", "numbers": ["1"] }),
            "E.164",
        ),
        ("tickets", json!({ "colour": "red" }), "colour"),
    ] {
        let got = world.side("POST", path, &body).await;
        assert_eq!(got.status, 400);
        assert!(
            got.json()["message"].as_str().unwrap().contains(word),
            "{}",
            got.text
        );
    }
    for path in ["tickets/none", "nothing"] {
        assert_eq!(world.side("GET", path, &Value::Null).await.status, 404);
    }
}

#[tokio::test]
async fn a_ticket_is_found_by_words_of_its_subject() {
    let world = World::new().await;
    for key in ["(acme-1#1)", "(acme-1#10)", "(acme-2#1)"] {
        let ticket = json!({
            "subject": format!("Transfer of numbers {key}"),
            "losing": LOSING, "gaining": GAINING, "numbers": [],
        });
        assert_eq!(world.side("POST", "tickets", &ticket).await.status, 201);
    }
    for (words, found) in [("%28acme-1%231%29", 1), ("acme-1", 2), ("", 3), ("x", 0)] {
        let path = format!("tickets?subject={words}");
        let got = world.side("GET", &path, &Value::Null).await.json();
        assert_eq!(got["tickets"].as_array().unwrap().len(), found, "{words}");
    }
}

#[tokio::test]
async fn faults_can_be_asked_for_in_any_language() {
    let world = World::new().await;
    let too_many = json!({ "route": "Alerts", "fault": "TooMany", "number": 3 });
    assert_eq!(world.side("POST", "faults", &too_many).await.status, 201);
    let got = world.get(AS_GAINING, "/v1/Alerts").await;
    assert_eq!(
        (got.status, &got.headers["retry-after"]),
        (429, &"3".parse().unwrap())
    );
    let always =
        json!({ "route": "Alerts", "fault": "ErrorBefore", "status": 500, "always": true });
    world.side("POST", "faults", &always).await;
    for _ in 0..2 {
        assert_eq!(world.get(AS_GAINING, "/v1/Alerts").await.status, 500);
    }
    assert_eq!(
        world.side("DELETE", "faults", &Value::Null).await.status,
        204
    );
    assert_eq!(world.get(AS_GAINING, "/v1/Alerts").await.status, 200);
    for wrong in [
        json!({ "route": "Alarms", "fault": "Hang" }),
        json!({ "route": "Alerts", "fault": "Hung" }),
        json!({ "route": "Alerts", "fault": "ErrorBefore" }),
    ] {
        assert_eq!(world.side("POST", "faults", &wrong).await.status, 400);
    }
}

#[tokio::test]
async fn a_fault_that_does_not_exist_is_answered_with_all_that_do() {
    let world = World::new().await;
    let unknown = json!({ "route": "Alerts", "fault": "Hung" });
    let got = world.side("POST", "faults", &unknown).await;
    let message = got.json()["message"].as_str().unwrap().to_owned();
    for (name, needs, status, number) in [
        ("TooMany", " (number: seconds of Retry-After", None, Some(3)),
        ("ErrorBefore", " (status)", Some(500), None),
        ("ErrorAfter", " (status)", Some(500), None),
        (
            "Refuse",
            " (status; number: Twilio's code)",
            Some(400),
            Some(20001),
        ),
        (
            "Problem",
            " (status; number: Twilio's code)",
            Some(400),
            Some(20001),
        ),
        ("Hang", ",", None, None),
        ("HangAfter", ",", None, None),
        ("CutBefore", ",", None, None),
        ("CutAfter", ",", None, None),
        ("Malformed", ",", None, None),
        ("Html", ",", None, None),
        ("Slow", " (number: milliseconds)", None, Some(1)),
        ("DuplicateCallbacks", ",", None, None),
        ("ReorderCallbacks", "", None, None),
    ] {
        assert!(message.contains(&format!(" {name}{needs}")), "{message}");
        let fault = json!({
            "route": "Alerts", "fault": name, "status": status, "number": number,
        });
        let got = world.side("POST", "faults", &fault).await;
        assert_eq!(got.status, 201, "{name}");
    }
}

#[tokio::test]
async fn the_books_tell_who_asked_what_and_got_what() {
    let world = World::new().await;
    let sid = world.fake.add_number(number(0), GAINING);
    let path = under(GAINING, &format!("/IncomingPhoneNumbers/{sid}.json"));
    world.pass(5);
    world
        .post(AS_GAINING, &path, &[("FriendlyName", "a b")])
        .await;
    world
        .get((GAINING, "wrong"), &format!("{path}?x=%2B1"))
        .await;
    let requests = world.fake.requests();
    assert_eq!(
        requests[0].form,
        [("FriendlyName".to_owned(), "a b".to_owned())]
    );
    assert_eq!(requests[0].route, Some(FakeRoute::UpdateNumber));
    assert_eq!(
        requests[0].at,
        snap_port::testing::sample::time() + chrono::TimeDelta::seconds(5)
    );
    assert_eq!(requests[1].query, [("x".to_owned(), "+1".to_owned())]);
    assert_eq!(
        (requests[1].status, &requests[1].account),
        (Some(401), &None)
    );

    let books = world.side("GET", "books", &Value::Null).await;
    let shown = books.json();
    assert_eq!(shown["asked"], json!({ "Number": 1, "UpdateNumber": 1 }));
    assert_eq!(shown["effects"], json!({ "UpdateNumber": 1 }));
    assert_eq!(shown["requests"][1]["status"], 401);
    assert_eq!(shown["numbers"][number(0).as_str()], GAINING);
    assert!(
        !books.text.contains(AS_GAINING.1),
        "no credentials in the books"
    );
}

#[tokio::test]
async fn the_examples_scenario_is_a_world_and_mistakes_in_one_are_named() {
    let world = World::new().await;
    let example = include_str!("../../../examples/fake_twilio/scenario.json");
    let read = scenario::Scenario::read(example).unwrap();
    read.set_up(&world.fake);
    assert_eq!(read.somebody(), Some(AS_GAINING));
    assert_eq!(world.fake.owner_of(number(0)).as_deref(), Some(LOSING));
    assert_eq!(scenario::duration("24h"), Ok(chrono::TimeDelta::hours(24)));
    for (wrong, word) in [
        (example.replace("token", "tokem"), "tokem"),
        (example.replace("\"+1", "\"1"), "is not a number"),
        (example.replace("24h", "one day"), "one day"),
        (example.replace("MG0", "MG"), "messaging service"),
        (
            example.replace("a1\", \"friendly", "a2\", \"friendly"),
            "not among the accounts",
        ),
        (
            example.replace("\"to\": \"+14155550101\", ", ""),
            "\"to\" or a \"from\"",
        ),
    ] {
        assert_ne!(wrong, example);
        let why = scenario::Scenario::read(&wrong).err().unwrap();
        assert!(why.contains(word), "{why}");
    }
}
