//! From arrival to sign-off: assign, register, test, read the error log.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::act::wrong;
use super::advance::Turn;
use super::{DeskError, Held, PortDesk};
use crate::carrier::{CarrierClient, CarrierClientExt, CarrierError, Step};
use crate::id::PortRequestId;
use crate::number::PhoneNumber;
use crate::people::{Permit, act};
use crate::request::{
    AnyPortRequest as Any, Check, CheckState, Fact, NumberRow, Observation, PortRequest, Ported,
    Registration, Test,
};

impl PortDesk {
    /// Does for every number what the carrier can do and is still open, and records what is new.
    pub(super) async fn put_in_service(
        &self,
        carrier: &dyn CarrierClient,
        mut request: PortRequest<Ported>,
    ) -> Turn {
        let table = request.table();
        let mut known = Known::of(&request);
        for row in table.rows() {
            if let Err(error) = self.serve(carrier, &mut request, row, &mut known).await {
                return Turn::failed(request, error);
            }
        }
        match self.read_alerts(carrier, &mut request).await {
            Ok(()) => Turn::rest(request),
            Err(error) => Turn::failed(request, error),
        }
    }

    async fn serve(
        &self,
        carrier: &dyn CarrierClient,
        request: &mut PortRequest<Ported>,
        row: &NumberRow,
        known: &mut Known,
    ) -> Result<(), CarrierError> {
        let (clock, number) = (&*self.clock, row.number());
        let can = carrier.capabilities();
        let open = |check: Check| !row.check(check).is_met();
        if open(Check::Assigned) && can.by_api(Step::Assign) {
            let seen = carrier.assign_number(request, number, clock).await?;
            keep(request, seen);
        }
        let pool = request.package().destination().messaging_service();
        if pool.is_some()
            && row.messaging().is_none()
            && can.by_api(Step::Messaging)
            && let Some(seen) = carrier.add_to_messaging(request, number, clock).await?
        {
            keep(request, seen);
        }
        let mut registered = !open(Check::Registered);
        if !registered && can.by_api(Step::Registration) {
            let seen = carrier.check_registration(request, number, clock).await?;
            registered = matches!(
                seen.what(),
                Fact::Registration {
                    state: Registration::Registered,
                    ..
                }
            );
            known.keep_if_new(request, seen);
        }
        for test in Test::ALL {
            let (step, wait) = match test {
                Test::VoiceOut | Test::VoiceIn => (Step::VoiceTest, false),
                // A text from a number that is not registered fails; once one has, the next is
                // worth its price only when the number is registered, or some time has passed.
                Test::SmsOut | Test::SmsIn => (
                    Step::SmsTest,
                    failed(row, test) && !registered && !known.is_stale(number, test, self),
                ),
            };
            if open(test.into()) && !wait && can.by_api(step) {
                let seen = carrier.test_number(request, number, test, clock).await?;
                if known.is_stale(number, test, self) {
                    known.forget(number, test);
                }
                known.keep_if_new(request, seen);
            }
        }
        Ok(())
    }

    async fn read_alerts(
        &self,
        carrier: &dyn CarrierClient,
        request: &mut PortRequest<Ported>,
    ) -> Result<(), CarrierError> {
        if !carrier.capabilities().by_api(Step::Alerts) {
            return Ok(());
        }
        let read = carrier.read_alerts(request, &*self.clock).await?;
        let never_read = request
            .table()
            .rows()
            .iter()
            .any(|row| *row.check(Check::Alerts) == CheckState::Open);
        if read.len() > 1 || never_read {
            for seen in read {
                keep(request, seen);
            }
        }
        Ok(())
    }

    /// Signs a port off, after a last look at the error log where the carrier has one.
    ///
    /// # Errors
    /// [`DeskError::Gaps`] names every check that is not met.
    pub async fn sign_off(
        &self,
        id: &PortRequestId,
        permit: Permit<act::SignOff>,
    ) -> Result<(), DeskError> {
        let Held {
            request,
            mut revision,
        } = self.load(id).await?;
        let carrier = self.carrier(request.carrier())?;
        let Any::Ported(mut ported) = request else {
            return Err(wrong(&request, "a ported request"));
        };
        let known = ported.history_len();
        self.read_alerts(&**carrier, &mut ported).await?;
        match ported.verification(permit, self.clock.now()) {
            Ok(report) => {
                self.save(&ported.verified(report)?.into(), &mut revision)
                    .await
            }
            Err(gaps) => {
                if ported.history_len() != known {
                    self.save(&ported.into(), &mut revision).await?;
                }
                Err(gaps.into())
            }
        }
    }
}

fn failed(row: &NumberRow, test: Test) -> bool {
    matches!(row.check(test.into()), CheckState::Failed(_))
}

fn keep(request: &mut PortRequest<Ported>, seen: Observation) {
    // An observation that was just made for this request names it, its order and its carrier.
    let _ = request.observe(seen);
}

/// The last word on each number's registration and tests, and when it was said.
struct Known(BTreeMap<(PhoneNumber, Option<Test>), (Fact, DateTime<Utc>)>);

impl Known {
    fn of(request: &PortRequest<Ported>) -> Self {
        let facts = request
            .timeline()
            .filter_map(|entry| Some((entry.fact()?, entry.recorded_at())));
        Self(
            facts
                .filter_map(|(fact, at)| Some((Self::kind(fact)?, (fact.clone(), at))))
                .collect(),
        )
    }

    fn kind(fact: &Fact) -> Option<(PhoneNumber, Option<Test>)> {
        match fact {
            Fact::Registration { number, .. } => Some((*number, None)),
            Fact::Tested { number, test, .. } => Some((*number, Some(*test))),
            _ => None,
        }
    }

    /// Whether a test is so long ago that its outcome may have changed by itself.
    fn is_stale(&self, number: PhoneNumber, test: Test, desk: &PortDesk) -> bool {
        let after = TimeDelta::hours(desk.policy.timing().retest_hours.into());
        let last = self.0.get(&(number, Some(test)));
        last.is_some_and(|(_, at)| desk.clock.now().signed_duration_since(*at) >= after)
    }

    /// The next outcome of this test is news, even if it is the same: it was asked for anew.
    fn forget(&mut self, number: PhoneNumber, test: Test) {
        self.0.remove(&(number, Some(test)));
    }

    /// Records an observation unless it repeats the last word: the history must not grow with
    /// every look.
    fn keep_if_new(&mut self, request: &mut PortRequest<Ported>, seen: Observation) {
        let Some(kind) = Self::kind(seen.what()) else {
            return keep(request, seen);
        };
        let said = (seen.what().clone(), seen.recorded_at());
        let before = self.0.insert(kind, said);
        if before.is_none_or(|(fact, _)| fact != *seen.what()) {
            keep(request, seen);
        }
    }
}
