//! Twilio's REST API, typed: what a snap port needs of it and no more.
//!
//! Strict in what is sent, lenient in what is read: unknown words are kept, and so are
//! [`UnknownFields`] of accounts, numbers, calls, messages and campaigns; where Twilio contradicts
//! itself both readings are taken.

mod account;
mod alert;
mod answer;
mod base;
mod builder;
mod call;
mod callback;
mod code;
mod credential;
mod eligibility;
mod error;
mod lenient;
pub(in crate::twilio) mod mask;
mod message;
mod messaging;
mod number;
mod number_move;
mod number_update;
mod pace;
mod page;
mod portability;
mod request;
mod retry;
mod traffic;
mod transport;
mod unknown;

use std::fmt;
use std::sync::Arc;

pub use account::{Account, AccountKind, AccountStatus};
pub use alert::Alert;
pub use base::{BaseUrls, InvalidBaseUrl};
pub use builder::TwilioClientBuilder;
pub use call::{Call, CallStatus, NewCall};
pub use callback::{CallbackMethod, CallbackUrl, InvalidCallbackUrl};
pub use code::TwilioCode;
pub use credential::{CredentialSource, Credentials, NoCredentials, StaticCredentials};
pub use eligibility::Eligibility;
pub use error::TwilioError;
pub use message::{Message, MessageStatus, NewMessage};
pub use messaging::{Campaign, CampaignStatus, Joined, ServiceNumber};
pub use number::{IncomingNumber, NumberCapabilities};
pub use number_move::NumberMove;
pub use number_update::NumberUpdate;
pub use portability::{Portability, PortabilityVerdict};
pub use traffic::TrafficFilter;
pub use unknown::UnknownFields;

/// Twilio's REST API. Clones share connections, rate and concurrency.
///
/// A call may be dropped at any point: it holds nothing afterwards. What a dropped or failed write
/// did at Twilio is not known; [`TwilioError::outcome_unknown`] says when that is so.
///
/// ```no_run
/// use snap_port::twilio::{AccountSid, Credentials, StaticCredentials, TwilioClient};
/// # async fn example(sid: &str, token: String) -> Result<(), Box<dyn std::error::Error>> {
/// let account = AccountSid::parse(sid)?;
/// let credentials = StaticCredentials::new()
///     .with(account.clone(), Credentials::auth_token(account.clone(), token));
/// let twilio = TwilioClient::builder(credentials).build()?;
/// println!("{}", twilio.account(&account).await?.friendly_name);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct TwilioClient(Arc<transport::Transport>);

impl TwilioClient {
    /// A client that calls with these credentials.
    pub fn builder(credentials: impl CredentialSource + 'static) -> TwilioClientBuilder {
        TwilioClientBuilder::new(Arc::new(credentials))
    }
}

impl fmt::Debug for TwilioClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TwilioClient")
            .field("base_urls", self.0.base_urls())
            .finish_non_exhaustive()
    }
}
