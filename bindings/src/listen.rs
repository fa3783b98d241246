//! Listeners: the current value first, then each change, until they are cancelled.

use std::sync::Arc;

use tokio::sync::watch;
use tokio::task::AbortHandle;

use crate::work::Work;

/// A listener threw. It hears of the next change all the same.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum ListenerError {
    /// The reason is for the log.
    #[error("the listener failed: {reason}")]
    Failed {
        /// For the log.
        reason: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for ListenerError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { reason: error.reason }
    }
}

/// What a listener was given for. Hold on to it: the listener hears nothing more when it is cancelled, or gone.
#[derive(Debug, uniffi::Object)]
pub struct Subscription(AbortHandle);

#[uniffi::export]
impl Subscription {
    /// The listener is called no more. A call that is on its way already still arrives.
    pub fn cancel(&self) {
        self.0.abort();
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Hands a screen to a listener: what it shows now, then what it shows whenever it has changed and the listener is done
/// with the one before. A listener that is slow gets the newest, and holds up nobody.
pub(crate) fn forward<S, L>(
    work: Work,
    mut screen: watch::Receiver<S>,
    listener: Arc<L>,
    call: impl Fn(&L, &S) -> Result<(), ListenerError> + Copy + Send + 'static,
) -> Arc<Subscription>
where
    S: Clone + Send + Sync + 'static,
    L: ?Sized + Send + Sync + 'static,
{
    screen.mark_changed();
    let task = work.spawn(Box::pin(async move {
        while screen.changed().await.is_ok() {
            let shown = screen.borrow_and_update().clone();
            let to = Arc::clone(&listener);
            match work.call(Box::new(move || call(&to, &shown))).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(%error, "a listener failed"),
                Err(error) => tracing::warn!(%error, "a listener could not be called"),
            }
        }
    }));
    Arc::new(Subscription(task))
}

/// A screen's face: its snapshot, and its listener. `crate::Phone` is in scope where it stands.
macro_rules! screen {
    ($screen:ident from $core:ident, $(#[$now_doc:meta])+ $now:ident, $(#[$listener_doc:meta])+ $listener:ident, $watch:ident) => {
        $(#[$listener_doc])+
        #[uniffi::export(foreign)]
        pub trait $listener: Send + Sync {
            /// What the screen shows from now on. Called on a thread of this library, one call at a time.
            fn on_change(&self, screen: $screen) -> Result<(), $crate::ListenerError>;
        }

        #[uniffi::export]
        impl Phone {
            $(#[$now_doc])+
            pub fn $now(&self) -> $screen {
                self.core.$core().borrow().clone().into()
            }

            /// Tells a listener what the screen shows: at once, and whenever it changes.
            pub fn $watch(&self, listener: std::sync::Arc<dyn $listener>) -> std::sync::Arc<$crate::Subscription> {
                $crate::listen::forward(self.work, self.core.$core(), listener, |listener, screen| {
                    listener.on_change(screen.clone().into())
                })
            }
        }
    };
}

pub(crate) use screen;
