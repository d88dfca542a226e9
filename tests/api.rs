//! Promises about the API as a whole: bounds, sizes, object safety, and the mock.

use std::fmt::Debug;
use std::mem::size_of;
use std::sync::Arc;

use snap_port::testing::{VirtualClock, sample};
use snap_port::{
    Advance, AnyPortRequest, AttemptQuery, CancellationReceipt, Cancelled, Capabilities,
    CarrierClient, CarrierClientExt, CarrierError, CarrierId, Checklist, Cleared, DeskError,
    Dispatch, DocumentSource, Draft, Edge, Entry, FindReport, Look, MemoryStore, MockCarrierClient,
    NumberTable, Observation, OrderRef, Permit, PortCompletion, PortDesk, PortRequest,
    PortRequestId, PortStore, Ported, Progress, RecordError, RefusalNotice, Rejected,
    ReleaseApproval, ReleaseApproved, RequestRow, Resolution, ScheduleConfirmation, Scheduled,
    Sealed, SlotRequest, Statement, StoredRequest, Submission, SubmissionPackage,
    SubmissionReceipt, SubmitReport, Submitted, SystemTimer, Told, TransitionError,
    VerificationReport, Verified, Violation, Worker, WorkerId, Write, act,
};

fn held_anywhere<T: Send + Sync + Debug + ?Sized>() {}

#[test]
fn a_worker_may_run_on_any_thread() {
    fn spawned<T: Send + 'static>(_: T) {}
    let desk = PortDesk::new(
        Arc::new(MemoryStore::new()),
        Arc::new(VirtualClock::at(sample::time())),
    );
    let worker = Worker::new(WorkerId::parse("w").unwrap());
    let timer = SystemTimer::default();
    spawned(async move { desk.run(&worker, &timer, std::future::pending()).await });
}

#[test]
fn everything_is_send_sync_and_debug() {
    macro_rules! each {
        ($($ty:ty),* $(,)?) => { $(held_anywhere::<$ty>();)* };
    }
    each!(
        PortRequest<Draft>,
        PortRequest<Sealed>,
        PortRequest<Submitted>,
        PortRequest<ReleaseApproved>,
        PortRequest<Scheduled>,
        PortRequest<Ported>,
        PortRequest<Verified>,
        PortRequest<Rejected>,
        PortRequest<Cancelled>,
        AnyPortRequest,
        TransitionError<Draft>,
        TransitionError<Ported>,
        SubmissionReceipt,
        ReleaseApproval,
        ScheduleConfirmation,
        PortCompletion,
        VerificationReport,
        RefusalNotice,
        CancellationReceipt,
        Observation,
        Look,
        Progress<ReleaseApproval>,
        Submission,
        Resolution,
        Dispatch,
        Cleared,
        SlotRequest,
        Statement<SlotRequest>,
        Permit<act::Seal>,
        SubmissionPackage,
        Checklist,
        NumberTable,
        Entry<'static>,
        Edge,
        Violation,
        RecordError,
        CarrierError,
        DeskError,
        Advance,
        PortDesk,
        MemoryStore,
        StoredRequest,
        RequestRow,
        Write,
        Worker,
        Told,
        dyn CarrierClient,
        dyn PortStore,
        dyn DocumentSource,
        MockCarrierClient,
    );
}

#[test]
fn a_refused_transition_costs_one_pointer() {
    assert_eq!(size_of::<TransitionError<Draft>>(), size_of::<usize>());
    assert_eq!(size_of::<TransitionError<Ported>>(), size_of::<usize>());
    assert_eq!(size_of::<CarrierError>(), size_of::<usize>());
}

#[test]
fn a_request_is_small_enough_to_move() {
    // A state holds the one before it in a box, so a later state is no larger for its past.
    assert!(size_of::<PortRequest<Verified>>() <= 128);
    assert!(size_of::<AnyPortRequest>() <= 512);
}

#[tokio::test]
async fn the_mock_tells_whether_it_was_called_and_with_what() {
    let clock = VirtualClock::at(sample::time());
    let id = PortRequestId::parse("mocked-1").unwrap();
    let carrier_id = CarrierId::parse("mock").unwrap();
    let mut mock = MockCarrierClient::named(carrier_id.clone(), Capabilities::default());
    mock.expect_submit()
        .withf(|order| order.key().to_string() == "mocked-1#1" && order.numbers().len() == 2)
        .times(1)
        .returning(|_| {
            Ok(SubmitReport::Taken {
                order: OrderRef::parse("M-1").unwrap(),
                at: sample::time(),
            })
        });
    mock.expect_find()
        .withf(|query: &AttemptQuery| query.key.number() == 1 && query.numbers.len() == 2)
        .returning(|_| Ok(FindReport::Absent));
    let carrier: Arc<dyn CarrierClient> = Arc::new(mock);

    let mut sealed = sample::cleared(id, carrier_id, sample::numbers(2), sample::time());
    let cleared = sealed.cleared().unwrap();
    let once = sealed.dispatch(cleared, sample::time()).unwrap();
    let Ok(Submission::Accepted(receipt)) = carrier.submit_request(&sealed, once, &clock).await
    else {
        panic!("the mock takes it");
    };
    assert!(matches!(
        carrier.resolve(&sealed, &clock).await,
        Ok(Resolution::Unclear(_))
    ));
    assert_eq!(sealed.submitted(receipt).unwrap().order().as_str(), "M-1");
}
