//! Answers about another thing than was asked about, as a cache or a proxy in between mixes them up.

use serde_json::{Value, json};
use snap_port::testing::{VirtualClock, sample};
use snap_port::twilio::{
    AccountSid, BaseUrls, CallSid, CampaignStatus, Credentials, MessageSid, NewCall, NewMessage,
    NumberMove, NumberSid, NumberUpdate, ServiceSid, StaticCredentials, TrafficFilter,
    TwilioClient, TwilioError,
};
use snap_port::{CarrierErrorKind, PhoneNumber};

use super::scripted::{Scripted, reply};
use super::world::phone;

const US: &str = "AC0123456789abcdef0123456789abcdef";
const US_IN_CAPITALS: &str = "AC0123456789ABCDEF0123456789ABCDEF";
pub(super) const THEM: &str = "ACfedcba9876543210fedcba9876543210";

pub(super) fn sid(prefix: &str, nth: u32) -> String {
    format!("{prefix}{nth:032x}")
}

pub(super) fn us() -> AccountSid {
    AccountSid::parse(US).unwrap()
}

fn number_sid() -> NumberSid {
    NumberSid::parse(&sid("PN", 1)).unwrap()
}

fn service() -> ServiceSid {
    ServiceSid::parse(&sid("MG", 1)).unwrap()
}

pub(super) fn ends() -> (PhoneNumber, PhoneNumber) {
    (phone("+14155550100"), phone("+14155550199"))
}

/// A client of a server that answers everything with this.
pub(super) async fn told(body: &Value) -> TwilioClient {
    client_of(&Scripted::start([reply(200, &[], &body.to_string())]).await)
}

