//! Days, weeks, months and years: sums, bars for charts, goal, streak, personal records.

use haigou_contract::Day;
use uuid::Uuid;

/// The history screen. All of it is made of what this phone recorded; what was imported isn't counted.
#[derive(Debug, Clone, PartialEq)]
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
    pub goal: u32,
    /// Steps that today still lacks.
    pub missing: u64,
    /// Days in a row.
    pub streak: Streak,
    /// What was never done better.
    pub personal: Vec<PersonalRecord>,
}

impl HistoryScreen {
    pub(crate) fn empty(today: Day) -> Self {
        Self {
            day: Statistics::empty(Period::Day, today),
            week: Statistics::empty(Period::Week, today),
            month: Statistics::empty(Period::Month, today),
            year: Statistics::empty(Period::Year, today),
            goal: crate::goal::USUAL,
            missing: u64::from(crate::goal::USUAL),
            streak: Streak::default(),
            personal: Vec::new(),
        }
    }
}

/// How long a stretch of time is summed up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Figures {
    /// Steps in walks.
    pub walk: u64,
    /// In runs.
    pub run: u64,
    /// Outside of activities.
    pub passive: u64,
    /// Metres of activities, and of passive steps by height.
    pub distance_m: f64,
    /// How many of the metres are estimated from steps.
    pub estimated_m: f64,
    /// Milliseconds in motion, in activities. An activity belongs to the day that it began on.
    pub active_ms: i64,
    /// Kilocalories above resting, of activities and passive steps.
    pub kcal: f64,
    /// Activities.
    pub activities: u32,
}

impl Figures {
    /// Steps of every kind.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.walk + self.run + self.passive
    }
}

/// A stretch of time: its sums, and its parts for a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Statistics {
    /// How long it is.
    pub period: Period,
    /// Its first day.
    pub first: Day,
    /// Its last day, which may lie ahead.
    pub last: Day,
    /// Its sums so far.
    pub total: Figures,
    /// Those of the stretch of the same kind before it.
    pub before: Figures,
    /// Days with steps.
    pub days: u32,
    /// Days that reached their goal.
    pub reached: u32,
    /// Hours, days or months, those ahead included. Hours have steps only, and none once a day's minutes are forgotten.
    pub bars: Vec<Bar>,
}

impl Statistics {
    pub(crate) fn empty(period: Period, day: Day) -> Self {
        let (first, last) = period.around(day);
        Self {
            period,
            first,
            last,
            total: Figures::default(),
            before: Figures::default(),
            days: 0,
            reached: 0,
            bars: Vec::new(),
        }
    }

    /// Steps a day, over the days with steps.
    #[must_use]
    pub fn average(&self) -> Option<u64> {
        self.total.steps().checked_div(u64::from(self.days))
    }
}

/// A bar of a chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar {
    /// Where it begins, in milliseconds since the Unix epoch.
    pub from_ms: i64,
    /// Its sums.
    pub figures: Figures,
    /// The goal in steps, where it is a day.
    pub goal: Option<u32>,
}

/// Days in a row that reached the goal which they had.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Streak {
    /// Up to now: today doesn't break it before it is over.
    pub days: u32,
    /// Today has reached it, and is among them.
    pub today: bool,
    /// The longest ever.
    pub longest: u32,
}

/// What can be done best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PersonalRecord {
    /// What.
    pub feat: Feat,
    /// Metres, seconds or steps.
    pub value: f64,
    /// When.
    pub day: Day,
    /// In which activity; none for a day's steps.
    pub activity: Option<Uuid>,
}
