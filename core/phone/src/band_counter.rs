//! A band's counter of steps: what it went up by, through midnight and resets, and when that was.

use std::collections::BTreeMap;

use haigou_contract::{Day, Minute};
use serde::{Deserialize, Serialize};

/// More steps in a minute than this no band counts truly.
const MOST_PER_MINUTE: i64 = 300;
/// A band's clock may be off by so much: around midnight nobody knows whether it began anew yet.
const MIDNIGHT_MS: i64 = 600_000;
/// What was counted over longer than this, in milliseconds, can't be placed in time any more.
const LONGEST_MS: i64 = 7 * 86_400_000;
/// A cadence speaks for the time up to the next one, if that comes so soon, in milliseconds: they come every second.
const CADENCE_MS: i64 = 5_000;

/// Where a band's counter stood, and its cadence.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct BandCounter {
    last: Option<Stood>,
    /// A figure that could not be true, unless the next one agrees with it.
    suspect: Option<Stood>,
    cadence: Option<Cadence>,
}

/// What it showed, and when, in milliseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Stood {
    total: u32,
    t_ms: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Cadence {
    per_minute: u32,
    t_ms: i64,
    /// The part of a step that was made already.
    fraction: f64,
}

impl BandCounter {
    /// Takes what the counter shows now: the steps since it was heard before, by minute. The first time it only says where
    /// it stands.
    ///
    /// Bands begin anew at midnight, or when they were empty: what a counter shows then was made since.
    pub(crate) fn total(&mut self, total: u32, t_ms: i64) -> BTreeMap<Minute, u32> {
        let stood = Stood { total, t_ms };
        let Some(last) = self.last else {
            self.last = Some(stood);
            return BTreeMap::new();
        };
        if !(0..=LONGEST_MS).contains(&(t_ms.saturating_sub(last.t_ms))) {
            // The phone's clock was set back, or the band lay in a drawer: nobody knows what was made when.
            self.last = Some(stood);
            return BTreeMap::new();
        }
        let found = between(last, stood).or_else(|| self.suspect.and_then(|suspect| between(suspect, stood)));
        match found {
            Some((steps, from_ms)) => {
                (self.last, self.suspect) = (Some(stood), None);
                spread(steps, from_ms, t_ms)
            }
            None => {
                self.suspect = Some(stood);
                BTreeMap::new()
            }
        }
    }

    /// All up to this moment is known from the band's memory. A counter that was heard before it went up by what is known
    /// already: it only says anew where it stands.
    pub(crate) fn known_until(&mut self, t_ms: i64) {
        let is_newer = |stood: &Stood| stood.t_ms >= t_ms;
        self.last = self.last.filter(is_newer);
        self.suspect = self.suspect.filter(is_newer);
    }

    /// Takes steps a minute at this moment: the steps since the cadence before, by minute.
    pub(crate) fn cadence(&mut self, per_minute: u32, t_ms: i64) -> BTreeMap<Minute, u32> {
        let before = self.cadence.replace(Cadence {
            per_minute,
            t_ms,
            fraction: 0.0,
        });
        let Some(before) = before.filter(|before| (0..=CADENCE_MS).contains(&(t_ms - before.t_ms))) else {
            return BTreeMap::new();
        };
        let passed_ms = u32::try_from(t_ms - before.t_ms).unwrap_or(0);
        let made = f64::from(before.per_minute) * f64::from(passed_ms) / 60_000.0 + before.fraction;
        if let Some(cadence) = &mut self.cadence {
            cadence.fraction = made.fract();
        }
        let steps = crate::minute::whole(made.trunc());
        spread(steps, before.t_ms, t_ms)
    }
}

/// The steps between two figures and since when they were made; none if it can't be.
fn between(last: Stood, now: Stood) -> Option<(u32, i64)> {
    let most = |from_ms: i64| ((now.t_ms - from_ms) / 60_000 + 1).saturating_mul(MOST_PER_MINUTE);
    let possible = |(steps, from_ms): &(u32, i64)| i64::from(*steps) <= most(*from_ms);
    let on = now.total.checked_sub(last.total).map(|steps| (steps, last.t_ms));
    let midnight_ms = Day::at(now.t_ms).start_ms();
    let anew = (now.total, last.t_ms.max(midnight_ms));
    let just_after = now.t_ms - midnight_ms <= MIDNIGHT_MS;
    match on {
        // Since midnight it counts anew, also if it has come further today than it had yesterday. Shortly after, the
        // smaller figure is the safe one.
        Some(on) if midnight_ms > last.t_ms => {
            let both = [Some(anew).filter(possible), Some(on).filter(possible)];
            let both = both.into_iter().flatten();
            if just_after {
                both.min_by_key(|(steps, _)| *steps)
            } else {
                both.max_by_key(|(steps, _)| *steps)
            }
        }
        Some(on) => Some(on).filter(possible),
        None => Some(anew).filter(possible),
    }
}

