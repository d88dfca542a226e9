//! What carriers, platforms and customers wrote is in the record and in what staff read; `Debug`,
//! which goes to logs, does not repeat it.

use snap_port::desk::{DeskView, customer_update, work_item};
use snap_port::*;

use crate::stub::*;

const CANARY: &str = "CANARY";

/// Words of others.
fn words() -> String {
    format!("{CANARY}, who owes money")
}

#[track_caller]
fn quiet(what: &dyn std::fmt::Debug) {
    let shown = format!("{what:?} {what:#?}");
    assert!(!shown.contains(CANARY), "{shown}");
}

fn hold() -> Hold {
    Hold::new(Reason::FeeDemanded, words())
}

fn refused() -> Refusal {
    Refusal::new(Reason::Other, words())
}

/// Every fact that holds words, and what `Debug` shows of it.
fn facts() -> Vec<(Fact, &'static str)> {
    let number = number(0);
    let id = "A1".to_owned();
    let tested = |outcome| tested(number, Test::SmsIn, outcome);
    vec![
        (Fact::Held(hold()), "FeeDemanded"),
        (Fact::CancelRefused(words()), "CancelRefused"),
        (Fact::EndedAfterMove(words()), "EndedAfterMove"),
        (Fact::Unrecognised(words()), "Unrecognised"),
        (Fact::Alarm(words()), "Alarm"),
        (
            Fact::Registration {
                number,
                state: Registration::Failed(words()),
            },
            "Failed",
        ),
        (tested(Outcome::Failed(words())), "SmsIn"),
        (tested(Outcome::Unknown(words())), "Unknown"),
        (
            Fact::Alert {
                number,
                id: id.clone(),
                text: words(),
            },
            "A1",
        ),
        (
            Fact::AlertExplained {
                id,
                explanation: words(),
            },
            "AlertExplained",
        ),
    ]
}

fn observed<S: HasPackage + Observable>(request: &mut PortRequest<S>) {
    for (fact, _) in facts() {
        observe(request, fact);
    }
    let permit = support().permit().unwrap();
    let comment = Note::Comment(words());
    request.note(comment, permit, at(TESTED)).unwrap();
}

/// Requests whose records hold words wherever others have a say.
fn requests() -> Vec<AnyPortRequest> {
    let mut unsent = sent();
    let news = FindReport::CannotTell { why: words() };
    let heard = unclear(&unsent, news, TAKEN);
    quiet(&heard);
    unsent.heard(heard).unwrap();
    unsent.request_cancel(words(), admin().permit().unwrap(), at(TAKEN));
    let mut flying = submitted();
    observed(&mut flying);
    flying.request_cancel(words(), admin().permit().unwrap(), at(TESTED));
    let order = submitted();
    let said = says(APPROVED, refused());
    let notice = StubCarrier::new().attest_refusal(&order, said, &clock(APPROVED));
    let notice = notice.unwrap();
    quiet(&notice);
    let mut moved = ported();
    observed(&mut moved);
    let waiver = Waiver {
        number: number(1),
        check: Check::SmsIn,
        reason: words(),
        consent: words(),
    };
    let permit = success().permit().unwrap();
    moved.waive(waiver, permit, at(TESTED)).unwrap();
    vec![
        unsent.into(),
        flying.into(),
        order.refused(notice).unwrap().into(),
        draft()
            .withdrawn(admin().permit().unwrap(), words(), at(SEALED))
            .into(),
        moved.into(),
    ]
}

#[test]
fn no_request_shows_them() {
    for request in requests() {
        let record = String::from_utf8(request.to_json().unwrap()).unwrap();
        assert!(record.contains(CANARY), "{}", request.status());
        quiet(&request);
        quiet(&request.table());
        for entry in request.timeline() {
            quiet(&entry);
        }
        quiet(&request.hold());
        let (can, policy) = (Capabilities::manual(), RoutePolicy::default());
        let view = DeskView::new(&can, &policy, at(TESTED));
        quiet(&work_item(&request, &view));
        quiet(&customer_update(&request, &view));
        if let AnyPortRequest::Ported(request) = request {
            quiet(&request.table().complete().unwrap_err());
        }
    }
}

#[test]
fn nothing_that_holds_them_shows_them_but_what_it_is() {
    for (fact, shown) in facts() {
        quiet(&fact);
        assert!(format!("{fact:?}").contains(shown), "{fact:?}");
        assert!(fact.to_string().contains(CANARY), "staff read it: {fact}");
        quiet(&Attested::Seen(fact));
    }
    for check in [CheckState::Failed(words()), CheckState::Waived(words())] {
        quiet(&check);
    }
    assert_eq!(
        format!("{:?}", hold()),
        "Hold { reason: FeeDemanded, party: Customer, .. }"
    );
    assert_eq!(format!("{:?}", refused()), "Refusal { reason: Other, .. }");
    let comment = Note::Comment(words());
    assert_eq!(format!("{comment:?}"), "Comment(…)");
    assert_eq!(comment.to_string(), words());
}

#[test]
fn nor_does_what_a_carrier_reports() {
    let order = order("T-1");
    let part = OrderReport::new(order.clone()).alarmed(words());
    let mut report = OrderReport::new(order)
        .on_hold(hold())
        .unrecognised(words())
        .with_part(numbers(&[0]), part);
    report.refusal = Some((refused(), at(APPROVED)));
    quiet(&look(&submitted(), report.clone(), TAKEN));
    quiet(&report);
    quiet(&SubmitReport::HandedOver { how: words() });
    quiet(&SubmitReport::Refused(refused()));
    quiet(&FindReport::CannotTell { why: words() });
    quiet(&CancelReport::Refused(words()));
    quiet(&NotFiled(words()));
    quiet(&AlertReport {
        id: "A1".to_owned(),
        number: number(0),
        at: at(TESTED),
        text: words(),
    });
}
