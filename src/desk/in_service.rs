//! From arrival to sign-off: assign, register, test, read the error log.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::act::wrong;
use super::advance::{Ask, Turn};
use super::{DeskError, Held, PortDesk, Version};
use crate::carrier::{CarrierClient, CarrierClientExt, CarrierError, CarrierErrorKind, Step};
use crate::id::PortRequestId;
use crate::number::PhoneNumber;
use crate::people::{Permit, act};
use crate::request::{
    AnyPortRequest as Any, Check, CheckState, Fact, NumberRow, Observation, Outcome, PortRequest,
    Ported, Registration, Test,
};

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
    /// it comes: a test takes time and costs money. With a time for testing, no test is begun once that
    /// is used up; the look that goes on with them does not ask for registrations again.
    ///
    /// What fails for one number is told at the end and keeps no other waiting, unless the carrier
    /// seems to fail for all.
    pub(super) async fn put_in_service(
        &self,
        carrier: &dyn CarrierClient,
        mut request: PortRequest<Ported>,
        Ask {
            testing, goes_on, ..
        }: Ask<'_>,
        version: &mut Version,
    ) -> Result<Turn, DeskError> {
        let table = request.table();
        let mut known = Known::of(&request);
        let mut trouble = Troubles::default();
        let (mut tested, mut unfinished) = (TimeDelta::zero(), false);
        for row in table.rows() {
            let mut registered = row.check(Check::Registered).is_met();
            for todo in Todo::ALL {
                if !self.is_wanted(carrier, &request, row, todo, registered, &known) {
                    continue;
                }
                let is_test = matches!(todo, Todo::Try(_));
                if goes_on && matches!(todo, Todo::Register) {
                    continue;
                }
                // Whatever else is to do takes moments, and comes to every number.
                if is_test && testing.is_some_and(|testing| testing <= tested) {
                    unfinished = true;
                    continue;
                }
                let began = self.clock.now();
                let served = self.serve(carrier, &request, row.number(), todo).await;
                let seen = match served {
                    Ok(seen) => seen,
                    Err(error) => {
                        trouble.add(error);
                        break;
                    }
                };
                let Some(seen) = seen else { continue };
                let unanswered = is_unanswered(seen.what());
                // Time that a failure took is not counted: it would be the same numbers' every time.
                if is_test && !unanswered {
                    tested += self.clock.now().signed_duration_since(began);
                }
                trouble.is_answered(!unanswered);
                if let Fact::Registration { state, .. } = seen.what() {
                    registered = *state == Registration::Registered;
                }
                known.keep_if_new(&mut request, seen);
                if request.history_len() == version.entries {
                    continue;
                }
                match self.keep(request.into(), version).await? {
                    Any::Ported(kept) => request = kept,
                    // Others took it further: what they left is looked at the next time.
                    other => return Ok(Turn::rest(other)),
                }
                if unanswered {
                    break;
                }
            }
            if trouble.is_for_all() {
                break;
            }
        }
        let ends = !(goes_on && unfinished);
        if ends
            && !trouble.is_for_all()
            && let Err(error) = self.read_alerts(carrier, &mut request).await
        {
            trouble.add(error);
        }
        let mut turn = match trouble.first {
            None => Turn::rest(request),
            Some(error) => Turn::failed(request, error),
        };
        turn.unfinished = unfinished;
        Ok(turn)
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
            Todo::Try(test) => {
                let step = match test {
                    Test::VoiceOut | Test::VoiceIn => Step::VoiceTest,
                    Test::SmsOut | Test::SmsIn => Step::SmsTest,
                };
                let waits = failed(row, test) && !self.may_retest(row, test, registered, known);
                open(test.into()) && !waits && can.by_api(step)
            }
        }
    }

    /// Whether a test that failed is worth its price again: after some time, and after more of it
    /// where a number that is not registered may not text.
    fn may_retest(&self, row: &NumberRow, test: Test, registered: bool, known: &Known) -> bool {
        let timing = self.policy.timing();
        let blocked = matches!(test, Test::SmsOut | Test::SmsIn) && !registered;
        let hours = if blocked {
            timing.unregistered_retest_hours
        } else {
            timing.retest_hours
        };
        let last = known.tests.get(&(row.number(), test));
        last.is_none_or(|last| {
            let passed = self.clock.now().signed_duration_since(*last);
            passed >= TimeDelta::hours(hours.into())
        })
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
            mut version,
            ..
        } = self.load(id).await?;
        let carrier = self.carrier(request.carrier())?;
        let Any::Ported(mut ported) = request else {
            return Err(wrong(&request, "a ported request"));
        };
        self.read_alerts(&**carrier, &mut ported).await?;
        match ported.verification(permit, self.clock.now()) {
            Ok(report) => {
                self.save(&ported.verified(report)?.into(), &mut version)
                    .await
            }
            Err(gaps) => {
                if ported.history_len() != version.entries {
                    self.save(&ported.into(), &mut version).await?;
                }
                Err(gaps.into())
            }
        }
    }
}

