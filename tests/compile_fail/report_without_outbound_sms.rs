//! A verification without a text that went out.

use chrono::{DateTime, Utc};
use snap_port::{Permit, Proven, VerificationReport, act, check};

fn report(
    assigned: Proven<check::Assigned>,
    voice_out: Proven<check::VoiceOut>,
    voice_in: Proven<check::VoiceIn>,
    sms_in: Proven<check::SmsIn>,
    registered: Proven<check::Registered>,
    alerts: Proven<check::Alerts>,
    by: Permit<act::SignOff>,
    at: DateTime<Utc>,
) -> VerificationReport {
    VerificationReport::builder()
        .assigned(assigned)
        .voice_out(voice_out)
        .voice_in(voice_in)
        .sms_in(sms_in)
        .registered(registered)
        .alerts(alerts)
        .signed_off(by)
        .at(at)
        .build()
}

fn main() {}
