//! What stands in the way of a request: missing parts, hard rules, the policy and its overrides,
//! all at once.

mod values;

use crate::stub::*;
use chrono::NaiveDate;
use snap_port::*;

fn policy() -> RoutePolicy {
    RoutePolicy::default()
}

fn form(alter: impl FnOnce(&mut Checklist)) -> Checklist {
    let mut form = Checklist::from(&package());
    alter(&mut form);
    form
}

fn judged(policy: &RoutePolicy, alter: impl FnOnce(&mut Checklist)) -> Readiness {
    Readiness::of_form(&form(alter), policy, at(SEALED))
}

fn rules(readiness: &Readiness) -> Vec<Rule> {
    let rule = |concern: &Concern| match concern.cause() {
        Cause::Policy { rule, .. } => Some(*rule),
        _ => None,
    };
    readiness.concerns().iter().filter_map(rule).collect()
}

fn bytes_of(kind: &[u8], name: &str) -> DocumentFile {
    DocumentFile::describe(name, name, kind).unwrap()
}

fn bill(issued: Option<&str>, bytes: &[u8]) -> Vec<ProofOfOwnership> {
    let proof = ProofOfOwnership::new(ProofKind::Bill, bytes_of(bytes, "bill"));
    vec![match issued {
        Some(date) => proof.issued_on(date.parse().unwrap()),
        None => proof,
    }]
}

/// All but the one about slots.
const OF_THE_PACKAGE: [Rule; 11] = {
    let [package @ .., Rule::SlotHours] = Rule::ALL else {
        panic!("the rule about slots is the last")
    };
    package
};

const PDF: &[u8] = b"%PDF-1.7\n%%EOF\n";
const LOCKED: &[u8] = b"%PDF-1.7\ntrailer<</Encrypt 5 0 R>>\n%%EOF\n";

/// Nothing to complain about, whatever the other tests' package leaves out.
fn spotless(form: &mut Checklist) {
    let numbers = form.numbers().unwrap().clone();
    let letter = bytes_of(PDF, "letter");
    form.replace_proofs(bill(Some("2026-10-20"), PDF))
        .set_loa(SignedLoa::new("Ann", "2026-11-01".parse().unwrap(), numbers, letter).unwrap())
        .set_losing(
            LosingAccount::new(LosingPlatform::Aircall, account("acme-4711"))
                .with_carrier_account(account("AC-losing")),
        )
        .set_destination(Destination::new(gaining()).with_messaging_service(service()))
        .set_earliest(day("2026-12-01"));
}

#[test]
fn a_spotless_package_leaves_nothing_to_say() {
    let readiness = judged(&policy(), spotless);
    assert_eq!(readiness.concerns(), []);
    assert!(readiness.is_ready());
    assert_eq!(readiness.progress(), (8, 8));
    assert_eq!(readiness.to_string(), "ready (8 of 8 parts are there)");
}

#[test]
fn an_empty_form_is_told_every_part_and_whose_move_it_is() {
    let readiness = Readiness::of_form(&Checklist::default(), &policy(), at(SEALED));
    let parts: Vec<_> = readiness.blockers().map(Concern::part).collect();
    assert_eq!(parts, PackagePart::ALL);
    assert!(
        readiness
            .concerns()
            .iter()
            .all(|c| *c.cause() == Cause::Missing)
    );
    assert_eq!(readiness.due_from(Party::LosingPlatform).count(), 1);
    assert_eq!(readiness.due_from(Party::Staff).count(), 1);
    assert_eq!(readiness.progress(), (0, 8));
    let text = readiness.to_string();
    assert!(
        text.contains("losing platform: the release ticket is missing; ask"),
        "{text}"
    );
    assert!(text.contains("campaign approved before texting"), "{text}");
}

