//! Requests brought to each state, one step after the other.

use snap_port::*;

use super::*;

/// A draft called `name`, with the carrier called `carrier`, whose checklist is filled.
pub(crate) fn draft_as(name: &str, carrier: &str) -> PortRequest<Draft> {
    let carrier = CarrierId::parse(carrier).unwrap();
    let permit = admin().permit().unwrap();
    let mut draft = PortRequest::start(id(name), carrier, permit, at(OPENED));
    *draft.checklist_mut() = (&package()).into();
    draft
}

pub(crate) fn draft() -> PortRequest<Draft> {
    draft_as("r-1", "stub")
}

pub(crate) fn seal(draft: PortRequest<Draft>) -> PortRequest<Sealed> {
    seal_with(draft, &package())
}

pub(crate) fn seal_with(
    draft: PortRequest<Draft>,
    package: &SubmissionPackage,
) -> PortRequest<Sealed> {
    draft
        .seal(package, admin().permit().unwrap(), at(SEALED))
        .unwrap()
}

pub(crate) fn sealed() -> PortRequest<Sealed> {
    seal(draft())
}

pub(crate) fn pass(mut sealed: PortRequest<Sealed>) -> PortRequest<Sealed> {
    let review = sealed.review(support().permit().unwrap(), at(REVIEWED));
    sealed.pass_review(review.pass(all())).unwrap();
    sealed
}

pub(crate) fn cleared() -> PortRequest<Sealed> {
    pass(sealed())
}

/// Back with the customer.
pub(crate) fn send_back(sealed: PortRequest<Sealed>) -> PortRequest<Draft> {
    let review = sealed.review(support().permit().unwrap(), at(REVIEWED));
    sealed
        .sent_back(review.send_back(findings()).unwrap())
        .unwrap()
}

pub(crate) fn findings() -> Vec<Finding> {
    vec![Finding {
        field: "letter of authorization".to_owned(),
        reason: "the second page is missing".to_owned(),
        remedy: "upload both pages".to_owned(),
    }]
}

pub(crate) fn dispatch(mut cleared: PortRequest<Sealed>) -> (PortRequest<Sealed>, Dispatch) {
    let proof = cleared.cleared().unwrap();
    let once = cleared.dispatch(proof, at(SENT)).unwrap();
    (cleared, once)
}

pub(crate) fn send(cleared: PortRequest<Sealed>) -> PortRequest<Sealed> {
    dispatch(cleared).0
}

pub(crate) fn sent() -> PortRequest<Sealed> {
    send(cleared())
}

/// What `carrier` makes of the submission of a cleared request.
pub(crate) fn submission(carrier: &StubCarrier, cleared: PortRequest<Sealed>) -> Submission {
    let (sent, once) = dispatch(cleared);
    wait(carrier.submit_request(&sent, once, &clock(TAKEN))).unwrap()
}

/// The news in `submission`.
pub(crate) fn news_in(submission: Submission) -> AttemptNews {
    match submission {
        Submission::HandedOver(news)
        | Submission::NotTaken(news, _)
        | Submission::InDoubt(news, _) => news,
        other => panic!("no news: {other:?}"),
    }
}

/// What a search for `sent`'s attempt at `seen` yields: nothing.
pub(crate) fn absent(sent: &PortRequest<Sealed>, seen: &str) -> AttemptNews {
    unclear(sent, FindReport::Absent, seen)
}

pub(crate) fn unclear(sent: &PortRequest<Sealed>, find: FindReport, seen: &str) -> AttemptNews {
    let carrier = StubCarrier {
        id: sent.carrier().clone(),
        ..StubCarrier::finding(find)
    };
    match wait(carrier.resolve(sent, &clock(seen))).unwrap() {
        Resolution::Unclear(news) => news,
        Resolution::Found(receipt) => panic!("found: {receipt:?}"),
    }
}

/// The sample attempt in `phase`.
pub(crate) fn in_phase(phase: AttemptPhase) -> PortRequest<Sealed> {
    let mut sent = match phase {
        AttemptPhase::UnderReview => return sealed(),
        AttemptPhase::Cleared => return cleared(),
        AttemptPhase::Sent => return sent(),
        _ => sent(),
    };
    let news = match phase {
        AttemptPhase::HandedOver => news_in(submission(
            &StubCarrier::submitting(Ok(SubmitReport::HandedOver {
                how: "transfer desk".to_owned(),
            })),
            cleared(),
        )),
        AttemptPhase::NeedsPerson => {
            let why = "no lookup".to_owned();
            unclear(&sent, FindReport::CannotTell { why }, TAKEN)
        }
        _ => absent(&sent, TAKEN),
    };
    sent.heard(news).unwrap();
    assert_eq!(sent.phase(), phase);
    sent
}

