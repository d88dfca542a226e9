//! Who takes a transfer request, and what is seen of one that nobody remembers.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use chrono::TimeDelta;
use snap_port::testing::{FakeFault, FakeRoute, sample};
use snap_port::twilio::{HandOver, TransferDesk};
use snap_port::{
    AttemptQuery, CarrierClient, CarrierError, CarrierErrorKind, CarrierId, Clock, Destination,
    FindReport, LosingAccount, LosingPlatform, Means, OrderRef, PortRequestId, Step,
    SubmissionPackage, SubmitReport, TransferOrder, TransferRequest,
};

use super::{GAINING, LOSING, World, id};

/// A helpdesk with an API.
#[derive(Debug, Default)]
struct Helpdesk(Mutex<Vec<String>>);

#[async_trait]
impl TransferDesk for Helpdesk {
    async fn take(&self, request: &TransferRequest) -> Result<HandOver, CarrierError> {
        self.0.lock().unwrap().push(request.to_string());
        Ok(HandOver::Filed {
            order: OrderRef::parse("Z-17").unwrap(),
            at: sample::time(),
        })
    }

    async fn find(&self, query: &AttemptQuery) -> Result<FindReport, CarrierError> {
        let taken = self.0.lock().unwrap();
        let key = query.key.to_string();
        Ok(if taken.iter().any(|request| request.contains(&key)) {
            let order = OrderRef::parse("Z-17").unwrap();
            FindReport::Found {
                order,
                at: sample::time(),
            }
        } else {
            FindReport::Absent
        })
    }

    fn means(&self) -> Means {
        Means::ApiOrHuman
    }
}

fn request_id() -> PortRequestId {
    PortRequestId::parse("acme-1").unwrap()
}

#[tokio::test]
async fn a_submission_goes_to_people_and_says_where_it_lies() {
    let world = World::with(2).await;
    let carrier = world.carrier();
    let order = sample::order(
        request_id(),
        carrier.id(),
        world.numbers.clone(),
        world.clock.now(),
    );
    let report = carrier.submit(&order).await.unwrap();
    assert!(
        matches!(report, SubmitReport::HandedOver { .. }),
        "{report:?}"
    );
    assert_eq!(carrier.capabilities().means(Step::Submit), Means::Human);
    assert_eq!(world.fake.requests().len(), 0, "nobody files by API");
}

#[tokio::test]
async fn a_helpdesk_gets_the_whole_request_and_tells_its_ticket() {
    let world = World::with(2).await;
    let helpdesk = Arc::new(Helpdesk::default());
    let desk: Arc<dyn TransferDesk> = helpdesk.clone();
    let carrier = world.builder().transfer_desk(desk).build();
    assert_eq!(
        carrier.capabilities().means(Step::Submit),
        Means::ApiOrHuman
    );
    let order = sample::order(
        request_id(),
        carrier.id(),
        world.numbers.clone(),
        world.clock.now(),
    );
    let query = AttemptQuery::new(order.key().clone(), world.numbers.clone(), id(GAINING));
    assert_eq!(carrier.find(&query).await.unwrap(), FindReport::Absent);
    let report = carrier.submit(&order).await.unwrap();
    let ticket = OrderRef::parse("Z-17").unwrap();
    let taken = SubmitReport::Taken {
        order: ticket.clone(),
        at: sample::time(),
    };
    assert_eq!(report, taken);
    let found = FindReport::Found {
        order: ticket,
        at: sample::time(),
    };
    assert_eq!(carrier.find(&query).await.unwrap(), found);
    let request = helpdesk.0.lock().unwrap().remove(0);
    let digest = order.package().files().next().unwrap().sha256().to_string();
    for part in [
        "acme-1#1",
        LOSING,
        GAINING,
        "98765",
        world.number(1).as_str(),
        &digest,
    ] {
        assert!(request.contains(part), "{part} is missing:\n{request}");
    }
}

#[tokio::test]
async fn nothing_is_filed_between_accounts_that_are_none_or_the_same() {
    let world = World::with(1).await;
    let helpdesk = Arc::new(Helpdesk::default());
    let carrier = world.builder().transfer_desk(helpdesk.clone()).build();
    let order =
        |losing: Option<&str>, gaining: &str| order_between(&world, carrier.id(), losing, gaining);
    // Hexadecimal digits are the same in either case.
    let (lower, upper) = (
        "AC000000000000000000000000000000ab",
        "AC000000000000000000000000000000AB",
    );
    for (losing, gaining) in [
        (Some(LOSING), "acme"),
        (Some("aircall"), GAINING),
        (Some(lower), upper),
    ] {
        let error = carrier.submit(&order(losing, gaining)).await.unwrap_err();
        assert_eq!(error.kind(), CarrierErrorKind::InvalidRequest);
        assert!(!error.outcome_unknown());
        let said = format!("{error} {error:?}");
        assert!(!said.contains("aircall") && !said.contains(upper) && !said.contains(lower));
    }
    assert_eq!(helpdesk.0.lock().unwrap().len(), 0);
    // Often nobody knows the losing account: the request asks for it.
    let taken = carrier.submit(&order(None, GAINING)).await.unwrap();
    assert!(matches!(taken, SubmitReport::Taken { .. }));
}

fn order_between(
    world: &World,
    carrier: CarrierId,
    losing: Option<&str>,
    gaining: &str,
) -> TransferOrder {
    let now = world.clock.now();
    let mut from = LosingAccount::new(LosingPlatform::Aircall, id("customer-17"));
    if let Some(losing) = losing {
        from = from.with_carrier_account(id(losing));
    }
    let package = SubmissionPackage::builder()
        .loa(sample::loa(&world.numbers, now))
        .numbers(world.numbers.clone())
        .proof(sample::proof())
        .losing(from)
        .ticket(sample::ticket())
        .destination(Destination::new(id(gaining)))
        .earliest(sample::earliest(now))
        .a2p(sample::a2p(now))
        .build();
    let draft = sample::draft(request_id(), carrier, now);
    let mut sealed = draft
        .seal(&package, sample::admin().permit().unwrap(), now)
        .unwrap();
    let permit = sample::support().permit().unwrap();
    let review = sealed.review(permit, now).pass(world.numbers.clone());
    sealed.pass_review(review).unwrap();
    TransferOrder::of(&sealed).unwrap()
}

#[tokio::test]
async fn what_nobody_remembers_filing_is_told_by_what_is_seen() {
    let world = World::with(3).await;
    let carrier = world.carrier();
    let order = sample::order(
        request_id(),
        carrier.id(),
        world.numbers.clone(),
        world.clock.now(),
    );
    let query = AttemptQuery::new(order.key().clone(), world.numbers.clone(), id(GAINING));
    let why = async || match carrier.find(&query).await.unwrap() {
        FindReport::CannotTell { why } => why,
        other => panic!("{other:?}"),
    };
    let unseen = why().await;
    assert!(unseen.contains("acme-1#1"), "what to search for: {unseen}");
    assert!(unseen.contains("nothing of a ticket"), "{unseen}");
    world.moves(0, GAINING);
    world.ages(TimeDelta::days(1));
    let seen = why().await;
    assert!(seen.contains("1 are in the gaining account"), "{seen}");
    assert!(seen.contains("it was filed"), "{seen}");
    world
        .fake
        .fault_always(FakeRoute::Numbers, FakeFault::ErrorBefore(503));
    world.ages(TimeDelta::days(1));
    assert!(why().await.contains("cannot be looked for"));
}