#[test]
fn a_half_filled_form_is_told_what_is_missing_and_what_is_wrong_together() {
    let readiness = judged(&policy(), |form| {
        spotless(form);
        form.clear(PackagePart::Proof)
            .set_ticket(ticket(LosingPlatform::JustCall, "1"))
            .set_earliest(day("2026-10-01"))
            .set_loa(letter("2026-11-01", &numbers(&[0])));
    });
    let found: Vec<_> = readiness
        .blockers()
        .map(|c| (c.part(), c.cause().clone()))
        .collect();
    let missing = numbers(&[1, 2]).iter().copied().collect::<Vec<_>>();
    assert_eq!(found.len(), 4, "{found:?}");
    assert!(matches!(
        &found[0],
        (PackagePart::Loa, Cause::Hard(Blocker::LetterDoesNotCover { numbers })) if *numbers == missing
    ));
    assert_eq!(found[1], (PackagePart::Proof, Cause::Missing));
    assert!(matches!(
        &found[2].1,
        Cause::Hard(Blocker::TicketOfOtherPlatform { .. })
    ));
    assert!(matches!(
        &found[3].1,
        Cause::Hard(Blocker::EarliestDatePast { .. })
    ));
    assert_eq!(readiness.progress(), (7, 8));
}

#[test]
fn a_rule_about_a_part_waits_for_the_part() {
    for part in PackagePart::ALL {
        let readiness = judged(&policy(), |form| {
            spotless(form);
            form.clear(part);
        });
        let found: Vec<_> = readiness
            .concerns()
            .iter()
            .map(|c| (c.part(), c.cause()))
            .collect();
        assert_eq!(found, [(part, &Cause::Missing)]);
    }
}

/// One form that breaks each rule and no other.
fn broken(rule: Rule, form: &mut Checklist) {
    spotless(form);
    let list = |text: &str| NumberList::parse(text, None).unwrap();
    let mut move_numbers = |numbers: NumberList| {
        let loa = form.loa().unwrap();
        let loa = SignedLoa::new("Ann", loa.signed_on(), numbers.clone(), loa.file().clone());
        form.set_loa(loa.unwrap()).set_numbers(numbers);
    };
    match rule {
        Rule::LetterAge => {
            let numbers = form.numbers().unwrap().clone();
            let file = bytes_of(PDF, "letter");
            let old = SignedLoa::new("Ann", "2026-09-02".parse().unwrap(), numbers, file);
            form.set_loa(old.unwrap());
        }
        Rule::ProofAge => drop(form.replace_proofs(bill(Some("2026-08-03"), PDF))),
        Rule::ProofDated => drop(form.replace_proofs(bill(None, PDF))),
        Rule::FileKind => drop(form.replace_proofs(bill(Some("2026-10-20"), b"a text"))),
        Rule::FileSize => {
            let mut large = PDF.to_vec();
            large.resize(10_000_001, b' ');
            form.replace_proofs(bill(Some("2026-10-20"), &large));
        }
        Rule::FileLocked => drop(form.replace_proofs(bill(Some("2026-10-20"), LOCKED))),
        Rule::LosingCarrierAccount => {
            let account = account("acme-4711");
            form.set_losing(LosingAccount::new(LosingPlatform::Aircall, account));
        }
        Rule::MessagingService => drop(form.set_destination(Destination::new(gaining()))),
        Rule::EarliestBusinessDay => drop(form.set_earliest(day("2026-12-25"))),
        Rule::TollFreeVerification => move_numbers(list("+18005550199")),
        Rule::AddressOrBundle => move_numbers(list("+442071838750")),
        other => panic!("no form breaks {other:?}"),
    }
}

#[test]
fn each_rule_warns_by_default_says_what_to_do_and_can_be_turned_off() {
    for rule in OF_THE_PACKAGE {
        let readiness = judged(&policy(), |form| broken(rule, form));
        assert_eq!(rules(&readiness), [rule]);
        assert!(readiness.is_ready());
        let warning = readiness.warnings().next().unwrap();
        assert_eq!(warning.bearing(), &Bearing::Warns);
        assert!(!warning.reason().is_empty() && !warning.remedy().is_empty());
        let off = policy().with_weight(rule, Weight::Off);
        assert_eq!(judged(&off, |form| broken(rule, form)).concerns(), []);
    }
}

