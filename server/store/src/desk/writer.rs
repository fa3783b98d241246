//! The writer's thread: batches, commits, answers.

use super::slip::{Job, said};
use super::{DeskOptions, Message};
use crate::{Clock, Query, Store, StoreError, Tx, params};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// How long the writer sleeps before it looks whether time has ended something.
const IDLE: Duration = Duration::from_secs(1);

/// And how long, while another program does the writing.
const WAITING: Duration = Duration::from_millis(500);

pub(super) struct Writer {
    store: Store,
    clock: Arc<dyn Clock>,
    options: DeskOptions,
    /// The newest time that was used; none while somebody else may be using newer ones.
    newest_ms: Option<i64>,
}

impl Writer {
    pub(super) fn new(store: Store, clock: Arc<dyn Clock>, options: DeskOptions) -> Result<Self, StoreError> {
        let mut writer = Self {
            store,
            clock,
            options,
            newest_ms: None,
        };
        match writer.transact(&mut []) {
            Ok(()) | Err(StoreError::Held { .. }) => Ok(writer),
            Err(error) => Err(error),
        }
    }

    /// Works until it is told to stop and nothing waits any more.
    pub(super) fn work(&mut self, waiting: &Receiver<Message>) {
        let mut batch = Vec::new();
        let mut stopping = false;
        loop {
            let first = if stopping {
                waiting.try_recv().map_err(|_| RecvTimeoutError::Disconnected)
            } else {
                waiting.recv_timeout(if self.newest_ms.is_some() { IDLE } else { WAITING })
            };
            let mut next = match first {
                Ok(message) => Some(message),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return self.store.give_back(),
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
        match &failed {
            None => {}
            // It waits until it is its turn.
            Some(StoreError::Held { .. }) if batch.is_empty() => {}
            Some(error) => {
                tracing::error!(%error, commands = batch.len(), "nothing of a batch could be saved");
            }
        }
        for job in batch.drain(..) {
            metrics::gauge!("haigou_desk_waiting").decrement(1);
            job.answer(failed.as_ref());
        }
    }

    /// Runs a batch in one transaction. An error means that nothing of it stands.
    fn transact(&mut self, batch: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
        let started = Instant::now();
        let mut writer = self.store.writer()?;
        let (clock, options, newest_ms) = (&self.clock, &mut self.options, self.newest_ms.take());
        let now_ms = writer.transact(|tx| {
            let newest_ms = newest_ms.map_or_else(|| newest_used(tx), Ok)?;
            let now_ms = clock.now_ms().max(newest_ms);
            run_all(tx, options, batch, now_ms).map(|()| now_ms)
        })?;
        writer.memories().tidy();
        self.newest_ms = Some(now_ms);
        if !batch.is_empty() {
            let size = u32::try_from(batch.len()).unwrap_or(u32::MAX);
            metrics::histogram!("haigou_desk_batch_commands").record(size);
            metrics::histogram!("haigou_desk_batch_seconds").record(started.elapsed().as_secs_f64());
        }
        Ok(())
    }
}

fn newest_used(tx: &mut Tx<'_>) -> Result<i64, StoreError> {
    let newest = tx.query_one("SELECT newest_ms FROM desk WHERE id = 1", &[], |row| row.int(0))?;
    newest.ok_or_else(|| StoreError::Bug("the desk's row is missing".to_owned()))
}

/// Does everything but the commit.
fn run_all(
    tx: &mut Tx<'_>,
    options: &mut DeskOptions,
    batch: &mut [Box<dyn Job>],
    now_ms: i64,
) -> Result<(), StoreError> {
    let before = &mut options.before;
    catch_unwind(AssertUnwindSafe(|| before(tx, now_ms)))
        .map_err(|panic| StoreError::Bug(said(panic.as_ref())))??;
    tx.look_ahead(|ahead| batch.iter().for_each(|job| job.look_ahead(ahead)))?;
    for job in batch.iter_mut() {
        job.run(tx, now_ms)?;
    }
    if tx.finish()? {
        // So that time doesn't go back over a restart either.
        tx.execute("UPDATE desk SET newest_ms = $1 WHERE id = 1", params![now_ms])?;
    }
    Ok(())
}
