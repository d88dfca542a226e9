//! A verification without a call that came in.

use chrono::{DateTime, Utc};
use snap_port::{Permit, Proven, VerificationReport, act, check};

fn report(
    assigned: Proven<check::Assigned>,
    voice_out: Proven<check::VoiceOut>,
    sms_out: Proven<check::SmsOut>,
    sms_in: Proven<check::SmsIn>,
    registered: Proven<check::Registered>,
    alerts: Proven<check::Alerts>,
    by: Permit<act::SignOff>,
    at: DateTime<Utc>,
) -> VerificationReport {
    VerificationReport::builder()
        .assigned(assigned)
        .voice_out(voice_out)
        .sms_out(sms_out)
        .sms_in(sms_in)
        .registered(registered)
        .alerts(alerts)
        .signed_off(by)
        .at(at)
        .build()
}

fn main() {}
