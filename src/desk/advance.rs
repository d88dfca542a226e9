//! Taking a request as far as evidence allows.

use chrono::{DateTime, TimeDelta, Utc};

use super::cadence::can_advance;
use super::{DeskError, Held, PortDesk, Version, Waiting};
use crate::carrier::{CarrierClient, CarrierClientExt, CarrierError, Look, Resolution, Submission};
use crate::id::{OrderRef, PortRequestId};
use crate::request::{
    AnyPortRequest as Any, Attempt, AttemptFact, AttemptPhase, Basis, Event, PortRequest, Sealed,
    State, Status, SubmissionReceipt, TransitionError, Violation,
};
use crate::store::StoreError;

/// How far a request came, and what it waits for now.
#[derive(Debug)]
#[non_exhaustive]
pub struct Advance {
    /// The state it was found in.
    pub from: Status,
    /// The state it is in.
    pub to: Status,
    /// Whose move it is, for what, since when; `None` once it has ended and nothing is astray.
    pub waiting: Option<Waiting>,
    /// What stood in the way, if something did.
    pub trouble: Option<Trouble>,
    /// Whether there was more to do at once.
    pub(super) unfinished: bool,
}

/// What stood in the way of going further.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Trouble {
    /// The carrier call failed; [`is_retryable`](CarrierError::is_retryable) says whether to come
    /// back.
    #[error(transparent)]
    Carrier(CarrierError),
    /// The carrier took an order while the request went another way: there may be two. It is on
    /// record until [`settle_stray`](PortDesk::settle_stray).
    #[error(
        "the carrier also took order {0}, which is not the request's; have it cancelled, and say so"
    )]
    StrayOrder(OrderRef),
    /// The carrier's evidence breaks a rule of the port; a person must act.
    #[error("what the carrier says is refused: {0}")]
    Evidence(Violation),
}

/// One turn at a request: what became of it, and whether another turn may help.
pub(super) struct Turn {
    pub(super) request: Any,
    pub(super) again: bool,
    pub(super) trouble: Option<Trouble>,
    /// Whether more was to do at once than there was time for.
    pub(super) unfinished: bool,
}

/// What is given along for a turn.
#[derive(Clone, Copy, Default)]
pub(super) struct Ask<'a> {
    /// What the carrier has just shown of the request, where that was asked for several at once.
    pub(super) look: Option<&'a Look>,
    /// How long numbers may be tested; without it until all are.
    pub(super) testing: Option<TimeDelta>,
    /// Whether the last look has just ended without testing all: the rest was done then.
    pub(super) goes_on: bool,
}

impl Turn {
    pub(super) fn moved(request: impl Into<Any>) -> Self {
        Self {
            request: request.into(),
            again: true,
            trouble: None,
            unfinished: false,
        }
    }

    pub(super) fn rest(request: impl Into<Any>) -> Self {
        Self {
            request: request.into(),
            again: false,
            trouble: None,
            unfinished: false,
        }
    }

    pub(super) fn failed(request: impl Into<Any>, error: CarrierError) -> Self {
        Self {
            request: request.into(),
            again: false,
            trouble: Some(Trouble::Carrier(error)),
            unfinished: false,
        }
    }

    pub(super) fn refused(request: impl Into<Any>, violation: Violation) -> Self {
        Self {
            request: request.into(),
            again: false,
            trouble: Some(Trouble::Evidence(violation)),
            unfinished: false,
        }
    }

    /// The same with that trouble, if there is no other.
    fn or(mut self, trouble: Option<Trouble>) -> Self {
        self.trouble = self.trouble.or(trouble);
        self
    }

    /// The transition's outcome; refused evidence leaves the request where it was.
    pub(super) fn of<S: State, N: State>(
        outcome: Result<PortRequest<N>, TransitionError<S>>,
    ) -> Self
    where
        Any: From<PortRequest<S>> + From<PortRequest<N>>,
    {
        match outcome {
            Ok(next) => Self::moved(next),
            Err(error) => {
                let (request, violation) = error.into_parts();
                Self::refused(request, violation)
            }
        }
    }
}

/// The longest a submission that was not taken waits for the next try.
const LONGEST: TimeDelta = TimeDelta::hours(1);

/// More turns than any history needs in one go: a smooth port with everything known takes eight.
const TURNS: usize = 32;

