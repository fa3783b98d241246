//! What can be said of a track at any moment.

use serde::{Deserialize, Serialize};

use crate::{ClimbSource, Energy, Rejected, Split};

/// The figures of a track, as far as it has come.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Summary {
    /// Metres walked or run. While it goes on and the signal trembles, up to about 15 s behind.
    pub distance_m: f64,
    /// From the first fix to the latest fix or pause, everything included.
    pub elapsed_s: f64,
    /// Without the member's own pauses; without standing and lost signal too where auto-pause is on.
    pub moving_s: f64,
    /// The member's own pauses.
    pub paused_s: f64,
    /// Seconds per kilometre over the last half minute; none while standing or paused.
    pub current_pace_s_per_km: Option<f64>,
    /// Seconds of moving time per kilometre.
    pub average_pace_s_per_km: Option<f64>,
    /// Metres up.
    pub ascent_m: f64,
    /// Metres down.
    pub descent_m: f64,
    /// What climb was measured with.
    pub climb_source: ClimbSource,
    /// Energy used while moving.
    pub energy: Energy,
    /// Mean heart rate in beats per minute, where there was one.
    pub heart_rate: Option<f64>,
    /// Kilometres; the last may be unfinished.
    pub splits: Vec<Split>,
    /// Paused by the member.
    pub paused: bool,
    /// Standing, as auto-pause sees it.
    pub auto_paused: bool,
    /// Fixes that were used.
    pub accepted: u64,
    /// Fixes that were not, and why.
    pub rejected: Rejected,
    /// Fixes that came during the member's own pauses.
    pub while_paused: u64,
    /// Stretches of lost signal that were bridged by a straight line.
    pub gaps_bridged: u32,
    /// Stretches of lost signal over which nothing was counted.
    pub gaps_cut: u32,
}
