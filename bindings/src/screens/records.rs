//! What was walked and run.

use haigou_contract::{ActivityKind, Doubt, StepKind, StepSource};
use haigou_phone::screens::{AsOf, Place, Standing};
use haigou_phone::{PictureOptions, PictureShape};
use haigou_route::ChartPoint;
use uuid::Uuid;

use super::shared::all;
use super::{NotCounted, Split};
use crate::kinds::count;
use crate::{Phone, PhoneError};

/// The records screen.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct RecordsScreen {
    /// How it stands.
    pub standing: Standing,
    /// Newest first.
    pub records: Vec<Record>,
    /// How old the server's part of it is; none if there is none.
    pub as_of: Option<AsOf>,
    /// The server could not be reached the last time.
    pub offline: bool,
}

/// One record in the list.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Record {
    /// The activity's id.
    pub id: String,
    /// Walk or run.
    pub kind: ActivityKind,
    /// Start.
    pub started_ms: i64,
    /// End.
    pub ended_ms: i64,
    /// In motion, in milliseconds.
    pub active_ms: i64,
    /// Steps.
    pub steps: i64,
    /// Metres.
    pub distance_m: f64,
    /// More than a tenth of the metres is estimated from steps, for want of positions.
    pub estimated: bool,
    /// Metres climbed.
    pub ascent_m: f64,
    /// Kilocalories, resting use included.
    pub kcal_gross: f64,
    /// Kilocalories above resting.
    pub kcal_net: f64,
    /// Mean heart rate in beats per minute, where a band gave it.
    pub heart_rate: Option<i32>,
    /// Greatest speed held over 30 s, in m/s, by position.
    pub top_speed_mps: Option<f64>,
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

/// What the server makes of an activity.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Judgement {
    /// From 0 (not believed) to 100.
    pub trust: i32,
    /// What lowered the trust.
    pub doubts: Vec<Doubt>,
    /// Steps counted of it so far.
    pub counted_steps: i64,
}

/// A record with all that is known of it.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct RecordDetail {
    /// As in the list.
    pub record: Record,
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
    pub heart_by_minute: Vec<Option<i32>>,
}

/// A point of a record's charts.
#[uniffi::remote(Record)]
pub struct ChartPoint {
    /// Metres from the start to the stretch's end.
    pub distance_m: f64,
    /// When its end was reached, in milliseconds since the Unix epoch.
    pub t_ms: i64,
    /// Seconds of moving time per kilometre.
    pub pace_s_per_km: f64,
    /// Mean heart rate in beats per minute, where there was one.
    pub heart_rate: Option<f64>,
    /// Mean height in metres, as the source gave it.
    pub altitude_m: Option<f64>,
}

/// Time in the five heart-rate zones, slowest first.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct HeartZones {
    /// The greatest heart rate that they are made with, in beats per minute.
    pub max_bpm: f64,
    /// From how many beats per minute on each goes.
    pub from_bpm: Vec<f64>,
    /// Milliseconds in each.
    pub time_ms: Vec<i64>,
    /// Milliseconds below the first.
    pub below_ms: i64,
}

/// What a share picture looks like.
#[uniffi::remote(Record)]
pub struct PictureOptions {
    /// Its shape.
    pub shape: PictureShape,
    /// On a dark ground.
    pub dark: bool,
    /// What lies within 200 m of the start and of the end isn't drawn: so nobody sees where somebody lives.
    pub hide_ends: bool,
}

/// The shape of a share picture.
#[uniffi::remote(Enum)]
pub enum PictureShape {
    /// 1,080 by 1,080 pixels.
    Square,
    /// 1,080 by 1,920 pixels, as a phone's screen.
    Tall,
}

/// The steps of one minute.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct MinuteSteps {
    /// When it begins.
    pub start_ms: i64,
    /// How they were made.
    pub kind: StepKind,
    /// Who counted them.
    pub source: StepSource,
    /// How many.
    pub steps: i64,
    /// Metres in this minute by position, where positions were recorded.
    pub distance_m: Option<i64>,
}

crate::listen::screen! {
    RecordsScreen from records,
    /// What was walked and run, as far as it is known.
    records,
    /// Hears of what was walked and run.
    RecordsListener,
    watch_records
}

#[uniffi::export]
impl Phone {
    /// One record of this phone with splits, minutes and route.
    pub async fn record(&self, id: String) -> Result<RecordDetail, PhoneError> {
        let id = self.record_id(&id)?;
        let record = self.local(move |core| core.record(id)).await?;
        Ok(record.into())
    }

