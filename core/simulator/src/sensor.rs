//! The accelerometer: from what a body does to rows of samples.

use core::f64::consts::TAU;

use haigou_motion::Sample;

use crate::{
    Carried, Phone,
    body::{Motion, Stretch},
    clock::Clock,
    random::{Dice, Drift},
    units::{micros, seconds, single},
};

/// Aimless movement keeps its direction for about so many seconds.
const FIDGET_MEMORY_S: f64 = 0.15;
/// Ticks vary by this share of their period; now and then nothing comes for a while.
const JITTER_CV: f64 = 0.05;
const GAPS: f64 = 0.0001;

/// An accelerometer with its own bias, noise and manners.
#[derive(Debug, Clone)]
pub(crate) struct Sensor {
    dice: Dice,
    phone: Phone,
    period_s: f64,
    /// When it was last read.
    last_us: i64,
    tick_us: i64,
    /// A row under way that comes late or once more, and when.
    held: Option<(i64, Sample)>,
    scale: f64,
    bias_g: f64,
    unrest: Drift,
    bounce: [Drift; 2],
}

impl Sensor {
    pub(crate) fn new(phone: Phone, mut dice: Dice) -> Self {
        let period_s = phone.rate_hz.map_or(1.0, |hz| 1.0 / f64::from(hz.clamp(1, 1000)));
        let tick_us = if phone.rate_hz.is_some() { 0 } else { i64::MAX };
        let (scale, bias_g) = (1.0 + 0.005 * dice.normal(), 0.01 * dice.normal());
        let unrest = Drift::begin(&mut dice);
        let bounce = [Drift::begin(&mut dice), Drift::begin(&mut dice)];
        Self {
            dice,
            phone,
            period_s,
            last_us: 0,
            tick_us,
            held: None,
            scale,
            bias_g,
            unrest,
            bounce,
        }
    }

    /// When the next row comes, if it is not lost.
    pub(crate) fn next_us(&self) -> i64 {
        self.held.map_or(self.tick_us, |(due, _)| due.min(self.tick_us))
    }

    /// Nothing until then; what was under way is lost.
    pub(crate) fn sleep_until(&mut self, awake_us: i64) {
        self.held = None;
        if self.phone.rate_hz.is_some() {
            self.tick_us = awake_us;
        }
    }

    /// The row that is due at [`Self::next_us`], if it comes through.
    pub(crate) fn deliver(&mut self, stretch: &Stretch, carried: Carried, clock: &Clock) -> Option<Sample> {
        if let Some((_, sample)) = self.held.take_if(|(due, _)| *due <= self.tick_us) {
            return Some(sample);
        }
        let t_us = self.tick_us;
        let gap_s = if self.dice.chance(GAPS) {
            self.dice.between(0.05, 0.4)
        } else {
            0.0
        };
        self.tick_us += micros(self.period_s * self.dice.factor(JITTER_CV) + gap_s).max(1);

        let magnitude_g = self.measure(stretch, t_us, carried);
        self.last_us = t_us;
        let sample = Sample {
            t_us: clock.mono_us(t_us),
            magnitude_g: single(magnitude_g),
        };
        let luck = self.dice.uniform() / self.phone.lost.max(f64::MIN_POSITIVE);
        if luck < 1.0 {
            return None;
        }
        if self.held.is_none() && luck < 1.5 {
            self.held = Some((t_us + micros(self.dice.between(0.01, 0.2)), sample));
            return None;
        }
        if self.held.is_none() && luck < 1.75 {
            self.held = Some((t_us + 500, sample));
        }
        Some(sample)
    }

    /// The length of the acceleration in g, as this sensor sees it.
    fn measure(&mut self, stretch: &Stretch, t_us: i64, carried: Carried) -> f64 {
        let dt_s = seconds(t_us - self.last_us);
        let coupling = carried.coupling();
        let [mut up, ahead, side] = match stretch.motion {
            Motion::Step(footfall) => {
                footfall.acceleration(stretch.part(t_us), stretch.duration_s(), &coupling)
            }
            Motion::Shake(force_g) => [1.0 + force_g * libm::cos(TAU * stretch.part(t_us)), 0.0, 0.0],
            Motion::Ride(_) | Motion::Rest | Motion::Fidget(_) => [1.0, 0.0, 0.0],
        };
        let (unrest_g, hum_g) = match stretch.motion {
            Motion::Fidget(strength_g) => (strength_g, 0.0),
            Motion::Ride(vehicle) => {
                let ride = vehicle.ride();
                // Narrow-band noise is a wave whose two amplitudes drift (Rice 1944).
                let (sin, cos) = libm::sincos(TAU * ride.bounce_hz * seconds(t_us));
                let [a, b] = &mut self.bounce;
                let wave = a.after(dt_s, ride.bounce_s, &mut self.dice) * cos
                    + b.after(dt_s, ride.bounce_s, &mut self.dice) * sin;
                up += ride.bounce_g * wave + ride.pedal_g * libm::sin(TAU * ride.pedal_hz * seconds(t_us));
                (coupling.unrest_g, ride.hum_g)
            }
            Motion::Shake(_) => (0.0, 0.0),
            Motion::Rest | Motion::Step(_) => (coupling.unrest_g, 0.0),
        };
        let unrest = unrest_g * self.unrest.after(dt_s, FIDGET_MEMORY_S, &mut self.dice);
        let noise = libm::sqrt(self.phone.noise_g * self.phone.noise_g + hum_g * hum_g) * self.dice.normal();
        let felt = libm::sqrt(up * up + ahead * ahead + side * side) + unrest;
        let shown = (self.scale * felt + self.bias_g + noise).max(0.0);
        let grain = self.phone.resolution_g.max(1e-6);
        libm::round(shown / grain) * grain
    }
}
