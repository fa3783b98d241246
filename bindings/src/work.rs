//! Where the work is done: threads of this library, apart from those that the app calls from.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, LazyLock};

use haigou_contract::Language;
use tokio::runtime::{Builder, EnterGuard, Runtime};
use tokio::sync::oneshot;
use tokio::task::{AbortHandle, JoinHandle};

use crate::{Cancel, ListenerError, Phone, PhoneError};

/// So many listeners may take their time at once before others have to wait.
const LISTENERS_AT_ONCE: usize = 16;

type Threads = Result<Runtime, String>;

/// One thread takes turns at the tasks of all phones: they wait for the network or the disk most of the time. What takes long
/// is handed to threads for waiting.
static WORK: LazyLock<Threads> = LazyLock::new(|| {
    let mut threads = Builder::new_current_thread();
    threads.thread_name("haigou").enable_all();
    let work = threads.build().map_err(|error| error.to_string())?;
    let thread = std::thread::Builder::new().name("haigou".to_owned());
    // For as long as the process lives.
    let run = || {
        if let Ok(work) = &*WORK {
            work.block_on(std::future::pending::<()>());
        }
    };
    thread.spawn(run).map_err(|error| error.to_string())?;
    Ok(work)
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

    /// Starts a task that ends by itself or is ended. Boxed, because the runtime's code is made anew for every kind of task: so
    /// all are one kind, and the library is smaller.
    pub(crate) fn spawn(self, task: Boxed<()>) -> AbortHandle {
        self.work.spawn(task).abort_handle()
    }

    /// Calls a listener.
    pub(crate) fn call(self, call: Call) -> JoinHandle<Result<(), ListenerError>> {
        self.listeners.spawn_blocking(call)
    }
}

/// What a task does.
pub(crate) type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;
/// A call of a listener.
pub(crate) type Call = Box<dyn FnOnce() -> Result<(), ListenerError> + Send>;

/// How many tasks this library has under way, for all phones: two for each that is open, one for each listener, and what
/// was asked for and isn't answered yet. For diagnostics.
#[uniffi::export]
pub fn tasks_under_way() -> i64 {
    WORK.as_ref().map_or(0, |work| {
        let tasks = work.metrics().num_alive_tasks();
        i64::try_from(tasks).unwrap_or(i64::MAX)
    })
}

type Core = haigou_phone::Phone;
type Answer<T> = Result<T, haigou_phone::PhoneError>;

impl Phone {
    /// Work on this phone alone that may take a while. Once begun it is finished.
    pub(crate) async fn local<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Core) -> Answer<T> + Send + 'static,
    ) -> Result<T, PhoneError> {
        let (tell, answer) = oneshot::channel();
        let core = Arc::clone(&self.core);
        let work: Box<dyn FnOnce() + Send> = Box::new(move || drop(tell.send(work(&core))));
        self.work.work.spawn_blocking(work);
        self.answered(answer).await
    }

    /// Work that changes something elsewhere: once begun it is finished, whether or not anybody waits for it.
    pub(crate) fn finish_it<T: Send + 'static, F: Future<Output = Answer<T>> + Send + 'static>(
        &self,
        work: impl FnOnce(Arc<Core>) -> F,
    ) -> impl Future<Output = Result<T, PhoneError>> + Send {
        let (_, answer) = self.begin(Box::pin(work(Arc::clone(&self.core))));
        self.answered(answer)
    }

    /// Work that only asks, or that is taken up again anyway: it ends when nobody waits for it any more, or when the
    /// caller says so.
    pub(crate) fn ask<T: Send + 'static, F: Future<Output = Answer<T>> + Send + 'static>(
        &self,
        cancel: Option<Arc<Cancel>>,
        work: impl FnOnce(Arc<Core>) -> F,
    ) -> impl Future<Output = Result<T, PhoneError>> + Send {
        let (task, answer) = self.begin(Box::pin(work(Arc::clone(&self.core))));
        self.answered_or_cancelled(UntilDropped(task), answer, cancel)
    }

    fn begin<T: Send + 'static>(
        &self,
        work: Boxed<Answer<T>>,
    ) -> (AbortHandle, oneshot::Receiver<Answer<T>>) {
        let (tell, answer) = oneshot::channel();
        let task = self.work.spawn(Box::pin(async move {
            // It may be that nobody waits for it any more.
            let _ = tell.send(work.await);
        }));
        (task, answer)
    }

    async fn answered<T>(&self, answer: oneshot::Receiver<Answer<T>>) -> Result<T, PhoneError> {
        match answer.await {
            Ok(answer) => self.told(answer),
            // What should have told it panicked.
            Err(_) => Err(PhoneError::broken(self.core.language())),
        }
    }

    async fn answered_or_cancelled<T>(
        &self,
        _task: UntilDropped,
        answer: oneshot::Receiver<Answer<T>>,
        cancel: Option<Arc<Cancel>>,
    ) -> Result<T, PhoneError> {
        let cancelled = async {
            match &cancel {
                Some(cancel) => cancel.cancelled().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = cancelled => Err(PhoneError::cancelled(self.core.language())),
            answer = self.answered(answer) => answer,
        }
    }
}

/// A task that ends with this.
struct UntilDropped(AbortHandle);

impl Drop for UntilDropped {
    fn drop(&mut self) {
        self.0.abort();
    }
}
