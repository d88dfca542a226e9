//! What no text says, and that every word comes from the catalogue.

use snap_port::desk::English;
use snap_port::*;

use super::{held, read};
use crate::stub::*;
use crate::told::Foreign;
use crate::told::scenes::*;

/// Every scene the snapshots are made of, read at one time.
fn many() -> Vec<AnyPortRequest> {
    let mut many = every_state();
    many.extend(Reason::ALL.map(|reason| held(Hold::new(reason, SECRET)).into()));
    let facts = [
        Fact::SlotTooEarly(slot("2026-11-27T15:00:00Z")),
        arrived(0, wrong()),
        arrived(0, gaining()),
        Fact::CounterOffered(slot("2026-12-02T15:00:00Z")),
        Fact::Unrecognised(SECRET.to_owned()),
        Fact::CancelRefused(SECRET.to_owned()),
        Fact::EndedAfterMove(SECRET.to_owned()),
    ];
    for fact in facts {
        many.push(with(submitted(), vec![fact.clone()]).into());
        many.push(with(cancelling(asked(approved())), vec![fact.clone()]).into());
        many.push(with(scheduled(), vec![arrived(1, gaining()), fact]).into());
    }
    for account in [gaining(), wrong()] {
        let came = vec![arrived(0, account)];
        many.push(with(cancelled(), came.clone()).into());
        many.push(with(rejected(), came).into());
    }
    let refused = Fact::Registration {
        number: number(0),
        state: Registration::Failed(SECRET.to_owned()),
    };
    many.push(with(ported(), vec![refused.clone()]).into());
    many.push(with(verified(), vec![refused]).into());
    many.push(way_back().into());
    many.push(noted(ported(), Note::Comment(SECRET.to_owned()), TESTED).into());
    many.extend([
        half_filled().into(),
        send_back(sealed()).into(),
        rescheduled().into(),
        other_time_asked().into(),
        split_and_verified().into(),
        carried_over().into(),
        proven().into(),
    ]);
    many
}

const SECRET: &str = "Globex Ltd of account AC-globex-9 owes $3";

#[test]
fn an_update_leaks_nothing_and_asks_nobody_to_give_a_number_up() {
    let staff = [
        "Sam",
        "Cas",
        "support",
        "AC-",
        "acme-4711",
        "MG-",
        "Globex",
        "secret",
    ];
    for now in [SEALED, APPROVED, CONFIRMED, TESTED, "2026-12-20T12:00:00Z"] {
        for request in many() {
            let text = customer_text(&request, now);
            for word in staff {
                assert!(!text.contains(word), "{word} in:\n{text}");
            }
            let lower = text.to_lowercase();
            for word in ["releas", "delet", "port out", "number port"] {
                assert!(!lower.contains(word), "{word} in:\n{text}");
            }
            assert!(!text.contains("  ") && !text.contains(" ."), "{text}");
        }
    }
}

fn customer_text(request: &AnyPortRequest, now: &str) -> String {
    let text = read(request, at(now), &English);
    let message = text.split("\n--- staff").next().unwrap();
    message.to_owned()
}

#[test]
fn every_word_comes_from_the_catalogue() {
    let request = AnyPortRequest::from(submitted());
    assert!(read(&request, at(APPROVED), &English).contains("Aircall"));
    for now in [SEALED, CONFIRMED, "2026-12-20T12:00:00Z"] {
        for request in many() {
            let text = read(&request, at(now), &Foreign);
            // Texts to paste are English whatever the catalogue, and the markers are this test's.
            let text = text.split("\n--- to paste").next().unwrap();
            let text = text.replace("--- staff", "");
            let english = text.chars().find(char::is_ascii_alphabetic);
            assert_eq!(english, None, "{text}");
        }
    }
}
