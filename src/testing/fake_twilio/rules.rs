//! What a test has said shall be so.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::number::PhoneNumber;
use crate::testing::fake_twilio::outcome::Outcomes;
use crate::testing::fake_twilio::product::portability::FakePortability;
use crate::testing::fake_twilio::support::script::FakeSupport;

/// What was told to a fake Twilio before anything happened.
#[derive(Debug)]
pub(crate) struct Rules {
    /// The most a page holds.
    pub(crate) page_cap: usize,
    /// The most numbers a service holds.
    pub(crate) service_cap: usize,
    /// Whether joining a service twice is answered 200, not 21710.
    pub(crate) rejoin_is_ok: bool,
    /// Whether a number keeps its SID when it changes accounts.
    pub(crate) keep_sids: bool,
    pub(crate) portability_style: FakePortability,
    /// What portability says of a number, whatever is so; `None` is portable.
    pub(crate) portability: BTreeMap<PhoneNumber, Option<u32>>,
    /// The code a move by API is refused with.
    pub(crate) transfers: BTreeMap<PhoneNumber, u32>,
    pub(crate) calls: Outcomes,
    pub(crate) messages: Outcomes,
    pub(crate) registration: TimeDelta,
    pub(crate) registrations: BTreeMap<PhoneNumber, TimeDelta>,
    /// Why a number's registration fails.
    pub(crate) unregistrable: BTreeMap<PhoneNumber, String>,
    /// Where registration events go.
    pub(crate) sink: Option<String>,
    pub(crate) support: FakeSupport,
    pub(crate) next_support: std::collections::VecDeque<FakeSupport>,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            page_cap: 1000,
            service_cap: 400,
            rejoin_is_ok: false,
            keep_sids: false,
            portability_style: FakePortability::BadRequest,
            portability: BTreeMap::new(),
            transfers: BTreeMap::new(),
            calls: Outcomes::default(),
            messages: Outcomes::default(),
            registration: TimeDelta::hours(1),
            registrations: BTreeMap::new(),
            unregistrable: BTreeMap::new(),
            sink: None,
            support: FakeSupport::smooth(),
            next_support: std::collections::VecDeque::new(),
        }
    }
}
