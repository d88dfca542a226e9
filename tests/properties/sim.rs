//! Whatever the carrier does, and wherever a step is dropped: nothing is lost, nothing is sent
//! twice, no state runs ahead of the carrier's books, and every request comes to an end.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use crate::histories::config;
use crate::histories::evidence::backed;
use crate::histories::scripts::{Plan, plan};
use crate::histories::staff::{Office, orders_on_record, run};
use chrono::TimeDelta;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseResult};
use snap_port::testing::{CancelPlan, sample};
use snap_port::{
    Advance, AnyPortRequest as Any, Clock, DeskError, PortDesk, PortRequestId, PortStore, Status,
    StoreError, waiting,
};

/// Polls a future so often, then drops it.
fn dropped<T>(future: impl Future<Output = T>, polls: usize) -> Option<T> {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    (0..polls).find_map(|_| match future.as_mut().poll(&mut context) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    })
}

pub(crate) fn holds(office: &Office, id: &PortRequestId, thorough: bool) -> TestCaseResult {
    let stored = run(office.store.get(id))
        .unwrap()
        .ok_or_else(|| TestCaseError::fail(format!("{id} is lost")))?;
    let request = stored
        .read()
        .map_err(|e| TestCaseError::fail(format!("{e}, {e:?}")))?;
    let status = request.status();
    prop_assert_eq!(stored.row.status, status);
    let waits = waiting(&request, &office.plan.capabilities);
    // After the end only numbers that went astray are waited for.
    prop_assert!(
        waits.is_some() || status.is_final(),
        "{} waits for nobody",
        status
    );
    prop_assert_eq!(stored.row.waiting_on, waits.map(|waits| waits.on));
    sent_once(office, id, &request)?;
    not_ahead(office, &request)?;
    if thorough {
        let record = serde_json::from_slice(&request.to_json().unwrap()).unwrap();
        backed(&record).map_err(TestCaseError::fail)?;
    }
    Ok(())
}

/// Every order of the request is on its record but one whose answer is awaited, and one at most
/// is alive.
fn sent_once(office: &Office, id: &PortRequestId, request: &Any) -> TestCaseResult {
    let orders = office.carrier.orders_of(id);
    let known = orders_on_record(request);
    let unknown: Vec<_> = orders
        .iter()
        .filter(|order| !known.contains(order))
        .collect();
    let in_doubt = match request {
        Any::Sealed(sealed) => sealed.phase().may_be_with_carrier(),
        _ => false,
    };
    prop_assert!(
        unknown.len() <= usize::from(in_doubt),
        "{id} is {}, and these orders are not on its record: {unknown:?}",
        request.status()
    );
    let alive = orders.iter().filter(|order| !office.books(order).is_dead());
    let alive: Vec<_> = alive.collect();
    prop_assert!(alive.len() <= 1, "{id} has several live orders: {alive:?}");
    Ok(())
}

/// What a state claims is in the carrier's books.
fn not_ahead(office: &Office, request: &Any) -> TestCaseResult {
    let (Some(order), Some(numbers)) = (request.order(), request.numbers()) else {
        return Ok(());
    };
    let books = office.books(order); // the order exists
    let books = books.of(numbers);
    let gaining = Some(sample::gaining_account());
    let at_home = numbers
        .iter()
        .filter(|n| office.carrier.owner_of(**n) == gaining)
        .count();
    let status = request.status();
    if matches!(status, Status::ReleaseApproved | Status::Scheduled) {
        let approved = books.approval.is_some() || !books.arrivals.is_empty();
        prop_assert!(approved, "{status} without an approval in the books");
    }
    if status == Status::Scheduled {
        let timed = books.slot.is_some() || !books.arrivals.is_empty();
        prop_assert!(timed, "{status} without a time in the books");
    }
    if matches!(status, Status::Ported | Status::Verified) {
        prop_assert_eq!(at_home, numbers.len(), "{} with numbers elsewhere", status);
    }
    Ok(())
}

/// How one request is taken further: with drops and restarts, or by two desks at once.
type Push = fn(&mut Office, &mut PortDesk, &PortRequestId) -> TestCaseResult;

