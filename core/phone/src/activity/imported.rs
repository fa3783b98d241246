//! An activity that was read from a file.

use haigou_contract::{ActivityKind, Day};
use haigou_route::gpx::Recording;
use haigou_route::{Fix, Gait, Settings, Tracker};
use uuid::Uuid;

use super::{Activity, Span};
use crate::BodyProfile;
use crate::estimate::Estimate;
use crate::minute::whole;
use crate::store::Position;

/// Faster than this on average, in m/s, a file that doesn't say what it is holds a run.
const RUN_MPS: f64 = 2.0;

impl Activity {
    /// The activity of a file's tracks, with its positions; none where no position is left. Tracks and segments are
    /// taken in the order of their times; between them nothing counts.
    pub(crate) fn imported(
        id: Uuid,
        recording: Recording,
        profile: &BodyProfile,
    ) -> Option<(Self, Vec<Position>)> {
        let segments = in_order(recording.segments);
        let started_ms = segments.first()?.first()?.t_ms;
        let ended_ms = segments.last()?.last()?.t_ms;
        let body = profile.for_calories(Day::at(started_ms));
        let mut activity = Self {
            id,
            boot: String::new(),
            kind: ActivityKind::Walk,
            started_ms,
            ended_ms: Some(ended_ms),
            active_ms: 0,
            steps: 0,
            band_steps: 0,
            tracker: Tracker::new(Settings {
                gait: recording.gait,
                auto_pause: true,
                body,
            }),
            estimate: Estimate::new(profile.height_m(), started_ms),
            body,
            heart: profile.heart(started_ms),
            imported: true,
            positions: 0,
            started_mono: None,
            monotonic_ms: None,
            counted_to: None,
            spans: Vec::new(),
            mock_positions: 0,
            window: std::collections::VecDeque::new(),
            top_speed_mps: None,
            latest: std::collections::VecDeque::new(),
        };
        let mut positions = Vec::new();
        for segment in segments {
            let (from_ms, to_ms) = (segment.first()?.t_ms, segment.last()?.t_ms);
            activity.spans.push(Span {
                from_ms,
                to_ms: Some(to_ms),
            });
            activity.tracker.break_before(from_ms);
            activity.window.clear();
            for fix in segment {
                if let Some(bpm) = fix.heart_rate {
                    activity.heart.beat(fix.t_ms, bpm);
                }
                let (used, _) = activity.add_fix(fix);
                positions.push(Position {
                    activity: id,
                    seq: activity.positions,
                    used,
                    fix,
                });
            }
            activity.heart.pause(to_ms);
        }
        let track = activity.tracker.finish();
        activity.active_ms = i64::from(whole(track.moving_s * 1000.0));
        activity.kind = match recording.gait {
            Gait::Run => ActivityKind::Run,
            Gait::Walk => ActivityKind::Walk,
            Gait::Auto if track.distance_m > RUN_MPS * track.moving_s => ActivityKind::Run,
            Gait::Auto => ActivityKind::Walk,
        };
        (track.accepted > 0).then_some((activity, positions))
    }
}

/// Segments by their first time, each later than what came before: the same way twice in a file counts once.
fn in_order(mut segments: Vec<Vec<Fix>>) -> Vec<Vec<Fix>> {
    segments.retain(|segment| !segment.is_empty());
    segments.sort_by_key(|segment| segment.first().map(|fix| fix.t_ms));
    let mut latest_ms = i64::MIN;
    for segment in &mut segments {
        segment.retain(|fix| {
            let later = fix.t_ms > latest_ms;
            latest_ms = latest_ms.max(fix.t_ms);
            later
        });
    }
    segments.retain(|segment| !segment.is_empty());
    segments
}
