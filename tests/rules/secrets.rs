//! Account numbers, signers and documents' names reach neither `Debug` nor errors.

use std::error::Error;

use crate::stub::*;
use serde_json::{Value, json};
use snap_port::*;

const CANARY: &str = "CANARY";

/// Accounts show their last four characters, so those are no secret.
fn secret_account(tail: &str) -> AccountId {
    account(&format!("{CANARY}-{tail}"))
}

fn secret_file(name: &str) -> DocumentFile {
    let (name, locator) = (format!("{CANARY} {name}"), format!("{CANARY}/{name}"));
    DocumentFile::describe(&name, &locator, b"%PDF-1.7").unwrap()
}

/// A package whose every secret is a canary.
fn secret_package() -> SubmissionPackage {
    let losing = LosingAccount::new(LosingPlatform::Aircall, secret_account("0001"));
    let signed_on = "2026-11-02".parse().unwrap();
    let file = secret_file("loa.pdf");
    let loa = SignedLoa::new(&format!("{CANARY} Doe"), signed_on, all(), file).unwrap();
    let kind = format!("lease of {CANARY}").parse().unwrap();
    package_with(|list| {
        list.set_loa(loa)
            .replace_proofs(vec![ProofOfOwnership::new(kind, secret_file("bill.pdf"))])
            .set_losing(losing.with_carrier_account(secret_account("0002")))
            .set_destination(Destination::new(secret_account("0003")));
    })
}

fn secret_draft() -> PortRequest<Draft> {
    let mut draft = draft();
    *draft.checklist_mut() = (&secret_package()).into();
    draft
}

fn secret_sealed() -> PortRequest<Sealed> {
    let mut sealed = seal_with(secret_draft(), &secret_package());
    let added = Note::DocumentAdded(secret_file("more.pdf"));
    let permit = support().permit().unwrap();
    sealed.note(added, permit, at(REVIEWED)).unwrap();
    sealed
}

fn secret_submitted() -> PortRequest<Submitted> {
    submit(send(pass(secret_sealed())))
}

fn secret_scheduled() -> PortRequest<Scheduled> {
    let submitted = secret_submitted();
    let granted = ReleaseGranted {
        gaining_account: secret_account("0003"),
        ..granted(APPROVED)
    };
    let approval = approval(&submitted, granted);
    schedule(submitted.approved(approval).unwrap())
}

fn secret_ported() -> PortRequest<Ported> {
    let scheduled = secret_scheduled();
    let moved = [0, 1, 2].map(|index| arrival(index, secret_account("0003")));
    let look = look(&scheduled, report(&scheduled).arrived(moved), MOVED);
    let completion = reached(look.completion(&scheduled));
    let mut ported = scheduled.ported(completion).unwrap();
    observe(&mut ported, strayed());
    ported
}

fn strayed() -> Fact {
    Fact::Arrived {
        number: number(0),
        account: secret_account("0004"),
    }
}

fn secret_states() -> Vec<AnyPortRequest> {
    let refused = secret_submitted();
    let notice = notice(&refused);
    let stopped = secret_submitted();
    let receipt = cancellation(&stopped);
    vec![
        secret_draft().into(),
        secret_sealed().into(),
        secret_submitted().into(),
        secret_scheduled().into(),
        secret_ported().into(),
        refused.refused(notice).unwrap().into(),
        stopped.cancelled(receipt).unwrap().into(),
    ]
}

#[track_caller]
fn quiet(text: &str) {
    assert!(!text.contains(CANARY), "{text}");
}

/// An error's words and its causes'.
fn words(error: &(dyn Error + 'static)) -> String {
    let mut words = format!("{error} {error:?}");
    let mut cause = error.source();
    while let Some(error) = cause {
        words.push_str(&format!(" {error} {error:?}"));
        cause = error.source();
    }
    words
}

#[test]
fn the_canary_is_in_the_record_where_it_belongs() {
    for request in secret_states() {
        let bytes = request.to_json().unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.matches(CANARY).count() >= 8, "{}", request.status());
    }
}

#[test]
fn no_state_shows_a_secret() {
    for request in secret_states() {
        quiet(&format!("{request:?} {request:#?}"));
        for entry in request.timeline() {
            quiet(&format!("{entry:?} {entry}"));
        }
    }
}

