//! Who is believed, and how answers and statements become evidence, with [`look`](super::look).

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::CarrierClient;
use super::ask::{NumberTask, task};
use super::capability::Step;
use super::error::{CarrierError, CarrierErrorKind};
use super::look::Look;
use super::report::OrderReport;
use crate::clock::Clock;
use crate::id::{AttemptKey, OrderRef};
use crate::number::PhoneNumber;
use crate::request::evidence::{
    About, AttemptHeard, CancelledOrder, Observed, Receipt, Refused, Source,
};
use crate::request::{
    AttemptFact, AttemptNews, AttemptPhase, Basis, CancellationReceipt, Event, Fact, HasArrived,
    HasOrder, InFlight, Observable, Observation, PortRequest, Ported, Refusal, RefusalNotice, SKEW,
    Sealed, State, SubmissionReceipt,
};

pub(super) fn invalid<C: CarrierClient + ?Sized>(carrier: &C, why: &str) -> CarrierError {
    CarrierError::new(carrier.id(), CarrierErrorKind::InvalidRequest, why)
}

pub(super) fn same_carrier<C: CarrierClient + ?Sized, S: State>(
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

pub(super) fn known_order<'a, C: CarrierClient + ?Sized, S: Observable>(
    carrier: &C,
    request: &'a PortRequest<S>,
) -> Result<&'a OrderRef, CarrierError> {
    request
        .known_order()
        .ok_or_else(|| invalid(carrier, "the request has no order at the carrier"))
}

/// What is told has happened: a time further ahead than clocks differ counts as now, lest one slip
/// make all later news look old.
pub(super) fn not_ahead(occurred_at: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
    if occurred_at.signed_duration_since(now) > SKEW {
        now
    } else {
        occurred_at
    }
}

/// Nobody attests what has not happened; a clock may be a little ahead.
pub(super) fn past<C: CarrierClient + ?Sized>(
    carrier: &C,
    at: DateTime<Utc>,
    clock: &dyn Clock,
) -> Result<(), CarrierError> {
    if at.signed_duration_since(clock.now()) <= SKEW {
        return Ok(());
    }
    Err(invalid(
        carrier,
        &format!("the statement is about {at}, which has not come; correct the time"),
    ))
}

/// A person's word on a submission counts where submitting is human, and where the carrier itself
/// cannot tell.
pub(super) fn last_resort<C: CarrierClient + ?Sized>(
    carrier: &C,
    request: &PortRequest<Sealed>,
) -> Result<(), CarrierError> {
    if request.phase() == AttemptPhase::NeedsPerson {
        same_carrier(carrier, request)
    } else {
        human(carrier, request, Step::Submit)
    }
}

pub(super) fn human<C: CarrierClient + ?Sized, S: State>(
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

pub(super) fn own<C: CarrierClient + ?Sized>(
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

pub(super) fn seen<C: CarrierClient + ?Sized, S: Observable>(
    carrier: &C,
    request: &PortRequest<S>,
    report: OrderReport,
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

pub(super) fn attempt_source(
    request: &PortRequest<Sealed>,
    basis: Basis,
    occurred_at: DateTime<Utc>,
    recorded_at: DateTime<Utc>,
) -> Source {
    Source {
        carrier: request.carrier().clone(),
        about: About::Attempt(request.attempt().key().number()),
        basis,
        occurred_at: not_ahead(occurred_at, recorded_at),
        recorded_at,
    }
}

pub(super) fn order_source<S: HasOrder>(
    request: &PortRequest<S>,
    basis: Basis,
    occurred_at: DateTime<Utc>,
    recorded_at: DateTime<Utc>,
) -> Source {
    Source {
        carrier: request.carrier().clone(),
        about: About::Order(request.order().clone()),
        basis,
        occurred_at: not_ahead(occurred_at, recorded_at),
        recorded_at,
    }
}

pub(super) fn receipt(
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

/// The receipt of an earlier try.
pub(super) fn found<S: State>(
    request: &PortRequest<S>,
    key: &AttemptKey,
    order: OrderRef,
    basis: Basis,
    at: DateTime<Utc>,
    clock: &dyn Clock,
) -> SubmissionReceipt {
    let now = clock.now();
    let source = Source {
        carrier: request.carrier().clone(),
        about: About::Attempt(key.number()),
        basis,
        occurred_at: not_ahead(at, now),
        recorded_at: now,
    };
    SubmissionReceipt {
        request: request.id().clone(),
        fact: Arc::new(Receipt { source, order }),
    }
}

pub(super) fn news(
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

pub(super) fn not_taken(
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

pub(super) fn cancelled<S: InFlight>(
    request: &PortRequest<S>,
    basis: Basis,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> CancellationReceipt {
    CancellationReceipt {
        request: request.id().clone(),
        fact: Arc::new(CancelledOrder {
            source: order_source(request, basis, at, now),
            numbers: request.numbers().clone(),
        }),
    }
}

pub(super) fn observed<S: State>(
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

pub(super) fn done<S: HasArrived>(
    request: &PortRequest<S>,
    what: Fact,
    clock: &dyn Clock,
) -> Observation {
    let now = clock.now();
    observed(request, request.order(), Basis::Reported, what, now, now)
}

pub(super) fn known_alerts<S: HasOrder>(request: &PortRequest<S>) -> BTreeSet<&str> {
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
