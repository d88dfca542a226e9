//! Handing over, arrivals, the watch, and moves between our own accounts.

use std::future::Future;
use std::num::NonZeroU32;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};

use async_trait::async_trait;
use chrono::TimeDelta;
use snap_port::testing::{FakeAccount, FakeFault, FakeRoute, FakeTwilio, VirtualClock, sample};
use snap_port::twilio::{
    AccountSid, BaseUrls, Credentials, HandOver, MoveOutcome, StaticCredentials, TransferDesk,
    TwilioCarrier, TwilioCarrierBuilder, TwilioClient, TwilioCode, Watched,
};
use snap_port::{
    AccountId, AddressId, AttemptQuery, CarrierClient, CarrierError, CarrierErrorKind, Clock,
    FindReport, GainingPlatform, Means, NumberList, OrderQuery, OrderRef, OrderReport, PhoneNumber,
    PortRequestId, Region, Regulatory, Step, SubmitReport, TransferRequest,
};

const LOSING: &str = "AC00000000000000000000000000000001";
const GAINING: &str = "AC00000000000000000000000000000002";
const WRONG: &str = "AC00000000000000000000000000000003";
const OWNER: &str = "AC00000000000000000000000000000009";

fn sid(text: &str) -> AccountSid {
    AccountSid::parse(text).unwrap()
}

fn id(text: &str) -> AccountId {
    AccountId::parse(text).unwrap()
}

fn platform() -> GainingPlatform {
    GainingPlatform::new("Aloware", "porting@aloware.test").unwrap()
}

struct World {
    fake: FakeTwilio,
    clock: VirtualClock,
    numbers: NumberList,
}

impl World {
    /// `count` numbers in the losing account, and three accounts of ours under one owner.
    async fn with(count: usize) -> Self {
        let clock = VirtualClock::at(sample::time());
        let fake = FakeTwilio::start(clock.clone()).await.unwrap();
        fake.add_account(FakeAccount::new(LOSING).token("losing"));
        fake.add_account(FakeAccount::new(OWNER).token("owner"));
        fake.add_account(FakeAccount::new(GAINING).token("gaining").parent(OWNER));
        fake.add_account(FakeAccount::new(WRONG).token("wrong").parent(OWNER));
        let numbers = sample::numbers(count);
        for number in &numbers {
            fake.add_number(*number, LOSING);
        }
        Self {
            fake,
            clock,
            numbers,
        }
    }

    fn credentials() -> StaticCredentials {
        [(GAINING, "gaining"), (WRONG, "wrong"), (OWNER, "owner")]
            .into_iter()
            .fold(StaticCredentials::new(), |all, (account, token)| {
                all.with(sid(account), Credentials::auth_token(sid(account), token))
            })
    }

    fn client(&self, credentials: StaticCredentials) -> TwilioClient {
        TwilioClient::builder(credentials)
            .base_urls(BaseUrls::all(&self.fake.url()).unwrap())
            // The clock is the timer's too: what throttles moves it.
            .rate(NonZeroU32::new(1_000_000).unwrap())
            .retries(0)
            .timer(self.clock.clone())
            .build()
            .unwrap()
    }

    fn builder(&self) -> TwilioCarrierBuilder {
        self.builder_with(Self::credentials())
    }

    fn builder_with(&self, credentials: StaticCredentials) -> TwilioCarrierBuilder {
        TwilioCarrier::builder(self.client(credentials), platform())
            .clock(self.clock.clone())
            .timer(self.clock.clone())
            .owner(sid(OWNER))
    }

    fn carrier(&self) -> TwilioCarrier {
        self.builder().build()
    }

    fn number(&self, index: usize) -> PhoneNumber {
        self.numbers.as_slice()[index]
    }

    fn query(&self) -> OrderQuery {
        query("T-1", self.numbers.clone(), GAINING)
    }

    /// Twilio moves a number.
    fn moves(&self, index: usize, account: &str) {
        self.fake.add_number(self.number(index), account);
    }