impl PortDesk {
    /// Takes a request as far as evidence allows now, storing every step as it comes, and says what
    /// it waits for, on which party, since when.
    ///
    /// Once the numbers have moved it may take long: each test of each number may take a minute.
    ///
    /// It is safe to drop and to repeat: a submission is stored before the carrier is called, and
    /// one whose answer was lost is looked for, never sent again blindly.
    ///
    /// # Errors
    /// The store's and the record's. A carrier's failure is no error but [`Advance::trouble`].
    pub async fn advance(&self, id: &PortRequestId) -> Result<Advance, DeskError> {
        let Held {
            request,
            mut version,
            ..
        } = self.load(id).await?;
        let (advance, _) = self
            .advance_held(request, &mut version, Ask::default())
            .await?;
        Ok(advance)
    }

    /// As [`advance`](Self::advance), for a request in hand, of which `version` is stored; it keeps
    /// up with what is saved, also where something fails after that.
    pub(super) async fn advance_held(
        &self,
        mut request: Any,
        version: &mut Version,
        ask: Ask<'_>,
    ) -> Result<(Advance, Any), DeskError> {
        let from = request.status();
        let (mut trouble, mut unfinished) = (None, false);
        for _ in 0..TURNS {
            let turn = self.turn(request, ask, version).await?;
            request = turn.request;
            if request.history_len() != version.entries {
                request = self.keep(request, version).await?;
            }
            // That there is a stray order is not over with the next turn.
            let stray = trouble.filter(|trouble| matches!(trouble, Trouble::StrayOrder(_)));
            (trouble, unfinished) = (turn.trouble.or(stray), turn.unfinished);
            if !turn.again {
                break;
            }
        }
        let advance = Advance {
            from,
            to: request.status(),
            waiting: self.waits(&request),
            trouble,
            unfinished,
        };
        Ok((advance, request))
    }

    /// Stores a turn. What was done and tested in service is carried over to whatever others wrote
    /// meanwhile: tests cost money, and a busy request would never get through them.
    pub(super) async fn keep(&self, request: Any, version: &mut Version) -> Result<Any, DeskError> {
        let known = version.entries;
        let first = self.save(&request, version).await;
        let (Err(DeskError::Store(StoreError::Conflict { id })), Any::Ported(ours)) =
            (&first, &request)
        else {
            return first.map(|()| request);
        };
        for _ in 0..CONFLICTS {
            let held = self.load(id).await?;
            *version = held.version;
            let Any::Ported(mut theirs) = held.request else {
                return Ok(held.request);
            };
            for seen in ours.observations_from(known) {
                theirs.observe(seen)?;
            }
            let theirs = theirs.into();
            match self.save(&theirs, version).await {
                Err(DeskError::Store(StoreError::Conflict { .. })) => {}
                other => return other.map(|()| theirs),
            }
        }
        first.map(|()| request)
    }

    async fn turn(
        &self,
        request: Any,
        ask: Ask<'_>,
        version: &mut Version,
    ) -> Result<Turn, DeskError> {
        if !can_advance(&request) {
            return Ok(Turn::rest(request));
        }
        let (carrier, look) = (&**self.carrier(request.carrier())?, ask.look);
        Ok(match request {
            Any::Sealed(sealed) => self.submit(carrier, sealed, version).await?,
            Any::Submitted(mut r) => {
                let stray = self.find_strays(carrier, &mut r).await;
                self.await_release(carrier, r, look).await.or(stray)
            }
            Any::ReleaseApproved(mut r) => {
                let stray = self.find_strays(carrier, &mut r).await;
                self.await_schedule(carrier, r, look).await.or(stray)
            }
            Any::Scheduled(mut r) => {
                let stray = self.find_strays(carrier, &mut r).await;
                self.await_arrival(carrier, r, look).await.or(stray)
            }
            Any::Ported(r) => self.put_in_service(carrier, r, ask, version).await?,
            // What was given up may turn up when the request is back with the customer, or over.
            Any::Draft(mut r) => {
                let stray = self.find_strays(carrier, &mut r).await;
                Turn::rest(r).or(stray)
            }
            Any::Rejected(mut r) => {
                let stray = self.find_strays(carrier, &mut r).await;
                Turn::rest(r).or(stray)
            }
            Any::Cancelled(mut r) => {
                let stray = self.find_strays(carrier, &mut r).await;
                Turn::rest(r).or(stray)
            }
            ended @ Any::Verified(_) => Turn::rest(ended),
        })
    }

