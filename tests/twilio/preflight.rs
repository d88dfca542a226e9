//! What is found before anything is filed.

use std::num::NonZeroU32;

use snap_port::testing::{FakeAccount, FakeFault, FakeRoute, FakeTwilio, VirtualClock, sample};
use snap_port::twilio::{
    AccountSid, BaseUrls, CampaignStatus, Credentials, PortabilityVerdict, Preflight, PreflightAsk,
    PreflightCheck, PreflightFinding, PreflightIssue, PreflightSubject, PreflightWeight,
    StaticCredentials, TwilioCarrier, TwilioClient,
};
use snap_port::{
    AccountId, Checklist, GainingPlatform, MessagingService, NumberList, NumberNeed, Party,
    PhoneNumber,
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
        let credentials = StaticCredentials::new().with(
            gaining.clone(),
            Credentials::auth_token(gaining, token.to_owned()),
        );
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
            .build()
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
async fn each_verdict_has_its_weight_its_meaning_and_its_next_step() {
    use PortabilityVerdict as V;
    use PreflightWeight::{Blocker, Warning};
    for (code, verdict, weight) in [
        (22136, V::OurOtherAccount, Blocker),
        (22131, V::InTarget, Blocker),
        (22137, V::PortUnderWay, Blocker),
        (22135, V::TryAgain, Blocker),
        (22102, V::InvalidNumber, Blocker),
        (20003, V::NoAccess, Blocker),
        (22133, V::ManualOnly, Warning),
        (22130, V::Unsupported, Warning),
        (22171, V::MissingFields, Warning),
        (23456, V::Other(Some(23456)), Warning),
    ] {
        let world = World::ready(2).await;
        world.fake.portability_says(world.number(1), code);
        let preflight = world.preflight().await;
        let found = preflight
            .findings()
            .iter()
            .find(|finding| *finding.issue() == PreflightIssue::Portability(verdict))
            .unwrap_or_else(|| panic!("{code} is not found: {preflight}"));
        assert_eq!(found.weight(), weight, "{code}");
        let only = NumberList::one(world.number(1));
        assert_eq!(found.subject(), &PreflightSubject::Numbers(only), "{code}");
        assert!(
            found.issue().meaning().contains(&code.to_string()),
            "{code}"
        );
        assert!(!found.issue().next_step().is_empty(), "{code}");
        assert_eq!(preflight.is_ready(), weight != Blocker, "{code}");
        assert!(
            preflight.to_string().contains(&code.to_string()),
            "{preflight}"
        );
    }
}

#[tokio::test]
async fn a_number_that_is_not_on_twilio_is_an_ordinary_port() {
    let world = World::ready(1).await;
    world.fake.off_twilio(world.number(0));
    let preflight = world.preflight().await;
    let issue = PreflightIssue::Portability(PortabilityVerdict::NotOnTwilio);
    assert_eq!(blockers(&preflight), [&issue]);
    assert!(issue.next_step().contains("ordinary"));
}

#[tokio::test]
async fn a_number_in_an_account_of_ours_is_moved_and_not_ported() {
    let world = World::ready(2).await;
    world.fake.add_number(world.number(0), WRONG);
    world.fake.add_number(world.number(1), GAINING);
    let preflight = world.preflight().await;
    let [moved, there] = &blockers(&preflight)[..] else {
        panic!("{preflight}");
    };
    assert_eq!(
        **moved,
        PreflightIssue::Portability(PortabilityVerdict::OurOtherAccount)
    );
    assert!(moved.next_step().contains("move_within_owner"), "{moved:?}");
    assert_eq!(
        **there,
        PreflightIssue::Portability(PortabilityVerdict::InTarget)
    );
    assert!(!preflight.to_string().contains(WRONG), "{preflight}");
}

#[tokio::test]
async fn mixed_numbers_are_named_number_by_number() {
    let world = World::ready(6).await;
    for (index, code) in [(1, 22136), (2, 22130), (4, 22136)] {
        world.fake.portability_says(world.number(index), code);
    }
    world.fake.off_twilio(world.number(5));
    let preflight = world.preflight().await;
    let named: Vec<(Option<u32>, Vec<PhoneNumber>)> = preflight
        .findings()
        .iter()
        .filter_map(|finding| match (finding.subject(), finding.issue()) {
            (PreflightSubject::Numbers(numbers), PreflightIssue::Portability(verdict)) => {
                Some((verdict.code(), numbers.iter().copied().collect()))
            }
            _ => None,
        })
        .collect();
    let number = |index| world.number(index);
    let expected = [
        (Some(22136), vec![number(1), number(4)]),
        (None, vec![number(5)]),
        (Some(22130), vec![number(2)]),
    ];
    assert_eq!(named, expected);
    let table = preflight.to_string();
    for index in 0..6 {
        let row = table.lines().nth(index).unwrap();
        assert!(row.starts_with(number(index).as_str()), "{row}");
    }
}

#[tokio::test]
async fn a_thousand_numbers_are_checked_each_once() {
    let world = World::ready(1_000).await;
    world.fake.portability_says(world.number(999), 22130);
    let ask = PreflightAsk::new(world.numbers.clone(), id(GAINING)).with_losing(id(LOSING));
    let preflight = world.asking(&ask).await;
    assert_eq!(world.fake.asked(FakeRoute::Portability), 1_000);
    assert_eq!(preflight.numbers()[999].number(), world.number(999));
    assert_eq!(preflight.warnings().count(), 1);
    assert!(preflight.is_ready());
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
async fn a_check_that_fails_is_a_finding_and_never_a_pass() {
    for (route, check, weight) in [
        (
            FakeRoute::Account,
            PreflightCheck::Account,
            PreflightWeight::Blocker,
        ),
        (
            FakeRoute::Portability,
            PreflightCheck::Portability,
            PreflightWeight::Blocker,
        ),
        (
            FakeRoute::ServiceNumbers,
            PreflightCheck::MessagingService,
            PreflightWeight::Warning,
        ),
        (
            FakeRoute::Campaigns,
            PreflightCheck::Campaigns,
            PreflightWeight::Warning,
        ),
    ] {
        for fault in [
            FakeFault::ErrorBefore(401),
            FakeFault::ErrorBefore(500),
            FakeFault::TooMany { retry_after: None },
            FakeFault::CutBefore,
            FakeFault::Malformed,
            FakeFault::Html,
        ] {
            let shown = format!("{route} {fault:?}");
            let world = World::ready(2).await;
            world.fake.fault_always(route, fault);
            let preflight = world.preflight().await;
            let failed: Vec<_> = preflight
                .findings()
                .iter()
                .filter(|finding| {
                    matches!(finding.issue(),
                        PreflightIssue::CheckFailed { check: failed, .. } if *failed == check)
                })
                .collect();
            assert!(!failed.is_empty(), "{shown}: {preflight}");
            assert!(
                failed.iter().all(|finding| finding.weight() == weight),
                "{shown}"
            );
            assert_eq!(
                preflight.is_ready(),
                weight != PreflightWeight::Blocker,
                "{shown}"
            );
            let others = preflight.findings().len() - failed.len();
            assert_eq!(
                others, 1,
                "the others pass all the same, {shown}: {preflight}"
            );
        }
    }
}

#[tokio::test]
async fn wrong_credentials_are_found_without_asking_about_every_number() {
    let world = World::ready(300).await;
    let preflight = world.carrier("not this").preflight(&world.ask()).await;
    assert!(!preflight.is_ready());
    assert!(world.fake.asked(FakeRoute::Portability) <= 16);
    let of_numbers: usize = preflight
        .blockers()
        .filter_map(|finding| match finding.subject() {
            PreflightSubject::Numbers(numbers) => Some(numbers.len()),
            _ => None,
        })
        .sum();
    assert_eq!(of_numbers, 300, "each number is said to be unchecked");
    assert!(!preflight.to_string().contains("not this"));
}

#[tokio::test]
async fn a_twilio_that_is_down_is_not_asked_about_every_number() {
    let world = World::ready(300).await;
    world
        .fake
        .fault_always(FakeRoute::Portability, FakeFault::ErrorBefore(503));
    let preflight = world.preflight().await;
    assert!(!preflight.is_ready());
    assert!(world.fake.asked(FakeRoute::Portability) <= 5 + 16);
}

#[tokio::test]
async fn one_number_that_fails_does_not_keep_the_others_from_being_checked() {
    let world = World::ready(20).await;
    world
        .fake
        .fault(FakeRoute::Portability, FakeFault::ErrorBefore(503));
    let preflight = world.preflight().await;
    let unchecked = preflight
        .numbers()
        .iter()
        .filter(|number| number.verdict().is_none());
    assert_eq!((unchecked.count(), preflight.is_ready()), (1, false));
}

#[tokio::test]
async fn campaigns_that_are_not_approved_warn() {
    for (word, status) in [
        ("PENDING", CampaignStatus::Pending),
        ("IN_PROGRESS", CampaignStatus::InProgress),
        ("FAILED", CampaignStatus::Failed),
        ("PAUSED", CampaignStatus::Other("PAUSED".to_owned())),
    ] {
        let world = World::ready(1).await;
        world.fake.set_campaign(SERVICE, word);
        let preflight = world.preflight().await;
        let issue = PreflightIssue::CampaignNotApproved(status);
        assert_eq!(warnings(&preflight), [&issue]);
        assert!(preflight.is_ready(), "the numbers move all the same");
        assert!(issue.meaning().contains("30034"));
    }
    let account = FakeAccount::new(GAINING).token("gaining");
    let world = World::gaining(sample::numbers(1), account).await;
    assert_eq!(
        warnings(&world.preflight().await),
        [&PreflightIssue::NoCampaign]
    );
}

#[tokio::test]
async fn a_service_needs_room_for_every_number() {
    let world = World::ready(3).await;
    world.fake.fill_service(SERVICE, 397);
    assert_eq!(world.preflight().await.warnings().count(), 0);
    world.fake.fill_service(SERVICE, 1);
    let preflight = world.preflight().await;
    let issue = PreflightIssue::PoolTooSmall {
        holds: 398,
        limit: 400,
        joining: 3,
    };
    assert_eq!(warnings(&preflight), [&issue]);
}

#[tokio::test]
async fn a_service_must_exist_in_the_gaining_account() {
    let world = World::ready(1).await;
    let ask = PreflightAsk::new(world.numbers.clone(), id(GAINING)).with_losing(id(LOSING));
    let other = "MG000000000000000000000000000000ff";
    let preflight = world
        .asking(&ask.clone().with_messaging(service(other)))
        .await;
    assert_eq!(blockers(&preflight), [&PreflightIssue::NoSuchService]);
    let preflight = world.asking(&ask.with_messaging(service("the pool"))).await;
    assert_eq!(blockers(&preflight), [&PreflightIssue::NotASid]);
}

#[tokio::test]
async fn what_numbers_need_is_noted() {
    let numbers = NumberList::parse("+18005550100\n+14155550101\n+442071838750", None).unwrap();
    let world = World::of(numbers).await;
    let preflight = world.preflight().await;
    let needs: Vec<_> = preflight
        .findings()
        .iter()
        .filter_map(|finding| match (finding.subject(), finding.issue()) {
            (PreflightSubject::Numbers(numbers), PreflightIssue::Need(need)) => {
                Some((numbers.first(), *need, finding.weight()))
            }
            _ => None,
        })
        .collect();
    let [
        (country, NumberNeed::AddressOrBundle { .. }, PreflightWeight::Warning),
        toll_free,
    ] = needs[..]
    else {
        panic!("{preflight}");
    };
    assert_eq!(country, world.number(2));
    let verification = NumberNeed::TollFreeVerification;
    assert_eq!(
        toll_free,
        (world.number(0), verification, PreflightWeight::Note)
    );
}

#[tokio::test]
async fn a_bundle_at_hand_answers_a_countrys_need() {
    use snap_port::{BundleId, Destination, Region, Regulatory, SubmissionPackage};
    let numbers = NumberList::parse("+442071838750", None).unwrap();
    let world = World::of(numbers.clone()).await;
    let bundle = BundleId::parse("BU00000000000000000000000000000001").unwrap();
    let to = Destination::new(id(GAINING))
        .with_regulatory(Regulatory::bundle(Region::new("GB").unwrap(), bundle));
    let now = sample::time();
    let package = SubmissionPackage::builder()
        .loa(sample::loa(&numbers, now))
        .numbers(numbers)
        .proof(sample::proof())
        .losing(sample::losing())
        .ticket(sample::ticket())
        .destination(to)
        .earliest(sample::earliest(now))
        .a2p(sample::a2p(now))
        .build();
    let preflight = world.asking(&PreflightAsk::of(&package)).await;
    assert_eq!(preflight.warnings().count(), 0, "{preflight}");
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
