//! The threads that speak to SQLite, and what they are handed.

use std::io;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use futures_channel::oneshot;
use rusqlite::Connection;

use super::failure::Outcome;
use super::{group, session};
use crate::store::StoreError;

/// A piece of work for a connection, with somebody who waits for what comes of it.
pub(super) trait Job: Send {
    /// Does it, within a transaction, and keeps what came of it; again, if that was undone. Whether
    /// it is to be committed.
    fn run(&mut self, conn: &Connection) -> bool;
    /// Tells what came of it.
    fn tell(self: Box<Self>);
    /// Tells that it came to nothing.
    fn fail(self: Box<Self>, why: StoreError);
}

struct Task<T, W> {
    work: W,
    kept: Option<Result<T, StoreError>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T: Send, W: FnMut(&Connection) -> Outcome<T> + Send> Job for Task<T, W> {
    fn run(&mut self, conn: &Connection) -> bool {
        if self.reply.is_canceled() {
            return false;
        }
        let came = (self.work)(conn).map_err(StoreError::from);
        self.kept.insert(came).is_ok()
    }

    fn tell(self: Box<Self>) {
        if let Some(kept) = self.kept {
            // Nobody waits any more.
            let _ = self.reply.send(kept);
        }
    }

    fn fail(self: Box<Self>, why: StoreError) {
        let _ = self.reply.send(Err(why));
    }
}

pub(super) type Queue = Receiver<Box<dyn Job>>;

/// A panic has ended it, or a store that was opened before a fork.
#[derive(Debug, thiserror::Error)]
#[error("the store's thread has ended; open the store again")]
struct Ended;

/// Threads that work off one queue. When it is dropped they finish, and it waits for that.
#[derive(Debug)]
pub(super) struct Crew {
    queue: Option<Sender<Box<dyn Job>>>,
    threads: Vec<JoinHandle<()>>,
}

impl Crew {
    /// One thread, which commits what it finds in the queue together.
    pub(super) fn writer(conn: Connection) -> Result<Self, StoreError> {
        let (sender, queue) = mpsc::channel();
        let thread = spawn("write", move || group::work_off(&conn, &queue))?;
        Ok(Self {
            queue: Some(sender),
            threads: vec![thread],
        })
    }

    /// A thread for each connection.
    pub(super) fn readers(conns: Vec<Connection>) -> Result<Self, StoreError> {
        let (sender, queue) = mpsc::channel();
        let queue = Arc::new(Mutex::new(queue));
        let mut crew = Self {
            queue: Some(sender),
            threads: Vec::new(),
        };
        for conn in conns {
            let queue = Arc::clone(&queue);
            crew.threads
                .push(spawn("read", move || read(&conn, &queue))?);
        }
        Ok(crew)
    }

    /// What comes of `work`, once it is committed.
    pub(super) async fn done<T: Send + 'static>(
        &self,
        work: impl FnMut(&Connection) -> Outcome<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let task = Box::new(Task {
            work,
            kept: None,
            reply,
        });
        let ended = || StoreError::Unreachable(Ended.into());
        let queue = self.queue.as_ref().ok_or_else(ended)?;
        queue.send(task).map_err(|_| ended())?;
        // It ended with this in hand: perhaps after the commit.
        answer
            .await
            .unwrap_or_else(|_| Err(StoreError::Backend(Ended.into())))
    }
}

impl Drop for Crew {
    fn drop(&mut self) {
        self.queue = None;
        for thread in self.threads.drain(..) {
            // One that panicked has told so by ending.
            let _ = thread.join();
        }
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, StoreError> {
    let thread = thread::Builder::new().name(format!("snap-port sqlite {name}"));
    let failed = |error: io::Error| StoreError::Unreachable(error.into());
    thread.spawn(work).map_err(failed)
}

fn read(conn: &Connection, queue: &Mutex<Queue>) {
    loop {
        // Nothing panics while it holds the queue.
        let job = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(mut job) = job else { return };
        match session::begin(conn, "BEGIN") {
            Ok(()) => {
                job.run(conn);
                session::undo(conn);
                job.tell();
            }
            Err(refusal) => job.fail(refusal.into()),
        }
    }
}
