//! A whole port for every ending, over HTTP: what is filed, what support does, what is seen.

use chrono::TimeDelta;
use snap_port::testing::{FakeRoute, FakeSupport, FakeTicketStatus, sample};
use snap_port::{
    AnyPortRequest, Basis, Check, Fact, NumberList, Party, PortRequestId, Reason, Status,
};

use crate::office::{Office, failed, sid};

/// No request of ours moves a number between unrelated accounts, buys or deletes one.
fn asked_nothing_it_may_not(office: &Office) {
    for request in office.fake.requests() {
        let deletes = request.method == "DELETE" && request.path.contains("IncomingPhoneNumbers");
        assert!(!deletes, "{} {}", request.method, request.path);
    }
}

#[tokio::test]
async fn smooth() {
    let mut office = Office::open(FakeSupport::smooth()).await;
    office.file().await;
    let ticket = office.fake.ticket(&office.ticket).unwrap().ticket;
    assert!(ticket.subject.contains("acme-1#1"), "{}", ticket.subject);
    office.until(Status::ReleaseApproved, 30).await;
    let slot = office.slot();
    office.agree(&slot).await;
    assert_eq!(office.status().await, Status::Scheduled);
    office.until(Status::Ported, 400).await;
    let AnyPortRequest::Ported(request) = office.get().await else {
        unreachable!("its status says so");
    };
    let moved = request.completion().arrivals()[0].at;
    assert!(moved >= slot.begins(), "{moved}");
    let first = request.table().rows()[0].clone();
    assert!(first.check(Check::VoiceOut).is_met() && first.check(Check::VoiceIn).is_met());
    let why = failed(first.check(Check::SmsOut)).unwrap();
    assert!(why.contains("30034"), "{why}");
    office.verify(12).await;
    assert_eq!(office.fake.tickets().len(), 1);
    asked_nothing_it_may_not(&office);
}

#[tokio::test]
async fn early() {
    let mut office = Office::open(FakeSupport::smooth().moves_early()).await;
    office.file().await;
    office.until(Status::Ported, 30).await;
    let AnyPortRequest::Ported(request) = office.get().await else {
        unreachable!("its status says so");
    };
    assert_eq!(
        request.approval().basis(),
        &Basis::Implied,
        "nobody stated an approval; the numbers are there"
    );
    let earliest = request.package().earliest().begins();
    let moved = request.completion().arrivals()[0].at;
    assert!(moved < earliest, "recorded all the same");
    office.verify(12).await;
}

#[tokio::test]
async fn partial() {
    let support = FakeSupport::smooth().moves_some(2, TimeDelta::days(4));
    let mut office = Office::open(support).await;
    office.file().await;
    office.until(Status::ReleaseApproved, 30).await;
    let slot = office.slot();
    office.agree(&slot).await;
    office.clock.set(slot.begins() + TimeDelta::minutes(10));
    office.advance().await;
    assert_eq!(office.status().await, Status::Scheduled, "one is missing");
    assert_eq!(
        office
            .facts(|fact| matches!(fact, Fact::Arrived { .. }))
            .await,
        2
    );
    let missing = NumberList::new([sample::number(2)]).unwrap();
    let rest = PortRequestId::parse("acme-1-rest").unwrap();
    let permit = sample::support().permit().unwrap();
    office
        .desk
        .split(
            &office.id,
            rest.clone(),
            missing,
            "it has not moved",
            permit,
        )
        .await
        .unwrap();
    office.advance().await;
    assert_eq!(office.status().await, Status::Ported, "of two numbers");
    assert_eq!(
        office.desk.get(&rest).await.unwrap().status(),
        Status::Scheduled
    );
    office.clock.advance(TimeDelta::days(5));
    office.desk.advance(&rest).await.unwrap();
    assert_eq!(
        office.desk.get(&rest).await.unwrap().status(),
        Status::Ported
    );
    office.verify(12).await;
}

#[tokio::test]
async fn wrong_account() {
    let wrong = sample::wrong_account();
    let support = FakeSupport::smooth().moves_into(wrong.as_str());
    let mut office = Office::open(support).await;
    office.file().await;
    office.until(Status::ReleaseApproved, 30).await;
    let slot = office.slot();
    office.agree(&slot).await;
    office.clock.set(slot.begins() + TimeDelta::days(1));
    office.advance().await;
    assert_eq!(office.status().await, Status::Scheduled);
    let table = office.get().await.table().unwrap();
    assert!(
        table
            .rows()
            .iter()
            .all(|row| row.elsewhere() == Some(&wrong))
    );
    let gaining = sid(sample::gaining_account().as_str());
    let report = office
        .carrier
        .move_within_owner(&sample::numbers(3), &gaining)
        .await
        .unwrap();
    assert!(report.is_done(), "{report:?}");
    office.clock.advance(TimeDelta::minutes(5));
    office.advance().await;
    assert_eq!(office.status().await, Status::Ported);
    office.verify(12).await;
}

