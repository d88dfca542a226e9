//! Observers are told everything, after it is durable, at least once.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use snap_port::{ObserverError, ObserverId, PortObserver, Position, TellError, Told};

use super::*;

#[derive(Debug, Default)]
pub(super) struct Notebook {
    pub(super) told: Mutex<Vec<Told>>,
    pub(super) refuses: AtomicUsize,
}

#[async_trait]
impl PortObserver for Notebook {
    fn id(&self) -> ObserverId {
        ObserverId::parse("notebook").unwrap()
    }

    async fn told(&self, events: &[Told]) -> Result<(), ObserverError> {
        self.told.lock().unwrap().extend(events.iter().cloned());
        if self.refuses.load(Ordering::Relaxed) > 0 {
            self.refuses.fetch_sub(1, Ordering::Relaxed);
            return Err("the pen is empty".into());
        }
        Ok(())
    }
}

impl Notebook {
    pub(super) fn kinds(&self, id: &PortRequestId) -> Vec<&'static str> {
        let told = self.told.lock().unwrap();
        let of = told.iter().filter(|told| told.event.request() == id);
        of.map(|told| told.event.entry().kind()).collect()
    }
}

#[tokio::test]
async fn everything_is_told_in_order_and_once_where_nothing_fails() {
    let place = Place::new();
    let notebook = Notebook::default();
    let id = place.cleared(0).await;
    assert_eq!(place.desk.tell(&notebook).await.unwrap(), 3);
    place.round().await;
    assert_eq!(place.desk.tell(&notebook).await.unwrap(), 2);
    assert_eq!(place.desk.tell(&notebook).await.unwrap(), 0);
    let kinds = ["opened", "sealed", "reviewed", "dispatched", "submitted"];
    assert_eq!(notebook.kinds(&id), kinds);
    let told = notebook.told.lock().unwrap();
    for (place, told) in told.iter().enumerate() {
        assert_eq!(told.event.place(), place);
    }
    assert!(
        told.windows(2)
            .all(|pair| pair[0].position < pair[1].position)
    );
    assert!(told[0].position > Position::START);
}

#[tokio::test]
async fn who_fails_is_told_again() {
    let place = Place::new();
    let notebook = Notebook::default();
    notebook.refuses.store(1, Ordering::Relaxed);
    let id = place.cleared(0).await;
    let failed = place.desk.tell(&notebook).await.unwrap_err();
    assert!(matches!(failed, TellError::Observer { .. }), "{failed}");
    assert_eq!(place.desk.tell(&notebook).await.unwrap(), 3);
    let kinds = ["opened", "sealed", "reviewed"].repeat(2);
    assert_eq!(notebook.kinds(&id), kinds);
}

#[tokio::test]
async fn many_are_told_in_portions() {
    let place = Place::new();
    for index in 0..90 {
        place.cleared(index).await;
    }
    let notebook = Notebook::default();
    assert_eq!(place.desk.tell(&notebook).await.unwrap(), 270);
    assert_eq!(notebook.told.lock().unwrap().len(), 270);
}

#[tokio::test]
async fn what_cannot_be_read_is_not_passed_over() {
    let place = Place::new();
    let id = place.cleared(0).await;
    let stored = place.store.get(&id).await.unwrap().unwrap();
    let write = snap_port::Write {
        row: stored.row,
        expected: Some(stored.revision),
        known: stored.events.len(),
        events: vec![b"{\"v\":9,\"entry\":{}}".to_vec()],
    };
    place.store.commit(&[write]).await.unwrap();
    place.cleared(1).await;
    let notebook = Notebook::default();
    for told in [3, 3] {
        let stuck = place.desk.tell(&notebook).await.unwrap_err();
        assert!(matches!(stuck, TellError::Unreadable { position, .. } if position.number() == 4));
        assert_eq!(notebook.told.lock().unwrap().len(), told);
    }
}
