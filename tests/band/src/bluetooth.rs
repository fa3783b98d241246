//! What tests hold in their hands: the system's Bluetooth, and the bands around it.

use std::sync::{Mutex, PoisonError};

use haigou_contract::Minute;

use crate::air::{Air, Power};
use crate::band::Band;
use crate::bluez::{Service, Shared, lock};
use crate::clock::Clock;
use crate::plan::BandPlan;
use crate::trouble::{Breaks, Faults};
use crate::wearer::MinuteTruth;

/// The system's Bluetooth. It is gone with this value.
pub struct Bluetooth {
    address: String,
    air: Shared,
    service: Mutex<Option<Service>>,
}

impl Bluetooth {
    /// Starts on a bus, with an adapter that has power and nobody around. Needs a runtime of tokio's.
    ///
    /// # Panics
    /// If the bus isn't there.
    pub async fn start(address: &str, clock: &Clock) -> Self {
        let bluetooth = Self {
            address: address.to_owned(),
            air: Shared::new(Mutex::new(Air::new(clock.clone()))),
            service: Mutex::new(None),
        };
        bluetooth.come_back().await;
        bluetooth
    }

    /// A band comes near.
    ///
    /// # Panics
    /// If the plan can't be.
    pub fn add(&self, plan: &BandPlan) -> SimulatedBand {
        self.try_add(plan).unwrap_or_else(|why| panic!("{plan:?}: {why}"))
    }

    pub(crate) fn try_add(&self, plan: &BandPlan) -> Result<SimulatedBand, String> {
        let mut air = lock(&self.air);
        let index = air.bands.len();
        let band = Band::new(plan, index, air.clock.clone())?;
        air.bands.push(band);
        Ok(SimulatedBand {
            air: self.air.clone(),
            index,
        })
    }

    /// The n-th band that was added.
    pub(crate) fn band(&self, index: usize) -> Option<SimulatedBand> {
        (index < lock(&self.air).bands.len()).then(|| SimulatedBand {
            air: self.air.clone(),
            index,
        })
    }

    /// The time that all live by.
    #[must_use]
    pub fn clock(&self) -> Clock {
        lock(&self.air).clock.clone()
    }

    /// Gives the adapter power, or takes it.
    pub fn power(&self, power: Power) {
        lock(&self.air).set_power(power);
    }

    /// Programs may use Bluetooth, or may not.
    pub fn permit(&self, permitted: bool) {
        lock(&self.air).permitted = permitted;
    }

    /// The system has an adapter, or has none.
    pub fn plug(&self, plugged: bool) {
        lock(&self.air).plugged = plugged;
    }

    /// The service dies; the bus stays.
    pub fn leave(&self) {
        drop(self.service.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    /// The service is started again, and has forgotten whom it saw.
    ///
    /// # Panics
    /// If the bus isn't there.
    pub async fn come_back(&self) {
        self.leave();
        let service = Service::start(&self.address, &self.air).await.expect("a bus");
        *self.service.lock().unwrap_or_else(PoisonError::into_inner) = Some(service);
    }
}

/// A band, to have things happen to it. Its copies are the same band.
#[derive(Clone)]
pub struct SimulatedBand {
    air: Shared,
    index: usize,
}

impl SimulatedBand {
    fn with<T>(&self, what: impl FnOnce(&mut Band) -> T) -> T {
        what(&mut lock(&self.air).bands[self.index])
    }

    /// Its address, as `AA:BB:CC:DD:EE:FF`.
    #[must_use]
    pub fn address(&self) -> String {
        self.with(|band| band.address.clone())
    }

    /// Its wearer takes so many steps more, at most 200 a minute.
    pub fn walk(&self, steps: u32) {
        self.with(|band| band.wrist.wearer.walk(steps, band.wrist.now()));
    }

    /// Its counter begins at 0 again.
    pub fn reset(&self) {
        self.with(|band| band.wrist.reset());
    }

    /// So full is its battery now.
    pub fn battery(&self, percent: u8, charging: bool) {
        self.with(|band| (band.wrist.battery, band.wrist.charging) = (percent, charging));
    }

    /// Its link breaks.
    pub fn lose_link(&self) {
        lock(&self.air).break_link(self.index);
    }

    /// Its links break by themselves, so many times.
    pub fn lose_links(&self, breaks: Breaks) {
        self.with(|band| band.trouble.break_links(breaks));
    }

    /// How many of [`Self::lose_links`] are still to come.
    #[must_use]
    pub fn breaks_left(&self) -> u32 {
        self.with(|band| band.trouble.breaks_left())
    }

    /// Its values go wrong so often.
    pub fn faults(&self, faults: Faults) {
        self.with(|band| band.trouble.faults = faults);
    }

    /// It stays connected and neither answers nor tells anything.
    pub fn silent(&self, silent: bool) {
        self.with(|band| band.trouble.silent = silent);
    }

    /// It tells again and again what it has told: so many values a second, so many in all.
    pub fn flood(&self, a_second: u32, values: u32) {
        self.with(|band| band.flood(a_second, values));
    }

    /// It announces so many minutes more than it sends, or fewer.
    pub fn lie(&self, minutes: i32) {
        self.with(|band| band.lie(minutes));
    }

    /// It has lost all services that are its family's alone, and its link with them.
    pub fn change_services(&self) {
        self.with(|band| band.changed = true);
        self.lose_link();
    }

    /// From the next connection on it never says what it offers.
    pub fn withhold_services(&self, withholds: bool) {
        self.with(|band| band.withholds = withholds);
    }

    /// It is within reach, or out of it.
    pub fn near(&self, near: bool) {
        self.with(|band| band.near = near);
        if !near {
            self.lose_link();
        }
    }

    /// Whether it is connected.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.with(|band| band.connected)
    }

    /// How often it was connected.
    #[must_use]
    pub fn links(&self) -> u32 {
        self.with(|band| band.links)
    }

    /// Its counter of steps, as it would tell it now.
    #[must_use]
    pub fn counter(&self) -> u32 {
        self.with(|band| band.wrist.counter())
    }

    /// How far its clock is ahead of the true one, in milliseconds.
    #[must_use]
    pub fn clock_ahead_ms(&self) -> i64 {
        self.with(|band| band.wrist.ahead_ms())
    }

    /// The minute up to which, itself left out, it was told that all is stored.
    #[must_use]
    pub fn acknowledged(&self) -> Option<Minute> {
        self.with(|band| band.acknowledged().map(Minute))
    }

    /// What its wearer really did from one minute until another, itself left out.
    #[must_use]
    pub fn truth(&self, from: Minute, until: Minute) -> Vec<MinuteTruth> {
        self.with(|band| {
            (from.0..until.0)
                .map(|minute| band.wrist.wearer.minute(minute))
                .collect()
        })
    }
}
