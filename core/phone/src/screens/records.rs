//! What was walked and run.

use haigou_contract::{ActivityRecord, ActivitySummary, Judgement, MinuteSteps, NotCounted};
use haigou_route::heart::{HeartTime, zone_bounds};
use haigou_route::{ChartPoint, Fix, Split};

use super::live::Place;
use super::{AsOf, Standing};
use crate::line::Line;
use crate::store::StoredActivity;

/// A point of a chart stands for so many metres.
const CHART_M: f64 = 100.0;

/// The records screen.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RecordsScreen {
    /// How it stands.
    pub standing: Standing,
    /// Newest first.
    pub records: Vec<RecordLine>,
    /// How old the server's part of it is; none if there is none.
    pub as_of: Option<AsOf>,
    /// The server could not be reached the last time.
    pub offline: bool,
}

/// One record in the list.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordLine {
    /// Its figures.
    pub summary: ActivitySummary,
    /// What the server made of it; none before it was uploaded.
    pub judgement: Option<Judgement>,
    /// Steps of it that were not counted, and why.
    pub not_counted: Vec<NotCounted>,
    /// It is on this phone, so route and charts are here.
    pub on_this_phone: bool,
    /// It was read from a file: it earns nothing and isn't counted.
    pub imported: bool,
    /// What the member calls it.
    pub title: Option<String>,
    /// What the member notes of it.
    pub note: Option<String>,
}

/// A record with all that is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordDetail {
    /// As in the list.
    pub line: RecordLine,
    /// Kilometres; the last may be unfinished.
    pub splits: Vec<Split>,
    /// Its minutes, for the chart.
    pub minutes: Vec<MinuteSteps>,
    /// The route, simplified for drawing.
    pub route: Vec<Place>,
    /// Pace, heart rate and height, for charts: a point per 100 m. Empty where there are no positions.
    pub chart: Vec<ChartPoint>,
    /// Time in the heart-rate zones; none where no heart rate came, or the greatest isn't known.
    pub zones: Option<HeartZones>,
    /// Mean heart rate of each minute since the start, for a chart; none where it isn't known.
    pub heart_by_minute: Vec<Option<u8>>,
}

/// Time in the five heart-rate zones, slowest first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HeartZones {
    /// The greatest heart rate that they are made with, in beats per minute.
    pub max_bpm: f64,
    /// From how many beats per minute on each goes.
    pub from_bpm: [f64; 5],
    /// Milliseconds in each.
    pub time_ms: [i64; 5],
    /// Milliseconds below the first.
    pub below_ms: i64,
}

impl HeartZones {
    fn of(heart: &HeartTime) -> Option<Self> {
        heart.mean()?;
        let max_bpm = heart.max_bpm()?;
        Some(Self {
            max_bpm,
            from_bpm: zone_bounds(max_bpm),
            time_ms: heart.zones_ms()?,
            below_ms: heart.below_ms(),
        })
    }
}

/// The line of a record of this phone.
pub(crate) fn line(stored: StoredActivity) -> RecordLine {
    let StoredActivity {
        activity,
        summary,
        record,
        title,
        note,
    } = stored;
    let (judgement, not_counted) = record.map_or((None, Vec::new()), |r| (Some(r.judgement), r.not_counted));
    RecordLine {
        summary: summary.unwrap_or_else(|| activity.summary(activity.steps())),
        judgement,
        not_counted,
        on_this_phone: true,
        imported: activity.imported,
        title,
        note,
    }
}

/// A record of this phone with all that is known of it.
pub(crate) fn detail(stored: StoredActivity, minutes: Vec<MinuteSteps>, fixes: Vec<Fix>) -> RecordDetail {
    let activity = &stored.activity;
    let way: Line = fixes.iter().map(|fix| (fix.lat, fix.lon)).collect();
    RecordDetail {
        splits: activity.tracker.summary().splits,
        minutes,
        route: way.draw(),
        chart: activity.course(fixes).chart(CHART_M),
        zones: HeartZones::of(&activity.heart),
        heart_by_minute: activity.heart.by_minute(),
        line: line(stored),
    }
}

impl From<ActivityRecord> for RecordLine {
    fn from(record: ActivityRecord) -> Self {
        Self {
            summary: record.summary,
            judgement: Some(record.judgement),
            not_counted: record.not_counted,
            on_this_phone: false,
            imported: false,
            title: None,
            note: None,
        }
    }
}
