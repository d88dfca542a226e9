//! The table of numbers: what each fact changes in it, and what a waiver does.

use crate::stub::*;
use snap_port::*;

fn row(request: &PortRequest<Ported>, index: usize) -> NumberRow {
    request.table().row(number(index)).unwrap().clone()
}

fn failed(why: &str) -> Outcome {
    Outcome::Failed(why.to_owned())
}

fn waiver(index: usize, check: Check) -> Waiver {
    Waiver {
        number: number(index),
        check,
        reason: "voice only".to_owned(),
        consent: "Ann Admin, by mail".to_owned(),
    }
}

fn waive(request: &mut PortRequest<Ported>, waiver: Waiver) -> Result<(), Violation> {
    request.waive(waiver, success().permit().unwrap(), at(TESTED))
}

#[test]
fn the_latest_word_counts() {
    let mut request = ported();
    let check = |request: &PortRequest<Ported>| row(request, 0).check(Check::SmsIn).clone();
    assert_eq!(check(&request), CheckState::Open);
    observe(&mut request, tested(number(0), Test::SmsIn, failed("late")));
    assert_eq!(check(&request), CheckState::Failed("late".to_owned()));
    observe(
        &mut request,
        tested(number(0), Test::SmsIn, Outcome::Passed),
    );
    assert_eq!(check(&request), CheckState::Passed(at(TESTED)));
    observe(&mut request, tested(number(0), Test::SmsIn, failed("gone")));
    assert_eq!(check(&request), CheckState::Failed("gone".to_owned()));
    let unknown = Outcome::Unknown("cut off".to_owned());
    observe(&mut request, tested(number(0), Test::SmsIn, unknown));
    let not_passed = CheckState::Failed("cut off".to_owned());
    assert_eq!(check(&request), not_passed);
    assert_eq!(row(&request, 1).check(Check::SmsIn), &CheckState::Open);
}

#[test]
fn each_test_proves_its_own_check() {
    for (test, check) in [
        (Test::VoiceOut, Check::VoiceOut),
        (Test::VoiceIn, Check::VoiceIn),
        (Test::SmsOut, Check::SmsOut),
        (Test::SmsIn, Check::SmsIn),
    ] {
        let mut request = ported();
        observe(&mut request, tested(number(0), test, Outcome::Passed));
        let open: Vec<_> = row(&request, 0).open_checks().collect();
        assert_eq!(open.len(), Check::ALL.len() - 1);
        assert!(!open.contains(&check));
    }
}

#[test]
fn a_registration_may_fail_and_begin_anew() {
    let mut request = ported();
    for (state, expected) in [
        (Registration::Pending, CheckState::Open),
        (
            Registration::Failed("no campaign".to_owned()),
            CheckState::Failed("no campaign".to_owned()),
        ),
        (Registration::Registered, CheckState::Passed(at(TESTED))),
        (Registration::Pending, CheckState::Open),
    ] {
        let number = number(0);
        observe(&mut request, Fact::Registration { number, state });
        assert_eq!(row(&request, 0).check(Check::Registered), &expected);
    }
}

#[test]
fn a_number_joins_messaging_and_is_assigned() {
    let mut request = ported();
    let joined = Fact::JoinedMessaging {
        number: number(1),
        service: service(),
    };
    observe(&mut request, joined);
    observe(&mut request, Fact::Assigned { number: number(1) });
    assert_eq!(row(&request, 1).messaging(), Some(&service()));
    assert!(row(&request, 1).check(Check::Assigned).is_met());
    assert_eq!(row(&request, 0).messaging(), None);
}

#[test]
fn facts_about_strange_numbers_change_no_row() {
    let mut request = ported();
    observe(&mut request, Fact::Assigned { number: number(9) });
    assert_eq!(request.table(), ported().table());
}

