//! The radio of the bands: finding, pairing, keeping, forgetting them. What they say comes in by [`crate::bands`].

use std::collections::BTreeMap;
use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

use haigou_wearable::radio::{Found, Hold, Pace, Radio};
use haigou_wearable::{BandId, Pairing};
use tokio::task::AbortHandle;

use crate::bands::KEYS;
use crate::screens::FoundBand;
use crate::{Phone, PhoneError, json};

/// A scan goes on for at most so long.
const LONGEST_SCAN: Duration = Duration::from_secs(120);

/// The radio, once it was started, and the bands that it holds.
#[derive(Default)]
pub(crate) struct OnAir {
    radio: Option<Arc<Radio>>,
    holds: BTreeMap<BandId, Hold>,
    scan: Option<AbortHandle>,
    watch: Option<AbortHandle>,
}

impl Drop for OnAir {
    fn drop(&mut self) {
        self.end();
    }
}

impl OnAir {
    /// Lets go of everything.
    pub(crate) fn end(&mut self) {
        for task in [self.scan.take(), self.watch.take()].into_iter().flatten() {
            task.abort();
        }
        self.holds.clear();
        self.radio = None;
    }
}

impl Phone {
    /// Starts the radio, as soon as the app may use Bluetooth: the bands that are paired are kept connected from now on.
    /// Bluetooth that is off or not permitted is no error: the bands' screen says so, and it goes on when that
    /// changes. Starting it twice is starting it once. Within a tokio runtime that outlives the phone.
    ///
    /// # Errors
    /// [`PhoneError::Closed`], those of the key store.
    pub async fn start_radio(self: &Arc<Self>) -> Result<(), PhoneError> {
        self.start_radio_at(Pace::default()).await
    }

    /// As [`Phone::start_radio`], with other durations: for tests and demos.
    ///
    /// # Errors
    /// As [`Phone::start_radio`].
    pub async fn start_radio_at(self: &Arc<Self>, pace: Pace) -> Result<(), PhoneError> {
        if self.on_air().radio.is_some() {
            return Ok(());
        }
        let radio = Arc::new(Radio::new(Arc::new(self.band_host()), pace).await);
        {
            let mut on_air = self.on_air();
            if on_air.radio.is_some() {
                return Ok(());
            }
            let mut availability = radio.availability();
            let phone = Arc::downgrade(self);
            let watching = tokio::spawn(async move {
                loop {
                    let trouble = (*availability.borrow_and_update()).err();
                    let Some(phone) = phone.upgrade() else { return };
                    let _ = phone.with(|core, _| core.bands.radio = Some(trouble));
                    phone.show_bands();
                    drop(phone);
                    if availability.changed().await.is_err() {
                        return;
                    }
                }
            });
            on_air.watch = Some(watching.abort_handle());
            on_air.radio = Some(radio);
        }
        let paired: Vec<BandId> = self.with(|core, _| core.bands.paired.keys().cloned().collect())?;
        paired.iter().try_for_each(|id| self.hold(id))
    }

    /// The app was told by the system whether it may use Bluetooth and whether that is on (Android tells only the app).
    pub fn bluetooth_is(&self, availability: haigou_wearable::radio::Availability) {
        if let Some(radio) = &self.on_air().radio {
            radio.told(availability);
        }
    }

    /// Looks for bands for so long, two minutes at most; the bands' screen shows what is found, the strongest first.
    /// Another scan takes the place of the one under way.
    ///
    /// # Errors
    /// [`PhoneError::RadioOff`] before [`Phone::start_radio`]; [`PhoneError::Closed`].
    pub fn scan_bands(self: &Arc<Self>, duration: Duration) -> Result<(), PhoneError> {
        self.stop_scan();
        let mut on_air = self.on_air();
        let radio = on_air.radio.as_ref().ok_or(PhoneError::RadioOff)?;
        let mut scan = radio.scan(duration.min(LONGEST_SCAN));
        self.with(|core, _| {
            core.bands.found.clear();
            core.bands.scanning = true;
        })?;
        let phone = Arc::downgrade(self);
        let looking = tokio::spawn(async move {
            while let Some(found) = scan.next().await {
                let Some(phone) = phone.upgrade() else { return };
                if let Ok(found) = found {
                    let _ = phone.with(|core, _| core.bands.found.insert(found.band.clone(), shown(found)));
                    phone.show_bands();
                }
            }
            if let Some(phone) = phone.upgrade() {
                let _ = phone.with(|core, _| core.bands.scanning = false);
                phone.show_bands();
            }
        });
        on_air.scan = Some(looking.abort_handle());
        drop(on_air);
        self.show_bands();
        Ok(())
    }

    /// Ends the scan under way, if there is one. What it found stays.
    pub fn stop_scan(&self) {
        let scan = self.on_air().scan.take();
        if let Some(scan) = scan {
            scan.abort();
            let _ = self.with(|core, _| core.bands.scanning = false);
            self.show_bands();
        }
    }

