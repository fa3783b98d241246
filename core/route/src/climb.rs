//! Ascent and descent: from the barometer where there is one, else from the positions' heights, with more care.

use serde::{Deserialize, Serialize};

use crate::{Fix, units::seconds};

/// A barometer's noise, and its drift within a rise, stay below so many metres.
const BAROMETER_HYSTERESIS_M: f64 = 2.5;
/// GPS heights wander: smoothed first, and believed from so many metres on.
const GPS_HYSTERESIS_M: f64 = 5.0;
/// Time constant of the smoothing of GPS heights, in seconds.
const GPS_SMOOTHING_S: f64 = 15.0;
/// Heights and pressures of places where people walk.
const HEIGHTS_M: std::ops::RangeInclusive<f64> = -1_000.0..=10_000.0;
const PRESSURES_HPA: std::ops::RangeInclusive<f64> = 200.0..=1_200.0;

/// What the climb was measured with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClimbSource {
    /// Nothing gave a height.
    #[default]
    None,
    /// Heights of the positions only: usually overstated.
    Gps,
    /// Air pressure.
    Barometer,
}

/// Height in metres above the standard sea level at a pressure in hPa (ICAO standard atmosphere, below 11 km).
#[must_use]
pub fn pressure_height_m(pressure_hpa: f64) -> f64 {
    44_330.77 * (1.0 - (pressure_hpa / 1013.25).powf(0.190_263))
}

/// Sums rises and falls between turning points; a turn counts once it is as large as the hysteresis, so that nothing of a
/// rise is lost and nothing of the noise counts.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
struct Turns {
    start: Option<f64>,
    low: f64,
    high: f64,
    /// The direction since the last turn: rising, falling, or not known yet.
    rising: Option<bool>,
    ascent_m: f64,
    descent_m: f64,
}

impl Turns {
    fn push(&mut self, height_m: f64, hysteresis_m: f64) {
        if self.start.is_none() {
            self.start = Some(height_m);
            (self.low, self.high) = (height_m, height_m);
        }
        match self.rising {
            Some(true) if height_m > self.high => {
                self.ascent_m += height_m - self.high;
                self.high = height_m;
            }
            Some(false) if height_m < self.low => {
                self.descent_m += self.low - height_m;
                self.low = height_m;
            }
            Some(true) if self.high - height_m >= hysteresis_m => self.turn_down(height_m),
            Some(false) if height_m - self.low >= hysteresis_m => self.turn_up(height_m),
            Some(_) => {}
            None => {
                self.low = self.low.min(height_m);
                self.high = self.high.max(height_m);
                if height_m - self.low >= hysteresis_m {
                    self.turn_up(height_m);
                } else if self.high - height_m >= hysteresis_m {
                    self.turn_down(height_m);
                }
            }
        }
    }

    fn turn_up(&mut self, height_m: f64) {
        self.ascent_m += height_m - self.low;
        self.high = height_m;
        self.rising = Some(true);
    }

    fn turn_down(&mut self, height_m: f64) {
        self.descent_m += self.high - height_m;
        self.low = height_m;
        self.rising = Some(false);
    }
}

/// Both sources side by side; the better one is told.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Climb {
    barometer: Turns,
    barometer_fixes: u64,
    gps: Turns,
    gps_fixes: u64,
    smoothed: Option<(i64, f64)>,
}

impl Climb {
    pub(crate) fn push(&mut self, fix: &Fix) {
        if let Some(pressure) = fix.pressure_hpa.filter(|p| PRESSURES_HPA.contains(p)) {
            self.barometer
                .push(pressure_height_m(pressure), BAROMETER_HYSTERESIS_M);
            self.barometer_fixes += 1;
        }
        if let Some(height) = fix.altitude_m.filter(|h| HEIGHTS_M.contains(h)) {
            let height = match self.smoothed {
                Some((t_ms, before)) if fix.t_ms > t_ms => {
                    before + (height - before) * -(-seconds(fix.t_ms - t_ms) / GPS_SMOOTHING_S).exp_m1()
                }
                _ => height,
            };
            self.smoothed = Some((fix.t_ms, height));
            self.gps.push(height, GPS_HYSTERESIS_M);
            self.gps_fixes += 1;
        }
    }

    /// The barometer if it spoke at least half as often as the GPS.
    pub(crate) fn source(&self) -> ClimbSource {
        if self.barometer_fixes > 0 && 2 * self.barometer_fixes >= self.gps_fixes {
            ClimbSource::Barometer
        } else if self.gps_fixes > 0 {
            ClimbSource::Gps
        } else {
            ClimbSource::None
        }
    }

    pub(crate) fn ascent_m(&self) -> f64 {
        self.turns().ascent_m
    }

    pub(crate) fn descent_m(&self) -> f64 {
        self.turns().descent_m
    }

    fn turns(&self) -> &Turns {
        match self.source() {
            ClimbSource::Barometer => &self.barometer,
            ClimbSource::Gps | ClimbSource::None => &self.gps,
        }
    }
}
