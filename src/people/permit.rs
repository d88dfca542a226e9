use std::fmt;
use std::marker::PhantomData;

use super::act::Act;
use super::{Actor, Role};

/// The proof that an actor may do `A`; only [`Actor::permit`] gives one.
///
/// ```compile_fail,E0308
/// # use snap_port::{act, CarrierId, Permit, PortRequest, PortRequestId};
/// # fn f(id: PortRequestId, carrier: CarrierId, support: Permit<act::Review>,
/// #      at: chrono::DateTime<chrono::Utc>) {
/// // Support reviews; it does not start a port in the customer's name.
/// let draft = PortRequest::start(id, carrier, support, at);
/// # }
/// ```
#[must_use = "a permit proves something only where it is passed"]
pub struct Permit<A: Act> {
    actor: Actor,
    act: PhantomData<fn() -> A>,
}

impl<A: Act> Permit<A> {
    pub(super) fn for_actor(actor: &Actor) -> Result<Self, NotPermitted> {
        if A::ROLES.contains(&actor.role()) {
            Ok(Self {
                actor: actor.clone(),
                act: PhantomData,
            })
        } else {
            Err(NotPermitted {
                actor: actor.clone(),
                act: A::NAME,
                roles: A::ROLES,
            })
        }
    }

    /// Who holds it.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    pub(crate) fn into_actor(self) -> Actor {
        self.actor
    }
}

impl<A: Act> Clone for Permit<A> {
    fn clone(&self) -> Self {
        Self {
            actor: self.actor.clone(),
            act: PhantomData,
        }
    }
}

impl<A: Act> fmt::Debug for Permit<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Permit({} by {})", A::NAME, self.actor)
    }
}

/// The actor's role does not allow the act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotPermitted {
    actor: Actor,
    act: &'static str,
    roles: &'static [Role],
}

impl NotPermitted {
    /// The roles that may.
    pub fn permitted(&self) -> &'static [Role] {
        self.roles
    }
}

impl fmt::Display for NotPermitted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} may not {}; ask ", self.actor, self.act)?;
        for (i, role) in self.roles.iter().enumerate() {
            write!(f, "{}{role}", if i == 0 { "" } else { " or " })?;
        }
        Ok(())
    }
}

impl std::error::Error for NotPermitted {}

#[cfg(test)]
mod tests {
    use super::super::act::{Review, Seal, SignOff, Start};
    use super::*;

    #[test]
    fn only_the_customers_admins_start_and_seal() {
        for role in [Role::Admin, Role::BillingAdmin] {
            let actor = Actor::new("Ann", role).unwrap();
            assert!(actor.permit::<Start>().is_ok() && actor.permit::<Seal>().is_ok());
            assert!(actor.permit::<Review>().is_err() && actor.permit::<SignOff>().is_err());
        }
        for role in [Role::Support, Role::CustomerSuccess] {
            let actor = Actor::new("Sam", role).unwrap();
            assert!(actor.permit::<Start>().is_err() && actor.permit::<Seal>().is_err());
        }
        let refused = Actor::new("Sam", Role::Support).unwrap().permit::<Seal>();
        assert_eq!(
            refused.unwrap_err().to_string(),
            "Sam (support) may not seal a port request; ask admin or billing admin"
        );
    }

    #[test]
    fn review_is_supports() {
        let success = Actor::new("Cas", Role::CustomerSuccess).unwrap();
        assert!(success.permit::<Review>().is_err());
        assert!(success.permit::<SignOff>().is_ok());
    }
}
