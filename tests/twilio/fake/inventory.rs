use serde_json::{Value, json};

use super::{AS_GAINING, GAINING, LOSING, World, number, under};
use snap_port::PhoneNumber;

fn list(query: &str) -> String {
    under(GAINING, &format!("/IncomingPhoneNumbers.json{query}"))
}

fn numbers(page: &Value) -> Vec<&str> {
    let numbers = page["incoming_phone_numbers"].as_array().unwrap();
    numbers
        .iter()
        .map(|number| number["phone_number"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn pages_lead_to_each_other_by_relative_links() {
    let world = World::new().await;
    for index in 0..7 {
        world.fake.add_number(number(index), GAINING);
    }
    world.fake.add_number(number(7), LOSING);
    let mut next = Some(list("?PageSize=3"));
    let mut seen = Vec::new();
    let mut last = Value::Null;
    while let Some(path) = next {
        let page = world.get(AS_GAINING, &path).await.json();
        seen.extend(numbers(&page).into_iter().map(str::to_owned));
        next = page["next_page_uri"].as_str().map(str::to_owned);
        assert!(
            next.as_ref()
                .is_none_or(|next| next.starts_with("/2010-04-01/"))
        );
        assert!(page["uri"].as_str().unwrap().contains("PageSize=3"));
        last = page;
    }
    let all: Vec<String> = (0..7).map(|index| number(index).into()).collect();
    assert_eq!(seen, all);

    assert_eq!((&last["start"], &last["end"]), (&json!(6), &json!(6)));
    assert_eq!(last["next_page_uri"], Value::Null);
    assert_eq!(last["first_page_uri"], list("?PageSize=3&Page=0"));
    let before = last["previous_page_uri"].as_str().unwrap();
    let before = world.get(AS_GAINING, before).await.json();
    assert_eq!((&before["start"], &before["page"]), (&json!(3), &json!(1)));
    assert_eq!(
        world.get(AS_GAINING, &list("?PageSize=1001")).await.code(),
        (400, 20007)
    );
    assert_eq!(
        world.get(AS_GAINING, &list("?PageSize=x")).await.code(),
        (400, 20001)
    );

    world.fake.page_limit(2);
    let small = world.get(AS_GAINING, &list("?PageSize=1000")).await.json();
    assert_eq!((numbers(&small).len(), &small["page_size"]), (2, &json!(2)));
}

#[tokio::test]
async fn the_number_filter_is_a_part_of_a_number() {
    let world = World::new().await;
    let longer = PhoneNumber::from_e164("+141555501001").unwrap();
    world.fake.add_number(number(0), GAINING);
    world.fake.add_number(longer, GAINING);
    world.fake.add_hosted_number(number(1), GAINING);
    for (query, expected) in [
        (
            "?PhoneNumber=%2B14155550100",
            vec!["+14155550100", "+141555501001"],
        ),
        ("?PhoneNumber=5550101", vec!["+14155550101"]),
        (
            "?PhoneNumber=%2B1415555010*",
            vec!["+14155550100", "+141555501001", "+14155550101"],
        ),
        ("?PhoneNumber=+14155550100", vec![]),
        ("?Origin=hosted", vec!["+14155550101"]),
        ("?FriendlyName=%2B14155550100", vec!["+14155550100"]),
    ] {
        let page = world.get(AS_GAINING, &list(query)).await.json();
        assert_eq!(numbers(&page), expected, "{query}");
    }
    assert_eq!(
        world.get(AS_GAINING, &list("?Origin=x")).await.code(),
        (400, 20001)
    );
}

#[tokio::test]
async fn a_number_is_shown_and_set_as_twilio_does() {
    let world = World::new().await;
    let sid = world.fake.add_number(number(0), GAINING);
    let path = under(GAINING, &format!("/IncomingPhoneNumbers/{sid}.json"));
    let shown = world.get(AS_GAINING, &path).await.json();
    assert_eq!(shown["sid"], sid);
    assert_eq!(shown["account_sid"], GAINING);
    assert_eq!(shown["date_created"], "Mon, 02 Nov 2026 15:00:00 +0000");
    assert_eq!(shown["capabilities"]["sms"], true);
    assert_eq!(
        (&shown["origin"], &shown["status"]),
        (&json!("twilio"), &json!("in-use"))
    );
    assert_eq!(shown["voice_url"], Value::Null);
    assert_eq!(shown["friendly_name"], "+14155550100");

    world.pass(60);
    let update = [
        ("FriendlyName", "Front desk"),
        ("VoiceUrl", "https://example.com/voice"),
        ("SmsMethod", "GET"),
        ("VoiceCallerIdLookup", "true"),
    ];
    let set = world.post(AS_GAINING, &path, &update).await;
    assert_eq!(set.status, 200);
    assert_eq!(set.json(), world.get(AS_GAINING, &path).await.json());
    assert_eq!(set.json()["friendly_name"], "Front desk");
    assert_eq!(set.json()["voice_url"], "https://example.com/voice");
    assert_eq!(set.json()["sms_method"], "GET");
    assert_eq!(set.json()["voice_caller_id_lookup"], true);
    assert_eq!(
        set.json()["date_updated"],
        "Mon, 02 Nov 2026 15:01:00 +0000"
    );
    let unset = world
        .post(AS_GAINING, &path, &[("VoiceUrl", "")])
        .await
        .json();
    assert_eq!(unset["voice_url"], Value::Null);

    let long = "x".repeat(65);
    for (name, value, code) in [
        ("FriendlyName", long.as_str(), 20001),
        ("VoiceUrl", "example.com", 21402),
        ("SmsMethod", "PUT", 21403),
        ("TrunkSid", "TK1", 20001),
        ("EmergencyStatus", "active", 20001),
        ("MessagingServiceSid", super::SERVICE, 20001),
    ] {
        let got = world.post(AS_GAINING, &path, &[(name, value)]).await;
        assert_eq!(got.code(), (400, code), "{name}");
    }
    assert_eq!(world.get(AS_GAINING, &path).await.json(), unset);
}