pub(super) fn client_of(server: &Scripted) -> TwilioClient {
    let credentials = StaticCredentials::new().with(us(), Credentials::auth_token(us(), "token"));
    TwilioClient::builder(credentials)
        .base_urls(BaseUrls::all(&server.url).unwrap())
        .timer(VirtualClock::at(sample::time()))
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_row_that_cannot_be_read_hides_no_other_number() {
    let row = json!({"sid": sid("PN", 1), "account_sid": US, "phone_number": "+14155550100"});
    let odd = [
        json!({"sid": sid("PN", 2), "account_sid": US, "phone_number": null}),
        json!({"sid": "odd", "account_sid": US, "phone_number": "+14155550101"}),
        json!({"sid": sid("PN", 4), "phone_number": "+14155550102"}),
        json!("+14155550103"),
        json!(null),
    ];
    for odd in &odd {
        let client = told(&json!({"incoming_phone_numbers": [odd, row, odd]})).await;
        let held = client.numbers(&us()).await.unwrap();
        assert_eq!(held.len(), 1, "{odd}");
        assert!(client.find_number(&us(), ends().0).await.unwrap().is_some());
    }
    // An account that cannot be read is not an empty one.
    let client = told(&json!({"incoming_phone_numbers": odd})).await;
    let error = client.numbers(&us()).await.unwrap_err();
    assert_eq!(error.kind(), CarrierErrorKind::Protocol);
    let error = client.find_number(&us(), ends().0).await.unwrap_err();
    assert_eq!(error.kind(), CarrierErrorKind::Protocol);
    let client = told(&json!({"incoming_phone_numbers": []})).await;
    assert_eq!(client.numbers(&us()).await.unwrap(), []);
}

/// `whole` with `field` changed, or left out.
fn with(whole: &Value, field: &str, value: Value) -> Value {
    let mut changed = whole.clone();
    match value {
        Value::Null => drop(changed.as_object_mut().unwrap().remove(field)),
        value => changed[field] = value,
    }
    changed
}

/// It says which of the two is which, and shows no account.
fn is_of_another(error: TwilioError, what: &str) {
    assert_eq!(error.kind(), CarrierErrorKind::Protocol, "{error}");
    let shown = format!("{error} {error:?}");
    assert!(
        shown.contains(&format!("the answer is of {what} ")),
        "{shown}"
    );
    assert!(!shown.contains(US) && !shown.contains(THEM), "{shown}");
}

fn number_row() -> Value {
    json!({"sid": sid("PN", 1), "account_sid": US, "phone_number": "+14155550100"})
}

#[tokio::test]
async fn another_account_is_not_the_one_asked_about() {
    for same in [US, US_IN_CAPITALS] {
        let account = told(&json!({"sid": same})).await.account(&us()).await;
        assert!(account.is_ok(), "{account:?}");
    }
    let other = told(&json!({"sid": THEM})).await.account(&us()).await;
    let error = other.unwrap_err();
    let said = error.to_string();
    assert!(
        said.contains("account AC…3210, and AC…cdef was asked about"),
        "{said}"
    );
    is_of_another(error, "account");
}

#[tokio::test]
async fn a_number_of_another_account_is_in_no_list_of_this_one() {
    let theirs = with(&number_row(), "account_sid", json!(THEM));
    let ours = with(&number_row(), "account_sid", json!(US_IN_CAPITALS));
    let client = told(&json!({"incoming_phone_numbers": [theirs, ours]})).await;
    assert_eq!(client.numbers(&us()).await.unwrap().len(), 1);
    let number = phone("+14155550100");
    let found = client.find_number(&us(), number).await.unwrap().unwrap();
    assert_eq!(found.account.as_str(), US_IN_CAPITALS);
    let client = told(&json!({"incoming_phone_numbers": [theirs]})).await;
    assert_eq!(client.find_number(&us(), number).await.unwrap(), None);
}

#[tokio::test]
async fn another_number_is_not_the_one_asked_about() {
    let update = NumberUpdate::new().friendly_name("Front desk");
    for same in [
        number_row(),
        with(&number_row(), "account_sid", json!(US_IN_CAPITALS)),
    ] {
        let client = told(&same).await;
        assert!(client.number(&us(), &number_sid()).await.is_ok());
        let updated = client.update_number(&us(), &number_sid(), &update).await;
        assert!(updated.is_ok(), "{updated:?}");
    }
    for (field, value, what) in [
        ("account_sid", THEM.to_owned(), "account"),
        ("sid", sid("PN", 2), "number"),
    ] {
        let client = told(&with(&number_row(), field, json!(value))).await;
        let read = client.number(&us(), &number_sid()).await.unwrap_err();
        assert!(!read.outcome_unknown());
        is_of_another(read, what);
        let updated = client.update_number(&us(), &number_sid(), &update).await;
        let updated = updated.unwrap_err();
        assert!(updated.outcome_unknown(), "it may have been changed");
        is_of_another(updated, what);
    }
}

#[tokio::test]
async fn a_number_that_moved_is_in_the_account_it_moved_to() {
    let them = AccountSid::parse(THEM).unwrap();
    let ask = NumberMove::new(us(), us(), number_sid(), them);
    let moved = with(&number_row(), "account_sid", json!(THEM));
    for there in [moved.clone(), with(&moved, "sid", json!(sid("PN", 2)))] {
        let moved = told(&there).await.move_number(&ask).await;
        assert!(moved.is_ok(), "{moved:?}");
    }
    let error = told(&number_row()).await.move_number(&ask).await;
    let error = error.unwrap_err();
    assert!(error.outcome_unknown(), "it may have moved");
    is_of_another(error, "account");
}

#[tokio::test]
async fn another_member_is_not_the_one_asked_about() {
    let row = json!({"sid": sid("PN", 1), "account_sid": US, "service_sid": sid("MG", 1)});
    let others = [
        ("account_sid", THEM.to_owned(), "account"),
        ("service_sid", sid("MG", 2), "service"),
        ("sid", sid("PN", 2), "number"),
    ];
    for same in [
        row.clone(),
        json!({"sid": sid("PN", 1)}),
        with(&row, "account_sid", json!(US_IN_CAPITALS)),
    ] {
        let client = told(&same).await;
        let member = client
            .service_number(&us(), &service(), &number_sid())
            .await;
        assert!(matches!(member, Ok(Some(_))), "{member:?}");
        let client = told(&json!({"phone_numbers": [same]})).await;
        let members = client.service_numbers(&us(), &service()).await.unwrap();
        assert_eq!(members.len(), 1);
    }
    for (field, value, what) in others {
        let other = with(&row, field, json!(value));
        let client = told(&other).await;
        let member = client
            .service_number(&us(), &service(), &number_sid())
            .await;
        is_of_another(member.unwrap_err(), what);
        let client = told(&json!({"phone_numbers": [row, other]})).await;
        let members = client.service_numbers(&us(), &service()).await.unwrap();
        let expected = if what == "number" { 2 } else { 1 };
        assert_eq!(members.len(), expected, "{what}");
    }
}

#[tokio::test]
async fn the_campaign_of_another_service_verifies_nothing_here() {
    let row = json!({"sid": sid("QE", 1), "account_sid": US, "campaign_status": "PENDING",
        "messaging_service_sid": sid("MG", 1)});
    let verified = with(&row, "campaign_status", json!("VERIFIED"));
    let rows = [
        with(&verified, "account_sid", json!(THEM)),
        with(&verified, "messaging_service_sid", json!(sid("MG", 2))),
        with(&verified, "messaging_service_sid", json!("none")),
        row.clone(),
        json!({"campaign_status": "PENDING"}),
    ];
    let client = told(&json!({"compliance": rows})).await;
    let campaigns = client.campaigns(&us(), &service()).await.unwrap();
    let status: Vec<_> = campaigns.into_iter().map(|row| row.status).collect();
    assert_eq!(status, [CampaignStatus::Pending, CampaignStatus::Pending]);
}

#[tokio::test]
async fn another_call_is_not_the_one_asked_about() {
    let (from, to) = ends();
    let call = CallSid::parse(&sid("CA", 1)).unwrap();
    let new = NewCall::new(from, to, "<Response/>");
    let row = json!({"sid": call.as_str(), "account_sid": US, "status": "completed",
        "from": from.as_str(), "to": to.as_str()});
    for same in [row.clone(), json!({"sid": call.as_str()})] {
        let client = told(&same).await;
        assert!(client.call(&us(), &call).await.is_ok());
        assert!(client.place_call(&us(), &new).await.is_ok());
    }
    let other = told(&with(&row, "sid", json!(sid("CA", 2)))).await;
    is_of_another(other.call(&us(), &call).await.unwrap_err(), "call");
    let other = told(&with(&row, "account_sid", json!(THEM))).await;
    is_of_another(other.call(&us(), &call).await.unwrap_err(), "account");
    for (field, what) in [("from", "a caller"), ("to", "a callee")] {
        let other = told(&with(&row, field, json!("+14155550111"))).await;
        let error = other.place_call(&us(), &new).await.unwrap_err();
        assert!(error.outcome_unknown(), "it may have been placed");
        is_of_another(error, what);
    }
}

#[tokio::test]
async fn another_message_is_not_the_one_asked_about() {
    let (from, to) = ends();
    let message = MessageSid::parse(&sid("SM", 1)).unwrap();
    let new = NewMessage::new(from, to, "hello");
    let row = json!({"sid": message.as_str(), "account_sid": US, "status": "delivered",
        "from": from.as_str(), "to": to.as_str()});
    for same in [row.clone(), json!({"sid": message.as_str()})] {
        let client = told(&same).await;
        assert!(client.message(&us(), &message).await.is_ok());
        assert!(client.send_message(&us(), &new).await.is_ok());
    }
    let other = told(&with(&row, "sid", json!(sid("SM", 2)))).await;
    let error = other.message(&us(), &message).await.unwrap_err();
    is_of_another(error, "message");
    let other = told(&with(&row, "account_sid", json!(THEM))).await;
    let error = other.message(&us(), &message).await.unwrap_err();
    is_of_another(error, "account");
    for (field, what) in [("from", "a sender"), ("to", "a recipient")] {
        let other = told(&with(&row, field, json!("+14155550111"))).await;
        let error = other.send_message(&us(), &new).await.unwrap_err();
        assert!(error.outcome_unknown(), "it may have been sent");
        is_of_another(error, what);
    }
}

#[tokio::test]
async fn what_was_not_asked_for_is_in_no_list_of_traffic() {
    let (from, to) = ends();
    let row = |prefix: &str| {
        json!({"sid": sid(prefix, 1), "account_sid": US, "from": from.as_str(),
            "to": to.as_str()})
    };
    let rows = |prefix: &str| {
        let row = row(prefix);
        json!([
            with(&row, "from", json!("+14155550111")),
            with(&row, "from", json!("client:front-desk")),
            with(&row, "from", Value::Null),
            with(&row, "to", json!("+14155550111")),
            with(&row, "to", json!("whatsapp:+14155550199")),
            with(&row, "to", Value::Null),
            with(&row, "account_sid", json!(THEM)),
            row,
        ])
    };
    let calls = told(&json!({"calls": rows("CA")})).await;
    let messages = told(&json!({"messages": rows("SM")})).await;
    let any = TrafficFilter::new;
    for (filter, expected) in [
        (any(), 7),
        (any().from(from), 4),
        (any().to(to), 4),
        (any().from(from).to(to), 1),
    ] {
        let listed = calls.calls(&us(), &filter).await.unwrap();
        assert_eq!(listed.len(), expected, "{filter:?}");
        let listed = messages.messages(&us(), &filter).await.unwrap();
        assert_eq!(listed.len(), expected, "{filter:?}");
    }
}

#[tokio::test]
async fn portability_is_of_the_number_asked_about() {
    let body = |number: &str| json!({"phone_number": number, "portable": true});
    let (number, _) = ends();
    let client = told(&body("+14155550100")).await;
    assert!(client.portability(number, &us()).await.is_ok());
    let client = told(&body("+14155550101")).await;
    let error = client.portability(number, &us()).await.unwrap_err();
    is_of_another(error, "number");
}

#[tokio::test]
async fn a_list_is_not_cut_short_where_its_next_page_cannot_be_read() {
    for (end, is_end) in [
        (json!({}), true),
        (json!({"next_page_uri": null}), true),
        (json!({"next_page_uri": ""}), true),
        (json!({"meta": {"next_page_url": null}}), true),
        (json!({"next_page_uri": 2}), false),
        (json!({"next_page_uri": {"href": "/x"}}), false),
        (json!({"next_page_uri": " "}), false),
        (json!({"meta": {"next_page_url": false}}), false),
        (json!({"meta": "/x"}), false),
    ] {
        let page = with(&end, "incoming_phone_numbers", json!([number_row()]));
        let numbers = told(&page).await.numbers(&us()).await;
        match numbers {
            Ok(numbers) => assert!(is_end && numbers.len() == 1, "{page}"),
            Err(error) => {
                assert!(!is_end, "{page}");
                assert_eq!(error.kind(), CarrierErrorKind::Protocol);
                assert!(error.to_string().contains("next page"), "{error}");
            }
        }
    }
}
