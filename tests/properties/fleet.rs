//! Many ports at once, each with a fate of its own, over one store that two desks work at: all of
//! them end or are on the work list, and the laws hold for each.
//!
//! `SNAP_PORT_FLEET=10000 cargo test --release --test properties fleet` runs ten thousand.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use chrono::TimeDelta;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use snap_port::{
    Clock, Find, Found, Page, Party, PortDesk, PortStore, Round, Status, StoreError, Worker,
    WorkerId,
};

use crate::histories::config;
use crate::histories::scripts::plan;
use crate::histories::staff::{Office, run};
use crate::sim::holds;

/// How many share a store, a carrier and what it can do.
const AT_ONE_OFFICE: usize = 500;

fn fleet() -> usize {
    let asked = std::env::var("SNAP_PORT_FLEET").ok();
    asked.map_or(120, |asked| asked.parse().expect("a number of ports"))
}

/// A round of one desk, which may die in the middle of it.
struct Shift<'a> {
    round: Pin<Box<dyn Future<Output = Result<Round, StoreError>> + 'a>>,
    polls_left: usize,
}

impl Shift<'_> {
    /// Whether it is over.
    fn go_on(&mut self) -> bool {
        self.polls_left -= 1;
        let mut context = Context::from_waker(Waker::noop());
        match self.round.as_mut().poll(&mut context) {
            Poll::Ready(round) => {
                round.expect("the store is sound");
                true
            }
            Poll::Pending => self.polls_left == 0,
        }
    }
}

fn rounds(office: &mut Office, desks: &[(PortDesk, Worker); 2]) {
    let dies = office.dice.chance(20);
    let polls = if dies {
        1 + office.dice.below(200)
    } else {
        usize::MAX
    };
    let mut shifts: Vec<Shift> = desks
        .iter()
        .map(|(desk, worker)| Shift {
            round: Box::pin(desk.round(worker)),
            polls_left: usize::MAX,
        })
        .collect();
    shifts[office.dice.below(2)].polls_left = polls;
    while !shifts.is_empty() {
        let one = office.dice.below(shifts.len());
        if shifts[one].go_on() {
            drop(shifts.remove(one));
        }
    }
}

fn all(office: &Office, find: &Find) -> Vec<Found> {
    run(office.store.find(find, &Page::first(100_000))).unwrap()
}

/// How many ended in each state.
type Ends = BTreeMap<Status, usize>;

fn lives(first: usize, count: usize, runner: &mut TestRunner, ends: &mut Ends) {
    let mut draw = || plan().new_tree(runner).expect("a plan").current();
    let mut office = Office::new(&draw());
    for index in first..first + count {
        let name = format!("r{index}");
        office
            .carrier
            .script_for(name.parse().unwrap(), draw().script);
        let desk = office.desk();
        office.open(&desk, &name);
    }
    let worker = |name: &str| {
        let id = WorkerId::parse(name).unwrap();
        Worker::new(id).with_batch(70).with_at_once(5)
    };
    let desks = [
        (office.desk(), worker("one")),
        (office.desk(), worker("two")),
    ];
    let begin = office.clock.now();
    loop {
        let calm = office.clock.now() > office.patient_until;
        if calm && office.plan.percent > 0 {
            office.calm();
        }
        let minutes = office.dice.pick(&[4, 20, 60, 240, 600, 1_500, 2_000]);
        office
            .clock
            .advance(TimeDelta::minutes(if calm { 700 } else { minutes }));
        for _ in 0..1 + count / 100 {
            rounds(&mut office, &desks);
        }
        let waiting = all(&office, &Find::Waiting);
        for found in &waiting {
            let ours = matches!(found.row.waiting_on, Some(Party::Staff | Party::Customer));
            let percent = match (ours, calm) {
                (true, _) => 50,
                (false, true) => 30,
                (false, false) => 3,
            };
            if office.dice.chance(percent) {
                office.act(&desks[0].0, &found.row.id);
            }
        }
        if waiting.is_empty() || office.clock.now() > begin + TimeDelta::days(75) {
            break;
        }
    }
    let listed: BTreeSet<_> = {
        let list = run(desks[0].0.work_list(None)).unwrap();
        assert!(list.unreadable.is_empty());
        list.items.into_iter().map(|item| item.request).collect()
    };
    let everything = all(&office, &Find::All);
    assert!(everything.len() >= count, "some are lost");
    for found in everything {
        let (id, status) = (found.row.id, found.row.status);
        assert!(
            status.is_final() || listed.contains(&id),
            "{id} is {status} and on nobody's list"
        );
        holds(&office, &id, true).unwrap_or_else(|why| panic!("{why}"));
        *ends.entry(status).or_default() += 1;
    }
}

#[test]
fn a_fleet_ends_or_is_on_the_work_list() {
    let mut runner = TestRunner::new(config(1));
    let (fleet, mut ends) = (fleet(), Ends::new());
    for first in (0..fleet).step_by(AT_ONE_OFFICE) {
        lives(
            first,
            AT_ONE_OFFICE.min(fleet - first),
            &mut runner,
            &mut ends,
        );
    }
    println!("{fleet} ports ended as {ends:?}");
    for end in [Status::Verified, Status::Cancelled] {
        let count = ends.get(&end).copied().unwrap_or_default();
        assert!(count * 20 >= fleet, "too few are {end}: {ends:?}");
    }
}
