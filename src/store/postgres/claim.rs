//! How workers share what is due, and how far observers have come. Each is one statement, which
//! lasts by itself.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use deadpool_postgres::Client;
use tokio_postgres::types::ToSql;

use super::error::during;
use super::row::{Cells, limit, rows, time};
use super::schema::{KNOWN, known};
use crate::id::{CarrierId, ObserverId, PortRequestId};
use crate::store::{ClaimAsk, Claimed, GiveBack, Lease, Position, StoreError};

/// Per carrier, the index is walked from what is due first, and again from what is due only beyond
/// the horizon; what others hold is stepped over. Nothing that is due later is looked at.
const CLAIM: &str = "
    WITH picked AS MATERIALIZED (
        SELECT next.id FROM unnest($1::text[]) AS asked (carrier)
        CROSS JOIN (VALUES ('-infinity'::timestamptz, $2::timestamptz),
                           (GREATEST($3::timestamptz, $2), 'infinity')) AS span (above, upto)
        CROSS JOIN LATERAL (
            SELECT r.id, r.due FROM snap_port_requests r
            WHERE r.carrier = asked.carrier AND r.due > span.above AND r.due <= span.upto
                AND (r.leased_until IS NULL OR r.leased_until <= $2 OR r.leased_until > $3)
            ORDER BY r.due, r.id LIMIT $4 FOR UPDATE SKIP LOCKED
        ) AS next
        WHERE (SELECT version FROM snap_port_schema) <= $7
        ORDER BY next.due, next.id LIMIT $4
    ), claimed AS (
        UPDATE snap_port_requests r
        SET token = token + 1, worker = $5, leased_until = $6, woken = NULL
        WHERE r.id = ANY (ARRAY(SELECT id FROM picked))
        RETURNING r.*
    )
    SELECT s.version, c.id, c.token, c.due,
        c.trouble_kind, c.trouble_text, c.trouble_since, c.trouble_times
    FROM snap_port_schema s LEFT JOIN claimed c ON true ORDER BY c.due, c.id";

pub(super) async fn claim(client: &Client, ask: &ClaimAsk) -> Result<Vec<Claimed>, StoreError> {
    let mut carriers: Vec<_> = ask.carriers.iter().map(CarrierId::as_str).collect();
    carriers.sort_unstable();
    carriers.dedup();
    let values: [&(dyn ToSql + Sync); 7] = [
        &carriers,
        &time(ask.now),
        &time(ask.horizon),
        &limit(ask.limit),
        &ask.worker.as_str(),
        &time(ask.until),
        &KNOWN,
    ];
    let rows = rows(client, CLAIM, &values, during).await?;
    let mut claimed = Vec::with_capacity(rows.len());
    for cells in rows.iter().map(Cells) {
        known(cells.get("version")?)?;
        if cells.get::<Option<&str>>("id")?.is_some() {
            claimed.push(Claimed {
                lease: lease(&cells)?,
                due: cells.get("due")?,
                trouble: cells.trouble(),
            });
        }
    }
    Ok(claimed)
}

fn lease(cells: &Cells<'_>) -> Result<Lease, StoreError> {
    Ok(Lease {
        request: cells.request("id")?,
        token: cells.get::<i64>("token")?.cast_unsigned(),
    })
}

pub(super) async fn renew(
    client: &Client,
    leases: &[Lease],
    until: DateTime<Utc>,
) -> Result<Vec<Lease>, StoreError> {
    // Locked in the order of names, as everywhere, so that two who take several wait in a line.
    let sql = "
        WITH held AS MATERIALIZED (
            SELECT r.id FROM unnest($1::text[], $2::bigint[]) AS lease (id, token)
            JOIN snap_port_requests r USING (id, token)
            WHERE r.leased_until IS NOT NULL ORDER BY r.id FOR UPDATE OF r
        )
        UPDATE snap_port_requests SET leased_until = $3
        WHERE id = ANY (ARRAY(SELECT id FROM held)) RETURNING id, token";
    let ids: Vec<_> = leases.iter().map(|lease| lease.request.as_str()).collect();
    let tokens: Vec<_> = leases
        .iter()
        .map(|lease| lease.token.cast_signed())
        .collect();
    let rows = rows(client, sql, &[&ids, &tokens, &time(until)], during).await?;
    let held: HashSet<_> = rows
        .iter()
        .map(|row| lease(&Cells(row)))
        .collect::<Result<_, _>>()?;
    let held = leases.iter().filter(|lease| held.contains(lease));
    Ok(held.cloned().collect())
}

