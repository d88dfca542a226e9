//! The record: it reads back as it was, and what no legal history could have left is refused.

use crate::stub::*;
use serde_json::{Value, json};
use snap_port::*;

/// Every state, and histories with more behind them.
fn requests() -> Vec<AnyPortRequest> {
    let mut requests = every_state();
    for phase in [
        AttemptPhase::Cleared,
        AttemptPhase::HandedOver,
        AttemptPhase::InDoubt,
        AttemptPhase::NeedsPerson,
    ] {
        requests.push(in_phase(phase).into());
    }
    requests.push(send_back(sealed()).into());
    requests.push(rejected_unfiled().into());
    let permit = admin().permit().unwrap();
    requests.push(rejected().amend(permit, at(CONFIRMED)).into());
    let permit = admin().permit().unwrap();
    requests.push(draft().withdrawn(permit, "no need", at(SEALED)).into());
    requests.push(proven().into());
    requests
}

#[test]
fn every_state_reads_back_as_it_was() {
    for request in requests() {
        let bytes = request.to_json().unwrap();
        let read = AnyPortRequest::from_json(&bytes).unwrap();
        assert!(read == request, "{}", request.status());
        assert_eq!(read.to_json().unwrap(), bytes);
        let value = serde_json::to_value(&request).unwrap();
        let read: AnyPortRequest = serde_json::from_value(value).unwrap();
        assert!(read == request, "{}", request.status());
    }
}

fn converts<S: State>(state: usize) -> bool
where
    PortRequest<S>: TryFrom<AnyPortRequest, Error = Box<AnyPortRequest>>,
    AnyPortRequest: From<PortRequest<S>>,
{
    let twin = || every_state().swap_remove(state);
    match PortRequest::<S>::try_from(twin()) {
        Ok(request) => {
            assert!(AnyPortRequest::from(request) == twin());
            true
        }
        Err(back) => {
            assert!(*back == twin());
            false
        }
    }
}

#[test]
fn a_request_converts_to_its_own_state_and_comes_back_from_any_other() {
    for (index, request) in every_state().iter().enumerate() {
        let to = [
            converts::<Draft>(index),
            converts::<Sealed>(index),
            converts::<Submitted>(index),
            converts::<ReleaseApproved>(index),
            converts::<Scheduled>(index),
            converts::<Ported>(index),
            converts::<Verified>(index),
            converts::<Rejected>(index),
            converts::<Cancelled>(index),
        ];
        let own = Status::ALL.map(|status| status == request.status());
        assert_eq!(to, own);
    }
}

#[test]
fn a_record_cannot_claim_another_state() {
    for request in requests() {
        for claimed in Status::ALL {
            let actual = request.status();
            if claimed == actual {
                continue;
            }
            let mut record = serde_json::to_value(&request).unwrap();
            record["status"] = json!(claimed);
            match reload(&record).unwrap_err() {
                RecordError::Claim {
                    claimed: said,
                    actual: found,
                } => assert_eq!((said, found), (claimed, actual)),
                other => panic!("{other}"),
            }
        }
    }
}

#[test]
fn a_record_cannot_claim_another_name() {
    for request in requests() {
        let mut record = serde_json::to_value(&request).unwrap();
        record["id"] = json!("r-2");
        let error = reload(&record).unwrap_err();
        assert!(
            matches!(&error, RecordError::Identity { claimed, actual }
                if *claimed == id("r-2") && *actual == id("r-1")),
            "{error}"
        );
    }
    let permit = support().permit().unwrap();
    let (_, child) = submitted()
        .split(id("r-1b"), numbers(&[1]), "x", permit, at(MOVED))
        .unwrap();
    let mut record = json(child);
    record["id"] = json!("r-1");
    let error = reload(&record).unwrap_err();
    assert!(matches!(error, RecordError::Identity { .. }), "{error}");
}

#[test]
fn a_draft_has_a_checklist_and_nothing_else_does() {
    for request in requests() {
        let status = request.status();
        let mut record = serde_json::to_value(&request).unwrap();
        if status == Status::Draft {
            record.as_object_mut().unwrap().remove("draft").unwrap();
        } else {
            record["draft"] = json!({});
        }
        let error = reload(&record).unwrap_err();
        assert!(
            matches!(error, RecordError::Draft(found) if found == status),
            "{error}"
        );
    }
}

#[test]
fn a_newer_version_is_refused_by_its_number() {
    let mut record = json(submitted());
    record["history"][3]["v"] = json!(SCHEMA + 1);
    let error = reload(&record).unwrap_err();
    let RecordError::Newer { entry: 3, version } = error else {
        panic!("{error}");
    };
    assert_eq!(version, SCHEMA + 1);
    record["history"][3]["v"] = json!(0);
    let error = reload(&record).unwrap_err();
    assert!(
        matches!(error, RecordError::Entry { entry: 3, .. }),
        "{error}"
    );
}

