//! Wristbands: which are paired, and what comes from them.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use haigou_contract::{Minute, OLDEST_DAYS};
use haigou_wearable::{BandId, BandInfo, BandMinute, Host, HostError, LinkState, Reading, Trouble};
use serde::{Deserialize, Serialize};

use crate::activity::Now;
use crate::band_counter::BandCounter;
use crate::core::Core;
use crate::input::{self, Input, Told};
use crate::screens::FoundBand;
use crate::store::{Lasting, Measured, Tx};
use crate::{Phone, PhoneError};

/// The bands' keys among the secrets.
pub(crate) const KEYS: &str = "band_keys";
/// A name that a member gives has at most so many characters.
const LONGEST_NAME: usize = 64;
const MINUTES_PER_DAY: i64 = 1_440;

/// A band that the member paired.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Band {
    pub(crate) id: BandId,
    pub(crate) family: String,
    pub(crate) name: String,
    /// It tells the cadence of one foot: a step of it is two.
    pub(crate) one_foot: bool,
    counter: BandCounter,
    /// Per cent, and whether it is being charged.
    pub(crate) battery: Option<(u8, Option<bool>)>,
    pub(crate) maker: Option<String>,
    pub(crate) model: Option<String>,
    pub(crate) firmware: Option<String>,
    /// Beats per minute, and when.
    #[serde(skip)]
    pub(crate) heart_rate: Option<(u8, i64)>,
    /// When it said something last.
    pub(crate) heard_ms: Option<i64>,
}

/// The bands, and what came from them since the last time it was stored.
#[derive(Debug, Default)]
pub(crate) struct Bands {
    pub(crate) paired: BTreeMap<BandId, Band>,
    /// How things stand with them; none before the radio said anything.
    pub(crate) states: BTreeMap<BandId, LinkState>,
    /// What is in the way of the radio, if anything is; none before it was started.
    pub(crate) radio: Option<Option<Trouble>>,
    /// A scan is under way.
    pub(crate) scanning: bool,
    /// What the last scan found.
    pub(crate) found: BTreeMap<BandId, FoundBand>,
    /// Steps by band and minute.
    pub(crate) steps: BTreeMap<BandId, BTreeMap<Minute, u32>>,
    /// Something of `paired` isn't stored.
    changed: bool,
}

impl Bands {
    pub(crate) fn restore(tx: &Tx<'_>) -> Result<Self, PhoneError> {
        let paired = tx.bands()?.into_iter().map(|band| (band.id.clone(), band));
        Ok(Self {
            paired: paired.collect(),
            ..Self::default()
        })
    }

    /// Stores what waits, within the transaction that stores everything else: a counter and the steps that it went up by
    /// belong together.
    pub(crate) fn save(
        &self,
        tx: &Tx<'_>,
        owner: &str,
        by: Measured<'_>,
        now_ms: i64,
    ) -> Result<(), PhoneError> {
        for (band, steps) in &self.steps {
            tx.add_told(owner, by, &band.0, steps)?;
        }
        self.paired
            .values()
            .filter(|_| self.changed)
            .try_for_each(|band| tx.save_band(band, first_minute(now_ms)))
    }

    /// What waited is stored.
    pub(crate) fn saved(&mut self) {
        self.steps.clear();
        self.changed = false;
    }
}

/// A new band's memory is read from here on: what is older than the server takes is of no use.
fn first_minute(now_ms: i64) -> Minute {
    Minute(Minute::at(now_ms).0 - i64::from(OLDEST_DAYS) * MINUTES_PER_DAY)
}

impl Core {
    /// A band said something just now.
    pub(crate) fn band_heard(&mut self, id: &BandId, told: Told, now: Now) {
        let Some(band) = self.bands.paired.get_mut(id) else {
            return;
        };
        self.bands.changed = true;
        band.heard_ms = Some(now.t_ms);
        let steps = match told {
            Told::Steps(total) => band.counter.total(total, now.t_ms),
            Told::Cadence(per_minute) => {
                let feet = if band.one_foot { 2 } else { 1 };
                band.counter.cadence(u32::from(per_minute) * feet, now.t_ms)
            }
            Told::Beat(bpm) => {
                band.heart_rate = Some((bpm, now.t_ms));
                self.recorder.beat(bpm, now);
                return;
            }
            Told::Battery(percent, charging) => {
                band.battery = Some((percent, charging));
                return;
            }
        };
        let waiting = self.bands.steps.entry(id.clone()).or_default();
        for (minute, steps) in steps {
            let sum = waiting.entry(minute).or_default();
            *sum = sum.saturating_add(steps);
            self.recorder
                .with_running(|activity| activity.add_band_steps(steps, now.t_ms));
        }
    }

    /// Keeps minutes of a band's memory for good, and the place in it behind them.
    pub(crate) fn keep_band_minutes(
        &mut self,
        id: &BandId,
        minutes: &[BandMinute],
        now: Now,
    ) -> Result<(), PhoneError> {
        let Some(last) = minutes.iter().map(|minute| minute.minute).max() else {
            return Ok(());
        };
        // What its counter said of these minutes is known better now.
        self.store_now(now)?;
        let next = Minute(last.0.saturating_add(1));
        let mut band = self.bands.paired.get(id).cloned();
        if let Some(band) = &mut band {
            band.counter.known_until(next.start_ms());
        }
        let Self { store, owner, .. } = self;
        store.write(Lasting::Power, |tx| {
            tx.keep_told(owner, &id.0, minutes)?;
            tx.set_cursor(&id.0, next)?;
            band.iter().try_for_each(|band| tx.save_band(band, next))
        })?;
        self.bands.paired.extend(band.map(|band| (id.clone(), band)));
        Ok(())
    }

