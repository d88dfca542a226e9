//! Which desks die, and where.

use std::time::Duration;

use super::chance::Chance;

/// How a desk dies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Death {
    /// At a point, when it comes there for the `nth` time.
    At { point: &'static str, nth: u64 },
    /// So long after it was started, perhaps with another desk at work over the same store.
    After { moment: Duration, peer: bool },
}

/// A call that has a point before it and one after it, and how often a desk that dies there comes
/// by first, at the most.
#[derive(Clone, Copy, Debug)]
struct Call {
    points: [&'static str; 2],
    most: u64,
}

macro_rules! calls {
    ($($name:literal: $most:literal),* $(,)?) => { [$(Call {
        points: [concat!($name, ".before"), concat!($name, ".after")],
        most: $most,
    }),*] };
}

/// Every call that `port_desk` halts at and comes to. An order is looked for after a death around
/// `submit` alone.
const CALLS: [Call; 19] = calls![
    "commit": 30, "get": 60, "submit": 2, "find_order": 1, "claim": 40, "look": 10, "history": 20,
    "assign": 2, "find": 20, "join": 2, "events": 40, "wake": 2, "registration": 3, "cursor": 40,
    "alerts": 2, "give_back": 30, "test": 2, "move_cursor": 10, "renew": 1,
];

/// The longest that a desk lives which dies at any moment.
const LONGEST: Duration = Duration::from_millis(2500);
/// Enough to start.
const SHORT: Duration = Duration::from_millis(200);

/// Every point once, in two halves of about the same length.
pub(crate) fn every_point() -> [Vec<Death>; 2] {
    let half = |half: usize| {
        // A desk that looks for an order follows one that died around `submit`.
        let calls = CALLS.iter().enumerate();
        let calls = calls.filter(|(place, _)| (place / 2) % 2 == half);
        let points = calls.flat_map(|(_, call)| call.points);
        points.map(|point| Death::At { point, nth: 1 }).collect()
    };
    [half(0), half(1)]
}

/// Some points, once.
pub(crate) fn points(of: &[&'static str]) -> Vec<Death> {
    let points = of.iter();
    points.map(|point| Death::At { point, nth: 1 }).collect()
}

/// So many moments; `shared` if a store can serve two desks at once.
pub(crate) fn moments(count: usize, shared: bool, chance: &mut Chance) -> Vec<Death> {
    (0..count).map(|_| moment(shared, chance)).collect()
}

fn moment(shared: bool, chance: &mut Chance) -> Death {
    let longest = if chance.below(6) == 0 { SHORT } else { LONGEST };
    Death::After {
        moment: chance.time(longest),
        peer: shared && chance.below(2) == 0,
    }
}

/// So many deaths: at all points in turn, each after some times, and in between at any moment.
pub(crate) fn mixed(count: usize, shared: bool, chance: &mut Chance) -> Vec<Death> {
    let mut deaths = Vec::new();
    for call in CALLS.iter().cycle() {
        for point in call.points {
            let nth = 1 + chance.below(call.most);
            deaths.push(Death::At { point, nth });
            // What is left of a death around `submit` is for one who dies looking for it.
            if !point.starts_with("submit") && !point.starts_with("find_order") {
                deaths.push(moment(shared, chance));
            }
        }
        if deaths.len() >= count {
            break;
        }
    }
    deaths.truncate(count);
    deaths
}

impl Death {
    /// Its name in a summary.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::At { point, .. } => point,
            Self::After { peer: false, .. } => "any moment",
            Self::After { peer: true, .. } => "any moment beside another desk",
        }
    }

    /// As `PORT_DESK_HALT` says it.
    pub(crate) fn halt(&self) -> Option<String> {
        match self {
            Self::At { point, nth } => Some(format!("{point}:{nth}")),
            Self::After { .. } => None,
        }
    }

    pub(crate) fn has_peer(&self) -> bool {
        matches!(self, Self::After { peer: true, .. })
    }

    /// Whether only a desk that tests numbers is sure to come there: a test takes seconds, and
    /// claims are renewed meanwhile.
    pub(crate) fn needs_tests(&self) -> bool {
        let name = self.name();
        name.starts_with("test.") || name.starts_with("renew.")
    }
}

/// What `port_desk` halts at and never comes to: at Twilio it is people who ask for slots and
/// cancel.
const NEVER: [&str; 2] = ["ask_slot", "cancel"];

#[test]
fn every_point_there_is_has_its_death() {
    let there = include_str!("../../examples/port_desk/halt.rs");
    let rows = there
        .lines()
        .filter_map(|line| line.strip_prefix("//! | `"));
    let names = rows.flat_map(|row| row.split('|').take(1).flat_map(|names| names.split('`')));
    let names = names.filter(|name| !name.trim_matches([' ', ',']).is_empty());
    let mut names: Vec<String> = names
        .filter(|name| !NEVER.contains(name))
        .flat_map(|name| [format!("{name}.before"), format!("{name}.after")])
        .collect();
    let mut deaths: Vec<String> = every_point()
        .concat()
        .iter()
        .map(|death| death.name().to_owned())
        .collect();
    names.sort();
    deaths.sort();
    assert_eq!(deaths, names);
    let mixed = mixed(200, false, &mut Chance::new(1));
    for name in names {
        assert!(mixed.iter().any(|death| death.name() == name), "{name}");
    }
}
