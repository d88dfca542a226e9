//! Fields nobody documents: they are kept, and what is documented is not among them.

use serde_json::json;
use snap_port::testing::FakeRoute;
use snap_port::twilio::{
    AccountSid, CallSid, MessageSid, NumberSid, ServiceSid, TrafficFilter, TwilioClient,
    UnknownFields,
};

use super::other::{client_of, sid, us};
use super::scripted::{Scripted, reply};
use super::world::World;

/// Everything that keeps unknown fields, as one account of one number, service, call and text shows
/// it.
async fn kept(client: &TwilioClient, of: &Whose) -> Vec<UnknownFields> {
    let ours = &of.account;
    let all = TrafficFilter::new();
    let mut kept = vec![client.account(ours).await.unwrap().unknown];
    let accounts = client.accounts(ours).await.unwrap();
    kept.extend(accounts.into_iter().map(|row| row.unknown));
    kept.push(client.number(ours, &of.number).await.unwrap().unknown);
    let numbers = client.numbers(ours).await.unwrap();
    kept.extend(numbers.into_iter().map(|row| row.unknown));
    kept.push(client.call(ours, &of.call).await.unwrap().unknown);
    let calls = client.calls(ours, &all).await.unwrap();
    kept.extend(calls.into_iter().map(|row| row.unknown));
    kept.push(client.message(ours, &of.message).await.unwrap().unknown);
    let messages = client.messages(ours, &all).await.unwrap();
    kept.extend(messages.into_iter().map(|row| row.unknown));
    let member = client
        .service_number(ours, &of.service, &of.number)
        .await
        .unwrap();
    kept.push(member.unwrap().unknown);
    let members = client.service_numbers(ours, &of.service).await.unwrap();
    kept.extend(members.into_iter().map(|row| row.unknown));
    let campaigns = client.campaigns(ours, &of.service).await.unwrap();
    kept.extend(campaigns.into_iter().map(|row| row.unknown));
    kept
}

struct Whose {
    account: AccountSid,
    number: NumberSid,
    service: ServiceSid,
    call: CallSid,
    message: MessageSid,
}

#[tokio::test]
async fn a_field_nobody_documents_is_kept() {
    let of = Whose {
        account: us(),
        number: NumberSid::parse(&sid("PN", 1)).unwrap(),
        service: ServiceSid::parse(&sid("MG", 1)).unwrap(),
        call: CallSid::parse(&sid("CA", 1)).unwrap(),
        message: MessageSid::parse(&sid("SM", 1)).unwrap(),
    };
    // In the order they are asked for; each is a row and a page with that row.
    let answers = [
        (of.account.as_str(), "accounts"),
        (of.number.as_str(), "incoming_phone_numbers"),
        (of.call.as_str(), "calls"),
        (of.message.as_str(), "messages"),
        (of.number.as_str(), "phone_numbers"),
        ("QE1", "compliance"),
    ]
    .map(|(sid, key)| {
        let row = json!({
            "sid": sid, "account_sid": us().as_str(), "phone_number": "+14155550100",
            "lock_reason": "port-out lock", "auth_token": "canary", "future_secret": "canary"
        });
        let mut answer = row.clone();
        answer[key] = json!([row]);
        reply(200, &[], &answer.to_string())
    });
    let twice = answers
        .into_iter()
        .flat_map(|answer| [answer.clone(), answer]);
    let client = client_of(&Scripted::start(twice).await);
    let kept = kept(&client, &of).await;
    assert_eq!(kept.len(), 11);
    for fields in kept {
        assert_eq!(fields.get("lock_reason"), Some("port-out lock"));
        assert!(
            fields.iter().all(|(_, value)| value != "canary"),
            "{fields:?}"
        );
    }
}

#[tokio::test]
async fn what_twilio_documents_is_not_unknown() {
    let world = World::new().await;
    let join = world.call_on(&world.client, FakeRoute::JoinService).await;
    join.unwrap();
    let of = Whose {
        account: world.sub.clone(),
        number: world.sid.clone(),
        service: world.service.clone(),
        call: world.call.clone(),
        message: world.message.clone(),
    };
    let kept = kept(&world.client, &of).await;
    assert!(kept.len() > 10, "{kept:?}");
    for fields in kept {
        assert!(fields.is_empty(), "{fields:?}");
    }
}
