//! The history screen and its sums, made of what is in the store: without a network, and quick after years.

use std::collections::BTreeMap;

use haigou_contract::{Day, Minute};
use tokio::sync::watch;

use crate::activity::Now;
use crate::core::{Core, KEPT_DAYS};
use crate::count::count;
use crate::figures::ActivityFigures;
use crate::freeze::minutes_of;
use crate::goal::{Goals, streak};
use crate::period::months;
use crate::personal::records;
use crate::screens::{Bar, Figures, HistoryScreen, Period, Statistics, show};
use crate::store::{Lasting, Tx};
use crate::{BodyProfile, Phone, PhoneError};

const HOURS: i64 = 24;
const HOUR_MS: i64 = 3_600_000;

impl Phone {
    /// Day, week, month and year up to now, goal, streak and personal records.
    #[must_use]
    pub fn history(&self) -> watch::Receiver<HistoryScreen> {
        // While nobody looks it isn't made; so it is made now.
        let history = self.screens.history.subscribe();
        let _ = self.with(|core, now| self.show_history(core, now));
        history
    }

    /// The sums around a day of the past or today.
    ///
    /// # Errors
    /// [`PhoneError::OutOfBounds`] for a day ahead, or before 1970; those of the store.
    pub fn statistics(&self, period: Period, day: Day) -> Result<Statistics, PhoneError> {
        self.with(|core, now| {
            if day.number() < 0 || day > Day::at(now.t_ms) {
                return Err(PhoneError::OutOfBounds { field: "day" });
            }
            core.sum_up(now)?;
            Sums::load(core, now)?.statistics(core, period, day)
        })?
    }

    /// Makes the history screen anew, if somebody looks at it.
    pub(crate) fn show_history(&self, core: &mut Core, now: Now) {
        if self.screens.history.receiver_count() == 0 {
            return;
        }
        match core.sum_up(now).and_then(|()| core.history_screen(now)) {
            Ok(screen) => show(&self.screens.history, screen),
            Err(error) => tracing::warn!(%error, "the history can't be made"),
        }
    }
}

impl Core {
    /// Makes what was not made yet of the figures of activities, and the sums of the days that are over.
    pub(crate) fn sum_up(&mut self, now: Now) -> Result<(), PhoneError> {
        let today = Day::at(now.t_ms);
        let kept_since = Day::from_number(today.number().saturating_sub(KEPT_DAYS));
        let tx = self.store.read();
        let (activities, days) = (
            tx.without_figures(&self.owner)?,
            tx.stale_days(&self.owner, today)?,
        );
        if activities.is_empty() && days.is_empty() {
            return Ok(());
        }
        self.store_now(now)?;
        let Self {
            store, owner, body, ..
        } = self;
        store.write(Lasting::Process, |tx| {
            for id in activities {
                // One that can't be read doesn't stand in the way of the others.
                if let Ok(Some(stored)) = tx.activity(id) {
                    let figures = ActivityFigures::of(&stored.activity, tx.positions(id)?, now.t_ms);
                    tx.set_figures(id, &figures)?;
                }
            }
            for day in days {
                let counted = steps_of(tx, owner, day)?;
                // Of an old day some minutes may be forgotten already: it keeps the steps that it had.
                let known = tx.day(owner, day)?.filter(|_| day <= kept_since);
                let steps = match known {
                    Some(known) if known.steps() > counted.steps() => Figures {
                        walk: known.walk,
                        run: known.run,
                        passive: known.passive,
                        ..Figures::default()
                    },
                    _ => counted,
                };
                tx.set_day(owner, day, &whole(tx, owner, body, day, steps)?)?;
            }
            Ok(())
        })
    }

    fn history_screen(&self, now: Now) -> Result<HistoryScreen, PhoneError> {
        let today = Day::at(now.t_ms);
        let sums = Sums::load(self, now)?;
        let steps: Vec<(Day, u64)> = sums
            .days
            .iter()
            .map(|(day, figures)| (*day, figures.steps()))
            .filter(|(_, steps)| *steps > 0)
            .collect();
        let goal = sums.goals.on(today);
        let made = sums.days.get(&today).map_or(0, Figures::steps);
        let all = self
            .store
            .read()
            .figures(&self.owner, Day::from_number(0), today)?;
        Ok(HistoryScreen {
            day: sums.statistics(self, Period::Day, today)?,
            week: sums.statistics(self, Period::Week, today)?,
            month: sums.statistics(self, Period::Month, today)?,
            year: sums.statistics(self, Period::Year, today)?,
            goal,
            missing: u64::from(goal).saturating_sub(made),
            streak: streak(&steps, &sums.goals, today),
            personal: records(&all, &steps),
        })
    }

