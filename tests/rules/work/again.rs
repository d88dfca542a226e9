//! What was said of another order is past, and what is known stays known.

use super::told::stage;
use super::{arrived, item, saw};
use crate::stub::*;
use snap_port::desk::{DeskView, Stage, Urgency, customer_update};
use snap_port::*;

/// Refused, amended and submitted as another order.
fn another_order(request: PortRequest<Submitted>) -> PortRequest<Submitted> {
    let refusal = notice(&request);
    let again = request.refused(refusal).unwrap();
    let again = again.amend(admin().permit().unwrap(), at(APPROVED));
    let sent = send(pass(seal(again)));
    let receipt = receipt(&sent, "T-2");
    sent.submitted(receipt).unwrap()
}

#[test]
fn what_another_order_was_told_is_past() {
    let cancel = |mut request: PortRequest<Submitted>| {
        let permit = admin().permit().unwrap();
        request.request_cancel("x", permit, at(APPROVED));
        request
    };
    let mut first = cancel(submitted());
    observe(&mut first, Fact::CancelRefused("too late".to_owned()));
    let second = AnyPortRequest::from(another_order(first));
    let (can, policy) = (Capabilities::default(), RoutePolicy::default());
    let view = DeskView::new(&can, &policy, at(CONFIRMED));
    assert!(!customer_update(&second, &view).cancel_refused);
    let AnyPortRequest::Submitted(second) = second else {
        panic!("{second:?}");
    };
    let cancelling = Stage::Cancelling { filed: true };
    assert_eq!(stage(cancel(second), CONFIRMED), cancelling);
}

#[test]
fn an_alarm_of_another_order_is_past() {
    let alarmed = |request| saw(request, Fact::Alarm("it is gone".to_owned()), TESTED);
    let second = item(another_order(alarmed(submitted())), TAKEN);
    assert_eq!(second.alarm, None);
    assert_ne!(second.urgency, Urgency::Emergency);
    let anew = item(alarmed(another_order(alarmed(submitted()))), TAKEN);
    assert_eq!(anew.urgency, Urgency::Emergency);
}

#[test]
fn that_another_order_ended_too_soon_is_past() {
    let ended = |request| saw(request, Fact::EndedAfterMove("done".to_owned()), MOVED);
    let missing = |request: PortRequest<Submitted>| {
        let item = item(saw(request, arrived(0, gaining()), MOVED), TESTED);
        assert_eq!(item.waiting.what, Awaited::MissingNumbers(2));
        item.waiting.on
    };
    assert_eq!(missing(ended(submitted())), Party::Staff);
    assert_eq!(missing(another_order(ended(submitted()))), Party::Carrier);
    let anew = ended(another_order(ended(submitted())));
    assert_eq!(missing(anew), Party::Staff);
}

/// Ten days from the first word of it, whatever is said of it later: a number is lost after that.
#[test]
fn a_deadline_counts_from_the_first_word_of_the_trouble() {
    let held =
        |request, reason, words, when| saw(request, Fact::Held(Hold::new(reason, words)), when);
    let (first, later) = ("2026-11-05T12:00:00Z", "2026-11-11T12:00:00Z");
    let deleted = || held(submitted(), Reason::NumberDeleted, "deleted", first);
    let deadline = |request: AnyPortRequest| item(request, later).deadline;
    let from_the_first = Some(at("2026-11-15T12:00:00Z"));
    let anew = Some(at("2026-11-21T12:00:00Z"));
    assert_eq!(deadline(deleted().into()), from_the_first);
    let reworded = |request| held(request, Reason::NumberDeleted, "still deleted", later);
    assert_eq!(deadline(reworded(deleted()).into()), from_the_first);
    let refuse = |request: PortRequest<Submitted>| -> AnyPortRequest {
        let said = says(later, Refusal::new(Reason::NumberDeleted, "gone"));
        let notice = StubCarrier::new().attest_refusal(&request, said, &clock(later));
        request.refused(notice.unwrap()).unwrap().into()
    };
    assert_eq!(deadline(refuse(deleted())), from_the_first);
    // It was mended, or stood aside: a word of it later is another trouble.
    assert_eq!(deadline(refuse(submitted())), anew);
    let resumed = saw(deleted(), Fact::Resumed, first);
    assert_eq!(deadline(reworded(resumed).into()), anew);
    let other = held(deleted(), Reason::FeeDemanded, "a fee", first);
    assert_eq!(deadline(reworded(other).into()), anew);
    assert_eq!(deadline(reworded(another_order(deleted())).into()), anew);
    let approved = approve(deleted());
    let hold = Hold::new(Reason::NumberDeleted, "again");
    let approved = saw(approved, Fact::Held(hold), later);
    assert_eq!(deadline(approved.into()), anew);
}
