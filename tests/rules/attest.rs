//! When a person's word counts, and what the carrier's own steps record.

use crate::stub::*;
use CarrierErrorKind::{InvalidRequest, Unsupported};
use snap_port::*;

/// Whether a statement about `step` is taken, at the carrier given.
type Try<'a> = (
    Step,
    &'a dyn Fn(&StubCarrier) -> Result<Basis, CarrierError>,
);

/// Every statement that needs its step to be human.
fn with_every_statement(run: impl Fn(&Try<'_>)) {
    let now = clock(SIGNED);
    let (sent, submitted, approved, ported) = (sent(), submitted(), approved(), ported());
    let facts = facts();
    let steps: [Try<'_>; 6] = [
        (Step::Submit, &|carrier| {
            let said = says(TAKEN, Filed(order("T-1")));
            Ok(carrier.attest_filed(&sent, said, &now)?.basis().clone())
        }),
        (Step::Submit, &|carrier| {
            let said = says(TAKEN, refusal());
            Ok(carrier.attest_not_taken(&sent, said, &now)?.basis().clone())
        }),
        (Step::Release, &|carrier| {
            let said = says(APPROVED, granted(APPROVED));
            Ok(carrier
                .attest_release(&submitted, said, &now)?
                .basis()
                .clone())
        }),
        (Step::Schedule, &|carrier| {
            let said = says(CONFIRMED, Schedule::Agreed(slot(SLOT)));
            Ok(carrier
                .attest_schedule(&approved, said, &now)?
                .basis()
                .clone())
        }),
        (Step::Release, &|carrier| {
            let said = says(APPROVED, refusal());
            Ok(carrier
                .attest_refusal(&submitted, said, &now)?
                .basis()
                .clone())
        }),
        (Step::Cancel, &|carrier| {
            let said = says(APPROVED, OrderCancelled);
            Ok(carrier
                .attest_cancelled(&approved, said, &now)?
                .basis()
                .clone())
        }),
    ];
    steps.iter().for_each(&run);
    for (step, fact) in facts {
        let attest = |carrier: &StubCarrier| {
            let said = says(TESTED, fact.clone());
            Ok(carrier.attest_fact(&ported, said, &now)?.basis().clone())
        };
        run(&(step, &attest));
    }
}

/// A fact of every kind that is a step's to say.
fn facts() -> Vec<(Step, Fact)> {
    let number = number(0);
    let test = |test| tested(number, test, Outcome::Passed);
    let text = || "x".to_owned();
    vec![
        (Step::Schedule, Fact::CounterOffered(slot(SLOT))),
        (Step::Schedule, Fact::SlotTooEarly(slot(SLOT))),
        (Step::Schedule, Fact::SlotWithdrawn),
        (Step::Cancel, Fact::CancelRefused(text())),
        (Step::Cancel, Fact::CancelUnderWay),
        (Step::Release, Fact::EndedAfterMove(text())),
        (Step::Arrival, {
            let account = gaining();
            Fact::Arrived { number, account }
        }),
        (Step::Assign, Fact::Assigned { number }),
        (Step::Messaging, {
            let service = service();
            Fact::JoinedMessaging { number, service }
        }),
        (Step::Registration, {
            let state = Registration::Registered;
            Fact::Registration { number, state }
        }),
        (Step::VoiceTest, test(Test::VoiceOut)),
        (Step::VoiceTest, test(Test::VoiceIn)),
        (Step::SmsTest, test(Test::SmsOut)),
        (Step::SmsTest, test(Test::SmsIn)),
        (Step::Alerts, {
            let (id, text) = (text(), text());
            Fact::Alert { number, id, text }
        }),
        (Step::Alerts, Fact::AlertsRead),
    ]
}

#[test]
fn a_persons_word_counts_where_the_step_is_human() {
    for means in [Means::Human, Means::ApiOrHuman] {
        with_every_statement(|(step, attest)| {
            // Every other step is the carrier's alone: this one's means decides.
            let carrier = StubCarrier {
                capabilities: Capabilities::all(Means::Api).with(*step, means),
                ..StubCarrier::new()
            };
            assert_eq!(
                attest(&carrier).unwrap(),
                Basis::Attested(support()),
                "{step}"
            );
        });
    }
}

#[test]
fn a_persons_word_is_no_evidence_where_the_step_is_not_human() {
    with_every_statement(|(step, attest)| {
        let carrier = StubCarrier {
            capabilities: Capabilities::all(Means::Human).with(*step, Means::Api),
            ..StubCarrier::new()
        };
        assert_eq!(attest(&carrier).unwrap_err().kind(), Unsupported, "{step}");
    });
}

#[test]
fn a_persons_word_through_another_carrier_is_refused() {
    let carrier = StubCarrier::named("other");
    with_every_statement(|(step, attest)| {
        assert_eq!(
            attest(&carrier).unwrap_err().kind(),
            InvalidRequest,
            "{step}"
        );
    });
}

#[test]
fn some_things_are_always_a_persons_to_state() {
    let request = submitted();
    for fact in [
        Fact::Held(Hold::new(Reason::FeeDemanded, "$50")),
        Fact::Resumed,
        Fact::AlertExplained {
            id: "A1".to_owned(),
            explanation: "a test".to_owned(),
        },
        Fact::Unrecognised("words".to_owned()),
    ] {
        for means in [Means::Api, Means::Human] {
            let said = says(APPROVED, fact.clone());
            let taken = StubCarrier::with(means).attest_fact(&request, said, &clock(SIGNED));
            assert!(taken.is_ok(), "{fact}");
        }
        let said = says(APPROVED, fact);
        let foreign = StubCarrier::named("other").attest_fact(&request, said, &clock(SIGNED));
        assert_eq!(foreign.unwrap_err().kind(), InvalidRequest);
    }
}

#[test]
fn an_alert_is_not_explained_by_nothing() {
    let request = submitted();
    for nothing in ["", " \n", "\u{200b}"] {
        let said = says(
            APPROVED,
            Fact::AlertExplained {
                id: "A1".to_owned(),
                explanation: nothing.to_owned(),
            },
        );
        let carrier = StubCarrier::with(Means::Api);
        let refused = carrier.attest_fact(&request, said, &clock(SIGNED));
        let refused = refused.unwrap_err();
        assert_eq!(refused.kind(), InvalidRequest);
        assert!(refused.detail().contains("A1"), "{refused}");
    }
}

#[test]
fn a_person_is_the_last_resort_for_what_was_not_filed() {
    let said = || says(TAKEN, NotFiled("searched, nothing there".to_owned()));
    let asked = |means, phase| {
        let carrier = StubCarrier::with(means);
        carrier.attest_not_filed(&in_phase(phase), said(), &clock(SIGNED))
    };
    for (means, phase) in [
        (Means::Human, AttemptPhase::Sent),
        (Means::Human, AttemptPhase::HandedOver),
        (Means::Api, AttemptPhase::NeedsPerson),
    ] {
        let news = asked(means, phase).unwrap();
        assert_eq!(*news.basis(), Basis::Attested(support()));
    }
    // A call to the API may still be on its way: nobody but the carrier knows.
    for phase in [AttemptPhase::Sent, AttemptPhase::InDoubt] {
        assert_eq!(
            asked(Means::Api, phase).unwrap_err().kind(),
            Unsupported,
            "{phase}"
        );
    }
    let foreign = StubCarrier::named("other").attest_not_filed(&sent(), said(), &clock(SIGNED));
    assert_eq!(foreign.unwrap_err().kind(), InvalidRequest);
}

#[test]
fn a_statement_of_any_kind_fits_one_form_and_keeps_who_and_when() {
    let forms: Vec<(Statement<Attested>, Attested)> = vec![
        (
            says(TAKEN, Filed(order("T-1"))).into(),
            Attested::Filed(Filed(order("T-1"))),
        ),
        (
            says(TAKEN, NotFiled("x".to_owned())).into(),
            Attested::NotFiled(NotFiled("x".to_owned())),
        ),
        (
            says(TAKEN, granted(APPROVED)).into(),
            Attested::Released(granted(APPROVED)),
        ),
        (
            says(TAKEN, Schedule::Agreed(slot(SLOT))).into(),
            Attested::Scheduled(Schedule::Agreed(slot(SLOT))),
        ),
        (says(TAKEN, refusal()).into(), Attested::Refused(refusal())),
        (
            says(TAKEN, OrderCancelled).into(),
            Attested::Cancelled(OrderCancelled),
        ),
        (
            says(TAKEN, Fact::Resumed).into(),
            Attested::Seen(Fact::Resumed),
        ),
    ];
    for (form, what) in forms {
        assert_eq!(form.what(), &what);
        assert_eq!((form.by(), form.occurred_at()), (&support(), at(TAKEN)));
    }
}

#[test]
fn evidence_says_when_it_occurred_and_when_it_was_recorded() {
    let request = submitted();
    let said = says(APPROVED, granted(APPROVED));
    let approval = StubCarrier::new()
        .attest_release(&request, said, &clock(SIGNED))
        .unwrap();
    assert_eq!(approval.occurred_at(), at(APPROVED));
    assert_eq!(approval.recorded_at(), at(SIGNED));
    assert_eq!(approval.carrier(), request.carrier());
    assert_eq!(approval.request(), request.id());
}

#[test]
fn a_step_by_api_is_reported() {
    let request = ported();
    let carrier = StubCarrier::new();
    let now = clock(TESTED);
    let number = number(1);
    let assigned = wait(carrier.assign_number(&request, number, &now)).unwrap();
    assert_eq!(assigned.what(), &Fact::Assigned { number });
    assert_eq!(*assigned.basis(), Basis::Reported);
    let joined = wait(carrier.add_to_messaging(&request, number, &now)).unwrap();
    let service = service();
    let expected = Fact::JoinedMessaging { number, service };
    assert_eq!(joined.unwrap().what(), &expected);
    let registered = wait(carrier.check_registration(&request, number, &now)).unwrap();
    let state = Registration::Registered;
    assert_eq!(registered.what(), &Fact::Registration { number, state });
    let result = wait(carrier.test_number(&request, number, Test::SmsIn, &now)).unwrap();
    assert_eq!(result.what(), &tested(number, Test::SmsIn, Outcome::Passed));
}

#[test]
fn a_step_by_api_is_for_own_numbers_and_the_own_carrier() {
    let request = ported();
    let now = clock(TESTED);
    for (carrier, number) in [
        (StubCarrier::new(), number(9)),
        (StubCarrier::named("other"), number(0)),
    ] {
        let errors = [
            wait(carrier.assign_number(&request, number, &now)).unwrap_err(),
            wait(carrier.add_to_messaging(&request, number, &now)).unwrap_err(),
            wait(carrier.check_registration(&request, number, &now)).unwrap_err(),
            wait(carrier.test_number(&request, number, Test::SmsIn, &now)).unwrap_err(),
        ];
        for error in errors {
            assert_eq!(error.kind(), InvalidRequest);
        }
    }
    let foreign = StubCarrier::named("other");
    let error = wait(foreign.read_alerts(&request, &now)).unwrap_err();
    assert_eq!(error.kind(), InvalidRequest);
    let error = wait(foreign.cancel_order(&submitted(), &now)).unwrap_err();
    assert_eq!(error.kind(), InvalidRequest);
    let error = wait(foreign.resolve(&sent(), &now)).unwrap_err();
    assert_eq!(error.kind(), InvalidRequest);
}

#[test]
fn the_error_log_gives_new_alerts_of_own_numbers_and_that_it_was_read() {
    let mut request = ported();
    let alert = |id: &str, index| AlertReport {
        id: id.to_owned(),
        number: number(index),
        at: at(MOVED),
        text: "11200".to_owned(),
    };
    let carrier = StubCarrier {
        alerts: vec![alert("A1", 0), alert("A2", 9), alert("A3", 1)],
        ..StubCarrier::new()
    };
    let read = |request: &PortRequest<Ported>| {
        let observations = wait(carrier.read_alerts(request, &clock(TESTED))).unwrap();
        let (last, alerts) = observations.split_last().unwrap();
        assert_eq!(last.what(), &Fact::AlertsRead);
        alerts.to_vec()
    };
    let first = read(&request);
    let about: Vec<_> = first
        .iter()
        .filter_map(|seen| seen.what().number())
        .collect();
    assert_eq!(about, [number(0), number(1)]);
    assert_eq!(first[0].occurred_at(), at(MOVED));
    for seen in first {
        request.observe(seen).unwrap();
    }
    assert_eq!(read(&request), []);
}

#[test]
fn each_act_is_open_to_its_roles_only() {
    use Role::{Admin, BillingAdmin, CustomerSuccess, Support};
    fn roles<A: act::Act>() -> Vec<Role> {
        [Admin, BillingAdmin, Support, CustomerSuccess]
            .into_iter()
            .filter(|role| Actor::new("Kim", *role).unwrap().may::<A>().is_ok())
            .collect()
    }
    let customer = vec![Admin, BillingAdmin];
    assert_eq!(roles::<act::Start>(), customer);
    assert_eq!(roles::<act::Seal>(), customer);
    assert_eq!(roles::<act::Review>(), [Support]);
    for staff in [
        roles::<act::Attest>(),
        roles::<act::SignOff>(),
        roles::<act::Waive>(),
    ] {
        assert_eq!(staff, [Support, CustomerSuccess]);
    }
    for most in [roles::<act::Cancel>(), roles::<act::Amend>()] {
        assert_eq!(most, [Admin, BillingAdmin, Support]);
    }
    for everyone in [
        roles::<act::Split>(),
        roles::<act::Schedule>(),
        roles::<act::Note>(),
    ] {
        assert_eq!(everyone.len(), 4);
    }
}

#[test]
fn nobody_attests_what_has_not_happened() {
    let carrier = StubCarrier {
        capabilities: Capabilities::all(Means::Human),
        ..StubCarrier::new()
    };
    let request = submitted();
    let now = clock(SLOT);
    let said = |minutes| {
        let at = at(SLOT) + chrono::TimeDelta::minutes(minutes);
        Statement::new(support().permit().unwrap(), at, Fact::Resumed)
    };
    assert!(carrier.attest_fact(&request, said(5), &now).is_ok());
    let early = carrier.attest_fact(&request, said(6), &now).unwrap_err();
    assert_eq!(early.kind(), InvalidRequest);
}
