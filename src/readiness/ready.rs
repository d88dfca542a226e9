use std::fmt;

use chrono::{DateTime, Utc};

use super::judge::{Judge, missing};
use super::{Concern, RoutePolicy};
use crate::document::Checklist;
use crate::people::Party;
use crate::request::{Blocker, Draft, HandedIn, PortRequest, Sealed, blockers};

/// Everything that stands in the way of a request, or may, all at once: parts not there yet, hard
/// rules, the embedder's policy.
///
/// It works on a half-filled form as on a sealed package: a rule about a part that is missing
/// waits for it.
///
/// ```
/// use snap_port::{Checklist, PackagePart, Party, Readiness, RoutePolicy};
///
/// let now = "2026-11-24T15:00:00Z".parse()?;
/// let readiness = Readiness::of_form(&Checklist::default(), &RoutePolicy::default(), now);
/// assert!(!readiness.is_ready());
/// assert_eq!(readiness.progress(), (0, 8));
/// let ticket = readiness.blockers().find(|c| c.part() == PackagePart::Ticket);
/// assert_eq!(ticket.map(|concern| concern.party()), Some(Party::LosingPlatform));
/// # Ok::<(), chrono::ParseError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "it says what stands in the way; nothing is done about it"]
pub struct Readiness {
    concerns: Vec<Concern>,
    progress: (usize, usize),
}

impl Readiness {
    /// Of a form that belongs to no request yet, at `at` (UTC).
    pub fn of_form(form: &Checklist, policy: &RoutePolicy, at: DateTime<Utc>) -> Self {
        let hard = blockers(&form.into(), None, Some(at));
        Self::judged(form, hard, Judge::new(policy, &[], at))
    }

    /// Of a draft, at `at` (UTC). A draft that is ready may be sealed.
    pub fn of_draft(draft: &PortRequest<Draft>, policy: &RoutePolicy, at: DateTime<Utc>) -> Self {
        let form = draft.checklist();
        let hard = blockers(&form.into(), draft.frozen_date(), Some(at));
        let overridden: Vec<_> = draft.overrides().collect();
        let judge = Judge::new(policy, &overridden, at).with_frozen_date(draft.frozen_date());
        Self::judged(form, hard, judge)
    }

    /// Of a sealed request, for its review, at `at` (UTC). The earliest port date may pass while
    /// a request is under review: it is the soonest day, not the day.
    pub fn of_sealed(
        sealed: &PortRequest<Sealed>,
        policy: &RoutePolicy,
        at: DateTime<Utc>,
    ) -> Self {
        let package = sealed.package();
        let hard = blockers(&HandedIn::from(package), None, None);
        let overridden: Vec<_> = sealed.overrides().collect();
        let judge = Judge::new(policy, &overridden, at).with_frozen_date(sealed.frozen_date());
        Self::judged(&Checklist::from(package), hard, judge)
    }

    fn judged(form: &Checklist, hard: Vec<Blocker>, mut judge: Judge<'_>) -> Self {
        let mut concerns = missing(form);
        hard.into_iter().for_each(|blocker| judge.hard(blocker));
        judge.policy(form);
        concerns.extend(judge.into_concerns());
        concerns.sort_by_key(|concern| (!concern.blocks(), concern.part()));
        Self {
            concerns,
            progress: form.progress(),
        }
    }

    /// Whether nothing stands in the way.
    pub fn is_ready(&self) -> bool {
        self.blockers().next().is_none()
    }

    /// Everything there is to say: what blocks first, each in the order of the form.
    pub fn concerns(&self) -> &[Concern] {
        &self.concerns
    }

    /// What stands in the way.
    pub fn blockers(&self) -> impl Iterator<Item = &Concern> {
        self.concerns.iter().filter(|concern| concern.blocks())
    }

    /// What does not stand in the way but should be looked at, overridden rules included.
    pub fn warnings(&self) -> impl Iterator<Item = &Concern> {
        self.concerns.iter().filter(|concern| !concern.blocks())
    }

    /// What is `party`'s to settle.
    pub fn due_from(&self, party: Party) -> impl Iterator<Item = &Concern> {
        self.concerns
            .iter()
            .filter(move |concern| concern.party() == party)
    }

    /// How many parts of the form are there, and how many there are to be.
    pub fn progress(&self) -> (usize, usize) {
        self.progress
    }
}

/// What stands in the way, each with whose move it is.
impl fmt::Display for Readiness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (done, all) = self.progress;
        if self.is_ready() {
            return write!(f, "ready ({done} of {all} parts are there)");
        }
        write!(f, "not ready ({done} of {all} parts are there)")?;
        for (i, concern) in self.blockers().enumerate() {
            let sign = if i == 0 { ": " } else { " | " };
            write!(f, "{sign}{}: {concern}", concern.party())?;
        }
        Ok(())
    }
}
