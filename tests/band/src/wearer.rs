//! Who wears a band, and what he really did: the truth, minute by minute.

use std::collections::BTreeMap;

use haigou_contract::Minute;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// Minutes in a day.
pub(crate) const DAY: i64 = 1440;
/// Nobody takes more steps a minute on order; what is beyond comes in the minutes after.
const MOST: u32 = 200;

/// What somebody did in a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MinuteTruth {
    /// Which.
    pub minute: Minute,
    /// Steps.
    pub steps: u16,
    /// Beats per minute; none while the band measured none.
    pub heart_rate: Option<u8>,
}

/// Somebody whose days follow from a seed: asleep at night, on the way in the morning and in the evening, now and then for
/// a run.
#[derive(Debug)]
pub(crate) struct Wearer {
    seed: u64,
    utc_offset_min: i64,
    days: BTreeMap<i64, Vec<(u8, Option<u8>)>>,
    ordered: BTreeMap<i64, u32>,
}

impl Wearer {
    pub(crate) fn new(seed: u64, utc_offset_s: i32) -> Self {
        Self {
            seed,
            utc_offset_min: i64::from(utc_offset_s / 60),
            days: BTreeMap::new(),
            ordered: BTreeMap::new(),
        }
    }

    /// What happened in a minute, in full.
    pub(crate) fn minute(&mut self, minute: i64) -> MinuteTruth {
        let local = minute + self.utc_offset_min;
        let (day, at) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        let seed = self.seed;
        let minutes = self.days.entry(day).or_insert_with(|| a_day(seed, day));
        let (steps, heart_rate) = minutes[usize::try_from(at).expect("within a day")];
        let ordered = self.ordered.get(&minute).copied().unwrap_or(0);
        MinuteTruth {
            minute: Minute(minute),
            steps: u16::from(steps)
                .saturating_add(u16::try_from(ordered).unwrap_or(u16::MAX))
                .min(254),
            heart_rate,
        }
    }

    /// Steps from a minute on until a moment, the minute under way by its seconds.
    pub(crate) fn steps_between(&mut self, from: i64, until_ms: i64) -> u32 {
        let running = until_ms.div_euclid(60_000);
        let whole: u32 = (from..running)
            .map(|minute| u32::from(self.minute(minute).steps))
            .sum();
        let all = u32::from(self.minute(running).steps);
        let ordered = self.ordered.get(&running).copied().unwrap_or(0).min(all);
        let ms = u32::try_from(until_ms.rem_euclid(60_000)).expect("within a minute");
        // What was ordered was done at once.
        whole + ordered + (all - ordered) * ms / 60_000
    }

    /// The minute in which the local day of a moment began.
    pub(crate) fn midnight(&self, now_ms: i64) -> i64 {
        let local = now_ms.div_euclid(60_000) + self.utc_offset_min;
        local - local.rem_euclid(DAY) - self.utc_offset_min
    }

    /// Takes so many steps more, from a minute on.
    pub(crate) fn walk(&mut self, mut steps: u32, from: i64) {
        for minute in from.. {
            let room = MOST.saturating_sub(u32::from(self.minute(minute).steps));
            let now = steps.min(room);
            *self.ordered.entry(minute).or_default() += now;
            steps -= now;
            if steps == 0 {
                return;
            }
        }
    }
}

/// The minutes of a day: steps, and heart rate where it was measured.
fn a_day(seed: u64, day: i64) -> Vec<(u8, Option<u8>)> {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    dice.set_stream(day.unsigned_abs());
    let wakes = dice.random_range(6 * 60..8 * 60);
    let sleeps = dice.random_range(22 * 60..23 * 60 + 40);
    let mut ways = vec![
        (
            wakes + dice.random_range(20..60),
            dice.random_range(8..25),
            95..125,
        ),
        (
            dice.random_range(12 * 60..13 * 60),
            dice.random_range(5..20),
            85..120,
        ),
        (
            dice.random_range(17 * 60..19 * 60),
            dice.random_range(10..40),
            95..130,
        ),
    ];
    if dice.random_ratio(1, 3) {
        ways.push((
            dice.random_range(19 * 60..20 * 60),
            dice.random_range(20..50),
            150..185,
        ));
    }
    let rests = dice.random_range(52..66_u8);
    let at = |minute: i64, dice: &mut ChaCha8Rng| {
        let way = ways
            .iter()
            .rev()
            .find(|(from, long, _)| (*from..from + long).contains(&minute));
        if let Some((_, _, cadence)) = way {
            let steps = dice.random_range(cadence.clone());
            return (steps, Some(rests + steps / 2 + dice.random_range(0..10)));
        }
        if !(wakes..sleeps).contains(&minute) {
            return (0, (minute % 10 == 0).then(|| rests - dice.random_range(0..6)));
        }
        let pottering = dice.random_ratio(1, 6);
        let steps = if pottering { dice.random_range(4..45) } else { 0 };
        (
            steps,
            (minute % 5 == 0).then(|| rests + 8 + dice.random_range(0..12)),
        )
    };
    (0..DAY).map(|minute| at(minute, &mut dice)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFSET_S: i32 = 8 * 3600;
    /// A midnight in Shanghai.
    const MIDNIGHT: i64 = 20_000 * DAY - 8 * 60;

    #[test]
    fn days_are_the_seeds() {
        let day = |seed| {
            let mut wearer = Wearer::new(seed, OFFSET_S);
            (MIDNIGHT..MIDNIGHT + DAY)
                .map(|minute| wearer.minute(minute))
                .collect::<Vec<_>>()
        };
        assert_eq!(day(1), day(1));
        assert_ne!(day(1), day(2));
        let steps: u32 = day(1).iter().map(|minute| u32::from(minute.steps)).sum();
        assert!((3_000..25_000).contains(&steps), "{steps}");
        assert!(day(1)[..300].iter().all(|minute| minute.steps == 0), "he sleeps");
    }

    #[test]
    fn the_count_of_a_day_is_the_sum_of_its_minutes() {
        let mut wearer = Wearer::new(3, OFFSET_S);
        wearer.walk(1_000, MIDNIGHT + 60);
        let sum: u32 = (MIDNIGHT..MIDNIGHT + DAY)
            .map(|minute| u32::from(wearer.minute(minute).steps))
            .sum();
        assert_eq!(wearer.steps_between(MIDNIGHT, (MIDNIGHT + DAY) * 60_000), sum);
        assert_eq!(wearer.midnight((MIDNIGHT + DAY) * 60_000 - 1), MIDNIGHT);
        assert_eq!(wearer.midnight((MIDNIGHT + DAY) * 60_000), MIDNIGHT + DAY);
    }

    #[test]
    fn what_is_ordered_is_walked_at_once_and_then_on() {
        let mut wearer = Wearer::new(3, OFFSET_S);
        wearer.walk(450, MIDNIGHT);
        assert_eq!(wearer.steps_between(MIDNIGHT, MIDNIGHT * 60_000), 200);
        assert_eq!(wearer.steps_between(MIDNIGHT, (MIDNIGHT + 3) * 60_000), 450);
    }
}
