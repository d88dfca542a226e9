use std::fmt;

use chrono::TimeDelta;

use crate::number::PhoneNumber;
use crate::testing::fake_twilio::shown::masked;

/// What Twilio's support people do with a ticket that asks to move numbers between accounts. The
/// clock drives them.
///
/// ```
/// # use chrono::TimeDelta;
/// # use snap_port::testing::FakeSupport;
/// let by_the_book = FakeSupport::smooth();
/// let a_fee_first = FakeSupport::smooth().holds("an unpaid invoice of $ 20");
/// let in_two_parts = FakeSupport::smooth().moves_some(3, TimeDelta::hours(30));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct FakeSupport {
    pub(crate) first: First,
    pub(crate) answers_after: TimeDelta,
    pub(crate) moves_after: TimeDelta,
    pub(crate) early: bool,
    pub(crate) some: Option<(usize, TimeDelta)>,
    pub(crate) into: Option<String>,
    pub(crate) some_into: Option<(usize, String)>,
    pub(crate) deletes: Vec<PhoneNumber>,
}

/// Of accounts the last four characters.
impl fmt::Debug for FakeSupport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let some_into = self.some_into.as_ref();
        f.debug_struct("FakeSupport")
            .field("first", &self.first)
            .field("answers_after", &self.answers_after)
            .field("moves_after", &self.moves_after)
            .field("early", &self.early)
            .field("some", &self.some)
            .field("into", &self.into.as_deref().map(masked))
            .field(
                "some_into",
                &some_into.map(|(count, account)| (count, masked(account))),
            )
            .field("deletes", &self.deletes)
            .finish()
    }
}

/// What they answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum First {
    Approves,
    Holds(String),
    Refuses(String),
    Nothing,
}

impl FakeSupport {
    /// They approve after 24 hours and move all the numbers 24 hours later.
    #[must_use]
    pub fn smooth() -> Self {
        Self {
            first: First::Approves,
            answers_after: TimeDelta::hours(24),
            moves_after: TimeDelta::hours(24),
            early: false,
            some: None,
            into: None,
            some_into: None,
            deletes: Vec::new(),
        }
    }

    /// Instead of approving they put the ticket on hold, until somebody
    /// [replies](crate::testing::fake_twilio::FakeTwilio::reply_to_ticket).
    #[must_use]
    pub fn holds(mut self, reason: impl Into<String>) -> Self {
        self.first = First::Holds(reason.into());
        self
    }

    /// Instead of approving they refuse, and move nothing.
    #[must_use]
    pub fn refuses(mut self, reason: impl Into<String>) -> Self {
        self.first = First::Refuses(reason.into());
        self
    }

    /// They answer this long after the ticket came, or after a reply to it.
    #[must_use]
    pub fn answers_after(mut self, delay: TimeDelta) -> Self {
        self.answers_after = delay;
        self
    }

    /// They move the numbers this long after they approved.
    #[must_use]
    pub fn moves_after(mut self, delay: TimeDelta) -> Self {
        self.moves_after = delay;
        self
    }

    /// They move the numbers before they answer, in half the time, whatever they answer then.
    #[must_use]
    pub fn moves_early(mut self) -> Self {
        self.early = true;
        self
    }

    /// They move the first `count` numbers, and the others this long after.
    #[must_use]
    pub fn moves_some(mut self, count: usize, rest_after: TimeDelta) -> Self {
        self.some = Some((count, rest_after));
        self
    }

    /// They move the numbers into another account than the ticket says.
    #[must_use]
    pub fn moves_into(mut self, account: impl Into<String>) -> Self {
        self.into = Some(account.into());
        self
    }

    /// They move the first `count` numbers of the ticket into this account, and the others where
    /// the ticket says.
    #[must_use]
    pub fn moves_some_into(mut self, count: usize, account: impl Into<String>) -> Self {
        self.some_into = Some((count, account.into()));
        self
    }

    /// They never answer. The ticket closes itself after nine days; a reply opens it again, and
    /// they take it up.
    #[must_use]
    pub fn silent(mut self) -> Self {
        self.first = First::Nothing;
        self
    }

    /// Instead of moving this number they release it: it is in no account then.
    #[must_use]
    pub fn deletes(mut self, number: PhoneNumber) -> Self {
        self.deletes.push(number);
        self
    }
}
