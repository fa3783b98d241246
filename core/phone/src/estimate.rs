//! The way and the energy of steps that no position speaks of: in a hall, on a treadmill, in a tunnel, without GPS.

use haigou_contract::ActivityKind;
use haigou_route::{Body, Energy, Gait};
use serde::{Deserialize, Serialize};

/// Metres, where nothing else is known.
const HEIGHT_M: f64 = 1.70;
/// A step of a walk is so much of the height: 0.413 for women, 0.415 for men, the constants of pedometers (Hatano 1993,
/// "Use of the pedometer for promoting daily walking exercise").
const WALKING_STEP: f64 = 0.414;
/// Steps a minute that nobody walks with.
const RUNNING_SPM: f64 = 140.0;
/// Steps a minute where they aren't known: a moderate walk (Tudor-Locke et al. 2018), and a jog.
const WALK_SPM: f64 = 100.0;
const RUN_SPM: f64 = 160.0;
/// The paces that the running equation was measured at, in minutes per mile.
const PACES: (f64, f64) = (6.0, 12.0);
const MILE_M: f64 = 1_609.344;
const INCH_M: f64 = 0.0254;
/// After so many milliseconds without a position the signal is lost, as it is for the track.
const LOST_MS: i64 = 30_000;
/// An activity is called estimated where more than this share of its way is.
const ESTIMATED_SHARE: f64 = 0.1;

/// Steps with the way and time that they are believed to have taken.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Way {
    pub(crate) metres: f64,
    seconds: f64,
}

impl Way {
    /// The way of steps outside of activities.
    pub(crate) fn passive(steps: u32, height_m: Option<f64>) -> Self {
        Self::of(steps, None, ActivityKind::Walk, height_m.unwrap_or(HEIGHT_M))
    }

    fn of(steps: u32, cadence: Option<f64>, kind: ActivityKind, height_m: f64) -> Self {
        let usual = match kind {
            ActivityKind::Walk => WALK_SPM,
            ActivityKind::Run => RUN_SPM,
        };
        let cadence = cadence.unwrap_or(usual);
        let step_m = match kind {
            ActivityKind::Run if cadence >= RUNNING_SPM => running_step_m(cadence, height_m),
            _ => WALKING_STEP * height_m,
        };
        let steps = f64::from(steps);
        Self {
            metres: steps * step_m,
            seconds: steps * 60.0 / cadence,
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            metres: self.metres + other.metres,
            seconds: self.seconds + other.seconds,
        }
    }

    /// By the equations of the ACSM, at the speed that follows, on the level.
    pub(crate) fn energy(self, body: &Body, kind: ActivityKind) -> Energy {
        let gait = match kind {
            ActivityKind::Walk => Gait::Walk,
            ActivityKind::Run => Gait::Run,
        };
        Energy::on_the_level(self.metres, self.seconds, body, gait)
    }

    /// Whether a way of which this much is estimated, and that much measured, is an estimate.
    pub(crate) fn outweighs(self, measured_m: f64) -> bool {
        self.metres > ESTIMATED_SHARE * (self.metres + measured_m)
    }
}

/// Running, steps per mile = 1,084 + 143.6 × minutes per mile − 13.5 × inches of height (Hoeger et al. 2008, "One-mile step
/// count at walking and running speeds"), solved for the pace that a cadence means.
fn running_step_m(cadence: f64, height_m: f64) -> f64 {
    let fixed = 1_084.0 - 13.5 * height_m / INCH_M;
    let slope = 143.6;
    // At a cadence that no pace explains, the slowest is meant.
    let pace = if cadence > slope && fixed > 0.0 {
        (fixed / (cadence - slope)).clamp(PACES.0, PACES.1)
    } else {
        PACES.1
    };
    MILE_M / (fixed + slope * pace)
}

/// What is estimated of an activity so far. Positions win wherever there are any.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Estimate {
    height_m: f64,
    /// Stretches without positions that are over.
    sure: Way,
    /// Since the latest position: nothing, if the track bridges it when the next one comes.
    since: Way,
    /// When the latest position was.
    latest_ms: i64,
}

impl Estimate {
    pub(crate) fn new(height_m: Option<f64>, started_ms: i64) -> Self {
        Self {
            height_m: height_m.unwrap_or(HEIGHT_M),
            sure: Way::default(),
            since: Way::default(),
            latest_ms: started_ms.saturating_sub(LOST_MS),
        }
    }

