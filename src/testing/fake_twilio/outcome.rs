use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::number::PhoneNumber;

/// Which calls or messages a [`FakeOutcome`] is for. A number alone is either end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FakeLeg {
    /// Those to the number.
    To(PhoneNumber),
    /// Those from the number.
    From(PhoneNumber),
    /// Both.
    Either(PhoneNumber),
}

impl From<PhoneNumber> for FakeLeg {
    fn from(number: PhoneNumber) -> Self {
        Self::Either(number)
    }
}

/// How a call or a message ends, and when.
///
/// ```
/// # use chrono::TimeDelta;
/// # use snap_port::testing::FakeOutcome;
/// let blocked = FakeOutcome::undelivered(30007);
/// let slow = FakeOutcome::delivered().after(TimeDelta::hours(2));
/// let lost = FakeOutcome::delivered().unheard();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FakeOutcome {
    pub(crate) end: End,
    pub(crate) after: Option<TimeDelta>,
    pub(crate) heard: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// This status, with an error code if it failed.
    Status(String, Option<u32>),
    Never,
    /// The request itself is answered with this code.
    Refused(u32),
}

impl FakeOutcome {
    /// Ends with `status`, whatever it is.
    pub fn ends(status: impl Into<String>) -> Self {
        Self::new(End::Status(status.into(), None))
    }

    /// Ends with `status` and an error code, which makes an alert too.
    pub fn fails(status: impl Into<String>, code: u32) -> Self {
        Self::new(End::Status(status.into(), Some(code)))
    }

    /// A call that is taken and ends.
    #[must_use]
    pub fn completed() -> Self {
        Self::ends("completed")
    }

    /// A call to a line that is busy.
    #[must_use]
    pub fn busy() -> Self {
        Self::ends("busy")
    }

    /// A call nobody takes.
    #[must_use]
    pub fn no_answer() -> Self {
        Self::ends("no-answer")
    }

    /// A call that cannot be put through (13224), or a message that cannot be sent.
    #[must_use]
    pub fn failed(code: u32) -> Self {
        Self::fails("failed", code)
    }

    /// A message that arrives.
    #[must_use]
    pub fn delivered() -> Self {
        Self::ends("delivered")
    }

    /// A message that does not arrive, with its error code.
    #[must_use]
    pub fn undelivered(code: u32) -> Self {
        Self::fails("undelivered", code)
    }

    /// A call that rings for ever, or a message that stays sent.
    #[must_use]
    pub fn never_ends() -> Self {
        Self::new(End::Never)
    }

    /// Not even begun: the request is refused with Twilio's `code`.
    #[must_use]
    pub fn refused(code: u32) -> Self {
        Self::new(End::Refused(code))
    }

    /// The same, ending this long after it began.
    #[must_use]
    pub fn after(mut self, delay: TimeDelta) -> Self {
        self.after = Some(delay);
        self
    }

    /// The same, but the receiving account never sees it.
    #[must_use]
    pub fn unheard(mut self) -> Self {
        self.heard = false;
        self
    }

    fn new(end: End) -> Self {
        Self {
            end,
            after: None,
            heard: true,
        }
    }
}

/// The outcomes that were told.
#[derive(Debug, Default)]
pub(crate) struct Outcomes(BTreeMap<FakeLeg, FakeOutcome>);

impl Outcomes {
    pub(crate) fn set(&mut self, leg: FakeLeg, outcome: FakeOutcome) {
        self.0.insert(leg, outcome);
    }

    /// The outcome of one between two numbers: what is said of its end comes before what is said
    /// of its beginning.
    pub(crate) fn between(&self, from: PhoneNumber, to: PhoneNumber) -> Option<&FakeOutcome> {
        let legs = [
            FakeLeg::To(to),
            FakeLeg::Either(to),
            FakeLeg::From(from),
            FakeLeg::Either(from),
        ];
        legs.iter().find_map(|leg| self.0.get(leg))
    }
}
