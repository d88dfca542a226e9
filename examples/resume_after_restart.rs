//! The process dies in the middle of a submission, and the next one finds out what became of it:
//! `cargo run --example resume_after_restart`.
//!
//! The record stored before the call says "sent, answer not recorded". The next process asks the
//! carrier for the attempt by its correlation key instead of sending it again.

use std::error::Error;
use std::pin::pin;
use std::task::{Context, Waker};

use snap_port::testing::{SimCarrier, VirtualClock, sample};
use snap_port::{
    AnyPortRequest, AttemptPhase, CarrierClient, CarrierClientExt, PortRequestId, Resolution,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let clock = VirtualClock::at(sample::time());
    let carrier = SimCarrier::new(clock.clone(), 7);
    let id = PortRequestId::parse("blue-door-1")?;

    let record = first_process(&carrier, &clock, id.clone())?;
    println!("the first process died; {} bytes are left", record.len());

    // The second process has the record and the carrier, nothing else.
    let AnyPortRequest::Sealed(request) = AnyPortRequest::from_json(&record)? else {
        return Err("the record was stored while sealed".into());
    };
    println!("{} is sealed, {}", request.id(), request.phase());
    assert_eq!(request.phase(), AttemptPhase::Sent);
    assert!(
        request.cleared().is_none(),
        "there is no second right to send"
    );

    match carrier.resolve(&request, &clock).await? {
        Resolution::Found(receipt) => {
            let request = request.submitted(receipt)?;
            println!("the carrier has it as order {}", request.order());
        }
        Resolution::Unclear(news) => println!("not found yet: {:?}; look again later", news.what()),
    }
    println!("orders at the carrier: {}", carrier.submissions_of(&id));
    assert_eq!(carrier.submissions_of(&id), 1);
    Ok(())
}

/// Stores the intent, calls the carrier, and dies before the answer: what is left is the record.
fn first_process(
    carrier: &SimCarrier,
    clock: &VirtualClock,
    id: PortRequestId,
) -> Result<Vec<u8>, Box<dyn Error>> {
    let now = sample::time();
    let mut request = sample::cleared(id, carrier.id(), sample::numbers(3), now);
    let cleared = request.cleared().ok_or("it passed its review")?;
    let once = request.dispatch(cleared, now)?;

    let request = AnyPortRequest::from(request);
    let record = request.to_json()?;
    let AnyPortRequest::Sealed(request) = request else {
        return Err("it is sealed".into());
    };

    let mut call = pin!(carrier.submit_request(&request, once, clock));
    let mut context = Context::from_waker(Waker::noop());
    // The carrier takes the order between two polls; the process dies before the last.
    while carrier.submissions_of(request.id()) == 0 {
        if call.as_mut().poll(&mut context).is_ready() {
            return Err("the answer came too soon for this example".into());
        }
    }
    Ok(record)
}
