use chrono::TimeDelta;
use metrics::{counter, histogram};

use super::{Advance, DeskProbe, Round, Trouble};
use crate::id::{CarrierId, ObserverId};

/// Counts what workers do through the `metrics` facade, for whichever recorder the application has
/// installed. Recorders belong to one minor version of the facade; this one is 0.24.
///
/// | name | kind | labels |
/// |---|---|---|
/// | `snap_port_rounds_total` | counter | |
/// | `snap_port_claims_total` | counter | `outcome`: `looked` at; `failed`, it could not be; `put_down`, nobody began |
/// | `snap_port_claims_lost_total` | counter | taken over by another worker meanwhile, whatever the outcome |
/// | `snap_port_troubled_total` | counter | looks that met trouble or failed |
/// | `snap_port_moves_total` | counter | `carrier`, `from`, `to` |
/// | `snap_port_troubles_total` | counter | `carrier`, `kind`: `carrier`, `stray_order`, `evidence` |
/// | `snap_port_told_total` | counter | `observer` |
/// | `snap_port_not_told_total` | counter | `observer`: times it could not be told |
/// | `snap_port_store_failures_total` | counter | rounds that the store failed |
/// | `snap_port_round_seconds` | histogram | |
/// | `snap_port_late_seconds` | histogram | `carrier`: how long after it was due a request was looked at |
#[derive(Clone, Copy, Debug, Default)]
pub struct MetricsProbe;

impl DeskProbe for MetricsProbe {
    fn round(&self, round: &Round, took: TimeDelta) {
        counter!("snap_port_rounds_total").increment(1);
        // A usize has at most 64 bits.
        counter!("snap_port_claims_lost_total").increment(round.lost as u64);
        counter!("snap_port_troubled_total").increment(round.troubled as u64);
        let put_down = round.claimed.saturating_sub(round.looked + round.failed);
        for (outcome, count) in [
            ("looked", round.looked),
            ("failed", round.failed),
            ("put_down", put_down),
        ] {
            // A usize has at most 64 bits.
            counter!("snap_port_claims_total", "outcome" => outcome).increment(count as u64);
        }
        histogram!("snap_port_round_seconds").record(seconds(took));
    }

    fn looked(&self, carrier: &CarrierId, advance: &Advance, late: TimeDelta) {
        let carrier = carrier.to_string();
        if advance.from != advance.to {
            counter!(
                "snap_port_moves_total",
                "carrier" => carrier.clone(),
                "from" => advance.from.name(),
                "to" => advance.to.name(),
            )
            .increment(1);
        }
        if let Some(trouble) = &advance.trouble {
            let kind = match trouble {
                Trouble::Carrier(_) => "carrier",
                Trouble::StrayOrder(_) => "stray_order",
                Trouble::Evidence(_) => "evidence",
            };
            let carrier = carrier.clone();
            counter!("snap_port_troubles_total", "carrier" => carrier, "kind" => kind).increment(1);
        }
        histogram!("snap_port_late_seconds", "carrier" => carrier).record(seconds(late));
    }

    fn store_failed(&self, _times: u32) {
        counter!("snap_port_store_failures_total").increment(1);
    }

    fn not_told(&self, observer: &ObserverId, _times: u32) {
        counter!("snap_port_not_told_total", "observer" => observer.to_string()).increment(1);
    }

    fn told(&self, observer: &ObserverId, events: usize) {
        // A usize has at most 64 bits.
        counter!("snap_port_told_total", "observer" => observer.to_string())
            .increment(events as u64);
    }
}

fn seconds(span: TimeDelta) -> f64 {
    span.to_std().unwrap_or_default().as_secs_f64()
}
