//! The real radio, by btleplug: it knows whether Bluetooth can be used, finds bands, and keeps links to them alive.
//!
//! One task looks after the system's Bluetooth, one after each band that is kept. Values that a band sends wait in a
//! bounded queue; what a band says goes to the [`Host`] at a steady pace, the newest first. Everything ends when its
//! handle is dropped.

mod central;
mod errors;
mod inbox;
mod keeper;
mod link;
mod pace;
mod scan;
mod session;
mod shared;
mod system;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

pub use pace::Pace;
pub use scan::{Found, Scan};

use self::central::Central;
use self::keeper::{Keeper, Nudges};
use self::system::System;
use crate::{BandId, Host, LinkState, Trouble, family};

/// What the system's Java machine has to be told before the first [`Radio`] on Android. It has to be called on a thread
/// whose class loader is the app's.
#[cfg(target_os = "android")]
pub use btleplug::platform::init as init_android;

/// Whether Bluetooth can be used, or what is in the way.
pub type Availability = Result<(), Trouble>;

/// There is no such family of bands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no family of bands named {0}")]
pub struct UnknownFamily(pub String);

/// The radio of this process. One is enough for any number of bands, and on Apple's systems all that there may be.
pub struct Radio {
    runtime: Handle,
    host: Arc<dyn Host>,
    system: Arc<System>,
    pace: Pace,
    bands: Mutex<HashMap<BandId, Leash>>,
    _looking: watch::Sender<()>,
}

/// What ends a band's task, and tells when it has ended.
#[derive(Clone)]
struct Leash {
    stop: CancellationToken,
    ended: CancellationToken,
}

impl Radio {
    /// Starts it. Has to be called within a runtime of tokio's, which has to outlive it. It answers when it knows whether
    /// Bluetooth can be used.
    pub async fn new(host: Arc<dyn Host>, pace: Pace) -> Self {
        let system = Arc::new(System::new(pace));
        let (looking, stopped) = watch::channel(());
        system.look().await;
        tokio::spawn(system.clone().watch(stopped));
        Self {
            runtime: Handle::current(),
            host,
            system,
            pace,
            bands: Mutex::default(),
            _looking: looking,
        }
    }

    /// Whether Bluetooth can be used, now and whenever it changes. It recovers by itself.
    #[must_use]
    pub fn availability(&self) -> watch::Receiver<Availability> {
        self.system.watched()
    }

    /// The app tells what only it can know: on Android, whether Bluetooth is permitted and switched on.
    pub fn told(&self, availability: Availability) {
        self.system.told(availability);
    }

    /// Looks for bands of known families for so long, or until what is returned is dropped.
    #[must_use]
    pub fn scan(&self, duration: Duration) -> Scan {
        Scan::start(&self.runtime, self.system.clone(), duration)
    }

    /// Keeps a link to a band alive until the handle is dropped; how it stands is told to the [`Host`]. A link to the same
    /// band that was kept before ends first.
    ///
    /// # Errors
    /// [`UnknownFamily`].
    pub fn keep(
        &self,
        band: &BandId,
        family_name: &str,
        key: Option<[u8; 16]>,
    ) -> Result<Hold, UnknownFamily> {
        let driver = family(family_name).ok_or_else(|| UnknownFamily(family_name.to_owned()))?;
        let leash = Leash {
            stop: CancellationToken::new(),
            ended: CancellationToken::new(),
        };
        let nudges = Arc::new(Nudges::default());
        let before = self.bands().insert(band.clone(), leash.clone());
        let central: Arc<dyn Central> = self.system.clone();
        let keeper = Keeper {
            band: band.clone(),
            driver,
            key,
            host: self.host.clone(),
            central,
            pace: self.pace,
            nudges: nudges.clone(),
            stop: leash.stop.clone(),
        };
        let ended = leash.ended.clone().drop_guard();
        self.runtime.spawn(async move {
            let _ended = ended;
            if let Some(before) = before {
                before.stop.cancel();
                before.ended.cancelled().await;
            }
            keeper.run().await;
        });
        Ok(Hold { leash, nudges })
    }

    /// Ends the link to a band, if there is one, and waits until it has ended.
    pub async fn forget(&self, band: &BandId) {
        let leash = self.bands().remove(band);
        if let Some(leash) = leash {
            leash.stop.cancel();
            leash.ended.cancelled().await;
        }
    }

    fn bands(&self) -> MutexGuard<'_, HashMap<BandId, Leash>> {
        self.bands.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Radio {
    fn drop(&mut self) {
        for leash in self.bands().values() {
            leash.stop.cancel();
        }
    }
}

/// A band that is kept. The link ends when this is dropped.
pub struct Hold {
    leash: Leash,
    nudges: Arc<Nudges>,
}

impl Hold {
    /// Fetches what the band kept now; where the link is down, tries at once.
    pub fn catch_up_now(&self) {
        self.nudges.catch_up.notify_one();
    }

    /// Asks how full it is, which is told to the [`Host`].
    pub fn battery_now(&self) {
        self.nudges.battery.notify_one();
    }

    /// Ends the link and waits until it has ended.
    pub async fn close(self) {
        self.leash.stop.cancel();
        self.leash.ended.cancelled().await;
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.leash.stop.cancel();
    }
}

/// A duration in whole milliseconds.
fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

impl LinkState {
    fn waiting(trouble: Trouble, again_in: Duration) -> Self {
        Self::Waiting {
            trouble,
            again_in_ms: millis(again_in),
        }
    }
}