    fn asked(&self, route: FakeRoute) -> usize {
        self.fake.asked(route)
    }

    fn ages(&self, by: TimeDelta) {
        self.clock.advance(by);
    }
}

fn query(order: &str, numbers: NumberList, account: &str) -> OrderQuery {
    OrderQuery::new(OrderRef::parse(order).unwrap(), numbers, id(account))
}

fn arrived(report: &OrderReport) -> Vec<(PhoneNumber, &str)> {
    let arrivals = report.arrivals.iter();
    arrivals
        .map(|arrival| (arrival.number, arrival.account.as_str()))
        .collect()
}

fn words(report: &OrderReport) -> &str {
    report.unrecognised.as_deref().unwrap_or_default()
}

#[tokio::test]
async fn fifty_orders_of_one_account_cost_one_listing() {
    let world = World::with(50).await;
    let carrier = world.carrier();
    for index in [0, 7, 49] {
        world.moves(index, GAINING);
    }
    let queries: Vec<OrderQuery> = world
        .numbers
        .iter()
        .enumerate()
        .map(|(i, number)| query(&format!("T-{i}"), NumberList::one(*number), GAINING))
        .collect();
    let reports = carrier.statuses(&queries).await.unwrap();
    assert_eq!(world.asked(FakeRoute::Numbers), 1);
    assert_eq!(reports.len(), 50);
    for (i, report) in reports.iter().enumerate() {
        assert_eq!(report.order.as_str(), format!("T-{i}"));
        let expected = match i {
            0 | 7 | 49 => vec![(world.number(i), GAINING)],
            _ => vec![],
        };
        assert_eq!(arrived(report), expected);
        assert_eq!(report.arrivals.iter().find_map(|arrival| arrival.at), None);
    }
}

#[tokio::test]
async fn numbers_arrive_one_by_one_and_early_ones_are_reported_too() {
    let world = World::with(3).await;
    let carrier = world.carrier();
    let report = carrier.status(&world.query()).await.unwrap();
    assert_eq!((arrived(&report), words(&report)), (vec![], ""));
    world.moves(1, GAINING);
    world.ages(TimeDelta::minutes(1));
    let report = carrier.status(&world.query()).await.unwrap();
    assert_eq!(arrived(&report), [(world.number(1), GAINING)]);
    world.moves(0, GAINING);
    world.moves(2, GAINING);
    world.ages(TimeDelta::minutes(1));
    let report = carrier.status(&world.query()).await.unwrap();
    assert_eq!(arrived(&report).len(), 3);
    assert_eq!(
        (report.approval, report.slot, report.hold),
        (None, None, None)
    );
}

#[tokio::test]
async fn a_listing_hides_an_arrival_no_longer_than_the_window() {
    let world = World::with(1).await;
    let carrier = world.builder().fresh_for(TimeDelta::seconds(30)).build();
    let seen = async || arrived(&carrier.status(&world.query()).await.unwrap()).len();
    assert_eq!(seen().await, 0);
    world.moves(0, GAINING);
    world.ages(TimeDelta::milliseconds(29_999));
    assert_eq!((seen().await, world.asked(FakeRoute::Numbers)), (0, 1));
    world.ages(TimeDelta::milliseconds(1));
    assert_eq!((seen().await, world.asked(FakeRoute::Numbers)), (1, 2));
}

#[tokio::test]
async fn a_clock_set_back_makes_no_listing_young() {
    let world = World::with(1).await;
    let carrier = world.carrier();
    carrier.status(&world.query()).await.unwrap();
    world.moves(0, GAINING);
    world.ages(TimeDelta::hours(-1));
    let report = carrier.status(&world.query()).await.unwrap();
    assert_eq!(arrived(&report).len(), 1);
}

#[tokio::test]
async fn without_a_window_every_call_lists_anew_and_only_once() {
    let world = World::with(2).await;
    let carrier = world.builder().fresh_for(TimeDelta::zero()).build();
    let queries = [
        query("T-1", NumberList::one(world.number(0)), GAINING),
        query("T-2", NumberList::one(world.number(1)), GAINING),
    ];
    carrier.statuses(&queries).await.unwrap();
    carrier.statuses(&queries).await.unwrap();
    assert_eq!(world.asked(FakeRoute::Numbers), 2);
}

