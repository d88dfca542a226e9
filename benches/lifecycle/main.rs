//! A whole life in memory, from draft to verified, against a plain enum that carries the same data
//! and makes the same checks; and what it costs to write a record and to replay it.
//!
//! `cargo bench --bench lifecycle`. Compare medians within one run.

mod plain;

use chrono::TimeDelta;
use divan::{Bencher, black_box};
use snap_port::testing::{SimCarrier, VirtualClock, sample};
use snap_port::{
    AnyPortRequest, CarrierClientExt, Clock, Fact, NumberList, Observation, PortCompletion,
    PortRequest, PortRequestId, Progress, Registration, ReleaseApproval, ScheduleConfirmation,
    Submission, SubmissionPackage, SubmissionReceipt, Test, VerificationReport, Verified,
};

fn main() {
    divan::main();
}

const FEW: usize = 3;
const MANY: usize = 1_000;

/// Evidence of one smooth port, minted once: evidence is `Clone`, a request is not.
struct Evidence {
    package: SubmissionPackage,
    receipt: SubmissionReceipt,
    approval: ReleaseApproval,
    confirmation: ScheduleConfirmation,
    completion: PortCompletion,
    seen: Vec<Observation>,
    report: VerificationReport,
}

fn id() -> PortRequestId {
    PortRequestId::parse("bench-1").expect("a plain id")
}

fn smooth(count: usize) -> Evidence {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime
        .expect("a runtime")
        .block_on(mint(sample::numbers(count)))
}

/// Takes a port through the simulated carrier and keeps the evidence.
async fn mint(numbers: NumberList) -> Evidence {
    let clock = VirtualClock::at(sample::time());
    let carrier = SimCarrier::new(clock.clone(), 7);
    let now = clock.now();
    let mut sealed = sample::cleared(id(), sample::carrier(), numbers.clone(), now);
    let package = sealed.package().clone();
    let cleared = sealed.cleared().expect("cleared");
    let once = sealed.dispatch(cleared, now).expect("dispatched");
    let Ok(Submission::Accepted(receipt)) = carrier.submit_request(&sealed, once, &clock).await
    else {
        panic!("the simulated carrier takes it");
    };
    let submitted = sealed.submitted(receipt.clone()).expect("submitted");
    clock.advance(TimeDelta::hours(25));
    let Ok(Progress::Reached(approval)) = carrier.check_release(&submitted, &clock).await else {
        panic!("it is released");
    };
    let mut approved = submitted.approved(approval.clone()).expect("approved");
    let slot = sample::slot(package.earliest());
    let permit = sample::support().permit().expect("a permit");
    let ask = approved.ask_slot(slot, permit, clock.now()).expect("asked");
    let look = carrier
        .ask_slot(&approved, &ask, &clock)
        .await
        .expect("a look");
    let Ok(Progress::Reached(confirmation)) = look.schedule(&approved) else {
        panic!("it is agreed");
    };
    let scheduled = approved.scheduled(confirmation.clone()).expect("scheduled");
    clock.advance(TimeDelta::days(8));
    let Ok(Progress::Reached(completion)) = carrier.check_ported(&scheduled, &clock).await else {
        panic!("it is ported");
    };
    let mut ported = scheduled.ported(completion.clone()).expect("ported");
    let mut seen = Vec::new();
    for number in &numbers {
        seen.push(
            carrier
                .assign_number(&ported, *number, &clock)
                .await
                .expect("assigned"),
        );
        let joined = carrier.add_to_messaging(&ported, *number, &clock).await;
        seen.extend(joined.expect("joined"));
    }
    clock.advance(TimeDelta::days(5));
    for number in &numbers {
        seen.push(
            carrier
                .check_registration(&ported, *number, &clock)
                .await
                .expect("asked"),
        );
        for test in Test::ALL {
            let run = carrier.test_number(&ported, *number, test, &clock).await;
            seen.push(run.expect("tested"));
        }
    }
    seen.extend(carrier.read_alerts(&ported, &clock).await.expect("read"));
    for observation in &seen {
        ported.observe(observation.clone()).expect("observed");
    }
    let permit = sample::customer_success().permit().expect("a permit");
    let report = ported.verification(permit, clock.now()).expect("verified");
    Evidence {
        package,
        receipt,
        approval,
        confirmation,
        completion,
        seen,
        report,
    }
}

