//! A verification without a text that came in.

use chrono::{DateTime, Utc};
use snap_port::{Permit, Proven, VerificationReport, act, check};

fn report(
    assigned: Proven<check::Assigned>,
    voice_out: Proven<check::VoiceOut>,
    voice_in: Proven<check::VoiceIn>,
    sms_out: Proven<check::SmsOut>,
    registered: Proven<check::Registered>,
    alerts: Proven<check::Alerts>,
    by: Permit<act::SignOff>,
    at: DateTime<Utc>,
) -> VerificationReport {
    VerificationReport::builder()
        .assigned(assigned)
        .voice_out(voice_out)
        .voice_in(voice_in)
        .sms_out(sms_out)
        .registered(registered)
        .alerts(alerts)
        .signed_off(by)
        .at(at)
        .build()
}

fn main() {}
