//! A wristband on somebody's wrist, over the true radio: the system's Bluetooth is played on a private bus.

use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use haigou_contract::Minute;
use haigou_phone::screens::BandsScreen;
use haigou_phone::{Pace, Phone};
use haigou_test_band::{BandPlan, Bluetooth, Bus, Clock, Family, SimulatedBand};

use crate::Failed;

/// Names the folder of this process's bus.
const FOLDER: &str = "HAIGOU_DEMO_BUS";
const KEY: [u8; 16] = *b"haigou-demo-band";
/// Finding, pairing and fetching a day take seconds.
const LIMIT: Duration = Duration::from_secs(60);
/// Its wearer's days follow from it.
const SEED: u64 = 20;
const MINUTE_MS: i64 = 60_000;

/// Which bus is the system's is read once from the environment of a process: so this program starts anew, told of its own.
/// Without `dbus-daemon` there is no band.
pub(crate) fn on_a_bus_of_its_own() -> Option<BusFolder> {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return Some(BusFolder(folder.into()));
    }
    if !Bus::can_be() {
        return None;
    }
    let folder = std::env::temp_dir().join(format!("haigou-demo-{}", std::process::id()));
    std::fs::create_dir_all(&folder).ok()?;
    // It comes back only where that fails.
    let _failed = Command::new(std::env::current_exe().ok()?)
        .args(std::env::args_os().skip(1))
        .env(FOLDER, &folder)
        .env("DBUS_SYSTEM_BUS_ADDRESS", Bus::address_in(&folder))
        .exec();
    None
}

/// The folder of the bus; it goes with this value.
pub(crate) struct BusFolder(PathBuf);

impl Drop for BusFolder {
    fn drop(&mut self) {
        let _left_behind = std::fs::remove_dir_all(&self.0);
    }
}

/// The system's Bluetooth with one band, worn since the week began.
pub(crate) struct Worn {
    clock: Clock,
    band: SimulatedBand,
    _bluetooth: Bluetooth,
    _bus: Bus,
}

impl Worn {
    /// Puts one on.
    pub(crate) async fn new(folder: &BusFolder, now_ms: i64) -> Self {
        let bus = Bus::start_in(&folder.0);
        let clock = Clock::at(now_ms, 0);
        let bluetooth = Bluetooth::start(&bus.address(), &clock).await;
        let band = bluetooth.add(&BandPlan::of(Family::Huami).seeded(SEED).with_key(KEY));
        Self {
            clock,
            band,
            _bluetooth: bluetooth,
            _bus: bus,
        }
    }

    /// The steps that its wearer made from one moment until another.
    pub(crate) fn steps(&self, from_ms: i64, until_ms: i64) -> u64 {
        let truth = self.band.truth(Minute::at(from_ms), Minute::at(until_ms));
        truth.iter().map(|minute| u64::from(minute.steps)).sum()
    }

    /// The wearer comes home: the app is opened near the band, pairs it the first time, and fetches what it kept.
    pub(crate) async fn come_home(&self, phone: &Arc<Phone>, now_ms: i64) -> Result<(), Failed> {
        self.clock.advance(now_ms - self.clock.now_ms());
        phone.start_radio_at(quick()).await?;
        let mut screen = phone.bands();
        if screen.borrow().bands.is_empty() {
            phone.scan_bands(LIMIT)?;
            let found = until(&mut screen, |screen| screen.found.first().cloned()).await?;
            phone.stop_scan();
            let digits: String = KEY.iter().map(|byte| format!("{byte:02x}")).collect();
            phone.pair_band(&found.id, Some(&digits))?;
        }
        let id = until(&mut screen, |screen| {
            screen.bands.first().map(|band| band.id.clone())
        })
        .await?;
        let is_live = |screen: &BandsScreen| {
            let link = screen.bands.first()?.link.clone()?;
            (link.told.code == "live").then_some(())
        };
        until(&mut screen, is_live).await?;
        let kept = Minute::at(now_ms - MINUTE_MS);
        let started = std::time::Instant::now();
        while self.band.acknowledged().is_none_or(|minute| minute < kept) {
            if started.elapsed() > LIMIT {
                return Err("the band doesn't give away what it kept".into());
            }
            phone.catch_up_band(&id)?;
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        until(&mut screen, is_live).await
    }
}

/// In more of a hurry than people.
fn quick() -> Pace {
    Pace {
        first_wait: Duration::from_millis(200),
        longest_wait: Duration::from_secs(2),
        ..Pace::default()
    }
}

/// Waits until a screen shows something.
async fn until<T>(
    screen: &mut tokio::sync::watch::Receiver<BandsScreen>,
    shows: impl Fn(&BandsScreen) -> Option<T>,
) -> Result<T, Failed> {
    let looking = async {
        loop {
            let shown = shows(&screen.borrow_and_update());
            if let Some(shown) = shown {
                return Ok(shown);
            }
            screen.changed().await?;
        }
    };
    tokio::time::timeout(LIMIT, looking)
        .await
        .map_err(|_| "the band isn't found, or can't be read")?
}
