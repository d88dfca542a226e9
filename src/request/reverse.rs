//! The way back: a new request with the roles swapped.

use chrono::{DateTime, Utc};

use super::PortRequest;
use super::error::Violation;
use super::event::Event;
use super::note::Note;
use super::state::{Draft, HasArrived, State};
use crate::document::{Destination, LosingAccount, LosingPlatform};
use crate::id::PortRequestId;
use crate::people::{Permit, act};

impl<S: HasArrived> PortRequest<S> {
    /// Opens the way back as a draft called `id`, with the roles swapped, at `at` (UTC): the
    /// numbers leave `gaining`, the platform they moved to, for the account they came from.
    ///
    /// Both records name the other. Nothing else is carried over: moving back needs a letter,
    /// proof, ticket, earliest date and acknowledgements of its own. Where the carrier account
    /// they came from was not on record, the draft has no destination yet.
    ///
    /// # Errors
    /// [`Violation::SameRequest`] if `id` is this request's own.
    pub fn reverse(
        &mut self,
        id: PortRequestId,
        gaining: LosingPlatform,
        permit: Permit<act::Start>,
        at: DateTime<Utc>,
    ) -> Result<PortRequest<Draft>, Violation> {
        if id == *self.id() {
            return Err(Violation::SameRequest);
        }
        let package = self.package();
        let here = package.destination().account();
        let losing = LosingAccount::new(gaining, here.clone()).with_carrier_account(here.clone());
        let back = package.losing().carrier_account().cloned();
        let mut draft = PortRequest::opened(
            id.clone(),
            self.carrier().clone(),
            Some(self.id().clone()),
            permit.clone(),
            at,
        );
        let checklist = draft.checklist_mut();
        checklist
            .set_numbers(self.numbers().clone())
            .set_losing(losing);
        if let Some(account) = back {
            checklist.set_destination(Destination::new(account));
        }
        self.record(Event::Noted {
            note: Note::ReversedInto(id),
            by: permit.into_actor(),
            at,
        });
        Ok(draft)
    }
}

impl<S: State> PortRequest<S> {
    /// The request this one moves back, if it was opened by
    /// [`reverse`](PortRequest::reverse).
    pub fn reverses(&self) -> Option<&PortRequestId> {
        match self.log().first() {
            Some(Event::Opened { reverses, .. }) => reverses.as_ref(),
            _ => None,
        }
    }
}
