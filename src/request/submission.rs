//! What happens to a sealed attempt between the review and the receipt.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::attempt::{Attempt, AttemptPhase, Dispatch};
use super::error::Violation;
use super::event::Event;
use super::evidence::{AttemptFact, AttemptNews, Basis};
use super::state::Sealed;
use super::{PortRequest, StrayOrder};
use crate::document::ListCode;
use crate::id::AttemptKey;
use crate::number::NumberList;
use crate::people::{Permit, Review, ReviewPass, act};

/// The proof that an attempt passed its review and has not been sent:
/// [`PortRequest::cleared`] gives it, [`PortRequest::dispatch`] asks for it.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a cleared attempt is not sent until it is dispatched and submitted"]
pub struct Cleared {
    attempt: AttemptKey,
}

impl Cleared {
    /// The attempt.
    pub fn attempt(&self) -> &AttemptKey {
        &self.attempt
    }
}

impl PortRequest<Sealed> {
    /// How far the attempt has come.
    pub fn phase(&self) -> AttemptPhase {
        self.state.phase
    }

    /// Since when it is in that phase, UTC, by our clock.
    pub fn phase_since(&self) -> DateTime<Utc> {
        self.state.since
    }

    /// When the carrier was first and last seen without the attempt, UTC, by our clock.
    pub fn seen_absent(&self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        self.state.absent
    }

    /// The review it passed. A retried attempt keeps it: the package is the same.
    pub fn passed_review(&self) -> Option<&ReviewPass> {
        self.state.review.as_deref()
    }

    /// Begins a review of the current attempt, at `at` (UTC).
    pub fn review(&self, permit: Permit<act::Review>, at: DateTime<Utc>) -> Review {
        let unwanted = self.cancel_requested().is_some();
        Review::new(self.attempt().key().clone(), unwanted, permit, at)
    }

    /// The numbers of the signed letter, for a reviewer who read `code` on every page of it: what
    /// [`Review::pass`] takes. The code stands for the numbers alone: names, accounts and signature
    /// are for the reviewer to read. Only a letter that was rendered by this crate has a code; the
    /// numbers of any other are read one by one.
    ///
    /// # Errors
    /// [`Violation::LetterHasNoCode`], or [`Violation::OtherLetter`] if the letter in the package
    /// has another code.
    pub fn letter_with_code(&self, code: ListCode) -> Result<NumberList, Violation> {
        let loa = self.package().loa();
        match loa.list_code() {
            None => Err(Violation::LetterHasNoCode),
            Some(expected) if expected != code => Err(Violation::OtherLetter { found: code }),
            Some(_) => Ok(loa.numbers().clone()),
        }
    }

    /// Records a passed review.
    ///
    /// # Errors
    /// If it is of another attempt, the attempt is past its review, or the reviewer did not read
    /// every number in the letter.
    pub fn pass_review(&mut self, review: ReviewPass) -> Result<(), Violation> {
        let key = self.attempt().key();
        if review.attempt() != key {
            return Err(Violation::OtherAttempt {
                current: key.number(),
            });
        }
        self.in_phase(
            &[AttemptPhase::UnderReview],
            "it has passed its review already",
        )?;
        let numbers = self.numbers().missing_from(review.letter_lists());
        if !numbers.is_empty() {
            return Err(Violation::LetterMisses { numbers });
        }
        let at = review.at();
        self.record(Event::Reviewed {
            attempt: review.attempt.number(),
            letter_lists: review.letter_lists.clone(),
            by: review.by.clone(),
            at,
        });
        self.state.review = Some(Arc::new(review));
        self.enter(AttemptPhase::Cleared, at);
        Ok(())
    }

    /// The proof that the attempt may be sent; `None` if it is under review, or was sent.
    pub fn cleared(&self) -> Option<Cleared> {
        (self.state.phase == AttemptPhase::Cleared).then(|| Cleared {
            attempt: self.attempt().key().clone(),
        })
    }

    /// Records the intent to send, at `at` (UTC), and gives the right to call the carrier once.
    /// Store the request before the call: then a crash can be told from a submission never begun.
    ///
    /// ```compile_fail,E0061
    /// # use snap_port::{PortRequest, Sealed};
    /// # fn f(mut sealed: PortRequest<Sealed>, at: chrono::DateTime<chrono::Utc>) {
    /// let once = sealed.dispatch(at); // no review
    /// # }
    /// ```
    ///
    /// # Errors
    /// If `cleared` is of another attempt, the attempt was sent already, or a stray order is open.
    pub fn dispatch(&mut self, cleared: Cleared, at: DateTime<Utc>) -> Result<Dispatch, Violation> {
        if &cleared.attempt != self.attempt().key() {
            return Err(Violation::OtherAttempt {
                current: self.attempt().key().number(),
            });
        }
        self.dispatched(at)?;
        Ok(Dispatch {
            attempt: cleared.attempt,
        })
    }

