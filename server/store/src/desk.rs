//! The desk: a bounded queue in front of the one writer.
//!
//! The writer takes whatever is waiting as one batch, runs each command by itself, commits once, and answers after the
//! commit. What isn't committed is never answered as done.

mod slip;
#[cfg(test)]
mod tests;
mod writer;

use crate::{Clock, Command, Store, StoreError, Tx};
use slip::{Job, Slip};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::oneshot;

/// What runs at the head of every batch, and about once a second when there is none: it closes what time has ended.
pub type Before = dyn FnMut(&mut Tx<'_>, i64) -> Result<(), StoreError> + Send;

/// How a desk works.
pub struct DeskOptions {
    /// How many commands may wait; one more is answered with [`DeskError::Busy`].
    pub capacity: usize,
    /// How many commands are committed together at most.
    pub max_batch: usize,
    /// Runs at the head of every batch with the batch's time, in its transaction.
    pub before: Box<Before>,
}

impl Default for DeskOptions {
    fn default() -> Self {
        Self {
            capacity: 4096,
            max_batch: 1024,
            before: Box::new(|_, _| Ok(())),
        }
    }
}

/// Why a command wasn't done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeskError<R> {
    /// The rules say no.
    #[error("refused")]
    Refused(R),
    /// The queue is full. Nothing was done.
    #[error("too much is waiting: try again in {retry_after_s} s, nothing was done")]
    Busy {
        /// How long to wait before another try, in seconds.
        retry_after_s: u64,
    },
    /// The database failed. Nothing was done.
    #[error("nothing was done: {0}")]
    Storage(StoreError),
    /// The command broke off by a fault of this program. Nothing was done.
    #[error("nothing was done, by a fault of this program: {0}")]
    Fault(String),
    /// The desk is closed. Nothing was done.
    #[error("the desk is closed, nothing was done")]
    Stopped,
}

/// Hands commands to the writer. Clones share the queue.
#[derive(Clone)]
pub struct Desk {
    inner: Arc<Inner>,
}

struct Inner {
    queue: SyncSender<Message>,
    closed: AtomicBool,
    writer: Mutex<Option<JoinHandle<()>>>,
}

enum Message {
    Do(Box<dyn Job>),
    Stop,
}

const RETRY_AFTER_S: u64 = 1;

impl Desk {
    /// Starts the writer's thread. What time has ended since the last run is closed before this returns.
    ///
    /// # Errors
    /// The database's, or what `before` returned.
    pub fn start(store: Store, clock: Arc<dyn Clock>, options: DeskOptions) -> Result<Self, StoreError> {
        let (queue, waiting) = sync_channel(options.capacity);
        let mut writer = writer::Writer::new(store, clock, options)?;
        let thread = std::thread::Builder::new()
            .name("desk".to_owned())
            .spawn(move || writer.work(&waiting))
            .map_err(|error| StoreError::Bug(format!("the desk's thread didn't start: {error}")))?;
        Ok(Self {
            inner: Arc::new(Inner {
                queue,
                closed: AtomicBool::new(false),
                writer: Mutex::new(Some(thread)),
            }),
        })
    }

    /// Hands in a command and waits until it is committed.
    ///
    /// # Errors
    /// It was refused, or couldn't be done; then it changed nothing.
    pub async fn submit<C: Command>(&self, command: C) -> Result<C::Answer, DeskError<C::Refusal>> {
        self.hand_in(command)?.await.unwrap_or(Err(DeskError::Stopped))
    }

    /// [`Desk::submit`] for a thread that may block (never call it from async code).
    ///
    /// # Errors
    /// It was refused, or couldn't be done; then it changed nothing.
    pub fn submit_blocking<C: Command>(&self, command: C) -> Result<C::Answer, DeskError<C::Refusal>> {
        self.hand_in(command)?
            .blocking_recv()
            .unwrap_or(Err(DeskError::Stopped))
    }

    #[expect(clippy::type_complexity, reason = "what a command answers, once")]
    fn hand_in<C: Command>(
        &self,
        command: C,
    ) -> Result<oneshot::Receiver<Result<C::Answer, DeskError<C::Refusal>>>, DeskError<C::Refusal>> {
        if self.is_closed() {
            return Err(DeskError::Stopped);
        }
        let (slip, answer) = Slip::new(command);
        match self.inner.queue.try_send(Message::Do(Box::new(slip))) {
            Ok(()) => {
                metrics::gauge!("haigou_desk_waiting").increment(1);
                Ok(answer)
            }
            Err(TrySendError::Full(_)) => {
                metrics::counter!("haigou_desk_turned_away_total", "command" => C::NAME).increment(1);
                Err(DeskError::Busy {
                    retry_after_s: RETRY_AFTER_S,
                })
            }
            Err(TrySendError::Disconnected(_)) => Err(DeskError::Stopped),
        }
    }

    /// Whether it takes no more commands.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.inner.closed.load(Ordering::SeqCst)
    }

    /// Takes no more commands, does those that are waiting, and ends the writer's thread.
    pub async fn stop(&self) {
        let desk = self.clone();
        if let Err(error) = tokio::task::spawn_blocking(move || desk.stop_blocking()).await {
            tracing::error!(%error, "stopping the desk broke off");
        }
    }

    /// [`Desk::stop`] for a thread that may block.
    pub fn stop_blocking(&self) {
        self.inner.closed.store(true, Ordering::SeqCst);
        let thread = self
            .inner
            .writer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(thread) = thread {
            // Fails only if the writer is gone already.
            let _sent = self.inner.queue.send(Message::Stop);
            if thread.join().is_err() {
                tracing::error!("the desk's thread had died");
            }
        }
    }
}