fn with_drops(office: &mut Office, desk: &mut PortDesk, id: &PortRequestId) -> TestCaseResult {
    if office.dice.chance(10) {
        *desk = office.desk();
    }
    for _ in 0..office.dice.below(3) {
        // A submission takes the first few polls.
        let most = office.dice.pick(&[4, 30]);
        let polls = 1 + office.dice.below(most);
        if let Some(outcome) = dropped(desk.advance(id), polls) {
            outcome.map_err(|e| TestCaseError::fail(format!("{id}: {e:?}")))?;
        }
    }
    Ok(())
}

fn with_two_desks(office: &mut Office, desk: &mut PortDesk, id: &PortRequestId) -> TestCaseResult {
    let other = office.desk();
    let (mut mine, mut theirs) = (pin!(desk.advance(id)), pin!(other.advance(id)));
    let (mut one, mut two) = (None, None);
    let mut context = Context::from_waker(Waker::noop());
    let share = office.dice.pick(&[15, 50, 85]);
    while one.is_none() || two.is_none() {
        let first = office.dice.chance(share);
        if first && one.is_none() {
            one = ready(mine.as_mut().poll(&mut context));
        } else if two.is_none() {
            two = ready(theirs.as_mut().poll(&mut context));
        }
    }
    conflict_at_worst(id, one)?;
    conflict_at_worst(id, two)
}

fn ready<T>(poll: Poll<T>) -> Option<T> {
    match poll {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

fn conflict_at_worst(
    id: &PortRequestId,
    outcome: Option<Result<Advance, DeskError>>,
) -> TestCaseResult {
    match outcome {
        Some(Err(DeskError::Store(StoreError::Conflict { .. }))) | Some(Ok(_)) | None => Ok(()),
        Some(Err(other)) => Err(TestCaseError::fail(format!("{id}: {other:?}"))),
    }
}

/// Thirty rough days, then forty calm ones in which people lose patience.
fn lives(plan: &Plan, push: Push) -> TestCaseResult {
    let mut office = Office::new(plan);
    let mut desk = office.desk();
    office.open(&desk, "r");
    let begin = office.clock.now();
    for step in 0.. {
        let calm = office.clock.now() > office.patient_until;
        if calm && office.plan.percent > 0 {
            office.calm();
        }
        let minutes = office.dice.pick(&[1, 4, 20, 60, 600, 1_500, 2_000]);
        office
            .clock
            .advance(TimeDelta::minutes(if calm { 700 } else { minutes }));
        for id in office.ids.clone() {
            push(&mut office, &mut desk, &id)?;
            if calm || office.dice.chance(50) {
                office.act(&desk, &id);
            }
            if calm {
                run(desk.advance(&id)).map_err(|e| TestCaseError::fail(format!("{id}: {e:?}")))?;
            }
        }
        let mut ended = true;
        for id in &office.ids {
            holds(&office, id, step % 8 == 0)?;
            ended &= office.get(&desk, id).status().is_final();
        }
        if ended || office.clock.now() > begin + TimeDelta::days(70) {
            break;
        }
    }
    // Who may not cancel may have to wait for ever.
    let may_wait = matches!(plan.script.cancel, CancelPlan::Refused(_));
    for id in &office.ids {
        holds(&office, id, true)?;
        let request = office.get(&desk, id);
        let timeline: Vec<String> = request
            .timeline()
            .iter()
            .map(|e| format!("{} {e}", e.recorded_at()))
            .collect();
        prop_assert!(
            request.status().is_final() || may_wait,
            "{id} waits for ever: {:?}, {timeline:#?}",
            waiting(&request, &snap_port::Capabilities::default())
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(Config { max_shrink_iters: 100, ..config(64) })]

    #[test]
    fn dropped_anywhere_a_port_loses_nothing_and_ends(plan in plan()) {
        lives(&plan, with_drops)?;
    }

    #[test]
    fn two_desks_over_one_store_agree(plan in plan()) {
        lives(&plan, with_two_desks)?;
    }
}
