//! Between columns and values.

use chrono::{DateTime, Utc};
use deadpool_postgres::Client;
use tokio_postgres::types::{FromSql, ToSql};
use tokio_postgres::{Error, Row};

use super::error::before;
use crate::id::PortRequestId;
use crate::number::PhoneNumber;
use crate::people::Party;
use crate::request::Status;
use crate::store::{Found, RequestRow, Revision, StoreError, StoredTrouble, TroubleKind};

/// What a request's row is read from, for `Cells::row` and the rest.
pub(super) const COLUMNS: &str = "r.id, r.revision, r.entries, r.carrier, r.status, r.order_ref, \
     r.numbers, r.holds_numbers, r.waiting_on, r.waiting_since, r.due, r.draft, r.worker, \
     r.leased_until, r.trouble_kind, r.trouble_text, r.trouble_since, r.trouble_times";

/// What a statement answers. `failed` reads a failure of the statement itself.
pub(super) async fn rows(
    client: &Client,
    sql: &str,
    values: &[&(dyn ToSql + Sync)],
    failed: fn(Error) -> StoreError,
) -> Result<Vec<Row>, StoreError> {
    let sql = client.prepare_cached(sql).await.map_err(before)?;
    client.query(&sql, values).await.map_err(failed)
}

/// The cells of a row, read with errors that say where a bad value is and never what it is.
pub(super) struct Cells<'a>(pub(super) &'a Row);

impl<'a> Cells<'a> {
    pub(super) fn get<T: FromSql<'a>>(&self, column: &str) -> Result<T, StoreError> {
        let bad = |_| self.corrupt(column);
        self.0.try_get(column).map_err(bad)
    }

    /// A value that was written as text.
    fn parsed<T>(&self, column: &str, parse: fn(&str) -> Option<T>) -> Result<T, StoreError> {
        parse(self.get(column)?).ok_or_else(|| self.corrupt(column))
    }

    fn parsed_if_there<T>(
        &self,
        column: &str,
        parse: fn(&str) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
        let text: Option<&str> = self.get(column)?;
        text.map(|text| parse(text).ok_or_else(|| self.corrupt(column)))
            .transpose()
    }

    pub(super) fn request(&self, column: &str) -> Result<PortRequestId, StoreError> {
        self.parsed(column, |text| text.parse().ok())
    }

    /// A place in a history, or a length of one.
    pub(super) fn count(&self, column: &str) -> Result<usize, StoreError> {
        usize::try_from(self.get::<i64>(column)?).map_err(|_| self.corrupt(column))
    }

    pub(super) fn revision(&self) -> Result<Revision, StoreError> {
        Ok(Revision::from_number(
            self.get::<i64>("revision")?.cast_unsigned(),
        ))
    }

    pub(super) fn numbers(&self) -> Result<Vec<PhoneNumber>, StoreError> {
        let texts: Vec<&str> = self.get("numbers")?;
        texts
            .into_iter()
            .map(|text| PhoneNumber::from_e164(text).map_err(|_| self.corrupt("numbers")))
            .collect()
    }

    pub(super) fn row(&self) -> Result<RequestRow, StoreError> {
        Ok(RequestRow {
            id: self.request("id")?,
            carrier: self.parsed("carrier", |text| text.parse().ok())?,
            status: self.parsed("status", Status::from_name)?,
            order: self.parsed_if_there("order_ref", |text| text.parse().ok())?,
            numbers: self.numbers()?,
            holds_numbers: self.get("holds_numbers")?,
            waiting_on: self.parsed_if_there("waiting_on", Party::from_name)?,
            waiting_since: self.get("waiting_since")?,
            due: self.get("due")?,
            draft: self.get("draft")?,
        })
    }

    /// What stands in the way; none that this version cannot read. It is only what a worker left,
    /// and must not keep the rest from being read: by the time a claim is read it has been made.
    pub(super) fn trouble(&self) -> Option<StoredTrouble> {
        let kind = self.parsed_if_there("trouble_kind", TroubleKind::from_name);
        Some(StoredTrouble {
            kind: kind.ok()??,
            text: String::from_utf8(self.get("trouble_text").ok()?).ok()?,
            since: self.get("trouble_since").ok()?,
            times: u32::try_from(self.get::<i64>("trouble_times").ok()?).ok()?,
        })
    }

    pub(super) fn found(&self) -> Result<Found, StoreError> {
        let worker = self.parsed_if_there("worker", |text| text.parse().ok())?;
        let until: Option<DateTime<Utc>> = self.get("leased_until")?;
        Ok(Found {
            row: self.row()?,
            revision: self.revision()?,
            trouble: self.trouble(),
            leased: worker.zip(until),
        })
    }

    pub(super) fn corrupt(&self, column: &str) -> StoreError {
        let id = ["id", "request"].iter().find_map(|column| {
            let id: PortRequestId = self.0.try_get::<_, &str>(column).ok()?.parse().ok()?;
            Some(id)
        });
        StoreError::Corrupt(match id {
            Some(id) => format!("{column} of request {id}"),
            None => format!("{column} of a request"),
        })
    }
}

/// The earliest time that PostgreSQL can hold, in the year 4714 BC. The latest one is later than
/// any of ours.
const EARLIEST: DateTime<Utc> = match DateTime::from_timestamp(-210_866_803_200, 0) {
    Some(time) => time,
    None => DateTime::<Utc>::MIN_UTC,
};

/// A time as PostgreSQL can hold it.
pub(super) fn time(time: DateTime<Utc>) -> DateTime<Utc> {
    time.max(EARLIEST)
}

/// At most so many; no table is longer than what this holds.
pub(super) fn limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