/// Support filed it as `as_order`.
pub(crate) fn receipt(sealed: &PortRequest<Sealed>, as_order: &str) -> SubmissionReceipt {
    let carrier = StubCarrier::named(sealed.carrier().as_str());
    let said = says(TAKEN, Filed(order(as_order)));
    carrier.attest_filed(sealed, said, &clock(TAKEN)).unwrap()
}

/// Support was told the submission is refused.
pub(crate) fn not_taken(sealed: &PortRequest<Sealed>) -> RefusalNotice {
    let carrier = StubCarrier::named(sealed.carrier().as_str());
    let said = says(TAKEN, refusal());
    carrier
        .attest_not_taken(sealed, said, &clock(TAKEN))
        .unwrap()
}

pub(crate) fn refusal() -> Refusal {
    Refusal::new(Reason::TicketUnknown, "we know no ticket 98765")
}

pub(crate) fn submit(sent: PortRequest<Sealed>) -> PortRequest<Submitted> {
    let receipt = receipt(&sent, "T-1");
    sent.submitted(receipt).unwrap()
}

pub(crate) fn submitted() -> PortRequest<Submitted> {
    submit(sent())
}

/// `name`, submitted as `as_order` through `carrier`.
pub(crate) fn submitted_as(name: &str, carrier: &str, as_order: &str) -> PortRequest<Submitted> {
    let sent = send(pass(seal(draft_as(name, carrier))));
    let receipt = receipt(&sent, as_order);
    sent.submitted(receipt).unwrap()
}

/// The three ways evidence can be about something else: the sample request's twin of another
/// name, with another order, and with another carrier.
pub(crate) fn strangers() -> [PortRequest<Submitted>; 3] {
    [
        submitted_as("r-2", "stub", "T-1"),
        submitted_as("r-1", "stub", "T-2"),
        submitted_as("r-1", "other", "T-1"),
    ]
}

/// Whether `violation` is the one that evidence from `strangers()[index]` must meet.
pub(crate) fn is_stranger(index: usize, violation: &Violation) -> bool {
    match index {
        0 => *violation == Violation::OtherRequest { found: id("r-2") },
        1 => {
            *violation
                == Violation::OtherOrder {
                    expected: order("T-1"),
                }
        }
        _ => matches!(violation, Violation::OtherCarrier { found, expected }
            if found.as_str() == "other" && expected.as_str() == "stub"),
    }
}

fn carrier_of<S: State>(request: &PortRequest<S>) -> StubCarrier {
    StubCarrier::named(request.carrier().as_str())
}

pub(crate) fn approval(
    submitted: &PortRequest<Submitted>,
    granted: ReleaseGranted,
) -> ReleaseApproval {
    let said = says(APPROVED, granted);
    carrier_of(submitted)
        .attest_release(submitted, said, &clock(APPROVED))
        .unwrap()
}

pub(crate) fn approve(submitted: PortRequest<Submitted>) -> PortRequest<ReleaseApproved> {
    let approval = approval(&submitted, granted(APPROVED));
    submitted.approved(approval).unwrap()
}

pub(crate) fn approved() -> PortRequest<ReleaseApproved> {
    approve(submitted())
}

pub(crate) fn confirmation<S: InFlight>(
    request: &PortRequest<S>,
    confirmed: &str,
    schedule: Schedule,
) -> ScheduleConfirmation {
    let said = says(confirmed, schedule);
    carrier_of(request)
        .attest_schedule(request, said, &clock(confirmed))
        .unwrap()
}

pub(crate) fn schedule(approved: PortRequest<ReleaseApproved>) -> PortRequest<Scheduled> {
    let confirmation = confirmation(&approved, CONFIRMED, Schedule::Agreed(slot(SLOT)));
    approved.scheduled(confirmation).unwrap()
}

pub(crate) fn scheduled() -> PortRequest<Scheduled> {
    schedule(approved())
}

