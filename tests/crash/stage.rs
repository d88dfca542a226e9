//! A store, a Twilio, and desks that die one after another.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use std::time::Duration;

use snap_port::{SystemTimer, Timer as _};

use super::chance::Chance;
use super::desk::{Desk, ERRORS, Start};
use super::guard::Guard;
use super::judge::{self, Acknowledged, Told, Wrongs};
use super::people::People;
use super::plan::Death;
use super::port::Port;
use super::process::{PATIENCE, tail};
use super::store::Store;
use super::summary::Outcome;
use super::twilio::Twilio;

/// So many ports are on their way at once.
const AT_ONCE: usize = 4;
/// Between two rounds of the people, where the desk prints nothing.
const PAUSE: Duration = Duration::from_millis(20);

#[derive(Debug)]
pub(crate) struct Stage<'a> {
    guard: &'a Guard,
    store: Store,
    twilio: Twilio<'a>,
    chance: Chance,
    timer: SystemTimer,
    ports: Vec<Port>,
    /// How many numbers were given to ports.
    given: usize,
    /// What each desk told its observer.
    lives: Vec<Vec<Told>>,
    died: BTreeMap<&'static str, usize>,
}

impl<'a> Stage<'a> {
    /// A stage for so many deaths.
    pub(crate) fn new(guard: &'a Guard, store: Store, deaths: usize, chance: Chance) -> Self {
        Self {
            guard,
            store,
            twilio: Twilio::start(guard, 2 * AT_ONCE * (1 + deaths)),
            chance,
            timer: SystemTimer::default(),
            ports: Vec::new(),
            given: 0,
            lives: Vec::new(),
            died: BTreeMap::new(),
        }
    }

    /// Lets desks die, looks after each that nothing is wrong, and has the last one take every port
    /// to its end.
    pub(crate) fn play(mut self, deaths: &[Death]) -> Outcome {
        for death in deaths {
            self.live(Some(death));
            *self.died.entry(death.name()).or_default() += 1;
            self.is_right(&self.wrongs_now(), &format!("after {death:?}"));
        }
        self.live(None);
        let (wrongs, outcome) = self.wrongs_in_the_end();
        self.is_right(&wrongs, "in the end");
        outcome
    }

    /// A desk from its start to its death, or until every port has ended and all is told.
    fn live(&mut self, death: Option<&Death>) {
        let url = self.store.url();
        let start = Start {
            worker: "one",
            store: &url,
            halt: death.and_then(Death::halt),
            tests: death.is_some_and(Death::needs_tests),
        };
        let peer = death.is_some_and(Death::has_peer).then(|| {
            let peer = Start {
                worker: "other",
                halt: None,
                ..start
            };
            Desk::start(self.guard, &self.twilio, &peer)
        });
        let desk = Desk::start(self.guard, &self.twilio, &start);
        thread::scope(|scope| {
            if let Some(Death::After { moment, .. }) = death {
                let desk = &desk;
                scope.spawn(move || {
                    let over = desk.output();
                    over.wait(*moment, |lines| lines.ended.then_some(()));
                    desk.kill();
                });
            }
            if let Some(at) = desk.listens() {
                self.twilio.relay.leads_to(Some(at));
                self.work_with(&desk, death);
            }
        });
        desk.kill();
        self.twilio.relay.leads_to(None);
        for desk in [Some(&desk), peer.as_ref()].into_iter().flatten() {
            desk.kill();
            self.lives.push(told(desk));
            if !desk.was_killed() {
                self.fail("a desk ended by itself", &[]);
            }
        }
        let halted = desk.halted_at();
        if let Some(Death::At { point, .. }) = death
            && halted.as_deref() != Some(point)
        {
            self.fail(&format!("{point} was not come to"), &[]);
        }
    }

    /// Everybody works with a desk until it is over, or has nothing left to do.
    fn work_with(&mut self, desk: &Desk<'_>, death: Option<&Death>) {
        let desk_tests = death.is_some_and(Death::needs_tests);
        let began = self.timer.elapsed();
        let mut seen = 0;
        while !desk.is_over() && self.timer.elapsed() - began < PATIENCE {
            if death.is_some() {
                self.begin_ports();
            } else if self.ports.iter().all(|port| port.ended) && self.is_all_told(desk) {
                return;
            }
            self.round(desk, desk_tests);
            seen = desk.output().wait_for_more(seen, PAUSE);
        }
    }

