//! What a phone reports of its steps and activities, and what the server makes of it.

use chrono::{DateTime, FixedOffset};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Day, Minute};

/// The most minute rows one upload may carry.
pub const MAX_MINUTES_PER_UPLOAD: usize = 1_440;
/// The most activities one upload may carry.
pub const MAX_ACTIVITIES_PER_UPLOAD: usize = 100;
/// How old a minute may be when it reaches the server, in days. Phones keep at least 30.
pub const OLDEST_DAYS: i32 = 35;

/// How steps were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// In a walk.
    Walk,
    /// In a run.
    Run,
    /// Outside of any activity.
    Passive,
}

/// Who counted the steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StepSource {
    /// The app's own counting from acceleration samples.
    Motion,
    /// The phone's built-in step counter.
    Counter,
    /// A wristband.
    Band,
    /// The system's store of health data: other apps and devices, of which nobody knows how they count.
    Health,
}

/// What kind of activity it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ActivityKind {
    /// A walk.
    Walk,
    /// A run.
    Run,
}

impl From<ActivityKind> for StepKind {
    fn from(kind: ActivityKind) -> Self {
        match kind {
            ActivityKind::Walk => Self::Walk,
            ActivityKind::Run => Self::Run,
        }
    }
}

/// The steps of one minute, from the source that was chosen for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct MinuteSteps {
    /// Which minute: whole minutes since the Unix epoch.
    pub minute: Minute,
    /// How they were made.
    pub kind: StepKind,
    /// Who counted them.
    pub source: StepSource,
    /// How many.
    pub steps: u32,
    /// Metres covered in this minute by position, where positions were recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distance_m: Option<u32>,
    /// Coefficient of variation of the intervals between steps, in per mille. People vary by 20 and more; a
    /// cradle that shakes a phone hardly does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval_cv: Option<u16>,
    /// Coefficient of variation of the height of the steps' peaks, in per mille.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak_cv: Option<u16>,
    /// The activity it is part of; none for passive steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity: Option<Uuid>,
}

/// An activity that is over, as the phone sums it up. The route itself stays on the phone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ActivitySummary {
    /// Made on the phone; an activity is known by it for ever.
    pub id: Uuid,
    /// Walk or run.
    pub kind: ActivityKind,
    /// Start, milliseconds since the Unix epoch.
    pub started_ms: i64,
    /// End, milliseconds since the Unix epoch.
    pub ended_ms: i64,
    /// Time in motion, without pauses, in milliseconds.
    pub active_ms: i64,
    /// From start to end by the phone's monotonic clock, in milliseconds: it shows when the wall clock was set in
    /// between. None if the phone was started anew meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub monotonic_ms: Option<i64>,
    /// Steps in all.
    pub steps: u32,
    /// Metres.
    pub distance_m: f64,
    /// More than a tenth of the metres is estimated from steps, for want of positions: they prove nothing.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub estimated: bool,
    /// Metres climbed.
    pub ascent_m: f64,
    /// Kilocalories, resting use included.
    pub kcal_gross: f64,
    /// Kilocalories above resting.
    pub kcal_net: f64,
    /// Mean heart rate in beats per minute, where a band gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heart_rate: Option<u16>,
    /// Positions that were used.
    pub positions: u32,
    /// Positions that the system called made up.
    pub mock_positions: u32,
    /// Greatest speed held over 30 s, in m/s, by position.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top_speed_mps: Option<f64>,
}

/// `POST /api/v1/sport/uploads`, signed by the device: minutes and activities since the last upload.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Upload {
    /// At most [`MAX_MINUTES_PER_UPLOAD`], in rising order, each minute once.
    pub minutes: Vec<MinuteSteps>,
    /// Minutes that were reported before and are known better now (a band's history came, another source spoke): each as
    /// it would be reported today, in the place of what was said before. At most [`MAX_MINUTES_PER_UPLOAD`], in rising
    /// order, none of them among `minutes`. A day's counted steps never shrink by them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<MinuteSteps>,
    /// At most [`MAX_ACTIVITIES_PER_UPLOAD`]; an activity comes with or after its last minute.
    pub activities: Vec<ActivitySummary>,
}

/// Why steps were not counted, or why an activity is trusted less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// The minute was already reported, by this or another device.
    Overlap,
    /// The minute lies in the future.
    Future,
    /// The minute is older than is taken.
    TooOld,
    /// More steps in the minute than legs can make.
    CadenceTooHigh,
    /// Intervals or strength without the variation that a person has.
    TooRegular,
    /// More metres per step than legs can make, or hardly any.
    Stride,
    /// Faster than on foot.
    TooFast,
    /// Positions were made up.
    MockPositions,
    /// The phone's clock was changed during the activity.
    ClockChanged,
    /// The activity's figures don't agree with its minutes.
    Inconsistent,
    /// Hours on end without any pause.
    NoRest,
    /// The activity overlaps another one.
    ActivityOverlap,
}

