use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::testing::fake_twilio::FakeRoute;
use crate::testing::fake_twilio::wire::answer::{Answer, Refused, by_status};

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FakeFault {
    /// 429 with code 20429, and `Retry-After` in seconds if given; nothing took effect.
    TooMany {
        /// `Retry-After`, seconds.
        retry_after: Option<u32>,
    },
    /// This HTTP status in Twilio's classic shape; nothing took effect.
    ErrorBefore(u16),
    /// This HTTP status in Twilio's classic shape, though the request took effect.
    ErrorAfter(u16),
    /// This HTTP status and Twilio code in the classic shape; nothing took effect.
    Refuse(u16, u32),
    /// This HTTP status and Twilio code in the shape of RFC 9457; nothing took effect.
    Problem(u16, u32),
    /// No answer ever, until the client hangs up; nothing took effect.
    Hang,
    /// No answer ever, until the client hangs up, though the request took effect.
    HangAfter,
    /// The connection ends without an answer; nothing took effect.
    CutBefore,
    /// The connection ends without an answer, though the request took effect.
    CutAfter,
    /// The right status with half of the right body; the request took effect.
    Malformed,
    /// A gateway's HTML page with status 502; nothing took effect.
    Html,
    /// The right answer, this much later in real time, whatever the clock; the request took
    /// effect at once. Keep it short: it is truly waited for.
    Slow(Duration),
    /// The right answer; each callback about what the request began comes twice.
    DuplicateCallbacks,
    /// The right answer; callbacks about what the request began come in pairs with the later one
    /// first.
    ReorderCallbacks,
}

/// How callbacks about a thing are sent.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Manner {
    pub(crate) twice: bool,
    pub(crate) swapped: bool,
}

/// What the connection does with an answer.
#[derive(Debug)]
pub(crate) enum Reply {
    Answer(Answer),
    Late(Duration, Answer),
    Hang,
    Cut,
}

impl FakeFault {
    /// The reply of a fault that strikes before the request is looked at.
    pub(crate) fn before(self) -> Option<Reply> {
        let answer = match self {
            Self::TooMany { retry_after } => {
                let answer = Refused::code(20429).answer();
                match retry_after {
                    Some(seconds) => answer.with_header("retry-after", seconds.to_string()),
                    None => answer,
                }
            }
            Self::ErrorBefore(status) => by_status(status).answer(),
            Self::Refuse(status, code) => Refused::code(code).at(status).answer(),
            Self::Problem(status, code) => Refused::code(code).at(status).problem(),
            Self::Html => {
                let page = "<html><head><title>502 Bad Gateway</title></head></html>";
                Answer::text(502, "text/html", page.to_owned())
            }
            Self::Hang => return Some(Reply::Hang),
            Self::CutBefore => return Some(Reply::Cut),
            _ => return None,
        };
        Some(Reply::Answer(answer))
    }

    /// What becomes of the right answer.
    pub(crate) fn after(self, answer: Answer) -> Reply {
        match self {
            Self::ErrorAfter(status) => Reply::Answer(by_status(status).answer()),
            Self::HangAfter => Reply::Hang,
            Self::CutAfter => Reply::Cut,
            Self::Malformed => {
                let whole = String::from_utf8_lossy(&answer.bytes()).into_owned();
                let half = whole.chars().take(whole.chars().count() / 2).collect();
                Reply::Answer(Answer::text(answer.status, "application/json", half))
            }
            Self::Slow(delay) => Reply::Late(delay, answer),
            _ => Reply::Answer(answer),
        }
    }

    pub(crate) fn manner(self) -> Manner {
        Manner {
            twice: self == Self::DuplicateCallbacks,
            swapped: self == Self::ReorderCallbacks,
        }
    }

    /// Every fault the side door takes, and what it needs.
    pub(crate) const DOOR: &'static str = "TooMany (number: seconds of Retry-After, or no number), \
        ErrorBefore (status), ErrorAfter (status), Refuse (status; number: Twilio's code), \
        Problem (status; number: Twilio's code), Hang, HangAfter, CutBefore, CutAfter, Malformed, \
        Html, Slow (number: milliseconds), DuplicateCallbacks, ReorderCallbacks";

    /// Reads a fault as the side door takes it: its name, and what it needs.
    pub(crate) fn named(name: &str, status: Option<u16>, number: Option<u32>) -> Option<Self> {
        Some(match (name, status, number) {
            ("TooMany", None, retry_after) => Self::TooMany { retry_after },
            ("ErrorBefore", Some(status), None) => Self::ErrorBefore(status),
            ("ErrorAfter", Some(status), None) => Self::ErrorAfter(status),
            ("Refuse", Some(status), Some(code)) => Self::Refuse(status, code),
            ("Problem", Some(status), Some(code)) => Self::Problem(status, code),
            ("Hang", None, None) => Self::Hang,
            ("HangAfter", None, None) => Self::HangAfter,
            ("CutBefore", None, None) => Self::CutBefore,
            ("CutAfter", None, None) => Self::CutAfter,
            ("Malformed", None, None) => Self::Malformed,
            ("Html", None, None) => Self::Html,
            ("Slow", None, Some(millis)) => Self::Slow(Duration::from_millis(millis.into())),
            ("DuplicateCallbacks", None, None) => Self::DuplicateCallbacks,
            ("ReorderCallbacks", None, None) => Self::ReorderCallbacks,
            _ => return None,
        })
    }
}

/// The faults that are to come.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    next: BTreeMap<FakeRoute, VecDeque<FakeFault>>,
    always: BTreeMap<FakeRoute, FakeFault>,
}

impl Faults {
    pub(crate) fn next(&mut self, route: FakeRoute, fault: FakeFault) {
        self.next.entry(route).or_default().push_back(fault);
    }

    pub(crate) fn always(&mut self, route: FakeRoute, fault: FakeFault) {
        self.always.insert(route, fault);
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// What strikes the request that is here now.
    pub(crate) fn take(&mut self, route: FakeRoute) -> Option<FakeFault> {
        let queued = self.next.get_mut(&route).and_then(VecDeque::pop_front);
        queued.or_else(|| self.always.get(&route).copied())
    }
}
