//! Ascent and descent: from the barometer where there is one, else from the positions' heights, with more care.

use serde::{Deserialize, Serialize};

use crate::{Fix, units::seconds};

/// A barometer's noise, and its drift within a rise, stay below so many metres.
const BAROMETER_HYSTERESIS_M: f64 = 2.5;
/// GPS heights wander by several metres within minutes: smoothed first, and believed from so many metres on.
const GPS_HYSTERESIS_M: f64 = 10.0;
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Climbs along heights at one fix a second, by GPS or by the pressure of that height.
    fn climb(heights: impl Iterator<Item = f64>, by_pressure: bool) -> Climb {
        let mut climb = Climb::default();
        for (t_s, height) in (0_i64..).zip(heights) {
            let pressure = 1013.25 * (1.0 - height / 44_330.77).powf(1.0 / 0.190_263);
            climb.push(&Fix {
                t_ms: t_s * 1000,
                altitude_m: (!by_pressure).then_some(height),
                pressure_hpa: by_pressure.then_some(pressure),
                ..Fix::default()
            });
        }
        climb
    }

    /// Up by 50 m and down again within 20 minutes.
    fn hill() -> impl Iterator<Item = f64> {
        (0..1200).map(|t| 100.0 + 25.0 * (1.0 - (f64::from(t) / 1200.0 * std::f64::consts::TAU).cos()))
    }

    #[test]
    fn a_hill_counts_whole_by_either_source() {
        for by_pressure in [true, false] {
            let climb = climb(hill(), by_pressure);
            assert!((climb.ascent_m() - 50.0).abs() < 0.5, "up {}", climb.ascent_m());
            assert!(
                (climb.descent_m() - 50.0).abs() < 0.5,
                "down {}",
                climb.descent_m()
            );
        }
    }

    #[test]
    fn noise_on_flat_ground_counts_nothing() {
        let trembling = |metres: f64| (0..3600).map(move |t| 20.0 + metres * (f64::from(t) * 2.4).sin());
        assert!(climb(trembling(1.2), true).ascent_m() < f64::EPSILON);
        assert!(climb(trembling(6.0), false).ascent_m() < f64::EPSILON);
    }

    #[test]
    fn the_barometer_is_preferred_and_named() {
        let mut climb = climb(hill(), true);
        assert_eq!(climb.source(), ClimbSource::Barometer);
        climb.push(&Fix {
            t_ms: 2_000_000,
            altitude_m: Some(900.0),
            ..Fix::default()
        });
        assert_eq!(climb.source(), ClimbSource::Barometer);
        assert_eq!(Climb::default().source(), ClimbSource::None);
    }

    #[test]
    fn impossible_heights_are_no_heights() {
        let odd = [f64::NAN, f64::INFINITY, -1e9, 1e9];
        assert_eq!(climb(odd.into_iter(), false).source(), ClimbSource::None);
    }
}
