use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::DocumentError;
use crate::id::{AccountId, AddressId, BundleId, MessagingService};
use crate::number::Region;

/// Where the numbers go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawDestination")]
pub struct Destination {
    account: AccountId,
    #[serde(skip_serializing_if = "Option::is_none")]
    messaging_service: Option<MessagingService>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    regulatory: Vec<Regulatory>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawDestination {
    account: AccountId,
    #[serde(default)]
    messaging_service: Option<MessagingService>,
    #[serde(default)]
    regulatory: Vec<Regulatory>,
}

/// Which of two entries holds, nobody could tell.
#[derive(Debug, thiserror::Error)]
#[error("the destination has two regulatory entries for {0}; keep the one that holds")]
struct SaidTwice(Box<str>);

impl TryFrom<RawDestination> for Destination {
    type Error = SaidTwice;
    fn try_from(raw: RawDestination) -> Result<Self, SaidTwice> {
        let mut countries = BTreeSet::new();
        let mut held = raw.regulatory.iter();
        if let Some(held) = held.find(|held| !countries.insert(held.country())) {
            return Err(SaidTwice(held.country.clone()));
        }
        Ok(Self {
            account: raw.account,
            messaging_service: raw.messaging_service,
            regulatory: raw.regulatory,
        })
    }
}

impl Destination {
    /// To `account`, the gaining account at the carrier, such as a Twilio account SID.
    pub fn new(account: AccountId) -> Self {
        Self {
            account,
            messaging_service: None,
            regulatory: Vec::new(),
        }
    }

    /// With the messaging service the numbers join once they have arrived.
    #[must_use]
    pub fn with_messaging_service(mut self, service: MessagingService) -> Self {
        self.messaging_service = Some(service);
        self
    }

    /// With what the account holds for the numbers of a country; it replaces what was said of that
    /// country before.
    #[must_use]
    pub fn with_regulatory(mut self, held: Regulatory) -> Self {
        self.regulatory
            .retain(|other| other.country != held.country);
        self.regulatory.push(held);
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

    /// What the account holds for numbers of countries whose regulators ask for something.
    pub fn regulatory(&self) -> &[Regulatory] {
        &self.regulatory
    }

    /// What the account holds for the numbers of `country`.
    pub fn regulatory_of(&self, country: Region) -> Option<&Regulatory> {
        self.regulatory
            .iter()
            .find(|held| *held.country == *country.as_str())
    }
}

/// The regulatory bundle or address that the gaining account holds for the numbers of one country,
/// or both; carriers refuse to move such numbers without.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawRegulatory")]
pub struct Regulatory {
    // The code alone: a record must stay readable when numbering plans change.
    country: Box<str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bundle: Option<BundleId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<AddressId>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRegulatory {
    country: Box<str>,
    #[serde(default)]
    bundle: Option<BundleId>,
    #[serde(default)]
    address: Option<AddressId>,
}

impl TryFrom<RawRegulatory> for Regulatory {
    type Error = DocumentError;
    fn try_from(raw: RawRegulatory) -> Result<Self, DocumentError> {
        let code = raw.country.len() == 2 && raw.country.bytes().all(|b| b.is_ascii_uppercase());
        if !code || raw.bundle.is_none() && raw.address.is_none() {
            return Err(DocumentError::NotRegulatory);
        }
        Ok(Self {
            country: raw.country,
            bundle: raw.bundle,
            address: raw.address,
        })
    }
}

impl Regulatory {
    /// A regulatory bundle for the numbers of `country`.
    pub fn bundle(country: Region, bundle: BundleId) -> Self {
        Self {
            country: country.as_str().into(),
            bundle: Some(bundle),
            address: None,
        }
    }

    /// An address for the numbers of `country`.
    pub fn address(country: Region, address: AddressId) -> Self {
        Self {
            country: country.as_str().into(),
            bundle: None,
            address: Some(address),
        }
    }

    /// With an address beside the bundle.
    #[must_use]
    pub fn and_address(mut self, address: AddressId) -> Self {
        self.address = Some(address);
        self
    }

    /// The country's ISO 3166 code, in capitals.
    pub fn country(&self) -> &str {
        &self.country
    }

    /// The bundle, if there is one.
    pub fn bundle_id(&self) -> Option<&BundleId> {
        self.bundle.as_ref()
    }

    /// The address, if there is one.
    pub fn address_id(&self) -> Option<&AddressId> {
        self.address.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_country_asks_for_is_kept_and_said_once() {
        let gb = Region::new("GB").unwrap();
        let bundle = |id: &str| BundleId::parse(id).unwrap();
        let held = Regulatory::bundle(gb, bundle("BU1"));
        let address = AddressId::parse("AD1").unwrap();
        let to = Destination::new(AccountId::parse("AC1").unwrap())
            .with_regulatory(held)
            .with_regulatory(Regulatory::bundle(gb, bundle("BU2")).and_address(address));
        assert_eq!(to.regulatory().len(), 1);
        let held = to.regulatory_of(gb).unwrap();
        assert_eq!(held.bundle_id(), Some(&bundle("BU2")));
        assert_eq!(held.address_id().unwrap().as_str(), "AD1");
        assert_eq!(to.regulatory_of(Region::US), None);
        let json = serde_json::to_string(&to).unwrap();
        assert_eq!(serde_json::from_str::<Destination>(&json).unwrap(), to);
        for wrong in [
            r#"{"country":"gb","bundle":"BU1"}"#,
            r#"{"country":"GBR","bundle":"BU1"}"#,
            r#"{"country":"GB"}"#,
            r#"{"country":"GB","bundle":"BU1","more":1}"#,
        ] {
            assert!(
                serde_json::from_str::<Regulatory>(wrong).is_err(),
                "{wrong}"
            );
        }
        let twice = json!({"account": "AC1", "regulatory": [
            {"country": "GB", "bundle": "BU1"},
            {"country": "DE", "bundle": "BU2"},
            {"country": "GB", "address": "AD1"},
        ]});
        let error = serde_json::from_value::<Destination>(twice).unwrap_err();
        let said = "the destination has two regulatory entries for GB; keep the one that holds";
        assert_eq!(error.to_string(), said);
        // A country this build has no numbering plan for stays readable.
        assert!(serde_json::from_str::<Regulatory>(r#"{"country":"ZZ","bundle":"BU1"}"#).is_ok());
    }

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
