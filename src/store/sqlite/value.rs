//! Columns as values of ours, and back.

use chrono::{DateTime, Utc};
use rusqlite::types::FromSql;
use rusqlite::{Connection, Row};

use super::failure::{Outcome, corrupt, unreadable};
use crate::id::{CarrierId, OrderRef, PortRequestId, WorkerId};
use crate::number::PhoneNumber;
use crate::people::Party;
use crate::request::Status;
use crate::store::{RequestRow, Revision, StoredTrouble, TroubleKind};

/// What [`request_row`], [`trouble`], [`leased`] and [`revision`] read.
pub(super) const COLUMNS: &str = "id, revision, entries, carrier, status, order_ref, \
     holds_numbers, waiting_on, waiting_since, due, leased_by, leased_until, trouble, \
     trouble_text, trouble_since, trouble_times, draft";

/// A time as it is kept: microseconds since 1970. They reach beyond both ends of the calendar.
pub(super) fn micros(time: DateTime<Utc>) -> i64 {
    time.timestamp_micros()
}

/// What is kept in a column.
pub(super) fn cell<T: FromSql>(row: &Row<'_>, column: &str) -> Outcome<T> {
    row.get(column).map_err(|error| match unreadable(&error) {
        Some(wrong) => corrupt(column, wrong),
        None => error.into(),
    })
}

pub(super) fn time(row: &Row<'_>, column: &str) -> Outcome<Option<DateTime<Utc>>> {
    let micros: Option<i64> = cell(row, column)?;
    let time = DateTime::from_timestamp_micros;
    let read = |micros| time(micros).ok_or_else(|| corrupt(column, "a time beyond the calendar"));
    micros.map(read).transpose()
}

/// A count or a limit as SQLite knows them; none that was counted comes near the end.
pub(super) fn kept(count: impl TryInto<i64>) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}

/// A count that was kept.
pub(super) fn count<T: TryFrom<i64>>(row: &Row<'_>, column: &str) -> Outcome<T> {
    let count: i64 = cell(row, column)?;
    T::try_from(count).map_err(|_| corrupt(column, "a number out of range"))
}

fn maybe<T>(
    row: &Row<'_>,
    column: &str,
    read: impl FnOnce(&str) -> Option<T>,
) -> Outcome<Option<T>> {
    let text: Option<String> = cell(row, column)?;
    let read = |text: String| read(&text).ok_or_else(|| corrupt(column, "text of another form"));
    text.map(read).transpose()
}

fn text<T>(row: &Row<'_>, column: &str, read: impl FnOnce(&str) -> Option<T>) -> Outcome<T> {
    maybe(row, column, read)?.ok_or_else(|| corrupt(column, "nothing"))
}

pub(super) fn request_id(row: &Row<'_>, column: &str) -> Outcome<PortRequestId> {
    text(row, column, |text| PortRequestId::parse(text).ok())
}

pub(super) fn number(row: &Row<'_>) -> Outcome<PhoneNumber> {
    text(row, "number", |text| PhoneNumber::from_e164(text).ok())
}

pub(super) fn revision(row: &Row<'_>) -> Outcome<Revision> {
    Ok(Revision::from_number(count(row, "revision")?))
}

/// A request's row, its numbers read as well.
pub(super) fn request_row(conn: &Connection, row: &Row<'_>) -> Outcome<RequestRow> {
    let id = request_id(row, "id")?;
    let numbers = numbers(conn, &id)?;
    Ok(RequestRow {
        id,
        carrier: text(row, "carrier", |text| CarrierId::parse(text).ok())?,
        status: text(row, "status", Status::from_name)?,
        order: maybe(row, "order_ref", |text| OrderRef::parse(text).ok())?,
        numbers,
        holds_numbers: cell(row, "holds_numbers")?,
        waiting_on: maybe(row, "waiting_on", Party::from_name)?,
        waiting_since: time(row, "waiting_since")?,
        due: time(row, "due")?,
        draft: cell(row, "draft")?,
    })
}

fn numbers(conn: &Connection, id: &PortRequestId) -> Outcome<Vec<PhoneNumber>> {
    let sql = "SELECT number FROM request_numbers WHERE request = ?1 ORDER BY place";
    let mut select = conn.prepare_cached(sql)?;
    let mut rows = select.query([id.as_str()])?;
    let mut numbers = Vec::new();
    while let Some(row) = rows.next()? {
        numbers.push(number(row)?);
    }
    Ok(numbers)
}

/// What stands in the way; none that this version cannot read. It is only what a worker left, and
/// must not keep the rest from being read.
pub(super) fn trouble(row: &Row<'_>) -> Option<StoredTrouble> {
    Some(StoredTrouble {
        kind: maybe(row, "trouble", TroubleKind::from_name).ok()??,
        text: cell(row, "trouble_text").ok()?,
        since: time(row, "trouble_since").ok()??,
        times: count(row, "trouble_times").ok()?,
    })
}

pub(super) fn leased(row: &Row<'_>) -> Outcome<Option<(WorkerId, DateTime<Utc>)>> {
    let worker = maybe(row, "leased_by", |text| WorkerId::parse(text).ok())?;
    Ok(worker.zip(time(row, "leased_until")?))
}
