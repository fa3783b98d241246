//! Moves a person along a plan's legs: the truth, stretch by stretch.

use crate::{
    Doing, Leg, Person, Span, Step, Vehicle,
    gait::{Footfall, Pace},
    random::{Dice, Drift},
    units::{micros, seconds, within},
};

/// Where nothing is stepped, stretches are so long at most, in seconds.
const STRETCH_S: f64 = 1.0;
/// Paces drift slowly by about so much, remembered for so many seconds (long-range correlation; Hausdorff 1995).
const PACE_CV: f64 = 0.015;
const PACE_MEMORY_S: f64 = 30.0;
/// Variation of step lengths (Owings and Grabiner 2004: 2-4 %).
const LENGTH_CV: f64 = 0.03;

/// So few seconds or metres are the rounding of a leg's end, not a rest of it.
const TOO_LITTLE: f64 = 1e-6;

/// What a phone feels during a stretch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Motion {
    Rest,
    /// Aimless movement of about so many g.
    Fidget(f64),
    Ride(Vehicle),
    Step(Footfall),
    /// One turn of a cradle, so many g hard.
    Shake(f64),
}

/// A time in which one thing happens at constant speed: one step, one shake, or up to a second of something else.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Stretch {
    /// Which leg it belongs to.
    pub(crate) leg: usize,
    pub(crate) from_us: i64,
    pub(crate) to_us: i64,
    /// Metres on the way at its beginning, and those it adds; likewise metres of height.
    pub(crate) from_m: f64,
    pub(crate) length_m: f64,
    pub(crate) height_m: f64,
    pub(crate) climb_m: f64,
    pub(crate) motion: Motion,
}

impl Stretch {
    /// How far through it one is, 0 to 1.
    pub(crate) fn part(&self, t_us: i64) -> f64 {
        (t_us - self.from_us) as f64 / (self.to_us - self.from_us).max(1) as f64
    }

    pub(crate) fn duration_s(&self) -> f64 {
        seconds(self.to_us - self.from_us)
    }

    pub(crate) fn is_shake(&self) -> bool {
        matches!(self.motion, Motion::Shake(_))
    }

    /// The step that it is, if it is one.
    pub(crate) fn step(&self) -> Option<Step> {
        match self.motion {
            Motion::Step(footfall) => Some(Step {
                gait: footfall.pace.gait,
                left: footfall.left,
                length_m: self.length_m,
            }),
            _ => None,
        }
    }
}

/// Yields the stretches of a plan without a gap.
#[derive(Debug, Clone)]
pub(crate) struct Body {
    legs: std::iter::Enumerate<std::vec::IntoIter<Leg>>,
    /// The leg under way and what is left of it, in seconds or metres.
    current: Option<(usize, Leg, f64)>,
    person: Person,
    dice: Dice,
    pace: Drift,
    left: bool,
    /// Of the step before, 0 if there was none.
    force: f64,
    t_us: i64,
    way_m: f64,
    height_m: f64,
}

/// What the next stretch is to be.
struct Intent {
    seconds: f64,
    length_m: f64,
    climb_m: f64,
    motion: Motion,
}

impl Body {
    pub(crate) fn new(legs: Vec<Leg>, person: Person, seed: u64) -> Self {
        let mut dice = Dice::new(seed, 0);
        let pace = Drift::begin(&mut dice);
        Self {
            legs: legs.into_iter().enumerate(),
            current: None,
            person: person.sane(),
            dice,
            pace,
            left: false,
            force: 0.0,
            t_us: 0,
            way_m: 0.0,
            height_m: 0.0,
        }
    }

    fn intend(&mut self, leg: &Leg, rest: f64) -> Intent {
        let person = self.person;
        match leg.doing {
            Doing::Walk {
                speed_mps,
                cadence_spm,
            } => self.step(Pace::walking(&person, speed_mps, cadence_spm, leg.slope)),
            Doing::Run {
                speed_mps,
                cadence_spm,
            } => self.step(Pace::running(&person, speed_mps, cadence_spm, leg.slope)),
            Doing::Stairs { up } => self.step(Pace::on_stairs(&person, up)),
            Doing::Stand => self.linger(leg, rest, 0.0, Motion::Rest),
            Doing::Desk => {
                let fidgets = self.dice.chance(0.15);
                let motion = if fidgets {
                    Motion::Fidget(self.dice.between(0.01, 0.08))
                } else {
                    Motion::Rest
                };
                self.linger(leg, rest, 0.0, motion)
            }
            Doing::Ride { vehicle, speed_mps } => {
                self.linger(leg, rest, within(speed_mps, 0.5, 120.0), Motion::Ride(vehicle))
            }
            Doing::Cradle { per_minute, force_g } => {
                let seconds = 60.0 / within(per_minute, 20.0, 600.0);
                let motion = Motion::Shake(within(force_g, 0.0, 4.0));
                Intent {
                    seconds,
                    length_m: 0.0,
                    climb_m: 0.0,
                    motion,
                }
            }
        }
    }

    fn step(&mut self, pace: Pace) -> Intent {
        self.left = !self.left;
        let side = self.person.asymmetry * if self.left { 0.5 } else { -0.5 };
        let drift = 1.0 + PACE_CV * self.pace.after(pace.interval_s, PACE_MEMORY_S, &mut self.dice);
        let seconds =
            pace.interval_s * drift * self.dice.factor(self.person.interval_cv) * (1.0 + 0.5 * side);
        let length_m = pace.length_m * self.dice.factor(LENGTH_CV) * (1.0 + side);
        let force_before = self.force;
        self.force = self.dice.factor(self.person.force_cv) * (1.0 + 2.0 * side);
        let footfall = Footfall {
            pace,
            left: self.left,
            force: self.force,
            force_before,
        };
        Intent {
            seconds,
            length_m,
            climb_m: pace.rise_m,
            motion: Motion::Step(footfall),
        }
    }

    /// Up to a second, or up to the leg's end.
    fn linger(&mut self, leg: &Leg, rest: f64, speed_mps: f64, motion: Motion) -> Intent {
        self.force = 0.0;
        let rest_s = match leg.span {
            Span::Seconds(_) => rest,
            Span::Metres(_) => rest / speed_mps,
        };
        let seconds = rest_s.min(STRETCH_S);
        let length_m = seconds * speed_mps;
        Intent {
            seconds,
            length_m,
            climb_m: length_m * leg.slope,
            motion,
        }
    }
}

impl Iterator for Body {
    type Item = Stretch;

    fn next(&mut self) -> Option<Stretch> {
        loop {
            let Some((index, leg, rest)) = self.current.take() else {
                let (index, leg) = self.legs.next()?;
                self.current = leg.amount().map(|amount| (index, leg, amount));
                continue;
            };
            let intent = self.intend(&leg, rest);
            let used = match leg.span {
                Span::Seconds(_) => intent.seconds,
                Span::Metres(_) => intent.length_m,
            };
            // Whole steps only: one that would end further from the leg's end than the one before it is not made.
            if rest < used / 2.0 {
                continue;
            }
            self.current = (rest - used > TOO_LITTLE).then_some((index, leg, rest - used));
            let stretch = Stretch {
                leg: index,
                from_us: self.t_us,
                to_us: self.t_us.saturating_add(micros(intent.seconds).max(1)),
                from_m: self.way_m,
                length_m: intent.length_m,
                height_m: self.height_m,
                climb_m: intent.climb_m,
                motion: intent.motion,
            };
            self.t_us = stretch.to_us;
            self.way_m += intent.length_m;
            self.height_m += intent.climb_m;
            return Some(stretch);
        }
    }
}
