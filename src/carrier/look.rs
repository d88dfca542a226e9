//! One look at an order: where a carrier's report becomes evidence.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::error::{CarrierError, CarrierErrorKind};
use super::mint::not_ahead;
use super::report::OrderReport;
use crate::id::{CarrierId, OrderRef, PortRequestId};
use crate::number::{NumberList, PhoneNumber};
use crate::request::evidence::{
    About, Approved, CancelledOrder, Completed, Confirmed, Refused, Source,
};
use crate::request::{
    Arrival, Basis, CancellationReceipt, Event, Fact, HasOrder, InFlight, Observable,
    PortCompletion, PortRequest, RefusalNotice, ReleaseApproval, ReleaseApproved, Schedule,
    ScheduleConfirmation, Scheduled, Submitted,
};

/// What a look at the carrier yields for the next step.
///
/// Exhaustive on purpose: each outcome leads to another transition.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "evidence advances a request only where it is passed"]
pub enum Progress<E> {
    /// Not there yet; look again later.
    Pending,
    /// Reached, with evidence.
    Reached(E),
    /// The order is dead.
    Refused(RefusalNotice),
    /// The order was cancelled.
    Cancelled(CancellationReceipt),
}

/// A carrier's report on one order, as [`CarrierClientExt`](crate::CarrierClientExt) fetched it.
///
/// Only a look can be turned into evidence; a report that application code wrote itself cannot:
///
/// ```compile_fail,E0451
/// # use snap_port::{CarrierId, Look, OrderReport};
/// # fn forge(carrier: CarrierId, report: OrderReport, seen_at: chrono::DateTime<chrono::Utc>) {
/// let forged = Look { carrier, report, seen_at };
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a look changes nothing until its evidence is passed to a transition"]
pub struct Look {
    pub(super) carrier: CarrierId,
    pub(super) report: OrderReport,
    pub(super) seen_at: DateTime<Utc>,
}

impl Look {
    /// What the carrier reported.
    pub fn report(&self) -> &OrderReport {
        &self.report
    }

    /// When it was seen, UTC, by our clock.
    pub fn seen_at(&self) -> DateTime<Utc> {
        self.seen_at
    }

    /// Whether the losing platform has approved. Numbers that have all moved imply it.
    ///
    /// # Errors
    /// [`CarrierErrorKind::Protocol`] if the look is at another carrier or order.
    pub fn release(
        &self,
        request: &PortRequest<Submitted>,
    ) -> Result<Progress<ReleaseApproval>, CarrierError> {
        let arrivals = self.arrivals(request)?;
        if let Some(ended) = self.ended(request, &arrivals) {
            return Ok(ended);
        }
        let gaining = request.package().destination().account();
        let arrived = all_arrived(request, &arrivals);
        let fact = match &self.report.of_part(request.numbers()).approval {
            // Numbers that are there say more than an approval that the transition would refuse.
            Some(granted) if !arrived || granted.is_sound(request) => Approved {
                source: self.source(Basis::Reported, granted.at),
                approver: Some(granted.approver.clone()),
                losing_ticket: granted.losing_ticket.clone(),
                gaining_account: granted.gaining_account.clone(),
                numbers: granted.numbers.clone(),
            },
            _ if arrived => Approved {
                source: self.source(Basis::Implied, earliest(&arrivals).unwrap_or(self.seen_at)),
                approver: None,
                losing_ticket: None,
                gaining_account: gaining.clone(),
                numbers: request.numbers().clone(),
            },
            _ => return Ok(Progress::Pending),
        };
        Ok(Progress::Reached(ReleaseApproval {
            request: request.id().clone(),
            fact: Arc::new(fact),
        }))
    }

    /// Whether the port has a time. A number that has moved is a cut-over observed.
    ///
    /// # Errors
    /// [`CarrierErrorKind::Protocol`] if the look is at another carrier or order.
    pub fn schedule(
        &self,
        request: &PortRequest<ReleaseApproved>,
    ) -> Result<Progress<ScheduleConfirmation>, CarrierError> {
        let arrivals = self.arrivals(request)?;
        if let Some(ended) = self.ended(request, &arrivals) {
            return Ok(ended);
        }
        let (source, schedule) = match (earliest(&arrivals), self.slot(request.numbers())) {
            (Some(at), _) => (
                self.source(self.seen_by(request), at),
                Schedule::ObservedCutover(at),
            ),
            (None, Some(slot)) => slot,
            (None, None) => return Ok(Progress::Pending),
        };
        Ok(Progress::Reached(confirmation(
            request.id(),
            source,
            schedule,
        )))
    }

    /// Whether the port has another, newer time than the request knows.
    ///
    /// # Errors
    /// [`CarrierErrorKind::Protocol`] if the look is at another carrier or order.
    pub fn reschedule(
        &self,
        request: &PortRequest<Scheduled>,
    ) -> Result<Progress<ScheduleConfirmation>, CarrierError> {
        let arrivals = self.arrivals(request)?;
        if let Some(ended) = self.ended(request, &arrivals) {
            return Ok(ended);
        }
        Ok(match self.slot(request.numbers()) {
            Some((source, schedule))
                if arrivals.is_empty()
                    && schedule.slot() != request.schedule().slot()
                    && source.occurred_at >= request.confirmation().occurred_at() =>
            {
                Progress::Reached(confirmation(request.id(), source, schedule))
            }
            _ => Progress::Pending,
        })
    }