#[test]
fn a_waiver_meets_its_check_for_its_number() {
    let mut request = ported();
    waive(&mut request, waiver(0, Check::SmsOut)).unwrap();
    let waived = CheckState::Waived("voice only".to_owned());
    assert_eq!(row(&request, 0).check(Check::SmsOut), &waived);
    assert!(waived.is_met());
    assert_eq!(row(&request, 0).check(Check::SmsIn), &CheckState::Open);
    assert_eq!(row(&request, 1).check(Check::SmsOut), &CheckState::Open);
}

#[test]
fn a_waiver_stands_against_failures_and_ends_with_a_pass() {
    let mut request = ported();
    observe(&mut request, tested(number(0), Test::SmsOut, failed("x")));
    waive(&mut request, waiver(0, Check::SmsOut)).unwrap();
    observe(&mut request, tested(number(0), Test::SmsOut, failed("y")));
    let check = |request: &PortRequest<Ported>| row(request, 0).check(Check::SmsOut).clone();
    assert_eq!(check(&request), CheckState::Waived("voice only".to_owned()));
    observe(
        &mut request,
        tested(number(0), Test::SmsOut, Outcome::Passed),
    );
    assert_eq!(check(&request), CheckState::Passed(at(TESTED)));
    observe(&mut request, tested(number(0), Test::SmsOut, failed("z")));
    assert_eq!(check(&request), CheckState::Failed("z".to_owned()));
}

#[test]
fn a_waived_port_can_be_verified() {
    let mut request = ported();
    for number in &all() {
        for check in Check::ALL {
            let number = *number;
            waive(
                &mut request,
                Waiver {
                    number,
                    ..waiver(0, check)
                },
            )
            .unwrap();
        }
    }
    let report = request
        .verification(success().permit().unwrap(), at(SIGNED))
        .unwrap();
    assert!(request.verified(report).is_ok());
}

#[test]
fn a_waiver_is_refused_for_a_strange_number() {
    let mut request = ported();
    let expected = Violation::NotInRequest { number: number(9) };
    assert_eq!(waive(&mut request, waiver(9, Check::SmsIn)), Err(expected));
    assert!(request == ported());
}

#[test]
fn a_waiver_needs_a_reason_and_the_customers_consent() {
    for blank in ["", " \t\n"] {
        let mut request = ported();
        let unreasoned = Waiver {
            reason: blank.to_owned(),
            ..waiver(0, Check::SmsIn)
        };
        let expected = Violation::Blank("the reason for a waiver");
        assert_eq!(waive(&mut request, unreasoned), Err(expected));
        let unconsented = Waiver {
            consent: blank.to_owned(),
            ..waiver(0, Check::SmsIn)
        };
        let expected = Violation::Blank("the customer's consent to a waiver");
        assert_eq!(waive(&mut request, unconsented), Err(expected));
        assert!(request == ported());
    }
}

fn alert(index: usize, id: &str) -> Fact {
    Fact::Alert {
        number: number(index),
        id: id.to_owned(),
        text: format!("text of {id}"),
    }
}

fn explained(id: &str) -> Fact {
    Fact::AlertExplained {
        id: id.to_owned(),
        explanation: "a test call".to_owned(),
    }
}

#[test]
fn alerts_are_clear_once_the_log_was_read() {
    let mut request = ported();
    assert_eq!(row(&request, 0).check(Check::Alerts), &CheckState::Open);
    observe(&mut request, Fact::AlertsRead);
    for row in request.table().rows() {
        assert_eq!(row.check(Check::Alerts), &CheckState::Passed(at(TESTED)));
    }
}

#[test]
fn an_alert_stands_until_it_is_explained() {
    let mut request = ported();
    observe(&mut request, alert(0, "A1"));
    observe(&mut request, alert(0, "A2"));
    observe(&mut request, Fact::AlertsRead);
    let both = CheckState::Failed("A1: text of A1; A2: text of A2".to_owned());
    assert_eq!(row(&request, 0).check(Check::Alerts), &both);
    assert!(row(&request, 1).check(Check::Alerts).is_met());
    observe(&mut request, explained("A1"));
    let open: Vec<_> = row(&request, 0)
        .open_alerts()
        .map(|(id, text)| (id.to_owned(), text.to_owned()))
        .collect();
    assert_eq!(open, [("A2".to_owned(), "text of A2".to_owned())]);
    observe(&mut request, explained("A2"));
    assert!(row(&request, 0).check(Check::Alerts).is_met());
}