#[test]
fn each_rule_may_bind_and_be_overridden_for_the_value_it_names() {
    for rule in OF_THE_PACKAGE {
        let strict = policy().with_weight(rule, Weight::Binds);
        let mut draft = draft();
        broken_draft(rule, &mut draft);
        let readiness = Readiness::of_draft(&draft, &strict, at(SEALED));
        let blocker = readiness.blockers().next().unwrap();
        let Cause::Policy { rule: found, value } = blocker.cause().clone() else {
            panic!("{rule} does not bind");
        };
        assert_eq!(found, rule);

        let mut make = |rule, value: &str| {
            let what = Override {
                rule,
                value: value.to_owned(),
                reason: "seen on the platform's page".to_owned(),
            };
            draft
                .override_rule(what, support().permit().unwrap(), at(SEALED))
                .unwrap();
            Readiness::of_draft(&draft, &strict, at(SEALED))
        };
        let other = if rule == Rule::LetterAge {
            Rule::ProofAge
        } else {
            Rule::LetterAge
        };
        assert!(!make(other, &value).is_ready(), "{rule}");
        assert!(!make(rule, "another value").is_ready(), "{rule}");
        let readiness = make(rule, &value);
        assert!(readiness.is_ready(), "{rule}");
        let overridden = Bearing::Overridden {
            by: support(),
            reason: "seen on the platform's page".to_owned(),
        };
        assert_eq!(readiness.concerns()[0].bearing(), &overridden);
    }
}

fn broken_draft(rule: Rule, draft: &mut PortRequest<Draft>) {
    let mut form = Checklist::from(&package());
    broken(rule, &mut form);
    *draft.checklist_mut() = form;
}

#[test]
fn no_override_lifts_a_hard_rule() {
    let mut draft = draft();
    *draft.checklist_mut() = form(|form| {
        spotless(form);
        form.set_ticket(ticket(LosingPlatform::JustCall, "1"));
    });
    for rule in OF_THE_PACKAGE {
        let what = Override {
            rule,
            value: "1".to_owned(),
            reason: "please".to_owned(),
        };
        draft
            .override_rule(what, support().permit().unwrap(), at(SEALED))
            .unwrap();
    }
    let readiness = Readiness::of_draft(&draft, &policy(), at(SEALED));
    assert!(matches!(
        readiness.blockers().next().map(Concern::cause),
        Some(Cause::Hard(Blocker::TicketOfOtherPlatform { .. }))
    ));
}

#[test]
fn ages_are_counted_in_days_to_the_last_that_is_taken() {
    let proof = |date: NaiveDate| {
        rules(&judged(&policy(), |form| {
            spotless(form);
            form.replace_proofs(bill(Some(&date.to_string()), PDF));
        }))
    };
    // The test's package is sealed on 2 November 2026, a day in New York as well.
    let today = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
    assert_eq!(proof(today - chrono::Days::new(90)), []);
    assert_eq!(proof(today - chrono::Days::new(91)), [Rule::ProofAge]);
    let strict = policy()
        .with_proof_age(30)
        .with_letter_age(0)
        .with_file_size(3);
    let found = rules(&judged(&strict, |form| {
        spotless(form);
        form.replace_proofs(bill(Some("2026-10-02"), PDF));
    }));
    assert_eq!(
        found,
        [
            Rule::LetterAge,
            Rule::FileSize,
            Rule::ProofAge,
            Rule::FileSize
        ]
    );
}

#[test]
fn a_proof_dated_where_no_day_has_begun_is_too_young() {
    // Sealed at noon UTC of the 2nd: it is the 3rd at UTC+14 already, and the 4th nowhere.
    assert_eq!(at(SEALED).date_naive().to_string(), "2026-11-02");
    let of = |date: &str| {
        judged(&policy(), |form| {
            spotless(form);
            form.replace_proofs(bill(Some(date), PDF));
        })
    };
    assert_eq!(of("2026-11-03").concerns(), []);
    for date in ["2026-11-04", "2031-01-01"] {
        let readiness = of(date);
        assert_eq!(rules(&readiness), [Rule::ProofAge]);
        let concern = &readiness.concerns()[0];
        let said = format!("(bill) is dated {date}, which has not come");
        assert!(concern.reason().ends_with(&said), "{concern}");
        assert_eq!(
            concern.remedy(),
            "correct the date, or upload the right one"
        );
    }
}