    pub(super) fn dispatched(&mut self, at: DateTime<Utc>) -> Result<(), Violation> {
        self.in_phase(
            &[AttemptPhase::Cleared],
            "only a reviewed attempt that was not sent may be sent",
        )?;
        if let Some(StrayOrder { order, .. }) = self.stray_orders().into_iter().next() {
            return Err(Violation::StrayOpen { order });
        }
        self.record(Event::Dispatched { at });
        self.enter(AttemptPhase::Sent, at);
        Ok(())
    }

    /// Records what became of the attempt, short of a receipt.
    ///
    /// # Errors
    /// If the news is about another request, attempt or carrier, or cannot follow the phase.
    pub fn heard(&mut self, news: AttemptNews) -> Result<(), Violation> {
        self.about_attempt(news.request(), &news.fact.source)?;
        use AttemptPhase::{Cleared, HandedOver, InDoubt, NeedsPerson, Sent};
        let attested = matches!(news.basis(), Basis::Attested(_));
        let at = news.recorded_at();
        let (from, to): (&[AttemptPhase], AttemptPhase) = match news.what() {
            AttemptFact::HandedOver(_) => (&[Sent, InDoubt, NeedsPerson], HandedOver),
            // The carrier's "not taken" answers the call that was just made; a person's may come
            // at any time.
            AttemptFact::NotTaken(_) if attested => {
                (&[Sent, HandedOver, InDoubt, NeedsPerson], Cleared)
            }
            AttemptFact::NotTaken(_) => (&[Sent], Cleared),
            AttemptFact::InDoubt(_) => (&[Sent, InDoubt, NeedsPerson], InDoubt),
            AttemptFact::Absent => (&[Sent, InDoubt, NeedsPerson], InDoubt),
            AttemptFact::CannotTell(_) => (&[Sent, InDoubt, NeedsPerson], NeedsPerson),
        };
        self.in_phase(from, "this cannot be news of it")?;
        if *news.what() == AttemptFact::Absent {
            self.state.absent = Some(match self.state.absent {
                // What a clock that is ahead has said of the time between two looks proves nothing.
                Some((first, last)) if last <= at => (first, at),
                _ => (at, at),
            });
        }
        if matches!(news.what(), AttemptFact::InDoubt(_)) {
            // A call that ended only now may have landed only now: looks before it prove nothing.
            self.state.absent = None;
        }
        self.record(Event::AttemptHeard(news.fact));
        if to == Cleared {
            // Evidence may be repeated, so the next try gets a number of its own: a copy of this
            // news cannot clear it. A person can be wrong besides, and the order turn up late.
            self.renumber(attested);
        }
        if to != self.state.phase {
            self.enter(to, at);
        }
        Ok(())
    }

    /// Makes the attempt ready to be sent again, under a new number, at `at` (UTC): the carrier
    /// surely has nothing of it, having shown nothing twice, [`Attempt::SETTLE`] apart. The review
    /// stands, because the package is the same; support may also send it back.
    ///
    /// # Errors
    /// If the carrier has not been seen without it twice, far enough apart.
    pub fn retry(&mut self, at: DateTime<Utc>) -> Result<(), Violation> {
        self.in_phase(&[AttemptPhase::InDoubt], "there is no doubt to settle")?;
        match self.state.absent {
            Some((first, last)) if last - first >= Attempt::SETTLE => {}
            _ => return Err(Violation::NotSettled),
        }
        self.record(Event::Retried { at });
        self.renumber(true);
        self.enter(AttemptPhase::Cleared, at);
        Ok(())
    }

    /// The next try at the same package gets a key of its own. Where the old one `may_turn_up`, it
    /// is not forgotten: an order found under it late is still this request's.
    fn renumber(&mut self, may_turn_up: bool) {
        self.common.attempts = self.common.attempts.saturating_add(1);
        let key = AttemptKey::new(self.common.id.clone(), self.common.attempts);
        let sealed = &mut self.state;
        if may_turn_up {
            sealed.former.push(sealed.attempt.key().clone());
            self.common.given_up.push(Arc::clone(&sealed.attempt));
        }
        sealed.attempt = Arc::new(Attempt {
            key,
            ..(*sealed.attempt).clone()
        });
        sealed.absent = None;
    }

    /// The last try at this very package that was given up.
    pub(crate) fn last_given_up(&self) -> Option<&AttemptKey> {
        self.state.former.last()
    }

    fn in_phase(&self, phases: &[AttemptPhase], advice: &'static str) -> Result<(), Violation> {
        if phases.contains(&self.state.phase) {
            Ok(())
        } else {
            Err(Violation::WrongPhase {
                phase: self.state.phase,
                advice,
            })
        }
    }

    fn enter(&mut self, phase: AttemptPhase, at: DateTime<Utc>) {
        self.state.phase = phase;
        self.state.since = at;
    }
}
