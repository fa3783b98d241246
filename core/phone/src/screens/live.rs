//! The activity under way.

use haigou_contract::ActivityKind;
use haigou_route::Split;
use uuid::Uuid;

use crate::activity::{Activity, Now, seconds};
use crate::line::Line;

/// The live screen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LiveScreen {
    /// Whether something is being recorded.
    pub state: LiveState,
    /// Its figures; none while idle.
    pub activity: Option<LiveActivity>,
    /// What is to be said out loud, oldest first: the latest of this run of the app, at most five. A shell says what has a
    /// higher number than the last one that it has said. Empty where [`super::Settings::speech`] is off.
    pub speech: Vec<Spoken>,
}

/// Something to be said out loud, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// Rises with each, over the app's death too.
    pub number: i64,
    /// In the app's language, for example `Kilometre 1 in 6 minutes 12 seconds`.
    pub text: String,
}

/// Whether something is being recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LiveState {
    /// Nothing is.
    #[default]
    Idle,
    /// It is.
    Running,
    /// The member stands still: time doesn't count until the next step.
    AutoPaused,
    /// The member paused it.
    Paused,
}

/// Figures of the activity under way.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveActivity {
    /// Its id.
    pub id: Uuid,
    /// Walk or run.
    pub kind: ActivityKind,
    /// Start, in milliseconds since the Unix epoch.
    pub started_ms: i64,
    /// Since the start, pauses included, in milliseconds.
    pub elapsed_ms: i64,
    /// In motion, in milliseconds.
    pub active_ms: i64,
    /// Steps.
    pub steps: u32,
    /// Steps per minute at the moment.
    pub cadence_spm: Option<u16>,
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
    pub heart_rate_now: Option<u8>,
    /// Its zone, from 0 to 4; none below the first, or where the greatest heart rate isn't known.
    pub zone: Option<usize>,
    /// Milliseconds in each of the five zones; none where the greatest heart rate isn't known.
    pub zones_ms: Option<[i64; 5]>,
    /// Kilometres; the last may be unfinished.
    pub splits: Vec<Split>,
    /// The way so far, simplified for drawing.
    pub route: Vec<Place>,
}

/// A point of a route, in degrees, WGS-84.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place {
    /// Latitude.
    pub lat: f64,
    /// Longitude.
    pub lon: f64,
}

impl LiveScreen {
    pub(crate) fn of(activity: &Activity, line: &Line, now: Now) -> Self {
        let track = activity.tracker.summary();
        let way = activity.way(now.t_ms);
        let state = if activity.is_paused() {
            LiveState::Paused
        } else if activity.is_standing(now) {
            LiveState::AutoPaused
        } else {
            LiveState::Running
        };
        let heart_rate_now = activity.heart.at(now.t_ms);
        let figures = LiveActivity {
            id: activity.id,
            kind: activity.kind,
            started_ms: activity.started_ms,
            elapsed_ms: activity.elapsed_ms(now),
            active_ms: activity.active_ms,
            steps: activity.steps(),
            cadence_spm: activity.cadence_spm(now),
            distance_m: way.distance_m,
            estimated: way.estimated,
            pace_s_per_km: track.current_pace_s_per_km,
            average_pace_s_per_km: if way.estimated {
                (way.distance_m > 0.0).then(|| seconds(activity.active_ms) * 1000.0 / way.distance_m)
            } else {
                track.average_pace_s_per_km
            },
            ascent_m: track.ascent_m,
            kcal_gross: way.energy.gross_kcal,
            kcal_net: way.energy.net_kcal,
            heart_rate: activity.heart_rate(),
            heart_rate_now,
            zone: heart_rate_now.and_then(|bpm| activity.heart.zone(bpm)),
            zones_ms: activity.heart.zones_ms(),
            splits: track.splits,
            route: line.draw(),
        };
        Self {
            state,
            activity: Some(figures),
            speech: Vec::new(),
        }
    }
}
