//! Figures of activities and days, as they are summed up.

use haigou_contract::{ActivityKind, MinuteSteps, StepKind};
use haigou_route::{Fix, Gait, plausible};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::BodyProfile;
use crate::activity::Activity;
use crate::estimate::Way;
use crate::screens::Figures;

/// Distances in metres whose fastest time is kept.
pub(crate) const FASTEST_OVER_M: [f64; 4] = [1_000.0, 5_000.0, 10_000.0, 21_097.5];

/// An activity's figures. Making them reads the whole track, so they are kept with it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ActivityFigures {
    pub(crate) id: Uuid,
    pub(crate) started_ms: i64,
    pub(crate) active_ms: i64,
    pub(crate) distance_m: f64,
    /// More than a tenth of the metres is estimated.
    pub(crate) estimated: bool,
    /// Kilocalories above resting.
    pub(crate) kcal: f64,
    /// It may set personal records: a person on foot can have done it.
    pub(crate) believable: bool,
    /// Seconds over each of [`FASTEST_OVER_M`].
    pub(crate) fastest_s: [Option<f64>; 4],
}

impl ActivityFigures {
    pub(crate) fn of(activity: &Activity, fixes: Vec<Fix>, now_ms: i64) -> Self {
        let way = activity.way(now_ms);
        let course = activity.course(fixes);
        let summary = activity.summary(activity.steps());
        let gait = match activity.kind {
            ActivityKind::Walk => Gait::Walk,
            ActivityKind::Run => Gait::Run,
        };
        // Wheels are fast enough too; whether feet moved is for the steps to say.
        let on_foot = plausible::stride_m(way.distance_m, activity.steps())
            .is_some_and(|stride| plausible::is_stride_plausible(stride, gait));
        let believable = on_foot
            && summary.mock_positions == 0
            && plausible::is_speed_plausible(way.distance_m, activity.active_ms);
        let fastest = |metres: f64| {
            let seconds = course.fastest(metres)?;
            let ms = i64::from(crate::minute::whole(seconds * 1000.0));
            plausible::is_speed_plausible(metres, ms).then_some(seconds)
        };
        Self {
            id: activity.id,
            started_ms: activity.started_ms,
            active_ms: activity.active_ms,
            distance_m: way.distance_m,
            estimated: way.estimated,
            kcal: way.energy.net_kcal,
            believable,
            fastest_s: FASTEST_OVER_M.map(fastest),
        }
    }
}

impl Figures {
    /// Only the steps of these minutes.
    pub(crate) fn of_minutes(minutes: &[MinuteSteps]) -> Self {
        let mut figures = Self::default();
        for minute in minutes {
            let steps = match minute.kind {
                StepKind::Walk => &mut figures.walk,
                StepKind::Run => &mut figures.run,
                StepKind::Passive => &mut figures.passive,
            };
            *steps += u64::from(minute.steps);
        }
        figures
    }

    /// With way and energy of the passive steps, estimated by height and weight.
    pub(crate) fn with_passive_way(mut self, body: &BodyProfile, body_now: &haigou_route::Body) -> Self {
        let steps = u32::try_from(self.passive).unwrap_or(u32::MAX);
        let way = Way::passive(steps, body.height_m());
        self.distance_m += way.metres;
        self.estimated_m += way.metres;
        self.kcal += way.energy(body_now, ActivityKind::Walk).net_kcal;
        self
    }

    /// With an activity.
    pub(crate) fn with_activity(mut self, activity: &ActivityFigures) -> Self {
        self.distance_m += activity.distance_m;
        if activity.estimated {
            self.estimated_m += activity.distance_m;
        }
        self.active_ms += activity.active_ms;
        self.kcal += activity.kcal;
        self.activities += 1;
        self
    }

    /// Adds others.
    pub(crate) fn add(&mut self, other: &Self) {
        self.walk += other.walk;
        self.run += other.run;
        self.passive += other.passive;
        self.distance_m += other.distance_m;
        self.estimated_m += other.estimated_m;
        self.active_ms += other.active_ms;
        self.kcal += other.kcal;
        self.activities += other.activities;
    }
}
