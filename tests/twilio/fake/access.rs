use serde_json::json;
use snap_port::testing::{FakeAccount, FakeTwilio, VirtualClock, sample};

use super::{
    AS_GAINING, AS_KEY, AS_LOSING, AS_OWNER, GAINING, KEY, LOSING, OWNER, SERVICE, SIBLING, World,
    number, under,
};

#[tokio::test]
async fn nobody_comes_in_without_credentials_of_an_account() {
    let world = World::new().await;
    let path = under(GAINING, "/IncomingPhoneNumbers.json");
    let bare = world.http.get(format!("{}{path}", world.fake.url()));
    let got = world.send(bare).await.unwrap();
    assert_eq!(got.code(), (401, 20003));
    assert!(got.headers.contains_key("www-authenticate"));
    assert_eq!(
        got.json()["more_info"],
        "https://www.twilio.com/docs/errors/20003"
    );
    for who in [
        (GAINING, "wrong"),
        ("AC1", "gaining-token"),
        (KEY, "wrong"),
        (SIBLING, ""),
    ] {
        assert_eq!(world.get(who, &path).await.code(), (401, 20003), "{who:?}");
    }
    assert_eq!(world.get(AS_GAINING, &path).await.status, 200);
    assert_eq!(world.get(AS_KEY, &path).await.status, 200);
    let asked: Vec<_> = world
        .fake
        .requests()
        .into_iter()
        .map(|request| request.account)
        .collect();
    let gaining = Some(GAINING.to_owned());
    assert_eq!(
        asked,
        [None, None, None, None, None, gaining.clone(), gaining]
    );
}

#[tokio::test]
async fn a_parents_token_reaches_subaccounts_only_where_twilio_lets_it() {
    let world = World::new().await;
    let numbers = |account| under(account, "/IncomingPhoneNumbers.json");
    assert_eq!(world.get(AS_OWNER, &numbers(GAINING)).await.status, 200);
    for (who, account) in [
        (AS_OWNER, LOSING),
        (AS_GAINING, OWNER),
        (AS_GAINING, SIBLING),
    ] {
        assert_eq!(world.get(who, &numbers(account)).await.code(), (401, 20003));
    }
    let pool = format!("/v1/Services/{SERVICE}/PhoneNumbers");
    assert_eq!(world.get(AS_OWNER, &pool).await.code(), (401, 20003));
    assert_eq!(world.get(AS_LOSING, &pool).await.code(), (404, 20404));
    assert_eq!(world.get(AS_GAINING, &pool).await.status, 200);

    // A key reaches its own account's resources, and the account itself only if it is a main key.
    let main = ("SK000000000000000000000000000000b0", "main");
    let owner = FakeAccount::new(OWNER)
        .token("owner-token")
        .main_key(main.0, main.1);
    world.fake.add_account(owner);
    assert_eq!(
        world
            .get(main, &format!("/2010-04-01/Accounts/{OWNER}.json"))
            .await
            .status,
        200
    );
    assert_eq!(
        world.get(main, &numbers(GAINING)).await.code(),
        (401, 20003)
    );
    let own = format!("/2010-04-01/Accounts/{GAINING}.json");
    assert_eq!(world.get(AS_KEY, &own).await.code(), (401, 20003));
}

