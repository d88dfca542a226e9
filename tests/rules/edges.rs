//! The transition table is the whole truth: every edge can be walked, and nothing else happens.

use std::collections::BTreeSet;

use crate::stub::*;
use serde_json::{Value, json};
use snap_port::*;

/// The sample request in every state and phase that matters, some of them with more behind them.
fn requests() -> Vec<AnyPortRequest> {
    let mut all = every_state();
    for phase in [
        AttemptPhase::Cleared,
        AttemptPhase::Sent,
        AttemptPhase::HandedOver,
        AttemptPhase::NeedsPerson,
    ] {
        all.push(in_phase(phase).into());
    }
    let mut settled = sent();
    for look in ["2026-11-02T17:01:00Z", "2026-11-02T17:16:00Z"] {
        let news = absent(&settled, look);
        settled.heard(news).unwrap();
    }
    all.push(settled.into());
    let mut retried = sent();
    for look in ["2026-11-02T17:01:00Z", "2026-11-02T17:16:00Z"] {
        let news = absent(&retried, look);
        retried.heard(news).unwrap();
    }
    retried.retry(at("2026-11-02T17:16:00Z")).unwrap();
    all.push(retried.into());
    all.push(send_back(sealed()).into());
    all.push(rejected_unfiled().into());
    all.push(
        rejected()
            .amend(admin().permit().unwrap(), at(CONFIRMED))
            .into(),
    );
    all.push(
        draft()
            .withdrawn(admin().permit().unwrap(), "x", at(SEALED))
            .into(),
    );
    all.push(proven().into());
    all.extend(noted());
    all.extend(parted());
    all
}

/// Requests with a note of every kind.
fn noted() -> Vec<AnyPortRequest> {
    let admin = || admin().permit().unwrap();
    let mut approved = approved();
    approved.request_cancel("x", admin(), at(APPROVED));
    let asked = approved.ask_slot(slot(SLOT), self::admin().permit().unwrap(), at(APPROVED));
    assert_eq!(asked.unwrap().slot(), &slot(SLOT));
    let comment = Note::Comment("x".to_owned());
    let permit = support().permit().unwrap();
    approved.note(comment, permit, at(APPROVED)).unwrap();
    let scheduled = schedule(approved);
    let later = Schedule::Agreed(slot("2026-12-02T15:00:00Z"));
    let newer = confirmation(&scheduled, "2026-11-21T00:00:00Z", later);
    let rescheduled = scheduled.rescheduled(newer).unwrap();
    let mut ported = ported();
    let waiver = Waiver {
        number: number(0),
        check: Check::SmsIn,
        reason: "x".to_owned(),
        consent: "x".to_owned(),
    };
    let permit = support().permit().unwrap();
    ported.waive(waiver, permit, at(TESTED)).unwrap();
    vec![rescheduled.into(), ported.into()]
}

fn parted() -> [AnyPortRequest; 2] {
    let permit = support().permit().unwrap();
    let (parent, child) = submitted()
        .split(id("r-1b"), numbers(&[1]), "x", permit, at(APPROVED))
        .unwrap();
    [parent.into(), child.into()]
}

fn history(request: &AnyPortRequest) -> Vec<Value> {
    let record = serde_json::to_value(request).unwrap();
    record["history"].as_array().unwrap().clone()
}

fn kind(entry: &Value) -> String {
    entry["entry"]["event"].as_str().unwrap().to_owned()
}

/// The state a history ends in, however its record is claimed; `None` if it is refused.
fn end(history: &[Value]) -> Option<Status> {
    let record = json!({"id": "r-1", "status": "draft", "history": history});
    match reload(&record).expect_err("a draft without its checklist") {
        RecordError::Claim { actual, .. } => Some(actual),
        RecordError::Draft(status) => Some(status),
        _ => None,
    }
}

fn is_transition(kind: &str) -> bool {
    edges().iter().any(|edge| edge.event == kind)
}

