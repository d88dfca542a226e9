//! Facts that are no transitions: what an observation says.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::refusal::Hold;
use crate::calendar::PortSlot;
use crate::id::{AccountId, MessagingService};
use crate::number::PhoneNumber;

/// What an [`Observation`](crate::Observation) says.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Fact {
    /// The port pauses; the order lives.
    Held(Hold),
    /// The pause is over.
    Resumed,
    /// The carrier offers this slot instead of the one asked for.
    CounterOffered(PortSlot),
    /// The carrier set a slot before the earliest port date. The request is not scheduled for it;
    /// somebody must stop it.
    SlotTooEarly(PortSlot),
    /// The carrier no longer shows a slot before the earliest port date.
    SlotWithdrawn,
    /// The carrier is cancelling; its status will say when it is done.
    CancelUnderWay,
    /// The carrier would not cancel, in its words.
    CancelRefused(String),
    /// The carrier ended the order after some of its numbers had moved, in its words. Split the
    /// others off: they will not move.
    EndedAfterMove(String),
    /// The number is in this account at the carrier: the gaining one, or a wrong one.
    Arrived {
        /// The number.
        number: PhoneNumber,
        /// Where it is.
        account: AccountId,
    },
    /// The number is assigned to the customer and configured for voice and SMS.
    Assigned {
        /// The number.
        number: PhoneNumber,
    },
    /// The number is in the messaging service's sender pool.
    JoinedMessaging {
        /// The number.
        number: PhoneNumber,
        /// The sender pool.
        service: MessagingService,
    },
    /// Where the number's 10DLC registration stands.
    Registration {
        /// The number.
        number: PhoneNumber,
        /// Its state.
        state: Registration,
    },
    /// A voice or SMS test ran.
    Tested {
        /// The number under test.
        number: PhoneNumber,
        /// Which test.
        test: Test,
        /// How it went.
        outcome: Outcome,
    },
    /// The carrier's error log shows something about the number.
    Alert {
        /// The number.
        number: PhoneNumber,
        /// The carrier's id of the alert.
        id: String,
        /// The carrier's words.
        text: String,
    },
    /// An alert is resolved or explained.
    AlertExplained {
        /// The carrier's id of the alert.
        id: String,
        /// Why it is no concern any more.
        explanation: String,
    },
    /// The carrier's error log was read to the end; every alert it held is on record.
    AlertsRead,
    /// Words from the carrier that this crate does not know, kept.
    Unrecognised(String),
    /// Something is wrong with numbers on their way, and what to do, in the words of the carrier's
    /// integration. Somebody must look at once.
    Alarm(String),
    /// What the alarm was about is so no more.
    AlarmOver,
}

/// Where a number's 10DLC registration stands. A number is *registered*; a campaign is *approved*.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Registration {
    /// Under way; up to 10 days is usual.
    Pending,
    /// Registered: texts from the number are delivered.
    Registered,
    /// The registry refused, in its words.
    Failed(String),
}

/// A test of a number in service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// A call placed from the number.
    VoiceOut,
    /// A call received on the number.
    VoiceIn,
    /// A text sent from the number.
    SmsOut,
    /// A text received on the number.
    SmsIn,
}

impl Test {
    /// All four.
    pub const ALL: [Self; 4] = [Self::VoiceOut, Self::VoiceIn, Self::SmsOut, Self::SmsIn];
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::VoiceOut => "voice out",
            Self::VoiceIn => "voice in",
            Self::SmsOut => "SMS out",
            Self::SmsIn => "SMS in",
        })
    }
}

/// What must hold of every number before a port is [`Verified`](crate::Verified).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// Assigned to the customer and configured.
    Assigned,
    /// Calls go out.
    VoiceOut,
    /// Calls come in.
    VoiceIn,
    /// Texts go out.
    SmsOut,
    /// Texts come in.
    SmsIn,
    /// Registered for 10DLC.
    Registered,
    /// The error log was read, and every alert in it is resolved or explained.
    Alerts,
}