    /// Pairs a band that the last scan found, or pairs one anew that wants another key. `key` is what the member
    /// entered, 32 hexadecimal digits, where the band's family wants one. It is kept connected from now on.
    ///
    /// # Errors
    /// [`PhoneError::RadioOff`], [`PhoneError::NoSuchBand`]; [`PhoneError::OutOfBounds`] with `key` if it is none, or if one
    /// is needed and missing; those of the key store and the store.
    pub fn pair_band(&self, id: &BandId, key: Option<&str>) -> Result<(), PhoneError> {
        if self.on_air().radio.is_none() {
            return Err(PhoneError::RadioOff);
        }
        let known = self.with(|core, _| {
            let paired = core.bands.paired.get(id);
            let paired = paired.map(|band| (band.family.clone(), band.name.clone()));
            let found = core.bands.found.get(id);
            paired.or_else(|| found.map(|found| (found.family.clone(), found.name.clone())))
        })?;
        let (family, name) = known.ok_or(PhoneError::NoSuchBand)?;
        let driver = haigou_wearable::family(&family).ok_or(PhoneError::NoSuchBand)?;
        let no_key = PhoneError::OutOfBounds { field: "key" };
        match key {
            Some(key) => {
                let key = parse_key(key).ok_or(no_key)?;
                self.change_keys(|keys| keys.insert(id.clone(), key))?;
            }
            None if driver.pairing() == Pairing::Key && self.kept_key(id)?.is_none() => return Err(no_key),
            None => {}
        }
        self.add_band(id.clone(), &family, &name)?;
        self.hold(id)
    }

    /// Ends the link to a band, and forgets the band and its key. The steps that it counted stay.
    ///
    /// # Errors
    /// [`PhoneError::NoSuchBand`]; those of the store and the key store.
    pub async fn forget_band(&self, id: &BandId) -> Result<(), PhoneError> {
        let (radio, hold) = {
            let mut on_air = self.on_air();
            (on_air.radio.clone(), on_air.holds.remove(id))
        };
        drop(hold);
        if let Some(radio) = radio {
            radio.forget(id).await;
        }
        self.with(|core, now| core.forget_band(id, now))??;
        self.change_keys(|keys| keys.remove(id))?;
        self.show_bands();
        Ok(())
    }

    /// Fetches now what a band kept; one that is out of reach is tried at once.
    ///
    /// # Errors
    /// [`PhoneError::NoSuchBand`] if none of that id is kept connected.
    pub fn catch_up_band(&self, id: &BandId) -> Result<(), PhoneError> {
        let on_air = self.on_air();
        on_air.holds.get(id).ok_or(PhoneError::NoSuchBand)?.catch_up_now();
        Ok(())
    }

    /// Asks a band how full it is.
    ///
    /// # Errors
    /// As [`Phone::catch_up_band`].
    pub fn ask_band_battery(&self, id: &BandId) -> Result<(), PhoneError> {
        let on_air = self.on_air();
        on_air.holds.get(id).ok_or(PhoneError::NoSuchBand)?.battery_now();
        Ok(())
    }

    /// Keeps a link to a paired band alive.
    fn hold(&self, id: &BandId) -> Result<(), PhoneError> {
        let key = self.kept_key(id)?;
        let family = self.with(|core, _| core.bands.paired.get(id).map(|band| band.family.clone()))?;
        let family = family.ok_or(PhoneError::NoSuchBand)?;
        let mut on_air = self.on_air();
        let radio = on_air.radio.as_ref().ok_or(PhoneError::RadioOff)?;
        // A family that this version doesn't know stays paired, for one that does.
        if let Ok(hold) = radio.keep(id, &family, key) {
            on_air.holds.insert(id.clone(), hold);
        }
        Ok(())
    }

    fn kept_key(&self, id: &BandId) -> Result<Option<[u8; 16]>, PhoneError> {
        Ok(self.kept_keys()?.remove(id))
    }

    /// The keys of all bands: one secret, so that nobody has to know which bands there are to forget them all.
    fn kept_keys(&self) -> Result<BTreeMap<BandId, [u8; 16]>, PhoneError> {
        let kept = self.options.keys.load(KEYS)?;
        // Keys that can't be read are asked for again.
        Ok(kept
            .and_then(|bytes| json::from_bytes(&bytes).ok())
            .unwrap_or_default())
    }

    fn change_keys<T>(
        &self,
        change: impl FnOnce(&mut BTreeMap<BandId, [u8; 16]>) -> T,
    ) -> Result<(), PhoneError> {
        // Under the radio's lock: two changes at once would lose one.
        let _turn = self.on_air();
        let mut keys = self.kept_keys()?;
        change(&mut keys);
        Ok(self.options.keys.save(KEYS, &serde_json::to_vec(&keys)?)?)
    }

    pub(crate) fn on_air(&self) -> MutexGuard<'_, OnAir> {
        self.on_air.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// 32 hexadecimal digits, as apps of the makers show them: with or without `0x` in front.
fn parse_key(text: &str) -> Option<[u8; 16]> {
    let text = text.trim();
    let digits = text.strip_prefix("0x").unwrap_or(text);
    hex::decode(digits).ok()?.try_into().ok()
}

fn shown(found: Found) -> FoundBand {
    let name = found.name.unwrap_or_else(|| found.band.0.clone());
    FoundBand {
        id: found.band,
        name,
        family: found.family.to_owned(),
        wants_key: found.pairing == Pairing::Key,
        rssi: found.rssi,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_sixteen_bytes() {
        let digits = "a1c2d3e4f5061728394a5b6c7d8e9f00";
        assert_eq!(parse_key(digits).unwrap()[..2], [0xa1, 0xc2]);
        assert_eq!(parse_key(&format!(" 0x{digits} ")), parse_key(digits));
        for wrong in ["", "a1c2", "zz", &"0".repeat(33), "密码"] {
            assert_eq!(parse_key(wrong), None, "{wrong}");
        }
    }
}
