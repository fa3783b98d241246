//! Who moves.

use crate::{random::Dice, units::within};

/// How a person is built and moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Person {
    /// Height in metres.
    pub height_m: f64,
    /// Weight in kilograms: for whoever counts calories.
    pub weight_kg: f64,
    /// By which share the left leg's steps are longer and harder than the right's (0 to 0.2).
    pub asymmetry: f64,
    /// This person's cadence as a factor of what people of the height have at the same speed (0.9 to 1.1).
    pub cadence_factor: f64,
    /// Coefficient of variation of the time from step to step: 0.02 to 0.05 in healthy walking (Hausdorff 2007).
    pub interval_cv: f64,
    /// Coefficient of variation of how hard steps are: 0.05 to 0.15.
    pub force_cv: f64,
}

impl Default for Person {
    fn default() -> Self {
        Self {
            height_m: 1.70,
            weight_kg: 65.0,
            asymmetry: 0.03,
            cadence_factor: 1.0,
            interval_cv: 0.03,
            force_cv: 0.10,
        }
    }
}

impl Person {
    /// Somebody: everything within the usual, as the seed says.
    #[must_use]
    pub fn anybody(seed: u64) -> Self {
        let mut dice = Dice::new(seed, u64::MAX);
        let height_m = dice.between(1.52, 1.86);
        Self {
            height_m,
            weight_kg: libm::round(height_m * height_m * dice.between(19.5, 27.0) * 10.0) / 10.0,
            asymmetry: dice.between(0.0, 0.08),
            cadence_factor: dice.between(0.95, 1.05),
            interval_cv: dice.between(0.02, 0.05),
            force_cv: dice.between(0.05, 0.15),
        }
    }

    /// Steps per minute when walking at a speed in m/s. Step length grows with cadence; their ratio is nearly constant, at
    /// about 0.0064 m per step/min (Sekiya and Nagasaki 1998), here in proportion to height.
    #[must_use]
    pub fn walking_cadence(&self, speed_mps: f64) -> f64 {
        let ratio = 0.0064 * self.height_m / 1.70;
        self.cadence_factor * libm::sqrt(60.0 * speed_mps / ratio)
    }

    /// Steps per minute when running at a speed in m/s: it rises little, by about 8 per m/s from 160 at 2.5 m/s (Cavanagh and
    /// Kram 1989); tall people step more slowly, as pendulums do.
    #[must_use]
    pub fn running_cadence(&self, speed_mps: f64) -> f64 {
        self.cadence_factor * (140.0 + 8.0 * speed_mps) * libm::sqrt(1.70 / self.height_m)
    }

    /// Length of the leg in metres: 0.53 of the height (Winter 2009, table 4.1).
    pub(crate) fn leg_m(&self) -> f64 {
        0.53 * self.height_m
    }

    /// The same person with every figure within what the formulae bear.
    pub(crate) fn sane(self) -> Self {
        Self {
            height_m: within(self.height_m, 0.8, 2.5),
            weight_kg: within(self.weight_kg, 10.0, 400.0),
            asymmetry: within(self.asymmetry, -0.3, 0.3),
            cadence_factor: within(self.cadence_factor, 0.5, 2.0),
            interval_cv: within(self.interval_cv, 0.0, 0.2),
            force_cv: within(self.force_cv, 0.0, 0.3),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cadences_are_those_of_people() {
        let person = Person::default();
        assert!((105.0..120.0).contains(&person.walking_cadence(1.4)));
        assert!((80.0..95.0).contains(&person.walking_cadence(0.8)));
        assert!((155.0..165.0).contains(&person.running_cadence(2.5)));
        assert!((170.0..190.0).contains(&person.running_cadence(5.0)));
    }

    #[test]
    fn anybody_is_nobody_else() {
        assert_ne!(Person::anybody(1), Person::anybody(2));
        assert_eq!(Person::anybody(1), Person::anybody(1));
        assert_eq!(Person::anybody(5).sane(), Person::anybody(5));
    }
}
