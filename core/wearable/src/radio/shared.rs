//! What the watch over the system's Bluetooth, links and scans share: which links are open, and who looks for bands.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use btleplug::api::{Central as _, CentralState, Peripheral as _, ScanFilter};
use btleplug::platform::{Adapter, Peripheral, PeripheralId};
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;
use uuid::Uuid;

use super::{Pace, errors};
use crate::{BandError, Trouble};

/// See the module.
pub(super) struct Shared {
    pub(super) pace: Pace,
    links: Mutex<Vec<OpenLink>>,
    scanning: tokio::sync::Mutex<u32>,
    /// Something may have changed.
    pub(super) look_again: Notify,
}

struct OpenLink {
    peripheral: Peripheral,
    gone: CancellationToken,
}

impl Shared {
    pub(super) fn new(pace: Pace) -> Self {
        Self {
            pace,
            links: Mutex::default(),
            scanning: tokio::sync::Mutex::default(),
            look_again: Notify::new(),
        }
    }

    fn links(&self) -> MutexGuard<'_, Vec<OpenLink>> {
        self.links.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers a link, to end it when the system says that it broke.
    pub(super) fn opened(&self, peripheral: &Peripheral, gone: &CancellationToken) {
        let mut links = self.links();
        links.retain(|link| !link.gone.is_cancelled());
        links.push(OpenLink {
            peripheral: peripheral.clone(),
            gone: gone.clone(),
        });
    }

    pub(super) fn lose(&self, id: &PeripheralId) {
        for link in self.links().iter().filter(|link| link.peripheral.id() == *id) {
            link.gone.cancel();
        }
    }

    pub(super) fn lose_all(&self) {
        for link in self.links().drain(..) {
            link.gone.cancel();
        }
    }

    /// An event that was dropped may have told of the end of a link.
    pub(super) async fn check_links(&self) {
        self.links().retain(|link| !link.gone.is_cancelled());
        let open: Vec<_> = self.links().iter().map(|link| link.peripheral.clone()).collect();
        for peripheral in open {
            let id = peripheral.id();
            let connected = tokio::time::timeout(self.pace.answer, peripheral.is_connected()).await;
            let gone = match connected {
                Ok(Ok(connected)) => !connected,
                Ok(Err(error)) => errors::of_talking(&error, Uuid::nil()) == BandError::Lost,
                Err(_) => false,
            };
            if gone {
                self.lose(&id);
            }
        }
    }

    /// Makes the system look for bands for as long as what is returned lives.
    pub(super) async fn scanning(self: &Arc<Self>, adapter: &Adapter) -> Result<Scanning, Trouble> {
        let mut scans = self.scanning.lock().await;
        if *scans == 0 {
            let starting = adapter.clone();
            let started = guarded(self.pace.answer, async move {
                // Scanning switches Bluetooth on; whoever switched it off a moment ago wouldn't like that.
                let off = starting.adapter_state().await? == CentralState::PoweredOff;
                if !off {
                    starting.start_scan(ScanFilter::default()).await?;
                }
                Ok(!off)
            });
            if !started.await? {
                return Err(Trouble::BluetoothOff);
            }
        }
        *scans += 1;
        Ok(Scanning {
            runtime: Handle::current(),
            shared: self.clone(),
            adapter: adapter.clone(),
        })
    }
}

/// The system looks for bands while one of these lives.
pub(super) struct Scanning {
    runtime: Handle,
    shared: Arc<Shared>,
    adapter: Adapter,
}

impl Drop for Scanning {
    fn drop(&mut self) {
        let (shared, adapter) = (self.shared.clone(), self.adapter.clone());
        self.runtime.spawn(async move {
            let mut scans = shared.scanning.lock().await;
            *scans = scans.saturating_sub(1);
            if *scans == 0 {
                // A system that is gone has stopped as well.
                let _stopped = guarded(shared.pace.answer, async move { adapter.stop_scan().await }).await;
            }
        });
    }
}

/// Asks the system something in a task of its own: parts of it panic.
pub(super) async fn guarded<T: Send + 'static>(
    answer: Duration,
    question: impl Future<Output = btleplug::Result<T>> + Send + 'static,
) -> Result<T, Trouble> {
    let asked = AbortOnDropHandle::new(tokio::spawn(question));
    match tokio::time::timeout(answer, asked).await {
        Ok(Ok(Ok(answer))) => Ok(answer),
        Ok(Ok(Err(error))) => {
            tracing::debug!(%error, "the system's Bluetooth");
            Err(errors::of_system(&error))
        }
        Ok(Err(_)) | Err(_) => Err(Trouble::SystemSilent),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_question_that_panics_or_hangs_is_a_silent_system() {
        let short = Duration::from_millis(20);
        let panics = guarded::<()>(short, async { panic!("the system's fault") });
        assert_eq!(panics.await, Err(Trouble::SystemSilent));
        assert_eq!(
            guarded::<()>(short, std::future::pending()).await,
            Err(Trouble::SystemSilent)
        );
        assert_eq!(guarded(short, async { Ok(5) }).await, Ok(5));
    }
}
