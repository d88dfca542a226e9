//! The calls of [`CarrierClientExt`]: ask the carrier, check that the answer is about this request,
//! and mint.

use std::sync::Arc;

use async_trait::async_trait;

use super::ask::{AlertQuery, CancelAsk, OrderQuery, SlotAsk};
use super::capability::Step;
use super::error::CarrierError;
use super::ext::{Cancellation, CarrierClientExt, Resolution, Submission};
use super::look::{Look, confirmation};
use super::mint::{
    cancelled, done, found, human, invalid, known_alerts, known_order, last_resort, news,
    not_taken, observed, order_source, own, past, receipt, same_carrier, seen,
};
use super::report::{CancelReport, ReleaseGranted};
use super::statement::{Filed, NotFiled, OrderCancelled, Statement, step_of};
use super::{CarrierClient, submitting};
use crate::clock::Clock;
use crate::number::{PhoneNumber, is_blank};
use crate::request::evidence::{Approved, Refused};
use crate::request::{
    AttemptFact, AttemptNews, AttemptPhase, Basis, CancellationReceipt, Dispatch, Fact, InFlight,
    Observable, Observation, Outcome, PortRequest, Ported, Refusal, RefusalNotice, ReleaseApproval,
    Schedule, ScheduleConfirmation, Sealed, SlotRequest, State, Status, SubmissionReceipt,
    Submitted, Test,
};

#[async_trait]
impl<C: CarrierClient + ?Sized> CarrierClientExt for C {
    async fn submit_request(
        &self,
        request: &PortRequest<Sealed>,
        once: Dispatch,
        clock: &dyn Clock,
    ) -> Result<Submission, CarrierError> {
        submitting::submit(self, request, once, clock).await
    }

    async fn resolve(
        &self,
        request: &PortRequest<Sealed>,
        clock: &dyn Clock,
    ) -> Result<Resolution, CarrierError> {
        submitting::resolve(self, request, clock).await
    }

    async fn look_for_former<S: State>(
        &self,
        request: &PortRequest<S>,
        clock: &dyn Clock,
    ) -> Result<Vec<SubmissionReceipt>, CarrierError> {
        submitting::look_for_former(self, request, clock).await
    }

    async fn look<S: Observable>(
        &self,
        request: &PortRequest<S>,
        clock: &dyn Clock,
    ) -> Result<Look, CarrierError> {
        same_carrier(self, request)?;
        let order = known_order(self, request)?;
        let query = OrderQuery::of(request)
            .ok_or_else(|| invalid(self, &format!("order {order} is of no sealed package")))?;
        let report = self.status(&query).await?;
        seen(self, request, report, clock.now())
    }

    async fn look_at(
        &self,
        queries: &[OrderQuery],
        clock: &dyn Clock,
    ) -> Result<Vec<Look>, CarrierError> {
        let reports = self.statuses(queries).await?;
        let seen_at = clock.now();
        Ok(reports
            .into_iter()
            .filter(|report| queries.iter().any(|query| query.order == report.order))
            .map(|report| Look {
                carrier: self.id(),
                report,
                seen_at,
            })
            .collect())
    }

    async fn ask_slot<S: InFlight>(
        &self,
        request: &PortRequest<S>,
        slot: &SlotRequest,
        clock: &dyn Clock,
    ) -> Result<Look, CarrierError> {
        same_carrier(self, request)?;
        if slot.request != *request.id() {
            return Err(invalid(self, "the slot was agreed for another request"));
        }
        let ask = SlotAsk {
            order: request.order().clone(),
            numbers: request.numbers().clone(),
            slot: slot.slot.clone(),
        };
        let report = self.request_slot(&ask).await?;
        seen(self, request, report, clock.now())
    }

    async fn cancel_order<S: InFlight>(
        &self,
        request: &PortRequest<S>,
        clock: &dyn Clock,
    ) -> Result<Cancellation, CarrierError> {
        same_carrier(self, request)?;
        let ask = CancelAsk {
            order: request.order().clone(),
            numbers: request.numbers().clone(),
        };
        let answer = self.cancel(&ask).await?;
        let now = clock.now();
        Ok(match answer {
            CancelReport::Pending => Cancellation::Pending(observed(
                request,
                request.order(),
                Basis::Reported,
                Fact::CancelUnderWay,
                now,
                now,
            )),
            CancelReport::Done(at) => {
                Cancellation::Done(cancelled(request, Basis::Reported, at, now))
            }
            CancelReport::Refused(why) => {
                let what = Fact::CancelRefused(why);
                Cancellation::Refused(observed(
                    request,
                    request.order(),
                    Basis::Reported,
                    what,
                    now,
                    now,
                ))
            }
        })
    }

