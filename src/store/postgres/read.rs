//! What changes nothing.

use deadpool_postgres::Client;
use tokio_postgres::types::ToSql;

use super::error::before;
use super::row::{COLUMNS, Cells, limit, rows};
use crate::id::{ObserverId, PortRequestId};
use crate::store::{Find, Found, Page, PlacedEvent, Position, StoreError, StoredRequest};

pub(super) async fn get(
    client: &Client,
    id: &PortRequestId,
) -> Result<Option<StoredRequest>, StoreError> {
    // One statement sees one state, so the row and the history are of one revision.
    let sql = format!(
        "SELECT {COLUMNS}, ARRAY(SELECT e.bytes FROM snap_port_events e WHERE e.request = r.id \
         ORDER BY e.entry) AS events FROM snap_port_requests r WHERE r.id = $1"
    );
    let rows = rows(client, &sql, &[&id.as_str()], before).await?;
    let Some(cells) = rows.first().map(Cells) else {
        return Ok(None);
    };
    let stored = StoredRequest {
        row: cells.row()?,
        revision: cells.revision()?,
        trouble: cells.trouble(),
        events: cells.get("events")?,
    };
    if stored.events.len() == cells.count("entries")? {
        Ok(Some(stored))
    } else {
        Err(cells.corrupt("the number of entries"))
    }
}

pub(super) async fn find(
    client: &Client,
    find: &Find,
    page: &Page,
) -> Result<Vec<Found>, StoreError> {
    // No name is empty, so every one comes after the empty one.
    let after = page.after.as_ref().map_or("", PortRequestId::as_str);
    let limit = limit(page.limit);
    let (also, sought): (&str, Vec<&str>) = match find {
        Find::All => ("", vec![]),
        Find::Status(status) => ("AND r.status = $3", vec![status.name()]),
        Find::Waiting => ("AND r.waiting_on IS NOT NULL", vec![]),
        Find::WaitingOn(party) => ("AND r.waiting_on = $3", vec![party.name()]),
        Find::Order(carrier, order) => (
            "AND r.carrier = $3 AND r.order_ref = $4",
            vec![carrier.as_str(), order.as_str()],
        ),
        Find::Number(number) => (
            "AND r.id IN (SELECT n.request FROM snap_port_numbers n WHERE n.number = $3)",
            vec![number.as_str()],
        ),
        Find::Troubled => ("AND r.trouble_kind IS NOT NULL", vec![]),
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM snap_port_requests r WHERE r.id > $1 {also} ORDER BY r.id LIMIT $2"
    );
    let mut values: Vec<&(dyn ToSql + Sync)> = vec![&after, &limit];
    values.extend(sought.iter().map(|value| value as &(dyn ToSql + Sync)));
    let rows = rows(client, &sql, &values, before).await?;
    rows.iter().map(|row| Cells(row).found()).collect()
}

pub(super) async fn history(
    client: &Client,
    id: &PortRequestId,
    from: usize,
    entries: usize,
) -> Result<Vec<Vec<u8>>, StoreError> {
    let sql = "SELECT request, bytes FROM snap_port_events WHERE request = $1 AND entry >= $2 \
               ORDER BY entry LIMIT $3";
    let values: [&(dyn ToSql + Sync); 3] = [&id.as_str(), &limit(from), &limit(entries)];
    let rows = rows(client, sql, &values, before).await?;
    rows.iter().map(|row| Cells(row).get("bytes")).collect()
}

pub(super) async fn events(
    client: &Client,
    after: Position,
    entries: usize,
) -> Result<Vec<PlacedEvent>, StoreError> {
    let sql = "SELECT position, request, entry, bytes FROM snap_port_events WHERE position > $1 \
               ORDER BY position LIMIT $2";
    let after = i64::try_from(after.number()).unwrap_or(i64::MAX);
    let rows = rows(client, sql, &[&after, &limit(entries)], before).await?;
    rows.iter().map(|row| placed(&Cells(row))).collect()
}

fn placed(cells: &Cells<'_>) -> Result<PlacedEvent, StoreError> {
    Ok(PlacedEvent {
        position: position(cells)?,
        request: cells.request("request")?,
        entry: cells.count("entry")?,
        bytes: cells.get("bytes")?,
    })
}

fn position(cells: &Cells<'_>) -> Result<Position, StoreError> {
    let number: i64 = cells.get("position")?;
    Ok(Position::from_number(number.cast_unsigned()))
}

pub(super) async fn cursor(client: &Client, observer: &ObserverId) -> Result<Position, StoreError> {
    let sql = "SELECT position FROM snap_port_cursors WHERE observer = $1";
    let rows = rows(client, sql, &[&observer.as_str()], before).await?;
    let there = rows.first().map(|row| position(&Cells(row)));
    there.unwrap_or(Ok(Position::START))
}