pub(super) async fn give_back(
    client: &Client,
    lease: &Lease,
    back: &GiveBack,
) -> Result<(), StoreError> {
    // Where another revision was written, its writer knew better than the worker whether anything
    // is due. No revision differs from NULL, which stands for any.
    let sql = "
        UPDATE snap_port_requests SET worker = NULL, leased_until = NULL,
            trouble_kind = $5, trouble_text = $6, trouble_since = $7, trouble_times = $8,
            due = CASE
                WHEN revision <> $3 AND due IS NULL THEN NULL
                WHEN revision <> $3 THEN LEAST(due, $4::timestamptz, woken)
                WHEN $4 IS NULL THEN NULL
                ELSE LEAST($4, woken)
            END
        WHERE id = $1 AND token = $2 AND leased_until IS NOT NULL RETURNING id";
    let trouble = back.trouble.as_ref();
    let values: [&(dyn ToSql + Sync); 8] = [
        &lease.request.as_str(),
        &lease.token.cast_signed(),
        &back.seen.map(|seen| seen.number().cast_signed()),
        &back.due.map(time),
        &trouble.map(|trouble| trouble.kind.name()),
        &trouble.map(|trouble| trouble.text.as_bytes()),
        &trouble.map(|trouble| time(trouble.since)),
        &trouble.map(|trouble| i64::from(trouble.times)),
    ];
    if rows(client, sql, &values, during).await?.is_empty() {
        let id = lease.request.clone();
        return Err(StoreError::LeaseLost { id });
    }
    Ok(())
}

pub(super) async fn wake(
    client: &Client,
    ids: &[PortRequestId],
    at: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let sql = "
        WITH meant AS MATERIALIZED (
            SELECT id FROM snap_port_requests
            WHERE id = ANY ($1) AND due IS NOT NULL ORDER BY id FOR UPDATE
        )
        UPDATE snap_port_requests SET due = LEAST(due, $2), woken = LEAST(woken, $2)
        WHERE id = ANY (ARRAY(SELECT id FROM meant)) RETURNING id";
    let names: Vec<_> = ids.iter().map(PortRequestId::as_str).collect();
    let rows = rows(client, sql, &[&names, &time(at)], during).await?;
    let woken: HashSet<_> = rows
        .iter()
        .map(|row| Cells(row).request("id"))
        .collect::<Result<_, _>>()?;
    Ok(ids.iter().filter(|id| woken.contains(id)).count())
}

pub(super) async fn move_cursor(
    client: &Client,
    observer: &ObserverId,
    from: Position,
    to: Position,
) -> Result<bool, StoreError> {
    // One that is not known stands at the start.
    let sql = "
        WITH moved AS (
            UPDATE snap_port_cursors SET position = $3 WHERE observer = $1 AND position = $2
            RETURNING 1
        ), made AS (
            INSERT INTO snap_port_cursors (observer, position) SELECT $1, $3 WHERE $2 = 0
            ON CONFLICT DO NOTHING RETURNING 1
        )
        SELECT 1 FROM moved UNION ALL SELECT 1 FROM made";
    let (from, to) = (from.number().cast_signed(), to.number().cast_signed());
    let values: [&(dyn ToSql + Sync); 3] = [&observer.as_str(), &from, &to];
    Ok(!rows(client, sql, &values, during).await?.is_empty())
}
