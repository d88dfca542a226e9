use std::fmt;
use std::sync::Arc;

use chrono::TimeDelta;

use super::desk::{TransferDesk, WorkListDesk};
use super::inventory::Inventory;
use super::line::Marks;
use super::registration::Heard;
use super::resource::Resources;
use super::setup::NumberSetup;
use super::watch::PortabilityWatch;
use super::{AccountSid, TwilioCarrier, TwilioClient};
use crate::clock::{Clock, SystemClock, SystemTimer, Timer};
use crate::document::GainingPlatform;
use crate::id::CarrierId;
use crate::number::PhoneNumber;

/// A line of ours that tests call and text, and are called and texted from.
///
/// A text of a ported number to it that Twilio blocks for want of registration (30034, 30035,
/// 30032) is a failed test; the alert about it is not reported besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestLine {
    /// The account it is in.
    pub account: AccountSid,
    /// Its number. It must not be one of those being ported.
    pub number: PhoneNumber,
}

impl TestLine {
    /// The line `number` in `account`.
    pub fn new(account: AccountSid, number: PhoneNumber) -> Self {
        Self { account, number }
    }
}

/// What a [`TwilioCarrier`] is made of.
#[must_use]
pub struct TwilioCarrierBuilder {
    client: TwilioClient,
    gaining: GainingPlatform,
    id: Option<CarrierId>,
    clock: Arc<dyn Clock>,
    timer: Arc<dyn Timer>,
    desk: Arc<dyn TransferDesk>,
    owner: Option<AccountSid>,
    setup: Option<NumberSetup>,
    test_line: Option<TestLine>,
    watch_every: TimeDelta,
    fresh_for: TimeDelta,
}

impl TwilioCarrierBuilder {
    pub(super) fn new(client: TwilioClient, gaining: GainingPlatform) -> Self {
        Self {
            client,
            gaining,
            id: None,
            clock: Arc::new(SystemClock),
            timer: Arc::new(SystemTimer::default()),
            desk: Arc::new(WorkListDesk),
            owner: None,
            setup: None,
            test_line: None,
            watch_every: TimeDelta::days(1),
            fresh_for: TimeDelta::seconds(30),
        }
    }

    /// The name evidence carries, for life; by default `twilio`.
    pub fn id(mut self, id: CarrierId) -> Self {
        self.id = Some(id);
        self
    }

    /// Where "now" comes from; by default the machine's clock.
    ///
    /// In a test give the same `VirtualClock` here, to [`timer`](Self::timer), to the client's
    /// [`timer`](crate::twilio::TwilioClientBuilder::timer), to the `FakeTwilio` and to the
    /// [`PortDesk`](crate::PortDesk). Where one is left out, times disagree, and `advance` really
    /// sleeps.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// What waits for tests to end; by default tokio's timer. In a test: the one
    /// [`clock`](Self::clock) of them all.
    pub fn timer(mut self, timer: impl Timer + 'static) -> Self {
        self.timer = Arc::new(timer);
        self
    }

    /// Who files transfer requests with Twilio's support; by default the work list.
    pub fn transfer_desk(mut self, desk: Arc<dyn TransferDesk>) -> Self {
        self.desk = desk;
        self
    }

    /// Our parent account, whose auth token moves numbers between our accounts:
    /// [`move_within_owner`](TwilioCarrier::move_within_owner) needs it. The client's credentials
    /// must reach every account of ours then, as
    /// [`with_parent`](crate::twilio::StaticCredentials::with_parent) does.
    pub fn owner(mut self, owner: AccountSid) -> Self {
        self.owner = Some(owner);
        self
    }

    /// How arrived numbers are configured. Without it, people do that.
    pub fn setup(mut self, setup: NumberSetup) -> Self {
        self.setup = Some(setup);
        self
    }

    /// The line tests use. Without it, people test.
    pub fn test_line(mut self, line: TestLine) -> Self {
        self.test_line = Some(line);
        self
    }

    /// How often a number that has not arrived is asked about; by default once a day.
    pub fn watch_every(mut self, every: TimeDelta) -> Self {
        self.watch_every = every;
        self
    }

    /// How long one listing of an account's numbers serves every call: so long an arrival may stay
    /// unseen. By default 30 seconds; with zero, each call lists anew.
    pub fn fresh_for(mut self, window: TimeDelta) -> Self {
        self.fresh_for = window;
        self
    }

    /// The carrier.
    pub fn build(self) -> TwilioCarrier {
        // Six ASCII letters.
        let id = || CarrierId::parse("twilio").expect("a plain id");
        TwilioCarrier {
            id: self.id.unwrap_or_else(id),
            inventory: Inventory::new(self.client.clone(), Arc::clone(&self.clock), self.fresh_for),
            watch: PortabilityWatch::new(
                self.client.clone(),
                Arc::clone(&self.clock),
                self.watch_every,
            ),
            client: self.client,
            gaining: self.gaining,
            clock: self.clock,
            timer: self.timer,
            desk: self.desk,
            owner: self.owner,
            setup: self.setup,
            test_line: self.test_line,
            heard: Heard::default(),
            marks: Marks::default(),
            resources: Resources::default(),
        }
    }
}

impl fmt::Debug for TwilioCarrierBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TwilioCarrierBuilder")
            .field("client", &self.client)
            .field("gaining", &self.gaining)
            .field("desk", &self.desk)
            .field("owner", &self.owner)
            .finish_non_exhaustive()
    }
}
