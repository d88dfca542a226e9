//! Writing requests: everything of a commit in one transaction.
//!
//! Locks are taken in one order by everybody: requests by name, then numbers by digits, then the
//! line that whoever adds entries waits in. Where the server ends a transaction for another one all
//! the same, it is begun again, since nothing of it was written.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use deadpool_postgres::{Client, Transaction};
use tokio::time::timeout;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, IsolationLevel};

use super::error::{Said, before, during, late_before, late_during, met_another};
use super::row::{Cells, time};
use super::schema::known;
use crate::id::PortRequestId;
use crate::number::PhoneNumber;
use crate::store::{Revision, StoreError, Write};

/// How often a commit that meets another one is tried.
pub(super) const TRIES: usize = 8;

/// Why a try came to nothing.
#[derive(Debug)]
pub(super) enum Stop {
    /// For good.
    Failed(StoreError),
    /// It met another commit, and nothing of it is left: it may be tried again.
    Met(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Failed(error)
    }
}

impl From<Error> for Stop {
    /// A failure before the COMMIT.
    fn from(error: Error) -> Self {
        if met_another(&error) {
            Self::Met(before(error))
        } else {
            Self::Failed(before(error))
        }
    }
}

/// Tries once. A connection that has not answered in time is given up.
pub(super) async fn attempt(
    mut client: Client,
    writes: &[Write],
    answer: Duration,
) -> Result<Vec<Revision>, Stop> {
    let late = match timeout(answer, write_all(&mut client, writes)).await {
        Ok(Err(stop)) => return Err(stop),
        Err(_) => late_before(answer),
        Ok(Ok(transaction)) => match timeout(answer, transaction.commit()).await {
            Ok(Ok(())) => return Ok(writes.iter().map(Write::makes).collect()),
            Ok(Err(error)) if met_another(&error) => return Err(Stop::Met(before(error))),
            Ok(Err(error)) => return Err(during(error).into()),
            Err(_) => late_during(answer),
        },
    };
    drop(Client::take(client));
    Err(late.into())
}

async fn write_all<'a>(client: &'a mut Client, writes: &[Write]) -> Result<Transaction<'a>, Stop> {
    let begun = client
        .build_transaction()
        .isolation_level(IsolationLevel::ReadCommitted)
        .read_only(false)
        .start();
    let transaction = begun.await?;
    let stored = lock(&transaction, writes).await?;
    if let Some(write) = first_changed(&stored, writes) {
        return Err(conflict(write));
    }
    let (new, old): (Vec<_>, Vec<_>) = writes.iter().partition(|write| write.expected.is_none());
    insert(&transaction, &new).await?;
    update(&transaction, &old).await?;
    let renumbered: Vec<_> = writes
        .iter()
        .filter(|write| match stored.get(&write.row.id) {
            Some(stored) => {
                stored.numbers != write.row.numbers
                    || stored.holds_numbers != write.row.holds_numbers
            }
            None => true,
        })
        .collect();
    if let Some(taken) = first_taken(&transaction, writes).await? {
        return Err(taken.into());
    }
    renumber(&transaction, writes, &renumbered).await?;
    append(&transaction, writes).await?;
    Ok(transaction)
}

fn conflict(write: &Write) -> Stop {
    let id = write.row.id.clone();
    Stop::Failed(StoreError::Conflict { id })
}

/// What is stored of a request that is written.
struct Stored {
    revision: Revision,
    entries: usize,
    numbers: Vec<PhoneNumber>,
    holds_numbers: bool,
}

/// Reads what is stored of the requests, and lets nobody else change it.
async fn lock(
    transaction: &Transaction<'_>,
    writes: &[Write],
) -> Result<HashMap<PortRequestId, Stored>, Stop> {
    let sql = "
        SELECT s.version, r.* FROM snap_port_schema s LEFT JOIN (
            SELECT id, revision, entries, numbers, holds_numbers FROM snap_port_requests
            WHERE id = ANY ($1) ORDER BY id FOR UPDATE
        ) r ON true";
    let sql = transaction.prepare_cached(sql).await?;
    let ids: Vec<_> = writes.iter().map(|write| write.row.id.as_str()).collect();
    let mut stored = HashMap::new();
    for row in transaction.query(&sql, &[&ids]).await? {
        let cells = Cells(&row);
        known(cells.get("version")?)?;
        if cells.get::<Option<&str>>("id")?.is_some() {
            let found = Stored {
                revision: cells.revision()?,
                entries: cells.count("entries")?,
                numbers: cells.numbers()?,
                holds_numbers: cells.get("holds_numbers")?,
            };
            stored.insert(cells.request("id")?, found);
        }
    }
    Ok(stored)
}

/// The first write that does not fit what is stored, or that comes second.
fn first_changed<'a>(
    stored: &HashMap<PortRequestId, Stored>,
    writes: &'a [Write],
) -> Option<&'a Write> {
    let mut seen = BTreeSet::new();
    writes.iter().find(|write| {
        let stored = stored.get(&write.row.id);
        stored.map(|stored| stored.revision) != write.expected
            || stored.map_or(0, |stored| stored.entries) != write.known
            || !seen.insert(&write.row.id)
    })
}

