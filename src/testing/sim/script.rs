use chrono::{DateTime, TimeDelta, Utc};

use crate::id::AccountId;
use crate::request::{Hold, Refusal};

/// How an order goes at a [`SimCarrier`](super::SimCarrier): plain data, set field by field or with
/// the methods of the same names.
///
/// The default is a smooth port: taken, released after 24 hours, a slot agreed as soon as it is
/// asked for, every number there minutes after the slot begins, registered 3 days after joining.
/// Times are lengths from the moment the order was taken, unless a field says otherwise.
///
/// ```
/// # use chrono::TimeDelta;
/// # use snap_port::testing::{ReleasePlan, Script};
/// # use snap_port::{Hold, Reason};
/// let script = Script::default()
///     .hold(Hold::new(Reason::FeeDemanded, "$50"), TimeDelta::hours(2), Some(TimeDelta::days(3)))
///     .partial(1, None);
/// assert_eq!(script.release, ReleasePlan::After(TimeDelta::hours(24)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Script {
    /// What becomes of the submission itself.
    pub intake: Intake,
    /// What becomes of the release.
    pub release: ReleasePlan,
    /// What becomes of a slot that is asked for.
    pub schedule: SchedulePlan,
    /// The carrier sets another slot once the first stands.
    pub reschedule: Option<Move>,
    /// Pauses. What would fall into one (release, a carrier-set slot, numbers moving at a slot)
    /// waits for its end.
    pub holds: Vec<HoldPlan>,
    /// When the numbers move.
    pub cutover: Cutover,
    /// Only some numbers move at first.
    pub partial: Option<Partial>,
    /// Some numbers land in another account first.
    pub detour: Option<Detour>,
    /// What becomes of each number's registration.
    pub registration: RegistrationPlan,
    /// How many voice tests of each number fail before they pass.
    pub voice_failures: u32,
    /// What the error log shows.
    pub alerts: Vec<AlertPlan>,
    /// What becomes of a cancellation.
    pub cancel: CancelPlan,
    /// The carrier cancels, unasked, every number that has not moved by then.
    pub cancels_unasked: Option<TimeDelta>,
    /// Whether numbers move all the same after a refusal or cancellation.
    pub moves_anyway: bool,
    /// A status in words no integration knows, from then on.
    pub words: Option<(TimeDelta, String)>,
}

/// What becomes of a submission.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Intake {
    /// An order comes of it.
    Taken,
    /// It is refused; no order comes of it.
    Refused(Refusal),
}

/// What becomes of the release.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReleasePlan {
    /// Approved after this long.
    After(TimeDelta),
    /// Approved for the first numbers only, for the rest later or never.
    Partly {
        /// After this long.
        after: TimeDelta,
        /// For how many numbers, from the first of the order; at least 1.
        first: usize,
        /// When the approval covers all of them, if ever.
        rest: Option<TimeDelta>,
    },
    /// Refused; the order is dead.
    Refused {
        /// After this long.
        after: TimeDelta,
        /// Why.
        refusal: Refusal,
    },
    /// The losing platform never answers.
    Silent,
}

/// What becomes of a slot that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchedulePlan {
    /// Agreed at once.
    Agreed,
    /// Agreed this long after it was asked for.
    AgreedAfter(TimeDelta),
    /// Another is offered, this much later (or earlier); the offer is agreed to when it is asked
    /// for.
    CounterOffered(TimeDelta),
    /// Refused; the order is dead.
    Refused(Refusal),
    /// The carrier does not take wishes and sets a slot itself.
    SetByCarrier {
        /// How long after the release it sets it.
        after: TimeDelta,
        /// How long after that the slot begins.
        lead: TimeDelta,
        /// Whether it keeps to the earliest port date, as it should.
        keeps_earliest: bool,
    },
}

/// A slot that is moved by the carrier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Move {
    /// How long after the first slot was confirmed.
    pub after: TimeDelta,
    /// By how much it is moved: later, or earlier if negative.
    pub by: TimeDelta,
}

/// A pause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldPlan {
    /// What is reported.
    pub hold: Hold,
    /// When it begins.
    pub from: TimeDelta,
    /// When it ends; `None` for never.
    pub until: Option<TimeDelta>,
}

/// When the numbers move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cutover {
    /// This long after the slot begins; before it, if negative.
    AtSlot(TimeDelta),
    /// This long after the order was taken, whatever was released or scheduled.
    AfterSubmission(TimeDelta),
    /// Never.
    Never,
}

/// Only some numbers move at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partial {
    /// How many, from the first of the order.
    pub first: usize,
    /// How long after them the rest move; `None` for never.
    pub rest_after: Option<TimeDelta>,
}

/// Some numbers land in another account first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detour {
    /// How many, from the first of the order.
    pub first: usize,
    /// Where.
    pub account: AccountId,
    /// How long after landing there they come home by themselves; `None` for not before
    /// [`move_within_owner`](super::SimCarrier::move_within_owner).
    pub home_after: Option<TimeDelta>,
}

/// What becomes of a number's registration. It begins when the number joins its messaging service
/// (where there is none, when it is assigned).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RegistrationPlan {
    /// Registered this long after it began.
    RegisteredAfter(TimeDelta),
    /// Refused by the registry.
    Failed {
        /// How long after it began.
        after: TimeDelta,
        /// In the registry's words.
        why: String,
    },
}

/// An entry of the error log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertPlan {
    /// About which number: its place in the order, from 0. Past the end, nothing is logged.
    pub index: usize,
    /// How long after the number arrived in the gaining account.
    pub after: TimeDelta,
    /// What it says.
    pub text: String,
}

