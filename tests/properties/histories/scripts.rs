//! Random scripts, faults and capabilities for the simulated carrier.

use std::time::Duration;

use chrono::TimeDelta;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use snap_port::testing::{
    CancelPlan, Cutover, Fault, Intake, Lookup, Move, Partial, RegistrationPlan, ReleasePlan,
    SchedulePlan, Script, sample,
};
use snap_port::{Capabilities, Hold, Means, Reason, Refusal, Step};

/// Everything a run is decided by, beside its dice.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) script: Script,
    pub(crate) capabilities: Capabilities,
    pub(crate) lookup: Lookup,
    pub(crate) percent: u8,
    pub(crate) faults: Vec<Fault>,
}

fn hours(range: std::ops::Range<i64>) -> impl Strategy<Value = TimeDelta> {
    range.prop_map(TimeDelta::hours)
}

fn refusal() -> Refusal {
    Refusal::new(Reason::WrongLosingAccount, "no such account")
}

fn release() -> impl Strategy<Value = ReleasePlan> {
    prop_oneof![
        6 => hours(1..200).prop_map(ReleasePlan::After),
        2 => (hours(1..100), 1..3_usize, option::of(hours(100..200)))
            .prop_map(|(after, first, rest)| ReleasePlan::Partly { after, first, rest }),
        1 => hours(1..100)
            .prop_map(|after| ReleasePlan::Refused { after, refusal: refusal() }),
        1 => Just(ReleasePlan::Silent),
    ]
}

fn schedule() -> impl Strategy<Value = SchedulePlan> {
    prop_oneof![
        4 => Just(SchedulePlan::Agreed),
        2 => hours(1..60).prop_map(SchedulePlan::AgreedAfter),
        2 => hours(1..60).prop_map(SchedulePlan::CounterOffered),
        1 => Just(SchedulePlan::Refused(refusal())),
        3 => (hours(0..60), hours(1..60), any::<bool>()).prop_map(|(after, lead, keeps_earliest)| {
            SchedulePlan::SetByCarrier { after, lead, keeps_earliest }
        }),
    ]
}

fn cutover() -> impl Strategy<Value = Cutover> {
    prop_oneof![
        6 => hours(-30..30).prop_map(Cutover::AtSlot),
        2 => hours(1..400).prop_map(Cutover::AfterSubmission),
        1 => Just(Cutover::Never),
    ]
}

fn registration() -> impl Strategy<Value = RegistrationPlan> {
    prop_oneof![
        3 => hours(0..240).prop_map(RegistrationPlan::RegisteredAfter),
        1 => hours(0..240).prop_map(|after| RegistrationPlan::Failed {
            after,
            why: "brand not verified".to_owned(),
        }),
    ]
}

fn cancel() -> impl Strategy<Value = CancelPlan> {
    prop_oneof![
        4 => Just(CancelPlan::Done),
        2 => hours(1..60).prop_map(CancelPlan::DoneAfter),
        1 => Just(CancelPlan::Refused("too late".to_owned())),
    ]
}

fn moves() -> impl Strategy<Value = Move> {
    (hours(0..40), hours(-20..60)).prop_map(|(after, by)| Move { after, by })
}

fn some_numbers() -> impl Strategy<Value = Partial> {
    (1..3_usize, option::of(hours(1..200)))
        .prop_map(|(first, rest_after)| Partial { first, rest_after })
}

fn script() -> impl Strategy<Value = Script> {
    let holds = vec((hours(0..150), option::weighted(0.8, hours(1..150))), 0..2);
    let service = (
        registration(),
        0..3_u32,
        vec((0..3_usize, hours(0..80)), 0..3),
    );
    let seldom = (
        option::weighted(0.3, moves()),
        option::weighted(0.3, some_numbers()),
        option::weighted(0.2, (1..3_usize, option::of(hours(1..200)))),
        option::weighted(0.1, hours(100..500)),
        option::weighted(0.1, Just(())),
        option::weighted(0.2, hours(1..200)),
    );
    (
        release(),
        schedule(),
        cutover(),
        cancel(),
        holds,
        service,
        seldom,
    )
        .prop_map(
            |(release, schedule, cutover, cancel, holds, service, seldom)| {
                let (registration, voice_failures, alerts) = service;
                let (reschedule, partial, detour, unasked, refused, words) = seldom;
                let mut script = Script::default()
                    .release(release)
                    .schedule(schedule)
                    .cutover(cutover)
                    .cancel(cancel)
                    .registration(registration)
                    .voice_failures(voice_failures);
                for (from, lasts) in holds {
                    let hold = Hold::new(Reason::FeeDemanded, "$50");
                    script = script.hold(hold, from, lasts.map(|lasts| from + lasts));
                }
                for (index, after) in alerts {
                    script = script.alert(index, after, "30007: filtered");
                }
                if let Some((first, home)) = detour {
                    script = script.detour(first, sample::wrong_account(), home);
                }
                if let Some(from) = words {
                    script = script.words(from, "PENDING_LSA");
                }
                (script.reschedule, script.partial) = (reschedule, partial);
                script.cancels_unasked = unasked;
                if refused.is_some() {
                    script.intake = Intake::Refused(refusal());
                }
                script
            },
        )
}

fn capabilities() -> impl Strategy<Value = Capabilities> {
    let means = select(vec![
        Means::Api,
        Means::Api,
        Means::Human,
        Means::ApiOrHuman,
    ]);
    let mixed = vec(means, Step::ALL.len()).prop_map(|means| {
        let steps = Step::ALL.into_iter().zip(means);
        steps.fold(Capabilities::manual(), |all, (step, means)| {
            all.with(step, means)
        })
    });
    prop_oneof![Just(Capabilities::all(Means::Api)), mixed]
}

pub(crate) fn plan() -> impl Strategy<Value = Plan> {
    // An answer may be late, but not as late as the crate waits before it calls an order absent.
    let faults = vec![
        Fault::LostBefore,
        Fault::LostAfter,
        Fault::Unreachable,
        Fault::Unavailable,
        Fault::RateLimited(Duration::from_secs(30)),
        Fault::Unauthorized,
        Fault::Duplicate,
        Fault::Stale(TimeDelta::minutes(10)),
        Fault::WrongOrder,
    ];
    let lookup = select(vec![
        Lookup::SeesAfter(TimeDelta::zero()),
        Lookup::SeesAfter(TimeDelta::minutes(4)),
        Lookup::CannotTell,
    ]);
    (
        any::<u64>(),
        script(),
        capabilities(),
        lookup,
        prop_oneof![0..=30_u8, 25..=30_u8],
        subsequence(faults, 1..=9),
    )
        .prop_map(
            |(seed, script, capabilities, lookup, percent, faults)| Plan {
                seed,
                script,
                capabilities,
                lookup,
                percent,
                faults,
            },
        )
}
