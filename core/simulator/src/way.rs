//! The line along which somebody moves.

use core::f64::consts::TAU;

use crate::{Place, random::Dice};

/// Corners of a made-up loop.
const CORNERS: u32 = 32;

/// A line of waypoints, walked round and round if it closes, else to and fro.
#[derive(Debug, Clone, PartialEq)]
pub struct Way {
    points: Vec<Place>,
    /// Metres from the first point to each.
    reached_m: Vec<f64>,
}

impl Way {
    /// Along these waypoints; a way whose last point is its first is a loop. Points that are no numbers are
    /// left out; without any: 0°, 0°.
    #[must_use]
    pub fn along(points: impl IntoIterator<Item = Place>) -> Self {
        let mut points: Vec<Place> = points
            .into_iter()
            .filter(|p| p.lat.is_finite() && p.lon.is_finite())
            .collect();
        if points.is_empty() {
            points.push(Place::default());
        }
        let steps = points
            .iter()
            .zip(points.iter().skip(1))
            .map(|(a, b)| a.metres_to(*b));
        let reached_m = core::iter::once(0.0)
            .chain(steps.scan(0.0, |sum, step| {
                *sum += step;
                Some(*sum)
            }))
            .collect();
        Self { points, reached_m }
    }

    /// A winding loop of about so many metres that begins and ends at a place; its shape follows from the seed.
    #[must_use]
    pub fn loop_from(start: Place, metres: f64, seed: u64) -> Self {
        let mut dice = Dice::new(seed, 0);
        let (oval, bumps) = (dice.between(0.1, 0.3), dice.between(0.03, 0.1));
        let (turn, p, q) = (
            dice.between(0.0, TAU),
            dice.between(0.0, TAU),
            dice.between(0.0, TAU),
        );
        let shape: Vec<(f64, f64)> = (0..=CORNERS)
            .map(|corner| {
                let angle = TAU * f64::from(corner % CORNERS) / f64::from(CORNERS);
                let radius = 1.0 + oval * libm::sin(2.0 * angle + p) + bumps * libm::sin(5.0 * angle + q);
                let (sin, cos) = libm::sincos(angle + turn);
                (radius * cos, radius * sin)
            })
            .collect();
        let around: f64 = shape
            .iter()
            .zip(shape.iter().skip(1))
            .map(|(a, b)| length((b.0 - a.0, b.1 - a.1)))
            .sum();
        let scale = metres / around;
        let origin = shape.first().copied().unwrap_or_default();
        Self::along(
            shape
                .iter()
                .map(|(n, e)| start.moved((n - origin.0) * scale, (e - origin.1) * scale)),
        )
    }

    /// From a place so many metres straight towards a bearing in degrees (0 north, 90 east).
    #[must_use]
    pub fn straight(start: Place, bearing_deg: f64, metres: f64) -> Self {
        let (sin, cos) = libm::sincos(bearing_deg * TAU / 360.0);
        let pieces = 1.0_f64.max(libm::ceil(metres / 1000.0)).min(1000.0);
        let along = (0..=1000_u32)
            .map(f64::from)
            .take_while(|piece| *piece <= pieces)
            .map(|p| metres * p / pieces);
        Self::along(along.map(|m| start.moved(m * cos, m * sin)))
    }

    /// The first point.
    #[must_use]
    pub fn start(&self) -> Place {
        self.points.first().copied().unwrap_or_default()
    }

    /// Metres from the first point to the last.
    #[must_use]
    pub fn length_m(&self) -> f64 {
        self.reached_m.last().copied().unwrap_or_default()
    }

    /// Where one is after so many metres on this way.
    #[must_use]
    pub fn at(&self, metres: f64) -> Place {
        let total = self.length_m();
        if !(metres > 0.0 && total > 0.0 && total.is_finite()) {
            return self.start();
        }
        let closed = self
            .points
            .last()
            .is_some_and(|last| last.metres_to(self.start()) < 1.0);
        let on = if closed {
            metres % total
        } else {
            let there_and_back = metres % (2.0 * total);
            there_and_back.min(2.0 * total - there_and_back)
        };
        let next = self.reached_m.partition_point(|reached| *reached <= on);
        let point = |i: usize| Some((*self.points.get(i)?, *self.reached_m.get(i)?));
        match (point(next.saturating_sub(1)), point(next)) {
            (Some((a, a_m)), Some((b, b_m))) => {
                let part = (on - a_m) / (b_m - a_m);
                Place {
                    lat: a.lat + (b.lat - a.lat) * part,
                    lon: a.lon + (b.lon - a.lon) * part,
                }
            }
            (Some((last, _)), None) => last,
            _ => self.start(),
        }
    }
}

fn length((north, east): (f64, f64)) -> f64 {
    libm::sqrt(north * north + east * east)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: Place = Place::new(31.2165, 121.5503);

    #[test]
    fn a_loop_has_the_length_asked_for_and_comes_home() {
        for seed in 0..20 {
            let way = Way::loop_from(HOME, 3000.0, seed);
            assert!((way.length_m() / 3000.0 - 1.0).abs() < 1e-3, "{}", way.length_m());
            assert!(way.start().metres_to(HOME) < 0.01);
            assert!(way.at(way.length_m() * 3.0 + 0.001).metres_to(HOME) < 1.0);
        }
    }

    #[test]
    fn an_open_way_is_walked_to_and_fro() {
        let way = Way::straight(HOME, 90.0, 2500.0);
        assert!((way.length_m() - 2500.0).abs() < 0.5);
        assert!(way.at(2600.0).metres_to(way.at(2400.0)) < 0.5);
        assert!(way.at(5000.0).metres_to(HOME) < 0.5);
        assert!((way.at(1000.0).metres_to(way.at(1300.0)) - 300.0).abs() < 0.1);
    }

    #[test]
    fn ways_of_nothing_stay_where_they_are() {
        assert_eq!(Way::along([]).at(100.0), Place::default());
        assert_eq!(Way::along([HOME, HOME]).at(100.0), HOME);
        assert_eq!(Way::along([HOME]).at(f64::NAN), HOME);
        assert_eq!(Way::straight(HOME, f64::NAN, 10.0).at(5.0), Place::default());
    }
}