    pub(crate) fn step(&mut self, steps: u32, t_ms: i64, cadence: Option<f64>, kind: ActivityKind) {
        if t_ms > self.latest_ms {
            self.since = self.since.and(Way::of(steps, cadence, kind, self.height_m));
        }
    }

    /// A position was used; the track may have bridged the time since the one before.
    pub(crate) fn position(&mut self, t_ms: i64, bridged: bool) {
        if !bridged {
            self.sure = self.so_far(t_ms);
        }
        self.since = Way::default();
        self.latest_ms = self.latest_ms.max(t_ms);
    }

    /// A pause, or the end: no position will bridge it.
    pub(crate) fn pause(&mut self, t_ms: i64) {
        self.sure = self.so_far(t_ms);
        self.since = Way::default();
    }

    /// After a pause positions have to be found anew.
    pub(crate) fn resume(&mut self, t_ms: i64) {
        self.latest_ms = t_ms.saturating_sub(LOST_MS);
    }

    /// Everything was filed too late or too early by so much.
    pub(crate) fn shift(&mut self, by_ms: i64) {
        self.latest_ms = self.latest_ms.saturating_add(by_ms);
    }

    /// What is estimated as things stand at a moment.
    pub(crate) fn so_far(&self, t_ms: i64) -> Way {
        if t_ms.saturating_sub(self.latest_ms) >= LOST_MS {
            self.sure.and(self.since)
        } else {
            self.sure
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(steps: u32, cadence: f64, kind: ActivityKind) -> Way {
        Way::of(steps, Some(cadence), kind, 1.70)
    }

    #[test]
    fn steps_by_hand() {
        // 1,000 steps of 0.7038 m, at 100 a minute.
        let walk = way(1_000, 100.0, ActivityKind::Walk);
        assert!((walk.metres - 703.8).abs() < 1e-6 && (walk.seconds - 600.0).abs() < 1e-6);
        // 70.38 m/min: 3.5 + 7.038 = 10.538 mL; × 10 min × 70 kg / 200 = 36.883.
        let energy = walk.energy(&Body::default(), ActivityKind::Walk);
        assert!((energy.gross_kcal - 36.883).abs() < 1e-6, "{energy:?}");
        // 66.93 in: 180.46; 8 min/mile at 180.46 / 8 + 143.6 = 166.16 steps a minute, 1,329.26 to the mile.
        let run = way(1_000, 166.157, ActivityKind::Run);
        assert!((run.metres - 1_000.0 * MILE_M / 1_329.26).abs() < 0.5, "{run:?}");
        // Somebody who walks within a run.
        assert!((way(1_000, 110.0, ActivityKind::Run).metres - 703.8).abs() < 1e-6);
    }

    #[test]
    fn nobody_runs_in_steps_of_a_giant() {
        for height_m in [0.5, 1.0, 1.5, 2.0, 2.72] {
            for cadence in 140..260_u32 {
                let step = running_step_m(f64::from(cadence), height_m);
                assert!(
                    (0.5..2.5).contains(&step),
                    "{step} m at {cadence}, {height_m} m tall"
                );
            }
        }
    }

    #[test]
    fn positions_win_and_a_bridge_counts_once() {
        let step = |estimate: &mut Estimate, t_ms| estimate.step(100, t_ms, Some(100.0), ActivityKind::Walk);
        let mut estimate = Estimate::new(None, 0);
        step(&mut estimate, 1_000);
        let first = estimate.so_far(1_000).metres;
        assert!((first - 70.38).abs() < 1e-9, "before the first position");
        estimate.position(2_000, false);
        for t_ms in (3_000..20_000).step_by(1_000) {
            step(&mut estimate, t_ms);
            estimate.position(t_ms, false);
        }
        assert!(
            (estimate.so_far(20_000).metres - first).abs() < 1e-9,
            "positions win"
        );
        step(&mut estimate, 50_000);
        assert!(
            (estimate.so_far(60_000).metres - 2.0 * first).abs() < 1e-9,
            "lost for the time being"
        );
        estimate.position(61_000, true);
        assert!((estimate.so_far(61_000).metres - first).abs() < 1e-9, "bridged");
        step(&mut estimate, 100_000);
        estimate.position(500_000, false);
        assert!(
            (estimate.so_far(500_000).metres - 2.0 * first).abs() < 1e-9,
            "cut"
        );
    }
}
