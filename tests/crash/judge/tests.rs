//! The judge sees each wrong, and none where there is none.

use super::*;

fn acknowledged(id: &str, entries: usize) -> Acknowledged {
    Acknowledged {
        id: id.to_owned(),
        filed_as: whole(id).to_owned(),
        entries,
    }
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

fn kept(id: &str, status: Status, order: Option<&str>) -> Kept {
    Kept {
        id: id.to_owned(),
        status,
        order: order.map(str::to_owned),
        numbers: texts(&["+1", "+2"]),
        sent: Vec::new(),
        entries: vec!["opened", "sealed"],
        registered: Vec::new(),
    }
}

fn ticket(id: &str, key: &str, status: &str, moved: &[&str]) -> Ticket {
    Ticket {
        id: id.to_owned(),
        key: key.to_owned(),
        status: status.to_owned(),
        numbers: texts(&["+1", "+2"]),
        moved: texts(moved),
    }
}

fn now(acknowledged: &[Acknowledged], kept: &[Kept], tickets: &[Ticket]) -> String {
    at_any_time(acknowledged, kept, tickets, &BTreeSet::new()).join("; ")
}

#[test]
fn what_was_acknowledged_must_be_kept() {
    let a = [acknowledged("a", 2)];
    let draft = kept("a", Status::Draft, None);
    assert_eq!(now(&a, std::slice::from_ref(&draft), &[]), "");
    assert_eq!(now(&a, &[], &[]), "a: 2 entries acknowledged, 0 kept");
    let a = [acknowledged("a", 3)];
    assert_eq!(now(&a, &[draft], &[]), "a: 3 entries acknowledged, 2 kept");
}

#[test]
fn nothing_is_asked_twice_nor_before_the_intent_is_kept() {
    let mut sealed = kept("a", Status::Sealed, None);
    let first = ticket("1", "a#1", "open", &[]);
    let wrong = now(
        &[],
        std::slice::from_ref(&sealed),
        std::slice::from_ref(&first),
    );
    assert_eq!(wrong, "a#1: ticket 1 was filed, of which nothing is kept");
    sealed.sent = texts(&["a#1", "a#2"]);
    let sealed = [sealed];
    assert_eq!(now(&[], &sealed, std::slice::from_ref(&first)), "");
    for again in ["a#1", "a#2"] {
        let tickets = [first.clone(), ticket("2", again, "open", &[])];
        let wrong = format!("a: asked twice, as a#1, {again}");
        assert_eq!(now(&[], &sealed, &tickets), wrong);
    }
}

#[test]
fn no_state_is_ahead_of_twilio() {
    use Status::{Cancelled, Ported, ReleaseApproved, Scheduled, Sealed, Submitted, Verified};
    let (some, all) = (&["+1"][..], &["+1", "+2"][..]);
    for (status, order, shown, moved, wrong) in [
        (Sealed, None, "open", &[][..], ""),
        (Submitted, Some("1"), "open", &[], ""),
        (Submitted, None, "open", &[], "it has no ticket"),
        (
            Submitted,
            Some("2"),
            "open",
            &[],
            "its ticket was never filed",
        ),
        (ReleaseApproved, Some("1"), "approved", &[], ""),
        (
            ReleaseApproved,
            Some("1"),
            "on-hold",
            &[],
            "its ticket is on-hold",
        ),
        (Scheduled, Some("1"), "open", &[], "its ticket is open"),
        (Scheduled, Some("1"), "open", some, ""),
        (
            Ported,
            Some("1"),
            "approved",
            some,
            "1 of its numbers have moved",
        ),
        (Ported, Some("1"), "done", all, ""),
        (
            Verified,
            Some("1"),
            "done",
            &[],
            "0 of its numbers have moved",
        ),
        (Cancelled, Some("1"), "done", some, "its numbers have moved"),
        (Cancelled, Some("1"), "on-hold", &[], ""),
    ] {
        let mut one = kept("a", status, order);
        one.sent = texts(&["a#1"]);
        let said = now(&[], &[one], &[ticket("1", "a#1", shown, moved)]);
        let (said, expected) = (said.as_str(), wrong);
        match expected {
            "" => assert_eq!(said, "", "{status}"),
            wrong => assert!(said.ends_with(wrong), "{status}: {said}"),
        }
    }
}

#[test]
fn a_ticket_is_of_the_request_that_filed_it_and_lists_its_numbers() {
    let filed = ticket("1", "a#1", "open", &[]);
    let part = kept("a-part", Status::Submitted, Some("1"));
    let whole = kept("a", Status::Submitted, Some("1"));
    let both = [whole.clone(), part];
    assert_eq!(now(&[], &both, std::slice::from_ref(&filed)), "");
    let mut other = kept("b", Status::Submitted, Some("1"));
    other.numbers = texts(&["+3"]);
    let wrong = now(&[], &[whole, other], &[filed]);
    assert!(
        wrong.contains("b is submitted: its ticket is of a#1"),
        "{wrong}"
    );
    assert!(
        wrong.contains("its ticket does not list its numbers"),
        "{wrong}"
    );
}

#[test]
fn a_registration_was_told_by_twilio() {
    let mut one = kept("a", Status::Draft, None);
    one.registered = texts(&["+1"]);
    let wrong = now(&[], std::slice::from_ref(&one), &[]);
    assert!(
        wrong.ends_with("nobody said that +1 is registered"),
        "{wrong}"
    );
    let told = BTreeSet::from(["+1".to_owned()]);
    assert_eq!(at_any_time(&[], &[one], &[], &told), Wrongs::new());
}

#[test]
fn in_the_end_everything_is_over_and_every_ticket_somebodys() {
    let filed = [ticket("1", "a#1", "done", &["+1", "+2"])];
    let ours = |url: &str| ["+1", "+2"].map(|number| (number.to_owned(), url.to_owned()));
    let end = |kept: &[Kept], gained| at_the_end(kept, &filed, &BTreeMap::from(gained)).join("; ");
    let over = [kept("a", Status::Verified, Some("1"))];
    assert_eq!(end(&over, ours(VOICE_URL)), "");
    let wrong = end(&over, ours(""));
    assert_eq!(wrong, "a: \"\" answers +1; a: \"\" answers +2");
    let wrong = at_the_end(&over, &filed, &BTreeMap::new()).join("; ");
    assert_eq!(wrong, "a: +1 is not ours; a: +2 is not ours");
    let wrong = end(&[kept("a", Status::Ported, Some("1"))], ours(VOICE_URL));
    assert_eq!(wrong, "a is still ported");
    let wrong = end(&[kept("a", Status::Cancelled, None)], ours(VOICE_URL));
    assert_eq!(wrong, "a#1: ticket 1 is nobody's");
}

#[test]
fn everything_is_told_as_it_is_kept() {
    let event = |position, entry| Event {
        position,
        request: "a".to_owned(),
        entry,
    };
    let told = |position, kind: &str| Told {
        position,
        request: "a".to_owned(),
        kind: kind.to_owned(),
    };
    let kept = [kept("a", Status::Sealed, None)];
    let events = [event(1, 0), event(4, 1)];
    let (first, second) = (told(1, "opened"), told(4, "sealed"));
    let is = |lives: &[Vec<Told>]| outbox(&kept, &events, lives).join("; ");
    let twice = [vec![first.clone()], vec![first.clone(), second.clone()]];
    assert_eq!(is(&twice), "");
    assert!(is(&[vec![first.clone()]]).starts_with("never told"));
    assert!(is(&[vec![second.clone(), first.clone()]]).starts_with("told after what came later"));
    let other = vec![first.clone(), second.clone(), told(5, "ported")];
    assert!(is(&[other]).starts_with("told what is not kept"));
    let other = vec![told(1, "ported"), first, second];
    assert!(is(&[other]).starts_with("told what is not kept"));
    let missing = outbox(&kept, &events[..1], &[]).join("; ");
    assert!(
        missing.starts_with("a: 2 entries, in the outbox [0]"),
        "{missing}"
    );
}
