//! What a look says beside transitions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::error::CarrierError;
use crate::id::PortRequestId;
use crate::request::evidence::Observed;
use crate::request::{Basis, Event, Fact, Observable, Observation, PortRequest};

use super::look::Look;

impl Look {
    /// What the report says beside transitions and the request does not know yet: holds that begin
    /// or end, numbers that moved (also into a wrong account), counter-offers, unknown words.
    ///
    /// # Errors
    /// [`Protocol`](super::CarrierErrorKind::Protocol) if the look is at another carrier or order.
    pub fn news<S: Observable>(
        &self,
        request: &PortRequest<S>,
    ) -> Result<Vec<Observation>, CarrierError> {
        self.about(request)?;
        let mut news = Vec::new();
        // A request with an order was sealed.
        let (Some((gaining, numbers, table)), Some(earliest)) =
            (request.known_numbers(), request.known_earliest())
        else {
            return Ok(news);
        };
        let report = self.report.of_part(numbers);
        let mut tell = |basis: Basis, at: DateTime<Utc>, what: Fact| {
            news.push(self.observation(request.id(), basis, at, what));
        };
        let held = request.hold().map(|(hold, _)| hold);
        match (held, &report.hold) {
            (known, Some(hold)) if known != Some(hold) => {
                tell(Basis::Reported, self.seen_at, Fact::Held(hold.clone()));
            }
            (Some(_), None) if reported(request, |fact| matches!(fact, Fact::Held(_))) => {
                tell(Basis::Reported, self.seen_at, Fact::Resumed);
            }
            _ => {}
        }
        let rows: BTreeMap<_, _> = table.rows().iter().map(|row| (row.number(), row)).collect();
        let mut moved = rows.values().filter(|row| row.arrived().is_some()).count();
        let mut told = BTreeSet::new();
        for arrival in self.report.all_arrivals() {
            let Some(row) = rows.get(&arrival.number) else {
                continue; // another part of a split order
            };
            let known = row.arrived().is_some()
                || (arrival.account != *gaining && row.elsewhere() == Some(&arrival.account));
            if !known && told.insert((arrival.number, &arrival.account)) {
                moved += usize::from(arrival.account == *gaining);
                tell(
                    Basis::Observed,
                    arrival.at.unwrap_or(self.seen_at),
                    Fact::Arrived {
                        number: arrival.number,
                        account: arrival.account.clone(),
                    },
                );
            }
        }
        if let Some(words) = report
            .ended()
            .filter(|_| moved > 0 && moved < numbers.len())
        {
            let ended = Fact::EndedAfterMove(words);
            if last_fact(request, |fact| matches!(fact, Fact::EndedAfterMove(_))) != Some(&ended) {
                tell(Basis::Reported, self.seen_at, ended);
            }
        }
        if let Some(slot) = &report.counter_offer {
            let offer = Fact::CounterOffered(slot.clone());
            if last_fact(request, |fact| matches!(fact, Fact::CounterOffered(_))) != Some(&offer) {
                tell(Basis::Reported, self.seen_at, offer);
            }
        }
        let early = report
            .slot
            .as_ref()
            .map(|report| &report.slot)
            .filter(|slot| slot.begins() < earliest.begins());
        let known = last_fact(request, |fact| {
            matches!(fact, Fact::SlotTooEarly(_) | Fact::SlotWithdrawn)
        });
        match (early, known) {
            (Some(slot), Some(Fact::SlotTooEarly(known))) if known == slot => {}
            (Some(slot), _) => tell(
                Basis::Reported,
                self.seen_at,
                Fact::SlotTooEarly(slot.clone()),
            ),
            (None, Some(Fact::SlotTooEarly(_)))
                if reported(request, |fact| matches!(fact, Fact::SlotTooEarly(_))) =>
            {
                tell(Basis::Reported, self.seen_at, Fact::SlotWithdrawn);
            }
            _ => {}
        }
        let known = last_fact(request, |fact| {
            matches!(fact, Fact::Alarm(_) | Fact::AlarmOver)
        });
        match (&report.alarm, known) {
            (Some(words), Some(Fact::Alarm(known))) if known == words => {}
            (Some(words), _) => tell(Basis::Reported, self.seen_at, Fact::Alarm(words.clone())),
            (None, Some(Fact::Alarm(_)))
                if reported(request, |fact| matches!(fact, Fact::Alarm(_))) =>
            {
                tell(Basis::Reported, self.seen_at, Fact::AlarmOver);
            }
            _ => {}
        }
        if let Some(words) = &report.unrecognised {
            let words = Fact::Unrecognised(words.clone());
            if last_fact(request, |fact| matches!(fact, Fact::Unrecognised(_))) != Some(&words) {
                tell(Basis::Reported, self.seen_at, words);
            }
        }
        Ok(news)
    }

    fn observation(
        &self,
        request: &PortRequestId,
        basis: Basis,
        at: DateTime<Utc>,
        what: Fact,
    ) -> Observation {
        Observation {
            request: request.clone(),
            fact: Arc::new(Observed {
                source: self.source(basis, at),
                what,
            }),
        }
    }
}

/// Whether the last fact of this kind came from the carrier's API. What a person stated is not the
/// API's to take back.
fn reported<S: Observable>(request: &PortRequest<S>, is: impl Fn(&Fact) -> bool) -> bool {
    last_seen(request, is).is_some_and(|seen| seen.source.basis == Basis::Reported)
}

fn last_fact<S: Observable>(request: &PortRequest<S>, is: impl Fn(&Fact) -> bool) -> Option<&Fact> {
    last_seen(request, is).map(|seen| &seen.what)
}

/// The last observation of this kind since the request was sealed: a new attempt is told anew.
fn last_seen<S: Observable>(
    request: &PortRequest<S>,
    is: impl Fn(&Fact) -> bool,
) -> Option<&Observed> {
    request
        .log()
        .iter()
        .rev()
        .take_while(|event| !matches!(event, Event::Sealed { .. }))
        .find_map(|event| match event {
            Event::Observed(seen) if is(&seen.what) => Some(&**seen),
            _ => None,
        })
}
