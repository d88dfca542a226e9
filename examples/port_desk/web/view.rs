//! What programs are shown, as JSON.

use serde_json::{Value, json};
use snap_port::{
    AcceptedEvent, AnyPortRequest, Cause, Check, CheckState, English, Found, NumberRow,
    PortRequestId, Readiness, StoredTrouble, Urgency, Waiting, WorkItem, WorkList,
};

use super::App;
use super::refused::Refused;

/// Everything about one port.
pub(crate) async fn port(app: &App, id: &PortRequestId) -> Result<Value, Refused> {
    let request = app.desk.get(id).await?;
    let update = app.desk.customer_update(id).await?.message(&English);
    let readiness = match request {
        AnyPortRequest::Draft(_) | AnyPortRequest::Sealed(_) => {
            // It may have moved on since.
            app.desk.readiness(id).await.ok()
        }
        _ => None,
    };
    let attempt = match &request {
        AnyPortRequest::Sealed(sealed) => Some(sealed.attempt().key().number()),
        _ => None,
    };
    let phase = match &request {
        AnyPortRequest::Sealed(sealed) => Some(sealed.phase().to_string()),
        _ => None,
    };
    Ok(json!({
        "id": id.as_str(),
        "state": request.status().name(),
        "since": request.since(),
        "carrier": request.carrier().as_str(),
        "order": request.order().map(|order| order.as_str()),
        "attempt": attempt,
        "phase": phase,
        "numbers": numbers(&request),
        "waiting": app.desk.waiting(id).await?.as_ref().map(waiting),
        "readiness": readiness.as_ref().map(ready),
        "update": { "subject": update.subject, "body": update.body },
        "work": app.desk.work_item(id).await?.as_ref().map(item),
        "table": request.table().map(|table| table.rows().iter().map(row).collect::<Vec<_>>()),
        "entries": request.history_len(),
    }))
}

fn numbers(request: &AnyPortRequest) -> Vec<&str> {
    let numbers = request
        .numbers()
        .into_iter()
        .flat_map(|numbers| numbers.iter());
    numbers.map(|number| number.as_str()).collect()
}

fn waiting(waiting: &Waiting) -> Value {
    json!({
        "on": waiting.on.name(),
        "what": waiting.what.to_string(),
        "since": waiting.since,
    })
}

fn ready(readiness: &Readiness) -> Value {
    let (done, of) = readiness.progress();
    let concerns = readiness.concerns().iter().map(|concern| {
        let (rule, value) = match concern.cause() {
            Cause::Policy { rule, value } => (Some(rule), Some(value)),
            _ => (None, None),
        };
        json!({
            "part": concern.part().to_string(),
            "blocks": concern.blocks(),
            "rule": rule,
            "value": value,
            "reason": concern.reason(),
            "remedy": concern.remedy(),
            "party": concern.party().name(),
        })
    });
    json!({
        "ready": readiness.is_ready(),
        "done": done,
        "of": of,
        "concerns": concerns.collect::<Vec<_>>(),
    })
}

fn row(row: &NumberRow) -> Value {
    let checks = Check::ALL.map(|check| {
        let (state, why) = match row.check(check) {
            CheckState::Open => ("open", None),
            CheckState::Failed(why) => ("failed", Some(why)),
            CheckState::Passed(_) => ("passed", None),
            CheckState::Waived(why) => ("waived", Some(why)),
        };
        json!({ "check": check.to_string(), "state": state, "why": why })
    });
    let alerts = row
        .open_alerts()
        .map(|(id, text)| json!({ "alert": id, "text": text }));
    json!({
        "number": row.number().as_str(),
        "arrived": row.arrived(),
        "elsewhere": row.elsewhere().map(|account| account.masked()),
        "checks": checks,
        "alerts": alerts.collect::<Vec<_>>(),
    })
}

/// An urgency, for programs.
pub(crate) fn urgency(urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Emergency => "emergency",
        Urgency::Overdue => "overdue",
        Urgency::Alarm => "alarm",
        Urgency::ChaseDue => "chase_due",
        Urgency::Now => "now",
        Urgency::Waiting => "waiting",
    }
}

fn item(item: &WorkItem) -> Value {
    let paste = item.paste_ready.as_ref().map(
        |paste| json!({ "to": paste.to.name(), "subject": paste.subject, "body": paste.body }),
    );
    json!({
        "request": item.request.as_str(),
        "state": item.status.name(),
        "urgency": urgency(item.urgency),
        "waiting": waiting(&item.waiting),
        "text": item.text(&English),
        "due": item.due.map(|due| due.at),
        "deadline": item.deadline,
        "claimed_by": item.claimed_by.as_ref().map(|claim| claim.by.name()),
        "trouble": item.trouble.as_ref().map(trouble),
        "paste": paste,
    })
}

fn trouble(trouble: &StoredTrouble) -> Value {
    json!({
        "kind": trouble.kind.name(),
        "text": trouble.text,
        "since": trouble.since,
        "times": trouble.times,
    })
}

/// The work list.
pub(crate) fn work(list: &WorkList) -> Value {
    let unreadable = list
        .unreadable
        .iter()
        .map(|(id, why)| json!({ "request": id.as_str(), "why": why.to_string() }));
    json!({
        "items": list.items.iter().map(item).collect::<Vec<_>>(),
        "unreadable": unreadable.collect::<Vec<_>>(),
    })
}

/// What was found, and where the next page begins.
pub(crate) fn found(found: &[Found], limit: usize) -> Value {
    let ports = found.iter().map(|found| {
        json!({
            "id": found.row.id.as_str(),
            "state": found.row.status.name(),
            "order": found.row.order.as_ref().map(|order| order.as_str()),
            "numbers": found.row.numbers.len(),
            "waiting_on": found.row.waiting_on.map(|party| party.name()),
            "waiting_since": found.row.waiting_since,
            "due": found.row.due,
            "trouble": found.trouble.as_ref().map(trouble),
        })
    });
    let next = found.last().filter(|_| found.len() == limit);
    json!({
        "ports": ports.collect::<Vec<_>>(),
        "after": next.map(|last| last.row.id.as_str()),
    })
}

/// A part of a history, and where the next begins.
pub(crate) fn timeline(events: &[AcceptedEvent], limit: usize) -> Value {
    let entries = events.iter().map(|event| {
        let entry = event.entry();
        json!({
            "place": event.place(),
            "kind": entry.kind(),
            "text": entry.to_string(),
            "occurred_at": entry.occurred_at(),
            "recorded_at": entry.recorded_at(),
            "enters": entry.enters().map(|status| status.name()),
            "by": entry.by().map(|by| by.to_string()),
            "basis": entry.basis().map(|basis| basis.to_string()),
        })
    });
    let next = events.last().filter(|_| events.len() == limit);
    json!({
        "entries": entries.collect::<Vec<_>>(),
        "from": next.map(|last| last.place() + 1),
    })
}