/// Whether it is a test whose outcome the carrier did not tell.
fn is_unanswered(fact: &Fact) -> bool {
    matches!(
        fact,
        Fact::Tested {
            outcome: Outcome::Unknown(_),
            ..
        }
    )
}

fn failed(row: &NumberRow, test: Test) -> bool {
    matches!(row.check(test.into()), CheckState::Failed(_))
}

fn keep(request: &mut PortRequest<Ported>, seen: Observation) {
    // An observation that was just made for this request names it, its order and its carrier.
    let _ = request.observe(seen);
}

/// What went wrong with numbers on the way, and whether it goes wrong with every number.
#[derive(Default)]
struct Troubles {
    first: Option<CarrierError>,
    in_a_row: u32,
    for_all: bool,
}

impl Troubles {
    /// So many numbers one after another, each left without an answer, are no coincidence.
    const OUTAGE: u32 = 3;

    fn add(&mut self, error: CarrierError) {
        use CarrierErrorKind::{RateLimited, Timeout, Unauthorized, Unavailable, Unreachable};
        match error.kind() {
            Unreachable | RateLimited | Unauthorized => self.for_all = true,
            Unavailable | Timeout => self.in_a_row += 1,
            _ => self.in_a_row = 0,
        }
        self.first.get_or_insert(error);
    }

    fn is_answered(&mut self, answered: bool) {
        self.in_a_row = if answered { 0 } else { self.in_a_row + 1 };
    }

    fn is_for_all(&self) -> bool {
        self.for_all || self.in_a_row >= Self::OUTAGE
    }
}

/// The last word on each number's registration, and when each of its tests was last made.
#[derive(Default)]
struct Known {
    registrations: BTreeMap<PhoneNumber, Registration>,
    tests: BTreeMap<(PhoneNumber, Test), DateTime<Utc>>,
}

impl Known {
    fn of(request: &PortRequest<Ported>) -> Self {
        let mut known = Self::default();
        for entry in request.timeline() {
            if let Some(fact) = entry.fact() {
                known.note(fact, entry.recorded_at());
            }
        }
        known
    }

    fn note(&mut self, fact: &Fact, at: DateTime<Utc>) {
        match fact {
            Fact::Registration { number, state } => {
                self.registrations.insert(*number, state.clone());
            }
            Fact::Tested { number, test, .. } => {
                self.tests.insert((*number, *test), at);
            }
            _ => {}
        }
    }

    /// Records an observation, but a registration only if it is no repetition: the history must not
    /// grow with every look.
    fn keep_if_new(&mut self, request: &mut PortRequest<Ported>, seen: Observation) {
        if let Fact::Registration { number, state } = seen.what()
            && self.registrations.get(number) == Some(state)
        {
            return;
        }
        self.note(seen.what(), seen.recorded_at());
        keep(request, seen);
    }
}
