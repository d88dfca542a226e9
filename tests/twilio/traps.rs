//! Twilio's traps that belong to no one part; `src/twilio/traps.md` names the tests of all of them.

use chrono::TimeDelta;
use snap_port::testing::{FakeFault, FakeRoute, FakeSupport, sample};
use snap_port::twilio::{MoveOutcome, NumberSid, PreflightAsk, ServiceSid, TwilioCode};
use snap_port::{CarrierClient, NumberList, NumberTask, PhoneNumber, Status};

use crate::office::{Office, SERVICE, client, sid};

async fn ported(support: FakeSupport) -> Office {
    let mut office = Office::open(support).await;
    office.file().await;
    office.until(Status::Ported, 60).await;
    office
}

#[tokio::test]
async fn test_credentials_check_nothing() {
    let office = Office::open(FakeSupport::smooth()).await;
    let refused = FakeFault::Refuse(403, 20008);
    for route in [
        FakeRoute::Account,
        FakeRoute::Portability,
        FakeRoute::Campaigns,
    ] {
        office.fake.fault_always(route, refused);
    }
    let package = sample::package(&sample::numbers(3), sample::time());
    let preflight = office.carrier.preflight(&PreflightAsk::of(&package)).await;
    assert!(!preflight.is_ready());
    let shown = preflight.to_string();
    assert!(shown.contains("20008"), "{shown}");
}

#[tokio::test]
async fn a_port_asks_the_api_for_no_port() {
    let mut office = ported(FakeSupport::smooth().moves_early()).await;
    office.verify(12).await;
    let requests = office.fake.requests();
    assert!(!requests.is_empty());
    for request in requests {
        let porting = request.path.contains("/Porting/");
        assert!(
            !porting || request.path.contains("/Porting/Portability/"),
            "{} {}",
            request.method,
            request.path
        );
    }
}

#[tokio::test]
async fn a_number_is_put_into_service_whether_or_not_it_kept_its_sid() {
    for keep in [true, false] {
        let mut office = Office::open(FakeSupport::smooth().moves_early()).await;
        office.fake.keep_number_sids(keep);
        let before = office.fake.sid_of(sample::number(0));
        office.file().await;
        office.until(Status::Ported, 60).await;
        let after = office.fake.sid_of(sample::number(0));
        assert_eq!(before == after, keep);
        office.verify(12).await;
    }
}

#[tokio::test]
async fn a_number_twilio_keeps_where_it_is_says_what_to_do_first() {
    let office = Office::open(FakeSupport::smooth()).await;
    let (regional, hosted) = (sample::number(1), sample::number(2));
    let codes = [TwilioCode::NotInThisRegion, TwilioCode::HostedNotInUse];
    let wrong = sample::wrong_account();
    office.fake.add_number(regional, wrong.as_str());
    office.fake.add_hosted_number(hosted, wrong.as_str());
    office.fake.transfer_says(regional, 22402);
    office.fake.transfer_says(hosted, 22121);
    let both = NumberList::new([regional, hosted]).unwrap();
    let to = sid(sample::gaining_account().as_str());
    let report = office.carrier.move_within_owner(&both, &to).await.unwrap();
    for (row, expected) in report.rows().iter().zip(codes) {
        let MoveOutcome::Failed { code, why } = &row.outcome else {
            panic!("{report}");
        };
        assert_eq!(*code, Some(expected));
        assert!(why.contains(expected.what_to_do().unwrap()), "{why}");
        let owner = office.fake.owner_of(row.number);
        assert_eq!(owner.as_deref(), Some(wrong.as_str()));
    }
}

#[tokio::test]
async fn what_a_move_wipes_is_set_up_again() {
    let office = ported(FakeSupport::smooth().moves_early()).await;
    let (number, client) = (sample::number(0), client(&office.fake, &office.clock));
    let gaining = sid(sample::gaining_account().as_str());
    let service = ServiceSid::parse(SERVICE).unwrap();
    let in_service = async |number: PhoneNumber| {
        let found = client.find_number(&gaining, number).await.unwrap().unwrap();
        let sid: &NumberSid = &found.sid;
        let member = client
            .service_number(&gaining, &service, sid)
            .await
            .unwrap();
        (found.voice_url.is_some(), member.is_some())
    };
    assert_eq!(in_service(number).await, (true, true));
    let one = sample::numbers(1);
    for account in [sample::wrong_account(), sample::gaining_account()] {
        let to = sid(account.as_str());
        let moved = office.carrier.move_within_owner(&one, &to).await.unwrap();
        assert!(moved.is_done(), "{moved:?}");
    }
    assert_eq!(
        in_service(number).await,
        (false, false),
        "the move wiped it"
    );
    office.clock.advance(TimeDelta::minutes(5));
    let task: NumberTask = sample::task(number);
    office.carrier.assign(&task).await.unwrap();
    office.carrier.join_messaging(&task).await.unwrap();
    assert_eq!(in_service(number).await, (true, true));
}
