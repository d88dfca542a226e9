//! Checks that fail.

use snap_port::testing::{FakeAccount, FakeFault, FakeRoute};
use snap_port::twilio::{
    ApiKeySid, Credentials, PreflightCheck, PreflightFinding, PreflightIssue, PreflightSubject,
    PreflightWeight, TwilioCarrier,
};

use super::{GAINING, OWNER, World};

const KEY: &str = "SK00000000000000000000000000000001";

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
            if (route, fault) == (FakeRoute::Account, FakeFault::ErrorBefore(401)) {
                // That is what a standard API key gets.
                continue;
            }
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

/// A carrier with a standard API key of the gaining account.
fn keyed(world: &World, secret: &str) -> TwilioCarrier {
    let account = FakeAccount::new(GAINING).token("gaining").parent(OWNER);
    world.fake.add_account(account.key(KEY, "secret"));
    let key = ApiKeySid::parse(KEY).unwrap();
    world.builder(Credentials::api_key(key, secret)).build()
}

#[tokio::test]
async fn a_standard_key_that_works_may_leave_the_account_unseen() {
    let world = World::ready(2).await;
    let preflight = keyed(&world, "secret").preflight(&world.ask()).await;
    let [warning] = preflight.warnings().collect::<Vec<_>>()[..] else {
        panic!("{preflight}");
    };
    assert!(preflight.is_ready(), "{preflight}");
    let issue = warning.issue();
    assert!(matches!(issue, PreflightIssue::AccountNotReadable { .. }));
    let said = warning.to_string();
    for part in ["active", "trial account", "was not seen", "20003"] {
        assert!(said.contains(part), "{said}");
    }
    assert!(!said.contains(GAINING));
}

#[tokio::test]
async fn a_key_that_works_nowhere_is_a_blocker_of_the_account() {
    let of_account = |finding: &&PreflightFinding| {
        let check = PreflightCheck::Account;
        matches!(finding.issue(), PreflightIssue::CheckFailed { check: failed, .. } if *failed == check)
    };
    let world = World::ready(2).await;
    let preflight = keyed(&world, "wrong").preflight(&world.ask()).await;
    assert_eq!(preflight.blockers().filter(of_account).count(), 1);
    // Nor does a refusal in the words of portability show that they work.
    for code in [20003, 22135] {
        let world = World::ready(2).await;
        for number in &world.numbers {
            world.fake.portability_says(*number, code);
        }
        let preflight = keyed(&world, "secret").preflight(&world.ask()).await;
        assert_eq!(preflight.blockers().filter(of_account).count(), 1);
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
