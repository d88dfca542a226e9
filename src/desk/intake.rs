//! From the first click to a passed review: what the customer and the reviewer do at the desk.

use super::act::wrong;
use super::{DeskError, Held, PortDesk};
use crate::document::{Checklist, ListCode};
use crate::id::{AttemptKey, CarrierId, PortRequestId};
use crate::number::NumberList;
use crate::people::{Finding, Permit, act};
use crate::readiness::Readiness;
use crate::request::{AnyPortRequest as Any, Override, PortRequest, Sealed, Violation};
use crate::store::StoreError;

impl PortDesk {
    /// Starts a request and stores it.
    ///
    /// The carrier's name is not checked: a process that only takes forms needs no carriers. A worker
    /// looks at requests of its desk's carriers alone, so a name that no worker knows is looked at by
    /// nobody.
    ///
    /// # Errors
    /// If a request of that name exists, or the store fails.
    pub async fn start(
        &self,
        id: PortRequestId,
        carrier: CarrierId,
        permit: Permit<act::Start>,
    ) -> Result<(), DeskError> {
        let draft = PortRequest::start(id.clone(), carrier, permit, self.clock.now());
        match self.insert(&draft.into()).await {
            Err(DeskError::Store(StoreError::Conflict { .. })) => Err(DeskError::Exists(id)),
            other => other,
        }
    }

    /// Fills in a draft's checklist, and gives back what `fill` gives: the form's own errors, say.
    /// What was filled in until then is stored all the same.
    ///
    /// # Errors
    /// If the request is no draft, or as [`get`](Self::get).
    pub async fn fill<T: Send>(
        &self,
        id: &PortRequestId,
        fill: impl FnOnce(&mut Checklist) -> T + Send,
    ) -> Result<T, DeskError> {
        let Held {
            request,
            mut version,
            ..
        } = self.load(id).await?;
        let Any::Draft(mut draft) = request else {
            return Err(wrong(&request, "a draft"));
        };
        let filled = fill(draft.checklist_mut());
        self.save(&draft.into(), &mut version).await?;
        Ok(filled)
    }

    /// Everything that stands in the way of a draft or of a request under review, or may; whether
    /// another request holds one of its numbers shows only when it is sealed.
    ///
    /// # Errors
    /// If the request is neither, or as [`get`](Self::get).
    pub async fn readiness(&self, id: &PortRequestId) -> Result<Readiness, DeskError> {
        let now = self.clock.now();
        match self.get(id).await? {
            Any::Draft(draft) => Ok(Readiness::of_draft(&draft, &self.policy, now)),
            Any::Sealed(sealed) => Ok(Readiness::of_sealed(&sealed, &self.policy, now)),
            other => Err(wrong(&other, "a draft or a sealed request")),
        }
    }

    /// Records that a rule of the policy does not bind this request: about what was handed in while
    /// it is a draft or under review, about a slot once it is approved.
    ///
    /// # Errors
    /// If the request is in another state, or value or reason is blank.
    pub async fn override_rule(
        &self,
        id: &PortRequestId,
        what: Override,
        permit: Permit<act::Override>,
    ) -> Result<(), DeskError> {
        self.change(id, |request, now| match request {
            Any::Draft(mut r) => {
                r.override_rule(what, permit, now)?;
                Ok(r.into())
            }
            Any::Sealed(mut r) => {
                r.override_rule(what, permit, now)?;
                Ok(r.into())
            }
            Any::ReleaseApproved(mut r) => {
                r.override_rule(what, permit, now)?;
                Ok(r.into())
            }
            Any::Scheduled(mut r) => {
                r.override_rule(what, permit, now)?;
                Ok(r.into())
            }
            other => Err(wrong(&other, "a request whose rules may be overridden")),
        })
        .await
    }

    /// Seals a complete draft: the customer's click on Submit. Gives the attempt that is to be
    /// reviewed.
    ///
    /// # Errors
    /// [`DeskError::NotReady`] names everything that stands in the way: missing parts, hard rules,
    /// and rules of the policy that bind and were not overridden. [`StoreError::NumberTaken`] names
    /// the request that holds a number already.
    pub async fn seal(
        &self,
        id: &PortRequestId,
        permit: Permit<act::Seal>,
    ) -> Result<AttemptKey, DeskError> {
        let Held {
            request,
            mut version,
            ..
        } = self.load(id).await?;
        let Any::Draft(draft) = request else {
            return Err(wrong(&request, "a draft"));
        };
        let now = self.clock.now();
        let readiness = Readiness::of_draft(&draft, &self.policy, now);
        let package = match draft.checklist().complete() {
            Ok(package) if readiness.is_ready() => package,
            _ => return Err(DeskError::NotReady(Box::new(readiness))),
        };
        let sealed = draft.seal(&package, permit, now)?;
        let attempt = sealed.attempt().key().clone();
        self.save(&sealed.into(), &mut version).await?;
        Ok(attempt)
    }