#[test]
fn nobody_is_told_to_choose_another_date_once_it_is_frozen() {
    let package = package_with(|form| broken(Rule::EarliestBusinessDay, form));
    let sealed = seal_with(draft(), &package);
    let strict = policy().with_weight(Rule::EarliestBusinessDay, Weight::Binds);
    let remedy = |readiness: Readiness| {
        assert_eq!(rules(&readiness), [Rule::EarliestBusinessDay]);
        readiness.concerns()[0].remedy().to_owned()
    };
    let free = remedy(Readiness::of_sealed(&sealed, &strict, at(SEALED)));
    assert!(
        free.contains("choose another before it is submitted"),
        "{free}"
    );

    let submitted = submit(send(pass(sealed)));
    let refused = notice(&submitted);
    let rejected = submitted.refused(refused).unwrap();
    let amended = rejected.amend(support().permit().unwrap(), at(APPROVED));
    assert_eq!(amended.frozen_date(), Some(package.earliest()));
    let frozen = "expect the numbers to move on a later day";
    let of_draft = Readiness::of_draft(&amended, &strict, at(APPROVED));
    assert_eq!(remedy(of_draft), frozen);
    let again = amended.seal(&package, admin().permit().unwrap(), at(APPROVED));
    let of_sealed = Readiness::of_sealed(&again.unwrap(), &strict, at(APPROVED));
    assert_eq!(remedy(of_sealed), frozen);
}

#[test]
fn what_a_country_asks_for_is_found_at_the_destination() {
    let gb = Region::new("GB").unwrap();
    let readiness = judged(&policy(), |form| {
        broken(Rule::AddressOrBundle, form);
        let held = Regulatory::bundle(gb, BundleId::parse("BU1").unwrap());
        let to = form.destination().unwrap().clone().with_regulatory(held);
        form.set_destination(to);
    });
    assert_eq!(readiness.concerns(), []);
}

#[test]
fn a_review_looks_again_but_lets_the_earliest_date_pass() {
    let package = package_with(spotless);
    let sealed = seal_with(draft(), &package);
    let strict = policy().with_weight(Rule::ProofAge, Weight::Binds);
    let later = at("2026-12-15T12:00:00Z");
    assert!(Readiness::of_sealed(&sealed, &strict, later).is_ready());
    let much_later = at("2027-02-15T12:00:00Z");
    let readiness = Readiness::of_sealed(&sealed, &strict, much_later);
    assert_eq!(readiness.blockers().count(), 1);
    let finding = Finding::from(readiness.blockers().next().unwrap());
    assert_eq!(finding.field, "proof of ownership");
    assert_eq!(finding.remedy, "upload a newer one");
}

#[test]
fn what_is_said_names_no_document_person_or_account() {
    let text = |readiness: Readiness| format!("{readiness} {readiness:?}");
    for rule in OF_THE_PACKAGE {
        let said = text(judged(&policy(), |form| broken(rule, form)));
        for secret in [
            "acme-4711",
            "AC-losing",
            gaining().as_str(),
            "Ann\"",
            "bill.pdf",
        ] {
            assert!(!said.contains(secret), "{rule}: {said}");
        }
    }
    for bytes in [PDF, b"a text", LOCKED] {
        for issued in [None, Some("2026-08-03"), Some("2031-01-01")] {
            let readiness = judged(&policy(), |form| {
                spotless(form);
                let proof = bill(issued, bytes).remove(0);
                let kind = "Lease of Zachary, account 4711".parse().unwrap();
                let other = ProofOfOwnership::new(kind, proof.file().clone());
                form.replace_proofs(vec![match proof.issue_date() {
                    Some(date) => other.issued_on(date),
                    None => other,
                }]);
            });
            let said = text(readiness);
            assert!(said.contains("no. 1 (other document)"), "{said}");
            assert!(!said.contains("Zachary"), "{said}");
        }
    }
}