#[tokio::test]
async fn accounts_show_themselves_to_their_family() {
    let world = World::new().await;
    world.fake.add_account(
        FakeAccount::new(SIBLING)
            .parent(OWNER)
            .trial()
            .status("suspended"),
    );
    let got = world
        .get(AS_OWNER, &format!("/2010-04-01/Accounts/{SIBLING}.json"))
        .await
        .json();
    assert_eq!(got["owner_account_sid"], OWNER);
    assert_eq!(
        (&got["type"], &got["status"]),
        (&json!("Trial"), &json!("suspended"))
    );
    let stranger = format!("/2010-04-01/Accounts/{LOSING}.json");
    assert_eq!(world.get(AS_OWNER, &stranger).await.code(), (404, 20404));
    assert_eq!(world.get(AS_LOSING, &stranger).await.json()["type"], "Full");

    let all = world
        .get(AS_OWNER, "/2010-04-01/Accounts.json")
        .await
        .json();
    let sids: Vec<_> = all["accounts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|a| &a["sid"])
        .collect();
    assert_eq!(sids, [OWNER, GAINING, SIBLING]);
    let active = world
        .get(AS_OWNER, "/2010-04-01/Accounts.json?Status=active")
        .await
        .json();
    assert_eq!(active["accounts"].as_array().unwrap().len(), 2);
    let wrong = world
        .get(AS_OWNER, "/2010-04-01/Accounts.json?Status=Active")
        .await;
    assert_eq!(wrong.code(), (400, 20001));
}

#[tokio::test]
async fn suspended_accounts_look_and_closed_ones_do_nothing() {
    let world = World::new().await;
    let sid = world.fake.add_number(number(0), GAINING);
    let path = under(GAINING, &format!("/IncomingPhoneNumbers/{sid}.json"));
    assert!(world.fake.set_account_status(GAINING, "suspended"));
    assert_eq!(world.get(AS_GAINING, &path).await.status, 200);
    let update = [("FriendlyName", "x")];
    assert_eq!(
        world.post(AS_GAINING, &path, &update).await.code(),
        (403, 20005)
    );
    assert!(world.fake.set_account_status(GAINING, "closed"));
    assert_eq!(world.get(AS_GAINING, &path).await.code(), (401, 20003));
}

#[tokio::test]
async fn only_the_published_methods_paths_and_types_are_taken() {
    let world = World::new().await;
    let sid = world.fake.add_number(number(0), GAINING);
    let path = under(GAINING, &format!("/IncomingPhoneNumbers/{sid}.json"));
    assert_eq!(world.delete(AS_GAINING, &path).await.code(), (405, 20004));
    let put = world.request("PUT", AS_GAINING, &path);
    assert_eq!(world.send(put).await.unwrap().code(), (405, 20004));
    for nowhere in ["/", "/v1", "/v1/Nothing", "/2010-04-01/Accounts/AC1.json"] {
        assert_eq!(
            world.get(AS_GAINING, nowhere).await.code(),
            (404, 20404),
            "{nowhere}"
        );
    }
    let malformed = path.replace("PN", "PX");
    assert_eq!(world.get(AS_GAINING, &malformed).await.code(), (404, 20404));

    let json = world
        .request("POST", AS_GAINING, &path)
        .header("content-type", "application/json");
    assert_eq!(world.send(json.body("{}")).await.unwrap().status, 415);
    let bare = world
        .request("POST", AS_GAINING, &path)
        .body("FriendlyName=x");
    assert_eq!(world.send(bare).await.unwrap().status, 415);
    let eligibility = world.form(AS_GAINING, "/v1/HostedNumber/Eligibility", &[("a", "b")]);
    assert_eq!(world.send(eligibility).await.unwrap().status, 415);
    let typo = world.post(AS_GAINING, &path, &[("FriendlyNam", "x")]).await;
    assert_eq!(typo.code(), (400, 20001));
    let in_query = world
        .post(AS_GAINING, &format!("{path}?FriendlyName=x"), &[])
        .await;
    assert_eq!(in_query.code(), (400, 20001));
    let large = "x".repeat(1024 * 1024 + 1);
    let large = world
        .post(AS_GAINING, &path, &[("FriendlyName", &large)])
        .await;
    assert_eq!(large.status, 413);
    assert_eq!(
        world
            .fake
            .effects(snap_port::testing::FakeRoute::UpdateNumber),
        0
    );
}

#[tokio::test]
async fn it_listens_on_this_machine_only_and_stops_with_its_last_handle() {
    let clock = VirtualClock::at(sample::time());
    let refused = FakeTwilio::listen("0.0.0.0:0".parse().unwrap(), clock.clone()).await;
    assert_eq!(
        refused.unwrap_err().kind(),
        std::io::ErrorKind::InvalidInput
    );
    let world = World::new().await;
    let clone = world.fake.clone();
    let url = format!("{}/v1/Alerts", clone.url());
    let World { fake, http, .. } = world;
    drop(fake);
    assert_eq!(http.get(&url).send().await.unwrap().status(), 401);
    drop(clone);
    // The accepting task ends when it is next its turn.
    tokio::task::yield_now().await;
    let gone = super::plain_http().get(&url).send().await;
    assert!(gone.unwrap_err().is_connect());
}
