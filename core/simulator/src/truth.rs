//! What really happened, to compare with what was made of it.

use crate::{Gait, body::Stretch, units::seconds};

/// A step that was really made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// Walking, running or on stairs.
    pub gait: Gait,
    /// With the left foot.
    pub left: bool,
    /// Metres ahead.
    pub length_m: f64,
}

/// Sums of what really happened so far.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Truth {
    /// Steps of every gait.
    pub steps: u64,
    /// Of them running.
    pub run_steps: u64,
    /// Metres on foot.
    pub distance_m: f64,
    /// Metres in or on vehicles.
    pub ridden_m: f64,
    /// Metres upwards on foot.
    pub ascent_m: f64,
    /// Seconds on foot.
    pub active_s: f64,
    /// Seconds in all.
    pub elapsed_s: f64,
    /// Turns of a cradle: steps that nobody made.
    pub shakes: u64,
}

impl Truth {
    /// Minutes on foot.
    #[must_use]
    pub fn active_minutes(&self) -> f64 {
        self.active_s / 60.0
    }

    pub(crate) fn add(&mut self, stretch: &Stretch) {
        self.elapsed_s = seconds(stretch.to_us);
        match stretch.step() {
            Some(step) => {
                self.steps += 1;
                self.run_steps += u64::from(step.gait == Gait::Run);
                self.distance_m += step.length_m;
                self.ascent_m += stretch.climb_m.max(0.0);
                self.active_s += stretch.duration_s();
            }
            None => {
                self.ridden_m += stretch.length_m;
                self.shakes += u64::from(stretch.is_shake());
            }
        }
    }
}
