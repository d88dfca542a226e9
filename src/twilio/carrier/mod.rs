//! Twilio as a carrier of snap ports: what its API does is done, what people do is left to people.

mod alerts;
mod arrival;
mod assign;
mod builder;
mod desk;
mod heard;
mod inventory;
mod line;
mod named;
mod owner;
mod preflight;
mod registration;
mod resource;
mod setup;
mod side_by_side;
mod sms;
mod voice;
mod watch;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

pub use builder::{TestLine, TwilioCarrierBuilder};
pub use desk::{HandOver, TransferDesk, WorkListDesk};
pub use owner::{MoveOutcome, MoveReport, MovedNumber};
pub use preflight::{
    CheckedNumber, Preflight, PreflightAsk, PreflightCheck, PreflightFinding, PreflightIssue,
    PreflightSubject, PreflightWeight,
};
pub use setup::{
    ApplicationSid, InvalidSetup, NumberSetup, SmsRoute, TrunkSid, VoiceRoute, WebhookUrl,
};
pub use watch::{PortabilityWatch, Watched};

use self::inventory::Inventory;
use self::line::Marks;
use self::registration::Heard;
use self::resource::Resources;
use super::client::{TwilioClient, TwilioError};
use super::sid::AccountSid;
use crate::carrier::{
    AlertQuery, AlertReport, AttemptQuery, Capabilities, CarrierClient, CarrierError,
    CarrierErrorKind, FindReport, Means, NumberTask, OrderQuery, OrderReport, Step, SubmitReport,
    TransferOrder,
};
use crate::clock::{Clock, Timer};
use crate::document::GainingPlatform;
use crate::id::{AccountId, CarrierId};
use crate::request::{Outcome, Registration, Test};

/// Snap ports at Twilio.
///
/// Nobody files, approves or tracks a transfer between unrelated accounts by API: the request goes
/// to a [`TransferDesk`], approval, schedule and cancellation are people's statements. The API
/// shows where the numbers are, and does what follows the move:
///
/// | step | by |
/// |---|---|
/// | submission | what the [`TransferDesk`] says of itself; people by default |
/// | release, schedule, cancellation | people |
/// | arrival | the API; a person too, for accounts that no credentials of ours can read |
/// | assignment | the API where a [`NumberSetup`] was given, otherwise people |
/// | joining the messaging service, alerts | the API |
/// | registration | the API or people: Twilio tells by events, which may not reach us |
/// | voice and SMS tests | the API or people where a [`TestLine`] was given, otherwise people |
///
/// Alerts about our own test texts are left out: a text from a ported number to the [`TestLine`]
/// that was blocked for want of registration (30034, 30035, 30032) is on record as the failed test.
///
/// What is remembered between calls is in memory and may be lost: a restart only looks again.
pub struct TwilioCarrier {
    id: CarrierId,
    client: TwilioClient,
    gaining: GainingPlatform,
    clock: Arc<dyn Clock>,
    timer: Arc<dyn Timer>,
    desk: Arc<dyn TransferDesk>,
    owner: Option<AccountSid>,
    setup: Option<NumberSetup>,
    test_line: Option<TestLine>,
    inventory: Inventory,
    watch: PortabilityWatch,
    heard: Heard,
    marks: Marks,
    resources: Resources,
}

impl TwilioCarrier {
    /// A carrier over `client`, for the platform that gains the numbers; every setting has a
    /// default.
    pub fn builder(client: TwilioClient, gaining: GainingPlatform) -> TwilioCarrierBuilder {
        TwilioCarrierBuilder::new(client, gaining)
    }

    /// The client underneath.
    pub fn client(&self) -> &TwilioClient {
        &self.client
    }

    /// The watch over numbers that have not arrived.
    pub fn watch(&self) -> &PortabilityWatch {
        &self.watch
    }

    /// A failure that is ours to name. Put no whole account SIDs into `detail`.
    fn error(&self, kind: CarrierErrorKind, detail: impl Into<String>) -> CarrierError {
        CarrierError::new(self.id.clone(), kind, detail)
    }

    /// A failure of Twilio's, as this carrier's.
    fn failed(&self, error: TwilioError) -> CarrierError {
        error.into_carrier(self.id.clone())
    }

    /// The account a request names, as a SID. Nothing is sent to Twilio for another.
    fn account(&self, account: &AccountId) -> Result<AccountSid, CarrierError> {
        AccountSid::try_from(account).map_err(|not_one| {
            let detail = format!(
                "{} is {not_one}; nothing was sent; put the account SID into the request",
                account.masked()
            );
            self.error(CarrierErrorKind::InvalidRequest, detail)
                .without_effect()
        })
    }
}

impl fmt::Debug for TwilioCarrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TwilioCarrier")
            .field("id", &self.id)
            .field("client", &self.client)
            .field("gaining", &self.gaining)
            .field("desk", &self.desk)
            .field("owner", &self.owner)
            .finish_non_exhaustive()
    }
}

#[async_trait]
impl CarrierClient for TwilioCarrier {
    fn id(&self) -> CarrierId {
        self.id.clone()
    }

    fn capabilities(&self) -> Capabilities {
        let tests = match self.test_line {
            Some(_) => Means::ApiOrHuman,
            None => Means::Human,
        };
        let assign = match self.setup {
            Some(_) => Means::Api,
            None => Means::Human,
        };
        Capabilities::manual()
            .with(Step::Submit, self.desk.means())
            .with(Step::Arrival, Means::ApiOrHuman)
            .with(Step::Assign, assign)
            .with(Step::Messaging, Means::Api)
            .with(Step::Registration, Means::ApiOrHuman)
            .with(Step::VoiceTest, tests)
            .with(Step::SmsTest, tests)
            .with(Step::Alerts, Means::Api)
    }

    async fn submit(&self, order: &TransferOrder) -> Result<SubmitReport, CarrierError> {
        self.hand_over(order).await
    }

    async fn status(&self, query: &OrderQuery) -> Result<OrderReport, CarrierError> {
        self.whereabouts(query).await
    }

    async fn statuses(&self, queries: &[OrderQuery]) -> Result<Vec<OrderReport>, CarrierError> {
        self.whereabouts_of_many(queries).await
    }

    async fn find(&self, query: &AttemptQuery) -> Result<FindReport, CarrierError> {
        self.look_for(query).await
    }

    async fn assign(&self, task: &NumberTask) -> Result<(), CarrierError> {
        self.assign(task).await
    }

    async fn join_messaging(&self, task: &NumberTask) -> Result<(), CarrierError> {
        self.join(task).await
    }

    async fn registration(&self, task: &NumberTask) -> Result<Registration, CarrierError> {
        self.registration(task).await
    }

    async fn test(&self, task: &NumberTask, test: Test) -> Result<Outcome, CarrierError> {
        let Some(line) = &self.test_line else {
            let step = match test {
                Test::VoiceOut | Test::VoiceIn => Step::VoiceTest,
                Test::SmsOut | Test::SmsIn => Step::SmsTest,
            };
            let detail = format!("{step} need a test line; give the builder one");
            return Err(self.error(CarrierErrorKind::Unsupported, detail));
        };
        match test {
            Test::VoiceOut => self.voice_out(task, line).await,
            Test::VoiceIn => self.voice_in(task, line).await,
            Test::SmsOut => self.sms_out(task, line).await,
            Test::SmsIn => self.sms_in(task, line).await,
        }
    }

    async fn alerts(&self, query: &AlertQuery) -> Result<Vec<AlertReport>, CarrierError> {
        self.alerts(query).await
    }
}
