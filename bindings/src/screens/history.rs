//! Days, weeks, months and years: sums, bars for charts, goal, streak, personal records.

use haigou_phone::screens::{Feat, Period};

use super::shared::all;
use crate::kinds::count;
use crate::{Phone, PhoneError};

/// The history screen. All of it is made of what this phone recorded; what was imported isn't counted.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct HistoryScreen {
    /// Today.
    pub day: Statistics,
    /// This week.
    pub week: Statistics,
    /// This month.
    pub month: Statistics,
    /// This year.
    pub year: Statistics,
    /// Steps a day that the member wants to make.
    pub goal: i64,
    /// Steps that today still lacks.
    pub missing: i64,
    /// Days in a row.
    pub streak: Streak,
    /// What was never done better.
    pub personal: Vec<PersonalRecord>,
}

/// How long a stretch of time is summed up.
#[uniffi::remote(Enum)]
pub enum Period {
    /// A day in Shanghai, in hours.
    Day,
    /// From Monday to Sunday, in days.
    Week,
    /// A month, in days.
    Month,
    /// A year, in months.
    Year,
}

/// Sums of a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Record)]
pub struct Figures {
    /// Steps of every kind.
    pub steps: i64,
    /// Steps in walks.
    pub walk: i64,
    /// In runs.
    pub run: i64,
    /// Outside of activities.
    pub passive: i64,
    /// Metres of activities, and of passive steps by height.
    pub distance_m: f64,
    /// How many of the metres are estimated from steps.
    pub estimated_m: f64,
    /// Milliseconds in motion, in activities. An activity belongs to the day that it began on.
    pub active_ms: i64,
    /// Kilocalories above resting, of activities and passive steps.
    pub kcal: f64,
    /// Activities.
    pub activities: i64,
}

/// A stretch of time: its sums, and its parts for a chart.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Statistics {
    /// How long it is.
    pub period: Period,
    /// Its first day.
    pub first: String,
    /// Its last day, which may lie ahead.
    pub last: String,
    /// Its sums so far.
    pub total: Figures,
    /// Those of the stretch of the same kind before it.
    pub before: Figures,
    /// Days with steps.
    pub days: i64,
    /// Days that reached their goal.
    pub reached: i64,
    /// Steps a day, over the days with steps.
    pub average: Option<i64>,
    /// Hours, days or months, those ahead included. Hours have steps only, and none once a day's minutes are forgotten.
    pub bars: Vec<Bar>,
}

/// A bar of a chart.
#[derive(Debug, Clone, Copy, PartialEq, uniffi::Record)]
pub struct Bar {
    /// Where it begins.
    pub from_ms: i64,
    /// Its sums.
    pub figures: Figures,
    /// The goal in steps, where it is a day.
    pub goal: Option<i64>,
}

/// Days in a row that reached the goal which they had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Streak {
    /// Up to now: today doesn't break it before it is over.
    pub days: i64,
    /// Today has reached it, and is among them.
    pub today: bool,
    /// The longest ever.
    pub longest: i64,
}

/// What can be done best.
#[uniffi::remote(Enum)]
pub enum Feat {
    /// The longest way of an activity, in metres.
    LongestDistance,
    /// The longest time in motion of an activity, in seconds.
    LongestTime,
    /// Seconds over a kilometre.
    Fastest1Km,
    /// Seconds over 5 km.
    Fastest5Km,
    /// Seconds over 10 km.
    Fastest10Km,
    /// Seconds over a half marathon, 21.0975 km.
    FastestHalfMarathon,
    /// Steps in a day.
    MostSteps,
}

/// What was never done better on this phone.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct PersonalRecord {
    /// What.
    pub feat: Feat,
    /// Metres, seconds or steps.
    pub value: f64,
    /// When.
    pub day: String,
    /// In which activity; none for a day's steps.
    pub activity: Option<String>,
}

crate::listen::screen! {
    HistoryScreen from history,
    /// Day, week, month and year up to now, goal, streak and personal records.
    history,
    /// Hears of the history.
    HistoryListener,
    watch_history
}

#[uniffi::export]
impl Phone {
    /// The sums around a day of the past or today.
    pub async fn statistics(&self, period: Period, day: String) -> Result<Statistics, PhoneError> {
        let day = self.day("day", &day)?;
        let statistics = self.local(move |core| core.statistics(period, day)).await?;
        Ok(statistics.into())
    }

    /// Steps a day that the member wants to make.
    pub fn daily_goal(&self) -> Result<i64, PhoneError> {
        let steps = self.told(self.core.daily_goal())?;
        Ok(steps.into())
    }

    /// Chooses the daily goal, 1,000 to 100,000 steps. It counts from today on: days before are held against the goal that
    /// they had.
    pub fn set_daily_goal(&self, steps: i64) -> Result<(), PhoneError> {
        let steps = steps.try_into().unwrap_or(0);
        self.told(self.core.set_daily_goal(steps))
    }
}

impl From<haigou_phone::screens::HistoryScreen> for HistoryScreen {
    fn from(screen: haigou_phone::screens::HistoryScreen) -> Self {
        Self {
            day: screen.day.into(),
            week: screen.week.into(),
            month: screen.month.into(),
            year: screen.year.into(),
            goal: screen.goal.into(),
            missing: count(screen.missing),
            streak: screen.streak.into(),
            personal: all(screen.personal),
        }
    }
}

impl From<haigou_phone::screens::Statistics> for Statistics {
    fn from(statistics: haigou_phone::screens::Statistics) -> Self {
        Self {
            period: statistics.period,
            first: statistics.first.to_string(),
            last: statistics.last.to_string(),
            average: statistics.average().map(count),
            total: statistics.total.into(),
            before: statistics.before.into(),
            days: statistics.days.into(),
            reached: statistics.reached.into(),
            bars: all(statistics.bars),
        }
    }
}

impl From<haigou_phone::screens::Figures> for Figures {
    fn from(figures: haigou_phone::screens::Figures) -> Self {
        Self {
            steps: count(figures.steps()),
            walk: count(figures.walk),
            run: count(figures.run),
            passive: count(figures.passive),
            distance_m: figures.distance_m,
            estimated_m: figures.estimated_m,
            active_ms: figures.active_ms,
            kcal: figures.kcal,
            activities: figures.activities.into(),
        }
    }
}

impl From<haigou_phone::screens::Bar> for Bar {
    fn from(bar: haigou_phone::screens::Bar) -> Self {
        Self {
            from_ms: bar.from_ms,
            figures: bar.figures.into(),
            goal: bar.goal.map(Into::into),
        }
    }
}

impl From<haigou_phone::screens::Streak> for Streak {
    fn from(streak: haigou_phone::screens::Streak) -> Self {
        Self {
            days: streak.days.into(),
            today: streak.today,
            longest: streak.longest.into(),
        }
    }
}

impl From<haigou_phone::screens::PersonalRecord> for PersonalRecord {
    fn from(record: haigou_phone::screens::PersonalRecord) -> Self {
        Self {
            feat: record.feat,
            value: record.value,
            day: record.day.to_string(),
            activity: record.activity.map(|id| id.to_string()),
        }
    }
}
