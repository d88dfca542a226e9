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
use crate::store::Revision;

/// What is done for a number, in this order.
#[derive(Clone, Copy)]
enum Todo {
    Assign,
    Join,
    Register,
    Try(Test),
}

impl Todo {
    const ALL: [Self; 7] = [
        Self::Assign,
        Self::Join,
        Self::Register,
        Self::Try(Test::VoiceOut),
        Self::Try(Test::VoiceIn),
        Self::Try(Test::SmsOut),
        Self::Try(Test::SmsIn),
    ];
}

impl PortDesk {
    /// Does for every number what the carrier can do and is still open, and stores what is new as
    /// it comes: a test takes time and costs money.
    pub(super) async fn put_in_service(
        &self,
        carrier: &dyn CarrierClient,
        mut request: PortRequest<Ported>,
        revision: &mut Revision,
    ) -> Result<Turn, DeskError> {
        let table = request.table();
        let mut known = Known::of(&request);
        let mut stored = request.history_len();
        for row in table.rows() {
            let mut registered = row.check(Check::Registered).is_met();
            for todo in Todo::ALL {
                if !self.is_wanted(carrier, &request, row, todo, registered, &known) {
                    continue;
                }
                let seen = match self.serve(carrier, &request, row.number(), todo).await {
                    Ok(Some(seen)) => seen,
                    Ok(None) => continue,
                    Err(error) => return Ok(Turn::failed(request, error).stored(stored)),
                };
                if let Fact::Registration { state, .. } = seen.what() {
                    registered = *state == Registration::Registered;
                }
                known.keep_if_new(&mut request, seen, self);
                if request.history_len() == stored {
                    continue;
                }
                match self.keep(request.into(), stored, revision).await? {
                    Any::Ported(kept) => request = kept,
                    // Others took it further: what they left is looked at the next time.
                    other => {
                        let stored = other.history_len();
                        return Ok(Turn::rest(other).stored(stored));
                    }
                }
                stored = request.history_len();
            }
        }
        let turn = match self.read_alerts(carrier, &mut request).await {
            Ok(()) => Turn::rest(request),
            Err(error) => Turn::failed(request, error),
        };
        Ok(turn.stored(stored))
    }

    fn is_wanted(
        &self,
        carrier: &dyn CarrierClient,
        request: &PortRequest<Ported>,
        row: &NumberRow,
        todo: Todo,
        registered: bool,
        known: &Known,
    ) -> bool {
        let can = carrier.capabilities();
        let open = |check: Check| !row.check(check).is_met();
        match todo {
            Todo::Assign => open(Check::Assigned) && can.by_api(Step::Assign),
            Todo::Join => {
                let pool = request.package().destination().messaging_service();
                pool.is_some() && row.messaging().is_none() && can.by_api(Step::Messaging)
            }
            Todo::Register => open(Check::Registered) && can.by_api(Step::Registration),
            Todo::Try(test @ (Test::VoiceOut | Test::VoiceIn)) => {
                open(test.into()) && can.by_api(Step::VoiceTest)
            }
            // A text from a number that is not registered fails; once one has, the next is worth
            // its price only when the number is registered, or some time has passed.
            Todo::Try(test @ (Test::SmsOut | Test::SmsIn)) => {
                let waits =
                    failed(row, test) && !registered && !known.is_stale(row.number(), test, self);
                open(test.into()) && !waits && can.by_api(Step::SmsTest)
            }
        }
    }

    async fn serve(
        &self,
        carrier: &dyn CarrierClient,
        request: &PortRequest<Ported>,
        number: PhoneNumber,
        todo: Todo,
    ) -> Result<Option<Observation>, CarrierError> {
        let clock = &*self.clock;
        match todo {
            Todo::Assign => carrier
                .assign_number(request, number, clock)
                .await
                .map(Some),
            Todo::Join => carrier.add_to_messaging(request, number, clock).await,
            Todo::Register => carrier
                .check_registration(request, number, clock)
                .await
                .map(Some),
            Todo::Try(test) => carrier
                .test_number(request, number, test, clock)
                .await
                .map(Some),
        }
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

    /// Records an observation unless it repeats the last word: the history must not grow with
    /// every look. A test that was made anew after a while is news, whatever its outcome.
    fn keep_if_new(
        &mut self,
        request: &mut PortRequest<Ported>,
        seen: Observation,
        desk: &PortDesk,
    ) {
        let Some(kind) = Self::kind(seen.what()) else {
            return keep(request, seen);
        };
        let anew = kind.1.is_some_and(|test| self.is_stale(kind.0, test, desk));
        let repeats = self
            .0
            .get(&kind)
            .is_some_and(|(fact, _)| fact == seen.what());
        if !repeats || anew {
            self.0
                .insert(kind, (seen.what().clone(), seen.recorded_at()));
            keep(request, seen);
        }
    }
}
