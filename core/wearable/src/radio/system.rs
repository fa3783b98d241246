//! The system's Bluetooth: whether it can be used, its bands by their ids, and which links are open.

use std::sync::{Arc, Mutex, PoisonError};

use btleplug::api::{Central as _, CentralEvent, CentralState, Manager as _};
use btleplug::platform::{Adapter, Manager, PeripheralId};
use futures_util::{Stream, StreamExt as _};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::central::{Central, Connection};
use super::link::BandLink;
use super::shared::{Shared, guarded};
use super::{Availability, Pace};
use crate::{BandId, Trouble};

/// See the module.
pub(super) struct System {
    pace: Pace,
    available: watch::Sender<Availability>,
    told: Mutex<Availability>,
    reach: tokio::sync::Mutex<Reach>,
    adapter: Mutex<Option<Adapter>>,
    shared: Arc<Shared>,
}

/// How far the system was reached.
#[derive(Default)]
struct Reach {
    manager: Option<Manager>,
    /// Whoever holds it, drains the adapter's events.
    drain: Option<AbortOnDropHandle<()>>,
    /// So many looks in a row weren't answered.
    unanswered: u32,
}

impl System {
    pub(super) fn new(pace: Pace) -> Self {
        Self {
            pace,
            available: watch::Sender::new(Err(Trouble::SystemSilent)),
            told: Mutex::new(Ok(())),
            reach: tokio::sync::Mutex::default(),
            adapter: Mutex::default(),
            shared: Arc::new(Shared::new(pace)),
        }
    }

    pub(super) fn told(&self, availability: Availability) {
        *self.told.lock().unwrap_or_else(PoisonError::into_inner) = availability;
        self.shared.look_again.notify_one();
    }

    /// The adapter, where Bluetooth can be used.
    pub(super) fn adapter(&self) -> Result<Adapter, Trouble> {
        (*self.available.borrow())?;
        let adapter = self
            .adapter
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        adapter.ok_or(Trouble::SystemSilent)
    }

    pub(super) fn watched(&self) -> watch::Receiver<Availability> {
        self.available.subscribe()
    }

    pub(super) fn shared(&self) -> Arc<Shared> {
        self.shared.clone()
    }

    /// Looks after the system until nobody is interested any more.
    pub(super) async fn watch(self: Arc<Self>, mut stopped: watch::Receiver<()>) {
        loop {
            tokio::select! {
                _ = stopped.changed() => break,
                () = self.shared.look_again.notified() => {}
                () = tokio::time::sleep(self.pace.look) => {}
            }
            self.look().await;
            self.shared.check_links().await;
        }
        self.reach.lock().await.drain = None;
    }

    /// Looks whether Bluetooth can be used.
    pub(super) async fn look(&self) {
        let seen = self.see().await;
        let told = *self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let now = told.and(seen);
        let changed = self
            .available
            .send_if_modified(|before| std::mem::replace(before, now) != now);
        if changed {
            tracing::debug!(?now, "Bluetooth");
        }
        if now.is_err() {
            self.shared.lose_all();
        }
    }

    async fn see(&self) -> Availability {
        let mut reach = self.reach.lock().await;
        let known = self
            .adapter
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(adapter) = known {
            let state = guarded(self.pace.answer, async move {
                // The state alone can't tell a silent system from one that is switched off.
                adapter.adapter_info().await?;
                adapter.adapter_state().await
            });
            if let Ok(state) = state.await {
                reach.unanswered = 0;
                return usable(&state);
            }
            // What is the matter, the next question shows.
            *self.adapter.lock().unwrap_or_else(PoisonError::into_inner) = None;
            reach.drain = None;
        }
        let found = self.find(&mut reach).await;
        match found {
            Ok((adapter, state)) => {
                reach.unanswered = 0;
                *self.adapter.lock().unwrap_or_else(PoisonError::into_inner) = Some(adapter);
                usable(&state)
            }
            Err(trouble) => {
                if trouble == Trouble::SystemSilent {
                    reach.unanswered = reach.unanswered.saturating_add(1);
                    // The connection itself may be what is dead. Each new one may stay open, so they become rare.
                    if reach.unanswered.is_power_of_two() && reach.unanswered > 1 {
                        reach.manager = None;
                    }
                } else {
                    reach.unanswered = 0;
                }
                Err(trouble)
            }
        }
    }