    /// A band told what it is.
    pub(crate) fn band_introduced(
        &mut self,
        id: &BandId,
        info: &BandInfo,
        now: Now,
    ) -> Result<(), PhoneError> {
        let Some(known) = self.bands.paired.get(id) else {
            return Ok(());
        };
        let band = Band {
            maker: info.maker.clone(),
            model: info.model.clone(),
            firmware: info.firmware.clone(),
            ..known.clone()
        };
        if band == *known {
            return Ok(());
        }
        self.pair(band, now)
    }

    /// Forgets a band. What it counted stays.
    #[cfg(feature = "radio")]
    pub(crate) fn forget_band(&mut self, id: &BandId, now: Now) -> Result<(), PhoneError> {
        if !self.bands.paired.contains_key(id) {
            return Err(PhoneError::NoSuchBand);
        }
        self.store_now(now)?;
        self.store.write(Lasting::Power, |tx| tx.forget_band(&id.0))?;
        self.bands.paired.remove(id);
        self.bands.states.remove(id);
        Ok(())
    }

    fn pair(&mut self, band: Band, now: Now) -> Result<(), PhoneError> {
        // Its counter stands where what came in so far has led it.
        self.store_now(now)?;
        let since = first_minute(now.t_ms);
        self.store
            .write(Lasting::Power, |tx| tx.save_band(&band, since))?;
        self.bands.paired.insert(band.id.clone(), band);
        Ok(())
    }
}

impl Phone {
    /// Remembers a band of a family. One that is known keeps what was set for it.
    ///
    /// # Errors
    /// [`PhoneError::OutOfBounds`] for a name over 64 characters; those of the store.
    pub fn add_band(&self, id: BandId, family: &str, name: &str) -> Result<(), PhoneError> {
        if name.chars().count() > LONGEST_NAME {
            return Err(PhoneError::OutOfBounds { field: "name" });
        }
        self.with(|core, now| {
            if core.bands.paired.contains_key(&id) {
                return Ok(());
            }
            core.pair(
                Band {
                    id,
                    family: family.to_owned(),
                    name: name.to_owned(),
                    one_foot: false,
                    counter: BandCounter::default(),
                    battery: None,
                    maker: None,
                    model: None,
                    firmware: None,
                    heart_rate: None,
                    heard_ms: None,
                },
                now,
            )
        })??;
        self.show_bands();
        Ok(())
    }

    /// Says whether a band tells the cadence of one foot or of both: bands differ.
    ///
    /// # Errors
    /// [`PhoneError::NoSuchBand`]; those of the store.
    pub fn set_band_one_foot(&self, id: &BandId, one_foot: bool) -> Result<(), PhoneError> {
        self.with(|core, now| {
            let known = core.bands.paired.get(id).ok_or(PhoneError::NoSuchBand)?;
            let band = Band {
                one_foot,
                ..known.clone()
            };
            core.pair(band, now)
        })??;
        self.show_bands();
        Ok(())
    }
}

/// The app as the radio of the bands sees it: what they say is recorded, and shown.
#[derive(Debug, Clone)]
pub struct BandHost(Weak<Phone>);

impl Phone {
    /// Takes what bands say. It doesn't keep the phone alive.
    #[must_use]
    pub fn band_host(self: &Arc<Self>) -> BandHost {
        BandHost(Arc::downgrade(self))
    }
}

impl BandHost {
    fn with<T>(&self, work: impl FnOnce(&Phone) -> Result<T, PhoneError>) -> Result<T, PhoneError> {
        work(&*self.0.upgrade().ok_or(PhoneError::Closed)?)
    }
}

impl Host for BandHost {
    fn now(&self) -> (i64, i32) {
        let now = self.with(|phone| phone.with(|_, now| (now.t_ms, phone.options.clock.utc_offset_s())));
        now.unwrap_or_default()
    }

    fn cursor(&self, band: &BandId) -> Minute {
        let cursor = self.with(|phone| {
            phone.with(|core, now| {
                let known = core.store.read().cursor(&band.0)?;
                Ok::<_, PhoneError>(known.unwrap_or_else(|| first_minute(now.t_ms)))
            })?
        });
        // Whoever can't tell fetches nothing.
        cursor.unwrap_or(Minute(i64::MAX))
    }

    fn keep(&self, band: &BandId, minutes: &[BandMinute]) -> Result<(), HostError> {
        self.with(|phone| {
            phone.with(|core, now| core.keep_band_minutes(band, minutes, now))??;
            phone.wake.notify_one();
            Ok(())
        })
        .map_err(|error| HostError(error.to_string()))
    }

    fn heard(&self, band: &BandId, reading: Reading) {
        let shown = self.with(|phone| {
            phone.with(|core, now| {
                core.tell_of_battery(band, reading, now);
                let told = input::told(reading).filter(|_| core.bands.paired.contains_key(band));
                if let Some(told) = told {
                    core.take(&Input::Band(band.clone(), told), now.mono_ms)?;
                    phone.recorded(core, now, 0);
                }
                Ok(())
            })?
        });
        if let Err(error) = shown {
            tracing::debug!(%error, "nobody hears the band");
        }
    }

    fn introduced(&self, band: &BandId, info: &BandInfo) {
        let _ = self.with(|phone| {
            phone.with(|core, now| core.band_introduced(band, info, now))??;
            phone.show_bands();
            Ok(())
        });
    }

    fn stands(&self, band: &BandId, state: LinkState) {
        let _ = self.with(|phone| {
            phone.with(|core, now| {
                core.tell_of_link(band, state, now);
                core.bands.states.insert(band.clone(), state);
                phone.show_bands_and_messages(core, now);
            })?;
            Ok(())
        });
    }
}
