//! A band made of a script, for tests without a radio.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use uuid::Uuid;

use crate::{BandError, BandMinute, Kept, Link, Notification};

mod huami_band;
pub(crate) use huami_band::{Fault, HuamiBand};

/// What the band does when something is written: what it sends, or how it fails.
type OnWrite = Box<dyn FnMut(Uuid, &[u8]) -> Vec<Result<Notification, BandError>> + Send>;

/// A link whose other end is a script. Once it has no more to say, it is silent; once it is lost, it stays so.
#[derive(Default)]
pub(crate) struct Script {
    has: BTreeSet<Uuid>,
    values: BTreeMap<Uuid, Result<Vec<u8>, BandError>>,
    says: VecDeque<Result<Notification, BandError>>,
    on_write: Option<OnWrite>,
    lost: bool,
    pub(crate) written: Vec<(Uuid, Vec<u8>)>,
    pub(crate) subscribed: BTreeSet<Uuid>,
}

impl Script {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn with(mut self, characteristic: Uuid) -> Self {
        self.has.insert(characteristic);
        self
    }

    pub(crate) fn answers(mut self, characteristic: Uuid, value: &[u8]) -> Self {
        self.values.insert(characteristic, Ok(value.to_vec()));
        self.with(characteristic)
    }

    pub(crate) fn refuses(mut self, characteristic: Uuid) -> Self {
        self.values.insert(characteristic, Err(BandError::Refused));
        self.with(characteristic)
    }

    pub(crate) fn on_write(
        mut self,
        react: impl FnMut(Uuid, &[u8]) -> Vec<Result<Notification, BandError>> + Send + 'static,
    ) -> Self {
        self.on_write = Some(Box::new(react));
        self
    }

    fn alive(&self, characteristic: Uuid) -> Result<(), BandError> {
        if self.lost {
            return Err(BandError::Lost);
        }
        if self.has.contains(&characteristic) {
            Ok(())
        } else {
            Err(BandError::Missing(characteristic))
        }
    }
}

#[async_trait::async_trait]
impl Link for Script {
    fn has(&self, characteristic: Uuid) -> bool {
        self.has.contains(&characteristic)
    }

    async fn read(&mut self, characteristic: Uuid) -> Result<Vec<u8>, BandError> {
        self.alive(characteristic)?;
        self.values
            .get(&characteristic)
            .cloned()
            .unwrap_or(Err(BandError::Refused))
    }

    async fn write(&mut self, characteristic: Uuid, value: &[u8]) -> Result<(), BandError> {
        self.alive(characteristic)?;
        self.written.push((characteristic, value.to_vec()));
        if let Some(react) = &mut self.on_write {
            self.says.extend(react(characteristic, value));
        }
        Ok(())
    }

    async fn subscribe(&mut self, characteristic: Uuid) -> Result<(), BandError> {
        self.alive(characteristic)?;
        self.subscribed.insert(characteristic);
        Ok(())
    }

    async fn next(&mut self, of: &[Uuid]) -> Result<Notification, BandError> {
        if self.lost {
            return Err(BandError::Lost);
        }
        let wanted = |said: &Result<Notification, BandError>| match said {
            Ok(said) => of.contains(&said.characteristic),
            Err(_) => true,
        };
        let Some(at) = self.says.iter().position(wanted) else {
            return Err(BandError::Silent);
        };
        let said = self.says.remove(at).unwrap_or(Err(BandError::Silent));
        self.lost = said == Err(BandError::Lost);
        said
    }
}

/// Minutes that were kept, in memory; it can be told to fail.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) minutes: BTreeMap<i64, BandMinute>,
    pub(crate) calls: usize,
    /// The disk is full from this call on.
    pub(crate) full_after: Option<usize>,
}

#[async_trait::async_trait]
impl Kept for Memory {
    async fn keep(&mut self, minutes: &[BandMinute]) -> Result<(), BandError> {
        if self.full_after.is_some_and(|calls| self.calls >= calls) {
            return Err(BandError::NotStored);
        }
        self.calls += 1;
        assert!(minutes.is_sorted_by(|a, b| a.minute < b.minute), "minutes rise");
        self.minutes
            .extend(minutes.iter().map(|minute| (minute.minute.0, *minute)));
        Ok(())
    }
}

/// Runs a conversation to its end.
pub(crate) fn run<T>(conversation: impl Future<Output = T>) -> T {
    futures_executor::block_on(conversation)
}