/// What becomes of a cancellation. Numbers that moved are never cancelled.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CancelPlan {
    /// Done at once.
    Done,
    /// Pending at first, done this long after it was asked for.
    DoneAfter(TimeDelta),
    /// Refused, in these words.
    Refused(String),
}

impl Default for Script {
    fn default() -> Self {
        Self {
            intake: Intake::Taken,
            release: ReleasePlan::After(TimeDelta::hours(24)),
            schedule: SchedulePlan::Agreed,
            reschedule: None,
            holds: Vec::new(),
            cutover: Cutover::AtSlot(TimeDelta::zero()),
            partial: None,
            detour: None,
            registration: RegistrationPlan::RegisteredAfter(TimeDelta::days(3)),
            voice_failures: 0,
            alerts: Vec::new(),
            cancel: CancelPlan::Done,
            cancels_unasked: None,
            moves_anyway: false,
            words: None,
        }
    }
}

impl Script {
    /// Sets [`intake`](Self::intake) to a refusal.
    #[must_use]
    pub fn refuse(mut self, refusal: Refusal) -> Self {
        self.intake = Intake::Refused(refusal);
        self
    }

    /// Sets [`release`](Self::release).
    #[must_use]
    pub fn release(mut self, plan: ReleasePlan) -> Self {
        self.release = plan;
        self
    }

    /// The losing platform never answers.
    #[must_use]
    pub fn silence(self) -> Self {
        self.release(ReleasePlan::Silent)
    }

    /// Sets [`schedule`](Self::schedule).
    #[must_use]
    pub fn schedule(mut self, plan: SchedulePlan) -> Self {
        self.schedule = plan;
        self
    }

    /// Sets [`reschedule`](Self::reschedule).
    #[must_use]
    pub fn reschedule(mut self, after: TimeDelta, by: TimeDelta) -> Self {
        self.reschedule = Some(Move { after, by });
        self
    }

    /// Adds a hold, `from` then `until` then, or for good.
    #[must_use]
    pub fn hold(mut self, hold: Hold, from: TimeDelta, until: Option<TimeDelta>) -> Self {
        self.holds.push(HoldPlan { hold, from, until });
        self
    }

    /// Sets [`cutover`](Self::cutover).
    #[must_use]
    pub fn cutover(mut self, cutover: Cutover) -> Self {
        self.cutover = cutover;
        self
    }

    /// Only the `first` numbers move; the rest `rest_after` them, or never.
    #[must_use]
    pub fn partial(mut self, first: usize, rest_after: Option<TimeDelta>) -> Self {
        self.partial = Some(Partial { first, rest_after });
        self
    }

    /// The `first` numbers land in `account`, and come home `home_after` that, or when they are
    /// moved.
    #[must_use]
    pub fn detour(
        mut self,
        first: usize,
        account: AccountId,
        home_after: Option<TimeDelta>,
    ) -> Self {
        self.detour = Some(Detour {
            first,
            account,
            home_after,
        });
        self
    }

    /// Sets [`registration`](Self::registration).
    #[must_use]
    pub fn registration(mut self, plan: RegistrationPlan) -> Self {
        self.registration = plan;
        self
    }

    /// Sets [`voice_failures`](Self::voice_failures).
    #[must_use]
    pub fn voice_failures(mut self, count: u32) -> Self {
        self.voice_failures = count;
        self
    }

    /// Adds an alert about the number at `index` of the order, `after` it arrived.
    #[must_use]
    pub fn alert(mut self, index: usize, after: TimeDelta, text: impl Into<String>) -> Self {
        let text = text.into();
        self.alerts.push(AlertPlan { index, after, text });
        self
    }

    /// Sets [`cancel`](Self::cancel).
    #[must_use]
    pub fn cancel(mut self, plan: CancelPlan) -> Self {
        self.cancel = plan;
        self
    }

    /// Sets [`cancels_unasked`](Self::cancels_unasked).
    #[must_use]
    pub fn cancels_unasked(mut self, after: TimeDelta) -> Self {
        self.cancels_unasked = Some(after);
        self
    }

    /// Numbers move all the same after a refusal or cancellation.
    #[must_use]
    pub fn moves_anyway(mut self) -> Self {
        self.moves_anyway = true;
        self
    }

    /// Sets [`words`](Self::words).
    #[must_use]
    pub fn words(mut self, from: TimeDelta, words: impl Into<String>) -> Self {
        self.words = Some((from, words.into()));
        self
    }

    /// When what is due at `due` happens, given the holds of an order taken at `taken`.
    pub(super) fn held_until(
        &self,
        taken: DateTime<Utc>,
        due: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        use super::after;
        let mut holds: Vec<&HoldPlan> = self.holds.iter().collect();
        holds.sort_by_key(|plan| plan.from);
        holds.iter().try_fold(due, |due, plan| {
            if due < after(taken, plan.from) {
                return Some(due);
            }
            plan.until.map(|until| due.max(after(taken, until)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Reason;

    #[test]
    fn what_falls_into_a_hold_waits_for_its_end() {
        let hold = || Hold::new(Reason::FeeDemanded, "$50");
        let hours = TimeDelta::hours;
        let taken = DateTime::UNIX_EPOCH;
        let script = Script::default()
            .hold(hold(), hours(20), Some(hours(40)))
            .hold(hold(), hours(10), Some(hours(24)))
            .hold(hold(), hours(50), None);
        let due = |at| {
            let due = script.held_until(taken, taken + hours(at))?;
            Some((due - taken).num_hours())
        };
        assert_eq!(due(9), Some(9));
        assert_eq!(due(10), Some(40), "two holds that overlap count as one");
        assert_eq!(due(45), Some(45));
        assert_eq!(due(50), None);
    }
}