impl Check {
    /// All of them, in the order they can be met.
    pub const ALL: [Self; 7] = [
        Self::Assigned,
        Self::VoiceOut,
        Self::VoiceIn,
        Self::SmsOut,
        Self::SmsIn,
        Self::Registered,
        Self::Alerts,
    ];
}

impl From<Test> for Check {
    fn from(test: Test) -> Self {
        match test {
            Test::VoiceOut => Self::VoiceOut,
            Test::VoiceIn => Self::VoiceIn,
            Test::SmsOut => Self::SmsOut,
            Test::SmsIn => Self::SmsIn,
        }
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Assigned => "assigned",
            Self::VoiceOut => "voice out",
            Self::VoiceIn => "voice in",
            Self::SmsOut => "SMS out",
            Self::SmsIn => "SMS in",
            Self::Registered => "registered",
            Self::Alerts => "alerts clear",
        })
    }
}

/// How a test went.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Outcome {
    /// It worked.
    Passed,
    /// It did not, in the carrier's words.
    Failed(String),
    /// It may have been made, and how it went is not known. It has not passed.
    Unknown(String),
}

impl Fact {
    /// The number it is about, if it is about one.
    pub fn number(&self) -> Option<PhoneNumber> {
        match self {
            Self::Arrived { number, .. }
            | Self::Assigned { number }
            | Self::JoinedMessaging { number, .. }
            | Self::Registration { number, .. }
            | Self::Tested { number, .. }
            | Self::Alert { number, .. } => Some(*number),
            Self::Held(_)
            | Self::Resumed
            | Self::CounterOffered(_)
            | Self::SlotTooEarly(_)
            | Self::SlotWithdrawn
            | Self::CancelUnderWay
            | Self::EndedAfterMove(_)
            | Self::CancelRefused(_)
            | Self::AlertExplained { .. }
            | Self::AlertsRead
            | Self::Unrecognised(_)
            | Self::Alarm(_)
            | Self::AlarmOver => None,
        }
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Held(hold) => write!(f, "on hold; {hold}"),
            Self::Resumed => f.write_str("the hold is over"),
            Self::CounterOffered(slot) => write!(f, "the carrier offers {slot} instead"),
            Self::SlotTooEarly(slot) => {
                write!(f, "the carrier set {slot}, before the earliest port date")
            }
            Self::SlotWithdrawn => f.write_str("the slot that was too early is gone"),
            Self::CancelUnderWay => f.write_str("the carrier is cancelling"),
            Self::EndedAfterMove(why) => {
                write!(
                    f,
                    "the carrier ended the order after numbers had moved: {why}"
                )
            }
            Self::CancelRefused(why) => write!(f, "the carrier would not cancel: {why}"),
            Self::Arrived { number, account } => {
                write!(f, "{number} is in account {}", account.masked())
            }
            Self::Assigned { number } => write!(f, "{number} is assigned and configured"),
            Self::JoinedMessaging { number, service } => {
                write!(f, "{number} joined messaging service {service}")
            }
            Self::Registration { number, state } => match state {
                Registration::Pending => write!(f, "{number} waits for its 10DLC registration"),
                Registration::Registered => write!(f, "{number} is registered"),
                Registration::Failed(why) => write!(f, "{number} failed to register: {why}"),
            },
            Self::Tested {
                number,
                test,
                outcome,
            } => match outcome {
                Outcome::Passed => write!(f, "{number}: {test} works"),
                Outcome::Failed(why) => write!(f, "{number}: {test} failed: {why}"),
                Outcome::Unknown(why) => write!(f, "{number}: {test} without a result: {why}"),
            },
            Self::Alert { number, id, text } => write!(f, "{number}: alert {id}: {text}"),
            Self::AlertExplained { id, explanation } => {
                write!(f, "alert {id} explained: {explanation}")
            }
            Self::AlertsRead => f.write_str("the carrier's error log was read"),
            Self::Unrecognised(words) => write!(f, "the carrier says: {words}"),
            Self::Alarm(words) => write!(f, "alarm: {words}"),
            Self::AlarmOver => f.write_str("the alarm is over"),
        }
    }
}