#[test]
fn a_history_begins_with_an_opening_and_has_no_other() {
    let mut record = json(submitted());
    record["history"] = json!([]);
    let error = reload(&record).unwrap_err();
    assert!(matches!(error, RecordError::NoOpening), "{error}");
    let mut record = json(submitted());
    record["history"].as_array_mut().unwrap().remove(0);
    let error = reload(&record).unwrap_err();
    assert!(matches!(error, RecordError::NoOpening), "{error}");
    let mut record = json(draft());
    let opening = record["history"][0].clone();
    record["history"].as_array_mut().unwrap().push(opening);
    let error = reload(&record).unwrap_err();
    assert!(
        matches!(
            error,
            RecordError::Illegal {
                entry: 1,
                kind: "opened",
                status: Status::Draft
            }
        ),
        "{error}"
    );
}

#[test]
fn no_entry_of_a_life_can_be_left_out() {
    let whole = json(verified());
    let length = whole["history"].as_array().unwrap().len();
    assert_eq!(length, 8 + 3 * 6 + 1 + 1);
    for index in 0..length {
        let mut record = whole.clone();
        let gone = record["history"].as_array_mut().unwrap().remove(index);
        assert!(reload(&record).is_err(), "without {gone}");
    }
}

/// A record with an entry of every kind that people leave, and the place of each.
fn peoples() -> Value {
    let mut request = approved();
    let permit = admin().permit().unwrap();
    request.request_cancel("x", permit, at(APPROVED));
    let mut ported = complete(schedule(request));
    for number in &all() {
        for check in Check::ALL {
            let waiver = Waiver {
                number: *number,
                check,
                reason: "x".to_owned(),
                consent: "x".to_owned(),
            };
            let permit = support().permit().unwrap();
            ported.waive(waiver, permit, at(TESTED)).unwrap();
        }
    }
    let permit = support().permit().unwrap();
    let report = ported.verification(permit, at(SIGNED)).unwrap();
    json(ported.verified(report).unwrap())
}

/// `record` with the actor of its first entry of `kind` in another role.
fn recast(mut record: Value, kind: &str, role: &str) -> (usize, Value) {
    let history = record["history"].as_array_mut().unwrap();
    let index = history
        .iter()
        .position(|stored| stored["entry"]["event"] == kind)
        .unwrap();
    let entry = &mut history[index]["entry"];
    let actor = match entry.get("by") {
        Some(_) => &mut entry["by"],
        None => &mut entry["source"]["basis"]["attested"],
    };
    assert!(actor["role"].is_string(), "{kind} has no actor");
    actor["role"] = json!(role);
    (index, record)
}

#[test]
fn an_entry_of_somebody_who_may_not_is_refused() {
    let sent_back = json(send_back(sealed()));
    let amended = json(rejected().amend(admin().permit().unwrap(), at(CONFIRMED)));
    let withdrawn = json(draft().withdrawn(admin().permit().unwrap(), "x", at(SEALED)));
    for (record, kind, role) in [
        (peoples(), "opened", "support"),
        (peoples(), "opened", "customer_success"),
        (peoples(), "sealed", "support"),
        (peoples(), "sealed", "customer_success"),
        (peoples(), "reviewed", "admin"),
        (peoples(), "reviewed", "customer_success"),
        (sent_back, "sent_back", "admin"),
        (peoples(), "submitted", "admin"),
        (peoples(), "approved", "billing_admin"),
        (peoples(), "cancel_requested", "customer_success"),
        (peoples(), "scheduled", "admin"),
        (peoples(), "waived", "admin"),
        (peoples(), "verified", "billing_admin"),
        (json(rejected()), "rejected", "admin"),
        (json(cancelled()), "cancelled", "admin"),
        (json(proven()), "observed", "admin"),
        (amended, "amended", "customer_success"),
        (withdrawn, "withdrawn", "customer_success"),
    ] {
        assert!(reload(&record).is_ok());
        let (index, record) = recast(record, kind, role);
        let error = reload(&record).unwrap_err();
        assert!(
            matches!(&error, RecordError::Violation { entry, source: Violation::NotPermitted(_) }
                if *entry == index),
            "{kind} by {role}: {error}"
        );
    }
}

#[test]
fn findings_that_say_nothing_are_read_from_a_record_all_the_same() {
    for findings in [
        json!([]),
        json!([{ "field": "", "reason": " ", "remedy": "" }]),
    ] {
        let mut record = json(send_back(sealed()));
        let history = record["history"].as_array_mut().unwrap();
        history.last_mut().unwrap()["entry"]["findings"] = findings;
        assert_eq!(reload(&record).unwrap().status(), Status::Draft);
    }
}

#[test]
fn what_is_not_json_or_ends_early_is_refused() {
    let whole = draft();
    let bytes = AnyPortRequest::from(whole).to_json().unwrap();
    for end in 0..bytes.len() {
        let error = AnyPortRequest::from_json(&bytes[..end]).unwrap_err();
        assert!(matches!(error, RecordError::Shape(_)), "{end}: {error}");
    }
}
