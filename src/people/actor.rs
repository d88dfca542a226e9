use std::fmt;

use serde::{Deserialize, Serialize};

use super::act::Act;
use super::permit::{NotPermitted, Permit};
use crate::number::is_blank;

/// What somebody is to a port.
///
/// Exhaustive on purpose: a new role must be given its permits before anything compiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The customer's administrator.
    Admin,
    /// The customer's billing administrator.
    BillingAdmin,
    /// The gaining platform's support (a technical support representative).
    Support,
    /// The gaining platform's customer success manager.
    CustomerSuccess,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Admin => "admin",
            Self::BillingAdmin => "billing admin",
            Self::Support => "support",
            Self::CustomerSuccess => "customer success",
        })
    }
}

/// Whose move it is.
///
/// Exhaustive on purpose: whoever shows a work list must decide what each party is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// The customer who owns the numbers.
    Customer,
    /// The platform the numbers leave.
    LosingPlatform,
    /// The carrier under both platforms.
    Carrier,
    /// The gaining platform's staff.
    Staff,
    /// The registry that registers 10DLC numbers for campaigns.
    Registry,
}

impl Party {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Customer,
        Self::LosingPlatform,
        Self::Carrier,
        Self::Staff,
        Self::Registry,
    ];

    /// The name as it is stored.
    pub fn name(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::LosingPlatform => "losing_platform",
            Self::Carrier => "carrier",
            Self::Staff => "staff",
            Self::Registry => "registry",
        }
    }

    /// The party of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|party| party.name() == name)
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Customer => "customer",
            Self::LosingPlatform => "losing platform",
            Self::Carrier => "carrier",
            Self::Staff => "staff",
            Self::Registry => "registry",
        })
    }
}

/// A named person or program, in a role.
///
/// The embedding application authenticates people; this crate trusts the name and role it is
/// given and keeps both on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "RawActor")]
pub struct Actor {
    name: Box<str>,
    role: Role,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawActor {
    name: String,
    role: Role,
}

/// A name nobody could be held to.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an actor needs a name of 1 to 200 characters without control characters")]
pub struct InvalidActor;

impl TryFrom<RawActor> for Actor {
    type Error = InvalidActor;
    fn try_from(raw: RawActor) -> Result<Self, InvalidActor> {
        Self::new(&raw.name, raw.role)
    }
}

impl Actor {
    /// A person or program called `name`, acting as `role`.
    ///
    /// # Errors
    /// [`InvalidActor`] if the name shows nothing, is too long, or holds control characters.
    pub fn new(name: &str, role: Role) -> Result<Self, InvalidActor> {
        let name = name.trim();
        let blank = is_blank(name);
        if blank || name.chars().count() > 200 || name.chars().any(char::is_control) {
            return Err(InvalidActor);
        }
        Ok(Self {
            name: name.into(),
            role,
        })
    }

    /// Who.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// As what.
    pub fn role(&self) -> Role {
        self.role
    }

    /// The proof that this actor may do `A`.
    ///
    /// # Errors
    /// [`NotPermitted`] names the roles that may.
    pub fn permit<A: Act>(&self) -> Result<Permit<A>, NotPermitted> {
        Permit::for_actor(self)
    }

    /// Whether this actor may do `A`, without taking a permit.
    ///
    /// # Errors
    /// [`NotPermitted`] names the roles that may.
    pub fn may<A: Act>(&self) -> Result<(), NotPermitted> {
        self.permit::<A>().map(drop)
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_shows_whom_it_means() {
        for blank in ["", " ", "\u{200b}", "\u{feff} \u{2060}", "\u{ad}"] {
            assert_eq!(Actor::new(blank, Role::Admin), Err(InvalidActor));
            let stored = serde_json::json!({"name": blank, "role": "admin"});
            assert!(
                serde_json::from_value::<Actor>(stored).is_err(),
                "{blank:?}"
            );
        }
        // Some names are written with a joiner.
        let joined = "\u{645}\u{6cc}\u{200c}\u{631}\u{627}";
        assert_eq!(Actor::new(joined, Role::Admin).unwrap().name(), joined);
    }
}
