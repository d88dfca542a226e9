//! What is recorded beside the transitions: it borrows the request and changes no state.

use chrono::{DateTime, Utc};

use super::error::Violation;
use super::event::Event;
use super::evidence::{About, Observation};
use super::fact::Check;
use super::rule::{Overridden, Override};
use super::state::{
    Draft, HasPackage, InFlight, Observable, Ported, ReleaseApproved, Scheduled, Sealed, State,
};
use super::table::{Gaps, NumberTable};
use super::verification::{Proven, VerificationReport, check::Checked};
use super::{Note, PortRequest};
use crate::calendar::{EarliestPortDate, PortSlot};
use crate::id::{AccountId, OrderRef, PortRequestId};
use crate::number::{NumberList, PhoneNumber, is_blank};
use crate::people::{Permit, act};

/// A slot that was agreed with the customer and may be asked of the carrier:
/// [`PortRequest::ask_slot`] gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "the carrier has not been asked yet"]
pub struct SlotRequest {
    pub(crate) request: PortRequestId,
    pub(crate) slot: PortSlot,
}

impl SlotRequest {
    /// The slot asked for.
    pub fn slot(&self) -> &PortSlot {
        &self.slot
    }
}

/// A check that is not asked of a number, with the reason and the customer's consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// The number.
    pub number: PhoneNumber,
    /// The check that is waived.
    pub check: Check,
    /// Why, such as "voice-only number, never texts".
    pub reason: String,
    /// Who at the customer consented, and how.
    pub consent: String,
}

impl<S: Observable> PortRequest<S> {
    pub(crate) fn known_order(&self) -> Option<&OrderRef> {
        self.state.known_order()
    }

    /// The sealed package's destination, the numbers, and how far each has come, if the request
    /// got as far as being sealed.
    pub(crate) fn known_numbers(&self) -> Option<(&AccountId, &NumberList, NumberTable)> {
        let sealed = self.state.known_sealed()?;
        let gaining = sealed.attempt.package().destination().account();
        let table = NumberTable::fold(&sealed.numbers, gaining, self.log());
        Some((gaining, &sealed.numbers, table))
    }

    /// The observations from the entry at `from` on, to be recorded on another copy of the request.
    pub(crate) fn observations_from(&self, from: usize) -> impl Iterator<Item = Observation> {
        self.log()
            .iter()
            .skip(from)
            .filter_map(|event| match event {
                Event::Observed(fact) => Some(Observation {
                    request: self.id().clone(),
                    fact: fact.clone(),
                }),
                _ => None,
            })
    }

    pub(crate) fn known_earliest(&self) -> Option<&EarliestPortDate> {
        Some(self.state.known_sealed()?.attempt.package().earliest())
    }

    /// Records an observation. After a refusal or cancellation it is still recorded: what has
    /// happened is never refused.
    ///
    /// # Errors
    /// If it is about another request, order or carrier.
    pub fn observe(&mut self, seen: Observation) -> Result<(), Violation> {
        self.same_request(seen.request())?;
        self.same_carrier(&seen.fact.source)?;
        match self.state.known_order() {
            Some(order) if seen.fact.source.about == About::Order(order.clone()) => {}
            Some(order) => {
                return Err(Violation::OtherOrder {
                    expected: order.clone(),
                });
            }
            None => return Err(Violation::NoOrder),
        }
        self.record(Event::Observed(seen.fact));
        Ok(())
    }
}

impl<S: HasPackage> PortRequest<S> {
    /// Adds a note, at `at` (UTC).
    ///
    /// # Errors
    /// If a superseding ticket is of another platform than the numbers leave, or a customer claims
    /// work.
    pub fn note(
        &mut self,
        note: Note,
        permit: Permit<act::Note>,
        at: DateTime<Utc>,
    ) -> Result<(), Violation> {
        permitted(&note, &permit)?;
        if let Note::TicketSuperseded(ticket) = &note {
            let losing = self.package().losing().platform();
            if ticket.platform() != losing {
                return Err(Violation::OtherPlatform {
                    found: ticket.platform().clone(),
                    expected: losing.clone(),
                });
            }
        }
        self.record(Event::Noted {
            note,
            by: permit.into_actor(),
            at,
        });
        Ok(())
    }
}

