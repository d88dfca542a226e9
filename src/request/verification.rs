//! Verification: proof that every number works, and the sign-off that ends a port.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use typed_builder::TypedBuilder;

use super::fact::Check;
use crate::id::PortRequestId;
use crate::people::{Actor, Permit, act};

/// The checks as types, so that a proof of one cannot stand for another.
pub mod check {
    use super::Check;

    mod sealed {
        #[diagnostic::on_unimplemented(message = "the checks are closed: `{Self}` cannot be one")]
        #[allow(unnameable_types, reason = "sealed: not to be named outside")]
        pub trait Sealed {}
    }

    /// A check as a type. Sealed: the checks are closed.
    pub trait Checked: sealed::Sealed + Send + Sync + 'static {
        /// The check as data.
        const CHECK: Check;
    }

    macro_rules! checks {
        ($($(#[$doc:meta])* $name:ident;)*) => { $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub enum $name {}
            impl sealed::Sealed for $name {}
            impl Checked for $name {
                const CHECK: Check = Check::$name;
            }
        )* };
    }

    checks! {
        /// [`Check::Assigned`].
        Assigned;
        /// [`Check::VoiceOut`].
        VoiceOut;
        /// [`Check::VoiceIn`].
        VoiceIn;
        /// [`Check::SmsOut`].
        SmsOut;
        /// [`Check::SmsIn`].
        SmsIn;
        /// [`Check::Registered`].
        Registered;
        /// [`Check::Alerts`].
        Alerts;
    }
}

/// The proof that every number of a ported request meets the check `C`.
///
/// Only [`PortRequest::prove`](crate::PortRequest::prove) gives one.
#[must_use = "a proof counts only in a verification report"]
pub struct Proven<C: check::Checked> {
    pub(super) request: PortRequestId,
    check: PhantomData<fn() -> C>,
}

impl<C: check::Checked> Proven<C> {
    pub(super) fn new(request: PortRequestId) -> Self {
        Self {
            request,
            check: PhantomData,
        }
    }
}

impl<C: check::Checked> fmt::Debug for Proven<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proven({} for {})", C::CHECK, self.request)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignedOff {
    pub(crate) by: Actor,
    pub(crate) at: DateTime<Utc>,
}

/// Every number was proven to work, and somebody who may signs it off.
///
/// It is built from one [`Proven`] per check, so a port cannot be verified without SMS or without
/// inbound results; [`PortRequest::verification`](crate::PortRequest::verification) gathers them
/// all and names what is missing.
///
/// ```compile_fail,E0061
/// # use snap_port::{act, check, Permit, Proven, VerificationReport};
/// # fn f(assigned: Proven<check::Assigned>, voice_out: Proven<check::VoiceOut>,
/// #     voice_in: Proven<check::VoiceIn>, registered: Proven<check::Registered>,
/// #     alerts: Proven<check::Alerts>, by: Permit<act::SignOff>, at: chrono::DateTime<chrono::Utc>) {
/// VerificationReport::builder() // no SMS
///     .assigned(assigned).voice_out(voice_out).voice_in(voice_in)
///     .registered(registered).alerts(alerts)
///     .signed_off(by).at(at)
///     .build();
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "evidence advances a request only where it is passed"]
pub struct VerificationReport {
    pub(crate) request: PortRequestId,
    pub(crate) fact: Arc<SignedOff>,
}

impl VerificationReport {
    /// Starts a report; every part is required. Do not name the builder's type: it is no part of
    /// the API.
    pub fn builder() -> ProofsBuilder {
        Proofs::builder()
    }

    /// The request it is about.
    pub fn request(&self) -> &PortRequestId {
        &self.request
    }

    /// Who signed off.
    pub fn signed_off_by(&self) -> &Actor {
        &self.fact.by
    }

    /// When, UTC.
    pub fn signed_off_at(&self) -> DateTime<Utc> {
        self.fact.at
    }
}

#[doc(hidden)]
#[derive(Debug, TypedBuilder)]
#[builder(build_method(into = VerificationReport))]
pub struct Proofs {
    /// Every number is assigned.
    assigned: Proven<check::Assigned>,
    /// Calls go out from every number.
    voice_out: Proven<check::VoiceOut>,
    /// Calls come in on every number.
    voice_in: Proven<check::VoiceIn>,
    /// Texts go out from every number.
    sms_out: Proven<check::SmsOut>,
    /// Texts come in on every number.
    sms_in: Proven<check::SmsIn>,
    /// Every number is registered.
    registered: Proven<check::Registered>,
    /// No alert is open.
    alerts: Proven<check::Alerts>,
    /// Who signs off.
    signed_off: Permit<act::SignOff>,
    /// When, UTC.
    at: DateTime<Utc>,
}

impl From<Proofs> for VerificationReport {
    fn from(proofs: Proofs) -> Self {
        let named = [
            proofs.voice_out.request,
            proofs.voice_in.request,
            proofs.sms_out.request,
            proofs.sms_in.request,
            proofs.registered.request,
            proofs.alerts.request,
        ];
        let own = proofs.assigned.request;
        // Proofs of two requests make a report about the other one, which the transition refuses
        // for whichever request it is handed to; the open checks are asked again there in any case.
        let request = named.into_iter().find(|other| *other != own).unwrap_or(own);
        Self {
            request,
            fact: Arc::new(SignedOff {
                by: proofs.signed_off.into_actor(),
                at: proofs.at,
            }),
        }
    }
}
