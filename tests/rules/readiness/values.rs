//! The values that overrides name, and what else they let pass: nothing.

use super::*;

fn blocking_value(readiness: &Readiness) -> String {
    match readiness.blockers().next().unwrap().cause() {
        Cause::Policy { value, .. } => value.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_override_covers_no_other_account() {
    let strict = policy()
        .with_weight(Rule::LosingCarrierAccount, Weight::Binds)
        .with_weight(Rule::MessagingService, Weight::Binds);
    let set = |form: &mut Checklist, rule: Rule, name: &str| match rule {
        Rule::MessagingService => drop(form.set_destination(Destination::new(account(name)))),
        _ => drop(form.set_losing(LosingAccount::new(LosingPlatform::Aircall, account(name)))),
    };
    for rule in [Rule::LosingCarrierAccount, Rule::MessagingService] {
        let mut draft = draft();
        spotless(draft.checklist_mut());
        let mut values = Vec::new();
        for name in ["side-one", "side-two"] {
            set(draft.checklist_mut(), rule, name);
            let judged = |draft: &_| Readiness::of_draft(draft, &strict, at(SEALED));
            let before = judged(&draft);
            assert!(!before.is_ready(), "{rule}: {name}");
            let value = blocking_value(&before);
            assert!(!value.contains("side"), "{value}");
            let what = Override {
                rule,
                value: value.clone(),
                reason: "agreed".to_owned(),
            };
            draft
                .override_rule(what, support().permit().unwrap(), at(SEALED))
                .unwrap();
            assert!(judged(&draft).is_ready(), "{rule}: {name}");
            values.push(value);
        }
        assert_ne!(values[0], values[1], "{rule}");
    }
}

#[test]
fn an_override_covers_no_other_document_of_the_date_and_no_other_numbers() {
    let strict = policy()
        .with_weight(Rule::ProofAge, Weight::Binds)
        .with_weight(Rule::TollFreeVerification, Weight::Binds);
    let mut draft = draft();
    broken_draft(Rule::ProofAge, &mut draft);
    let judged = |draft: &PortRequest<Draft>| Readiness::of_draft(draft, &strict, at(SEALED));
    let make = |draft: &mut PortRequest<Draft>, rule| {
        let what = Override {
            rule,
            value: blocking_value(&judged(draft)),
            reason: "agreed".to_owned(),
        };
        draft
            .override_rule(what, support().permit().unwrap(), at(SEALED))
            .unwrap();
        assert!(judged(draft).is_ready());
    };
    make(&mut draft, Rule::ProofAge);
    draft
        .checklist_mut()
        .replace_proofs(bill(Some("2026-08-03"), b"%PDF-1.4\nanother\n%%EOF"));
    assert!(!judged(&draft).is_ready());
    make(&mut draft, Rule::ProofAge);

    let toll_free = |text: &str, draft: &mut PortRequest<Draft>| {
        let numbers = NumberList::parse(text, None).unwrap();
        let form = draft.checklist_mut();
        form.set_loa(letter("2026-11-01", &numbers))
            .set_numbers(numbers);
    };
    toll_free("+18005550199, +18005550198", &mut draft);
    make(&mut draft, Rule::TollFreeVerification);
    toll_free("+18005550199, +18005550197", &mut draft);
    assert!(!judged(&draft).is_ready());
}