    /// The attempt that a sealed request is in: what a reviewer looks at. Show its key with the
    /// package and take it back with the verdict (an [`AttemptKey`] is read as it is shown): asked for
    /// only then, it may be of a package that nobody has read.
    ///
    /// # Errors
    /// If the request is not sealed, or as [`get`](Self::get).
    pub async fn attempt(&self, id: &PortRequestId) -> Result<AttemptKey, DeskError> {
        match self.get(id).await? {
            Any::Sealed(sealed) => Ok(sealed.attempt().key().clone()),
            other => Err(wrong(&other, "a sealed request")),
        }
    }

    /// Passes the review of `attempt`; `letter_lists` are the numbers read in its letter. The
    /// attempt is the one the reviewer saw, so that a package handed in meanwhile does not pass
    /// unread.
    ///
    /// # Errors
    /// If the request is not under review or in another attempt, the letter leaves numbers out, or
    /// a rule of the policy binds and was not overridden ([`DeskError::NotReady`]).
    pub async fn pass_review(
        &self,
        attempt: &AttemptKey,
        permit: Permit<act::Review>,
        letter_lists: NumberList,
    ) -> Result<(), DeskError> {
        self.reviewed(attempt, permit, |_| Ok(letter_lists)).await
    }

    /// As [`pass_review`](Self::pass_review), for a letter that this crate rendered: `code` is what
    /// the reviewer read on every page of the signed one.
    ///
    /// # Errors
    /// As there; and if the letter bears no code, or another.
    pub async fn pass_review_by_code(
        &self,
        attempt: &AttemptKey,
        permit: Permit<act::Review>,
        code: ListCode,
    ) -> Result<(), DeskError> {
        self.reviewed(attempt, permit, |sealed| sealed.letter_with_code(code))
            .await
    }

    async fn reviewed(
        &self,
        attempt: &AttemptKey,
        permit: Permit<act::Review>,
        letter: impl FnOnce(&PortRequest<Sealed>) -> Result<NumberList, Violation> + Send,
    ) -> Result<(), DeskError> {
        self.change(attempt.request(), |request, now| {
            let mut sealed = under_review(request, attempt)?;
            let letter_lists = letter(&sealed)?;
            let readiness = Readiness::of_sealed(&sealed, &self.policy, now);
            if !readiness.is_ready() {
                return Err(DeskError::NotReady(Box::new(readiness)));
            }
            let review = sealed.review(permit, now).pass(letter_lists);
            sealed.pass_review(review)?;
            Ok(sealed.into())
        })
        .await
    }

    /// Sends an attempt back to the customer, saying what is to be mended; one that the customer
    /// [asked to cancel](Self::cancel) may go back without findings.
    ///
    /// # Errors
    /// If the request is not sealed or in another attempt, the carrier may have it already, there
    /// are no findings where some are needed, or one is blank.
    pub async fn send_back(
        &self,
        attempt: &AttemptKey,
        permit: Permit<act::Review>,
        findings: Vec<Finding>,
    ) -> Result<(), DeskError> {
        self.change(attempt.request(), |request, now| {
            let sealed = under_review(request, attempt)?;
            let review = sealed.review(permit, now).send_back(findings);
            Ok(sealed.sent_back(review.map_err(Violation::from)?)?.into())
        })
        .await
    }
}

/// The sealed request, if it is still in the attempt that was looked at.
fn under_review(request: Any, attempt: &AttemptKey) -> Result<PortRequest<Sealed>, DeskError> {
    let Any::Sealed(sealed) = request else {
        return Err(wrong(&request, "a sealed request"));
    };
    let current = sealed.attempt().key();
    if current != attempt {
        let current = current.number();
        return Err(Violation::OtherAttempt { current }.into());
    }
    Ok(sealed)
}