impl PortRequest<Draft> {
    /// Adds a note, at `at` (UTC): that the losing platform was asked, that somebody was reminded.
    ///
    /// # Errors
    /// If the note is of a document or a ticket: a draft's go into its
    /// [`checklist_mut`](PortRequest::checklist_mut).
    pub fn note(
        &mut self,
        note: Note,
        permit: Permit<act::Note>,
        at: DateTime<Utc>,
    ) -> Result<(), Violation> {
        match note {
            Note::DocumentAdded(_) | Note::TicketSuperseded(_) => {
                return Err(Violation::StillDraft);
            }
            _ => permitted(&note, &permit)?,
        }
        self.record(Event::Noted {
            note,
            by: permit.into_actor(),
            at,
        });
        Ok(())
    }
}

/// A way back is opened by `reverse`, and work is claimed by staff.
fn permitted(note: &Note, permit: &Permit<act::Note>) -> Result<(), Violation> {
    match note {
        Note::ReversedInto(_) => Err(Violation::NotMoved),
        Note::Claimed | Note::Unclaimed => Ok(permit.actor().may::<act::Claim>()?),
        _ => Ok(()),
    }
}

macro_rules! overriding {
    ($($state:ident),*) => { $(
        impl PortRequest<$state> {
            /// Records that a rule of the embedder's policy does not bind this request, at `at`
            /// (UTC). It changes no hard rule.
            ///
            /// # Errors
            /// If the value or the reason is blank.
            pub fn override_rule(
                &mut self,
                what: Override,
                permit: Permit<act::Override>,
                at: DateTime<Utc>,
            ) -> Result<(), Violation> {
                if is_blank(&what.reason) {
                    return Err(Violation::Blank("the reason for overriding a rule"));
                }
                if is_blank(&what.value) {
                    return Err(Violation::Blank("the value a rule is overridden for"));
                }
                self.record(Event::Overridden {
                    what,
                    by: permit.into_actor(),
                    at,
                });
                Ok(())
            }
        }
    )* };
}
overriding!(Draft, Sealed, ReleaseApproved, Scheduled);

impl<S: State> PortRequest<S> {
    /// The rules that were overridden, oldest first.
    pub fn overrides(&self) -> impl Iterator<Item = Overridden<'_>> {
        self.log().iter().filter_map(|event| match event {
            Event::Overridden { what, by, at } => Some(Overridden { what, by, at: *at }),
            _ => None,
        })
    }
}

macro_rules! cancel_intent {
    () => {
        /// Records that a cancellation is wanted, at `at` (UTC). The state stays until the
        /// carrier's receipt; a completion wins over it.
        pub fn request_cancel(
            &mut self,
            reason: impl Into<String>,
            permit: Permit<act::Cancel>,
            at: DateTime<Utc>,
        ) {
            self.record(Event::CancelRequested {
                reason: reason.into(),
                by: permit.into_actor(),
                at,
            });
        }
    };
}

impl PortRequest<Sealed> {
    cancel_intent!();
}

impl<S: InFlight> PortRequest<S> {
    cancel_intent!();
}

impl PortRequest<ReleaseApproved> {
    /// Records that a slot was agreed with the customer, at `at` (UTC), and gives the request to
    /// hand to the carrier.
    ///
    /// # Errors
    /// If the slot is before the earliest port date or has passed.
    pub fn ask_slot(
        &mut self,
        slot: PortSlot,
        permit: Permit<act::Schedule>,
        at: DateTime<Utc>,
    ) -> Result<SlotRequest, Violation> {
        self.slot_asked(slot, permit, at)
    }
}

