//! What Twilio says of each number.

use snap_port::testing::{FakeRoute, sample};
use snap_port::twilio::{
    PortabilityVerdict, PreflightAsk, PreflightIssue, PreflightSubject, PreflightWeight,
};
use snap_port::{
    BundleId, Destination, NumberList, NumberNeed, PhoneNumber, Region, Regulatory,
    SubmissionPackage,
};

use super::{GAINING, LOSING, WRONG, World, blockers, id};

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