    /// Gives a record of this phone a title and a note; empty ones take them away.
    pub async fn name_record(&self, id: String, title: String, note: String) -> Result<(), PhoneError> {
        let id = self.record_id(&id)?;
        self.local(move |core| core.name_record(id, &title, &note)).await
    }

    /// Deletes a record of this phone, route included. Its steps stay.
    pub async fn delete_record(&self, id: String) -> Result<(), PhoneError> {
        let id = self.record_id(&id)?;
        self.local(move |core| core.delete_record(id)).await
    }

    /// Reads a GPX file into a record, marked as imported. The same file again is the same record. What is wrong with a
    /// file, and where, is told.
    pub async fn import_gpx(&self, file: Vec<u8>) -> Result<RecordDetail, PhoneError> {
        let record = self.local(move |core| core.import_gpx(&file)).await?;
        Ok(record.into())
    }

    /// A picture of a record of this phone to share, as PNG, in the app's language.
    pub async fn share_picture(&self, id: String, options: PictureOptions) -> Result<Vec<u8>, PhoneError> {
        let id = self.record_id(&id)?;
        self.local(move |core| core.share_picture(id, options)).await
    }

    /// What is sent with a record of this phone, in the app's language.
    pub async fn share_text(&self, id: String) -> Result<String, PhoneError> {
        let id = self.record_id(&id)?;
        self.local(move |core| core.share_text(id)).await
    }

    /// A record of this phone as GPX 1.1.
    pub async fn gpx(&self, id: String) -> Result<String, PhoneError> {
        let id = self.record_id(&id)?;
        self.local(move |core| core.gpx(id)).await
    }
}

impl Phone {
    fn record_id(&self, id: &str) -> Result<Uuid, PhoneError> {
        self.told(id.parse().map_err(|_| haigou_phone::PhoneError::NoSuchRecord))
    }
}

impl From<haigou_phone::screens::RecordsScreen> for RecordsScreen {
    fn from(screen: haigou_phone::screens::RecordsScreen) -> Self {
        Self {
            standing: screen.standing,
            records: all(screen.records),
            as_of: screen.as_of,
            offline: screen.offline,
        }
    }
}

impl From<haigou_phone::screens::RecordLine> for Record {
    fn from(line: haigou_phone::screens::RecordLine) -> Self {
        let summary = line.summary;
        Self {
            id: summary.id.to_string(),
            kind: summary.kind,
            started_ms: summary.started_ms,
            ended_ms: summary.ended_ms,
            active_ms: summary.active_ms,
            steps: summary.steps.into(),
            distance_m: summary.distance_m,
            estimated: summary.estimated,
            ascent_m: summary.ascent_m,
            kcal_gross: summary.kcal_gross,
            kcal_net: summary.kcal_net,
            heart_rate: summary.heart_rate.map(Into::into),
            top_speed_mps: summary.top_speed_mps,
            judgement: line.judgement.map(Into::into),
            not_counted: all(line.not_counted),
            on_this_phone: line.on_this_phone,
            imported: line.imported,
            title: line.title,
            note: line.note,
        }
    }
}

impl From<haigou_contract::Judgement> for Judgement {
    fn from(judgement: haigou_contract::Judgement) -> Self {
        Self {
            trust: judgement.trust.into(),
            doubts: judgement.doubts,
            counted_steps: count(judgement.counted_steps),
        }
    }
}

impl From<haigou_phone::screens::RecordDetail> for RecordDetail {
    fn from(detail: haigou_phone::screens::RecordDetail) -> Self {
        Self {
            record: detail.line.into(),
            splits: all(detail.splits),
            minutes: all(detail.minutes),
            route: detail.route,
            chart: detail.chart,
            zones: detail.zones.map(Into::into),
            heart_by_minute: detail
                .heart_by_minute
                .into_iter()
                .map(|bpm| bpm.map(Into::into))
                .collect(),
        }
    }
}

impl From<haigou_phone::screens::HeartZones> for HeartZones {
    fn from(zones: haigou_phone::screens::HeartZones) -> Self {
        Self {
            max_bpm: zones.max_bpm,
            from_bpm: zones.from_bpm.into(),
            time_ms: zones.time_ms.into(),
            below_ms: zones.below_ms,
        }
    }
}

impl From<haigou_contract::MinuteSteps> for MinuteSteps {
    fn from(minute: haigou_contract::MinuteSteps) -> Self {
        Self {
            start_ms: minute.minute.start_ms(),
            kind: minute.kind,
            source: minute.source,
            steps: minute.steps.into(),
            distance_m: minute.distance_m.map(Into::into),
        }
    }
}
