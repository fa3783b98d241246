//! The heart, as a band would give it.

use crate::{Gait, body::Stretch};

/// It follows the effort within about so many seconds (Bunc 1988: half a minute at the onset).
const FOLLOWS_S: f64 = 30.0;
const RESTING: f64 = 65.0;

/// Beats per minute that follow the effort slowly.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Heart {
    rate: f64,
}

impl Default for Heart {
    fn default() -> Self {
        Self { rate: RESTING }
    }
}

impl Heart {
    /// Towards about 100 at an easy walk and 150 at an easy run.
    pub(crate) fn beat_through(&mut self, stretch: &Stretch) {
        let effort = stretch.step().map_or(0.0, |step| {
            let speed = step.length_m / stretch.duration_s();
            match step.gait {
                Gait::Walk => 25.0 * speed,
                Gait::Run => 35.0 + 17.0 * speed,
                Gait::Stairs => 60.0,
            }
        });
        let kept = libm::exp(-stretch.duration_s() / FOLLOWS_S);
        self.rate = (RESTING + effort) * (1.0 - kept) + self.rate * kept;
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped first"
    )]
    pub(crate) fn rate(&self) -> u8 {
        libm::round(self.rate.clamp(30.0, 220.0)) as u8
    }
}
