//! What became of a submission is not recorded.

#![deny(unused_must_use)]

use snap_port::{
    CarrierClient, CarrierClientExt, CarrierError, Clock, Dispatch, PortRequest, Sealed,
};

async fn submit(
    carrier: &dyn CarrierClient,
    sealed: &PortRequest<Sealed>,
    once: Dispatch,
    clock: &dyn Clock,
) -> Result<(), CarrierError> {
    carrier.submit_request(sealed, once, clock).await?;
    Ok(())
}

fn main() {}
