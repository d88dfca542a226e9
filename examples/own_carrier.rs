//! A carrier of one's own in about 100 lines: `cargo run --example own_carrier`.
//!
//! This one takes submissions by API and shows where the numbers are; the release and the schedule
//! come by telephone, so people attest them.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use snap_port::testing::{VirtualClock, sample};
use snap_port::{
    ArrivalReport, AttemptKey, AttemptQuery, Capabilities, CarrierClient, CarrierError,
    CarrierErrorKind, CarrierId, Clock, FindReport, Means, MemoryStore, OrderQuery, OrderRef,
    OrderReport, PortDesk, PortRequestId, ReleaseGranted, Schedule, Statement, Status, Step,
    SubmitReport, TransferOrder,
};

/// A carrier with an order book.
#[derive(Clone, Debug)]
struct Harbour {
    id: CarrierId,
    clock: VirtualClock,
    orders: Arc<Mutex<BTreeMap<OrderRef, Order>>>,
}

#[derive(Clone, Debug)]
struct Order {
    key: AttemptKey,
    taken: chrono::DateTime<chrono::Utc>,
    arrivals: Vec<ArrivalReport>,
}

impl Harbour {
    fn book(&self) -> MutexGuard<'_, BTreeMap<OrderRef, Order>> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn error(&self, kind: CarrierErrorKind, detail: impl Into<String>) -> CarrierError {
        CarrierError::new(self.id.clone(), kind, detail)
    }
}

#[async_trait]
impl CarrierClient for Harbour {
    fn id(&self) -> CarrierId {
        self.id.clone()
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::manual()
            .with(Step::Submit, Means::Api)
            .with(Step::Release, Means::Human)
            .with(Step::Schedule, Means::Human)
            .with(Step::Arrival, Means::Api)
    }

    async fn submit(&self, order: &TransferOrder) -> Result<SubmitReport, CarrierError> {
        let mut book = self.book();
        let reference = OrderRef::parse(&format!("H-{}", book.len() + 1)).map_err(|e| {
            self.error(CarrierErrorKind::Protocol, "an order reference")
                .with_source(e)
        })?;
        let at = self.clock.now();
        let entry = Order {
            key: order.key().clone(),
            taken: at,
            arrivals: Vec::new(),
        };
        book.insert(reference.clone(), entry);
        Ok(SubmitReport::Taken {
            order: reference,
            at,
        })
    }

    async fn status(&self, query: &OrderQuery) -> Result<OrderReport, CarrierError> {
        let book = self.book();
        let entry = book
            .get(&query.order)
            .ok_or_else(|| self.error(CarrierErrorKind::NotFound, query.order.as_str()))?;
        Ok(OrderReport::new(query.order.clone()).arrived(entry.arrivals.clone()))
    }

    async fn find(&self, query: &AttemptQuery) -> Result<FindReport, CarrierError> {
        let book = self.book();
        let found = book.iter().find(|(_, order)| order.key == query.key);
        Ok(match found {
            Some((reference, order)) => FindReport::Found {
                order: reference.clone(),
                at: order.taken,
            },
            None => FindReport::Absent,
        })
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let clock = VirtualClock::at(sample::time());
    let harbour = Harbour {
        id: CarrierId::parse("harbour")?,
        clock: clock.clone(),
        orders: Arc::default(),
    };
    let desk = PortDesk::new(Arc::new(MemoryStore::new()), Arc::new(clock.clone()))
        .with_carrier(Arc::new(harbour.clone()));
    let id = PortRequestId::parse("blue-door-1")?;
    let (admin, support) = (sample::admin(), sample::support());
    let package = sample::package(&sample::numbers(2), clock.now());

    desk.start(id.clone(), harbour.id(), admin.permit()?)
        .await?;
    desk.fill(&id, |form| *form = (&package).into()).await?;
    let attempt = desk.seal(&id, admin.permit()?).await?;
    desk.pass_review(&attempt, support.permit()?, package.numbers().clone())
        .await?;
    println!("{}", desk.advance(&id).await?.to);

    let granted = ReleaseGranted {
        at: clock.now(),
        approver: "Lou at Aircall".to_owned(),
        losing_ticket: None,
        gaining_account: package.destination().account().clone(),
        numbers: package.numbers().clone(),
    };
    desk.attest(&id, Statement::new(support.permit()?, clock.now(), granted))
        .await?;
    let slot = sample::slot(package.earliest());
    let agreed = Schedule::Agreed(slot.clone());
    desk.attest(&id, Statement::new(support.permit()?, clock.now(), agreed))
        .await?;
    println!("{}", desk.get(&id).await?.status());

    clock.set(slot.begins());
    for order in harbour.book().values_mut() {
        order.arrivals = package
            .numbers()
            .iter()
            .map(|number| ArrivalReport {
                number: *number,
                account: package.destination().account().clone(),
                at: Some(slot.begins()),
            })
            .collect();
    }
    let advance = desk.advance(&id).await?;
    println!("{}", advance.to);
    assert_eq!(advance.to, Status::Ported);
    Ok(())
}