/// A look at `request`, whose carrier reports `report`, at `seen`.
pub(crate) fn look<S: HasOrder>(request: &PortRequest<S>, report: OrderReport, seen: &str) -> Look {
    let carrier = StubCarrier {
        id: request.carrier().clone(),
        ..StubCarrier::reporting(report)
    };
    wait(carrier.look(request, &clock(seen))).unwrap()
}

pub(crate) fn reached<E: std::fmt::Debug>(progress: Result<Progress<E>, CarrierError>) -> E {
    match progress.unwrap() {
        Progress::Reached(evidence) => evidence,
        other => panic!("not reached: {other:?}"),
    }
}

pub(crate) fn completion(scheduled: &PortRequest<Scheduled>) -> PortCompletion {
    reached(look(scheduled, all_moved(scheduled), MOVED).completion(scheduled))
}

pub(crate) fn complete(scheduled: PortRequest<Scheduled>) -> PortRequest<Ported> {
    let completion = completion(&scheduled);
    scheduled.ported(completion).unwrap()
}

pub(crate) fn ported() -> PortRequest<Ported> {
    complete(scheduled())
}

/// Support saw `fact` at `seen`.
pub(crate) fn seen<S: Observable>(request: &PortRequest<S>, fact: Fact, seen: &str) -> Observation {
    let said = says(seen, fact);
    carrier_of(request)
        .attest_fact(request, said, &clock(seen))
        .unwrap()
}

/// Records `fact`, seen at [`TESTED`].
pub(crate) fn observe<S: Observable>(request: &mut PortRequest<S>, fact: Fact) {
    let observation = seen(request, fact, TESTED);
    request.observe(observation).unwrap();
}

pub(crate) fn tested(number: PhoneNumber, test: Test, outcome: Outcome) -> Fact {
    Fact::Tested {
        number,
        test,
        outcome,
    }
}

/// The facts that prove every check of `number` but the alerts.
pub(crate) fn proofs_of(number: PhoneNumber) -> Vec<Fact> {
    let mut facts = vec![
        Fact::Assigned { number },
        Fact::Registration {
            number,
            state: Registration::Registered,
        },
    ];
    facts.extend(Test::ALL.map(|test| tested(number, test, Outcome::Passed)));
    facts
}

/// Every check passed.
pub(crate) fn proven() -> PortRequest<Ported> {
    let mut ported = ported();
    for number in &all() {
        for fact in proofs_of(*number) {
            observe(&mut ported, fact);
        }
    }
    observe(&mut ported, Fact::AlertsRead);
    ported
}

pub(crate) fn verified() -> PortRequest<Verified> {
    let proven = proven();
    let report = proven
        .verification(success().permit().unwrap(), at(SIGNED))
        .unwrap();
    proven.verified(report).unwrap()
}

pub(crate) fn notice<S: InFlight>(request: &PortRequest<S>) -> RefusalNotice {
    let said = says(APPROVED, refusal());
    carrier_of(request)
        .attest_refusal(request, said, &clock(APPROVED))
        .unwrap()
}

/// Refused after an order existed.
pub(crate) fn rejected() -> PortRequest<Rejected> {
    let submitted = submitted();
    let notice = notice(&submitted);
    submitted.refused(notice).unwrap()
}

/// Refused before an order came of it.
pub(crate) fn rejected_unfiled() -> PortRequest<Rejected> {
    let sent = sent();
    let notice = not_taken(&sent);
    sent.refused(notice).unwrap()
}

pub(crate) fn cancellation<S: InFlight>(request: &PortRequest<S>) -> CancellationReceipt {
    let said = says(APPROVED, OrderCancelled);
    carrier_of(request)
        .attest_cancelled(request, said, &clock(APPROVED))
        .unwrap()
}

pub(crate) fn cancelled() -> PortRequest<Cancelled> {
    let submitted = submitted();
    let receipt = cancellation(&submitted);
    submitted.cancelled(receipt).unwrap()
}

/// The sample request in every state, by its status.
pub(crate) fn every_state() -> Vec<AnyPortRequest> {
    vec![
        draft().into(),
        sealed().into(),
        submitted().into(),
        approved().into(),
        scheduled().into(),
        ported().into(),
        verified().into(),
        rejected().into(),
        cancelled().into(),
    ]
}