impl PortRequest<Scheduled> {
    /// As [`ask_slot`](PortRequest::ask_slot) before: another slot, while the agreed one stands.
    ///
    /// # Errors
    /// If the slot is before the earliest port date or has passed.
    pub fn ask_slot(
        &mut self,
        slot: PortSlot,
        permit: Permit<act::Schedule>,
        at: DateTime<Utc>,
    ) -> Result<SlotRequest, Violation> {
        self.slot_asked(slot, permit, at)
    }
}

impl<S: InFlight> PortRequest<S> {
    fn slot_asked(
        &mut self,
        slot: PortSlot,
        permit: Permit<act::Schedule>,
        at: DateTime<Utc>,
    ) -> Result<SlotRequest, Violation> {
        let earliest = self.package().earliest();
        if slot.begins() < earliest.begins() {
            return Err(Violation::BeforeEarliest {
                begins: slot.begins(),
                earliest: earliest.clone(),
            });
        }
        if slot.begins() <= at {
            return Err(Violation::SlotPast {
                begins: slot.begins(),
                now: at,
            });
        }
        self.record(Event::SlotAsked {
            slot: slot.clone(),
            by: permit.into_actor(),
            at,
        });
        Ok(SlotRequest {
            request: self.id().clone(),
            slot,
        })
    }

    /// The slot last asked for in this attempt, ready to be handed to the carrier again.
    pub fn slot_request(&self) -> Option<SlotRequest> {
        self.log()
            .iter()
            .rev()
            .take_while(|event| !matches!(event, Event::Sealed { .. }))
            .find_map(|event| match event {
                Event::SlotAsked { slot, .. } => Some(SlotRequest {
                    request: self.id().clone(),
                    slot: slot.clone(),
                }),
                _ => None,
            })
    }
}

impl PortRequest<Ported> {
    /// Waives a check for a number, at `at` (UTC), with the customer's consent.
    ///
    /// # Errors
    /// If the number is not in this request, or reason or consent is blank.
    pub fn waive(
        &mut self,
        waiver: Waiver,
        permit: Permit<act::Waive>,
        at: DateTime<Utc>,
    ) -> Result<(), Violation> {
        if !self.numbers().contains(&waiver.number) {
            return Err(Violation::NotInRequest {
                number: waiver.number,
            });
        }
        if is_blank(&waiver.reason) {
            return Err(Violation::Blank("the reason for a waiver"));
        }
        if is_blank(&waiver.consent) {
            return Err(Violation::Blank("the customer's consent to a waiver"));
        }
        self.record(Event::Waived {
            number: waiver.number,
            check: waiver.check,
            reason: waiver.reason,
            consent: waiver.consent,
            by: permit.into_actor(),
            at,
        });
        Ok(())
    }

    /// The proof that every number meets the check `C`, by test or waiver.
    ///
    /// # Errors
    /// [`Gaps`] names every number that does not.
    pub fn prove<C: Checked>(&self) -> Result<Proven<C>, Gaps> {
        self.table().holds(&[C::CHECK])?;
        Ok(Proven::new(self.id().clone()))
    }

    /// The report that every number meets every check, signed off at `at` (UTC).
    ///
    /// # Errors
    /// [`Gaps`] names every check that is not met, all at once.
    pub fn verification(
        &self,
        permit: Permit<act::SignOff>,
        at: DateTime<Utc>,
    ) -> Result<VerificationReport, Gaps> {
        self.table().complete()?;
        Ok(VerificationReport::builder()
            .assigned(self.prove()?)
            .voice_out(self.prove()?)
            .voice_in(self.prove()?)
            .sms_out(self.prove()?)
            .sms_in(self.prove()?)
            .registered(self.prove()?)
            .alerts(self.prove()?)
            .signed_off(permit)
            .at(at)
            .build())
    }
}
