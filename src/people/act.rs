//! The kinds of act that need a permit, and the roles that may.
//!
//! | act | admin, billing admin | support | customer success |
//! |---|---|---|---|
//! | [`Start`], [`Seal`] | yes | | |
//! | [`Cancel`], [`Amend`] | yes | yes | |
//! | [`Split`], [`Schedule`], [`Note`] | yes | yes | yes |
//! | [`Review`] | | yes | |
//! | [`Attest`], [`Override`], [`Waive`], [`SignOff`], [`Claim`] | | yes | yes |

use std::fmt;

use super::Role;

mod sealed {
    #[diagnostic::on_unimplemented(message = "the kinds of act are closed: `{Self}` cannot be one")]
    #[allow(unnameable_types, reason = "sealed: not to be named outside")]
    pub trait Sealed {}
}

/// A kind of act that needs a [`Permit`](super::Permit). Sealed: the kinds are closed.
pub trait Act: sealed::Sealed + fmt::Debug + Send + Sync + 'static {
    /// What the act is called in errors.
    const NAME: &'static str;
    /// The roles that may.
    const ROLES: &'static [Role];
}

macro_rules! acts {
    ($($(#[$doc:meta])* $act:ident = $name:literal: $($role:ident),*;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $act {}
        impl sealed::Sealed for $act {}
        impl Act for $act {
            const NAME: &'static str = $name;
            const ROLES: &'static [Role] = &[$(Role::$role),*];
        }
    )* };
}

acts! {
    /// Starting a request ("available to both billing admins and admins").
    Start = "start a port request": Admin, BillingAdmin;
    /// Sealing the package: the customer's click on Submit.
    Seal = "seal a port request": Admin, BillingAdmin;
    /// Reviewing a sealed request ("support will take care of verifying all the details").
    Review = "review a port request": Support;
    /// Attesting what a losing platform or a carrier told a person.
    Attest = "attest a fact": Support, CustomerSuccess;
    /// Confirming that a port is complete ("your Customer Success Manager will provide you with a
    /// final confirmation").
    SignOff = "sign off a verification": CustomerSuccess, Support;
    /// Overriding a rule of the gaining platform's policy for one request.
    Override = "override a rule": Support, CustomerSuccess;
    /// Waiving a check for a number, with the customer's consent.
    Waive = "waive a check": CustomerSuccess, Support;
    /// Asking for a request to be cancelled.
    Cancel = "cancel a port request": Admin, BillingAdmin, Support;
    /// Reopening a refused request as a draft.
    Amend = "amend a refused port request": Admin, BillingAdmin, Support;
    /// Splitting a request in two.
    Split = "split a port request": Admin, BillingAdmin, Support, CustomerSuccess;
    /// Agreeing a slot for the port, and asking the carrier for it.
    Schedule = "ask for a port slot": Admin, BillingAdmin, Support, CustomerSuccess;
    /// Working on what a request waits for, and leaving it to others.
    Claim = "claim a port request": Support, CustomerSuccess;
    /// Adding a note, a document or a superseding release ticket.
    Note = "add a note": Admin, BillingAdmin, Support, CustomerSuccess;
}