#[tokio::test]
async fn calls_at_the_same_time_share_one_listing() {
    let world = World::with(2).await;
    let carrier = world.carrier();
    let query = world.query();
    let (a, b) = tokio::join!(carrier.status(&query), carrier.status(&query));
    assert_eq!(a.unwrap(), b.unwrap());
    assert_eq!(world.asked(FakeRoute::Numbers), 1);
}

#[tokio::test]
async fn look_alikes_are_no_arrival() {
    let world = World::with(1).await;
    let carrier = world.carrier();
    // Twilio's filter would take the number for a part of these.
    for look_alike in ["+141555501000", "+1415555010", "+24155550100"] {
        world
            .fake
            .add_number(PhoneNumber::from_e164(look_alike).unwrap(), GAINING);
    }
    let report = carrier.status(&world.query()).await.unwrap();
    assert_eq!((arrived(&report), words(&report)), (vec![], ""));
}

#[tokio::test]
async fn a_dropped_or_failed_listing_leaves_nothing_behind() {
    let world = World::with(1).await;
    let carrier = world.carrier();
    world.moves(0, GAINING);
    let query = world.query();
    {
        let mut dropped = pin!(carrier.status(&query));
        let mut context = Context::from_waker(Waker::noop());
        assert!(dropped.as_mut().poll(&mut context).is_pending());
    }
    world
        .fake
        .fault(FakeRoute::Numbers, FakeFault::ErrorBefore(503));
    let error = carrier.status(&query).await.unwrap_err();
    assert_eq!(error.kind(), CarrierErrorKind::Unavailable);
    let report = carrier.status(&query).await.unwrap();
    assert_eq!(arrived(&report).len(), 1);
}

#[tokio::test]
async fn a_number_in_a_wrong_account_of_ours_is_reported_there() {
    let world = World::with(2).await;
    let carrier = world.carrier();
    world.moves(0, WRONG);
    world.moves(1, GAINING);
    let report = carrier.status(&world.query()).await.unwrap();
    let expected = [(world.number(0), WRONG), (world.number(1), GAINING)];
    assert_eq!(arrived(&report), expected);
    assert_eq!(words(&report), "", "the arrival says it");
}

#[tokio::test]
async fn each_missing_number_is_asked_about_once_a_day() {
    let world = World::with(3).await;
    let carrier = world.carrier();
    world.moves(2, GAINING);
    for hour in 0..24 {
        let report = carrier.status(&world.query()).await.unwrap();
        assert_eq!(words(&report), "", "{hour}");
        world.ages(TimeDelta::hours(1));
    }
    assert_eq!(
        world.asked(FakeRoute::Portability),
        2,
        "what arrived is not asked about"
    );
    carrier.status(&world.query()).await.unwrap();
    assert_eq!(world.asked(FakeRoute::Portability), 4);
    for request in world.fake.requests() {
        if request.path.contains("Portability") {
            let target = ("TargetAccountSid".to_owned(), GAINING.to_owned());
            assert!(request.query.contains(&target), "{:?}", request.query);
        }
    }
}

