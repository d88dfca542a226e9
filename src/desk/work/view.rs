use chrono::{DateTime, Utc};

use crate::carrier::Capabilities;
use crate::document::{CarrierName, GainingPlatform};
use crate::readiness::RoutePolicy;
use crate::store::StoredTrouble;

/// What a request is held against when people are told of it: what the carrier's integration does
/// itself, the policy, and the time.
///
/// Everything told is a pure function of the request and of this.
///
/// ```
/// # use snap_port::desk::{DeskView, work_item};
/// # use snap_port::testing::sample;
/// # use snap_port::document::CarrierName;
/// # use snap_port::{Capabilities, GainingPlatform, PortRequestId, RoutePolicy};
/// let (can, policy) = (Capabilities::manual(), RoutePolicy::default());
/// let ours = GainingPlatform::new("Aloware", "transfers@aloware.test")?;
/// let twilio = CarrierName::new("Twilio")?;
/// let view = DeskView::new(&can, &policy, sample::time()).with_sender(&ours, &twilio);
///
/// let id = PortRequestId::parse("acme-1")?;
/// let sealed = sample::sealed(id, sample::carrier(), sample::numbers(3), sample::time());
/// let item = work_item(&sealed.into(), &view).expect("staff are to review it");
/// assert_eq!(item.waiting.to_string(), "staff: review the request");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct DeskView<'a> {
    pub(in crate::desk) capabilities: &'a Capabilities,
    pub(in crate::desk) policy: &'a RoutePolicy,
    pub(in crate::desk) now: DateTime<Utc>,
    pub(in crate::desk) sender: Option<Sender<'a>>,
    pub(in crate::desk) trouble: Option<&'a StoredTrouble>,
}

/// Who writes to the losing platform and to the carrier, and what they call the carrier.
#[derive(Clone, Copy, Debug)]
pub(in crate::desk) struct Sender<'a> {
    pub(in crate::desk) gaining: &'a GainingPlatform,
    pub(in crate::desk) carrier: &'a CarrierName,
}

impl<'a> DeskView<'a> {
    /// The view at `now` (UTC), of a carrier with `capabilities`, under `policy`.
    pub fn new(
        capabilities: &'a Capabilities,
        policy: &'a RoutePolicy,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            capabilities,
            policy,
            now,
            sender: None,
            trouble: None,
        }
    }

    /// With who writes to the losing platform and to the carrier, and what they call the carrier,
    /// such as `Twilio`. Without it no work item has a text to paste, and the carrier has no name.
    #[must_use]
    pub fn with_sender(self, gaining: &'a GainingPlatform, carrier: &'a CarrierName) -> Self {
        Self {
            sender: Some(Sender { gaining, carrier }),
            ..self
        }
    }

    /// The same view of a request in whose way this stands.
    #[must_use]
    pub fn with_trouble(self, trouble: &'a StoredTrouble) -> Self {
        Self {
            trouble: Some(trouble),
            ..self
        }
    }

    pub(in crate::desk) fn carrier_name(&self) -> Option<&'a CarrierName> {
        self.sender.map(|sender| sender.carrier)
    }

    /// The time it is taken at, UTC.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }
}
