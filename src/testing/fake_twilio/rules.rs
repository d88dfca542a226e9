//! What a test has said shall be so.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::outcome::Outcomes;
use super::portability::FakePortability;
use super::support::FakeSupport;
use crate::number::PhoneNumber;

/// What was told to a fake Twilio before anything happened.
#[derive(Debug)]
pub(super) struct Rules {
    /// The most a page holds.
    pub(super) page_cap: usize,
    /// The most numbers a service holds.
    pub(super) service_cap: usize,
    /// Whether joining a service twice is answered 200, not 21710.
    pub(super) rejoin_is_ok: bool,
    /// Whether a number keeps its SID when it changes accounts.
    pub(super) keep_sids: bool,
    pub(super) portability_style: FakePortability,
    /// What portability says of a number, whatever is so; `None` is portable.
    pub(super) portability: BTreeMap<PhoneNumber, Option<u32>>,
    /// The code a move by API is refused with.
    pub(super) transfers: BTreeMap<PhoneNumber, u32>,
    pub(super) calls: Outcomes,
    pub(super) messages: Outcomes,
    pub(super) registration: TimeDelta,
    pub(super) registrations: BTreeMap<PhoneNumber, TimeDelta>,
    /// Why a number's registration fails.
    pub(super) unregistrable: BTreeMap<PhoneNumber, String>,
    /// Where registration events go.
    pub(super) sink: Option<String>,
    pub(super) support: FakeSupport,
    pub(super) next_support: std::collections::VecDeque<FakeSupport>,
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
