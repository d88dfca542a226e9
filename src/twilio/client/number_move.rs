//! Moves of numbers between accounts of one owner.

use super::TwilioClient;
use super::base::Product;
use super::error::TwilioError;
use super::number::{IncomingNumber, path, read};
use super::request::{Operation, Request};
use crate::id::{AddressId, BundleId};
use crate::twilio::{AccountSid, NumberSid};

/// A move of a number between accounts of one owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberMove {
    owner: AccountSid,
    from: AccountSid,
    number: NumberSid,
    to: AccountSid,
    address: Option<AddressId>,
    bundle: Option<BundleId>,
}

impl NumberMove {
    /// A move of `number` from `from` to `to`, by `owner`, the parent of both or one of them:
    /// Twilio refuses a subaccount's credentials (Twilio error 21474).
    #[must_use]
    pub fn new(owner: AccountSid, from: AccountSid, number: NumberSid, to: AccountSid) -> Self {
        Self {
            owner,
            from,
            number,
            to,
            address: None,
            bundle: None,
        }
    }

    /// The address in the target account that the number's country requires (Twilio errors 21613,
    /// 21615, 21631).
    #[must_use]
    pub fn address(mut self, address: AddressId) -> Self {
        self.address = Some(address);
        self
    }

    /// The approved bundle in the target account that the number requires (Twilio error 21649).
    #[must_use]
    pub fn bundle(mut self, bundle: BundleId) -> Self {
        self.bundle = Some(bundle);
        self
    }
}

impl TwilioClient {
    /// Moves a number to another account of the same owner. The SID in the answer may be another;
    /// the number leaves its messaging service, and its registration ends.
    ///
    /// If the outcome is unknown, look for the number in both accounts before moving it again.
    ///
    /// # Errors
    /// [`TwilioError`] if Twilio cannot be asked or refuses: to owners who are not related with
    /// Twilio error 21473, to credentials that are not the parent's with 21474; also if the answer
    /// shows the number in another account than it was to move to.
    pub async fn move_number(&self, ask: &NumberMove) -> Result<IncomingNumber, TwilioError> {
        let mut pairs = vec![("AccountSid", ask.to.as_str())];
        pairs.extend(ask.address.as_ref().map(|sid| ("AddressSid", sid.as_str())));
        pairs.extend(ask.bundle.as_ref().map(|sid| ("BundleSid", sid.as_str())));
        let request = Request::new(
            Operation::post("IncomingPhoneNumber"),
            &ask.owner,
            Product::Api,
            path(&ask.from, &ask.number),
        )
        .form(&pairs);
        read(&self.0.send(&request).await?, &ask.to, None)
    }
}
