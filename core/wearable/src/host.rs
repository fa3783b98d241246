//! What the radio needs from the app around it, and what it tells it.

use haigou_contract::Minute;
use serde::{Deserialize, Serialize};

use crate::{BandInfo, BandMinute, Reading};

/// A band, as the radio finds it again (on Android an address, on Apple's systems a number of its own).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BandId(pub String);

/// How things stand with a band.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkState {
    /// It is being looked for, or connected to.
    Connecting,
    /// Connected; it is being paired and set up.
    Preparing,
    /// What it kept is being fetched: minutes so far.
    CatchingUp {
        /// Minutes so far.
        minutes: u32,
    },
    /// It tells what it counts.
    Live,
    /// Waiting before the next try.
    Waiting {
        /// Why the last try ended.
        trouble: Trouble,
        /// Milliseconds until the next.
        again_in_ms: u64,
    },
    /// It was given up; only the member can change that.
    Stopped {
        /// Why.
        trouble: Trouble,
    },
}

/// What is the matter, as a screen can tell it with what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// This device has no Bluetooth.
    NoBluetooth,
    /// Bluetooth is switched off.
    BluetoothOff,
    /// The app may not use Bluetooth.
    NotPermitted,
    /// The system's Bluetooth doesn't answer.
    SystemSilent,
    /// The band isn't near, or is connected to another phone.
    NotFound,
    /// The connection broke.
    Lost,
    /// It is connected and says nothing.
    Silent,
    /// It wants a key.
    KeyNeeded,
    /// The key is wrong.
    KeyWrong,
    /// It isn't what it says it is: services are missing, or what it sends can't be read.
    NotUnderstood,
    /// What it sent couldn't be stored on the phone.
    NotStored,
}

/// The host couldn't store something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the host couldn't store it: {0}")]
pub struct HostError(pub String);

/// The app around the radio. Called from the radio's tasks, never under a lock of the radio's.
pub trait Host: Send + Sync + 'static {
    /// The phone's time in milliseconds since the Unix epoch, and how far local time is ahead of UTC, in seconds.
    fn now(&self) -> (i64, i32);
    /// The first minute of a band that isn't stored yet.
    fn cursor(&self, band: &BandId) -> Minute;
    /// Stores minutes for good, and the cursor behind them, in one transaction.
    ///
    /// # Errors
    /// [`HostError`]; nothing was stored then.
    fn keep(&self, band: &BandId, minutes: &[BandMinute]) -> Result<(), HostError>;
    /// The band said something just now.
    fn heard(&self, band: &BandId, reading: Reading);
    /// The band told what it is.
    fn introduced(&self, band: &BandId, info: &BandInfo);
    /// How things stand with the band.
    fn stands(&self, band: &BandId, state: LinkState);
}
