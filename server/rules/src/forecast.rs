//! What a rulebook may come to over a year or more: a seeded Monte Carlo over assumptions about growth.
//!
//! This is statistics, and the one place of the rules that counts in floats: cohorts, not accounts. Members join, buy,
//! refer and walk by the assumptions ([`Growth`]); partners arise in a sponsor's tree under the rulebook's own
//! conditions; the airdrop is the rulebook's own schedule. A few members of every course are followed one by one, for what
//! they paid and got back. What it leaves out: refunds, refills of the reward pool, and what changes people's minds.

mod chance;
mod figure;
mod growth;
mod metric;
mod model;
mod network;
mod observed;
mod people;
mod picture;

use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

pub use growth::{Bills, Growth, GrowthError, Orders, Packs, Steps};
pub use metric::{Metric, Unit};
pub use observed::Observed;
pub use picture::picture;

use crate::rulebook::Rulebook;
use model::Model;

/// The most courses and years that are asked for.
const MOST_RUNS: u32 = 100_000;
const MOST_YEARS: u32 = 5;

/// How a forecast is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Effort {
    /// Years of 365 days, 1 to 5.
    pub years: u32,
    /// Courses, 1 to 100,000.
    pub runs: u32,
    /// The same seed gives the same forecast.
    pub seed: u64,
}

impl Default for Effort {
    fn default() -> Self {
        Self {
            years: 1,
            runs: 1_000,
            seed: 1,
        }
    }
}

/// How a figure is spread over the courses of a day: so many per cent of them have less.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Quantiles {
    /// 5, 25, 50, 75 and 95 per cent.
    pub at: [f64; 5],
}

impl Quantiles {
    /// The per cents.
    pub const PER_CENT: [u32; 5] = [5, 25, 50, 75, 95];

    /// The median.
    #[must_use]
    pub const fn median(self) -> f64 {
        let [_, _, median, _, _] = self.at;
        median
    }

    /// Of figures in any order; zeros if there are none.
    fn of(figures: &mut [f64]) -> Self {
        figures.sort_unstable_by(f64::total_cmp);
        let last = figures.len().saturating_sub(1);
        let at = Self::PER_CENT.map(|per_cent| {
            let place = usize::try_from(per_cent).unwrap_or(0) * last;
            let (low, between) = (place / 100, (place % 100) as f64 / 100.0);
            let figure = |index| figures.get(index).copied().unwrap_or(0.0);
            let (below, above) = (figure(low), figure(last.min(low + 1)));
            below + (above - below) * between
        });
        Self { at }
    }
}

/// A forecast: each metric at the end of each day.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// The rulebook's name.
    pub rulebook: String,
    /// The assumptions.
    pub growth: Growth,
    /// How it was made.
    pub effort: Effort,
    /// A day's quantiles for every metric, in the order of [`Metric::ALL`].
    pub days: Vec<[Quantiles; Metric::COUNT]>,
}

impl Forecast {
    /// A metric day by day.
    pub fn series(&self, metric: Metric) -> impl Iterator<Item = Quantiles> + '_ {
        self.days
            .iter()
            .filter_map(move |day| day.get(metric.index()).copied())
    }

    /// A metric at the end of the last day.
    #[must_use]
    pub fn end(&self, metric: Metric) -> Quantiles {
        self.series(metric).last().unwrap_or_default()
    }
}

/// Why there is no forecast.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ForecastError {
    /// An assumption can't be.
    #[error(transparent)]
    Growth(#[from] GrowthError),
    /// More than the model is for.
    #[error("1 to {MOST_YEARS} years and 1 to {MOST_RUNS} runs are possible")]
    Effort,
}

/// Forecasts a rulebook. `done` is told after each course how many there are.
///
/// # Errors
/// [`ForecastError`]: an assumption or the effort is out of bounds.
pub fn forecast(
    rules: &Rulebook,
    growth: &Growth,
    effort: Effort,
    mut done: impl FnMut(u32),
) -> Result<Forecast, ForecastError> {
    growth.check()?;
    if !(1..=MOST_YEARS).contains(&effort.years) || !(1..=MOST_RUNS).contains(&effort.runs) {
        return Err(ForecastError::Effort);
    }
    let mut random = ChaCha8Rng::seed_from_u64(effort.seed);
    let model = Model::new(rules, growth, effort.years * 365, &mut random);
    // For each day and metric, the figure of every course.
    let mut figures: Vec<[Vec<f64>; Metric::COUNT]> = Vec::new();
    for run in 1..=effort.runs {
        // A stream of its own: a course is the same however many there are.
        random.set_stream(run.into());
        let course = model.course(&mut random);
        let back = people::paid_back(&model, &course, &mut random);
        figures.resize_with(course.len(), Default::default);
        let mut worth = 0.0;
        for ((day, back), figures) in course.iter().zip(back).zip(&mut figures) {
            worth += day.worth;
            for (metric, figures) in Metric::ALL.into_iter().zip(figures) {
                figures.extend(metric.figure(day, worth, back));
            }
        }
        done(run);
    }
    let days = figures
        .iter_mut()
        .map(|day| day.each_mut().map(|figures| Quantiles::of(figures)))
        .collect();
    Ok(Forecast {
        rulebook: rules.name.clone(),
        growth: growth.clone(),
        effort,
        days,
    })
}

/// CNY that the airdrop of the first year gives on one Hi-Value held since launch: no more in 19 of 20 courses.
///
/// # Errors
/// An assumption is out of bounds.
pub(crate) fn worth_of_a_year(rules: &Rulebook, growth: &Growth) -> Result<f64, ForecastError> {
    const COURSES: u64 = 100;
    growth.check()?;
    let mut random = ChaCha8Rng::seed_from_u64(1);
    let model = Model::new(rules, growth, 365, &mut random);
    let mut worth: Vec<f64> = (1..=COURSES)
        .map(|course| {
            random.set_stream(course);
            model.course(&mut random).iter().map(|day| day.worth).sum()
        })
        .collect();
    let [.., most] = Quantiles::of(&mut worth).at;
    Ok(most)
}

#[cfg(test)]
mod tests;
