//! Where reports and statements become evidence, with [`look`](super::look).

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::CarrierClient;
use super::capability::Step;
use super::error::{CarrierError, CarrierErrorKind};
use super::ext::{Cancellation, CarrierClientExt, Resolution, Submission};
use super::look::Look;
use super::report::{
    AlertQuery, CancelAsk, CancelReport, FindReport, NumberTask, ReleaseGranted, SlotAsk,
    SubmitReport, TransferOrder, task,
};
use super::statement::{Filed, NotFiled, OrderCancelled, Statement, step_of};
use crate::clock::Clock;
use crate::id::OrderRef;
use crate::number::PhoneNumber;
use crate::request::evidence::{
    About, Approved, AttemptHeard, CancelledOrder, Confirmed, Observed, Receipt, Refused, Source,
};
use crate::request::{
    AttemptFact, AttemptNews, AttemptPhase, Basis, CancellationReceipt, Dispatch, Event, Fact,
    HasArrived, HasOrder, InFlight, Observable, Observation, PortRequest, Ported, Refusal,
    RefusalNotice, ReleaseApproval, Schedule, ScheduleConfirmation, Sealed, SlotRequest, State,
    Status, SubmissionReceipt, Submitted, Test,
};

#[async_trait]
impl<C: CarrierClient + ?Sized> CarrierClientExt for C {
    async fn submit_request(
        &self,
        request: &PortRequest<Sealed>,
        once: Dispatch,
        clock: &dyn Clock,
    ) -> Result<Submission, CarrierError> {
        same_carrier(self, request)?;
        // Once there is doubt, an old right to send would send a second time.
        let spent = request.phase() != AttemptPhase::Sent;
        let order = TransferOrder::of(request)
            .filter(|order| order.key() == once.attempt() && !spent)
            .ok_or_else(|| {
                invalid(
                    self,
                    "the right to submit is spent or of another attempt; nothing was sent",
                )
            })?;
        let answer = self.submit(&order).await;
        let now = clock.now();
        Ok(match answer {
            Ok(SubmitReport::Taken { order, at }) => {
                Submission::Accepted(receipt(request, order, Basis::Reported, at, now))
            }
            Ok(SubmitReport::HandedOver { how }) => Submission::HandedOver(news(
                request,
                AttemptFact::HandedOver(how),
                Basis::Reported,
                now,
                now,
            )),
            Ok(SubmitReport::Refused(refusal)) => {
                Submission::Refused(not_taken(request, refusal, Basis::Reported, now, now))
            }
            Err(error) if error.outcome_unknown() => Submission::InDoubt(
                news(
                    request,
                    AttemptFact::InDoubt(error.to_string()),
                    Basis::Reported,
                    now,
                    now,
                ),
                error,
            ),
            Err(error) => Submission::NotTaken(
                news(
                    request,
                    AttemptFact::NotTaken(error.to_string()),
                    Basis::Reported,
                    now,
                    now,
                ),
                error,
            ),
        })
    }

    async fn resolve(
        &self,
        request: &PortRequest<Sealed>,
        clock: &dyn Clock,
    ) -> Result<Resolution, CarrierError> {
        same_carrier(self, request)?;
        for key in request.former_attempts() {
            if let FindReport::Found { order, at } = self.find(key).await? {
                let source = Source {
                    about: About::Attempt(key.number()),
                    ..attempt_source(request, Basis::Reported, at, clock.now())
                };
                return Ok(Resolution::Found(SubmissionReceipt {
                    request: request.id().clone(),
                    fact: Arc::new(Receipt { source, order }),
                }));
            }
        }
        let answer = self.find(request.attempt().key()).await?;
        let now = clock.now();
        let unclear = |what| Resolution::Unclear(news(request, what, Basis::Reported, now, now));
        Ok(match answer {
            FindReport::Found { order, at } => {
                Resolution::Found(receipt(request, order, Basis::Reported, at, now))
            }
            FindReport::Absent => unclear(AttemptFact::Absent),
            FindReport::CannotTell { why } => unclear(AttemptFact::CannotTell(why)),
        })
    }