fn in_table(from: Option<Status>, kind: &str, to: Status) -> bool {
    edges()
        .iter()
        .any(|edge| (edge.from, edge.event, edge.to) == (from, kind, to))
}

#[test]
fn every_edge_can_be_walked_and_no_other() {
    let mut walked = BTreeSet::new();
    for request in requests() {
        let history = history(&request);
        let mut from = None;
        for length in 1..=history.len() {
            let entry = &history[length - 1];
            let to = end(&history[..length]).expect("a prefix is a history");
            if is_transition(&kind(entry)) {
                assert!(in_table(from, &kind(entry), to), "{from:?} {entry} {to}");
                walked.insert((from, kind(entry), to));
            } else {
                assert_eq!(from, Some(to), "a note changed the state: {entry}");
            }
            from = Some(to);
        }
        assert_eq!(from, Some(request.status()));
    }
    walked.extend(walked_to_the_ends());
    for edge in edges() {
        let walk = (edge.from, edge.event.to_owned(), edge.to);
        assert!(walked.contains(&walk), "{edge:?} was not walked");
    }
}

type Walk = (Option<Status>, String, Status);

/// The refusals and cancellations from each state an order can be in.
fn walked_to_the_ends() -> Vec<Walk> {
    fn ends<S: InFlight>(make: impl Fn() -> PortRequest<S>) -> [Walk; 2] {
        let (request, other) = (make(), make());
        let (notice, receipt) = (notice(&request), cancellation(&other));
        let rejected = request.refused(notice).unwrap();
        let cancelled = other.cancelled(receipt).unwrap();
        [
            (Some(S::STATUS), "rejected".to_owned(), rejected.status()),
            (Some(S::STATUS), "cancelled".to_owned(), cancelled.status()),
        ]
    }
    let withdrawn = rejected().withdrawn(admin().permit().unwrap(), "x", at(CONFIRMED));
    let withdrawal = (
        Some(Status::Rejected),
        "withdrawn".to_owned(),
        withdrawn.status(),
    );
    let mut walks = vec![withdrawal];
    walks.extend(ends(submitted));
    walks.extend(ends(approved));
    walks.extend(ends(scheduled));
    walks
}

#[test]
fn timelines_tell_the_state_that_each_entry_enters() {
    for request in requests() {
        let history = history(&request);
        for (length, entry) in (1..).zip(request.timeline()) {
            match entry.enters() {
                Some(status) => assert_eq!(end(&history[..length]), Some(status)),
                None => assert!(!is_transition(entry.kind()), "{}", entry.kind()),
            }
        }
    }
}

#[test]
fn no_entry_leads_out_of_the_table_wherever_it_is_put() {
    let requests = requests();
    let pool: BTreeSet<String> = requests
        .iter()
        .flat_map(history)
        .map(|entry| entry.to_string())
        .collect();
    let pool: Vec<Value> = pool
        .iter()
        .map(|text| serde_json::from_str(text).unwrap())
        .collect();
    let kinds: BTreeSet<String> = pool.iter().map(kind).collect();
    assert_eq!(kinds.len(), 24, "an entry of every kind: {kinds:?}");
    let mut accepted = BTreeSet::new();
    for request in &requests {
        let mut longer = history(request);
        let from = request.status();
        for entry in &pool {
            longer.push(entry.clone());
            if let Some(to) = end(&longer) {
                let kind = kind(entry);
                if is_transition(&kind) {
                    assert!(in_table(Some(from), &kind, to), "{from} {entry} {to}");
                    accepted.insert((from, kind));
                } else {
                    assert_eq!(from, to, "a note changed the state: {entry}");
                }
            }
            longer.pop();
        }
    }
    for edge in edges().iter().filter(|edge| edge.from.is_some()) {
        let from = edge.from.unwrap();
        let taken = accepted.contains(&(from, edge.event.to_owned()));
        assert!(taken, "{edge:?} was never accepted");
    }
}
