//! Taking a request as far as evidence allows.

use chrono::TimeDelta;

use super::cadence::can_advance;
use super::{DeskError, Held, PortDesk, Version, Waiting};
use crate::carrier::{CarrierError, Look};
use crate::id::{OrderRef, PortRequestId};
use crate::request::{
    AnyPortRequest as Any, PortRequest, State, Status, TransitionError, Violation,
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

/// More turns than any history needs in one go: a smooth port with everything known takes eight.
const TURNS: usize = 32;

/// How often a carrier's answer is carried over to a request that others keep changing.
pub(super) const CONFLICTS: usize = 16;

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
}
