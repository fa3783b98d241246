//! Kilometre by kilometre.

use serde::{Deserialize, Serialize};

const KILOMETRE_M: f64 = 1000.0;

/// One kilometre, or what there is of the last.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Split {
    /// Metres: 1000, less for the last.
    pub distance_m: f64,
    /// Moving time.
    pub moving_s: f64,
    /// Metres up.
    pub ascent_m: f64,
    /// Metres down.
    pub descent_m: f64,
    /// Mean heart rate in beats per minute, where there was one.
    pub heart_rate: Option<f64>,
}

impl Split {
    /// Seconds per kilometre; none before it has moved.
    #[must_use]
    pub fn pace_s_per_km(&self) -> Option<f64> {
        (self.distance_m > 0.0).then(|| self.moving_s * KILOMETRE_M / self.distance_m)
    }
}

/// A running mean of beats per minute.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Mean {
    sum: f64,
    count: f64,
}

impl Mean {
    pub(crate) fn add(&mut self, value: f64) {
        self.sum += value;
        self.count += 1.0;
    }

    pub(crate) fn get(&self) -> Option<f64> {
        (self.count > 0.0).then(|| self.sum / self.count)
    }
}

/// The kilometres done and the one under way.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Splits {
    pub(crate) done: Vec<Split>,
    current: Split,
    pulse: Mean,
}

impl Splits {
    pub(crate) fn beat(&mut self, bpm: f64) {
        self.pulse.add(bpm);
    }

    /// Adds a stretch, and shares it out where it goes over a kilometre's end.
    pub(crate) fn add(&mut self, mut stretch: Split) {
        loop {
            let room_m = KILOMETRE_M - self.current.distance_m;
            if stretch.distance_m < room_m {
                self.take(&stretch, 1.0);
                return;
            }
            let share = room_m / stretch.distance_m;
            self.take(&stretch, share);
            let finished = Split {
                distance_m: KILOMETRE_M,
                heart_rate: self.pulse.get(),
                ..self.current
            };
            self.done.push(finished);
            self.current = Split::default();
            self.pulse = Mean::default();
            let rest = 1.0 - share;
            stretch.distance_m *= rest;
            stretch.moving_s *= rest;
            stretch.ascent_m *= rest;
            stretch.descent_m *= rest;
        }
    }

    /// Those done and the one under way, if it has begun.
    pub(crate) fn all(&self) -> Vec<Split> {
        let current = Split {
            heart_rate: self.pulse.get(),
            ..self.current
        };
        self.done
            .iter()
            .copied()
            .chain((current.distance_m > 0.0).then_some(current))
            .collect()
    }

    fn take(&mut self, stretch: &Split, share: f64) {
        self.current.distance_m += stretch.distance_m * share;
        self.current.moving_s += stretch.moving_s * share;
        self.current.ascent_m += stretch.ascent_m * share;
        self.current.descent_m += stretch.descent_m * share;
    }
}
