use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};

use crate::twilio::{AccountSid, ApiKeySid};

/// What a call to Twilio is made with. `Debug` shows whose, never what.
#[derive(Clone)]
pub struct Credentials {
    user: User,
    secret: SecretString,
}

#[derive(Clone)]
enum User {
    Account(AccountSid),
    Key(ApiKeySid),
}

impl Credentials {
    /// An account's auth token. `owner` is the account the token belongs to: a parent's token also
    /// reaches the accounts, numbers, calls and messages of its subaccounts.
    pub fn auth_token(owner: AccountSid, token: impl Into<SecretString>) -> Self {
        Self {
            user: User::Account(owner),
            secret: token.into(),
        }
    }

    /// An API key. A standard key may not fetch accounts, and a parent's key reaches no subaccount.
    pub fn api_key(key: ApiKeySid, secret: impl Into<SecretString>) -> Self {
        Self {
            user: User::Key(key),
            secret: secret.into(),
        }
    }

    pub(super) fn user(&self) -> &str {
        match &self.user {
            User::Account(sid) => sid.as_str(),
            User::Key(sid) => sid.as_str(),
        }
    }

    pub(super) fn secret(&self) -> &str {
        self.secret.expose_secret()
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.user {
            User::Account(sid) => write!(f, "Credentials(auth token of {sid:?})"),
            User::Key(sid) => write!(f, "Credentials(secret of {sid:?})"),
        }
    }
}

/// Where credentials come from: a vault, a configuration, a database.
///
/// It is asked for every try of every call, so that a token rotated meanwhile is used at once; keep
/// answers at hand. Its `Debug` must show no secret. The trait is written with the crate
/// `async-trait`; an implementation needs it as a dependency.
///
/// ```
/// use async_trait::async_trait;
/// use snap_port::twilio::{AccountSid, CredentialSource, Credentials, NoCredentials};
/// # use std::collections::HashMap;
/// # /// What the vault gave last; refreshed elsewhere.
/// # struct Kept(HashMap<String, String>);
/// # impl Kept {
/// #     async fn token(&self, name: &str) -> Option<String> { self.0.get(name).cloned() }
/// # }
///
/// struct FromVault {
///     vault: Kept,
/// }
///
/// // A derived one might show tokens.
/// impl std::fmt::Debug for FromVault {
///     fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
///         f.write_str("FromVault")
///     }
/// }
///
/// #[async_trait]
/// impl CredentialSource for FromVault {
///     async fn credentials(&self, account: &AccountSid) -> Result<Credentials, NoCredentials> {
///         let token = self.vault.token(account.as_str()).await;
///         let token = token.ok_or_else(|| NoCredentials::new("the vault has no token for it"))?;
///         Ok(Credentials::auth_token(account.clone(), token))
///     }
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), snap_port::twilio::InvalidSid> {
/// # let (known, other) = (format!("AC{}", "1".repeat(32)), format!("AC{}", "2".repeat(32)));
/// # let vault = Kept(HashMap::from([(known.clone(), "a token".to_owned())]));
/// # let source = FromVault { vault };
/// # assert!(source.credentials(&AccountSid::parse(&known)?).await.is_ok());
/// # assert!(source.credentials(&AccountSid::parse(&other)?).await.is_err());
/// # Ok(())
/// # }
/// ```
#[async_trait]
pub trait CredentialSource: fmt::Debug + Send + Sync {
    /// What to call with on behalf of `account`.
    ///
    /// # Errors
    /// [`NoCredentials`] if there are none, or none to be had now.
    async fn credentials(&self, account: &AccountSid) -> Result<Credentials, NoCredentials>;
}

#[async_trait]
impl<T: CredentialSource + ?Sized> CredentialSource for Arc<T> {
    async fn credentials(&self, account: &AccountSid) -> Result<Credentials, NoCredentials> {
        (**self).credentials(account).await
    }
}

/// There are no credentials for an account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct NoCredentials {
    why: String,
}

impl NoCredentials {
    /// `why`: for logs, so without secrets. It stands in the [`TwilioError`](crate::twilio::TwilioError)
    /// of the call, after the account, on one line.
    pub fn new(why: impl Into<String>) -> Self {
        Self { why: why.into() }
    }
}

/// Credentials kept in memory, account by account.
///
/// Messaging services, campaigns and alerts need the credentials of the account they belong to: a
/// parent's are refused there (Twilio error 20003). Moves between accounts of one owner need the
/// parent's auth token (Twilio error 21474).
///
/// ```
/// use snap_port::twilio::{AccountSid, Credentials, StaticCredentials};
/// # let (parent, sub) = (format!("AC{}", "0".repeat(32)), format!("AC{}", "1".repeat(32)));
/// let (parent, sub) = (AccountSid::parse(&parent)?, AccountSid::parse(&sub)?);
/// let credentials = StaticCredentials::new()
///     .with_parent(parent, "the parent's token")
///     .with(sub.clone(), Credentials::auth_token(sub, "the subaccount's token"));
/// assert!(!format!("{credentials:?}").contains("the parent's token"));
/// # Ok::<_, snap_port::twilio::InvalidSid>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct StaticCredentials {
    own: HashMap<AccountSid, Credentials>,
    parent: Option<Credentials>,
}

impl StaticCredentials {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What to call with on behalf of `account`; replaces what was given for it before.
    #[must_use]
    pub fn with(mut self, account: AccountSid, credentials: Credentials) -> Self {
        self.own.insert(account, credentials);
        self
    }

    /// The parent's auth token, used for the parent and for every account without an entry.
    #[must_use]
    pub fn with_parent(mut self, parent: AccountSid, token: impl Into<SecretString>) -> Self {
        self.parent = Some(Credentials::auth_token(parent, token));
        self
    }
}

#[async_trait]
impl CredentialSource for StaticCredentials {
    async fn credentials(&self, account: &AccountSid) -> Result<Credentials, NoCredentials> {
        self.own
            .get(account)
            .or(self.parent.as_ref())
            .cloned()
            .ok_or_else(|| NoCredentials::new("neither an entry nor a parent's token for it"))
    }
}
