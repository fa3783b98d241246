//! Where a foot may have struck.

use crate::filter::Biquad;
use crate::timeline::{CELL_US, Cell, RATE_HZ};
use heapless::Deque;
use serde::{Deserialize, Serialize};

/// Steps repeat between these frequencies; faster ones (to 4 Hz) still pass, weakened, and without their harmonics.
const BAND_HZ: (f64, f64) = (0.6, 2.5);
/// A peak lower than this, in g, is no step: a phone at rest trembles less, the softest step shakes more.
const LEAST_HEIGHT_G: f64 = 0.04;
/// Nor is one lower than this share of the mean movement around it.
const LEAST_SHARE: f64 = 0.4;
/// The time over which that mean is taken, in seconds.
const ENVELOPE_S: f64 = 1.5;
/// How many peaks are kept for crediting in retrospect: 20 s of running, longer than any confirmation takes.
const KEPT: usize = 64;

/// A local maximum of the band-passed acceleration.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Peak {
    pub(crate) t_us: i64,
    pub(crate) height_g: f64,
}

/// The finder and what it found lately, oldest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Peaks {
    band: Biquad,
    envelope: f64,
    /// The last two outputs of the filter, older first.
    before: [f64; 2],
    /// The signal went below zero since the last peak.
    armed: bool,
    found: Deque<Peak, KEPT>,
}

impl Peaks {
    /// A finder for a recording that starts at `magnitude_g`.
    pub(crate) fn starting_at(magnitude_g: f64) -> Self {
        let mut band = Biquad::band_pass(BAND_HZ.0, BAND_HZ.1, RATE_HZ);
        band.settle(magnitude_g);
        Self {
            band,
            envelope: 0.0,
            before: [0.0; 2],
            armed: true,
            found: Deque::new(),
        }
    }

    /// Takes the next even sample.
    pub(crate) fn push(&mut self, cell: Cell) {
        let y = self.band.step(cell.magnitude_g);
        self.envelope += (y.abs() - self.envelope) / (ENVELOPE_S * RATE_HZ);
        self.armed |= y < 0.0;
        let [older, top] = self.before;
        let high_enough = top > LEAST_HEIGHT_G.max(LEAST_SHARE * self.envelope);
        if self.armed && high_enough && top > y && top >= older {
            self.armed = false;
            let peak = Peak {
                t_us: cell.t_us.saturating_add(summit_us(older, top, y)),
                height_g: top,
            };
            if self.found.is_full() {
                self.found.pop_front();
            }
            // It has room now.
            let _ = self.found.push_back(peak);
        }
        self.before = [top, y];
    }

    /// The peaks after `after_us` that are at least `apart_us` from each other and from `after_us`; of closer ones
    /// the highest.
    pub(crate) fn spaced(&self, after_us: i64, apart_us: i64) -> impl Iterator<Item = Peak> {
        let mut coming = self
            .found
            .iter()
            .copied()
            .filter(move |p| p.t_us.saturating_sub(after_us) >= apart_us);
        let mut held = coming.next();
        std::iter::from_fn(move || {
            for peak in coming.by_ref() {
                match &mut held {
                    Some(last) if peak.t_us.saturating_sub(last.t_us) < apart_us => {
                        if peak.height_g > last.height_g {
                            *last = peak;
                        }
                    }
                    _ => return held.replace(peak),
                }
            }
            held.take()
        })
    }
}

/// Where between three even samples the maximum lies, by a parabola through them: microseconds after the last.
#[expect(clippy::cast_possible_truncation, reason = "the offset is within half a cell")]
fn summit_us(older: f64, top: f64, newer: f64) -> i64 {
    let curve = older - 2.0 * top + newer;
    let offset = if curve < 0.0 {
        (0.5 * (older - newer) / curve).clamp(-0.5, 0.5)
    } else {
        0.0
    };
    ((offset - 1.0) * CELL_US as f64) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peaks_of(signal: impl Fn(f64) -> f64, seconds: u32) -> Peaks {
        let mut peaks = Peaks::starting_at(signal(0.0));
        for i in 0..seconds * 50 {
            let t = f64::from(i) / 50.0;
            peaks.push(Cell {
                t_us: i64::from(i) * CELL_US,
                magnitude_g: signal(t),
            });
        }
        peaks
    }

    #[test]
    fn finds_one_peak_per_wave_at_its_time() {
        let peaks = peaks_of(|t| 1.0 + 0.2 * (std::f64::consts::TAU * 1.37 * t).sin(), 10);
        let times: Vec<i64> = peaks.spaced(2_000_000, 0).map(|p| p.t_us).collect();
        assert!((10..=11).contains(&times.len()), "{times:?}");
        for pair in times.windows(2) {
            assert!((pair[1] - pair[0] - 729_927).abs() < 2_000, "{times:?}");
        }
    }

    #[test]
    fn stillness_has_none() {
        assert_eq!(peaks_of(|_| 0.97, 20).spaced(0, 0).count(), 0);
        assert_eq!(
            peaks_of(|t| 1.0 + 0.03 * (12.0 * t).sin(), 20)
                .spaced(0, 0)
                .count(),
            0
        );
    }

    #[test]
    fn of_peaks_too_close_the_highest_stays() {
        let mut peaks = Peaks::starting_at(1.0);
        for (t_us, height_g) in [(100, 0.1), (150, 0.3), (180, 0.2), (300, 0.1), (390, 0.2)] {
            peaks.found.push_back(Peak { t_us, height_g }).unwrap();
        }
        let times = |after, apart| peaks.spaced(after, apart).map(|p| p.t_us).collect::<Vec<_>>();
        assert_eq!(times(0, 100), [150, 390]);
        assert_eq!(times(0, 80), [150, 300, 390]);
        assert_eq!(times(150, 0), [150, 180, 300, 390]);
        assert_eq!(times(400, 10), []);
    }
}
