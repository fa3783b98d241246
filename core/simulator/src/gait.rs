//! The shape of a step, as a phone feels it.
//!
//! All in g, per axis: up (gravity included), ahead, to the side. `x` is how far through the step one is, 0 to 1, from one
//! foot's strike to the other's.
//!
//! - **Walking** is an inverted pendulum: the body is lowest at the strike. It rises by 0.6 L² / (8 leg), L being the length
//!   of the step (the chord of the leg's circle, flattened by the ankle; Kuo and Donelan 2010); half of that times (2 pi f)²
//!   is the amplitude of its acceleration, with a second harmonic of a fifth (the M shape of the force plate).
//! - **Running** is a bouncing spring: the ground's force is half a sine as long as the foot is down and nothing in flight
//!   (Alexander 1989). As its mean must carry the body, its height is pi / (2 duty) for a foot that is down for the share
//!   `duty` of a step: about 1.0 - 0.09 per m/s (after Weyand 2000).
//! - **A strike** is a pulse of 60 ms, 0.15 + 0.15 g per m/s walking, three times that running (Lafortune 1991, at the hip).
//! - **Once per stride** (two steps) the body sways to the side and arm or thigh swing.

use core::f64::consts::{PI, TAU};

use crate::{Person, carried::Coupling, units::within};

/// How one gets ahead on foot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gait {
    /// Walking.
    Walk,
    /// Running.
    Run,
    /// Climbing or descending stairs.
    Stairs,
}

/// Length of a strike in seconds.
const STRIKE_S: f64 = 0.06;
/// The hardest that a strike gets, in g.
const HARDEST_STRIKE_G: f64 = 2.0;

/// What all steps at one pace share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pace {
    pub(crate) gait: Gait,
    pub(crate) interval_s: f64,
    /// Metres ahead and upwards per step.
    pub(crate) length_m: f64,
    pub(crate) rise_m: f64,
    bounce_g: f64,
    duty: f64,
    strike_g: f64,
    /// Limbs swing in proportion to it; 1 at an easy walk.
    vigour: f64,
}

impl Pace {
    pub(crate) fn walking(person: &Person, speed_mps: f64, cadence_spm: Option<f64>, slope: f64) -> Self {
        let speed = within(speed_mps, 0.2, 4.0);
        let cadence = within(
            cadence_spm.unwrap_or_else(|| person.walking_cadence(speed)),
            20.0,
            400.0,
        );
        let (interval_s, length_m) = (60.0 / cadence, speed * 60.0 / cadence);
        let rise = 0.6 * length_m * length_m / (8.0 * person.leg_m());
        Self {
            gait: Gait::Walk,
            interval_s,
            length_m,
            rise_m: length_m * slope,
            bounce_g: bounce_g(rise, interval_s),
            duty: 1.0,
            strike_g: 0.15 + 0.15 * speed,
            vigour: speed / 1.4,
        }
    }

    pub(crate) fn running(person: &Person, speed_mps: f64, cadence_spm: Option<f64>, slope: f64) -> Self {
        let speed = within(speed_mps, 1.0, 12.0);
        let cadence = within(
            cadence_spm.unwrap_or_else(|| person.running_cadence(speed)),
            60.0,
            400.0,
        );
        let (interval_s, length_m) = (60.0 / cadence, speed * 60.0 / cadence);
        Self {
            gait: Gait::Run,
            interval_s,
            length_m,
            rise_m: length_m * slope,
            bounce_g: 0.0,
            duty: (1.0 - 0.09 * speed).clamp(0.45, 0.9),
            strike_g: (0.45 + 0.45 * speed).min(HARDEST_STRIKE_G),
            vigour: 1.0 + speed / 3.0,
        }
    }

    /// Steps of 17 by 29 cm; 95 a minute up, 108 down, where feet land harder (Riener 2002).
    pub(crate) fn on_stairs(person: &Person, up: bool) -> Self {
        let interval_s = 60.0 / (person.cadence_factor * if up { 95.0 } else { 108.0 });
        let (rise_m, strike_g) = if up { (0.17, 0.25) } else { (-0.17, 0.5) };
        let bounce_g = bounce_g(0.04, interval_s);
        Self {
            gait: Gait::Stairs,
            interval_s,
            length_m: 0.29,
            rise_m,
            bounce_g,
            duty: 1.0,
            strike_g,
            vigour: 0.6,
        }
    }
}