#[test]
fn one_explanation_is_for_every_number_the_alert_is_about() {
    let mut request = ported();
    for fact in [
        alert(0, "A1"),
        alert(2, "A1"),
        alert(2, "A1"),
        alert(1, "A2"),
    ] {
        observe(&mut request, fact);
    }
    observe(&mut request, explained("A1"));
    let open = |index| row(&request, index).open_alerts().count();
    assert_eq!([0, 1, 2].map(open), [0, 1, 0]);
}

#[test]
fn an_explained_alert_does_not_come_back() {
    let mut request = ported();
    observe(&mut request, explained("A1"));
    observe(&mut request, alert(0, "A1"));
    observe(&mut request, Fact::AlertsRead);
    assert!(row(&request, 0).check(Check::Alerts).is_met());
}

#[test]
fn an_explanation_does_not_stand_for_reading_the_log() {
    let mut request = ported();
    observe(&mut request, alert(0, "A1"));
    observe(&mut request, explained("A1"));
    assert_eq!(row(&request, 0).check(Check::Alerts), &CheckState::Open);
}

#[test]
fn a_waived_log_stays_waived_when_an_alert_comes() {
    let mut request = ported();
    waive(&mut request, waiver(0, Check::Alerts)).unwrap();
    observe(&mut request, alert(0, "A1"));
    assert!(row(&request, 0).check(Check::Alerts).is_met());
}

#[test]
fn a_log_read_before_a_number_arrived_says_nothing_of_it() {
    let mut request = scheduled();
    observe(&mut request, Fact::AlertsRead);
    let ported = complete(request);
    assert_eq!(row(&ported, 0).check(Check::Alerts), &CheckState::Open);
}

#[test]
fn a_number_goes_astray_and_arrives() {
    let mut request = scheduled();
    let arrived = |account| Fact::Arrived {
        number: number(0),
        account,
    };
    let row = |request: &PortRequest<Scheduled>| request.table().row(number(0)).unwrap().clone();
    observe(&mut request, arrived(wrong()));
    assert_eq!(row(&request).elsewhere(), Some(&wrong()));
    assert_eq!(row(&request).arrived(), None);
    observe(&mut request, arrived(gaining()));
    assert_eq!(row(&request).elsewhere(), None);
    assert_eq!(row(&request).arrived(), Some(at(TESTED)));
}

#[test]
fn the_first_arrival_counts() {
    let mut request = scheduled();
    let arrived = Fact::Arrived {
        number: number(0),
        account: gaining(),
    };
    for when in [CONFIRMED, SIGNED] {
        let observation = seen(&request, arrived.clone(), when);
        request.observe(observation).unwrap();
    }
    assert_eq!(
        request.table().row(number(0)).unwrap().arrived(),
        Some(at(CONFIRMED))
    );
}

#[test]
fn gaps_name_number_check_and_reason() {
    let mut request = proven();
    observe(
        &mut request,
        tested(number(1), Test::SmsIn, failed("error 30034")),
    );
    let gaps = request.table().complete().unwrap_err();
    assert_eq!(
        gaps.to_string(),
        "1 check not met; test again, explain the alerts, or waive with the customer's consent: \
         +14155552671: SMS in failed (error 30034)"
    );
}

#[test]
fn gaps_name_twenty_and_count_the_rest() {
    let gaps = ported().table().complete().unwrap_err();
    assert_eq!(gaps.gaps().len(), 21);
    let text = gaps.to_string();
    assert!(text.starts_with(
        "21 checks not met; test again, explain the alerts, or waive with the customer's consent: \
         +14155552670: assigned is not proven; +14155552670: voice out is not proven"
    ));
    assert!(
        text.ends_with("+14155552672: registered is not proven; and 1 more"),
        "{text}"
    );
}
