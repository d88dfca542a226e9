use serde::{Deserialize, Serialize};

use crate::id::{AccountId, MessagingService};

/// Where the numbers go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Destination {
    account: AccountId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    messaging_service: Option<MessagingService>,
}

impl Destination {
    /// To `account`, the gaining account at the carrier, such as a Twilio account SID.
    pub fn new(account: AccountId) -> Self {
        Self {
            account,
            messaging_service: None,
        }
    }

    /// With the messaging service the numbers join once they have arrived.
    #[must_use]
    pub fn with_messaging_service(mut self, service: MessagingService) -> Self {
        self.messaging_service = Some(service);
        self
    }

    /// The gaining account at the carrier.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// The messaging service the numbers join, if chosen.
    pub fn messaging_service(&self) -> Option<&MessagingService> {
        self.messaging_service.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_stored_shape_stays() {
        let plain = Destination::new(AccountId::parse("AC00000002").unwrap());
        let stored = json!({"account": "AC00000002"});
        assert_eq!(serde_json::to_value(&plain).unwrap(), stored);
        let full = plain.with_messaging_service(MessagingService::parse("MG1").unwrap());
        let stored = json!({"account": "AC00000002", "messaging_service": "MG1"});
        assert_eq!(serde_json::to_value(&full).unwrap(), stored);
        assert_eq!(serde_json::from_value(stored).ok(), Some(full));
        let unknown = json!({"account": "AC00000002", "pool": "MG1"});
        assert!(serde_json::from_value::<Destination>(unknown).is_err());
    }
}