#[tokio::test]
async fn any_change_is_an_alarm_until_it_is_over() {
    let world = World::with(4).await;
    let carrier = world.carrier();
    assert_eq!(words(&carrier.status(&world.query()).await.unwrap()), "");
    world.fake.portability_says(world.number(0), 22133);
    world.fake.portability_says(world.number(1), 22137);
    world.fake.portability_says(world.number(2), 22133);
    world.ages(TimeDelta::days(1));
    let report = carrier.status(&world.query()).await.unwrap();
    let first = words(&report).to_owned();
    for expected in [
        "22133",
        "22137",
        world.number(0).as_str(),
        world.number(1).as_str(),
    ] {
        assert!(first.contains(expected), "{first}");
    }
    assert!(!first.contains(world.number(3).as_str()), "{first}");
    // Meanwhile it is repeated, in the same words, from memory.
    world.ages(TimeDelta::hours(1));
    let asked = world.asked(FakeRoute::Portability);
    assert_eq!(words(&carrier.status(&world.query()).await.unwrap()), first);
    assert_eq!(world.asked(FakeRoute::Portability), asked);
    for index in 0..3 {
        world.fake.portability_says(world.number(index), 22132);
    }
    world.ages(TimeDelta::days(1));
    assert_eq!(words(&carrier.status(&world.query()).await.unwrap()), "");
}

#[tokio::test]
async fn a_number_that_left_twilio_is_an_alarm() {
    let world = World::with(1).await;
    let carrier = world.carrier();
    world.fake.off_twilio(world.number(0));
    let report = carrier.status(&world.query()).await.unwrap();
    assert!(
        words(&report).contains(world.number(0).as_str()),
        "{}",
        words(&report)
    );
}

#[tokio::test]
async fn many_changes_are_named_in_bounded_words() {
    let world = World::with(150).await;
    let carrier = world.carrier();
    for (i, number) in world.numbers.iter().enumerate() {
        world
            .fake
            .portability_says(*number, 23_000 + u32::try_from(i).unwrap() / 2);
    }
    let report = carrier.status(&world.query()).await.unwrap();
    let said = words(&report);
    assert!(said.contains("23000") && said.contains("more"), "{said}");
    assert!(said.len() < 4_000, "{}", said.len());
}

#[tokio::test]
async fn on_its_way_is_no_alarm_and_is_asked_about_again_soon() {
    let world = World::with(1).await;
    let carrier = world.carrier();
    world.fake.portability_says(world.number(0), 22131);
    let report = carrier.status(&world.query()).await.unwrap();
    assert_eq!((arrived(&report), words(&report)), (vec![], ""));
    assert_eq!(
        carrier.watch().told(world.number(0), &sid(GAINING)),
        Watched::OnItsWay
    );
    world.fake.portability_says(world.number(0), 22133);
    world.ages(TimeDelta::minutes(15));
    let report = carrier.status(&world.query()).await.unwrap();
    assert!(words(&report).contains("22133"));
}

#[tokio::test]
async fn passing_failures_of_the_watch_fail_nothing_and_alarm_nobody() {
    for fault in [
        FakeFault::ErrorBefore(500),
        FakeFault::ErrorBefore(503),
        FakeFault::TooMany { retry_after: None },
        FakeFault::CutBefore,
        FakeFault::Malformed,
        FakeFault::Html,
    ] {
        let world = World::with(2).await;
        let carrier = world.carrier();
        world.moves(1, GAINING);
        let shown = format!("{fault:?}");
        world.fake.fault_always(FakeRoute::Portability, fault);
        let report = carrier.status(&world.query()).await.unwrap();
        assert_eq!(arrived(&report), [(world.number(1), GAINING)], "{shown}");
        assert_eq!(words(&report), "", "{shown}");
    }
    let world = World::with(1).await;
    let carrier = world.carrier();
    world.fake.portability_says(world.number(0), 22135);
    let report = carrier.status(&world.query()).await.unwrap();
    assert_eq!(words(&report), "");
    // What fails for a day is watched by nobody, and that is said.
    world.ages(TimeDelta::hours(25));
    let report = carrier.status(&world.query()).await.unwrap();
    assert!(words(&report).contains("not watched"), "{}", words(&report));
}

#[tokio::test]
async fn one_look_asks_about_200_numbers_and_the_next_about_the_rest() {
    let world = World::with(250).await;
    let carrier = world.carrier();
    for asked in [200, 250, 250] {
        carrier.status(&world.query()).await.unwrap();
        assert_eq!(world.asked(FakeRoute::Portability), asked);
    }
}

