//! A link to one band by btleplug.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use btleplug::api::{
    Central as _, CharPropFlags, Characteristic, Peripheral as _, RetrievePeripheralsOptions, WriteType,
};
use btleplug::platform::{Adapter, Peripheral, PeripheralId};
use futures_util::StreamExt as _;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::central::Connection;
use super::errors;
use super::inbox::Inbox;
use super::shared::Shared;
use crate::{BandError, Link, Notification, Trouble};

/// So often the system is asked whether it has found a band.
const LOOK: Duration = Duration::from_millis(250);

/// See the module. When it ends, `gone` is cancelled; and when `gone` is cancelled, it ends.
pub(super) struct BandLink {
    peripheral: Peripheral,
    characteristics: BTreeMap<Uuid, Characteristic>,
    subscribed: Vec<Uuid>,
    inbox: Arc<Inbox>,
    gone: CancellationToken,
    answer: Duration,
}

impl BandLink {
    /// Finds a band, connects to it and asks what it offers. Where that fails, nothing stays connected.
    pub(super) async fn open(
        adapter: Adapter,
        id: PeripheralId,
        shared: Arc<Shared>,
        gone: CancellationToken,
    ) -> Result<Self, Trouble> {
        let pace = shared.pace;
        let located = gone.run_until_cancelled(locate(&adapter, &id, &shared)).await;
        let peripheral = located.unwrap_or(Err(Trouble::Lost))?;
        let connecting = connect(&peripheral, pace.connect);
        let connected = gone.run_until_cancelled(connecting).await;
        if let Err(trouble) = connected.unwrap_or(Err(Trouble::Lost)) {
            disconnect(&peripheral, pace.answer).await;
            return Err(trouble);
        }
        shared.opened(&peripheral, &gone);
        let inbox = Arc::new(Inbox::default());
        match tokio::time::timeout(pace.answer, peripheral.notifications()).await {
            Ok(Ok(mut values)) => {
                let (inbox, gone) = (inbox.clone(), gone.clone());
                // Also where it panics, the link has ended.
                let ended = gone.clone().drop_guard();
                tokio::spawn(async move {
                    let _ended = ended;
                    while let Some(Some(value)) = gone.run_until_cancelled(values.next()).await {
                        inbox.put(value.uuid, value.value);
                    }
                });
            }
            _ => {
                gone.cancel();
                disconnect(&peripheral, pace.answer).await;
                return Err(Trouble::SystemSilent);
            }
        }
        let mut characteristics = BTreeMap::new();
        for characteristic in peripheral.characteristics() {
            characteristics
                .entry(characteristic.uuid)
                .or_insert(characteristic);
        }
        Ok(Self {
            peripheral,
            characteristics,
            subscribed: Vec::new(),
            inbox,
            gone,
            answer: pace.answer,
        })
    }

    fn characteristic(&self, uuid: Uuid, can: CharPropFlags) -> Result<&Characteristic, BandError> {
        let characteristic = self.characteristics.get(&uuid).ok_or(BandError::Missing(uuid))?;
        if characteristic.properties.intersects(can) {
            Ok(characteristic)
        } else {
            Err(BandError::Refused)
        }
    }

    /// Waits for an answer about a characteristic, but not for ever, and not beyond the link's end.
    async fn answered<T>(
        &self,
        about: Uuid,
        question: impl Future<Output = btleplug::Result<T>>,
    ) -> Result<T, BandError> {
        let answered = tokio::time::timeout(self.answer, question);
        match self.gone.run_until_cancelled(answered).await {
            Some(Ok(Ok(answer))) => Ok(answer),
            Some(Ok(Err(error))) => {
                tracing::debug!(%error, %about, "a band");
                Err(errors::of_talking(&error, about))
            }
            Some(Err(_)) => Err(BandError::Silent),
            None => Err(BandError::Lost),
        }
    }
}

