//! One request becomes two: disjoint, together the original, both histories whole.

use chrono::{DateTime, Utc};

use super::error::{TransitionError, Violation};
use super::event::Event;
use super::state::{Splits, State};
use super::{Common, PortRequest};
use crate::id::PortRequestId;
use crate::number::NumberList;
use crate::people::{Permit, act};

// The bound stands on the method, so that the compiler says what it means when it does not hold.
impl<S: State> PortRequest<S> {
    /// Moves `numbers` into a request of their own, called `child`, at `at` (UTC): a partial
    /// approval, a missing number, numbers the customer keeps, or texts that come late.
    ///
    /// Both stay in this state, with the same order at the carrier. The child's history is this
    /// one's up to here. Give both to the store in one commit.
    ///
    /// # Errors
    /// If `child` is this request's own name, or `numbers` is not a proper part of its numbers.
    pub fn split(
        self,
        child: PortRequestId,
        numbers: NumberList,
        reason: impl Into<String>,
        permit: Permit<act::Split>,
        at: DateTime<Utc>,
    ) -> Result<(Self, Self), TransitionError<S>>
    where
        S: Splits,
    {
        let rest = match self.rest(&child, &numbers) {
            Ok(rest) => rest,
            Err(violation) => return Err(TransitionError::new(self, violation)),
        };
        let (reason, by) = (reason.into(), permit.into_actor());
        let mut parent = self;
        let mut offspring = PortRequest {
            common: Box::new(Common {
                id: child.clone(),
                ..(*parent.common).clone()
            }),
            state: parent.state.clone(),
        };
        offspring.state.sealed_mut().numbers = numbers.clone();
        offspring.record(Event::SplitFrom {
            parent: parent.common.id.clone(),
            child: child.clone(),
            numbers: numbers.clone(),
            reason: reason.clone(),
            by: by.clone(),
            at,
        });
        parent.state.sealed_mut().numbers = rest;
        parent.record(Event::SplitOff {
            child,
            numbers,
            reason,
            by,
            at,
        });
        Ok((parent, offspring))
    }
}

impl<S: Splits> PortRequest<S> {
    fn rest(&self, child: &PortRequestId, numbers: &NumberList) -> Result<NumberList, Violation> {
        if child == self.id() {
            return Err(Violation::BadSplit(
                "the new request needs a name of its own",
            ));
        }
        let taken = self.log().iter().any(|event| match event {
            Event::SplitOff { child: name, .. } | Event::SplitFrom { parent: name, .. } => {
                name == child
            }
            _ => false,
        });
        if taken {
            return Err(Violation::BadSplit(
                "the name is another part's of this request",
            ));
        }
        if let Some(&number) = numbers.missing_from(self.numbers()).first() {
            return Err(Violation::NotInRequest { number });
        }
        self.numbers()
            .without(numbers)
            .ok_or(Violation::BadSplit("at least one number must stay"))
    }
}