#[tokio::test]
async fn a_watch_that_fails_is_not_asked_about_every_number() {
    let world = World::with(100).await;
    let carrier = world.carrier();
    world
        .fake
        .fault_always(FakeRoute::Portability, FakeFault::ErrorBefore(503));
    carrier.status(&world.query()).await.unwrap();
    assert!(world.asked(FakeRoute::Portability) <= 16);
}

#[tokio::test]
async fn a_known_alarm_outlives_a_passing_failure() {
    let world = World::with(1).await;
    let carrier = world.carrier();
    world.fake.portability_says(world.number(0), 22133);
    let first = carrier.status(&world.query()).await.unwrap();
    world.fake.portability_says(world.number(0), 22135);
    world.ages(TimeDelta::days(1));
    assert_eq!(carrier.status(&world.query()).await.unwrap(), first);
}

#[tokio::test]
async fn refused_credentials_of_the_watch_are_visible_and_asked_once() {
    let world = World::with(30).await;
    // The parent's token reads the inventory, but not the subaccount's numbers product.
    let credentials = StaticCredentials::new().with_parent(sid(OWNER), "owner");
    let carrier = world.builder_with(credentials).build();
    world
        .fake
        .fault_always(FakeRoute::Portability, FakeFault::ErrorBefore(401));
    world.moves(0, GAINING);
    let report = carrier.status(&world.query()).await.unwrap();
    assert_eq!(arrived(&report), [(world.number(0), GAINING)]);
    assert!(words(&report).contains("not watched"), "{}", words(&report));
    assert!(!words(&report).contains(GAINING));
    assert!(world.asked(FakeRoute::Portability) < 29);
}

#[tokio::test]
async fn an_account_that_cannot_be_read_hides_no_other() {
    let world = World::with(2).await;
    let credentials = StaticCredentials::new()
        .with(
            sid(GAINING),
            Credentials::auth_token(sid(GAINING), "gaining"),
        )
        .with(sid(WRONG), Credentials::auth_token(sid(WRONG), "not this"));
    let carrier = world.builder_with(credentials).build();
    world.moves(0, GAINING);
    let queries = [
        query("T-1", NumberList::one(world.number(0)), GAINING),
        query("T-2", NumberList::one(world.number(1)), WRONG),
        query("T-3", NumberList::one(world.number(1)), "not a SID"),
    ];
    let reports = carrier.statuses(&queries).await.unwrap();
    assert_eq!(arrived(&reports[0]), [(world.number(0), GAINING)]);
    assert!(
        words(&reports[1]).contains("nobody sees"),
        "{:?}",
        reports[1]
    );
    assert!(
        words(&reports[2]).contains("account SID"),
        "{:?}",
        reports[2]
    );
    assert!(!words(&reports[1]).contains(WRONG));
    let error = carrier.status(&queries[1]).await.unwrap_err();
    assert_eq!(error.kind(), CarrierErrorKind::Unauthorized);
    let error = carrier.status(&queries[2]).await.unwrap_err();
    assert_eq!(error.kind(), CarrierErrorKind::InvalidRequest);
    assert!(carrier.statuses(&queries[1..2]).await.is_err());
    assert_eq!(carrier.statuses(&[]).await.unwrap(), []);
}