#[tokio::test]
async fn held() {
    let support = FakeSupport::smooth()
        .holds("transfer fee of $25 is due")
        .answers_after(TimeDelta::hours(4));
    let mut office = Office::open(support).await;
    office.file().await;
    office.clock.advance(TimeDelta::hours(4));
    let status = office.read_ticket().await;
    assert!(matches!(status, FakeTicketStatus::OnHold(_)));
    office.advance().await;
    let item = office.work().await;
    assert_eq!(item.reason, Some(Reason::FeeDemanded));
    assert_eq!(item.waiting.on, Party::Customer);
    assert_eq!(office.status().await, Status::Submitted, "a hold is no end");
    office.clock.advance(TimeDelta::days(2));
    assert!(office.fake.reply_to_ticket(&office.ticket), "it is paid");
    office.until(Status::ReleaseApproved, 6).await;
    let slot = office.slot();
    office.agree(&slot).await;
    office.until(Status::Ported, 400).await;
    office.verify(12).await;
}

#[tokio::test]
async fn refused() {
    let support = FakeSupport::smooth().refuses("the numbers belong to the platform");
    let mut office = Office::open(support).await;
    office.file().await;
    office.until(Status::Rejected, 30).await;
    assert_eq!(
        office.work().await.reason,
        Some(Reason::PlatformClaimsNumber)
    );
    office.clock.advance(TimeDelta::days(9));
    for number in &sample::numbers(3) {
        let owner = office.fake.owner_of(*number);
        assert_eq!(
            owner.as_deref(),
            Some(sample::losing_carrier_account().as_str())
        );
    }
    asked_nothing_it_may_not(&office);
}

#[tokio::test]
async fn deleted_number() {
    let lost = sample::number(1);
    let mut office = Office::open(FakeSupport::smooth().deletes(lost)).await;
    office.file().await;
    office.until(Status::ReleaseApproved, 30).await;
    let slot = office.slot();
    office.agree(&slot).await;
    office.clock.set(slot.begins() + TimeDelta::hours(25));
    office.advance().await;
    assert_eq!(office.status().await, Status::Scheduled, "one is missing");
    let alarm = |fact: &Fact| {
        let number = lost.to_string();
        matches!(fact, Fact::Alarm(words) if words.contains(&number) && words.contains("10 days"))
    };
    assert_eq!(
        office.facts(alarm).await,
        1,
        "what the daily watch sees is on record, once"
    );
    office.advance().await;
    assert_eq!(office.facts(alarm).await, 1);
    // The others need not wait for it.
    let gone = PortRequestId::parse("acme-1-gone").unwrap();
    let permit = sample::support().permit().unwrap();
    let lost_one = NumberList::one(lost);
    let parted = office
        .desk
        .split(&office.id, gone.clone(), lost_one, "it was deleted", permit)
        .await;
    parted.unwrap();
    office.advance().await;
    assert_eq!(office.status().await, Status::Ported, "of two numbers");
    office.verify(12).await;
    let numbers = office.get().await.numbers().unwrap().clone();
    assert!(numbers.len() == 2 && !numbers.iter().any(|number| *number == lost));
    // What becomes of it stays with people.
    office.desk.advance(&gone).await.unwrap();
    let left = office.desk.get(&gone).await.unwrap();
    assert_eq!(left.status(), Status::Scheduled);
    assert_eq!(office.fake.owner_of(lost), None);
}

#[tokio::test]
async fn silent_platform() {
    let mut office = Office::open(FakeSupport::smooth().silent()).await;
    office.file().await;
    let asked = office.fake.asked(FakeRoute::Portability);
    office.clock.advance(TimeDelta::days(8));
    office.read_ticket().await;
    office.advance().await;
    assert_eq!(office.status().await, Status::Submitted);
    assert_eq!(
        office.fake.asked(FakeRoute::Portability),
        asked + 3,
        "each number, once a day at most"
    );
    let item = office.work().await;
    assert_eq!(item.waiting.on, Party::LosingPlatform);
    assert!(item.paste_ready.is_some(), "a reminder is ready");
    office.clock.advance(TimeDelta::days(2));
    let status = office.read_ticket().await;
    assert_eq!(status, FakeTicketStatus::Closed);
    assert_eq!(office.work().await.reason, Some(Reason::TicketClosed));
    assert!(
        office.fake.reply_to_ticket(&office.ticket),
        "a reply opens it"
    );
    office.until(Status::ReleaseApproved, 30).await;
    let slot = office.next_slot();
    office.agree(&slot).await;
    office.until(Status::Ported, 400).await;
    office.verify(12).await;
}
