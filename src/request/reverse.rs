//! The way back: a new request with the roles swapped.

use chrono::{DateTime, Utc};

use super::PortRequest;
use super::error::Violation;
use super::event::Event;
use super::note::Note;
use super::state::{Draft, HasArrived, State};
use crate::document::{Destination, LosingAccount, LosingPlatform};
use crate::id::PortRequestId;
use crate::people::{Actor, Permit, act};

impl<S: HasArrived> PortRequest<S> {
    /// Opens the way back as a draft called `id`, with the roles swapped, at `at` (UTC): the
    /// numbers leave `ours`, the platform they moved to, for the account they came from.
    ///
    /// Both records name the other. Nothing else is carried over: moving back needs a letter,
    /// proof, ticket, earliest date and acknowledgements of its own. Where the carrier account
    /// they came from was not on record, the draft has no destination yet.
    ///
    /// # Errors
    /// [`Violation::SameRequest`] if `id` is this request's own; [`Violation::AlreadyReversed`] if
    /// the way back was opened before; [`Violation::SamePlatform`] if the numbers came from `ours`.
    pub fn reverse(
        &mut self,
        id: PortRequestId,
        ours: LosingPlatform,
        permit: Permit<act::Start>,
        at: DateTime<Utc>,
    ) -> Result<PortRequest<Draft>, Violation> {
        if ours == *self.package().losing().platform() {
            return Err(Violation::SamePlatform(ours));
        }
        let by = permit.actor().clone();
        self.reversed_into(id.clone(), by, at)?;
        let package = self.package();
        let here = package.destination().account();
        let losing = LosingAccount::new(ours, here.clone()).with_carrier_account(here.clone());
        let back = package.losing().carrier_account().cloned();
        let mut draft = PortRequest::opened(
            id,
            self.carrier().clone(),
            Some(self.id().clone()),
            permit,
            at,
        );
        let checklist = draft.checklist_mut();
        checklist
            .set_numbers(self.numbers().clone())
            .set_losing(losing);
        if let Some(account) = back {
            checklist.set_destination(Destination::new(account));
        }
        Ok(draft)
    }

    /// Puts the way back on this request's record.
    pub(super) fn reversed_into(
        &mut self,
        id: PortRequestId,
        by: Actor,
        at: DateTime<Utc>,
    ) -> Result<(), Violation> {
        if id == *self.id() {
            return Err(Violation::SameRequest);
        }
        if let Some(open) = self.way_back() {
            return Err(Violation::AlreadyReversed(open.clone()));
        }
        self.record(Event::Noted {
            note: Note::ReversedInto(id),
            by,
            at,
        });
        Ok(())
    }

    /// The request that moves the numbers back, if one was opened.
    pub fn way_back(&self) -> Option<&PortRequestId> {
        self.log().iter().rev().find_map(|event| match event {
            Event::Noted {
                note: Note::ReversedInto(id),
                ..
            } => Some(id),
            _ => None,
        })
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
