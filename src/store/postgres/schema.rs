//! The tables, and how they are made and changed.

use std::time::Duration;

use deadpool_postgres::{Client, GenericClient};

use super::error::{before, during};
use crate::store::StoreError;

/// The newest schema this version knows.
pub(super) const KNOWN: i32 = MIGRATIONS.len() as i32;

/// `MIGRATIONS[n]` lifts schema `n` to `n + 1`. What was once released is never edited.
const MIGRATIONS: [&str; 1] = [include_str!("schema_1.sql")];

/// To rewrite what is there may take long, and so may the store that got the lock first.
pub(super) const LONGEST: Duration = Duration::from_secs(900);

/// Whoever migrates a database holds this lock: "snapport".
const LOCK: i64 = 0x736e_6170_706f_7274;

/// Brings the tables to the schema this version knows.
///
/// One that is there already asks for no right to make tables.
pub(super) async fn migrate(client: &mut Client) -> Result<(), StoreError> {
    if version(client).await? == KNOWN {
        return Ok(());
    }
    let transaction = client.transaction().await.map_err(before)?;
    let minutes = LONGEST.as_millis();
    let patient = format!(
        "SET LOCAL lock_timeout = {minutes}; SET LOCAL statement_timeout = {minutes}; \
         SET LOCAL idle_in_transaction_session_timeout = {minutes}"
    );
    transaction.batch_execute(&patient).await.map_err(before)?;
    transaction
        .execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK])
        .await
        .map_err(before)?;
    let found = version(&transaction).await?;
    for (step, migration) in (0..).zip(MIGRATIONS) {
        if step < found {
            continue;
        }
        transaction.batch_execute(migration).await.map_err(before)?;
        transaction
            .execute("UPDATE snap_port_schema SET version = $1", &[&(step + 1)])
            .await
            .map_err(before)?;
    }
    transaction.commit().await.map_err(during)
}

/// The schema of the tables that are there; 0 where there are none.
async fn version(client: &impl GenericClient) -> Result<i32, StoreError> {
    // From the catalogue itself: a session remembers that `to_regclass` has found nothing, and
    // learns only at its next table that another one has made it meanwhile.
    let there = "SELECT EXISTS (SELECT FROM pg_class WHERE relname = 'snap_port_schema' \
                 AND pg_table_is_visible(oid))";
    let there = client.query_one(there, &[]).await.map_err(before)?;
    if !there.try_get::<_, bool>(0).map_err(before)? {
        return Ok(0);
    }
    let version = "SELECT version FROM snap_port_schema";
    let row = client.query_opt(version, &[]).await.map_err(before)?;
    let version = row.map(|row| row.try_get(0)).transpose().map_err(before)?;
    known(version.ok_or_else(|| StoreError::Corrupt("snap_port_schema has no row".to_owned()))?)
}

/// The version, if this crate knows it.
pub(super) fn known(version: i32) -> Result<i32, StoreError> {
    match u32::try_from(version) {
        Ok(found) if version > KNOWN => Err(StoreError::Newer {
            found,
            known: KNOWN.unsigned_abs(),
        }),
        Ok(found) if found > 0 => Ok(version),
        _ => Err(StoreError::Corrupt(format!(
            "snap_port_schema has version {version}"
        ))),
    }
}
