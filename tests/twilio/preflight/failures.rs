//! Checks that fail.

use snap_port::testing::{FakeFault, FakeRoute};
use snap_port::twilio::{PreflightCheck, PreflightIssue, PreflightSubject, PreflightWeight};

use super::World;

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