    fn begin_ports(&mut self) {
        let open = self.ports.iter().filter(|port| !port.ended).count();
        for _ in open..AT_ONCE {
            let port = Port::draw(self.ports.len(), self.given, &mut self.chance);
            self.given += port.numbers.len();
            self.ports.push(port);
        }
    }

    /// Everybody does the next thing for every port.
    fn round(&mut self, desk: &Desk<'_>, desk_tests: bool) {
        // Somebody looks at the list, and at a history.
        desk.get("/ports?limit=3");
        if let Some(port) = self.ports.iter().rev().find(|port| port.started) {
            desk.get(&format!("/ports/{}/timeline?limit=3", port.id));
        }
        let people = People {
            desk,
            twilio: &self.twilio,
            desk_tests,
        };
        let mut parts = Vec::new();
        for port in self.ports.iter_mut().filter(|port| !port.ended) {
            if desk.is_over() {
                break;
            }
            parts.extend(people.look_after(port));
        }
        self.ports.append(&mut parts);
    }

    /// Whether the histories that the desk has shown were told.
    fn is_all_told(&self, desk: &Desk<'_>) -> bool {
        let now = told(desk);
        let told = self.lives.iter().flatten().chain(&now);
        let mut entries: BTreeMap<&str, BTreeSet<u64>> = BTreeMap::new();
        for told in told {
            let of = entries.entry(&told.request).or_default();
            of.insert(told.position);
        }
        self.ports.iter().all(|port| {
            let told = entries.get(&*port.id).map_or(0, BTreeSet::len);
            told >= port.acknowledged
        })
    }

    fn acknowledged(&self) -> Vec<Acknowledged> {
        let started = self.ports.iter().filter(|port| port.started);
        let known = started.map(|port| Acknowledged {
            id: port.id.clone(),
            filed_as: port.filed_as.clone(),
            entries: port.acknowledged,
        });
        known.collect()
    }

    fn wrongs_now(&self) -> Wrongs {
        // Support people go on meanwhile, so they are looked at last: what is kept must be shown by
        // then, and what the dead have asked them was kept before.
        let kept = self.store.requests();
        let tickets = self.twilio.tickets("");
        let registered = self.twilio.relay.registered();
        judge::at_any_time(&self.acknowledged(), &kept, &tickets, &registered)
    }

    fn wrongs_in_the_end(&self) -> (Wrongs, Outcome) {
        let mut wrongs = self.wrongs_now();
        let (kept, events) = (self.store.requests(), self.store.events());
        let tickets = self.twilio.tickets("");
        wrongs.extend(judge::at_the_end(&kept, &tickets, &self.twilio.gained()));
        wrongs.extend(judge::outbox(&kept, &events, &self.lives));
        let told: usize = self.lives.iter().map(Vec::len).sum();
        let outcome = Outcome {
            died: self.died.clone(),
            ports: kept.len(),
            tickets: tickets.len(),
            events: events.len(),
            told_again: told.saturating_sub(events.len()),
        };
        (wrongs, outcome)
    }

    fn is_right(&self, wrongs: &[String], when: &str) {
        if !wrongs.is_empty() {
            self.fail(when, wrongs);
        }
    }

    fn fail(&self, what: &str, wrongs: &[String]) -> ! {
        let open = self.ports.iter().filter(|port| !port.ended);
        let open: Vec<String> = open
            .map(|port| format!("{} ({:?}) {}", port.id, port.fate, port.last))
            .collect();
        panic!(
            "{what}, {} desks lived over {}:\n{}\nopen ports:\n{}\nthe desks' errors:\n{}",
            self.lives.len(),
            self.store.name(),
            wrongs.join("\n"),
            open.join("\n"),
            tail(self.guard, ERRORS),
        );
    }
}

/// What a desk has told its observer.
fn told(desk: &Desk<'_>) -> Vec<Told> {
    desk.output().now(|lines| {
        let told = lines.lines.iter().filter_map(|line| {
            let mut words = line.strip_prefix("told ")?.split(' ');
            Some(Told {
                position: words.next()?.parse().ok()?,
                request: words.next()?.to_owned(),
                kind: words.next()?.to_owned(),
            })
        });
        told.collect()
    })
}
