//! Where it halts.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::poll_immediate;
use serde_json::json;
use snap_port::testing::{HookedStore, Script, SimCarrier, VirtualClock, sample};
use snap_port::{CarrierClient, Find, MemoryStore, Page, PortRequestId, PortStore};

use tokio::time::timeout;

use super::port_desk::halt::Halts;
use super::port_desk::halting::Halting;
use super::world::{World, by};

/// What is waited for comes within this, or not at all.
const LONG: Duration = Duration::from_secs(20);

fn halts(value: &str) -> Arc<Halts> {
    Arc::new(Halts::parse(Some(value)).unwrap())
}

#[tokio::test]
async fn it_stands_still_at_the_point_named_and_only_the_time_named() {
    for (point, stored) in [("commit.before:2", 1), ("commit.after:2", 2)] {
        let store = Arc::new(MemoryStore::new());
        let hooked = HookedStore::new(Arc::clone(&store), halts(point));
        let world = World::with(Script::default(), Arc::new(hooked)).await;
        let start = |id: &str| json!({ "id": id, "by": by("admin") });
        assert_eq!(world.post("/ports", &start("a")).await.status, 201);
        let halted = world.post("/ports", &start("b")).now_or_never();
        assert!(halted.is_none(), "{point}");
        let found = store.find(&Find::All, &Page::first(9)).await.unwrap();
        assert_eq!(found.len(), stored, "{point}");
        // Everything else goes on.
        let other = timeout(LONG, world.post("/ports", &start("c"))).await;
        assert_eq!(other.unwrap().status, 201);
    }
}

#[tokio::test]
async fn a_call_of_the_carrier_has_a_point_before_and_after_it() {
    let clock = VirtualClock::at(sample::time());
    let id = PortRequestId::parse("acme-1").unwrap();
    let numbers = sample::numbers(2);
    let order = sample::order(id.clone(), sample::carrier(), numbers, sample::time());
    for (point, asked) in [("submit.before", 0), ("submit.after", 1)] {
        let sim = SimCarrier::new(clock.clone(), 7);
        let halting = Halting {
            carrier: sim.clone(),
            halts: halts(point),
        };
        let mut call = pin!(halting.submit(&order));
        for _ in 0..100 {
            assert!(poll_immediate(&mut call).await.is_none(), "{point}");
            tokio::task::yield_now().await;
        }
        assert_eq!(sim.submissions_of(&id), asked, "{point}");
    }
}

#[test]
fn a_point_is_named_with_how_often() {
    for fine in [
        "commit.before",
        "commit.before:1",
        "submit.after:300",
        "?",
        "",
    ] {
        assert!(Halts::parse(Some(fine)).is_ok(), "{fine}");
    }
    for wrong in [
        "commit.before:0",
        "commit.before:x",
        "a:b:1",
        "commit.before:-1",
    ] {
        assert!(Halts::parse(Some(wrong)).is_err(), "{wrong}");
    }
    assert!(
        Halts::parse(None)
            .unwrap()
            .reach("commit", "before")
            .now_or_never()
            .is_some()
    );
}