/// Rows that are written, column by column.
#[derive(Default)]
struct Columns<'a> {
    ids: Vec<&'a str>,
    expected: Vec<i64>,
    known: Vec<i64>,
    revisions: Vec<i64>,
    entries: Vec<i64>,
    carriers: Vec<&'a str>,
    statuses: Vec<&'a str>,
    orders: Vec<Option<&'a str>>,
    /// With blanks between them: arrays of arrays would have to be of one length.
    numbers: Vec<String>,
    holds: Vec<bool>,
    waiting_on: Vec<Option<&'a str>>,
    waiting_since: Vec<Option<chrono::DateTime<chrono::Utc>>>,
    due: Vec<Option<chrono::DateTime<chrono::Utc>>>,
    drafts: Vec<Option<&'a [u8]>>,
}

impl<'a> Columns<'a> {
    fn of(writes: &[&'a Write]) -> Result<Self, Stop> {
        let mut columns = Self::default();
        for write in writes {
            let row = &write.row;
            columns.ids.push(row.id.as_str());
            let expected = write.expected.map_or(0, Revision::number);
            columns.expected.push(expected.cast_signed());
            columns.known.push(place(write.known)?);
            columns.revisions.push(write.makes().number().cast_signed());
            columns
                .entries
                .push(place(write.known + write.events.len())?);
            columns.carriers.push(row.carrier.as_str());
            columns.statuses.push(row.status.name());
            columns
                .orders
                .push(row.order.as_ref().map(|order| order.as_str()));
            let numbers: Vec<_> = row.numbers.iter().map(PhoneNumber::as_str).collect();
            columns.numbers.push(numbers.join(" "));
            columns.holds.push(row.holds_numbers);
            columns
                .waiting_on
                .push(row.waiting_on.map(|party| party.name()));
            columns.waiting_since.push(row.waiting_since.map(time));
            columns.due.push(row.due.map(time));
            columns.drafts.push(row.draft.as_deref());
        }
        Ok(columns)
    }

    fn values(&self) -> [&(dyn ToSql + Sync); 12] {
        [
            &self.ids,
            &self.revisions,
            &self.entries,
            &self.carriers,
            &self.statuses,
            &self.orders,
            &self.numbers,
            &self.holds,
            &self.waiting_on,
            &self.waiting_since,
            &self.due,
            &self.drafts,
        ]
    }
}

/// A place in a history. No history is as long as what this refuses.
fn place(entry: usize) -> Result<i64, Stop> {
    i64::try_from(entry)
        .map_err(|_| StoreError::Backend(Said::new("a history is too long for PostgreSQL")).into())
}

/// The written rows as a table `w`.
macro_rules! written {
    ($more:literal, $names:literal) => {
        concat!(
            "unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], \
             $7::text[], $8::boolean[], $9::text[], $10::timestamptz[], $11::timestamptz[], \
             $12::bytea[]",
            $more,
            ") AS w (id, revision, entries, carrier, status, order_ref, numbers, holds_numbers, \
             waiting_on, waiting_since, due, draft",
            $names,
            ")"
        )
    };
}

async fn insert(transaction: &Transaction<'_>, writes: &[&Write]) -> Result<(), Stop> {
    if writes.is_empty() {
        return Ok(());
    }
    let sql = concat!(
        "INSERT INTO snap_port_requests (id, revision, entries, carrier, status, order_ref, \
         numbers, holds_numbers, waiting_on, waiting_since, due, draft) \
         SELECT id, revision, entries, carrier, status, order_ref, \
         string_to_array(numbers, ' '), holds_numbers, waiting_on, waiting_since, due, draft FROM ",
        written!("", ""),
        " ORDER BY id ON CONFLICT DO NOTHING RETURNING id"
    );
    let sql = transaction.prepare_cached(sql).await?;
    let columns = Columns::of(writes)?;
    let rows = transaction.query(&sql, &columns.values()).await?;
    let made = rows.iter().map(|row| Cells(row).request("id"));
    let made: BTreeSet<_> = made.collect::<Result<_, _>>()?;
    // Somebody else made the request since it was looked for.
    let other = writes.iter().find(|write| !made.contains(&write.row.id));
    other.map_or(Ok(()), |write| Err(conflict(write)))
}

async fn update(transaction: &Transaction<'_>, writes: &[&Write]) -> Result<(), Stop> {
    if writes.is_empty() {
        return Ok(());
    }
    let sql = concat!(
        "UPDATE snap_port_requests r SET revision = w.revision, entries = w.entries, \
         carrier = w.carrier, status = w.status, order_ref = w.order_ref, \
         numbers = string_to_array(w.numbers, ' '), holds_numbers = w.holds_numbers, \
         waiting_on = w.waiting_on, waiting_since = w.waiting_since, \
         due = CASE WHEN w.due IS NULL THEN NULL ELSE LEAST(w.due, r.woken) END, draft = w.draft \
         FROM ",
        written!(", $13::bigint[], $14::bigint[]", ", expected, known"),
        " WHERE r.id = w.id AND r.revision = w.expected AND r.entries = w.known RETURNING r.id"
    );
    let sql = transaction.prepare_cached(sql).await?;
    let columns = Columns::of(writes)?;
    let mut values = columns.values().to_vec();
    values.extend([&columns.expected as &(dyn ToSql + Sync), &columns.known]);
    let rows = transaction.query(&sql, &values).await?;
    let changed = rows.iter().map(|row| Cells(row).request("id"));
    let changed: BTreeSet<_> = changed.collect::<Result<_, _>>()?;
    let other = writes.iter().find(|write| !changed.contains(&write.row.id));
    other.map_or(Ok(()), |write| Err(conflict(write)))
}

/// The first number that another request would hold after the commit.
async fn first_taken(
    transaction: &Transaction<'_>,
    writes: &[Write],
) -> Result<Option<StoreError>, Stop> {
    let holding = || writes.iter().filter(|write| write.row.holds_numbers);
    let numbers = holding().flat_map(|write| &write.row.numbers);
    let numbers: Vec<_> = numbers.map(PhoneNumber::as_str).collect();
    if numbers.is_empty() {
        return Ok(None);
    }
    // What the written ones held is theirs no more; what they are to hold is added below.
    let sql = "SELECT number, request FROM snap_port_numbers \
               WHERE held AND number = ANY ($1) AND request <> ALL ($2)";
    let sql = transaction.prepare_cached(sql).await?;
    let ids: Vec<_> = writes.iter().map(|write| write.row.id.as_str()).collect();
    let rows = transaction.query(&sql, &[&numbers, &ids]).await?;
    let mut holders = BTreeMap::new();
    for cells in rows.iter().map(Cells) {
        holders.insert(cells.get::<&str>("number")?, cells.request("request")?);
    }
    for write in holding() {
        for number in &write.row.numbers {
            let by = holders.insert(number.as_str(), write.row.id.clone());
            if let Some(by) = by.filter(|by| *by != write.row.id) {
                return Ok(Some(StoreError::NumberTaken {
                    number: *number,
                    by,
                }));
            }
        }
    }
    Ok(None)
}

/// Writes down which numbers the `renumbered` ones list and hold.
async fn renumber(
    transaction: &Transaction<'_>,
    writes: &[Write],
    renumbered: &[&Write],
) -> Result<(), Stop> {
    if renumbered.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = renumbered
        .iter()
        .map(|write| write.row.id.as_str())
        .collect();
    let sql = "DELETE FROM snap_port_numbers WHERE request = ANY ($1)";
    let sql = transaction.prepare_cached(sql).await?;
    transaction.execute(&sql, &[&ids]).await?;
    let mut listed = BTreeMap::new();
    for write in renumbered {
        for number in &write.row.numbers {
            let key = (number.as_str(), write.row.id.as_str());
            listed.insert(key, write.row.holds_numbers);
        }
    }
    let numbers: Vec<_> = listed.keys().map(|(number, _)| *number).collect();
    let requests: Vec<_> = listed.keys().map(|(_, request)| *request).collect();
    let held: Vec<_> = listed.values().copied().collect();
    let sql = "INSERT INTO snap_port_numbers (number, request, held) \
               SELECT * FROM unnest($1::text[], $2::text[], $3::boolean[]) AS w (n, r, h) \
               ORDER BY n, r ON CONFLICT DO NOTHING";
    let sql = transaction.prepare_cached(sql).await?;
    let kept = transaction
        .execute(&sql, &[&numbers, &requests, &held])
        .await?;
    if usize::try_from(kept) == Ok(listed.len()) {
        return Ok(());
    }
    // Another commit has taken a number meanwhile; or it has ended without it by now.
    let taken = first_taken(transaction, writes).await?;
    let gone = || StoreError::Busy(Said::new("a number is passed from hand to hand"));
    Err(taken.map_or_else(|| Stop::Met(gone()), Stop::Failed))
}

async fn append(transaction: &Transaction<'_>, writes: &[Write]) -> Result<(), Stop> {
    let (mut requests, mut entries, mut bytes) = (Vec::new(), Vec::new(), Vec::new());
    for write in writes {
        for (entry, event) in (write.known..).zip(&write.events) {
            requests.push(write.row.id.as_str());
            entries.push(place(entry)?);
            bytes.push(event.as_slice());
        }
    }
    if entries.is_empty() {
        return Ok(());
    }
    // Last, because this holds up every other commit until the end of the transaction.
    let sql = "INSERT INTO snap_port_events (request, entry, bytes) \
               SELECT r, e, b FROM unnest($1::text[], $2::bigint[], $3::bytea[]) \
               WITH ORDINALITY AS w (r, e, b, place) ORDER BY place";
    let sql = transaction.prepare_cached(sql).await?;
    transaction
        .execute(&sql, &[&requests, &entries, &bytes])
        .await?;
    Ok(())
}