/// Steps of neighbouring minutes that were not counted, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NotCounted {
    /// First minute.
    pub from: Minute,
    /// Last minute, included.
    pub to: Minute,
    /// Steps that were claimed.
    pub steps: u64,
    /// Why.
    pub reason: Doubt,
    /// Why, as a sentence in the member's language.
    pub text: String,
}

/// What the server makes of an activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Judgement {
    /// The activity.
    pub activity: Uuid,
    /// From 0 (not believed) to 100.
    pub trust: u8,
    /// What lowered the trust.
    pub doubts: Vec<Doubt>,
    /// Steps counted of it so far.
    pub counted_steps: u64,
}

/// A day's steps, as the server holds them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DaySteps {
    /// The day.
    pub day: Day,
    /// Counted, in walks.
    pub walk: u64,
    /// Counted, in runs.
    pub run: u64,
    /// Counted, outside activities.
    pub passive: u64,
    /// Claimed by devices, counted or not.
    pub claimed: u64,
}

/// Challenge that an upload unfroze.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Unfrozen {
    /// The day that was walked.
    pub day: Day,
    /// The ladder's rung or the task that was reached, in steps.
    pub steps: u64,
    /// `ladder`, `walk` or `run`.
    pub of: Milestone,
    /// How much became available.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub amount: Decimal,
}

/// What unfreezes challenge by steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Milestone {
    /// A rung of the step ladder: steps of every kind count.
    Ladder,
    /// A walk task.
    Walk,
    /// A run task.
    Run,
}

/// The answer to an [`Upload`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UploadAnswer {
    /// New minutes of this upload whose steps were counted.
    pub counted_minutes: u64,
    /// Steps that came to the counted ones by this upload.
    pub counted_steps: u64,
    /// What was not counted.
    pub not_counted: Vec<NotCounted>,
    /// The days it touched, as they stand now.
    pub days: Vec<DaySteps>,
    /// The activities it carried.
    pub activities: Vec<Judgement>,
    /// What it unfroze.
    pub unfrozen: Vec<Unfrozen>,
}

/// A rung or task with how far the member is, in `GET /api/v1/sport/today`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Goal {
    /// Rung or task.
    pub of: Milestone,
    /// Steps that reach it.
    pub steps: u64,
    /// Steps counted towards it today.
    pub counted: u64,
    /// It was reached today.
    pub reached: bool,
    /// What it unfroze today, if it was reached; else what it would unfreeze now.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub amount: Decimal,
}

/// `GET /api/v1/sport/today`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Today {
    /// Today's steps.
    pub steps: DaySteps,
    /// Rungs upwards, then walk tasks, then run tasks, upwards.
    pub goals: Vec<Goal>,
    /// Frozen challenge.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub challenge_frozen: Decimal,
    /// Unfrozen challenge.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub challenge_available: Decimal,
    /// The server's clock.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = "date-time"))]
    pub at: DateTime<FixedOffset>,
}

/// An activity as the server keeps it, in `GET /api/v1/sport/activities`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ActivityRecord {
    /// What the phone reported.
    pub summary: ActivitySummary,
    /// What the server made of it.
    pub judgement: Judgement,
    /// Minutes of it that were not counted, and why.
    pub not_counted: Vec<NotCounted>,
}

/// `POST /api/v1/sport/appeals`: the member disagrees.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAppeal {
    /// The day it is about.
    pub day: Day,
    /// The activity it is about, if one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity: Option<Uuid>,
    /// What the member says, 1 to 1,000 characters.
    pub text: String,
}

/// An appeal, in `GET /api/v1/sport/appeals`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Appeal {
    /// Its id.
    pub appeal: String,
    /// The day it is about.
    pub day: Day,
    /// The activity it is about, if one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub activity: Option<Uuid>,
    /// What the member said.
    pub text: String,
    /// When it came.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = "date-time"))]
    pub at: DateTime<FixedOffset>,
    /// `open`, `granted` or `refused`.
    pub status: AppealStatus,
}

/// Where an appeal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AppealStatus {
    /// Waits for somebody to look at it.
    Open,
    /// The member was right.
    Granted,
    /// The count stays.
    Refused,
}
