//! A day's book: its minutes with their verdicts, its activities, and the milestones that were reached.
//!
//! One row a member and day, so that an upload of a whole day costs one write. Minutes are kept as long as the day is:
//! they are what an appeal is decided on.

use haigou_contract::{
    Amount, Day, DaySteps, Doubt, Milestone, Minute, MinuteSteps, StepKind, StepSource, Unfrozen,
};
use haigou_rules::{DayTotals, MilestoneKey, Unfreezing};
use haigou_store::{Query, Row, StoreError, Tx, params};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::plausibility::{Known, is_kept};

/// The most claims on taken minutes that a day remembers: enough for a whole second device.
const MOST_OVERLAPS: usize = 1_440;

/// A minute of the day, as it was claimed, with its verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Entry {
    /// Minutes since the day's begin.
    of_day: u16,
    /// Steps claimed.
    pub(crate) steps: u32,
    /// How they were made.
    pub(crate) kind: StepKind,
    /// Who counted them.
    pub(crate) source: StepSource,
    distance_m: Option<u32>,
    interval_cv: Option<u16>,
    peak_cv: Option<u16>,
    /// Which of the day's activities.
    activity: Option<u16>,
    /// Why it isn't counted.
    pub(crate) doubt: Option<Doubt>,
}

/// A milestone that was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Reached {
    of: Milestone,
    steps: u64,
    units: i64,
}

/// What is stored of a day beside its totals.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Pages {
    activities: Vec<Uuid>,
    /// Each minute once, rising.
    minutes: Vec<Entry>,
    /// Claims of activities on minutes that were taken.
    overlaps: Vec<Entry>,
    reached: Vec<Reached>,
}

/// Steps that corrections took back and the totals still have: totals never shrink, so these are filled first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Ahead {
    walk: u64,
    run: u64,
    passive: u64,
}

impl Ahead {
    fn of(&mut self, kind: StepKind) -> &mut u64 {
        match kind {
            StepKind::Walk => &mut self.walk,
            StepKind::Run => &mut self.run,
            StepKind::Passive => &mut self.passive,
        }
    }
}

/// The stored form, with its version in front. A day that was never corrected downwards is written as it always was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum Stored {
    V1(Pages),
    V2(Pages, Ahead),
}

/// A member's day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Book {
    /// Which day.
    pub(crate) day: Day,
    /// Counted steps.
    pub(crate) totals: DayTotals,
    claimed: u64,
    pages: Pages,
    ahead: Ahead,
}

impl Book {
    /// A day without anything.
    pub(crate) fn empty(day: Day) -> Self {
        Self {
            day,
            totals: DayTotals::default(),
            claimed: 0,
            pages: Pages::default(),
            ahead: Ahead::default(),
        }
    }

    /// Reads a day; an empty one if there is nothing.
    ///
    /// # Errors
    /// The database's; a book that can't be read.
    pub(crate) fn load(query: &mut impl Query, member: i64, day: Day) -> Result<Self, StoreError> {
        let found = query.query_one(
            "SELECT day, walk, run, passive, claimed, book FROM sport_day WHERE member = $1 AND day = $2",
            params![member, i64::from(day.number())],
            Self::read,
        )?;
        Ok(found.unwrap_or_else(|| Self::empty(day)))
    }

    /// Reads the days from `first` to `last`, included, that have something, rising.
    ///
    /// # Errors
    /// The database's; a book that can't be read.
    pub(crate) fn load_range(
        query: &mut impl Query,
        member: i64,
        first: Day,
        last: Day,
    ) -> Result<Vec<Self>, StoreError> {
        query.query(
            "SELECT day, walk, run, passive, claimed, book FROM sport_day \
             WHERE member = $1 AND day BETWEEN $2 AND $3 ORDER BY day",
            params![member, i64::from(first.number()), i64::from(last.number())],
            Self::read,
        )
    }

    fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        let day = i32::try_from(row.int(0)?).map_err(|error| StoreError::Bug(error.to_string()))?;
        let (pages, ahead) = decode(row.bytes(5)?)?;
        Ok(Self {
            day: Day::from_number(day),
            totals: DayTotals {
                walk: count(row.int(1)?)?,
                run: count(row.int(2)?)?,
                passive: count(row.int(3)?)?,
            },
            claimed: count(row.int(4)?)?,
            pages,
            ahead,
        })
    }

    /// Writes the day.
    ///
    /// # Errors
    /// The database's.
    pub(crate) fn save(&self, tx: &mut Tx<'_>, member: i64) -> Result<(), StoreError> {
        let book = encode(&self.pages, self.ahead)?;
        tx.write(
            "INSERT INTO sport_day (member, day, walk, run, passive, claimed, book) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (member, day) DO UPDATE SET walk = excluded.walk, run = excluded.run, \
             passive = excluded.passive, claimed = excluded.claimed, book = excluded.book",
            params![
                member,
                i64::from(self.day.number()),
                stored(self.totals.walk),
                stored(self.totals.run),
                stored(self.totals.passive),
                stored(self.claimed),
                &book,
            ],
        );
        Ok(())
    }

    /// Takes a claim with its verdict; says whether that changed the day. Minutes are kept once; a claim on a taken
    /// one is only remembered for its activity.
    pub(crate) fn take(&mut self, claim: &MinuteSteps, doubt: Option<Doubt>) -> bool {
        let Some(of_day) = self.of_day(claim.minute) else {
            return false;
        };
        let activity = claim.activity.and_then(|activity| self.index_of(activity));
        let entry = Entry {
            of_day,
            steps: claim.steps,
            kind: claim.kind,
            source: claim.source,
            distance_m: claim.distance_m,
            interval_cv: claim.interval_cv,
            peak_cv: claim.peak_cv,
            activity,
            doubt,
        };
        let place = self
            .pages
            .minutes
            .binary_search_by_key(&of_day, |entry| entry.of_day);
        match (doubt.is_none_or(is_kept), place) {
            (true, Err(place)) => {
                self.pages.minutes.insert(place, entry);
                let steps = u64::from(claim.steps);
                self.claimed = self.claimed.saturating_add(steps);
                if doubt.is_none() {
                    self.count(claim.kind, steps);
                }
                true
            }
            (false, Ok(place)) if doubt == Some(Doubt::Overlap) && activity.is_some() => {
                let is_same = |other: &Entry| other.of_day == of_day && other.activity == activity;
                let known = self.pages.minutes.get(place).is_some_and(is_same)
                    || self.pages.overlaps.iter().any(is_same);
                let remembers = !known && self.pages.overlaps.len() < MOST_OVERLAPS;
                if remembers {
                    self.pages.overlaps.push(entry);
                }
                remembers
            }
            _ => false,
        }
    }

    /// Takes a minute anew that was claimed before, with its new verdict; says whether that changed the day. It stays
    /// what it was, of its kind and its activity; only the figures are new.
    pub(crate) fn correct(&mut self, claim: &MinuteSteps, doubt: Option<Doubt>) -> bool {
        let Some(entry) = self
            .place_of(claim.minute)
            .and_then(|place| self.pages.minutes.get_mut(place))
        else {
            return false;
        };
        let before = *entry;
        *entry = Entry {
            steps: claim.steps,
            source: claim.source,
            distance_m: claim.distance_m,
            interval_cv: claim.interval_cv,
            peak_cv: claim.peak_cv,
            doubt,
            ..before
        };
        if *entry == before {
            return false;
        }
        let counted = |entry: &Entry| entry.doubt.map_or(u64::from(entry.steps), |_| 0);
        let (was, is) = (counted(&before), counted(entry));
        self.claimed = self
            .claimed
            .saturating_add(u64::from(claim.steps))
            .saturating_sub(u64::from(before.steps));
        if is >= was {
            self.count(before.kind, is - was);
        } else {
            let ahead = self.ahead.of(before.kind);
            *ahead = ahead.saturating_add(was - is);
        }
        true
    }

    /// Whether a minute was claimed before.
    pub(crate) fn has(&self, minute: Minute) -> bool {
        self.place_of(minute).is_some()
    }

    fn place_of(&self, minute: Minute) -> Option<usize> {
        let of_day = self.of_day(minute)?;
        let place = self
            .pages
            .minutes
            .binary_search_by_key(&of_day, |entry| entry.of_day);
        place.ok()
    }

    /// Adds steps that belong to no minute.
    pub(crate) fn add(&mut self, kind: StepKind, steps: u64) {
        self.claimed = self.claimed.saturating_add(steps);
        self.count(kind, steps);
    }

    fn count(&mut self, kind: StepKind, steps: u64) {
        let ahead = self.ahead.of(kind);
        let filled = steps.min(*ahead);
        *ahead -= filled;
        let total = match kind {
            StepKind::Walk => &mut self.totals.walk,
            StepKind::Run => &mut self.totals.run,
            StepKind::Passive => &mut self.totals.passive,
        };
        *total = total.saturating_add(steps - filled);
    }

    fn of_day(&self, minute: Minute) -> Option<u16> {
        let since = minute.0.checked_sub(Minute::at(self.day.start_ms()).0)?;
        u16::try_from(since).ok().filter(|&minute| minute < 1_440)
    }

    fn index_of(&mut self, activity: Uuid) -> Option<u16> {
        let known = self.pages.activities.iter().position(|&other| other == activity);
        let index = known.unwrap_or_else(|| {
            self.pages.activities.push(activity);
            self.pages.activities.len() - 1
        });
        u16::try_from(index).ok()
    }

    /// The day's minutes as they were claimed, rising.
    pub(crate) fn claims(&self) -> impl Iterator<Item = MinuteSteps> {
        self.pages.minutes.iter().map(|entry| MinuteSteps {
            minute: self.minute(entry),
            kind: entry.kind,
            source: entry.source,
            steps: entry.steps,
            distance_m: entry.distance_m,
            interval_cv: entry.interval_cv,
            peak_cv: entry.peak_cv,
            activity: entry
                .activity
                .and_then(|index| self.pages.activities.get(usize::from(index)).copied()),
        })
    }

    /// The day's minutes as later claims are judged against them, rising.
    pub(crate) fn known(&self) -> impl Iterator<Item = Known> {
        self.claims().map(|claim| Known::of(&claim))
    }

    /// Which minute an entry is of.
    pub(crate) fn minute(&self, entry: &Entry) -> Minute {
        Minute(Minute::at(self.day.start_ms()).0 + i64::from(entry.of_day))
    }

    /// The minutes of an activity on this day, those that another one had taken included, rising.
    pub(crate) fn minutes_of(&self, activity: Uuid) -> Vec<Entry> {
        let Some(index) = self.pages.activities.iter().position(|&other| other == activity) else {
            return Vec::new();
        };
        let is_its = |entry: &&Entry| entry.activity.map(usize::from) == Some(index);
        let all = self.pages.minutes.iter().chain(&self.pages.overlaps);
        let mut its: Vec<Entry> = all.filter(is_its).copied().collect();
        its.sort_unstable_by_key(|entry| entry.of_day);
        its
    }

    /// The milestones that were reached.
    pub(crate) fn reached(&self) -> Vec<MilestoneKey> {
        let reached = self.pages.reached.iter();
        reached.map(|reached| (reached.of, reached.steps)).collect()
    }

    /// What a milestone unfroze, if it was reached.
    pub(crate) fn unfroze(&self, (of, steps): MilestoneKey) -> Option<Amount> {
        let mut reached = self.pages.reached.iter();
        let found = reached.find(|reached| reached.of == of && reached.steps == steps);
        found.map(|reached| Amount::from_units(reached.units))
    }

    /// Notes a milestone as reached.
    pub(crate) fn reach(&mut self, unfreezing: &Unfreezing) {
        self.pages.reached.push(Reached {
            of: unfreezing.of,
            steps: unfreezing.steps,
            units: unfreezing.amount.units(),
        });
    }

    /// The day as members see it.
    pub(crate) fn steps(&self) -> DaySteps {
        DaySteps {
            day: self.day,
            walk: self.totals.walk,
            run: self.totals.run,
            passive: self.totals.passive,
            claimed: self.claimed,
        }
    }

    /// What a milestone unfroze, as members see it.
    pub(crate) fn unfrozen(&self, unfreezing: &Unfreezing) -> Unfrozen {
        Unfrozen {
            day: self.day,
            steps: unfreezing.steps,
            of: unfreezing.of,
            amount: unfreezing.amount.to_decimal(2),
        }
    }
}

/// A stored count: never negative.
pub(crate) fn count(stored: i64) -> Result<u64, StoreError> {
    u64::try_from(stored).map_err(|_| StoreError::Bug(format!("a count of {stored} steps is stored")))
}

fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn encode(pages: &Pages, ahead: Ahead) -> Result<Vec<u8>, StoreError> {
    let stored = if ahead == Ahead::default() {
        Stored::V1(pages.clone())
    } else {
        Stored::V2(pages.clone(), ahead)
    };
    postcard::to_allocvec(&stored)
        .map_err(|error| StoreError::Bug(format!("a day's book can't be written: {error}")))
}

fn decode(bytes: &[u8]) -> Result<(Pages, Ahead), StoreError> {
    match postcard::take_from_bytes::<Stored>(bytes) {
        Ok((Stored::V1(pages), [])) => Ok((pages, Ahead::default())),
        Ok((Stored::V2(pages, ahead), [])) => Ok((pages, ahead)),
        _ => Err(StoreError::Bug("a day's book can't be read".to_owned())),
    }
}

#[cfg(test)]
mod tests;
