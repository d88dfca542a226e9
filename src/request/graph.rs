//! The transition table, and the picture drawn from it.

use std::fmt::Write;

use super::status::Status;
use Status::{
    Cancelled, Draft, Ported, Rejected, ReleaseApproved, Scheduled, Sealed, Submitted, Verified,
};

/// One transition: from which state, by which event, to which state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Edge {
    /// The state before; `None` for the opening.
    pub from: Option<Status>,
    /// The event as it is stored.
    pub event: &'static str,
    /// The state after.
    pub to: Status,
}

const fn edge(from: Status, event: &'static str, to: Status) -> Edge {
    Edge {
        from: Some(from),
        event,
        to,
    }
}

const OPENING: Edge = Edge {
    from: None,
    event: "opened",
    to: Draft,
};

/// Every transition there is. Replay refuses what is not in it.
const EDGES: [Edge; 20] = [
    OPENING,
    edge(Draft, "sealed", Sealed),
    edge(Sealed, "sent_back", Draft),
    edge(Sealed, "submitted", Submitted),
    edge(Submitted, "approved", ReleaseApproved),
    edge(ReleaseApproved, "scheduled", Scheduled),
    edge(Scheduled, "rescheduled", Scheduled),
    edge(Scheduled, "ported", Ported),
    edge(Ported, "verified", Verified),
    edge(Sealed, "rejected", Rejected),
    edge(Submitted, "rejected", Rejected),
    edge(ReleaseApproved, "rejected", Rejected),
    edge(Scheduled, "rejected", Rejected),
    edge(Rejected, "amended", Draft),
    edge(Draft, "withdrawn", Cancelled),
    edge(Rejected, "withdrawn", Cancelled),
    edge(Submitted, "cancelled", Cancelled),
    edge(ReleaseApproved, "cancelled", Cancelled),
    edge(Scheduled, "cancelled", Cancelled),
    // Sealed attempts are renumbered in place.
    edge(Sealed, "retried", Sealed),
];

/// Every transition of the machine, as data.
pub fn edges() -> &'static [Edge] {
    &EDGES
}

/// The state graph as a Mermaid diagram, drawn from [`edges`].
pub fn state_graph() -> String {
    let mut graph = String::from("stateDiagram-v2\n");
    for edge in EDGES {
        let from = edge
            .from
            .map_or("[*]".to_owned(), |from| format!("{from:?}"));
        // Writing to a String cannot fail.
        let _ = writeln!(
            graph,
            "    {from} --> {:?}: {}",
            edge.to,
            edge.event.replace('_', " ")
        );
    }
    for status in Status::ALL.into_iter().filter(|status| status.is_final()) {
        let _ = writeln!(graph, "    {status:?} --> [*]");
    }
    graph
}

/// The state that an event of this kind enters, whatever the state before; `None` for a note.
pub(super) fn enters(event: &str) -> Option<Status> {
    EDGES
        .iter()
        .find(|edge| edge.event == event)
        .map(|edge| edge.to)
}

/// Whether an event may come in a state: a transition where the table has it, a note anywhere its
/// own rules allow.
pub(super) fn may_follow(status: Status, event: &str) -> bool {
    enters(event).is_none()
        || EDGES
            .iter()
            .any(|edge| edge.from == Some(status) && edge.event == event)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_in_the_docs_is_the_codes_own() {
        assert_eq!(include_str!("graph.mmd"), state_graph());
        let readme = include_str!("../../README.md");
        assert!(readme.contains(&format!("```mermaid\n{}```", state_graph())));
    }

    #[test]
    fn every_state_is_reached_and_only_ends_have_no_way_on() {
        for status in Status::ALL {
            assert!(EDGES.iter().any(|edge| edge.to == status), "{status}");
            let goes_on = EDGES.iter().any(|edge| edge.from == Some(status));
            assert_eq!(goes_on, !status.is_final(), "{status}");
        }
    }

    #[test]
    fn an_event_enters_one_state_only() {
        for edge in EDGES {
            assert_eq!(enters(edge.event), Some(edge.to), "{}", edge.event);
        }
    }
}
