//! The satellite receiver: from where somebody is to what a phone believes.

use core::f64::consts::TAU;

use haigou_route::Fix;

use crate::{
    Place, Sky,
    clock::Clock,
    random::{Dice, Drift},
    sky::Reception,
    units::seconds,
};

/// One position a second.
const PERIOD_US: i64 = 1_000_000;
/// A circle of 68 % has 1.515 times the deviation per axis (Rayleigh distribution).
const RADIUS_PER_SIGMA: f64 = 1.515;
/// A signal that comes back is worse by so many metres at first, and recovers within about so many seconds.
const REGAINED_M: f64 = 25.0;
const REGAINED_S: f64 = 6.0;
/// Deviation of heights in metres, remembered for so many seconds, and of air pressure in hPa.
const HEIGHT_M: f64 = 4.0;
const HEIGHT_MEMORY_S: f64 = 120.0;
const PRESSURE_HPA: f64 = 0.02;

/// Where somebody really is and how fast.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Whereabouts {
    pub(crate) place: Place,
    pub(crate) height_m: f64,
    pub(crate) speed_mps: f64,
}

/// A receiver whose errors are correlated in time.
#[derive(Debug, Clone)]
pub(crate) struct Receiver {
    dice: Dice,
    barometer: bool,
    next_us: i64,
    last_us: i64,
    regained_us: Option<i64>,
    north: Drift,
    east: Drift,
    height: Drift,
    quality: Drift,
}

impl Receiver {
    pub(crate) fn new(barometer: bool, mut dice: Dice) -> Self {
        let [north, east, height, quality] = [(); 4].map(|()| Drift::begin(&mut dice));
        Self {
            dice,
            barometer,
            next_us: 0,
            last_us: 0,
            regained_us: None,
            north,
            east,
            height,
            quality,
        }
    }

    pub(crate) fn next_us(&self) -> i64 {
        self.next_us
    }

    pub(crate) fn sleep_until(&mut self, awake_us: i64) {
        self.next_us = awake_us;
        self.regained_us = None;
    }

    /// The position that is due at [`Self::next_us`], if there is any. `real` and `made_up` say where one is, and where a
    /// mock at this speed would be after so many seconds.
    pub(crate) fn fix(
        &mut self,
        sky: Sky,
        clock: &Clock,
        real: &Whereabouts,
        made_up: impl FnOnce(f64) -> Place,
    ) -> Option<Fix> {
        let t_us = self.next_us;
        self.next_us += PERIOD_US;
        if let Sky::Mock { speed_mps, flagged } = sky {
            self.regained_us = None;
            let place = made_up(seconds(t_us) * speed_mps);
            return Some(Fix {
                t_ms: clock.wall_ms(t_us),
                lat: place.lat,
                lon: place.lon,
                altitude_m: Some(0.0),
                accuracy_m: Some(1.0),
                speed_mps: Some(speed_mps),
                mock: flagged,
                ..Fix::default()
            });
        }
        let Some(reception) = sky.reception() else {
            self.regained_us = None;
            return None;
        };
        Some(self.receive(t_us, reception, clock, real))
    }

    fn receive(&mut self, t_us: i64, sky: Reception, clock: &Clock, real: &Whereabouts) -> Fix {
        let dice = &mut self.dice;
        let dt_s = seconds(t_us - self.last_us);
        self.last_us = t_us;
        let heard_s = seconds(t_us - *self.regained_us.get_or_insert(t_us));

        let radius_m = sky.accuracy_m * libm::exp(0.25 * self.quality.after(dt_s, 60.0, dice))
            + REGAINED_M * libm::exp(-heard_s / REGAINED_S);
        let sigma_m = radius_m / RADIUS_PER_SIGMA;
        let mut north_m = sigma_m * self.north.after(dt_s, sky.memory_s, dice) + 0.15 * dice.normal();
        let mut east_m = sigma_m * self.east.after(dt_s, sky.memory_s, dice) + 0.15 * dice.normal();
        if dice.chance(sky.jumps) {
            let (sin, cos) = libm::sincos(dice.between(0.0, TAU));
            let jump_m = dice.between(100.0, 2000.0);
            north_m += jump_m * cos;
            east_m += jump_m * sin;
        }
        let place = real.place.moved(north_m, east_m);
        let height_error_m = HEIGHT_M * self.height.after(dt_s, HEIGHT_MEMORY_S, dice) + 0.3 * dice.normal();
        let pressure_hpa = air_pressure_hpa(real.height_m) + PRESSURE_HPA * dice.normal();
        Fix {
            t_ms: clock.utc_ms(t_us),
            lat: place.lat,
            lon: place.lon,
            altitude_m: Some(real.height_m + height_error_m),
            accuracy_m: Some(radius_m * dice.between(0.85, 1.2)),
            speed_mps: Some((real.speed_mps + sky.speed_mps * dice.normal()).max(0.0)),
            pressure_hpa: self.barometer.then_some(pressure_hpa),
            ..Fix::default()
        }
    }
}

/// Air pressure at a height in metres: the International Standard Atmosphere (ISO 2533) up to 11 km.
fn air_pressure_hpa(height_m: f64) -> f64 {
    1013.25 * libm::pow(1.0 - 2.255_77e-5 * height_m.clamp(-1000.0, 11_000.0), 5.255_88)
}