    /// The sums of today so far, the activity under way included.
    fn today_figures(&self, now: Now) -> Result<Figures, PhoneError> {
        let day = Day::at(now.t_ms);
        let (from, to) = minutes_of(day);
        let minutes = self.minutes(from, to)?;
        let steps = Figures::of_minutes(&minutes);
        let figures = whole(&self.store.read(), &self.owner, &self.body, day, steps)?;
        Ok(match &self.recorder.running {
            Some(activity) if Day::at(activity.started_ms) == day => {
                let way = activity.way(now.t_ms);
                figures.with_activity(&ActivityFigures {
                    id: activity.id,
                    started_ms: activity.started_ms,
                    active_ms: activity.active_ms,
                    distance_m: way.distance_m,
                    estimated: way.estimated,
                    kcal: way.energy.net_kcal,
                    believable: false,
                    fastest_s: [None; 4],
                })
            }
            _ => figures,
        })
    }
}

/// The steps of a day, each minute once.
fn steps_of(tx: &Tx<'_>, owner: &str, day: Day) -> Result<Figures, PhoneError> {
    let (from, to) = minutes_of(day);
    Ok(Figures::of_minutes(&count(&tx.heard(owner, from, to)?, to)))
}

/// A day's sums, made of its steps and its activities.
fn whole(
    tx: &Tx<'_>,
    owner: &str,
    body: &BodyProfile,
    day: Day,
    steps: Figures,
) -> Result<Figures, PhoneError> {
    let figures = steps.with_passive_way(body, &body.for_calories(day));
    let activities = tx.figures(owner, day, day)?;
    Ok(activities
        .iter()
        .fold(figures, |sum, activity| sum.with_activity(activity)))
}

/// The sums of every day up to today, and the goals that they had.
struct Sums {
    today: Day,
    days: BTreeMap<Day, Figures>,
    goals: Goals,
}

impl Sums {
    fn load(core: &Core, now: Now) -> Result<Self, PhoneError> {
        let today = Day::at(now.t_ms);
        let tx = core.store.read();
        let mut days: BTreeMap<Day, Figures> = tx
            .days(&core.owner, Day::from_number(0), today.previous())?
            .into_iter()
            .collect();
        days.insert(today, core.today_figures(now)?);
        Ok(Self {
            today,
            days,
            goals: Goals::load(&tx)?,
        })
    }

    fn between(&self, from: Day, to: Day) -> Figures {
        let mut sum = Figures::default();
        if from <= to {
            self.days
                .range(from..=to)
                .for_each(|(_, figures)| sum.add(figures));
        }
        sum
    }

    fn statistics(&self, core: &Core, period: Period, day: Day) -> Result<Statistics, PhoneError> {
        let mut statistics = Statistics::empty(period, day);
        let (first, last) = (statistics.first, statistics.last);
        let (before, before_last) = period.before(day);
        statistics.total = self.between(first, last);
        statistics.before = self.between(before, before_last);
        for (day, figures) in self.days.range(first..=last) {
            statistics.days += u32::from(figures.steps() > 0);
            statistics.reached += u32::from(figures.steps() >= u64::from(self.goals.on(*day)));
        }
        statistics.bars = match period {
            Period::Day => hours(core, day)?,
            Period::Week | Period::Month => self.day_bars(first, last),
            Period::Year => months(first, last)
                .into_iter()
                .map(|(from, to)| Bar {
                    from_ms: from.start_ms(),
                    figures: self.between(from, to),
                    goal: None,
                })
                .collect(),
        };
        Ok(statistics)
    }

    fn day_bars(&self, first: Day, last: Day) -> Vec<Bar> {
        (first.number()..=last.number())
            .map(Day::from_number)
            .map(|day| Bar {
                from_ms: day.start_ms(),
                figures: self.days.get(&day).copied().unwrap_or_default(),
                goal: Some(self.goals.on(day.min(self.today))),
            })
            .collect()
    }
}

fn hours(core: &Core, day: Day) -> Result<Vec<Bar>, PhoneError> {
    let (from, to) = minutes_of(day);
    let minutes = core.minutes(from, to)?;
    let bar = |hour: i64| {
        let from_ms = day.start_ms() + hour * HOUR_MS;
        let from = minutes.partition_point(|minute| minute.minute < Minute::at(from_ms));
        let to = minutes.partition_point(|minute| minute.minute < Minute::at(from_ms + HOUR_MS));
        Bar {
            from_ms,
            figures: Figures::of_minutes(minutes.get(from..to).unwrap_or_default()),
            goal: None,
        }
    };
    Ok((0..HOURS).map(bar).collect())
}