    async fn assign_number(
        &self,
        request: &PortRequest<Ported>,
        number: PhoneNumber,
        clock: &dyn Clock,
    ) -> Result<Observation, CarrierError> {
        let task = own(self, request, number)?;
        self.assign(&task).await?;
        Ok(done(request, Fact::Assigned { number }, clock))
    }

    async fn add_to_messaging(
        &self,
        request: &PortRequest<Ported>,
        number: PhoneNumber,
        clock: &dyn Clock,
    ) -> Result<Option<Observation>, CarrierError> {
        let task = own(self, request, number)?;
        let Some(service) = task.messaging.clone() else {
            return Ok(None);
        };
        self.join_messaging(&task).await?;
        let what = Fact::JoinedMessaging { number, service };
        Ok(Some(done(request, what, clock)))
    }

    async fn check_registration(
        &self,
        request: &PortRequest<Ported>,
        number: PhoneNumber,
        clock: &dyn Clock,
    ) -> Result<Observation, CarrierError> {
        let task = own(self, request, number)?;
        let state = self.registration(&task).await?;
        Ok(done(request, Fact::Registration { number, state }, clock))
    }

    async fn test_number(
        &self,
        request: &PortRequest<Ported>,
        number: PhoneNumber,
        test: Test,
        clock: &dyn Clock,
    ) -> Result<Observation, CarrierError> {
        let task = own(self, request, number)?;
        let outcome = match self.test(&task, test).await {
            Ok(outcome) => outcome,
            // It may have been made: on record, it is not made again at once.
            Err(error) if error.outcome_unknown() => Outcome::Unknown(format!(
                "the carrier {}; the test may have been made",
                error.kind()
            )),
            Err(error) => return Err(error),
        };
        let what = Fact::Tested {
            number,
            test,
            outcome,
        };
        Ok(done(request, what, clock))
    }

    async fn read_alerts(
        &self,
        request: &PortRequest<Ported>,
        clock: &dyn Clock,
    ) -> Result<Vec<Observation>, CarrierError> {
        same_carrier(self, request)?;
        let query = AlertQuery {
            account: request.package().destination().account().clone(),
            numbers: request.numbers().clone(),
            // From the first arrival on: early numbers are in service while others still move.
            since: request
                .completion()
                .arrivals()
                .iter()
                .map(|arrival| arrival.at)
                .min()
                .unwrap_or(request.completion().occurred_at()),
        };
        let alerts = self.alerts(&query).await?;
        let now = clock.now();
        let known = known_alerts(request);
        let mut observations: Vec<Observation> = alerts
            .into_iter()
            .filter(|alert| query.numbers.contains(&alert.number) && !known.contains(&&*alert.id))
            .map(|alert| {
                let what = Fact::Alert {
                    number: alert.number,
                    id: alert.id,
                    text: alert.text,
                };
                observed(
                    request,
                    request.order(),
                    Basis::Reported,
                    what,
                    alert.at,
                    now,
                )
            })
            .collect();
        observations.push(done(request, Fact::AlertsRead, clock));
        Ok(observations)
    }

    fn attest_filed(
        &self,
        request: &PortRequest<Sealed>,
        said: Statement<Filed>,
        clock: &dyn Clock,
    ) -> Result<SubmissionReceipt, CarrierError> {
        past(self, said.occurred_at, clock)?;
        last_resort(self, request)?;
        let (by, at, Filed(order)) = (said.by, said.occurred_at, said.what);
        // Who said "not filed" and finds it filed after all speaks of the try that was given up.
        if let (AttemptPhase::Cleared, Some(key)) = (request.phase(), request.last_given_up()) {
            return Ok(found(request, key, order, Basis::Attested(by), at, clock));
        }
        Ok(receipt(
            request,
            order,
            Basis::Attested(by),
            at,
            clock.now(),
        ))
    }

