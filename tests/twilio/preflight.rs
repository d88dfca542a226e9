//! What is found before anything is filed.

mod failures;
mod messaging;
mod numbers;

use std::num::NonZeroU32;

use snap_port::testing::{FakeAccount, FakeTwilio, VirtualClock, sample};
use snap_port::twilio::{
    AccountSid, BaseUrls, Credentials, PortabilityVerdict, Preflight, PreflightAsk,
    PreflightFinding, PreflightIssue, PreflightWeight, StaticCredentials, TwilioCarrier,
    TwilioCarrierBuilder, TwilioClient,
};
use snap_port::{
    AccountId, Checklist, GainingPlatform, MessagingService, NumberList, Party, PhoneNumber,
};

const LOSING: &str = "AC00000000000000000000000000000001";
const GAINING: &str = "AC00000000000000000000000000000002";
const WRONG: &str = "AC00000000000000000000000000000003";
const OWNER: &str = "AC00000000000000000000000000000009";
const SERVICE: &str = "MG00000000000000000000000000000001";

fn id(text: &str) -> AccountId {
    AccountId::parse(text).unwrap()
}

fn service(text: &str) -> MessagingService {
    MessagingService::parse(text).unwrap()
}

struct World {
    fake: FakeTwilio,
    clock: VirtualClock,
    numbers: NumberList,
}

impl World {
    /// `count` numbers with another owner, and everything ready to receive them.
    async fn ready(count: usize) -> Self {
        Self::of(sample::numbers(count)).await
    }

    async fn of(numbers: NumberList) -> Self {
        let world = Self::gaining(numbers, FakeAccount::new(GAINING).token("gaining")).await;
        world.fake.set_campaign(SERVICE, "VERIFIED");
        world
    }

    async fn gaining(numbers: NumberList, account: FakeAccount) -> Self {
        let clock = VirtualClock::at(sample::time());
        let fake = FakeTwilio::start(clock.clone()).await.unwrap();
        fake.add_account(FakeAccount::new(LOSING).token("losing"));
        fake.add_account(FakeAccount::new(OWNER).token("owner"));
        fake.add_account(FakeAccount::new(WRONG).token("wrong").parent(OWNER));
        fake.add_account(account.parent(OWNER));
        fake.add_service(GAINING, SERVICE);
        for number in &numbers {
            fake.add_number(*number, LOSING);
        }
        Self {
            fake,
            clock,
            numbers,
        }
    }

    fn carrier(&self, token: &str) -> TwilioCarrier {
        let gaining = AccountSid::parse(GAINING).unwrap();
        let token = Credentials::auth_token(gaining, token.to_owned());
        self.builder(token).build()
    }

    fn builder(&self, credentials: Credentials) -> TwilioCarrierBuilder {
        let gaining = AccountSid::parse(GAINING).unwrap();
        let credentials = StaticCredentials::new().with(gaining, credentials);
        let client = TwilioClient::builder(credentials)
            .base_urls(BaseUrls::all(&self.fake.url()).unwrap())
            .rate(NonZeroU32::new(1_000_000).unwrap())
            .retries(0)
            .timer(self.clock.clone())
            .build()
            .unwrap();
        let platform = GainingPlatform::new("Aloware", "porting@aloware.test").unwrap();
        TwilioCarrier::builder(client, platform)
            .clock(self.clock.clone())
            .timer(self.clock.clone())
    }

    fn ask(&self) -> PreflightAsk {
        PreflightAsk::new(self.numbers.clone(), id(GAINING))
            .with_losing(id(LOSING))
            .with_messaging(service(SERVICE))
    }

    async fn preflight(&self) -> Preflight {
        self.asking(&self.ask()).await
    }

    async fn asking(&self, ask: &PreflightAsk) -> Preflight {
        self.carrier("gaining").preflight(ask).await
    }

    fn number(&self, index: usize) -> PhoneNumber {
        self.numbers.as_slice()[index]
    }
}

fn blockers(preflight: &Preflight) -> Vec<&PreflightIssue> {
    preflight.blockers().map(PreflightFinding::issue).collect()
}

fn warnings(preflight: &Preflight) -> Vec<&PreflightIssue> {
    preflight.warnings().map(PreflightFinding::issue).collect()
}

