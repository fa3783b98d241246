//! Where the work is done: threads of this library, apart from those that the app calls from.

use std::future::Future;
use std::sync::{Arc, LazyLock};

use haigou_contract::Language;
use tokio::runtime::{Builder, EnterGuard, Runtime};
use tokio::task::JoinHandle;

use crate::{Cancel, Phone, PhoneError};

/// So many threads work for all phones: they wait for the network and the disk most of the time.
const WORKERS: usize = 2;
/// So many listeners may take their time at once before others have to wait.
const LISTENERS_AT_ONCE: usize = 16;

type Threads = Result<Runtime, String>;

static WORK: LazyLock<Threads> = LazyLock::new(|| {
    let mut threads = Builder::new_multi_thread();
    threads.worker_threads(WORKERS).thread_name("haigou").enable_all();
    threads.build().map_err(|error| error.to_string())
});

/// Listeners have threads of their own, so that a slow one holds up neither sync nor recording.
static LISTENERS: LazyLock<Threads> = LazyLock::new(|| {
    let mut threads = Builder::new_current_thread();
    threads
        .max_blocking_threads(LISTENERS_AT_ONCE)
        .thread_name("haigou-listener");
    threads.build().map_err(|error| error.to_string())
});

/// The threads of this process.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Work {
    work: &'static Runtime,
    listeners: &'static Runtime,
}

impl Work {
    /// The same for every phone of the process; they start with the first.
    pub(crate) fn threads(language: Language) -> Result<Self, PhoneError> {
        match (&*WORK, &*LISTENERS) {
            (Ok(work), Ok(listeners)) => Ok(Self { work, listeners }),
            (Err(cause), _) | (_, Err(cause)) => {
                tracing::error!(cause, "the system gave no threads");
                Err(PhoneError::no_threads(language))
            }
        }
    }

    /// While this is held, the core may start tasks of its own.
    pub(crate) fn enter(self) -> EnterGuard<'static> {
        self.work.enter()
    }

    /// Starts a task that ends by itself or is ended.
    pub(crate) fn spawn<T: Send + 'static>(
        self,
        task: impl Future<Output = T> + Send + 'static,
    ) -> JoinHandle<T> {
        self.work.spawn(task)
    }

    /// Calls a listener.
    pub(crate) fn call<T: Send + 'static>(self, call: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
        self.listeners.spawn_blocking(call)
    }
}

/// How many tasks this library has under way, for all phones: two for each that is open, one for each listener, and what
/// was asked for and isn't answered yet. For diagnostics.
#[uniffi::export]
pub fn tasks_under_way() -> i64 {
    WORK.as_ref().map_or(0, |work| {
        let tasks = work.metrics().num_alive_tasks();
        i64::try_from(tasks).unwrap_or(i64::MAX)
    })
}

type Answer<T> = Result<T, haigou_phone::PhoneError>;

impl Phone {
    /// Work on this phone alone that may take a while. Once begun it is finished.
    pub(crate) async fn local<T: Send + 'static>(
        &self,
        work: impl FnOnce(&haigou_phone::Phone) -> Answer<T> + Send + 'static,
    ) -> Result<T, PhoneError> {
        let core = Arc::clone(&self.core);
        let task = self.work.work.spawn_blocking(move || work(&core));
        self.told(task.await.map_err(|_| self.broken())?)
    }

    /// Work that changes something elsewhere: once begun it is finished, whether or not anybody waits for it.
    pub(crate) async fn finish_it<T: Send + 'static, F: Future<Output = Answer<T>> + Send + 'static>(
        &self,
        work: impl FnOnce(Arc<haigou_phone::Phone>) -> F,
    ) -> Result<T, PhoneError> {
        let task = self.work.spawn(work(Arc::clone(&self.core)));
        self.told(task.await.map_err(|_| self.broken())?)
    }

    /// Work that only asks, or that is taken up again anyway: it ends when nobody waits for it any more, or when the
    /// caller says so.
    pub(crate) async fn ask<T: Send + 'static, F: Future<Output = Answer<T>> + Send + 'static>(
        &self,
        cancel: Option<Arc<Cancel>>,
        work: impl FnOnce(Arc<haigou_phone::Phone>) -> F,
    ) -> Result<T, PhoneError> {
        let mut task = UntilDropped(self.work.spawn(work(Arc::clone(&self.core))));
        let cancelled = async {
            match &cancel {
                Some(cancel) => cancel.cancelled().await,
                None => std::future::pending().await,
            }
        };
        let done = tokio::select! {
            biased;
            () = cancelled => return Err(PhoneError::cancelled(self.core.language())),
            done = &mut task.0 => done,
        };
        self.told(done.map_err(|_| self.broken())?)
    }

    fn broken(&self) -> PhoneError {
        PhoneError::broken(self.core.language())
    }
}

/// A task that ends with this.
struct UntilDropped<T>(JoinHandle<T>);

impl<T> Drop for UntilDropped<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