    fn attest_not_filed(
        &self,
        request: &PortRequest<Sealed>,
        said: Statement<NotFiled>,
        clock: &dyn Clock,
    ) -> Result<AttemptNews, CarrierError> {
        past(self, said.occurred_at, clock)?;
        last_resort(self, request)?;
        Ok(news(
            request,
            AttemptFact::NotTaken(said.what.0),
            Basis::Attested(said.by),
            said.occurred_at,
            clock.now(),
        ))
    }

    fn attest_release(
        &self,
        request: &PortRequest<Submitted>,
        said: Statement<ReleaseGranted>,
        clock: &dyn Clock,
    ) -> Result<ReleaseApproval, CarrierError> {
        past(self, said.occurred_at, clock)?;
        human(self, request, Step::Release)?;
        past(self, said.what.at, clock)?;
        let granted = said.what;
        Ok(ReleaseApproval {
            request: request.id().clone(),
            fact: Arc::new(Approved {
                source: order_source(request, Basis::Attested(said.by), granted.at, clock.now()),
                approver: Some(granted.approver),
                losing_ticket: granted.losing_ticket,
                gaining_account: granted.gaining_account,
                numbers: granted.numbers,
            }),
        })
    }

    fn attest_schedule<S: InFlight>(
        &self,
        request: &PortRequest<S>,
        said: Statement<Schedule>,
        clock: &dyn Clock,
    ) -> Result<ScheduleConfirmation, CarrierError> {
        past(self, said.occurred_at, clock)?;
        human(self, request, Step::Schedule)?;
        let source = order_source(
            request,
            Basis::Attested(said.by),
            said.occurred_at,
            clock.now(),
        );
        Ok(confirmation(request.id(), source, said.what))
    }

    fn attest_refusal<S: InFlight>(
        &self,
        request: &PortRequest<S>,
        said: Statement<Refusal>,
        clock: &dyn Clock,
    ) -> Result<RefusalNotice, CarrierError> {
        past(self, said.occurred_at, clock)?;
        // What is refused before the release is the release; later it may be the schedule too.
        human(self, request, Step::Release).or_else(|no| match S::STATUS {
            Status::Submitted => Err(no),
            _ => human(self, request, Step::Schedule),
        })?;
        Ok(RefusalNotice {
            request: request.id().clone(),
            fact: Arc::new(Refused {
                source: order_source(
                    request,
                    Basis::Attested(said.by),
                    said.occurred_at,
                    clock.now(),
                ),
                refusal: said.what,
            }),
        })
    }

    fn attest_not_taken(
        &self,
        request: &PortRequest<Sealed>,
        said: Statement<Refusal>,
        clock: &dyn Clock,
    ) -> Result<RefusalNotice, CarrierError> {
        past(self, said.occurred_at, clock)?;
        last_resort(self, request)?;
        let (basis, at) = (Basis::Attested(said.by), said.occurred_at);
        Ok(not_taken(request, said.what, basis, at, clock.now()))
    }

    fn attest_cancelled<S: InFlight>(
        &self,
        request: &PortRequest<S>,
        said: Statement<OrderCancelled>,
        clock: &dyn Clock,
    ) -> Result<CancellationReceipt, CarrierError> {
        past(self, said.occurred_at, clock)?;
        human(self, request, Step::Cancel)?;
        let (basis, at) = (Basis::Attested(said.by), said.occurred_at);
        Ok(cancelled(request, basis, at, clock.now()))
    }

    fn attest_fact<S: Observable>(
        &self,
        request: &PortRequest<S>,
        said: Statement<Fact>,
        clock: &dyn Clock,
    ) -> Result<Observation, CarrierError> {
        past(self, said.occurred_at, clock)?;
        match step_of(&said.what) {
            Some(step) => human(self, request, step)?,
            None => same_carrier(self, request)?,
        }
        // An alert may be explained before the log was read; it must not be by nothing.
        if let Fact::AlertExplained { id, explanation } = &said.what
            && is_blank(explanation)
        {
            let why = format!("alert {id} is explained by nothing; say why it is no concern");
            return Err(invalid(self, &why));
        }
        let order = known_order(self, request)?;
        let (basis, at) = (Basis::Attested(said.by), said.occurred_at);
        Ok(observed(request, order, basis, said.what, at, clock.now()))
    }
}
