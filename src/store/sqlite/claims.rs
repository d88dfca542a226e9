//! Claims: who works at what.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

use super::failure::{Outcome, corrupt};
use super::value::{self, kept, micros};
use crate::id::{CarrierId, PortRequestId};
use crate::store::{ClaimAsk, Claimed, GiveBack, Lease, StoreError};

/// A request that is due, and when it is.
type Due = (i64, String);

pub(super) fn claim(conn: &Connection, ask: &ClaimAsk) -> Outcome<Vec<Claimed>> {
    let carriers: BTreeSet<&CarrierId> = ask.carriers.iter().collect();
    let mut due = Vec::new();
    for carrier in carriers {
        due.extend(of_carrier(conn, carrier, ask)?);
    }
    // By time and then name, over all carriers.
    due.sort_unstable();
    due.truncate(ask.limit);
    due.iter().map(|(_, id)| take(conn, id, ask)).collect()
}

/// The first requests of one carrier that are due within a time and nobody's.
pub(super) const DUE: &str = "SELECT due, id FROM requests \
     WHERE carrier = ?1 AND due > ?2 AND due <= ?3 \
     AND (leased_until IS NULL OR leased_until <= ?4 OR leased_until > ?5) \
     ORDER BY due, id LIMIT ?6";

fn of_carrier(conn: &Connection, carrier: &CarrierId, ask: &ClaimAsk) -> Outcome<Vec<Due>> {
    let (now, horizon) = (micros(ask.now), micros(ask.horizon));
    let mut select = conn.prepare_cached(DUE)?;
    let mut due = Vec::new();
    for (after, until) in [(i64::MIN, now), (horizon.max(now), i64::MAX)] {
        let bound = params![
            carrier.as_str(),
            after,
            until,
            now,
            horizon,
            kept(ask.limit)
        ];
        let mut rows = select.query(bound)?;
        while let Some(row) = rows.next()? {
            due.push((value::cell(row, "due")?, value::cell(row, "id")?));
        }
    }
    Ok(due)
}

fn take(conn: &Connection, id: &str, ask: &ClaimAsk) -> Outcome<Claimed> {
    let sql = "UPDATE requests SET token = token + 1, leased_by = ?2, leased_until = ?3, \
               woken = NULL WHERE id = ?1 RETURNING id, token, due, trouble, trouble_text, \
               trouble_since, trouble_times";
    let mut update = conn.prepare_cached(sql)?;
    let mut rows = update.query(params![id, ask.worker.as_str(), micros(ask.until)])?;
    let row = rows.next()?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    let claimed = Claimed {
        lease: Lease {
            request: value::request_id(row, "id")?,
            token: value::count(row, "token")?,
        },
        due: value::time(row, "due")?.ok_or_else(|| corrupt("due", "nothing"))?,
        trouble: value::trouble(row),
    };
    // To its end, so that it is surely carried out.
    while rows.next()?.is_some() {}
    Ok(claimed)
}

pub(super) fn renew(
    conn: &Connection,
    leases: &[Lease],
    until: DateTime<Utc>,
) -> Outcome<Vec<Lease>> {
    let sql = "UPDATE requests SET leased_until = ?3 \
               WHERE id = ?1 AND token = ?2 AND leased_by IS NOT NULL";
    let mut update = conn.prepare_cached(sql)?;
    let mut held = Vec::new();
    for lease in leases {
        let bound = params![lease.request.as_str(), kept(lease.token), micros(until)];
        if update.execute(bound)? > 0 {
            held.push(lease.clone());
        }
    }
    Ok(held)
}

pub(super) fn give_back(conn: &Connection, lease: &Lease, back: &GiveBack) -> Outcome<()> {
    let id = &lease.request;
    let sql = "SELECT revision, due, woken FROM requests \
               WHERE id = ?1 AND token = ?2 AND leased_by IS NOT NULL";
    let mut select = conn.prepare_cached(sql)?;
    let mut rows = select.query(params![id.as_str(), kept(lease.token)])?;
    let Some(row) = rows.next()? else {
        return Err(StoreError::LeaseLost { id: id.clone() }.into());
    };
    let (due, woken) = (value::time(row, "due")?, value::time(row, "woken")?);
    let due = back.next_due(due, value::revision(row)?, woken);
    let trouble = back.trouble.as_ref();
    let sql = "UPDATE requests SET leased_by = NULL, leased_until = NULL, due = ?2, \
               trouble = ?3, trouble_text = ?4, trouble_since = ?5, trouble_times = ?6 \
               WHERE id = ?1";
    conn.prepare_cached(sql)?.execute(params![
        id.as_str(),
        due.map(micros),
        trouble.map(|trouble| trouble.kind.name()),
        trouble.map(|trouble| &trouble.text),
        trouble.map(|trouble| micros(trouble.since)),
        trouble.map(|trouble| trouble.times),
    ])?;
    Ok(())
}

pub(super) fn wake(conn: &Connection, ids: &[PortRequestId], at: DateTime<Utc>) -> Outcome<usize> {
    let sql = "UPDATE requests SET due = min(due, ?2), woken = min(ifnull(woken, ?2), ?2) \
               WHERE id = ?1 AND due IS NOT NULL";
    let mut update = conn.prepare_cached(sql)?;
    let mut woken = 0;
    for id in ids {
        woken += update.execute(params![id.as_str(), micros(at)])?;
    }
    Ok(woken)
}
