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

#[tokio::test]
async fn what_a_part_has_from_the_whole_is_told_as_inherited() {
    let place = Place::new();
    let notebook = Notebook::default();
    let whole = place.submitted(0).await;
    let part = id("part");
    let one = NumberList::one(sample::number(1));
    let permit = sample::support().permit().unwrap();
    let split = place.desk.split(&whole, part.clone(), one, "later", permit);
    split.await.unwrap();
    let note = Note::Comment("of the part alone".to_owned());
    let permit = sample::support().permit().unwrap();
    place.desk.note(&part, note, permit).await.unwrap();
    place.desk.tell(&notebook).await.unwrap();
    let told = std::mem::take(&mut *notebook.told.lock().unwrap());
    let of = |id: &PortRequestId, inherited: bool| -> Vec<&str> {
        let of = told.iter().filter(|told| told.event.request() == id);
        let of = of.filter(|told| told.inherited == inherited);
        of.map(|told| told.event.entry().kind()).collect()
    };
    assert_eq!(of(&whole, true), [""; 0]);
    assert_eq!(of(&part, false), ["split_from", "noted"]);
    let before: Vec<&str> = of(&whole, false);
    let before = before.split(|kind| *kind == "split_off").next().unwrap();
    assert_eq!(of(&part, true), before);

    // One that comes later is told the same, and so is one that begins in the middle of a history.
    let permit = sample::support().permit().unwrap();
    let note = Note::Comment("of the part alone".to_owned());
    place.desk.note(&part, note, permit).await.unwrap();
    assert_eq!(place.desk.tell(&notebook).await.unwrap(), 1);
    assert!(!notebook.told.lock().unwrap()[0].inherited);
}
