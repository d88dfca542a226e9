//! Secrets never reach `Debug`, and of account SIDs only the last four characters do.

use std::fmt::Debug;

use snap_port::AccountId;
use snap_port::testing::{
    FakeAccount, FakeAlert, FakeRoute, FakeSupport, FakeTicket, Script, SimCarrier, VirtualClock,
    sample,
};

use super::receiver::Receiver;
use super::{AS_GAINING, AS_OWNER, GAINING, KEY, LOSING, OWNER, SIBLING, World, number, under};

/// Nothing of these may show.
const HIDDEN: [&str; 9] = [
    GAINING,
    LOSING,
    OWNER,
    SIBLING,
    KEY,
    "gaining-token",
    "owner-token",
    "s3cret",
    "Dear Ann",
];

/// How it shows, which holds nothing hidden, in whatever form.
fn shown(what: &impl Debug) -> String {
    let shown = format!("{what:?} {what:#?}");
    for hidden in HIDDEN {
        let encoded = hidden.replace(' ', "+");
        assert!(
            !shown.contains(hidden) && !shown.contains(&encoded),
            "{hidden} in {shown}"
        );
    }
    shown
}

#[test]
fn an_account_hides_its_secrets_and_its_number() {
    let account = FakeAccount::new(GAINING).token(AS_GAINING.1).parent(OWNER);
    let account = account.key(KEY, "s3cret").main_key(KEY, "s3cret");
    let shown = shown(&account);
    assert!(
        shown.contains("AC…00b1") && shown.contains("AC…00b0"),
        "{shown}"
    );
}

#[test]
fn tickets_support_and_alerts_hide_accounts() {
    let ticket = FakeTicket {
        subject: format!("{LOSING} to {GAINING}"),
        losing: LOSING.to_owned(),
        gaining: GAINING.to_owned(),
        numbers: vec![number(0)],
        body: format!("From {LOSING}:\nto {GAINING}."),
    };
    assert!(shown(&ticket).contains("AC…00a1"));
    let support = FakeSupport::smooth()
        .moves_into(SIBLING)
        .moves_some_into(1, GAINING);
    assert!(shown(&support).contains("AC…00b2"));
    let alert = FakeAlert::new(11200, format!("accountSid={GAINING}")).resource(GAINING);
    assert!(shown(&alert).contains("AC…00b1"));
}

#[test]
fn a_simulated_carrier_hides_accounts() {
    let account = AccountId::parse(SIBLING).unwrap();
    let script = Script::default().detour(1, account, None);
    assert!(shown(&script).contains("…00b2"));
    let carrier = SimCarrier::new(VirtualClock::at(sample::time()), 7);
    shown(&carrier.with_script(script));
}

#[tokio::test]
async fn the_books_hide_accounts_texts_and_queries() {
    let world = World::new().await;
    let receiver = Receiver::new().await;
    world.fake.add_number(number(0), GAINING);
    let to = String::from(number(5));
    let callback = format!("{}?key=s3cret&for={GAINING}", receiver.url("/x"));
    let form = [
        ("To", to.as_str()),
        ("From", "+14155550100"),
        ("Body", "Dear Ann"),
        ("StatusCallback", &callback),
    ];
    let path = under(GAINING, "/Messages.json");
    assert_eq!(world.post(AS_OWNER, &path, &form).await.status, 201);
    let query = format!("/v1/Porting/Portability/PhoneNumber/1?TargetAccountSid={GAINING}");
    world.get(AS_GAINING, &query).await;
    world.pass(5);
    world.fake.catch_up().await;

    let requests = shown(&world.fake.requests());
    for part in [
        "AC…00b1",
        "AC…00b0",
        "\"Body\"",
        "TargetAccountSid",
        "SendMessage",
    ] {
        assert!(requests.contains(part), "{part}: {requests}");
    }
    let callbacks = world.fake.callbacks();
    assert!(!callbacks.is_empty());
    assert!(
        callbacks
            .iter()
            .all(|callback| callback.url.contains("s3cret"))
    );
    assert!(shown(&callbacks).contains("http://127.0.0.1"));
    assert_eq!(world.fake.asked(FakeRoute::SendMessage), 1);

    world.fake.add_number(number(1), LOSING);
    let id = world.fake.file_ticket(FakeTicket {
        subject: String::new(),
        losing: LOSING.to_owned(),
        gaining: GAINING.to_owned(),
        numbers: vec![number(1)],
        body: String::new(),
    });
    world.pass(48 * 3600);
    let state = world.fake.ticket(&id).unwrap();
    assert!(state.log.iter().any(|(_, words)| words.contains(GAINING)));
    assert!(shown(&state).contains("moved to AC…00b1"));
    shown(&world.fake);
}
