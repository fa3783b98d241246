//! The writer's thread: batches, commits, answers.

use super::slip::{Job, said};
use super::{DeskOptions, Message};
use crate::store::roll_back;
use crate::{Clock, Query, Store, StoreError, Tx, params, sqlite};
use rusqlite::Connection;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// How long the writer sleeps before it looks whether time has ended something.
const IDLE: Duration = Duration::from_secs(1);

pub(super) struct Writer {
    store: Store,
    clock: Arc<dyn Clock>,
    options: DeskOptions,
    newest_ms: i64,
}

impl Writer {
    pub(super) fn new(store: Store, clock: Arc<dyn Clock>, options: DeskOptions) -> Result<Self, StoreError> {
        let newest_ms = store
            .read_blocking(|r| r.query_one("SELECT newest_ms FROM desk WHERE id = 1", &[], |row| row.int(0)))?
            .unwrap_or(0);
        let mut writer = Self {
            store,
            clock,
            options,
            newest_ms,
        };
        writer.transact(&mut [])?;
        Ok(writer)
    }

    /// Works until it is told to stop and nothing waits any more.
    pub(super) fn work(&mut self, waiting: &Receiver<Message>) {
        let mut batch = Vec::new();
        let mut stopping = false;
        loop {
            let first = if stopping {
                waiting.try_recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else {
                waiting.recv_timeout(IDLE)
            };
            let mut next = match first {
                Ok(message) => Some(message),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            while let Some(message) = next {
                match message {
                    Message::Do(job) => batch.push(job),
                    Message::Stop => stopping = true,
                }
                next = if batch.len() < self.options.max_batch {
                    waiting.try_recv().ok()
                } else {
                    None
                };
            }
            self.settle(&mut batch);
        }
    }

    /// Does a batch and answers it.
    fn settle(&mut self, batch: &mut Vec<Box<dyn Job>>) {
        let failed = self.transact(batch).err();
        if let Some(error) = &failed {
            tracing::error!(%error, commands = batch.len(), "nothing of a batch could be saved");
        }
        for job in batch.drain(..) {
            metrics::gauge!("haigou_desk_waiting").decrement(1);
            job.answer(failed.as_ref());
        }
    }

    /// Runs a batch in one transaction. An error means that nothing of it stands.
    fn transact(&mut self, batch: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
        let started = Instant::now();
        let now_ms = self.clock.now_ms().max(self.newest_ms);
        let connection = self.store.writer()?;
        sqlite::execute(&connection, "BEGIN IMMEDIATE", &[])?;
        let changes = connection.total_changes();
        let mut done = run_all(&connection, &mut self.options, batch, now_ms);
        if done.is_ok() && connection.total_changes() != changes {
            done = remember(&connection, now_ms);
        }
        let done = done.and_then(|()| sqlite::execute(&connection, "COMMIT", &[]));
        if let Err(error) = done {
            roll_back(&connection);
            return Err(error);
        }
        self.newest_ms = now_ms;
        if !batch.is_empty() {
            let size = u32::try_from(batch.len()).unwrap_or(u32::MAX);
            metrics::histogram!("haigou_desk_batch_commands").record(size);
            metrics::histogram!("haigou_desk_batch_seconds").record(started.elapsed().as_secs_f64());
        }
        Ok(())
    }
}

fn run_all(
    connection: &Connection,
    options: &mut DeskOptions,
    batch: &mut [Box<dyn Job>],
    now_ms: i64,
) -> Result<(), StoreError> {
    let mut tx = Tx::new(connection);
    let before = &mut options.before;
    catch_unwind(AssertUnwindSafe(|| before(&mut tx, now_ms)))
        .map_err(|panic| StoreError::Bug(said(panic.as_ref())))??;
    for job in batch.iter_mut() {
        job.run(&mut tx, now_ms)?;
    }
    Ok(())
}

/// Keeps the time that was used, so that it doesn't go back over a restart.
fn remember(connection: &Connection, now_ms: i64) -> Result<(), StoreError> {
    Tx::new(connection).execute("UPDATE desk SET newest_ms = $1 WHERE id = 1", params![now_ms])?;
    Ok(())
}