/// Finds a band: the system may know it, know it again by its id, or has to look for it.
async fn locate(adapter: &Adapter, id: &PeripheralId, shared: &Arc<Shared>) -> Result<Peripheral, Trouble> {
    if let Ok(peripheral) = adapter.peripheral(id).await {
        return Ok(peripheral);
    }
    if let Ok(peripheral) = adapter.add_peripheral(id).await {
        return Ok(peripheral);
    }
    let known = RetrievePeripheralsOptions {
        identifiers: Some(vec![id.clone()]),
        ..RetrievePeripheralsOptions::default()
    };
    if let Some(peripheral) = adapter
        .retrieve_peripherals(known)
        .await
        .ok()
        .and_then(|all| all.into_iter().next())
    {
        return Ok(peripheral);
    }
    let _scanning = shared.scanning(adapter).await?;
    let seen = async {
        loop {
            tokio::time::sleep(LOOK).await;
            if let Ok(peripheral) = adapter.peripheral(id).await {
                return peripheral;
            }
        }
    };
    tokio::time::timeout(shared.pace.find, seen)
        .await
        .map_err(|_| Trouble::NotFound)
}

async fn connect(peripheral: &Peripheral, limit: Duration) -> Result<(), Trouble> {
    let failed = |error: btleplug::Error| {
        tracing::debug!(%error, "connecting to a band");
        errors::of_connecting(&error)
    };
    peripheral.connect_with_timeout(limit).await.map_err(failed)?;
    peripheral
        .discover_services_with_timeout(limit)
        .await
        .map_err(failed)
}

/// Ends a connection, however it stands. The system's discovery hangs on in one that isn't ended.
async fn disconnect(peripheral: &Peripheral, limit: Duration) {
    if let Ok(Err(error)) = tokio::time::timeout(limit, peripheral.disconnect()).await {
        tracing::debug!(%error, "disconnecting from a band");
    }
}

#[async_trait::async_trait]
impl Link for BandLink {
    fn has(&self, characteristic: Uuid) -> bool {
        self.characteristics.contains_key(&characteristic)
    }

    async fn read(&mut self, characteristic: Uuid) -> Result<Vec<u8>, BandError> {
        let of = self.characteristic(characteristic, CharPropFlags::READ)?;
        self.answered(characteristic, self.peripheral.read(of)).await
    }

    async fn write(&mut self, characteristic: Uuid, value: &[u8]) -> Result<(), BandError> {
        let can = CharPropFlags::WRITE | CharPropFlags::WRITE_WITHOUT_RESPONSE;
        let of = self.characteristic(characteristic, can)?;
        let kind = if of.properties.contains(CharPropFlags::WRITE) {
            WriteType::WithResponse
        } else {
            WriteType::WithoutResponse
        };
        self.answered(characteristic, self.peripheral.write(of, value, kind))
            .await
    }

    async fn subscribe(&mut self, characteristic: Uuid) -> Result<(), BandError> {
        if self.subscribed.contains(&characteristic) {
            return Ok(());
        }
        let of = self.characteristic(characteristic, CharPropFlags::NOTIFY | CharPropFlags::INDICATE)?;
        self.answered(characteristic, self.peripheral.subscribe(of))
            .await?;
        self.subscribed.push(characteristic);
        Ok(())
    }

    async fn next(&mut self, of: &[Uuid]) -> Result<Notification, BandError> {
        // What came before the link broke is still worth having.
        if let Some(value) = self.inbox.take(of) {
            return Ok(value);
        }
        let next = tokio::time::timeout(self.answer, self.inbox.next(of));
        match self.gone.run_until_cancelled(next).await {
            Some(Ok(value)) => Ok(value),
            Some(Err(_)) => Err(BandError::Silent),
            None => self.inbox.take(of).ok_or(BandError::Lost),
        }
    }
}

#[async_trait::async_trait]
impl Connection for BandLink {
    async fn close(&mut self) {
        self.gone.cancel();
        disconnect(&self.peripheral, self.answer).await;
    }
}
