//! Accounts, numbers and services: what each call sends and reads.

use snap_port::testing::{FakeAccount, FakeRequest, FakeRoute};
use snap_port::twilio::{
    AccountKind, AccountSid, AccountStatus, CallbackMethod, CallbackUrl, CampaignStatus, Joined,
    NumberMove, NumberSid, NumberUpdate, ServiceSid, TwilioCode,
};
use snap_port::{AddressId, CarrierErrorKind};

use super::world::{World, account, phone};

pub(super) fn last(world: &World) -> FakeRequest {
    world.fake.requests().pop().unwrap()
}

pub(super) fn form(request: &FakeRequest) -> Vec<(&str, &str)> {
    let pairs = request.form.iter();
    pairs.map(|(name, value)| (&**name, &**value)).collect()
}

#[tokio::test]
async fn every_call_works_against_a_strict_twilio() {
    for route in FakeRoute::ALL {
        let world = World::new().await;
        if matches!(route, FakeRoute::ServiceNumber | FakeRoute::LeaveService) {
            world
                .call_on(&world.client, FakeRoute::JoinService)
                .await
                .unwrap();
        }
        let asked = world.fake.asked(route);
        let answer = world.call_on(&world.client, route).await;
        assert!(answer.is_ok(), "{route}: {answer:?}");
        assert_eq!(world.fake.asked(route) - asked, 1, "{route}");
    }
}

#[tokio::test]
async fn an_account_is_fetched_and_accounts_are_listed() {
    let world = World::new().await;
    world.fake.page_limit(2);
    let trial = account(9);
    let subaccount = FakeAccount::new(trial.as_str()).parent(world.parent.as_str());
    world
        .fake
        .add_account(subaccount.trial().status("suspended"));

    let sub = world.client.account(&world.sub).await.unwrap();
    assert_eq!((&*sub.friendly_name, &sub.sid), ("Acme", &world.sub));
    assert_eq!(sub.status, AccountStatus::Active);
    assert_eq!(sub.kind, AccountKind::Full);
    assert_eq!(sub.parent(), Some(&world.parent));

    let all = world.client.accounts(&world.parent).await.unwrap();
    let mut sids: Vec<&AccountSid> = all.iter().map(|account| &account.sid).collect();
    sids.sort();
    assert_eq!(sids, [&world.parent, &world.sub, &world.other_sub, &trial]);
    let found = all.iter().find(|account| account.sid == trial).unwrap();
    assert_eq!(found.status, AccountStatus::Suspended);
    assert_eq!(found.kind, AccountKind::Trial);
    assert_eq!(world.fake.asked(FakeRoute::Accounts), 2);
}

#[tokio::test]
async fn numbers_are_listed_from_all_pages_and_found_exactly() {
    let world = World::new().await;
    world.fake.page_limit(3);
    for last in 0..10 {
        let number = phone(&format!("+1415555020{last}"));
        world.fake.add_number(number, world.sub.as_str());
    }
    let numbers = world.client.numbers(&world.sub).await.unwrap();
    assert_eq!(numbers.len(), 11);
    assert_eq!(world.fake.asked(FakeRoute::Numbers), 4);
    let first = &world.fake.requests()[0];
    assert_eq!(first.query, [("PageSize".into(), "1000".into())]);

    // Twilio finds every number that contains what is asked for.
    let part = phone("+1415555");
    assert_eq!(
        world.client.find_number(&world.sub, part).await.unwrap(),
        None
    );
    let found = world.client.find_number(&world.sub, world.number).await;
    let found = found.unwrap().unwrap();
    assert_eq!(found.sid, world.sid);
    assert_eq!(
        (found.number, found.account),
        (Some(world.number), world.sub.clone())
    );
    let one = world.client.number(&world.sub, &world.sid).await.unwrap();
    assert_eq!(one.phone_number, "+14155550100");
    assert!(one.capabilities.voice && one.capabilities.sms);
}

