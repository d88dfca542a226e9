//! What Twilio refuses is refused here, by Twilio's code where it publishes one.

use serde_json::{Value, json};
use snap_port::PhoneNumber;
use snap_port::testing::{FakeAccount, FakeRoute};

use super::{
    AS_GAINING, AS_KEY, AS_LOSING, AS_OWNER, GAINING, Got, LOSING, OWNER, SERVICE, SIBLING, World,
    number, under,
};

const TWIML: (&str, &str) = ("Twiml", "<Response><Hangup/></Response>");
const BODY: (&str, &str) = ("Body", "Hello");
const TO: (&str, &str) = ("To", "+16505550199");
/// What [`number`]`(0)` is.
const FROM: (&str, &str) = ("From", "+14155550100");

/// A world with a number in the gaining account.
async fn world() -> World {
    let world = World::new().await;
    assert_eq!(world.fake.add_number(number(0), GAINING).len(), 34);
    assert_eq!(number(0).as_str(), FROM.1);
    world
}

fn number_path(world: &World, account: &str) -> String {
    let sid = world.fake.sid_of(number(0)).unwrap();
    under(account, &format!("/IncomingPhoneNumbers/{sid}.json"))
}

/// Every form with the code it is refused with.
async fn refused(world: &World, path: &str, forms: &[(&[(&str, &str)], u64)]) {
    let mut wrong = Vec::new();
    for (form, code) in forms {
        let got = world.post(AS_GAINING, path, form).await;
        if got.code() != (400, *code) {
            wrong.push(format!("{form:?}: {} for {code}", got.text));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_call_that_cannot_be_is_refused() {
    let world = world().await;
    let path = under(GAINING, "/Calls.json");
    refused(
        &world,
        &path,
        &[
            // No number of North America has seven digits, or eleven.
            (&[("To", "+1415555"), FROM, TWIML], 21211),
            (&[("To", "+165055501990"), FROM, TWIML], 21211),
            (&[("To", FROM.1), FROM, TWIML], 21211),
            (&[TO, FROM, TWIML, ("Method", "PUT")], 21209),
            (&[TO, FROM, TWIML, ("Timeout", "601")], 21208),
            (&[TO, FROM, TWIML, ("Timeout", "+60")], 21208),
            (&[TO, FROM, TWIML, ("SendDigits", "12x")], 21206),
            (&[TO, FROM, ("ApplicationSid", "AP1")], 21218),
            (&[TO, FROM, TWIML, ("StatusCallbackEvent", "x")], 21626),
        ],
    )
    .await;
    assert_eq!(world.fake.effects(FakeRoute::PlaceCall), 0);
    let dialled = [TO, FROM, TWIML, ("SendDigits", "ww1928#*")];
    assert_eq!(world.post(AS_GAINING, &path, &dialled).await.status, 201);
}

#[tokio::test]
async fn a_message_that_cannot_be_is_refused() {
    let world = world().await;
    let path = under(GAINING, "/Messages.json");
    let through = ("MessagingServiceSid", SERVICE);
    let eleven = [vec![TO, FROM], vec![("MediaUrl", "https://x.test/a"); 11]].concat();
    world.fake.fill_service(SERVICE, 1);
    let filler = ("To", "+19895550000");
    refused(
        &world,
        &path,
        &[
            (&[("To", "+1415555"), FROM, BODY], 21211),
            (&[("To", FROM.1), FROM, BODY], 21211),
            // The only number of the pool is the receiver.
            (&[filler, through, BODY], 21211),
            (&[TO, through], 21619),
            (&[TO, FROM], 21602),
            (&[TO, FROM, ("MediaUrl", "nothing")], 21620),
            (&eleven, 21623),
            (&[TO, FROM, BODY, ("ValidityPeriod", "36001")], 21624),
        ],
    )
    .await;
    assert_eq!(world.fake.effects(FakeRoute::SendMessage), 0);
}

#[tokio::test]
async fn a_number_takes_no_setting_that_cannot_work() {
    let world = world().await;
    let path = number_path(&world, GAINING);
    let url = "https://x.test/a";
    refused(
        &world,
        &path,
        &[
            (&[("VoiceUrl", "nothing")], 21402),
            (&[("SmsUrl", "ftp://x.test/a")], 21402),
            (&[("StatusCallback", "/relative")], 21402),
            (&[("VoiceMethod", "PUT")], 21403),
            (&[("VoiceFallbackUrl", url)], 21405),
            (&[("SmsFallbackUrl", url)], 21406),
            (&[("VoiceFallbackUrl", url), ("VoiceUrl", "")], 21405),
        ],
    )
    .await;
    assert_eq!(world.fake.effects(FakeRoute::UpdateNumber), 0);
    let both = [("VoiceFallbackUrl", url), ("VoiceUrl", url)];
    assert_eq!(world.post(AS_GAINING, &path, &both).await.status, 200);
    // The first URL is set already.
    let again = [("VoiceFallbackUrl", "https://x.test/b")];
    assert_eq!(world.post(AS_GAINING, &path, &again).await.status, 200);
    // But a move forgets it.
    let moved = [("AccountSid", SIBLING), again[0]];
    let moved = world.post(AS_OWNER, &path, &moved).await;
    assert_eq!(moved.code(), (400, 21405));
    assert_eq!(world.fake.owner_of(number(0)).as_deref(), Some(GAINING));
}

#[tokio::test]
async fn a_trial_account_reaches_its_own_numbers_only_and_takes_none() {
    let world = world().await;
    let trial = |sid, token| FakeAccount::new(sid).token(token).parent(OWNER).trial();
    world.fake.add_account(trial(GAINING, AS_GAINING.1));
    world.fake.add_number(number(1), GAINING);
    let calls = under(GAINING, "/Calls.json");
    let messages = under(GAINING, "/Messages.json");
    refused(&world, &calls, &[(&[TO, FROM, TWIML], 21219)]).await;
    refused(&world, &messages, &[(&[TO, FROM, BODY], 21608)]).await;
    let own = String::from(number(1));
    for (path, what) in [(&calls, TWIML), (&messages, BODY)] {
        let form = [("To", own.as_str()), FROM, what];
        assert_eq!(world.post(AS_GAINING, path, &form).await.status, 201);
    }

    world.fake.add_account(trial(SIBLING, "sibling-token"));
    let path = number_path(&world, GAINING);
    let moved = world
        .post(AS_OWNER, &path, &[("AccountSid", SIBLING)])
        .await;
    assert_eq!(moved.code(), (400, 10002));
    assert_eq!(world.fake.owner_of(number(0)).as_deref(), Some(GAINING));
}

#[tokio::test]
async fn only_the_parents_token_moves_numbers() {
    let world = World::new().await;
    world.fake.add_number(number(0), OWNER);
    let key = ("SK000000000000000000000000000000b0", "main");
    let owner = FakeAccount::new(OWNER).token(AS_OWNER.1);
    world.fake.add_account(owner.main_key(key.0, key.1));
    let path = number_path(&world, OWNER);
    let form = [("AccountSid", GAINING)];
    assert_eq!(world.post(key, &path, &form).await.code(), (400, 21474));
    assert_eq!(world.post(AS_OWNER, &path, &form).await.status, 200);
}

#[tokio::test]
async fn an_account_whose_parent_is_not_active_only_looks() {
    let world = world().await;
    let member = world.fake.add_number(number(1), GAINING);
    let pool = format!("/v1/Services/{SERVICE}/PhoneNumbers");
    let join = [("PhoneNumberSid", member.as_str())];
    assert_eq!(world.post(AS_GAINING, &pool, &join).await.status, 201);
    let calls = under(GAINING, "/Calls.json");
    for account in [OWNER, GAINING] {
        world.fake.set_account_status(account, "suspended");
        assert_eq!(world.get(AS_GAINING, &calls).await.status, 200);
        let call = world.post(AS_GAINING, &calls, &[TO, FROM, TWIML]).await;
        assert_eq!(call.code(), (403, 20005), "{account}");
        let leave = world.delete(AS_GAINING, &format!("{pool}/{member}")).await;
        assert_eq!(leave.code(), (403, 20005), "{account}");
        world.fake.set_account_status(account, "active");
    }
}

#[tokio::test]
async fn a_page_needs_the_token_it_was_linked_with() {
    let world = World::new().await;
    for index in 0..7 {
        world.fake.add_number(number(index), GAINING);
        world.fake.add_number(number(10 + index), LOSING);
    }
    let list = |query: &str| under(GAINING, &format!("/IncomingPhoneNumbers.json{query}"));
    let first = world.get(AS_GAINING, &list("?PageSize=3")).await.json();
    let next = first["next_page_uri"].as_str().unwrap().to_owned();
    assert_eq!(world.get(AS_GAINING, &next).await.status, 200);
    let (_, token) = next.split_once("PageToken=").unwrap();

    let forged = format!("PA{:032x}", 1);
    assert_ne!(token, forged);
    let elsewhere = next.replace(GAINING, LOSING);
    let filtered = format!("{next}&Origin=twilio");
    for (who, path, code) in [
        (AS_GAINING, list("?PageSize=3&Page=2"), 20001),
        (AS_GAINING, list("?PageSize=3&Page=1&PageToken="), 21481),
        (AS_GAINING, next.replace(token, &forged), 21481),
        (AS_GAINING, filtered, 21481),
        (AS_LOSING, elsewhere, 21481),
    ] {
        assert_eq!(world.get(who, &path).await.code(), (400, code), "{path}");
    }
    // The token says which page it is: its number is the client's own affair.
    for path in [
        list(&format!("?PageToken={token}&PageSize=3")),
        next.replace("Page=1", "Page=7"),
    ] {
        let page = world.get(AS_GAINING, &path).await.json();
        assert_eq!(
            (&page["start"], &page["end"]),
            (&json!(3), &json!(5)),
            "{path}"
        );
    }
    for size in ["0", "-1", "+5", "5.0", "", "1e2"] {
        let path = list(&format!("?PageSize={}", size.replace('+', "%2B")));
        assert_eq!(world.get(AS_GAINING, &path).await.code(), (400, 20001));
    }
    for size in ["1001", "99999999999"] {
        let path = list(&format!("?PageSize={size}"));
        assert_eq!(world.get(AS_GAINING, &path).await.code(), (400, 20007));
    }
}

#[tokio::test]
async fn a_time_is_written_as_published_and_ends_after_it_begins() {
    let world = World::new().await;
    let alerts = |query: &str| format!("/v1/Alerts?{query}");
    for query in [
        "StartDate=2026-11-02&EndDate=2026-11-01",
        "StartDate=2026-11-02T10:00:01Z&EndDate=2026-11-02T10:00:00Z",
        "StartDate=2026-11-1",
        "StartDate=2026-11-31",
        "StartDate=%2B2026-11-01",
        "StartDate=2026-11-02T10:00:00",
        "StartDate=2026-11-02T10:00:00.5Z",
        "StartDate=2026-11-02T10:00:00%2B01:00",
        "EndDate=2026-11-02%2010:00:00Z",
        "EndDate=",
    ] {
        let got = world.get(AS_GAINING, &alerts(query)).await;
        assert_eq!(got.code(), (400, 20001), "{query}");
    }
    for query in [
        "StartDate=2026-11-02&EndDate=2026-11-02",
        "StartDate=2026-11-02T10:00:00Z&EndDate=2026-11-02",
        "StartDate=2026-11-02T10:00:00Z&EndDate=2026-11-02T10:00:00Z",
    ] {
        assert_eq!(world.get(AS_GAINING, &alerts(query)).await.status, 200);
    }
}

#[tokio::test]
async fn portability_knows_what_a_number_is_and_whose_credentials_are_whose() {
    let world = World::new().await;
    for text in ["%2B1415555", "%2B165055501990", "%2B99912345678", "abc"] {
        let path = format!("/v1/Porting/Portability/PhoneNumber/{text}");
        let got = world.get(AS_GAINING, &path).await;
        assert_eq!(got.status, 400, "{text}: {}", got.text);
        assert_eq!(got.json()["not_portable_reason_code"], 22102, "{text}");
    }
    // What is there is there, whatever the plan.
    let odd = PhoneNumber::from_e164("+1415555").unwrap();
    let path = "/v1/Porting/Portability/PhoneNumber/%2B1415555";
    world.fake.portability_says(odd, 22133);
    let told = world.get(AS_GAINING, path).await.json();
    assert_eq!(told["not_portable_reason_code"], 22133);
    world.fake.portability_tells_the_truth(odd);
    world.fake.add_number(odd, LOSING);
    let there = world.get(AS_GAINING, path).await.json();
    assert_eq!(there["not_portable_reason_code"], 22132);

    // Nobody's credentials reach another account, nor a parent's where a product is asked.
    let sibling = (SIBLING, "sibling-token");
    let pool = format!("/v1/Services/{SERVICE}/PhoneNumbers");
    let numbers = under(GAINING, "/IncomingPhoneNumbers.json");
    let target = "/v1/Porting/Portability/PhoneNumber/%2B14155550100?TargetAccountSid=";
    for (who, path, code) in [
        (AS_KEY, under(SIBLING, "/Calls.json"), (401, 20003)),
        (AS_KEY, under(OWNER, "/Messages.json"), (401, 20003)),
        (sibling, numbers, (401, 20003)),
        (AS_KEY, format!("{target}{SIBLING}"), (401, 20003)),
        (sibling, pool.clone(), (404, 20404)),
        (AS_OWNER, pool, (401, 20003)),
    ] {
        assert_eq!(world.get(who, &path).await.code(), code, "{path}");
    }
    world
        .fake
        .add_account(FakeAccount::new(SIBLING).key("SK000000000000000000000000000000b2", "other"));
    let crossed = ("SK000000000000000000000000000000b2", AS_KEY.1);
    assert_eq!(
        world
            .get(crossed, &under(SIBLING, "/Calls.json"))
            .await
            .code(),
        (401, 20003)
    );
}

#[tokio::test]
async fn a_request_is_taken_in_one_form_only() {
    let world = world().await;
    let path = number_path(&world, GAINING);
    let doubled = format!("/{path}");
    assert_eq!(world.get(AS_GAINING, &doubled).await.code(), (404, 20404));
    let member = format!(
        "/v1/Services/{SERVICE}/PhoneNumbers/{}",
        world.fake.sid_of(number(0)).unwrap()
    );
    let leave = world
        .delete(AS_GAINING, &format!("{member}?Force=true"))
        .await;
    assert_eq!(leave.code(), (400, 20001));
    for method in ["POST", "PUT", "PATCH", "OPTIONS"] {
        let request = world.request(method, AS_GAINING, "/v1/Alerts");
        assert_eq!(
            world.send(request).await.unwrap().code(),
            (405, 20004),
            "{method}"
        );
    }
    let ask = async |body: Value| -> Got {
        let request = world.request("POST", AS_GAINING, "/v1/HostedNumber/Eligibility");
        let request = request.header("content-type", "application/json");
        world.send(request.body(body.to_string())).await.unwrap()
    };
    let number = String::from(number(0));
    let typo = json!({ "phone_numbers": [number], "phone_number": number });
    assert_eq!(ask(typo).await.code(), (400, 20001));
    assert_eq!(ask(json!({ "phone_numbers": [number] })).await.status, 200);
    let short = ask(json!({ "phone_numbers": ["+1415555"] })).await.json();
    assert_eq!(short["results"][0]["eligibility_status"], "INELIGIBLE");
}
