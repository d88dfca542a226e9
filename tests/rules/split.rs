//! One request becomes two: disjoint, together the original, both histories whole.

use crate::stub::*;
use snap_port::*;

type Parts<S> = (PortRequest<S>, PortRequest<S>);

fn split<S: Splits + Clone>(
    request: PortRequest<S>,
    child: &str,
    part: &[usize],
) -> Result<Parts<S>, TransitionError<S>> {
    let permit = support().permit().unwrap();
    request.split(id(child), numbers(part), "missing", permit, at(MOVED))
}

fn parts<S: Splits + Clone>(request: PortRequest<S>) -> Parts<S> {
    split(request, "r-1b", &[1]).unwrap()
}

fn kinds<S: State>(request: &PortRequest<S>) -> Vec<&'static str> {
    request.timeline().map(|entry| entry.kind()).collect()
}

#[track_caller]
fn reloads<S: State>(request: PortRequest<S>) -> PortRequest<S>
where
    AnyPortRequest: From<PortRequest<S>>,
    PortRequest<S>: TryFrom<AnyPortRequest>,
{
    let any = AnyPortRequest::from(request);
    let bytes = any.to_json().unwrap();
    let read = AnyPortRequest::from_json(&bytes).unwrap();
    assert!(read == any, "reads back another");
    match read.try_into() {
        Ok(request) => request,
        Err(_) => panic!("reads back in another state"),
    }
}

fn conserves<S: Splits + Clone>(make: impl Fn() -> PortRequest<S>)
where
    AnyPortRequest: From<PortRequest<S>>,
    PortRequest<S>: TryFrom<AnyPortRequest> + PartialEq,
{
    let original = make();
    let (parent, child) = parts(make());
    assert_eq!((parent.id(), child.id()), (original.id(), &id("r-1b")));
    assert_eq!(parent.numbers(), &numbers(&[0, 2]));
    assert_eq!(child.numbers(), &numbers(&[1]));
    for part in [&parent, &child] {
        assert_eq!(part.status(), original.status());
        assert_eq!(part.order(), original.order());
        assert_eq!(part.package(), original.package());
        assert_eq!(part.frozen_date(), original.frozen_date());
        assert_eq!(part.table().rows().len(), part.numbers().len());
        assert_eq!(part.since(), original.since());
    }
    let mut whole = kinds(&original);
    whole.push("split_off");
    assert_eq!(kinds(&parent), whole);
    whole.pop();
    whole.push("split_from");
    assert_eq!(kinds(&child), whole);
    drop(reloads(parent));
    drop(reloads(child));
}

#[test]
fn a_split_conserves_the_request_in_each_state_that_splits() {
    conserves(submitted);
    conserves(approved);
    conserves(scheduled);
    conserves(ported);
}

#[test]
fn the_order_of_the_numbers_is_kept() {
    let (parent, child) = split(submitted(), "r-1b", &[2, 0]).unwrap();
    assert_eq!(parent.numbers(), &numbers(&[1]));
    assert_eq!(child.numbers(), &numbers(&[2, 0]));
}

#[test]
fn the_child_needs_a_name_of_its_own() {
    let refused = refused_split(split(submitted(), "r-1", &[1]));
    assert!(matches!(refused, Violation::BadSplit(_)), "{refused:?}");
}

#[test]
fn the_child_may_not_take_the_name_of_its_grandparent_or_sibling() {
    let (parent, child) = split(submitted(), "r-1b", &[2, 1]).unwrap();
    let as_grandparent = split(child, "r-1", &[1]).map(drop).unwrap_err();
    assert!(matches!(as_grandparent.violation(), Violation::BadSplit(_)));
    drop(parent);
    let (parent, _) = parts(submitted());
    let as_sibling = split(parent, "r-1b", &[2]).map(drop).unwrap_err();
    assert!(matches!(as_sibling.violation(), Violation::BadSplit(_)));
}

fn refused_split(result: Result<Parts<Submitted>, TransitionError<Submitted>>) -> Violation {
    refused(result.map(|(parent, _)| parent), &submitted())
}

#[test]
fn a_number_of_another_request_is_refused() {
    let refused = refused_split(split(submitted(), "r-1b", &[1, 9]));
    assert_eq!(refused, Violation::NotInRequest { number: number(9) });
}

#[test]
fn a_number_that_was_split_off_is_gone() {
    let (parent, _) = parts(submitted());
    let error = split(parent, "r-1c", &[1]).map(|_| ()).unwrap_err();
    assert_eq!(
        *error.violation(),
        Violation::NotInRequest { number: number(1) }
    );
}

#[test]
fn one_number_must_stay() {
    let refused = refused_split(split(submitted(), "r-1b", &[2, 1, 0]));
    assert!(matches!(refused, Violation::BadSplit(_)), "{refused:?}");
}

