//! Commits.

use rusqlite::{Connection, params};

use super::failure::Outcome;
use super::numbers;
use super::value::{self, kept, micros};
use crate::id::PortRequestId;
use crate::store::{Revision, StoreError, Write};

/// A request as it is before a commit.
struct Before {
    revision: Revision,
    entries: usize,
    woken: Option<i64>,
}

pub(super) fn commit(conn: &Connection, writes: &[Write]) -> Outcome<Vec<Revision>> {
    let mut woken = Vec::with_capacity(writes.len());
    for (place, write) in writes.iter().enumerate() {
        let id = &write.row.id;
        let before = before(conn, id)?;
        let (revision, entries) = before
            .as_ref()
            .map_or((None, 0), |before| (Some(before.revision), before.entries));
        let twice = writes[..place].iter().any(|earlier| earlier.row.id == *id);
        if twice || revision != write.expected || entries != write.known {
            return Err(StoreError::Conflict { id: id.clone() }.into());
        }
        woken.push(before.and_then(|before| before.woken));
    }
    let changes = numbers::changes(conn, writes)?;
    for (write, woken) in writes.iter().zip(woken) {
        put(conn, write, woken)?;
        append(conn, write)?;
    }
    numbers::put(conn, &changes)?;
    Ok(writes.iter().map(Write::makes).collect())
}

fn before(conn: &Connection, id: &PortRequestId) -> Outcome<Option<Before>> {
    let sql = "SELECT revision, entries, woken FROM requests WHERE id = ?1";
    let mut select = conn.prepare_cached(sql)?;
    let mut rows = select.query([id.as_str()])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    Ok(Some(Before {
        revision: value::revision(row)?,
        entries: value::count(row, "entries")?,
        woken: value::cell(row, "woken")?,
    }))
}

fn put(conn: &Connection, write: &Write, woken: Option<i64>) -> Outcome<()> {
    let sql = "INSERT INTO requests (id, revision, entries, carrier, status, order_ref, \
               holds_numbers, waiting_on, waiting_since, due, draft) \
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) \
               ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, \
               entries = excluded.entries, carrier = excluded.carrier, status = excluded.status, \
               order_ref = excluded.order_ref, holds_numbers = excluded.holds_numbers, \
               waiting_on = excluded.waiting_on, waiting_since = excluded.waiting_since, \
               due = excluded.due, draft = excluded.draft";
    let row = &write.row;
    let due = row.due.map(micros);
    let due = due.map(|due| woken.map_or(due, |woken| woken.min(due)));
    conn.prepare_cached(sql)?.execute(params![
        row.id.as_str(),
        kept(write.makes().number()),
        kept(write.known + write.events.len()),
        row.carrier.as_str(),
        row.status.name(),
        row.order.as_ref().map(|order| order.as_str()),
        row.holds_numbers,
        row.waiting_on.map(|party| party.name()),
        row.waiting_since.map(micros),
        due,
        row.draft,
    ])?;
    Ok(())
}

/// Adds what is new to the history, which is the outbox at the same time.
fn append(conn: &Connection, write: &Write) -> Outcome<()> {
    let sql = "INSERT INTO events (request, entry, bytes) VALUES (?1, ?2, ?3)";
    let mut insert = conn.prepare_cached(sql)?;
    for (entry, bytes) in (write.known..).zip(&write.events) {
        insert.execute(params![write.row.id.as_str(), kept(entry), bytes])?;
    }
    Ok(())
}