    async fn find(&self, reach: &mut Reach) -> Result<(Adapter, CentralState), Trouble> {
        let answer = self.pace.answer;
        let manager = match &reach.manager {
            Some(manager) => manager.clone(),
            None => {
                // Connecting to Linux' bus blocks.
                let runtime = Handle::current();
                let connecting = tokio::task::spawn_blocking(move || runtime.block_on(Manager::new()));
                let manager = guarded(answer, async {
                    connecting
                        .await
                        .map_err(|error| btleplug::Error::Other(Box::new(error)))?
                })
                .await?;
                reach.manager.insert(manager).clone()
            }
        };
        let adapters = guarded(answer, async move { manager.adapters().await }).await?;
        let adapter = adapters.into_iter().next().ok_or(Trouble::NoBluetooth)?;
        let looked_at = adapter.clone();
        let (state, events) = guarded(answer, async move {
            let state = looked_at.adapter_state().await?;
            Ok((state, looked_at.events().await?))
        })
        .await?;
        reach.drain = Some(AbortOnDropHandle::new(tokio::spawn(drain(
            events,
            self.shared.clone(),
        ))));
        Ok((adapter, state))
    }
}

/// Whether an adapter in this state can be used. Android doesn't tell; the app does.
fn usable(state: &CentralState) -> Availability {
    match state {
        CentralState::PoweredOn => Ok(()),
        CentralState::PoweredOff => Err(Trouble::BluetoothOff),
        CentralState::Unknown if cfg!(target_os = "android") => Ok(()),
        CentralState::Unknown => Err(Trouble::NotPermitted),
    }
}

/// Takes events as they come: the system keeps only a few for us and drops the others without a word.
async fn drain(mut events: impl Stream<Item = CentralEvent> + Unpin, shared: Arc<Shared>) {
    while let Some(event) = events.next().await {
        match event {
            CentralEvent::DeviceDisconnected(id) => shared.lose(&id),
            CentralEvent::StateUpdate(_) => shared.look_again.notify_one(),
            _ => {}
        }
    }
    shared.look_again.notify_one();
}

#[async_trait::async_trait]
impl Central for System {
    fn availability(&self) -> watch::Receiver<Availability> {
        self.watched()
    }

    async fn open(&self, band: &BandId, gone: CancellationToken) -> Result<Box<dyn Connection>, Trouble> {
        let adapter = self.adapter()?;
        let id = peripheral_id(band).ok_or(Trouble::NotFound)?;
        // In a task of its own, for parts of the system panic at what bands offer.
        let opening = tokio::spawn(BandLink::open(adapter, id, self.shared(), gone));
        let link = opening.await.map_err(|_| Trouble::NotUnderstood)??;
        Ok(Box::new(link))
    }
}

/// What a band is found again by.
pub(super) fn band_id(id: &PeripheralId) -> BandId {
    let written = serde_json::to_value(id).ok();
    let text = written.as_ref().and_then(serde_json::Value::as_str);
    BandId(text.map_or_else(|| id.to_string(), str::to_owned))
}

fn peripheral_id(band: &BandId) -> Option<PeripheralId> {
    let written = if cfg!(target_os = "linux") {
        serde_json::json!({ "object_path": format!("/org/bluez/{}", band.0) })
    } else {
        serde_json::Value::String(band.0.clone())
    };
    serde_json::from_value(written).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn a_band_is_found_again_by_its_id() {
        let band = BandId("hci0/dev_C0_FF_EE_00_00_01".into());
        let id = peripheral_id(&band).unwrap();
        assert_eq!(band_id(&id), band);
        for bad in ["", "hci0/../x", "hci0//x", "ümlaut"] {
            assert!(peripheral_id(&BandId(bad.into())).is_none(), "{bad}");
        }
    }
}