/// Shares steps out over the minutes of a stretch, to the step.
fn spread(steps: u32, from_ms: i64, to_ms: i64) -> BTreeMap<Minute, u32> {
    let mut shares = BTreeMap::new();
    let whole = (to_ms - from_ms).max(1);
    let mut given = 0;
    for minute in Minute::at(from_ms).0..=Minute::at(to_ms).0 {
        let minute = Minute(minute);
        let end = Minute(minute.0 + 1).start_ms().min(to_ms);
        let due = if end >= to_ms {
            i64::from(steps)
        } else {
            i64::from(steps) * (end - from_ms) / whole
        };
        let share = u32::try_from(due - given).unwrap_or(0);
        if share > 0 {
            shares.insert(minute, share);
        }
        given = due;
    }
    shares
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 2026-03-02 08:00 in Shanghai.
    const MORNING: i64 = 1_772_409_600_000;
    const MIDNIGHT: i64 = MORNING + 16 * 3_600_000;

    fn sum(shares: &BTreeMap<Minute, u32>) -> u32 {
        shares.values().sum()
    }

    #[test]
    fn only_what_came_counts_and_in_its_minutes() {
        let mut counter = BandCounter::default();
        assert_eq!(sum(&counter.total(5_000, MORNING)), 0, "made before we listened");
        let shares = counter.total(5_210, MORNING + 90_000);
        let minute = Minute::at(MORNING);
        assert_eq!(
            shares,
            BTreeMap::from([(minute, 140), (Minute(minute.0 + 1), 70)])
        );
        assert_eq!(sum(&counter.total(5_210, MORNING + 91_000)), 0);
    }

    #[test]
    fn it_begins_anew_at_midnight_and_when_it_was_empty() {
        let mut counter = BandCounter::default();
        counter.total(9_000, MIDNIGHT - 60_000);
        let shares = counter.total(40, MIDNIGHT + 30_000);
        assert_eq!(shares, BTreeMap::from([(Minute::at(MIDNIGHT), 40)]));
        assert_eq!(sum(&counter.total(60, MIDNIGHT + 45_000)), 20);
        assert_eq!(
            sum(&counter.total(5, MIDNIGHT + 60_000)),
            5,
            "in the middle of the day"
        );
        // Slept through: by the next evening it shows more than the evening before.
        counter.total(100, MIDNIGHT + 3_600_000);
        let shares = counter.total(9_500, MIDNIGHT + 44 * 3_600_000);
        assert_eq!(sum(&shares), 9_500);
        assert!(*shares.keys().next().unwrap() >= Minute::at(MIDNIGHT + 24 * 3_600_000));
    }

    #[test]
    fn a_band_whose_midnight_is_late_is_no_hero() {
        let mut counter = BandCounter::default();
        counter.total(9_000, MIDNIGHT - 5_000);
        assert_eq!(sum(&counter.total(9_003, MIDNIGHT + 5_000)), 3);
        assert_eq!(sum(&counter.total(4, MIDNIGHT + 20_000)), 4);
    }

    #[test]
    fn a_leap_is_no_step_unless_it_stays() {
        let mut counter = BandCounter::default();
        counter.total(100, MORNING);
        assert_eq!(sum(&counter.total(1_000_000, MORNING + 1_000)), 0);
        assert_eq!(sum(&counter.total(103, MORNING + 2_000)), 3);
        assert_eq!(sum(&counter.total(1_000_000, MORNING + 3_000)), 0);
        assert_eq!(sum(&counter.total(1_000_004, MORNING + 5_000)), 4);
    }

    #[test]
    fn what_its_memory_has_told_is_not_told_again() {
        let mut counter = BandCounter::default();
        counter.total(1_000, MORNING);
        // Two hours out of reach; its memory comes first, its counter half a minute into the next minute.
        let back = MORNING + 2 * 3_600_000;
        counter.known_until(back);
        assert_eq!(sum(&counter.total(13_000, back + 30_000)), 0);
        assert_eq!(sum(&counter.total(13_040, back + 50_000)), 40);
        // Heard within the minute under way: it goes on.
        counter.known_until(back);
        assert_eq!(sum(&counter.total(13_050, back + 55_000)), 10);
    }

    #[test]
    fn cadence_becomes_steps_to_the_fraction() {
        let mut counter = BandCounter::default();
        let mut steps = 0;
        for second in 0..=600 {
            steps += sum(&counter.cadence(173, MORNING + second * 1_000));
        }
        assert!((1_729..=1_730).contains(&steps), "{steps}");
        assert_eq!(
            sum(&counter.cadence(173, MORNING + 700_000)),
            0,
            "silent for a while"
        );
    }

    proptest! {
        #[test]
        fn no_figures_panic_and_none_are_more_than_legs_make(
            heard in prop::collection::vec((any::<u32>(), -100_000..200_000_000_i64), 0..40),
        ) {
            let mut counter = BandCounter::default();
            for (total, t_ms) in heard {
                for steps in counter.total(total, MORNING + t_ms).values() {
                    prop_assert!(i64::from(*steps) <= 2 * MOST_PER_MINUTE);
                }
                counter.cadence(total, MORNING + t_ms);
            }
        }

        #[test]
        fn a_stretch_is_shared_out_to_the_step(steps in any::<u32>(), from in 0..10_000_000_i64, length in 0..10_000_000_i64) {
            let shares = spread(steps, from, from + length);
            prop_assert_eq!(sum(&shares), steps);
            prop_assert!(shares.keys().all(|m| (Minute::at(from)..=Minute::at(from + length)).contains(m)));
        }
    }
}
