use chrono::{DateTime, SecondsFormat, Utc};

use super::{RoutePolicy, Weight};
use crate::calendar::{PortSlot, SlotObjection};
use crate::request::{InFlight, PortRequest, Rule};

impl RoutePolicy {
    /// Why `slot` may not be asked for at `now` (UTC), every reason at once; empty if it may.
    ///
    /// That it is past or before the earliest port date always counts. Days off and business hours
    /// ([`Rule::SlotHours`]) count where they bind, unless the rule was overridden for this slot:
    /// for [`slot_value`](Self::slot_value).
    pub fn slot_objections<S: InFlight>(
        &self,
        request: &PortRequest<S>,
        slot: &PortSlot,
        now: DateTime<Utc>,
    ) -> Vec<SlotObjection> {
        let value = Self::slot_value(slot);
        let overridden = request
            .overrides()
            .any(|o| o.what.rule == Rule::SlotHours && o.what.value == value);
        let hours_bind = self.weight(Rule::SlotHours) == Weight::Binds && !overridden;
        let earliest = request.package().earliest();
        let mut objections = self.calendar().objections(slot, earliest, now);
        objections.retain(|objection| match objection {
            SlotObjection::DayOff { .. } | SlotObjection::OutsideHours { .. } => hours_bind,
            _ => true,
        });
        objections
    }

    /// The value that an [`Override`](crate::Override) of [`Rule::SlotHours`] names: when the slot
    /// begins and ends, in UTC and to the last fraction of a second that is not zero, such as
    /// `2026-12-05T15:00:00Z/2026-12-05T16:00:00Z`.
    pub fn slot_value(slot: &PortSlot) -> String {
        let text = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        format!("{}/{}", text(slot.begins()), text(slot.ends()))
    }
}