/// The life through this crate's transitions.
fn live(evidence: &Evidence) -> PortRequest<Verified> {
    let at = sample::time();
    let admin = sample::admin();
    let permit = admin.permit().expect("a permit");
    let draft = PortRequest::start(id(), sample::carrier(), permit, at);
    let permit = admin.permit().expect("a permit");
    let mut sealed = draft.seal(&evidence.package, permit, at).expect("sealed");
    let permit = sample::support().permit().expect("a permit");
    let review = sealed
        .review(permit, at)
        .pass(evidence.package.numbers().clone());
    sealed.pass_review(review).expect("reviewed");
    let cleared = sealed.cleared().expect("cleared");
    drop(sealed.dispatch(cleared, at).expect("dispatched"));
    let submitted = sealed
        .submitted(evidence.receipt.clone())
        .expect("submitted");
    let approved = submitted
        .approved(evidence.approval.clone())
        .expect("approved");
    let scheduled = approved
        .scheduled(evidence.confirmation.clone())
        .expect("scheduled");
    let mut ported = scheduled
        .ported(evidence.completion.clone())
        .expect("ported");
    for seen in &evidence.seen {
        ported.observe(seen.clone()).expect("observed");
    }
    ported.verified(evidence.report.clone()).expect("verified")
}

#[divan::bench(args = [FEW, MANY])]
fn life_of_types(bencher: Bencher<'_, '_>, numbers: usize) {
    let evidence = smooth(numbers);
    bencher.bench_local(|| live(black_box(&evidence)));
}

#[divan::bench(args = [FEW, MANY])]
fn life_of_a_plain_enum(bencher: Bencher<'_, '_>, numbers: usize) {
    let evidence = smooth(numbers);
    let facts: Vec<plain::Seen> = evidence.seen.iter().map(plain_seen).collect();
    bencher.bench_local(|| plain::live(black_box(&evidence), black_box(&facts)));
}

fn plain_seen(seen: &Observation) -> plain::Seen {
    let fact = match seen.what() {
        Fact::Assigned { number } => plain::Fact::Assigned(*number),
        Fact::JoinedMessaging { number, .. } => plain::Fact::Joined(*number),
        Fact::Registration { number, state } => {
            plain::Fact::Registered(*number, *state == Registration::Registered)
        }
        Fact::Tested { number, test, .. } => plain::Fact::Passed(*number, *test),
        _ => plain::Fact::AlertsRead,
    };
    plain::Seen {
        request: seen.request().clone(),
        carrier: seen.carrier().clone(),
        at: seen.occurred_at(),
        fact,
    }
}

#[divan::bench(args = [FEW, MANY])]
fn record_write(bencher: Bencher<'_, '_>, numbers: usize) {
    let request = AnyPortRequest::from(live(&smooth(numbers)));
    bencher.bench_local(|| black_box(&request).to_json().expect("written"));
}

#[divan::bench(args = [FEW, MANY])]
fn record_replay(bencher: Bencher<'_, '_>, numbers: usize) {
    let request = AnyPortRequest::from(live(&smooth(numbers)));
    let bytes = request.to_json().expect("written");
    bencher.bench_local(|| AnyPortRequest::from_json(black_box(&bytes)).expect("read"));
}

/// The peer of [`record_replay`]: the same bytes parsed as JSON, with no rule asked.
#[divan::bench(args = [FEW, MANY])]
fn record_parse_only(bencher: Bencher<'_, '_>, numbers: usize) {
    let request = AnyPortRequest::from(live(&smooth(numbers)));
    let bytes = request.to_json().expect("written");
    bencher.bench_local(|| {
        serde_json::from_slice::<serde_json::Value>(black_box(&bytes)).expect("JSON")
    });
}