    async fn submit(
        &self,
        carrier: &dyn CarrierClient,
        mut sealed: PortRequest<Sealed>,
        version: &mut Version,
    ) -> Result<Turn, DeskError> {
        match sealed.phase() {
            AttemptPhase::UnderReview | AttemptPhase::HandedOver => return Ok(Turn::rest(sealed)),
            AttemptPhase::Sent | AttemptPhase::InDoubt | AttemptPhase::NeedsPerson => {
                return self.resolve(carrier, sealed).await;
            }
            AttemptPhase::Cleared => {}
        }
        let wanted = sealed.cancel_requested().is_none()
            && self.held_off(&sealed).is_none()
            && sealed.stray_orders().is_empty();
        let Some(cleared) = sealed.cleared().filter(|_| wanted) else {
            return Ok(Turn::rest(sealed));
        };
        if sealed.former_attempts().len() > 0 {
            // An earlier try may have turned up since it was given up.
            match carrier.resolve(&sealed, &*self.clock).await {
                Ok(Resolution::Found(receipt)) => return Ok(taken(sealed, &receipt)),
                Ok(Resolution::Unclear(_)) => {}
                Err(error) => return Ok(Turn::failed(sealed, error)),
            }
        }
        let once = sealed.dispatch(cleared, self.clock.now())?;
        let request = Any::from(sealed);
        self.save(&request, version).await?;
        let Any::Sealed(sealed) = request else {
            return Ok(Turn::rest(request));
        };
        let answer = carrier.submit_request(&sealed, once, &*self.clock).await;
        match answer {
            Ok(answer) => self.answered(sealed, &answer, version).await,
            Err(error) => Ok(Turn::failed(sealed, error)),
        }
    }

    /// Stores the carrier's answer, also over what another writer changed meanwhile: the answer
    /// comes once, so it must not be lost to a conflict.
    async fn answered(
        &self,
        sealed: PortRequest<Sealed>,
        answer: &Submission,
        version: &mut Version,
    ) -> Result<Turn, DeskError> {
        let id = sealed.id().clone();
        let mut turn = apply(sealed, answer);
        let mut failed = DeskError::from(StoreError::Conflict { id: id.clone() });
        for _ in 0..CONFLICTS {
            match self.save(&turn.request, version).await {
                Ok(()) => return Ok(turn),
                Err(DeskError::Store(error @ StoreError::Conflict { .. })) => failed = error.into(),
                // If it was written all the same, the request has moved on.
                Err(DeskError::Store(error)) if error.is_retryable() => failed = error.into(),
                Err(error) => {
                    failed = error;
                    break;
                }
            }
            let held = match self.load(&id).await {
                Ok(held) => held,
                Err(error) => {
                    failed = error;
                    continue;
                }
            };
            *version = held.version;
            turn = match held.request {
                Any::Sealed(sealed) => apply(sealed, answer),
                other => moved_on(other, answer),
            };
            if turn.request.history_len() == version.entries {
                return Ok(turn);
            }
        }
        let order = match answer {
            Submission::Accepted(receipt) => Some(receipt.order()),
            _ => None,
        };
        tracing::error!(request = %id, ?order, error = %failed, "an answer could not be kept");
        Err(failed)
    }

    /// Looks for orders of tries that were given up, beside the one the request has.
    async fn find_strays<S: State>(
        &self,
        carrier: &dyn CarrierClient,
        request: &mut PortRequest<S>,
    ) -> Option<Trouble> {
        if request.former_attempts().len() == 0 {
            return None;
        }
        match carrier.look_for_former(request, &*self.clock).await {
            Ok(found) => {
                let mut trouble = None;
                for receipt in found {
                    let order = receipt.order().clone();
                    if request.strayed(receipt).is_ok() {
                        trouble = Some(Trouble::StrayOrder(order));
                    }
                }
                trouble
            }
            Err(error) => Some(Trouble::Carrier(error)),
        }
    }