#[test]
fn no_part_of_a_request_shows_a_secret() {
    let draft = secret_draft();
    quiet(&format!("{:?}", draft.checklist()));
    let ported = secret_ported();
    quiet(&format!("{:?} {:?}", ported.attempt(), ported.package()));
    quiet(&format!(
        "{:?} {:?}",
        ported.package().loa(),
        ported.package().losing()
    ));
    quiet(&format!("{:?}", ported.package().destination()));
    quiet(&format!(
        "{:?}",
        ported.package().proofs().collect::<Vec<_>>()
    ));
    quiet(&format!(
        "{:?}",
        ported.added_documents().collect::<Vec<_>>()
    ));
    quiet(&format!(
        "{:?} {:?}",
        ported.approval(),
        ported.completion()
    ));
    quiet(&format!("{:?}", ported.table()));
}

#[test]
fn neither_does_what_a_carrier_is_sent_or_reports() {
    let carrier = StubCarrier::new();
    let (sent, once) = dispatch(pass(secret_sealed()));
    let submission = wait(carrier.submit_request(&sent, once, &clock(TAKEN))).unwrap();
    quiet(&format!("{submission:?}"));
    quiet(&carrier.shown.lock().unwrap().join("\n"));
    let request = secret_scheduled();
    let astray = report(&request).arrived([arrival(0, secret_account("0004"))]);
    let look = look(&request, astray, MOVED);
    quiet(&format!("{look:?} {:?}", look.news(&request).unwrap()));
}

#[test]
fn no_refusal_shows_a_secret() {
    let mut wrong = Checklist::from(&secret_package());
    wrong
        .set_losing(LosingAccount::new(
            LosingPlatform::JustCall,
            secret_account("0003"),
        ))
        .set_numbers(numbers(&[0, 9]))
        .set_earliest(day("2026-01-01"));
    let package = wrong.complete().unwrap();
    let permit = admin().permit().unwrap();
    let error = secret_draft()
        .seal(&package, permit, at(SEALED))
        .unwrap_err();
    assert!(matches!(error.violation(), Violation::NotReady(blockers) if blockers.len() == 4));
    quiet(&words(&error));

    let submitted = secret_submitted();
    let granted = ReleaseGranted {
        gaining_account: secret_account("0005"),
        ..granted(APPROVED)
    };
    let elsewhere = approval(&submitted, granted);
    let error = submitted.approved(elsewhere).unwrap_err();
    assert!(matches!(
        error.violation(),
        Violation::OtherGainingAccount { .. }
    ));
    quiet(&words(&error));
}

#[test]
fn no_carrier_error_of_ours_shows_a_secret() {
    let mute = StubCarrier::with(Means::Api);
    let said = says(APPROVED, granted(APPROVED));
    let error = mute
        .attest_release(&secret_submitted(), said, &clock(APPROVED))
        .unwrap_err();
    quiet(&words(&error));
    let other = StubCarrier::named("other");
    let error = wait(other.look(&secret_submitted(), &clock(APPROVED))).unwrap_err();
    quiet(&words(&error));
}

/// The paths of every value in `value` that is neither list nor map.
fn leaves(value: &Value, path: String, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                leaves(value, format!("{path}/{key}"), found);
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                leaves(value, format!("{path}/{index}"), found);
            }
        }
        _ => found.push(path),
    }
}

/// Names of things, which errors do say; everything else in a record is not theirs to repeat.
fn may_be_named(path: &str) -> bool {
    let key = path.rsplit('/').next().unwrap();
    ["id", "request", "carrier", "order", "platform"].contains(&key)
}

#[test]
fn no_error_repeats_what_a_corrupted_record_holds() {
    let mut errors = 0;
    for request in secret_states() {
        let record = serde_json::to_value(&request).unwrap();
        let mut paths = Vec::new();
        leaves(&record, String::new(), &mut paths);
        for path in paths.iter().filter(|path| !may_be_named(path)) {
            for corrupt in [
                json!(CANARY),
                json!(format!("{CANARY}\u{1}\n")),
                json!(format!("{CANARY}{}", "x".repeat(2_000))),
                json!({ "CANARY": CANARY }),
                json!([CANARY]),
            ] {
                let mut record = record.clone();
                *record.pointer_mut(path).unwrap() = corrupt;
                if let Err(error) = reload(&record) {
                    errors += 1;
                    quiet(&words(&error));
                }
            }
        }
    }
    assert!(errors > 1_000, "{errors}");
}

#[test]
fn nor_does_deserialising_what_the_entries_hold() {
    for request in secret_states() {
        let record = serde_json::to_value(&request).unwrap();
        let mut paths = Vec::new();
        leaves(&record["history"], "/history".to_owned(), &mut paths);
        for path in paths.iter().filter(|path| path.contains("/entry/")) {
            let mut record = record.clone();
            *record.pointer_mut(path).unwrap() = json!({ "CANARY": CANARY });
            if let Err(error) = serde_json::from_value::<AnyPortRequest>(record) {
                quiet(&words(&error));
            }
        }
    }
}
