//! A host in memory, and a radio that reaches what a test wants it to reach.

use std::collections::BTreeMap;
use std::sync::Mutex;

use haigou_contract::Minute;
use tokio::time::Instant;
use uuid::Uuid;

use super::*;
use crate::radio::central::Connection;
use crate::radio::inbox::Inbox;
use crate::testing::Script;
use crate::{BandInfo, BandMinute, HostError, Link, Notification, Reading};

/// A host that remembers everything.
pub(super) struct Notes {
    pub(super) minutes: Mutex<BTreeMap<i64, BandMinute>>,
    /// So often minutes came that were there already.
    pub(super) doubled: Mutex<usize>,
    pub(super) states: Mutex<Vec<(Instant, LinkState)>>,
    pub(super) readings: Mutex<Vec<Reading>>,
    pub(super) full: Mutex<bool>,
    pub(super) changed: watch::Sender<()>,
}

impl Notes {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            minutes: Mutex::default(),
            doubled: Mutex::default(),
            states: Mutex::default(),
            readings: Mutex::default(),
            full: Mutex::default(),
            changed: watch::Sender::new(()),
        })
    }

    pub(super) fn states(&self) -> Vec<LinkState> {
        self.states
            .lock()
            .unwrap()
            .iter()
            .map(|(_, state)| *state)
            .collect()
    }

    pub(super) fn readings(&self) -> Vec<Reading> {
        self.readings.lock().unwrap().clone()
    }

    pub(super) fn waits(&self) -> Vec<u64> {
        let waits = |state| match state {
            LinkState::Waiting { again_in_ms, .. } => Some(again_in_ms / 1000),
            _ => None,
        };
        self.states().into_iter().filter_map(waits).collect()
    }

    /// Waits until something is so.
    pub(super) async fn until(&self, so: impl Fn(&Self) -> bool) {
        let mut changed = self.changed.subscribe();
        let waiting = async {
            while !so(self) {
                changed.changed().await.unwrap();
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(100_000), waiting).await;
        assert!(
            waited.is_ok(),
            "{:?}",
            self.states().iter().rev().take(20).collect::<Vec<_>>()
        );
    }

    pub(super) async fn until_last(&self, state: LinkState) {
        self.until(|notes| notes.states().last() == Some(&state)).await;
    }
}

impl Host for Notes {
    fn now(&self) -> (i64, i32) {
        (NOW * 60_000 + 30_000, 8 * 3600)
    }

    fn cursor(&self, _band: &BandId) -> Minute {
        Minute(
            self.minutes
                .lock()
                .unwrap()
                .last_key_value()
                .map_or(FIRST, |(last, _)| last + 1),
        )
    }

    fn keep(&self, _band: &BandId, minutes: &[BandMinute]) -> Result<(), HostError> {
        if *self.full.lock().unwrap() {
            return Err(HostError("disk full".into()));
        }
        for minute in minutes {
            if self
                .minutes
                .lock()
                .unwrap()
                .insert(minute.minute.0, *minute)
                .is_some()
            {
                *self.doubled.lock().unwrap() += 1;
            }
        }
        Ok(())
    }

    fn heard(&self, _band: &BandId, reading: Reading) {
        self.readings.lock().unwrap().push(reading);
        self.changed.send_replace(());
    }

    fn introduced(&self, _band: &BandId, _info: &BandInfo) {}

    fn stands(&self, _band: &BandId, state: LinkState) {
        self.states.lock().unwrap().push((Instant::now(), state));
        self.changed.send_replace(());
    }
}

/// Makes the next link.
pub(super) type Open = Box<dyn FnMut() -> Result<Script, Trouble> + Send>;

/// A radio that reaches what a test wants it to reach.
pub(super) struct Air {
    pub(super) availability: watch::Sender<Availability>,
    pub(super) open: Mutex<Open>,
    /// What the band of the open link sends by itself, and what ends that link.
    pub(super) now: Mutex<Option<(Arc<Inbox>, CancellationToken)>>,
}

impl Air {
    pub(super) fn new(open: impl FnMut() -> Result<Script, Trouble> + Send + 'static) -> Arc<Self> {
        Arc::new(Self {
            availability: watch::Sender::new(Ok(())),
            open: Mutex::new(Box::new(open)),
            now: Mutex::default(),
        })
    }

    pub(super) fn send(&self, of: Uuid, value: &[u8]) {
        let now = self.now.lock().unwrap();
        now.as_ref().unwrap().0.put(of, value.to_vec());
    }

    pub(super) fn set(&self, availability: Availability) {
        self.availability.send_modify(|now| *now = availability);
    }

    pub(super) fn break_link(&self) {
        self.now.lock().unwrap().as_ref().unwrap().1.cancel();
    }
}

#[async_trait::async_trait]
impl Central for Air {
    fn availability(&self) -> watch::Receiver<Availability> {
        self.availability.subscribe()
    }

    async fn open(&self, _band: &BandId, gone: CancellationToken) -> Result<Box<dyn Connection>, Trouble> {
        let script = (self.open.lock().unwrap())()?;
        let inbox = Arc::new(Inbox::default());
        *self.now.lock().unwrap() = Some((inbox.clone(), gone.clone()));
        Ok(Box::new(Wire { script, inbox, gone }))
    }
}

/// A link to a script, which can be lost and can be silent.
struct Wire {
    script: Script,
    inbox: Arc<Inbox>,
    gone: CancellationToken,
}

#[async_trait::async_trait]
impl Link for Wire {
    fn has(&self, characteristic: Uuid) -> bool {
        self.script.has(characteristic)
    }

    async fn read(&mut self, characteristic: Uuid) -> Result<Vec<u8>, BandError> {
        if self.gone.is_cancelled() {
            return Err(BandError::Lost);
        }
        self.script.read(characteristic).await
    }

    async fn write(&mut self, characteristic: Uuid, value: &[u8]) -> Result<(), BandError> {
        if self.gone.is_cancelled() {
            return Err(BandError::Lost);
        }
        self.script.write(characteristic, value).await
    }

    async fn subscribe(&mut self, characteristic: Uuid) -> Result<(), BandError> {
        self.script.subscribe(characteristic).await
    }

    async fn next(&mut self, of: &[Uuid]) -> Result<Notification, BandError> {
        match self.script.next(of).await {
            Err(BandError::Silent) => {}
            said => return said,
        }
        let next = tokio::time::timeout(Pace::default().answer, self.inbox.next(of));
        match self.gone.run_until_cancelled(next).await {
            Some(Ok(said)) => Ok(said),
            Some(Err(_)) => Err(BandError::Silent),
            None => Err(BandError::Lost),
        }
    }
}

#[async_trait::async_trait]
impl Connection for Wire {
    async fn close(&mut self) {
        self.gone.cancel();
    }
}