/// Amplitude in g of a body that rises and falls by so many metres once per step.
fn bounce_g(rise_m: f64, interval_s: f64) -> f64 {
    let angular = TAU / interval_s;
    rise_m / 2.0 * angular * angular / 9.806_65
}

/// One step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Footfall {
    pub(crate) pace: Pace,
    /// With the left foot.
    pub(crate) left: bool,
    /// How hard, as a factor; and the step before (0 if there was none), so that one flows into the next.
    pub(crate) force: f64,
    pub(crate) force_before: f64,
}

impl Footfall {
    /// Up (gravity included), ahead and to the side, in g.
    pub(crate) fn acceleration(&self, x: f64, duration_s: f64, by: &Coupling) -> [f64; 3] {
        let pace = &self.pace;
        let force = self.force_before + (self.force - self.force_before) * x;
        let stride = PI * (x + if self.left { 1.0 } else { 0.0 });
        let (stride_sin, stride_cos) = libm::sincos(stride);
        let (step_sin, step_cos) = (2.0 * stride_sin * stride_cos, 1.0 - 2.0 * stride_sin * stride_sin);

        let body = match pace.gait {
            Gait::Run => {
                let push = if x < pace.duty {
                    libm::sin(PI * x / pace.duty) * PI / (2.0 * pace.duty)
                } else {
                    0.0
                };
                push - 1.0
            }
            Gait::Walk | Gait::Stairs => pace.bounce_g * (step_cos + 0.2 * (2.0 * step_cos * step_cos - 1.0)),
        };
        let since_s = x * duration_s;
        let strike = if since_s < STRIKE_S {
            pace.strike_g * libm::sin(PI * since_s / STRIKE_S)
        } else {
            0.0
        };
        let swing = by.swing_g * pace.vigour;

        let up = 1.0 + force * (by.bounce * body + by.strike * strike + 0.5 * swing * stride_cos);
        let ahead = force
            * (0.35 * by.bounce * pace.bounce_g * step_sin - 0.3 * by.strike * strike + swing * stride_sin);
        let side = 0.1 * pace.vigour * force * by.sway * stride_sin;
        [up, ahead, side]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Carried;

    fn range(pace: Pace, carried: Carried) -> (f64, f64, f64) {
        let footfall = Footfall {
            pace,
            left: false,
            force: 1.0,
            force_before: 1.0,
        };
        let ups: Vec<f64> = (0..1000)
            .map(|i| footfall.acceleration(f64::from(i) / 1000.0, pace.interval_s, &carried.coupling())[0])
            .collect();
        let (low, high) = ups
            .iter()
            .fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(*v), h.max(*v)));
        (low, high, ups.iter().sum::<f64>() / 1000.0)
    }

    #[test]
    fn walking_peaks_grow_with_speed() {
        let person = Person::default();
        let peak = |speed| range(Pace::walking(&person, speed, None, 0.0), Carried::Pocket).1 - 1.0;
        assert!((0.2..0.4).contains(&peak(0.8)), "{}", peak(0.8));
        assert!((0.4..0.8).contains(&peak(1.4)), "{}", peak(1.4));
        assert!(peak(0.8) < peak(1.1) && peak(1.1) < peak(1.4) && peak(1.4) < peak(1.9));
    }

    #[test]
    fn running_flies_and_lands() {
        let person = Person::default();
        let (low, high, mean) = range(Pace::running(&person, 3.0, None, 0.0), Carried::Arm);
        assert!(low < 0.1, "{low}");
        assert!((2.0..3.5).contains(&high), "{high}");
        assert!((mean - 1.0).abs() < 0.25, "{mean}");
    }

    #[test]
    fn a_bag_damps() {
        let pace = Pace::walking(&Person::default(), 1.4, None, 0.0);
        let (pocket, bag) = (range(pace, Carried::Pocket), range(pace, Carried::Bag));
        assert!(bag.1 - bag.0 < 0.8 * (pocket.1 - pocket.0));
    }
}
