//! Handing over, arrivals, the watch, and moves between our own accounts.

mod filing;
mod inventory;
mod moves;
mod watch;

use std::num::NonZeroU32;

use chrono::TimeDelta;
use snap_port::testing::{FakeAccount, FakeRoute, FakeTwilio, VirtualClock, sample};
use snap_port::twilio::{
    AccountSid, BaseUrls, Credentials, NumberSetup, SmsRoute, StaticCredentials, TestLine,
    TwilioCarrier, TwilioCarrierBuilder, TwilioClient, VoiceRoute,
};
use snap_port::{
    AccountId, CarrierClient, CarrierErrorKind, GainingPlatform, Means, NumberList, OrderQuery,
    OrderRef, OrderReport, PhoneNumber, Step,
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
    assert_eq!(report.unrecognised, None, "Twilio's words are known");
    report.alarm.as_deref().unwrap_or_default()
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

#[tokio::test]
async fn capabilities_are_honest_about_human_steps() {
    let world = World::with(1).await;
    let carrier = world.carrier();
    let can = carrier.capabilities();
    for step in [
        Step::Submit,
        Step::Release,
        Step::Schedule,
        Step::Cancel,
        Step::Assign,
        Step::VoiceTest,
        Step::SmsTest,
    ] {
        assert_eq!(can.means(step), Means::Human, "{step}");
    }
    for step in [Step::Messaging, Step::Alerts] {
        assert_eq!(can.means(step), Means::Api, "{step}");
    }
    for step in [Step::Arrival, Step::Registration] {
        assert_eq!(can.means(step), Means::ApiOrHuman, "{step}");
    }
    let ticket = OrderRef::parse("T-1").unwrap();
    let cancel = sample::cancel_ask(ticket.clone(), world.numbers.clone());
    let slot = sample::slot(&sample::earliest(sample::time()));
    let ask = sample::slot_ask(ticket, world.numbers.clone(), slot);
    let refused = [
        carrier.cancel(&cancel).await.map(|_| ()),
        carrier.request_slot(&ask).await.map(|_| ()),
    ];
    for answer in refused {
        assert_eq!(answer.unwrap_err().kind(), CarrierErrorKind::Unsupported);
    }
    let voice = VoiceRoute::url("https://example.com/voice").unwrap();
    let carrier = world
        .builder()
        .setup(NumberSetup::new(voice, SmsRoute::MessagingService))
        .test_line(TestLine::new(sid(OWNER), sample::number(99)))
        .build();
    let can = carrier.capabilities();
    assert_eq!(can.means(Step::Assign), Means::Api);
    assert_eq!(can.means(Step::VoiceTest), Means::ApiOrHuman);
    assert_eq!(can.means(Step::SmsTest), Means::ApiOrHuman);
}