#[tokio::test]
async fn the_parts_of_a_split_order_make_one_report() {
    let world = World::with(3).await;
    let carrier = world.carrier();
    world.moves(0, GAINING);
    world.fake.portability_says(world.number(2), 22133);
    let part = |index| query("T-1", NumberList::one(world.number(index)), GAINING);
    let queries = [part(0), part(2), part(0)];
    let reports = carrier.statuses(&queries).await.unwrap();
    let [report] = &reports[..] else {
        panic!("one order, one report: {reports:?}");
    };
    assert_eq!((words(report), report.parts.len()), ("", 2));
    let (arrived_part, missing_part) = (&report.parts[0], &report.parts[1]);
    assert_eq!(arrived(&arrived_part.1), [(world.number(0), GAINING)]);
    assert_eq!(words(&arrived_part.1), "");
    assert!(words(&missing_part.1).contains("22133"));
}

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
    carrier: snap_port::CarrierId,
    losing: Option<&str>,
    gaining: &str,
) -> snap_port::TransferOrder {
    use snap_port::{Destination, LosingAccount, LosingPlatform, SubmissionPackage, TransferOrder};
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

fn outcomes(report: &snap_port::twilio::MoveReport) -> Vec<&MoveOutcome> {
    report.rows().iter().map(|row| &row.outcome).collect()
}

#[tokio::test]
async fn numbers_astray_are_moved_home_and_moving_again_is_harmless() {
    let world = World::with(3).await;
    let carrier = world.carrier();
    world.moves(0, WRONG);
    world.moves(1, GAINING);
    world.moves(2, WRONG);
    let before = carrier.status(&world.query()).await.unwrap();
    assert_eq!(arrived(&before)[0], (world.number(0), WRONG));
    let report = carrier
        .move_within_owner(&world.numbers, &sid(GAINING))
        .await
        .unwrap();
    assert_eq!(
        outcomes(&report),
        [
            &MoveOutcome::Moved,
            &MoveOutcome::AlreadyThere,
            &MoveOutcome::Moved
        ]
    );
    assert!(report.is_done());
    assert_eq!(world.fake.effects(FakeRoute::UpdateNumber), 2);
    // The very next look sees it: the listing from before the move is not used any more.
    let after = carrier.status(&world.query()).await.unwrap();
    assert_eq!(arrived(&after).len(), 3);
    assert!(
        arrived(&after)
            .iter()
            .all(|(_, account)| *account == GAINING)
    );
    let again = carrier
        .move_within_owner(&world.numbers, &sid(GAINING))
        .await
        .unwrap();
    assert!(again.is_done());
    assert_eq!(world.asked(FakeRoute::UpdateNumber), 2);
}

#[tokio::test]
async fn a_move_that_is_half_done_says_which_numbers_are_left() {
    let world = World::with(4).await;
    let carrier = world.carrier();
    for index in [0, 1, 3] {
        world.moves(index, WRONG);
    }
    world.fake.portability_says(world.number(3), 22130);
    world.fake.transfer_says(world.number(1), 21631);
    let report = carrier
        .move_within_owner(&world.numbers, &sid(GAINING))
        .await
        .unwrap();
    assert!(!report.is_done());
    let [first, refused, stranger, last] = &outcomes(&report)[..] else {
        panic!("{report}");
    };
    let found_by_looking = (*first, *last);
    assert_eq!(
        found_by_looking,
        (&MoveOutcome::Moved, &MoveOutcome::Moved),
        "{report}"
    );
    let MoveOutcome::Failed { code, why } = refused else {
        panic!("{report}");
    };
    assert_eq!(*code, Some(TwilioCode::OtherAddressRequired));
    assert!(why.contains("name it in the move"), "{why}");
    assert!(matches!(stranger, MoveOutcome::NotOurs(_)), "{report}");
    assert_eq!(report.left().count(), 2);
    assert_eq!(
        world.fake.owner_of(world.number(2)).as_deref(),
        Some(LOSING)
    );
    for row in report.rows() {
        assert!(report.to_string().contains(row.number.as_str()));
    }
    assert!(!report.to_string().contains(GAINING) && !report.to_string().contains(WRONG));
    // With what it asks for, the rest moves.
    let address = AddressId::parse("AD00000000000000000000000000000001").unwrap();
    let held = [Regulatory::address(Region::US, address)];
    let to = sid(GAINING);
    let again = carrier
        .move_within_owner_with(&world.numbers, &to, &held)
        .await
        .unwrap();
    assert_eq!(
        again.left().map(|row| row.number).collect::<Vec<_>>(),
        [world.number(2)]
    );
}

#[tokio::test]
async fn a_move_whose_answer_was_lost_is_settled_by_reading() {
    for (fault, moved) in [
        (FakeFault::ErrorAfter(500), true),
        (FakeFault::CutAfter, true),
        (FakeFault::Malformed, true),
        (FakeFault::ErrorBefore(500), false),
        (FakeFault::CutBefore, false),
    ] {
        let shown = format!("{fault:?}");
        let world = World::with(1).await;
        let carrier = world.carrier();
        world.moves(0, WRONG);
        world.fake.fault(FakeRoute::UpdateNumber, fault);
        let report = carrier
            .move_within_owner(&world.numbers, &sid(GAINING))
            .await
            .unwrap();
        let outcome = &report.rows()[0].outcome;
        assert_eq!(
            world.asked(FakeRoute::UpdateNumber),
            1,
            "{shown}: moved blindly again"
        );
        if moved {
            assert_eq!(outcome, &MoveOutcome::Moved, "{shown}");
        } else {
            let still = matches!(outcome, MoveOutcome::Failed { why, .. } if why.contains("still"));
            assert!(still, "{shown}: {outcome}");
        }
    }
}

#[tokio::test]
async fn a_move_that_nothing_shows_is_unclear() {
    let world = World::with(1).await;
    let carrier = world.carrier();
    world.moves(0, WRONG);
    // The listing, the look at the wrong account; from then on nothing can be read.
    let query = world.query();
    carrier.status(&query).await.unwrap();
    world
        .fake
        .fault(FakeRoute::UpdateNumber, FakeFault::CutAfter);
    for fault in [None, None, Some(503), Some(503), Some(503)] {
        world.fake.fault(
            FakeRoute::Numbers,
            fault.map_or(
                FakeFault::Slow(std::time::Duration::ZERO),
                FakeFault::ErrorBefore,
            ),
        );
    }
    let report = carrier
        .move_within_owner(&world.numbers, &sid(GAINING))
        .await
        .unwrap();
    assert!(
        matches!(report.rows()[0].outcome, MoveOutcome::Unclear(_)),
        "{report}"
    );
    world.fake.clear_faults();
    let again = carrier
        .move_within_owner(&world.numbers, &sid(GAINING))
        .await
        .unwrap();
    assert_eq!(outcomes(&again), [&MoveOutcome::AlreadyThere]);
}

#[tokio::test]
async fn a_refused_move_keeps_twilios_code_and_says_what_to_do() {
    let world = World::with(1).await;
    let carrier = world.carrier();
    world.moves(0, WRONG);
    let report = carrier
        .move_within_owner(&world.numbers, &sid(LOSING))
        .await;
    // Without credentials for the target nothing is tried at all.
    assert!(report.is_err());
    assert_eq!(world.asked(FakeRoute::UpdateNumber), 0);
    let credentials =
        World::credentials().with(sid(LOSING), Credentials::auth_token(sid(LOSING), "losing"));
    let carrier = world.builder_with(credentials).build();
    let report = carrier
        .move_within_owner(&world.numbers, &sid(LOSING))
        .await
        .unwrap();
    let MoveOutcome::Failed { code, why } = &report.rows()[0].outcome else {
        panic!("{report}");
    };
    assert_eq!(*code, Some(TwilioCode::TargetAccountNotRelated), "{why}");
    assert!(why.contains("transfer request"), "{why}");
}

#[tokio::test]
async fn without_an_owner_nothing_is_moved() {
    let world = World::with(1).await;
    world.moves(0, WRONG);
    let client = world.client(World::credentials());
    let carrier = TwilioCarrier::builder(client, platform())
        .clock(world.clock.clone())
        .build();
    let error = carrier
        .move_within_owner(&world.numbers, &sid(GAINING))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), CarrierErrorKind::InvalidRequest);
    assert_eq!(world.fake.requests().len(), 0);
}

#[tokio::test]
async fn a_carrier_shows_no_secret_and_no_whole_account() {
    let world = World::with(1).await;
    let shown = format!("{:?} {:?}", world.builder(), world.carrier());
    for secret in ["owner\"", GAINING, OWNER] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert_eq!(world.carrier().id().as_str(), "twilio");
}
