//! What was walked and run.

use haigou_contract::{ActivityRecord, ActivitySummary, Judgement, MinuteSteps, NotCounted};
use haigou_route::Split;

use super::live::Place;
use super::{AsOf, Standing};
use crate::line::Line;
use crate::store::StoredActivity;

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
    /// It was recorded on this phone, so route and charts are here.
    pub on_this_phone: bool,
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
}

/// The line of a record of this phone.
pub(crate) fn line(stored: StoredActivity) -> RecordLine {
    let StoredActivity {
        activity,
        summary,
        record,
    } = stored;
    let (judgement, not_counted) = record.map_or((None, Vec::new()), |r| (Some(r.judgement), r.not_counted));
    RecordLine {
        summary: summary.unwrap_or_else(|| activity.summary(activity.steps())),
        judgement,
        not_counted,
        on_this_phone: true,
    }
}

/// A record of this phone with all that is known of it.
pub(crate) fn detail(stored: StoredActivity, minutes: Vec<MinuteSteps>, way: &Line) -> RecordDetail {
    let splits = stored.activity.tracker.summary().splits;
    RecordDetail {
        line: line(stored),
        splits,
        minutes,
        route: way.draw(),
    }
}

impl From<ActivityRecord> for RecordLine {
    fn from(record: ActivityRecord) -> Self {
        Self {
            summary: record.summary,
            judgement: Some(record.judgement),
            not_counted: record.not_counted,
            on_this_phone: false,
        }
    }
}
