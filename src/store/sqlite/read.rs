//! Reading requests, histories, the outbox.

use rusqlite::{Connection, Row, ToSql, params};

use super::failure::{Outcome, corrupt};
use super::value::{self, COLUMNS, kept};
use crate::id::{ObserverId, PortRequestId};
use crate::store::{Find, Found, Page, PlacedEvent, Position, StoredRequest};

pub(super) fn get(conn: &Connection, id: &PortRequestId) -> Outcome<Option<StoredRequest>> {
    let sql = format!("SELECT {COLUMNS} FROM requests WHERE id = ?1");
    let mut select = conn.prepare_cached(&sql)?;
    let mut rows = select.query([id.as_str()])?;
    let Some(row) = rows.next()? else {
        return Ok(None);
    };
    let events = history(conn, id, 0, usize::MAX)?;
    let entries: usize = value::count(row, "entries")?;
    if events.len() != entries {
        return Err(corrupt("entries", "another count than the history has"));
    }
    Ok(Some(StoredRequest {
        row: value::request_row(conn, row)?,
        revision: value::revision(row)?,
        trouble: value::trouble(row),
        events,
    }))
}

pub(super) fn history(
    conn: &Connection,
    id: &PortRequestId,
    from: usize,
    limit: usize,
) -> Outcome<Vec<Vec<u8>>> {
    let sql = "SELECT bytes FROM events WHERE request = ?1 AND entry >= ?2 ORDER BY entry LIMIT ?3";
    let mut select = conn.prepare_cached(sql)?;
    let mut rows = select.query(params![id.as_str(), kept(from), kept(limit)])?;
    let mut history = Vec::new();
    while let Some(row) = rows.next()? {
        history.push(value::cell(row, "bytes")?);
    }
    Ok(history)
}

/// The condition that a search adds, and what is bound to it from `?3` on.
pub(super) fn condition(find: &Find) -> (&'static str, Vec<&str>) {
    match find {
        Find::All => ("", vec![]),
        Find::Status(status) => ("AND status = ?3", vec![status.name()]),
        Find::Waiting => ("AND waiting_on IS NOT NULL", vec![]),
        Find::WaitingOn(party) => ("AND waiting_on = ?3", vec![party.name()]),
        Find::Order(carrier, order) => (
            "AND order_ref = ?3 AND carrier = ?4",
            vec![order.as_str(), carrier.as_str()],
        ),
        Find::Number(number) => (
            "AND id IN (SELECT request FROM request_numbers WHERE number = ?3)",
            vec![number.as_str()],
        ),
        Find::Troubled => ("AND trouble IS NOT NULL", vec![]),
    }
}

pub(super) fn search(condition: &str) -> String {
    format!("SELECT {COLUMNS} FROM requests WHERE id > ?1 {condition} ORDER BY id LIMIT ?2")
}

pub(super) fn find(conn: &Connection, find: &Find, page: &Page) -> Outcome<Vec<Found>> {
    let (condition, values) = condition(find);
    // No name is empty.
    let after = page.after.as_ref().map_or("", PortRequestId::as_str);
    let limit = kept(page.limit);
    let mut bound: Vec<&dyn ToSql> = vec![&after, &limit];
    bound.extend(values.iter().map(|value| value as &dyn ToSql));
    let mut select = conn.prepare_cached(&search(condition))?;
    let mut rows = select.query(&bound[..])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(Found {
            row: value::request_row(conn, row)?,
            revision: value::revision(row)?,
            trouble: value::trouble(row),
            leased: value::leased(row)?,
        });
    }
    Ok(found)
}

pub(super) fn events(
    conn: &Connection,
    after: Position,
    limit: usize,
) -> Outcome<Vec<PlacedEvent>> {
    let sql = "SELECT position, request, entry, bytes FROM events WHERE position > ?1 \
               ORDER BY position LIMIT ?2";
    let mut select = conn.prepare_cached(sql)?;
    let mut rows = select.query(params![kept(after.number()), kept(limit)])?;
    let mut events = Vec::new();
    while let Some(row) = rows.next()? {
        events.push(placed(row)?);
    }
    Ok(events)
}

fn placed(row: &Row<'_>) -> Outcome<PlacedEvent> {
    Ok(PlacedEvent {
        position: Position::from_number(value::count(row, "position")?),
        request: value::request_id(row, "request")?,
        entry: value::count(row, "entry")?,
        bytes: value::cell(row, "bytes")?,
    })
}

pub(super) fn cursor(conn: &Connection, observer: &ObserverId) -> Outcome<Position> {
    let sql = "SELECT position FROM observers WHERE observer = ?1";
    let mut select = conn.prepare_cached(sql)?;
    let mut rows = select.query([observer.as_str()])?;
    // Kept bit by bit: a position that is no entry's may be beyond what SQLite counts to.
    Ok(match rows.next()? {
        Some(row) => Position::from_number(value::cell::<i64>(row, "position")?.cast_unsigned()),
        None => Position::START,
    })
}

pub(super) fn move_cursor(
    conn: &Connection,
    observer: &ObserverId,
    from: Position,
    to: Position,
) -> Outcome<bool> {
    if cursor(conn, observer)? != from {
        return Ok(false);
    }
    let sql = "INSERT INTO observers (observer, position) VALUES (?1, ?2) \
               ON CONFLICT (observer) DO UPDATE SET position = excluded.position";
    let to = to.number().cast_signed();
    conn.prepare_cached(sql)?
        .execute(params![observer.as_str(), to])?;
    Ok(true)
}
