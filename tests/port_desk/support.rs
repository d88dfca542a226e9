//! Filing with the support of the Twilio on loopback.

use snap_port::testing::{FakeAccount, FakeTwilio, VirtualClock, sample};
use snap_port::twilio::{
    BaseUrls, HandOver, StaticCredentials, TransferDesk, TwilioCarrier, TwilioClient,
};
use snap_port::{
    AttemptQuery, CarrierClientExt, CarrierErrorKind, CarrierId, CarrierName, FindReport,
    GainingPlatform, PortRequest, PortRequestId, Resolution, Sealed, Submission, TransferOrder,
    TransferRequest,
};

use super::port_desk::support::SupportDesk;

fn twilio() -> CarrierId {
    CarrierId::parse("twilio").unwrap()
}

fn sealed(id: &str) -> PortRequest<Sealed> {
    let id = PortRequestId::parse(id).unwrap();
    sample::cleared(id, twilio(), sample::numbers(2), sample::time())
}

fn order(id: &str) -> TransferOrder {
    let id = PortRequestId::parse(id).unwrap();
    sample::order(id, twilio(), sample::numbers(2), sample::time())
}

fn ours() -> GainingPlatform {
    GainingPlatform::new("Aloware", "transfers@aloware.test").unwrap()
}

async fn fake(clock: &VirtualClock) -> FakeTwilio {
    let fake = FakeTwilio::start(clock.clone()).await.unwrap();
    fake.add_account(FakeAccount::new(sample::losing_carrier_account().as_str()));
    fake.add_account(FakeAccount::new(sample::gaining_account().as_str()).token("t"));
    fake
}

#[tokio::test]
async fn a_transfer_is_asked_once_and_found_again_by_its_key() {
    let clock = VirtualClock::at(sample::time());
    let fake = fake(&clock).await;
    let client = TwilioClient::builder(StaticCredentials::new())
        .base_urls(BaseUrls::all(&fake.url()).unwrap())
        .build()
        .unwrap();
    let desk = SupportDesk::new(&fake.url(), twilio()).unwrap();
    let carrier = TwilioCarrier::builder(client, ours())
        .transfer_desk(std::sync::Arc::new(desk))
        .build();

    // The answer was lost: what was asked is there all the same.
    let mut lost = sealed("acme-1");
    let cleared = lost.cleared().unwrap();
    let once = lost.dispatch(cleared, sample::time()).unwrap();
    let absent = carrier.resolve(&lost, &clock).await.unwrap();
    assert!(matches!(absent, Resolution::Unclear(_)), "{absent:?}");
    let Submission::Accepted(receipt) = carrier.submit_request(&lost, once, &clock).await.unwrap()
    else {
        panic!("not taken");
    };
    let Resolution::Found(again) = carrier.resolve(&lost, &clock).await.unwrap() else {
        panic!("not found");
    };
    assert_eq!(again.order(), receipt.order());
    let tickets = fake.tickets();
    assert_eq!(tickets.len(), 1);
    assert!(tickets[0].ticket.subject.ends_with("(acme-1#1)"));
    assert_eq!(tickets[0].ticket.numbers.len(), 2);
}

#[tokio::test]
async fn the_ticket_of_another_attempt_is_not_taken_for_it() {
    let clock = VirtualClock::at(sample::time());
    let fake = fake(&clock).await;
    let desk = SupportDesk::new(&fake.url(), twilio()).unwrap();
    for id in ["acme-1", "xacme-11"] {
        let request =
            TransferRequest::compose(&order(id), &ours(), &CarrierName::new("Twilio").unwrap());
        let taken = desk.take(&request).await.unwrap();
        assert!(matches!(taken, HandOver::Filed { .. }));
    }
    for (id, found) in [("acme-1", true), ("acme-11", false), ("xacme-1", false)] {
        let attempt = sealed(id).attempt().key().clone();
        let query = AttemptQuery::new(attempt, sample::numbers(2), sample::gaining_account());
        let report = desk.find(&query).await.unwrap();
        assert_eq!(matches!(report, FindReport::Found { .. }), found, "{id}");
    }
}

#[tokio::test]
async fn who_cannot_be_reached_has_taken_nothing() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let desk = SupportDesk::new(&url, twilio()).unwrap();
    let request = TransferRequest::compose(
        &order("acme-1"),
        &ours(),
        &CarrierName::new("Twilio").unwrap(),
    );
    let error = desk.take(&request).await.unwrap_err();
    assert_eq!(error.kind(), CarrierErrorKind::Unreachable);
    assert!(!error.outcome_unknown());
}

#[test]
fn only_a_fake_has_a_side_door() {
    for url in ["", "https://api.twilio.com", "http://127.0.0.1.example:80"] {
        assert!(SupportDesk::new(url, twilio()).is_err(), "{url}");
    }
}