    /// Until when (UTC) another call would be futile, because the carrier refused one so lately:
    /// after a minute it is called again, then after two, four, up to an hour.
    pub(super) fn held_off(&self, sealed: &PortRequest<Sealed>) -> Option<DateTime<Utc>> {
        let mut refused = (0_u32, None);
        for event in sealed.log() {
            match event {
                Event::Sealed { .. } => refused = (0, None),
                Event::AttemptHeard(heard) => match (&heard.what, &heard.source.basis) {
                    (AttemptFact::NotTaken(_), Basis::Reported) => {
                        refused = (refused.0 + 1, Some(heard.source.recorded_at));
                    }
                    _ => refused = (0, None),
                },
                _ => {}
            }
        }
        let (times, last) = (refused.0, refused.1?);
        let wait = TimeDelta::minutes(1_i64 << times.saturating_sub(1).min(6)).min(LONGEST);
        let passed = self.clock.now().signed_duration_since(last);
        // A clock that was set back holds nothing up.
        (TimeDelta::zero() <= passed && passed < wait).then(|| last + wait)
    }

    async fn resolve(
        &self,
        carrier: &dyn CarrierClient,
        mut sealed: PortRequest<Sealed>,
    ) -> Result<Turn, DeskError> {
        let news = match carrier.resolve(&sealed, &*self.clock).await {
            Ok(Resolution::Found(receipt)) => return Ok(taken(sealed, &receipt)),
            Ok(Resolution::Unclear(news)) => news,
            Err(error) => return Ok(Turn::failed(sealed, error)),
        };
        // What adds nothing is not recorded: the history must not grow with every look.
        let settled = match (news.what(), sealed.seen_absent()) {
            (AttemptFact::Absent, Some((first, last))) if last <= news.recorded_at() => {
                news.recorded_at() - first >= Attempt::SETTLE
            }
            (AttemptFact::Absent, _) => {
                sealed.heard(news)?;
                return Ok(Turn::rest(sealed));
            }
            _ => {
                if sealed.phase() != AttemptPhase::NeedsPerson {
                    sealed.heard(news)?;
                }
                return Ok(Turn::rest(sealed));
            }
        };
        if !settled {
            return Ok(Turn::rest(sealed));
        }
        sealed.heard(news)?;
        sealed.retry(self.clock.now())?;
        Ok(Turn::moved(sealed))
    }
}

/// The request went on without the answer: another desk found the order, or people decided.
fn moved_on(request: Any, answer: &Submission) -> Turn {
    match answer {
        Submission::Accepted(receipt) if request.order() != Some(receipt.order()) => {
            stray(request, receipt)
        }
        _ => Turn::moved(request),
    }
}

/// The carrier has an order of the request: its own, or one of a package that was sent back since.
fn taken(sealed: PortRequest<Sealed>, receipt: &SubmissionReceipt) -> Turn {
    match sealed.submitted(receipt.clone()) {
        Ok(submitted) => Turn::moved(submitted),
        Err(refused) => stray(refused.into_request().into(), receipt),
    }
}

/// Puts an order on record that the request cannot have.
fn stray(mut request: Any, receipt: &SubmissionReceipt) -> Turn {
    let order = receipt.order().clone();
    match request.strayed(receipt.clone()) {
        Ok(()) => Turn {
            request,
            again: false,
            trouble: Some(Trouble::StrayOrder(order)),
            unfinished: false,
        },
        // It came twice.
        Err(Violation::KnownOrder { .. }) => Turn::rest(request),
        Err(violation) => Turn::refused(request, violation),
    }
}

/// How often a carrier's answer is carried over to a request that others keep changing.
const CONFLICTS: usize = 16;

fn apply(mut sealed: PortRequest<Sealed>, answer: &Submission) -> Turn {
    // Where another desk has looked meanwhile, news of a lost or failed call may come too late to
    // matter; the record then says what that desk found.
    match answer {
        Submission::Accepted(receipt) => taken(sealed, receipt),
        Submission::Refused(notice) => Turn::of(sealed.refused(notice.clone())),
        Submission::HandedOver(_) if sealed.phase() == AttemptPhase::HandedOver => {
            Turn::rest(sealed)
        }
        Submission::HandedOver(news) => match sealed.heard(news.clone()) {
            Ok(()) => Turn::rest(sealed),
            Err(violation) => Turn::refused(sealed, violation),
        },
        Submission::NotTaken(news, error) | Submission::InDoubt(news, error) => {
            let _ = sealed.heard(news.clone());
            Turn::failed(sealed, error.clone())
        }
    }
}
