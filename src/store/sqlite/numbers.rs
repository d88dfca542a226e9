//! Which request holds which number.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, params};

use super::failure::Outcome;
use super::value::{self, kept};
use crate::id::PortRequestId;
use crate::number::PhoneNumber;
use crate::store::{RequestRow, StoreError, Write};

/// A request whose list becomes another.
pub(super) struct Change<'a> {
    id: &'a PortRequestId,
    listed: Vec<Listed>,
}

/// A number in its place, and whether it is held.
type Listed = (PhoneNumber, bool);

/// The lists that `writes` change.
///
/// # Errors
/// [`StoreError::NumberTaken`] by what would be held after all of them.
pub(super) fn changes<'a>(conn: &Connection, writes: &'a [Write]) -> Outcome<Vec<Change<'a>>> {
    let mut changes = Vec::new();
    let mut taken: HashMap<PhoneNumber, &PortRequestId> = HashMap::new();
    for write in writes {
        let (id, listed) = (&write.row.id, listed(&write.row));
        let same = listed == stored(conn, id)?;
        for (number, _) in listed.iter().filter(|(_, held)| *held) {
            // What this request holds already, nobody outside can.
            let outside = if same { None } else { holder(conn, *number)? };
            let outside = outside.filter(|by| writes.iter().all(|write| write.row.id != *by));
            if let Some(by) = outside.or_else(|| taken.get(number).map(|by| (*by).clone())) {
                let number = *number;
                return Err(StoreError::NumberTaken { number, by }.into());
            }
            taken.insert(*number, id);
        }
        if !same {
            changes.push(Change { id, listed });
        }
    }
    Ok(changes)
}

/// A list as it is kept. One that names a number twice holds it once.
fn listed(row: &RequestRow) -> Vec<Listed> {
    let mut seen = HashSet::new();
    let numbers = row.numbers.iter().copied();
    numbers
        .map(|number| (number, row.holds_numbers && seen.insert(number)))
        .collect()
}

fn stored(conn: &Connection, id: &PortRequestId) -> Outcome<Vec<Listed>> {
    let sql = "SELECT number, held FROM request_numbers WHERE request = ?1 ORDER BY place";
    let mut select = conn.prepare_cached(sql)?;
    let mut rows = select.query([id.as_str()])?;
    let mut stored = Vec::new();
    while let Some(row) = rows.next()? {
        stored.push((value::number(row)?, value::cell(row, "held")?));
    }
    Ok(stored)
}

fn holder(conn: &Connection, number: PhoneNumber) -> Outcome<Option<PortRequestId>> {
    let sql = "SELECT request FROM request_numbers WHERE number = ?1 AND held = 1";
    let mut select = conn.prepare_cached(sql)?;
    let mut rows = select.query([number.as_str()])?;
    let row = rows.next()?;
    row.map(|row| value::request_id(row, "request")).transpose()
}

pub(super) fn put(conn: &Connection, changes: &[Change<'_>]) -> Outcome<()> {
    // All are let go before any is held: they may pass from one to another.
    let mut delete = conn.prepare_cached("DELETE FROM request_numbers WHERE request = ?1")?;
    for change in changes {
        delete.execute([change.id.as_str()])?;
    }
    let sql = "INSERT INTO request_numbers (request, place, number, held) VALUES (?1, ?2, ?3, ?4)";
    let mut insert = conn.prepare_cached(sql)?;
    for change in changes {
        for (place, (number, held)) in change.listed.iter().enumerate() {
            insert.execute(params![
                change.id.as_str(),
                kept(place),
                number.as_str(),
                held
            ])?;
        }
    }
    Ok(())
}
