//! Ends what was asked for and isn't wanted any more.

use std::sync::Arc;

use tokio::sync::watch;

/// Given to an asynchronous call, it ends that call early. Kotlin's coroutines end calls by themselves when they are
/// cancelled; Swift's tasks don't, and use this.
#[derive(Debug, uniffi::Object)]
pub struct Cancel(watch::Sender<bool>);

#[uniffi::export]
impl Cancel {
    /// Not cancelled yet. It may be given to any number of calls.
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::new(Self(watch::Sender::new(false)))
    }

    /// Ends the calls that it was given to, now and from now on, with the error `cancelled`.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }
}

impl Cancel {
    pub(crate) async fn cancelled(&self) {
        // It can't end without it: the sender is this object.
        let mut state = self.0.subscribe();
        let _cancelled = state.wait_for(|cancelled| *cancelled).await;
    }
}
