//! Walking or running.

use serde::{Deserialize, Serialize};

/// How a person moves from step to step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gait {
    /// One foot is always on the ground.
    Walk,
    /// Both feet leave the ground.
    Run,
}

/// What the person said they were going to do; it decides the gait, never the number of steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GaitHint {
    /// Nothing: the movement itself decides.
    #[default]
    Auto,
    /// A walk: running is believed only when it is unmistakable.
    Walk,
    /// A run: walking breaks are still told apart.
    Run,
}

impl Gait {
    /// The gait of steps that come at `cadence_spm` and shake the sensor by `shake_g` (root mean square around
    /// rest).
    ///
    /// People change from walking to running at about 140 steps a minute, where the push-off roughly doubles;
    /// nobody but a race walker walks faster than 165, and nobody runs below 120.
    pub(crate) fn of(cadence_spm: f64, shake_g: f64, hint: GaitHint) -> Self {
        let (least_spm, least_shake_g) = match hint {
            GaitHint::Auto => (135.0, 0.55),
            GaitHint::Walk => (145.0, 0.8),
            GaitHint::Run => (120.0, 0.3),
        };
        let runs = cadence_spm > 165.0 || (cadence_spm > least_spm && shake_g > least_shake_g);
        if runs { Self::Run } else { Self::Walk }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cadence_and_shaking_tell_a_run_from_a_walk() {
        for (spm, shake, gait) in [
            (110.0, 0.65, Gait::Walk), // a phone in a back pocket
            (140.0, 0.4, Gait::Walk),  // a brisk walk, band on a swinging wrist
            (150.0, 0.9, Gait::Run),
            (180.0, 0.3, Gait::Run),
        ] {
            assert_eq!(Gait::of(spm, shake, GaitHint::Auto), gait, "{spm} {shake}");
        }
    }

    #[test]
    fn the_hint_moves_the_border() {
        assert_eq!(Gait::of(140.0, 0.6, GaitHint::Walk), Gait::Walk);
        assert_eq!(Gait::of(130.0, 0.4, GaitHint::Run), Gait::Run);
        assert_eq!(Gait::of(100.0, 0.4, GaitHint::Run), Gait::Walk);
    }
}
