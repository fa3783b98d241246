//! Finding bands.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use btleplug::api::{Central as _, CentralEvent, Peripheral as _, PeripheralProperties};
use btleplug::platform::{Adapter, PeripheralId};
use futures_util::StreamExt as _;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio_util::task::AbortOnDropHandle;

use super::shared::guarded;
use super::system::{System, band_id};
use crate::{Advert, BandId, Match, Pairing, Trouble, recognise, standard};

/// So often what was heard is looked at.
const LOOK: Duration = Duration::from_millis(200);
/// Devices beyond this number are not looked at; nobody has that many bands, and a crowd may.
const CROWD: usize = 1000;

/// A band within reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it is found again by.
    pub band: BandId,
    /// The name that it calls itself.
    pub name: Option<String>,
    /// The family that it seems to be of.
    pub family: &'static str,
    /// How sure that is.
    pub sure: Match,
    /// What pairing takes.
    pub pairing: Pairing,
    /// How strong its signal is, in dBm.
    pub rssi: Option<i16>,
}

/// A scan under way. It ends when this is dropped.
pub struct Scan {
    found: mpsc::Receiver<Result<Found, Trouble>>,
    _task: AbortOnDropHandle<()>,
}

impl Scan {
    pub(super) fn start(runtime: &Handle, system: Arc<System>, duration: Duration) -> Self {
        let (found, receiver) = mpsc::channel(16);
        let task = runtime.spawn(async move {
            let scanning = tokio::time::timeout(duration, scan(&system, &found));
            if let Ok(Err(trouble)) = scanning.await {
                let _nobody_asks = found.send(Err(trouble)).await;
            }
        });
        Self {
            found: receiver,
            _task: AbortOnDropHandle::new(task),
        }
    }

    /// The next band that was found; a band comes again when its name, family or signal have changed. Nothing when the
    /// scan has ended. What was in the way comes last.
    pub async fn next(&mut self) -> Option<Result<Found, Trouble>> {
        self.found.recv().await
    }
}

/// Looks for bands until Bluetooth can't be used any more.
async fn scan(system: &System, found: &mpsc::Sender<Result<Found, Trouble>>) -> Result<(), Trouble> {
    let adapter = system.adapter()?;
    let shared = system.shared();
    let listening = adapter.clone();
    let mut events = guarded(shared.pace.answer, async move { listening.events().await }).await?;
    let _scanning = shared.scanning(&adapter).await?;
    let heard = Mutex::new(BTreeSet::new());
    let listen = async {
        while let Some(event) = events.next().await {
            let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(id) = about(event)
                && heard.len() < CROWD
            {
                heard.insert(id);
            }
        }
    };
    let tell = async {
        let mut told = HashMap::new();
        loop {
            tokio::time::sleep(LOOK).await;
            let ids = std::mem::take(&mut *heard.lock().unwrap_or_else(PoisonError::into_inner));
            for id in ids {
                let Some(band) = seen(&adapter, &id).await else {
                    continue;
                };
                if told.get(&id) != Some(&band)
                    && found.send(Ok(band.clone())).await.is_ok()
                    && told.len() < CROWD
                {
                    told.insert(id, band);
                }
            }
        }
    };
    let mut availability = system.watched();
    let trouble = async {
        loop {
            let now = *availability.borrow_and_update();
            if let Err(trouble) = now {
                return trouble;
            }
            if availability.changed().await.is_err() {
                return Trouble::SystemSilent;
            }
        }
    };
    tokio::select! {
        () = listen => Err(Trouble::SystemSilent),
        () = tell => Ok(()),
        trouble = trouble => Err(trouble),
    }
}

/// Which device was heard, if one was.
fn about(event: CentralEvent) -> Option<PeripheralId> {
    match event {
        CentralEvent::DeviceDiscovered(id)
        | CentralEvent::DeviceUpdated(id)
        | CentralEvent::ManufacturerDataAdvertisement { id, .. }
        | CentralEvent::ServiceDataAdvertisement { id, .. }
        | CentralEvent::ServicesAdvertisement { id, .. }
        | CentralEvent::RssiUpdate { id, .. } => Some(id),
        _ => None,
    }
}

async fn seen(adapter: &Adapter, id: &PeripheralId) -> Option<Found> {
    let peripheral = adapter.peripheral(id).await.ok()?;
    let properties = peripheral.properties().await.ok()??;
    // Without a signal, it is one that the system remembers from earlier.
    properties.rssi?;
    found(id, properties)
}

fn found(id: &PeripheralId, properties: PeripheralProperties) -> Option<Found> {
    let name = properties.advertisement_name.or(properties.local_name);
    let advert = Advert {
        name: name.and_then(|name| standard::text(name.as_bytes())),
        services: properties.services,
        manufacturer: properties.manufacturer_data.into_iter().collect(),
    };
    let (driver, sure) = recognise(&advert)?;
    Some(Found {
        band: band_id(id),
        name: advert.name,
        family: driver.family(),
        sure,
        pairing: driver.pairing(),
        rssi: properties.rssi,
    })
}