    /// Whether every number is in the gaining account.
    ///
    /// # Errors
    /// [`CarrierErrorKind::Protocol`] if the look is at another carrier or order.
    pub fn completion(
        &self,
        request: &PortRequest<Scheduled>,
    ) -> Result<Progress<PortCompletion>, CarrierError> {
        let arrivals = self.arrivals(request)?;
        if let Some(ended) = self.ended(request, &arrivals) {
            return Ok(ended);
        }
        if !all_arrived(request, &arrivals) {
            return Ok(Progress::Pending);
        }
        let last = arrivals.values().max().copied().unwrap_or(self.seen_at);
        Ok(Progress::Reached(PortCompletion {
            request: request.id().clone(),
            fact: Arc::new(Completed {
                source: self.source(self.seen_by(request), last),
                arrivals: request
                    .numbers()
                    .iter()
                    .copied()
                    .filter_map(|number| {
                        arrivals.get(&number).map(|at| Arrival { number, at: *at })
                    })
                    .collect(),
            }),
        }))
    }

    pub(super) fn about<S: Observable>(
        &self,
        request: &PortRequest<S>,
    ) -> Result<(), CarrierError> {
        let order = request.known_order();
        if self.carrier == *request.carrier() && order == Some(&self.report.order) {
            return Ok(());
        }
        Err(CarrierError::new(
            self.carrier.clone(),
            CarrierErrorKind::Protocol,
            format!(
                "asked about order {} of carrier {}, told about order {}",
                order.map_or("-", OrderRef::as_str),
                request.carrier(),
                self.report.order
            ),
        ))
    }

    /// The request's numbers that are in the gaining account, by this report or by its record.
    fn arrivals<S: HasOrder>(
        &self,
        request: &PortRequest<S>,
    ) -> Result<BTreeMap<PhoneNumber, DateTime<Utc>>, CarrierError> {
        self.about(request)?;
        let gaining = request.package().destination().account();
        let mut arrivals: BTreeMap<_, _> = request
            .table()
            .rows()
            .iter()
            .filter_map(|row| Some((row.number(), row.arrived()?)))
            .collect();
        for arrival in self.report.all_arrivals() {
            if arrival.account == *gaining && request.numbers().contains(&arrival.number) {
                arrivals
                    .entry(arrival.number)
                    .or_insert(arrival.at.unwrap_or(self.seen_at));
            }
        }
        Ok(arrivals)
    }

    /// On what the arrivals rest: the inventory, or the person who attested the last of them.
    fn seen_by<S: HasOrder>(&self, request: &PortRequest<S>) -> Basis {
        let gaining = request.package().destination().account();
        let shown: BTreeSet<PhoneNumber> = self
            .report
            .all_arrivals()
            .filter(|arrival| arrival.account == *gaining)
            .map(|arrival| arrival.number)
            .collect();
        let attested = request.log().iter().rev().find_map(|event| match event {
            Event::Observed(seen) => match (&seen.what, &seen.source.basis) {
                (Fact::Arrived { number, account }, Basis::Attested(by))
                    if account == gaining && !shown.contains(number) =>
                {
                    Some(Basis::Attested(by.clone()))
                }
                _ => None,
            },
            _ => None,
        });
        attested.unwrap_or(Basis::Observed)
    }

    /// Whether the order ended without a port. Numbers that have moved win over it.
    fn ended<S: InFlight, E>(
        &self,
        request: &PortRequest<S>,
        arrivals: &BTreeMap<PhoneNumber, DateTime<Utc>>,
    ) -> Option<Progress<E>> {
        if !arrivals.is_empty() {
            return None;
        }
        let report = self.report.of_part(request.numbers());
        if let Some((refusal, at)) = &report.refusal {
            return Some(Progress::Refused(RefusalNotice {
                request: request.id().clone(),
                fact: Arc::new(Refused {
                    source: self.source(Basis::Reported, *at),
                    refusal: refusal.clone(),
                }),
            }));
        }
        let at = report.cancelled?;
        Some(Progress::Cancelled(CancellationReceipt {
            request: request.id().clone(),
            fact: Arc::new(CancelledOrder {
                source: self.source(Basis::Reported, at),
                numbers: request.numbers().clone(),
            }),
        }))
    }

    fn slot(&self, numbers: &NumberList) -> Option<(Source, Schedule)> {
        let report = self.report.of_part(numbers).slot.as_ref()?;
        let schedule = if report.set_by_carrier {
            Schedule::CarrierSet(report.slot.clone())
        } else {
            Schedule::Agreed(report.slot.clone())
        };
        Some((self.source(Basis::Reported, report.confirmed_at), schedule))
    }

    pub(super) fn source(&self, basis: Basis, occurred_at: DateTime<Utc>) -> Source {
        Source {
            carrier: self.carrier.clone(),
            about: About::Order(self.report.order.clone()),
            basis,
            occurred_at: not_ahead(occurred_at, self.seen_at),
            recorded_at: self.seen_at,
        }
    }
}

pub(super) fn confirmation(
    request: &PortRequestId,
    source: Source,
    schedule: Schedule,
) -> ScheduleConfirmation {
    ScheduleConfirmation {
        request: request.clone(),
        fact: Arc::new(Confirmed { source, schedule }),
    }
}

fn earliest(arrivals: &BTreeMap<PhoneNumber, DateTime<Utc>>) -> Option<DateTime<Utc>> {
    arrivals.values().min().copied()
}

fn all_arrived<S: HasOrder>(
    request: &PortRequest<S>,
    arrivals: &BTreeMap<PhoneNumber, DateTime<Utc>>,
) -> bool {
    request
        .numbers()
        .iter()
        .all(|number| arrivals.contains_key(number))
}