    async fn look<S: Observable>(
        &self,
        request: &PortRequest<S>,
        clock: &dyn Clock,
    ) -> Result<Look, CarrierError> {
        same_carrier(self, request)?;
        let order = known_order(self, request)?;
        let report = self.status(order).await?;
        seen(self, request, report, clock.now())
    }

    async fn look_at(
        &self,
        orders: &[OrderRef],
        clock: &dyn Clock,
    ) -> Result<Vec<Look>, CarrierError> {
        let reports = self.statuses(orders).await?;
        let seen_at = clock.now();
        Ok(reports
            .into_iter()
            .filter(|report| orders.contains(&report.order))
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
        let outcome = self.test(&task, test).await?;
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
        last_resort(self, request)?;
        let (by, at, Filed(order)) = (said.by, said.occurred_at, said.what);
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
        // Where the API cannot tell either, a person is the last resort, human leg or not.
        same_carrier(self, request)?;
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
        human(self, request, Step::Release)?;
        let granted = said.what;
        Ok(ReleaseApproval {
            request: request.id().clone(),
            fact: Arc::new(Approved {
                source: Source {
                    carrier: self.id(),
                    about: About::Order(request.order().clone()),
                    basis: Basis::Attested(said.by),
                    occurred_at: granted.at,
                    recorded_at: clock.now(),
                },
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
        human(self, request, Step::Schedule)?;
        Ok(ScheduleConfirmation {
            request: request.id().clone(),
            fact: Arc::new(Confirmed {
                source: Source {
                    carrier: self.id(),
                    about: About::Order(request.order().clone()),
                    basis: Basis::Attested(said.by),
                    occurred_at: said.occurred_at,
                    recorded_at: clock.now(),
                },
                schedule: said.what,
            }),
        })
    }

    fn attest_refusal<S: InFlight>(
        &self,
        request: &PortRequest<S>,
        said: Statement<Refusal>,
        clock: &dyn Clock,
    ) -> Result<RefusalNotice, CarrierError> {
        // What is refused before the release is the release; later it may be the schedule too.
        human(self, request, Step::Release).or_else(|no| match S::STATUS {
            Status::Submitted => Err(no),
            _ => human(self, request, Step::Schedule),
        })?;
        Ok(RefusalNotice {
            request: request.id().clone(),
            fact: Arc::new(Refused {
                source: Source {
                    carrier: self.id(),
                    about: About::Order(request.order().clone()),
                    basis: Basis::Attested(said.by),
                    occurred_at: said.occurred_at,
                    recorded_at: clock.now(),
                },
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
        match step_of(&said.what) {
            Some(step) => human(self, request, step)?,
            None => same_carrier(self, request)?,
        }
        let order = known_order(self, request)?;
        let (basis, at) = (Basis::Attested(said.by), said.occurred_at);
        Ok(observed(request, order, basis, said.what, at, clock.now()))
    }
}

fn invalid<C: CarrierClient + ?Sized>(carrier: &C, why: &str) -> CarrierError {
    CarrierError::new(carrier.id(), CarrierErrorKind::InvalidRequest, why)
}

fn same_carrier<C: CarrierClient + ?Sized, S: State>(
    carrier: &C,
    request: &PortRequest<S>,
) -> Result<(), CarrierError> {
    if carrier.id() == *request.carrier() {
        Ok(())
    } else {
        Err(invalid(
            carrier,
            &format!(
                "request {} is with carrier {}; nothing was sent",
                request.id(),
                request.carrier()
            ),
        ))
    }
}

fn known_order<'a, C: CarrierClient + ?Sized, S: Observable>(
    carrier: &C,
    request: &'a PortRequest<S>,
) -> Result<&'a OrderRef, CarrierError> {
    request
        .known_order()
        .ok_or_else(|| invalid(carrier, "the request has no order at the carrier"))
}

/// A person's word on a submission counts where submitting is human, and where the carrier itself
/// cannot tell.
fn last_resort<C: CarrierClient + ?Sized>(
    carrier: &C,
    request: &PortRequest<Sealed>,
) -> Result<(), CarrierError> {
    if request.phase() == AttemptPhase::NeedsPerson {
        same_carrier(carrier, request)
    } else {
        human(carrier, request, Step::Submit)
    }
}

fn human<C: CarrierClient + ?Sized, S: State>(
    carrier: &C,
    request: &PortRequest<S>,
    step: Step,
) -> Result<(), CarrierError> {
    same_carrier(carrier, request)?;
    if carrier.capabilities().by_people(step) {
        Ok(())
    } else {
        Err(CarrierError::new(
            carrier.id(),
            CarrierErrorKind::Unsupported,
            format!("{step} is not a person's to state with this carrier; ask the carrier itself"),
        ))
    }
}

fn own<C: CarrierClient + ?Sized>(
    carrier: &C,
    request: &PortRequest<Ported>,
    number: PhoneNumber,
) -> Result<NumberTask, CarrierError> {
    same_carrier(carrier, request)?;
    if request.numbers().contains(&number) {
        Ok(task(request, number))
    } else {
        Err(invalid(
            carrier,
            &format!("{number} is not in this request"),
        ))
    }
}

fn seen<C: CarrierClient + ?Sized, S: Observable>(
    carrier: &C,
    request: &PortRequest<S>,
    report: super::OrderReport,
    seen_at: DateTime<Utc>,
) -> Result<Look, CarrierError> {
    let order = known_order(carrier, request)?;
    if report.order != *order {
        return Err(CarrierError::new(
            carrier.id(),
            CarrierErrorKind::Protocol,
            format!("asked about order {order}, told about {}", report.order),
        ));
    }
    Ok(Look {
        carrier: carrier.id(),
        report,
        seen_at,
    })
}

fn attempt_source(
    request: &PortRequest<Sealed>,
    basis: Basis,
    occurred_at: DateTime<Utc>,
    recorded_at: DateTime<Utc>,
) -> Source {
    Source {
        carrier: request.carrier().clone(),
        about: About::Attempt(request.attempt().key().number()),
        basis,
        occurred_at,
        recorded_at,
    }
}

fn receipt(
    request: &PortRequest<Sealed>,
    order: OrderRef,
    basis: Basis,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> SubmissionReceipt {
    SubmissionReceipt {
        request: request.id().clone(),
        fact: Arc::new(Receipt {
            source: attempt_source(request, basis, at, now),
            order,
        }),
    }
}

fn news(
    request: &PortRequest<Sealed>,
    what: AttemptFact,
    basis: Basis,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> AttemptNews {
    AttemptNews {
        request: request.id().clone(),
        fact: Arc::new(AttemptHeard {
            source: attempt_source(request, basis, at, now),
            what,
        }),
    }
}

fn not_taken(
    request: &PortRequest<Sealed>,
    refusal: Refusal,
    basis: Basis,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> RefusalNotice {
    RefusalNotice {
        request: request.id().clone(),
        fact: Arc::new(Refused {
            source: attempt_source(request, basis, at, now),
            refusal,
        }),
    }
}

fn cancelled<S: InFlight>(
    request: &PortRequest<S>,
    basis: Basis,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> CancellationReceipt {
    CancellationReceipt {
        request: request.id().clone(),
        fact: Arc::new(CancelledOrder {
            source: Source {
                carrier: request.carrier().clone(),
                about: About::Order(request.order().clone()),
                basis,
                occurred_at: at,
                recorded_at: now,
            },
            numbers: request.numbers().clone(),
        }),
    }
}

fn observed<S: State>(
    request: &PortRequest<S>,
    order: &OrderRef,
    basis: Basis,
    what: Fact,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Observation {
    Observation {
        request: request.id().clone(),
        fact: Arc::new(Observed {
            source: Source {
                carrier: request.carrier().clone(),
                about: About::Order(order.clone()),
                basis,
                occurred_at: at,
                recorded_at: now,
            },
            what,
        }),
    }
}

fn done<S: HasArrived>(request: &PortRequest<S>, what: Fact, clock: &dyn Clock) -> Observation {
    let now = clock.now();
    observed(request, request.order(), Basis::Reported, what, now, now)
}

fn known_alerts<S: HasOrder>(request: &PortRequest<S>) -> std::collections::BTreeSet<&str> {
    request
        .log()
        .iter()
        .filter_map(|event| match event {
            Event::Observed(seen) => match &seen.what {
                Fact::Alert { id, .. } => Some(id.as_str()),
                _ => None,
            },
            _ => None,
        })
        .collect()
}