#[test]
fn both_parts_go_on_on_their_own() {
    let (parent, child) = parts(submitted());
    let approval = approval(&child, {
        ReleaseGranted {
            numbers: numbers(&[1]),
            ..granted(APPROVED)
        }
    });
    let child = child.approved(approval.clone()).unwrap();
    let error = parent.approved(approval).unwrap_err();
    let expected = Violation::OtherRequest { found: id("r-1b") };
    assert_eq!(*error.violation(), expected);
    let parent = error.into_request();
    let notice = notice(&parent);
    let rejected = parent.refused(notice).unwrap();
    assert_eq!(rejected.numbers(), &numbers(&[0, 2]));
    assert_eq!(reloads(child).status(), Status::ReleaseApproved);
    assert_eq!(reloads(rejected).status(), Status::Rejected);
}

#[test]
fn a_part_whose_numbers_moved_goes_on_and_the_rest_is_cancelled() {
    let (parent, child) = parts(scheduled());
    let one = || OrderReport::new(order("T-1")).arrived([arrival(1, gaining())]);
    let done = reached(look(&child, one(), MOVED).completion(&child));
    let child = child.ported(done).unwrap();
    assert_eq!(child.completion().arrivals().len(), 1);
    let cancelled = one().cancelled(at(SIGNED));
    let Progress::Cancelled(receipt) = look(&parent, cancelled, SIGNED)
        .completion(&parent)
        .unwrap()
    else {
        panic!("none of its numbers moved");
    };
    assert_eq!(receipt.numbers(), &numbers(&[0, 2]));
    let parent = parent.cancelled(receipt).unwrap();
    assert_eq!(parent.numbers(), Some(&numbers(&[0, 2])));
    drop(reloads(child));
    drop(reloads(parent));
}

#[test]
fn a_cancellation_asks_for_the_parts_own_numbers_only() {
    let (_, child) = parts(scheduled());
    let carrier = StubCarrier::new();
    let pending = wait(carrier.cancel_order(&child, &clock(MOVED))).unwrap();
    assert!(matches!(pending, Cancellation::Pending(_)));
    let asked = carrier.cancels.lock().unwrap().pop().unwrap();
    assert_eq!(asked.numbers, numbers(&[1]));
}

#[test]
fn what_was_known_of_a_number_goes_with_it() {
    let mut request = ported();
    for number in &all() {
        observe(&mut request, Fact::Assigned { number: *number });
    }
    let (mut parent, child) = parts(request);
    for part in [&parent, &child] {
        assert!(part.prove::<check::Assigned>().is_ok());
    }
    let fails = Outcome::Failed("x".to_owned());
    observe(&mut parent, tested(number(0), Test::SmsIn, fails));
    assert!(child.table().row(number(0)).is_none());
    assert_eq!(
        child.table().rows()[0].check(Check::SmsIn),
        &CheckState::Open
    );
}

#[test]
fn a_childs_record_names_the_parent_whose_history_it_continues() {
    let (_, child) = parts(submitted());
    let mut record = json(child);
    let entry = record["history"]
        .as_array_mut()
        .unwrap()
        .last_mut()
        .unwrap();
    entry["entry"]["parent"] = "r-9".into();
    let error = reload(&record).unwrap_err();
    assert!(
        matches!(&error, RecordError::Violation { source, .. }
            if *source == Violation::OtherRequest { found: id("r-9") }),
        "{error}"
    );
}

#[test]
fn a_child_splits_again() {
    let (parent, child) = split(submitted(), "r-1b", &[1, 2]).unwrap();
    let (child, grandchild) = split(child, "r-1c", &[2]).unwrap();
    assert_eq!(parent.numbers(), &numbers(&[0]));
    assert_eq!(child.numbers(), &numbers(&[1]));
    assert_eq!(grandchild.numbers(), &numbers(&[2]));
    drop(reloads(child));
    let grandchild = reloads(grandchild);
    let kinds = kinds(&grandchild);
    assert!(
        kinds.ends_with(&["submitted", "split_from", "split_from"]),
        "{kinds:?}"
    );
}

#[test]
fn a_refused_child_is_amended_under_its_own_name() {
    let (_, child) = parts(submitted());
    let notice = notice(&child);
    let rejected = child.refused(notice).unwrap();
    let draft = rejected.amend(support().permit().unwrap(), at(CONFIRMED));
    assert_eq!(draft.checklist().numbers(), Some(&numbers(&[1])));
    let package = draft.checklist().complete().unwrap();
    let sealed = draft
        .seal(&package, admin().permit().unwrap(), at(CONFIRMED))
        .unwrap();
    assert_eq!(sealed.attempt().key().to_string(), "r-1b#2");
    assert_eq!(sealed.numbers(), &numbers(&[1]));
    drop(reloads(sealed));
}
