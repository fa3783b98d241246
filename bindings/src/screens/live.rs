//! The activity under way.

use haigou_contract::ActivityKind;
use haigou_phone::screens::{LiveState, Place, Spoken};

use super::Split;
use super::shared::all;
use crate::Phone;

/// Whether something is being recorded.
#[uniffi::remote(Enum)]
pub enum LiveState {
    /// Nothing is.
    Idle,
    /// It is.
    Running,
    /// The member stands still: time doesn't count until the next step.
    AutoPaused,
    /// The member paused it.
    Paused,
}

/// The live screen.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct LiveScreen {
    /// Whether something is being recorded.
    pub state: LiveState,
    /// Its figures; none while idle.
    pub activity: Option<LiveActivity>,
    /// What is to be said out loud, oldest first: the latest of this run of the app, at most five. A shell says what has a
    /// higher number than the last one that it has said. Empty where the setting `speech` is off.
    pub speech: Vec<Spoken>,
}

/// Something to be said out loud, once.
#[uniffi::remote(Record)]
pub struct Spoken {
    /// Rises with each, over the app's death too.
    pub number: i64,
    /// In the app's language, for example `Kilometre 1 in 6 minutes 12 seconds`.
    pub text: String,
}

/// Figures of the activity under way.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct LiveActivity {
    /// Its id.
    pub id: String,
    /// Walk or run.
    pub kind: ActivityKind,
    /// Start.
    pub started_ms: i64,
    /// Since the start, pauses included, in milliseconds.
    pub elapsed_ms: i64,
    /// In motion, in milliseconds.
    pub active_ms: i64,
    /// Steps.
    pub steps: i64,
    /// Steps per minute at the moment.
    pub cadence_spm: Option<i32>,
    /// Metres.
    pub distance_m: f64,
    /// They are estimated from steps, for want of positions; so are the kilocalories.
    pub estimated: bool,
    /// Seconds per kilometre at the moment.
    pub pace_s_per_km: Option<f64>,
    /// Seconds per kilometre over all.
    pub average_pace_s_per_km: Option<f64>,
    /// Metres climbed.
    pub ascent_m: f64,
    /// Kilocalories, resting use included.
    pub kcal_gross: f64,
    /// Kilocalories above resting.
    pub kcal_net: f64,
    /// Mean heart rate in beats per minute.
    pub heart_rate: Option<f64>,
    /// Heart rate at the moment.
    pub heart_rate_now: Option<i32>,
    /// Its zone, from 0 to 4; none below the first, or where the greatest heart rate isn't known.
    pub zone: Option<i32>,
    /// Milliseconds in each of the five zones; none where the greatest heart rate isn't known.
    pub zones_ms: Option<Vec<i64>>,
    /// Kilometres; the last may be unfinished.
    pub splits: Vec<Split>,
    /// The way so far, simplified for drawing.
    pub route: Vec<Place>,
}

crate::listen::screen! {
    LiveScreen from live,
    /// The activity under way, as it stands.
    live,
    /// Hears of the activity under way.
    LiveListener,
    watch_live
}

impl From<haigou_phone::screens::LiveScreen> for LiveScreen {
    fn from(screen: haigou_phone::screens::LiveScreen) -> Self {
        Self {
            state: screen.state,
            activity: screen.activity.map(Into::into),
            speech: screen.speech,
        }
    }
}

impl From<haigou_phone::screens::LiveActivity> for LiveActivity {
    fn from(activity: haigou_phone::screens::LiveActivity) -> Self {
        Self {
            id: activity.id.to_string(),
            kind: activity.kind,
            started_ms: activity.started_ms,
            elapsed_ms: activity.elapsed_ms,
            active_ms: activity.active_ms,
            steps: activity.steps.into(),
            cadence_spm: activity.cadence_spm.map(Into::into),
            distance_m: activity.distance_m,
            estimated: activity.estimated,
            pace_s_per_km: activity.pace_s_per_km,
            average_pace_s_per_km: activity.average_pace_s_per_km,
            ascent_m: activity.ascent_m,
            kcal_gross: activity.kcal_gross,
            kcal_net: activity.kcal_net,
            heart_rate: activity.heart_rate,
            heart_rate_now: activity.heart_rate_now.map(Into::into),
            zone: activity.zone.and_then(|zone| zone.try_into().ok()),
            zones_ms: activity.zones_ms.map(Into::into),
            splits: all(activity.splits),
            route: activity.route,
        }
    }
}