#[tokio::test]
async fn a_number_is_configured_and_what_is_not_named_stays() {
    let world = World::new().await;
    let url = |path: &str| CallbackUrl::parse(&format!("https://example.com/{path}")).unwrap();
    let update = NumberUpdate::new()
        .friendly_name("Front desk, é & co")
        .voice_url(url("voice?a=b&c=d"), CallbackMethod::Post)
        .sms_url(url("sms"), CallbackMethod::Get)
        .status_callback(url("status"), CallbackMethod::Post);
    let number = world
        .client
        .update_number(&world.sub, &world.sid, &update)
        .await
        .unwrap();
    assert_eq!(number.friendly_name.as_deref(), Some("Front desk, é & co"));
    assert_eq!(
        number.voice_url.as_deref(),
        Some("https://example.com/voice?a=b&c=d")
    );
    assert_eq!(number.sms_url.as_deref(), Some("https://example.com/sms"));
    assert!(form(&last(&world)).contains(&("SmsMethod", "GET")));

    let app = format!("AP{:032x}", 1);
    let update = NumberUpdate::new().voice_application_sid(&app);
    let number = world
        .client
        .update_number(&world.sub, &world.sid, &update)
        .await
        .unwrap();
    assert_eq!(number.voice_application_sid, Some(app));
    assert_eq!(number.sms_url.as_deref(), Some("https://example.com/sms"));
    let update = NumberUpdate::new().voice_application_sid("");
    let number = world
        .client
        .update_number(&world.sub, &world.sid, &update)
        .await
        .unwrap();
    assert_eq!(number.voice_application_sid, None);

    let asked = world.fake.asked(FakeRoute::UpdateNumber);
    let empty = NumberUpdate::new();
    let error = world
        .client
        .update_number(&world.sub, &world.sid, &empty)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), CarrierErrorKind::InvalidRequest);
    assert_eq!(world.fake.asked(FakeRoute::UpdateNumber), asked);
}

fn to(world: &World, gaining: &AccountSid) -> NumberMove {
    let (parent, sub) = (world.parent.clone(), world.sub.clone());
    NumberMove::new(parent, sub, world.sid.clone(), gaining.clone())
}

#[tokio::test]
async fn a_number_moves_between_accounts_of_one_owner() {
    let world = World::new().await;
    let moved = world
        .client
        .move_number(&to(&world, &world.other_sub))
        .await
        .unwrap();
    assert_eq!(moved.account, world.other_sub);
    assert_ne!(moved.sid, world.sid, "Twilio promises no SID");
    let request = last(&world);
    assert_eq!(request.account.as_deref(), Some(world.parent.as_str()));
    assert_eq!(form(&request), [("AccountSid", world.other_sub.as_str())]);

    // It is found under the new account only.
    let gone = world
        .client
        .number(&world.sub, &world.sid)
        .await
        .unwrap_err();
    assert_eq!(gone.code(), Some(TwilioCode::NotFound));
    let again = world
        .client
        .move_number(&to(&world, &world.other_sub))
        .await
        .unwrap_err();
    assert_eq!(again.kind(), CarrierErrorKind::NotFound);
}

#[tokio::test]
async fn a_move_twilio_refuses_says_what_to_do() {
    let world = World::new().await;
    let nobody = account(0xdead);
    let closed = account(0xc1);
    let subaccount = FakeAccount::new(closed.as_str()).parent(world.parent.as_str());
    world.fake.add_account(subaccount.status("suspended"));
    for (gaining, code) in [
        (&world.stranger, TwilioCode::TargetAccountNotRelated),
        (&nobody, TwilioCode::NoSuchTargetAccount),
        (&closed, TwilioCode::TargetAccountNotActive),
    ] {
        let error = world
            .client
            .move_number(&to(&world, gaining))
            .await
            .unwrap_err();
        assert_eq!(error.code(), Some(code));
        assert!(error.to_string().contains(code.what_to_do().unwrap()));
        assert!(!error.outcome_unknown());
    }
    let by_sub = NumberMove::new(
        world.sub.clone(),
        world.sub.clone(),
        world.sid.clone(),
        world.other_sub.clone(),
    );
    let error = world.client.move_number(&by_sub).await.unwrap_err();
    assert_eq!(error.code(), Some(TwilioCode::ParentMustMove));

    world.fake.transfer_says(world.number, 21613);
    let error = world
        .client
        .move_number(&to(&world, &world.other_sub))
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some(TwilioCode::AddressRequired));
    let address = AddressId::parse(&format!("AD{:032x}", 1)).unwrap();
    let with_address = to(&world, &world.other_sub).address(address);
    assert!(world.client.move_number(&with_address).await.is_ok());
}

