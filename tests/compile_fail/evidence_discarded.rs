//! Evidence is asked for and thrown away.

#![deny(unused_must_use)]

use snap_port::{CarrierClient, CarrierClientExt, CarrierError, Clock, PortRequest, Submitted};

async fn check(
    carrier: &dyn CarrierClient,
    submitted: &PortRequest<Submitted>,
    clock: &dyn Clock,
) -> Result<(), CarrierError> {
    carrier.check_release(submitted, clock).await?;
    Ok(())
}

fn main() {}
