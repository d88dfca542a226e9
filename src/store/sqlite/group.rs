//! Group commit: whatever waits to be written becomes one transaction, and so one sync of the disk.

use rusqlite::Connection;

use super::session::{self, Refusal};
use super::threads::{Job, Queue};

/// So many at most in a transaction: the first of them waits for the last.
const MOST: usize = 256;

/// Works off the queue until nobody can put anything into it any more.
pub(super) fn work_off(conn: &Connection, queue: &Queue) {
    while let Ok(first) = queue.recv() {
        commit(conn, first, queue);
    }
}

/// Commits `first` together with what has come into the queue by then.
fn commit(conn: &Connection, first: Box<dyn Job>, queue: &Queue) {
    if let Err(refusal) = session::begin(conn, "BEGIN IMMEDIATE") {
        // Those that came while it waited for the lock would wait as long again, one by one.
        let waiting = queue.try_iter().take(MOST);
        fail(std::iter::once(first).chain(waiting), &refusal);
        return;
    }
    let mut group = Vec::new();
    for mut job in std::iter::once(first).chain(queue.try_iter()) {
        let stands = apart(conn, &mut *job).is_ok();
        group.push(job);
        if !stands {
            // SQLite undid everything, as it does when the disk is full.
            session::undo(conn);
            return one_by_one(conn, group);
        }
        if group.len() == MOST {
            break;
        }
    }
    match session::commit(conn) {
        Ok(()) => group.into_iter().for_each(Job::tell),
        Err(refusal) if group.len() > 1 && refusal.is_known() => one_by_one(conn, group),
        Err(refusal) => fail(group, &refusal),
    }
}

/// Runs a job so that what it has written can be undone without what the others have. An error if
/// that is not so: then the transaction is lost.
fn apart(conn: &Connection, job: &mut dyn Job) -> rusqlite::Result<()> {
    session::run(conn, "SAVEPOINT job")?;
    if !job.run(conn) {
        session::run(conn, "ROLLBACK TO job")?;
    }
    session::run(conn, "RELEASE job")
}

/// Each in a transaction of its own, so that the one that cannot be written stops no other.
fn one_by_one(conn: &Connection, group: Vec<Box<dyn Job>>) {
    for mut job in group {
        let committed = session::begin(conn, "BEGIN IMMEDIATE").and_then(|()| {
            if job.run(conn) {
                session::commit(conn)
            } else {
                session::undo(conn);
                Ok(())
            }
        });
        match committed {
            Ok(()) => job.tell(),
            Err(refusal) => job.fail(refusal.into()),
        }
    }
}

fn fail(group: impl IntoIterator<Item = Box<dyn Job>>, refusal: &Refusal) {
    for job in group {
        job.fail(refusal.clone().into());
    }
}