#[tokio::test]
async fn a_number_joins_and_leaves_a_service_and_both_may_be_said_twice() {
    let world = World::new().await;
    let (client, sub, service, sid) = (&world.client, &world.sub, &world.service, &world.sid);
    let there = || client.service_number(sub, service, sid);
    assert_eq!(there().await.unwrap(), None);
    let joined = client.add_to_service(sub, service, sid).await.unwrap();
    assert_eq!(joined, Joined::Added);
    // 409 with 21710, and 200: both mean it is there.
    for rejoining_is_ok in [false, true] {
        world.fake.rejoining_is_ok(rejoining_is_ok);
        let joined = client.add_to_service(sub, service, sid).await.unwrap();
        assert_eq!(joined, Joined::AlreadyThere);
    }
    assert_eq!(there().await.unwrap().unwrap().number, Some(world.number));
    assert_eq!(client.service_numbers(sub, service).await.unwrap().len(), 1);
    for _ in 0..2 {
        client.remove_from_service(sub, service, sid).await.unwrap();
    }
    assert!(
        client
            .service_numbers(sub, service)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_service_that_cannot_take_a_number_says_why() {
    let world = World::new().await;
    let (client, sub, sid) = (&world.client, &world.sub, &world.sid);
    let other = ServiceSid::parse(&format!("MG{:032x}", 6)).unwrap();
    world.fake.add_service(sub.as_str(), other.as_str());
    world.fake.service_limit(3);
    world.fake.fill_service(world.service.as_str(), 3);
    let full = client
        .add_to_service(sub, &world.service, sid)
        .await
        .unwrap_err();
    assert_eq!(full.code(), Some(TwilioCode::ServiceFull));
    client.add_to_service(sub, &other, sid).await.unwrap();
    world.fake.service_limit(400);
    let taken = client
        .add_to_service(sub, &world.service, sid)
        .await
        .unwrap_err();
    assert_eq!(taken.code(), Some(TwilioCode::InAnotherService));

    let mute = phone("+14155550111");
    let mute_sid = NumberSid::parse(&world.fake.add_number(mute, sub.as_str())).unwrap();
    world.fake.without_texts(mute);
    let mute = client
        .add_to_service(sub, &other, &mute_sid)
        .await
        .unwrap_err();
    assert_eq!(mute.code(), Some(TwilioCode::NoMessagingCapability));

    world.fake.page_limit(2);
    let members = client.service_numbers(sub, &world.service).await.unwrap();
    assert_eq!(members.len(), 3);
}

#[tokio::test]
async fn messaging_wants_the_subaccounts_own_credentials() {
    let world = World::new().await;
    let sub_service = ServiceSid::parse(&format!("MG{:032x}", 8)).unwrap();
    world
        .fake
        .add_service(world.other_sub.as_str(), sub_service.as_str());
    // For this subaccount there is only the parent's token.
    let error = world
        .client
        .campaigns(&world.other_sub, &sub_service)
        .await
        .unwrap_err();
    assert_eq!(error.code(), Some(TwilioCode::AuthenticationFailed));
    assert_eq!(error.kind(), CarrierErrorKind::Unauthorized);
}

#[tokio::test]
async fn campaigns_say_where_their_review_stands() {
    let world = World::new().await;
    for (word, status) in [
        ("PENDING", CampaignStatus::Pending),
        ("IN_PROGRESS", CampaignStatus::InProgress),
        ("VERIFIED", CampaignStatus::Verified),
        ("FAILED", CampaignStatus::Failed),
        ("SUSPENDED", CampaignStatus::Other("SUSPENDED".into())),
    ] {
        world.fake.set_campaign(world.service.as_str(), word);
        let campaigns = world
            .client
            .campaigns(&world.sub, &world.service)
            .await
            .unwrap();
        assert_eq!(campaigns.len(), 1);
        assert_eq!(campaigns[0].status, status);
        assert_eq!(campaigns[0].errors.is_empty(), word != "FAILED");
    }
}
