//! Wristbands: those within reach, those that are paired, how things stand with each.

use std::time::Duration;

use haigou_phone::screens::{LinkTold, Told};
use haigou_wearable::{BandId, Trouble};

use super::shared::all;
use crate::kinds::size;
use crate::{Phone, PhoneError};

/// The bands screen.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct BandsScreen {
    /// The radio was started.
    pub started: bool,
    /// What is in the way of the radio, and what to do: Bluetooth is off, for example.
    pub trouble: Option<Told>,
    /// A scan is under way.
    pub scanning: bool,
    /// What the last scan found and isn't paired, the strongest first.
    pub found: Vec<FoundBand>,
    /// The bands that the member paired, by name.
    pub bands: Vec<BandLine>,
}

/// A band within reach.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct FoundBand {
    /// How the radio finds it again.
    pub id: String,
    /// The name that it calls itself, else its address.
    pub name: String,
    /// The stable name of the family that it seems to be of.
    pub family: String,
    /// The member has to enter its key.
    pub wants_key: bool,
    /// How strong its signal is, in dBm.
    pub rssi: Option<i16>,
}

/// A band that the member paired.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct BandLine {
    /// How the radio finds it again.
    pub id: String,
    /// The stable name of its family.
    pub family: String,
    /// Its name.
    pub name: String,
    /// How things stand with it; none before the radio said anything.
    pub link: Option<LinkTold>,
    /// How full it is, in per cent.
    pub battery: Option<i32>,
    /// Whether it is being charged, where it can tell.
    pub charging: Option<bool>,
    /// Beats per minute, as it said within the last seconds.
    pub heart_rate: Option<i32>,
    /// Its maker.
    pub maker: Option<String>,
    /// Its model.
    pub model: Option<String>,
    /// Its software.
    pub firmware: Option<String>,
    /// It tells the cadence of one foot.
    pub one_foot: bool,
    /// When it said something last, by the phone's time.
    pub heard_ms: Option<i64>,
    /// Steps that it counted today, whether they were believed over others' or not.
    pub steps_today: i64,
}

/// A band's link in words.
#[uniffi::remote(Record)]
pub struct LinkTold {
    /// How it stands, or what the matter is and what to do; the code is that of the state or of the trouble.
    pub told: Told,
    /// What follows by itself, or that nothing does; none where nothing has to be said.
    pub next: Option<String>,
}

/// What the system says of its Bluetooth. Android tells only the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Bluetooth {
    /// It is on, and the app may use it.
    On,
    /// It is switched off.
    Off,
    /// The app may not use it.
    NotPermitted,
    /// This device has none.
    Missing,
}

crate::listen::screen! {
    BandsScreen from bands,
    /// The wristbands.
    bands,
    /// Hears of the wristbands.
    BandsListener,
    watch_bands
}

#[uniffi::export]
impl Phone {
    /// Starts the radio, as soon as the app may use Bluetooth: bands that are paired are kept connected from now on. Bluetooth
    /// that is off or not permitted is no error: the screen says so, and it goes on when that changes.
    pub async fn start_radio(&self) -> Result<(), PhoneError> {
        self.finish_it(|core| async move { core.start_radio().await })
            .await
    }

    /// The app was told by the system how its Bluetooth stands.
    pub fn bluetooth_is(&self, bluetooth: Bluetooth) {
        self.core.bluetooth_is(bluetooth.into());
    }

    /// Looks for bands for so many seconds, two minutes at most; the screen shows what is found. Another scan takes the
    /// place of the one under way.
    pub fn scan_bands(&self, seconds: i64) -> Result<(), PhoneError> {
        let _within = self.work.enter();
        self.told(self.core.scan_bands(Duration::from_secs(size(seconds))))
    }

    /// Ends the scan under way, if there is one. What it found stays.
    pub fn stop_scan(&self) {
        self.core.stop_scan();
    }

    /// Pairs a band that the last scan found, or pairs one anew that wants another key: what the member entered, 32
    /// hexadecimal digits, where the band's family wants one. It is kept connected from now on.
    #[uniffi::method(default(key = None))]
    pub fn pair_band(&self, id: String, key: Option<String>) -> Result<(), PhoneError> {
        let _within = self.work.enter();
        self.told(self.core.pair_band(&BandId(id), key.as_deref()))
    }

    /// Ends the link to a band, and forgets the band and its key. The steps that it counted stay.
    pub async fn forget_band(&self, id: String) -> Result<(), PhoneError> {
        self.finish_it(|core| async move { core.forget_band(&BandId(id)).await })
            .await
    }

    /// Fetches now what a band kept; one that is out of reach is tried at once.
    pub fn catch_up_band(&self, id: String) -> Result<(), PhoneError> {
        self.told(self.core.catch_up_band(&BandId(id)))
    }

    /// Asks a band how full it is; the screen shows it.
    pub fn ask_band_battery(&self, id: String) -> Result<(), PhoneError> {
        self.told(self.core.ask_band_battery(&BandId(id)))
    }

    /// Says whether a band tells the cadence of one foot or of both: bands differ.
    pub fn set_band_one_foot(&self, id: String, one_foot: bool) -> Result<(), PhoneError> {
        self.told(self.core.set_band_one_foot(&BandId(id), one_foot))
    }
}

impl From<Bluetooth> for Result<(), Trouble> {
    fn from(bluetooth: Bluetooth) -> Self {
        match bluetooth {
            Bluetooth::On => Ok(()),
            Bluetooth::Off => Err(Trouble::BluetoothOff),
            Bluetooth::NotPermitted => Err(Trouble::NotPermitted),
            Bluetooth::Missing => Err(Trouble::NoBluetooth),
        }
    }
}

impl From<haigou_phone::screens::BandsScreen> for BandsScreen {
    fn from(screen: haigou_phone::screens::BandsScreen) -> Self {
        Self {
            started: screen.started,
            trouble: screen.trouble,
            scanning: screen.scanning,
            found: all(screen.found),
            bands: all(screen.bands),
        }
    }
}

impl From<haigou_phone::screens::FoundBand> for FoundBand {
    fn from(found: haigou_phone::screens::FoundBand) -> Self {
        Self {
            id: found.id.0,
            name: found.name,
            family: found.family,
            wants_key: found.wants_key,
            rssi: found.rssi,
        }
    }
}

impl From<haigou_phone::screens::BandLine> for BandLine {
    fn from(band: haigou_phone::screens::BandLine) -> Self {
        Self {
            id: band.id.0,
            family: band.family,
            name: band.name,
            link: band.link,
            battery: band.battery.map(Into::into),
            charging: band.charging,
            heart_rate: band.heart_rate.map(Into::into),
            maker: band.maker,
            model: band.model,
            firmware: band.firmware,
            one_foot: band.one_foot,
            heard_ms: band.heard_ms,
            steps_today: band.steps_today.into(),
        }
    }
}
