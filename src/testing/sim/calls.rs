//! The calls themselves.

use std::future::poll_fn;
use std::task::Poll;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::fault::{Fault, Op};
use super::order::Order;
use super::script::CancelPlan;
use super::service::Line;
use super::world::{World, reference};
use super::{Lookup, SimCarrier, after};
use crate::carrier::{
    AlertQuery, AlertReport, AttemptQuery, CancelAsk, CancelReport, Capabilities, CarrierClient,
    CarrierError, CarrierErrorKind, FindReport, NumberTask, OrderQuery, OrderReport, SlotAsk, Step,
    SubmitReport, TransferOrder,
};
use crate::id::CarrierId;
use crate::request::{Outcome, Registration, Test};

/// Lets other tasks run once; a place where a future can be dropped.
async fn yield_now() {
    let mut yielded = false;
    poll_fn(|context| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// What a call is worked out from.
struct Call {
    now: DateTime<Utc>,
    fault: Option<Fault>,
}

impl Call {
    /// The time as of which a status is answered.
    fn as_of(&self) -> DateTime<Utc> {
        match self.fault {
            Some(Fault::Stale(by)) => self
                .now
                .checked_sub_signed(by)
                .unwrap_or(DateTime::<Utc>::MIN_UTC),
            _ => self.now,
        }
    }

    /// What is answered of an order.
    fn answer(&self, order: &mut Order, can: &Capabilities) -> OrderReport {
        match (&self.fault, &order.answered) {
            (Some(Fault::Duplicate), Some(last)) => return last.clone(),
            (Some(Fault::WrongOrder), _) => return OrderReport::new(reference(0)),
            _ => {}
        }
        let report = order.report(self.as_of(), can);
        order.answered = Some(report.clone());
        report
    }
}

impl SimCarrier {
    async fn call<T: Send>(
        &self,
        op: Op,
        step: Option<Step>,
        effect: impl FnOnce(&mut World, &Call) -> Result<T, CarrierError> + Send,
    ) -> Result<T, CarrierError> {
        let fault = {
            let mut world = self.lock();
            let seed = world.seed;
            world.faults.called(seed, op)
        };
        yield_now().await;
        let (answer, lost) = {
            let mut world = self.lock();
            if let Some(step) = step.filter(|step| !world.capabilities.by_api(*step)) {
                let detail = format!("{step} is not done by API here");
                return Err(world.error(CarrierErrorKind::Unsupported, &detail));
            }
            if let Some(error) = fault.as_ref().and_then(|f| f.before(&world.id, op)) {
                return Err(error);
            }
            let now = self.clock.now();
            let call = Call { now, fault };
            let answer = effect(&mut world, &call);
            (answer, call.fault.and_then(|f| f.after(&world.id, op)))
        };
        yield_now().await;
        lost.map_or(answer, Err)
    }

    /// A call about a number that is in the account it is said to be in.
    async fn serve<T: Send>(
        &self,
        op: Op,
        step: Step,
        task: &NumberTask,
        effect: impl FnOnce(&mut Line, &Order, &Call) -> Result<T, CarrierError> + Send,
    ) -> Result<T, CarrierError> {
        self.call(op, Some(step), |world, call| {
            let World {
                orders, lines, id, ..
            } = world;
            let there = orders.iter().rfind(|order| {
                order
                    .whereabouts(task.number, call.now)
                    .is_some_and(|(_, account)| account == task.account)
            });
            let Some(order) = there else {
                let detail = format!("{} is not in this account", task.number);
                return Err(CarrierError::new(
                    id.clone(),
                    CarrierErrorKind::NotFound,
                    detail,
                ));
            };
            effect(lines.entry(task.number).or_default(), order, call)
        })
        .await
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl CarrierClient for SimCarrier {
    fn id(&self) -> CarrierId {
        self.lock().id.clone()
    }

    fn capabilities(&self) -> Capabilities {
        self.lock().capabilities
    }

    async fn submit(&self, order: &TransferOrder) -> Result<SubmitReport, CarrierError> {
        self.call(Op::Submit, None, |world, call| {
            if world.capabilities.by_api(Step::Submit) {
                return Ok(world.take(order, call.now));
            }
            if !world.capabilities.by_people(Step::Submit) {
                return Err(world.error(CarrierErrorKind::Unsupported, "nobody files here"));
            }
            world.handed_over.insert(order.key().clone(), order.clone());
            Ok(SubmitReport::HandedOver {
                how: "simulated transfer desk".to_owned(),
            })
        })
        .await
    }

    async fn status(&self, query: &OrderQuery) -> Result<OrderReport, CarrierError> {
        self.call(Op::Status, None, |world, call| {
            let can = world.capabilities;
            Ok(call.answer(world.order(&query.order)?, &can))
        })
        .await
    }

    async fn statuses(&self, queries: &[OrderQuery]) -> Result<Vec<OrderReport>, CarrierError> {
        self.call(Op::Statuses, None, |world, call| {
            let can = world.capabilities;
            let mut reports: Vec<OrderReport> = Vec::with_capacity(queries.len());
            for query in queries {
                if let Ok(order) = world.order(&query.order) {
                    reports.push(call.answer(order, &can));
                }
            }
            if call.fault == Some(Fault::Duplicate) {
                reports.extend_from_within(..);
            }
            Ok(reports)
        })
        .await
    }

    async fn find(&self, query: &AttemptQuery) -> Result<FindReport, CarrierError> {
        let attempt = &query.key;
        self.call(Op::Find, None, |world, call| {
            let cannot_tell = |why: String| Ok(FindReport::CannotTell { why });
            let Lookup::SeesAfter(wait) = world.lookup else {
                return cannot_tell(format!("this carrier has no lookup for {attempt}"));
            };
            let as_of = call.as_of();
            let seen = world
                .orders
                .iter()
                .find(|order| order.key == *attempt && after(order.taken, wait) <= as_of);
            match seen {
                Some(order) => Ok(FindReport::Found {
                    order: order.reference.clone(),
                    at: order.taken,
                }),
                None if world.capabilities.by_api(Step::Submit) => Ok(FindReport::Absent),
                None => cannot_tell(format!("ask who files by hand for {attempt}")),
            }
        })
        .await
    }

    async fn request_slot(&self, ask: &SlotAsk) -> Result<OrderReport, CarrierError> {
        self.call(Op::RequestSlot, Some(Step::Schedule), |world, call| {
            let can = world.capabilities;
            let id = world.id.clone();
            let order = world.order(&ask.order)?;
            let why =
                if can.by_api(Step::Release) && order.released().is_none_or(|at| at > call.now) {
                    "the losing platform has not approved yet"
                } else if order.refusal().is_some_and(|(_, at)| at <= call.now) {
                    "the order is dead"
                } else if ask
                    .numbers
                    .iter()
                    .all(|n| order.whereabouts(*n, call.now).is_some())
                {
                    "the numbers have moved"
                } else {
                    order.ask(&ask.numbers, &ask.slot, call.now);
                    return Ok(call.answer(order, &can));
                };
            Err(CarrierError::new(id, CarrierErrorKind::InvalidRequest, why))
        })
        .await
    }

    async fn cancel(&self, ask: &CancelAsk) -> Result<CancelReport, CarrierError> {
        self.call(Op::Cancel, Some(Step::Cancel), |world, call| {
            let order = world.order(&ask.order)?;
            let mut numbers = ask.numbers.iter();
            if let Some(number) = numbers.find(|n| order.whereabouts(**n, call.now).is_some()) {
                return Ok(CancelReport::Refused(format!("{number} has moved already")));
            }
            match &order.script.cancel {
                CancelPlan::Done => order.cancel(&ask.numbers, call.now),
                CancelPlan::DoneAfter(wait) => {
                    let at = after(call.now, *wait);
                    order.cancel(&ask.numbers, at);
                }
                CancelPlan::Refused(why) => return Ok(CancelReport::Refused(why.clone())),
            }
            let done = order.cancellation_of(&ask.numbers);
            Ok(match done.filter(|at| *at <= call.now) {
                Some(at) => CancelReport::Done(at),
                None => CancelReport::Pending,
            })
        })
        .await
    }

    async fn assign(&self, task: &NumberTask) -> Result<(), CarrierError> {
        self.serve(Op::Assign, Step::Assign, task, |line, _, call| {
            line.assigned.get_or_insert(call.now);
            Ok(())
        })
        .await
    }

    async fn join_messaging(&self, task: &NumberTask) -> Result<(), CarrierError> {
        let op = Op::JoinMessaging;
        self.serve(op, Step::Messaging, task, |line, _, call| {
            line.joined.get_or_insert(call.now);
            Ok(())
        })
        .await
    }

    async fn registration(&self, task: &NumberTask) -> Result<Registration, CarrierError> {
        let (op, joins) = (Op::Registration, task.messaging.is_some());
        self.serve(op, Step::Registration, task, |line, order, call| {
            Ok(line.registration(&order.script, joins, call.now))
        })
        .await
    }

    async fn test(&self, task: &NumberTask, test: Test) -> Result<Outcome, CarrierError> {
        let step = match test {
            Test::VoiceOut | Test::VoiceIn => Step::VoiceTest,
            Test::SmsOut | Test::SmsIn => Step::SmsTest,
        };
        let joins = task.messaging.is_some();
        self.serve(Op::Test, step, task, |line, order, call| {
            Ok(line.test(test, &order.script, joins, call.now))
        })
        .await
    }

    async fn alerts(&self, query: &AlertQuery) -> Result<Vec<AlertReport>, CarrierError> {
        self.call(Op::Alerts, Some(Step::Alerts), |world, call| {
            let orders = world.orders.iter();
            let orders = orders.filter(|order| *order.gaining() == query.account);
            let alerts = orders.flat_map(|order| order.alerts(call.now));
            Ok(alerts
                .filter(|alert| query.numbers.contains(&alert.number) && alert.at >= query.since)
                .collect())
        })
        .await
    }
}
