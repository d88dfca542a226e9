//! Every transition that builds another state. Pure and synchronous.
//!
//! - `sealing`: from draft to submitted, or back to the customer
//! - `porting`: from submitted to verified
//! - `ending`: refused, cancelled, amended, withdrawn

mod ending;
mod porting;
mod sealing;

use crate::document::Checklist;
use crate::id::PortRequestId;
use crate::number::PhoneNumber;
use crate::people::act;
use crate::request::PortRequest;
use crate::request::error::{TransitionError, Violation};
use crate::request::event::Event;
use crate::request::evidence::{About, Basis, Source};
use crate::request::state::{HasOrder, HasPackage, State};

impl<S: State> PortRequest<S> {
    pub(super) fn advance<N: State>(
        mut self,
        checked: Result<(), Violation>,
        event: Event,
        next: impl FnOnce(S) -> N,
    ) -> Result<PortRequest<N>, TransitionError<S>> {
        if let Err(violation) = checked {
            return Err(TransitionError::new(self, violation));
        }
        self.record(event);
        Ok(PortRequest {
            common: self.common,
            state: next(self.state),
        })
    }

    pub(in crate::request) fn same_request(&self, found: &PortRequestId) -> Result<(), Violation> {
        if *found == self.common.id {
            Ok(())
        } else {
            Err(Violation::OtherRequest {
                found: found.clone(),
            })
        }
    }

    pub(in crate::request) fn same_carrier(&self, source: &Source) -> Result<(), Violation> {
        if let Basis::Attested(by) = &source.basis {
            by.may::<act::Attest>()?;
        }
        if source.carrier == self.common.carrier {
            Ok(())
        } else {
            Err(Violation::OtherCarrier {
                found: source.carrier.clone(),
                expected: self.common.carrier.clone(),
            })
        }
    }
}

impl<S: HasPackage> PortRequest<S> {
    /// Evidence about the current attempt of this request, from its carrier.
    pub(in crate::request) fn about_attempt(
        &self,
        request: &PortRequestId,
        source: &Source,
    ) -> Result<(), Violation> {
        self.same_request(request)?;
        self.same_carrier(source)?;
        let current = self.attempt().key().number();
        if source.about == About::Attempt(current) {
            Ok(())
        } else {
            Err(Violation::OtherAttempt { current })
        }
    }
}

impl<S: HasPackage> PortRequest<S> {
    /// What was sealed, with the release ticket that counts now.
    pub(super) fn handed_in(&self) -> Checklist {
        let mut checklist = Checklist::from(self.package());
        checklist.set_ticket(self.release_ticket().clone());
        checklist
    }
}

impl<S: HasOrder> PortRequest<S> {
    pub(super) fn about_order(
        &self,
        request: &PortRequestId,
        source: &Source,
    ) -> Result<(), Violation> {
        self.same_request(request)?;
        self.same_carrier(source)?;
        if matches!(&source.about, About::Order(order) if order == self.order()) {
            Ok(())
        } else {
            Err(Violation::OtherOrder {
                expected: self.order().clone(),
            })
        }
    }

    pub(super) fn none_moved(&self) -> Result<(), Violation> {
        let table = self.table();
        let numbers: Vec<PhoneNumber> = table
            .rows()
            .iter()
            .filter(|row| row.arrived().is_some())
            .map(super::NumberRow::number)
            .collect();
        if numbers.is_empty() {
            Ok(())
        } else {
            Err(Violation::AlreadyMoved { numbers })
        }
    }

    pub(super) fn covers(
        &self,
        what: &'static str,
        missing: Vec<PhoneNumber>,
    ) -> Result<(), Violation> {
        if missing.is_empty() {
            Ok(())
        } else {
            Err(Violation::NotCovered {
                what,
                numbers: missing,
            })
        }
    }
}