#[tokio::test]
async fn a_snap_port_with_everything_ready_is_ready() {
    for count in [1, 3] {
        let world = World::ready(count).await;
        let preflight = world.preflight().await;
        assert!(preflight.is_ready(), "{preflight}");
        assert_eq!(preflight.warnings().count(), 0, "{preflight}");
        assert_eq!(preflight.numbers().len(), count);
        for number in preflight.numbers() {
            assert_eq!(
                number.verdict(),
                Some(PortabilityVerdict::OnTwilioOtherOwner)
            );
        }
        // That the losing account cannot be seen is said, and held against nobody.
        let note = &preflight.findings()[0];
        assert_eq!(note.issue(), &PreflightIssue::LosingAccountNotVisible);
        assert_eq!(note.weight(), PreflightWeight::Note);
        assert_eq!(note.party(), Party::LosingPlatform);
        let methods = world.fake.requests();
        assert!(
            methods.iter().all(|request| request.method == "GET"),
            "nothing is changed"
        );
    }
}

#[tokio::test]
async fn accounts_must_be_sids_and_different() {
    let world = World::ready(1).await;
    let ask = PreflightAsk::new(world.numbers.clone(), id("acme")).with_losing(id("aircall-17"));
    let preflight = world.asking(&ask).await;
    assert_eq!(
        blockers(&preflight),
        [&PreflightIssue::NotASid, &PreflightIssue::NotASid]
    );
    assert_eq!(world.fake.requests().len(), 0);
    assert_eq!(preflight.numbers()[0].verdict(), None);
    assert!(!format!("{preflight}{preflight:?}").contains("aircall-17"));

    let ask = PreflightAsk::new(world.numbers.clone(), id(GAINING)).with_losing(id(GAINING));
    let preflight = world.asking(&ask).await;
    assert_eq!(blockers(&preflight), [&PreflightIssue::SameAccount]);

    let ask = PreflightAsk::new(world.numbers.clone(), id(GAINING));
    let preflight = world.asking(&ask).await;
    assert_eq!(
        warnings(&preflight),
        [&PreflightIssue::LosingAccountNotGiven]
    );
    assert!(preflight.is_ready());
}

#[tokio::test]
async fn the_gaining_account_must_be_active_and_upgraded() {
    let account = || FakeAccount::new(GAINING).token("gaining");
    let numbers = sample::numbers(1);
    let world = World::gaining(numbers.clone(), account().trial()).await;
    assert_eq!(
        blockers(&world.preflight().await),
        [&PreflightIssue::TrialAccount]
    );

    let world = World::gaining(numbers, account().status("suspended")).await;
    let preflight = world.preflight().await;
    let issue = blockers(&preflight)[0];
    assert!(
        matches!(issue, PreflightIssue::AccountNotActive(_)),
        "{preflight}"
    );
    assert!(issue.meaning().contains("suspended"));
}

#[tokio::test]
async fn a_preflight_is_shown_as_a_table() {
    let world = World::ready(2).await;
    world.fake.add_number(world.number(1), WRONG);
    let shown = world.preflight().await.to_string();
    let expected = "\
+14155550100     22132 on Twilio, in an account of another owner
+14155550101     22136 on Twilio, in another account of yours (…0003)

blocker: +14155550101: 22136: on Twilio, in another account of yours; staff: move them by API \
(move_within_owner) and take them off the list: this is no port
note: losing account: whether the losing account is active and holds the numbers cannot be seen: \
it is another owner's; losing platform: confirm the account SID, and that the numbers are in it
not ready; blockers: 1, warnings: 0";
    assert_eq!(shown, expected);
}

#[test]
fn an_ask_is_read_from_a_package_and_from_a_checklist_so_far() {
    let numbers = sample::numbers(2);
    let package = sample::package(&numbers, sample::time());
    let ask = PreflightAsk::of(&package);
    let expected = PreflightAsk::new(numbers.clone(), id(GAINING))
        .with_losing(id(LOSING))
        .with_messaging(service(SERVICE));
    assert_eq!(ask, expected);
    let mut checklist = Checklist::default();
    assert_eq!(PreflightAsk::of_checklist(&checklist), None);
    checklist
        .set_numbers(numbers)
        .set_destination(sample::destination());
    let so_far = PreflightAsk::of_checklist(&checklist).unwrap();
    assert_eq!(so_far.losing(), None);
    checklist.set_losing(sample::losing());
    assert_eq!(PreflightAsk::of_checklist(&checklist), Some(ask));
}
