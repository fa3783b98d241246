//! One count of steps: of all that counted a minute, the best is believed, never the sum.
//!
//! 1. The phone itself is one voice: its own counting, and the built-in counter for the time in which the app did not
//!    listen ([`crate::minute::choose`]). Each band is a voice of its own.
//! 2. Somebody who walks with the phone in the pocket and a band on the wrist is heard by both, each with its small
//!    errors. Taking the higher one each minute would add the errors up, and the source would flap. So within a bout (minutes
//!    with steps, less than [`REST`] apart) the voices are followed along the path that counts most, where each change
//!    of the voice costs [`CHANGE`] steps: Viterbi's algorithm. Whoever put the phone on the table and walked on with the band
//!    is followed; whoever is heard a little better by one of them in one minute isn't. A path without any change is one of
//!    those compared, so a bout never counts less than any one voice does.
//! 3. The system's own stores (the pedometer's history, HealthKit, Health Connect) speak of stretches. What a stretch has
//!    beyond all that was counted within it was made when nobody else heard: it goes to minutes without steps.

use std::collections::{BTreeMap, BTreeSet};

use haigou_contract::{Minute, MinuteSteps, StepKind, StepSource};
use serde::{Deserialize, Serialize};

use crate::minute::{MinuteRow, RowKey, Rows, TRIFLE_MS, choose};

/// A change of the voice within a bout costs so many steps.
const CHANGE: i64 = 20;
/// So many minutes without a step end a bout.
const REST: i64 = 10;
/// What nobody knows the minute of is filed with so many steps a minute, a moderate walk (Tudor-Locke et al. 2018) ...
const UNTIMED_SPM: u32 = 100;
/// ... and with at most so many where minutes are short.
const MOST_SPM: u32 = 200;

/// What a band counted in one minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) steps: u32,
    pub(crate) heart_rate: Option<u8>,
    /// From the band's own memory: nothing is added to it any more.
    pub(crate) kept: bool,
}

/// The system's own stores of steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HistorySource {
    /// The history of the phone's own step counter (iOS keeps seven days).
    Pedometer,
    /// Apple's HealthKit, without what was typed in by hand: the shell leaves that out.
    HealthKit,
    /// Android's Health Connect, without what was typed in by hand.
    HealthConnect,
}

impl HistorySource {
    /// All of them; the phone's own first.
    pub(crate) const ALL: [Self; 3] = [Self::Pedometer, Self::HealthKit, Self::HealthConnect];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Pedometer => "pedometer",
            Self::HealthKit => "health_kit",
            Self::HealthConnect => "health_connect",
        }
    }

    const fn reported_as(self) -> StepSource {
        match self {
            Self::Pedometer => StepSource::Counter,
            Self::HealthKit | Self::HealthConnect => StepSource::Health,
        }
    }
}

/// What a store says of a stretch of time, both ends in milliseconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub(crate) source: HistorySource,
    pub(crate) from_ms: i64,
    pub(crate) to_ms: i64,
    pub(crate) steps: u32,
}

impl Stretch {
    /// Its first and last minute; none if it has no length.
    pub(crate) fn minutes(&self) -> Option<(Minute, Minute)> {
        let (first, last) = (Minute::at(self.from_ms), Minute::at(self.to_ms.saturating_sub(1)));
        (self.from_ms < self.to_ms && first <= last).then_some((first, last))
    }

    fn covers(&self, minute: Minute) -> bool {
        self.minutes()
            .is_some_and(|(first, last)| (first..=last).contains(&minute))
    }
}

/// All that was heard of some minutes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Heard {
    /// By the phone itself.
    pub(crate) rows: Rows,
    /// By each band.
    pub(crate) bands: BTreeMap<String, BTreeMap<Minute, Told>>,
    /// By the system's stores, in any order.
    pub(crate) stretches: Vec<Stretch>,
}

/// Counts the minutes before `until`: each once, rising. Those without a step are left out, unless an activity moved in
/// them.
pub(crate) fn count(heard: &Heard, until: Minute) -> Vec<MinuteSteps> {
    let phone = choose(&heard.rows);
    if heard.bands.is_empty() && heard.stretches.is_empty() {
        return phone.into_iter().filter(|row| row.minute < until).collect();
    }
    let mut minutes: BTreeMap<Minute, MinuteSteps> =
        phone.into_iter().map(|minute| (minute.minute, minute)).collect();
    follow_voices(heard, &mut minutes);
    // Short ones first: they know more.
    let mut stretches = heard.stretches.clone();
    stretches.sort_by_key(|stretch| (stretch.to_ms - stretch.from_ms, stretch.from_ms, stretch.source));
    for stretch in &stretches {
        fill(stretch, heard, until, &mut minutes);
    }
    minutes.into_values().filter(|row| row.minute < until).collect()
}

/// Step 2: chooses between the phone and the bands.
fn follow_voices(heard: &Heard, minutes: &mut BTreeMap<Minute, MinuteSteps>) {
    let bands: Vec<&BTreeMap<Minute, Told>> = heard.bands.values().collect();
    let mut walked: BTreeSet<Minute> = minutes
        .iter()
        .filter(|(_, m)| m.steps > 0)
        .map(|(m, _)| *m)
        .collect();
    for band in &bands {
        walked.extend(
            band.iter()
                .filter(|(_, told)| told.steps > 0)
                .map(|(minute, _)| *minute),
        );
    }
    for bout in bouts(&walked) {
        let steps: Vec<Vec<u32>> = bout
            .iter()
            .map(|minute| {
                let phone = minutes.get(minute).map_or(0, |m| m.steps);
                let told = bands
                    .iter()
                    .map(|band| band.get(minute).map_or(0, |told| told.steps));
                std::iter::once(phone).chain(told).collect()
            })
            .collect();
        for (minute, (voice, steps)) in bout.iter().zip(best_path(&steps).into_iter().zip(&steps)) {
            if voice == 0 {
                continue;
            }
            let steps = steps.get(voice).copied().unwrap_or(0);
            let row = minutes
                .entry(*minute)
                .or_insert_with(|| nothing_in(*minute, &heard.rows));
            row.steps = steps;
            row.source = StepSource::Band;
            // The rhythm is that of the phone's own counting.
            (row.interval_cv, row.peak_cv) = (None, None);
        }
    }
    minutes.retain(|_, row| row.steps > 0 || (row.activity.is_some() && row.distance_m.is_some()));
}

/// Minutes with less than [`REST`] between them.
fn bouts(minutes: &BTreeSet<Minute>) -> Vec<Vec<Minute>> {
    let mut bouts: Vec<Vec<Minute>> = Vec::new();
    for minute in minutes {
        match bouts.last_mut() {
            Some(bout) if bout.last().is_some_and(|last| minute.0 - last.0 <= REST) => bout.push(*minute),
            _ => bouts.push(vec![*minute]),
        }
    }
    bouts
}

/// The path through the voices that counts most. `steps` holds one row a minute, one column a voice; the answer is a voice
/// per minute. Of equals, the first voice wins, and the one that is being followed.
fn best_path(steps: &[Vec<u32>]) -> Vec<usize> {
    let Some(first) = steps.first() else {
        return Vec::new();
    };
    let mut score: Vec<i64> = first.iter().map(|steps| i64::from(*steps)).collect();
    let mut came_from: Vec<Vec<usize>> = Vec::with_capacity(steps.len());
    for row in steps.iter().skip(1) {
        let leader = highest(&score);
        let best = score.get(leader).copied().unwrap_or(0) - CHANGE;
        let from: Vec<usize> = score
            .iter()
            .enumerate()
            .map(|(voice, own)| if *own >= best { voice } else { leader })
            .collect();
        score = row
            .iter()
            .zip(&score)
            .map(|(steps, own)| i64::from(*steps) + (*own).max(best))
            .collect();
        came_from.push(from);
    }
    let mut voice = highest(&score);
    let mut path = vec![voice];
    for from in came_from.iter().rev() {
        voice = from.get(voice).copied().unwrap_or(voice);
        path.push(voice);
    }
    path.reverse();
    path
}

/// The first of the highest.
fn highest(scores: &[i64]) -> usize {
    let best = scores.iter().max();
    scores.iter().position(|score| Some(score) == best).unwrap_or(0)
}

/// Step 3: files what a stretch has beyond what was counted within it.
fn fill(stretch: &Stretch, heard: &Heard, until: Minute, minutes: &mut BTreeMap<Minute, MinuteSteps>) {
    let Some((first, last)) = stretch.minutes() else {
        return;
    };
    let span: Vec<Minute> = (first.0..=last.0).map(Minute).collect();
    let counted: u32 = minutes
        .range(first..=last)
        .map(|(_, row)| row.steps)
        .fold(0, u32::saturating_add);
    let mut open: Vec<Minute> = span.iter().copied().filter(|minute| *minute < until).collect();
    let mut rest = stretch.steps.saturating_sub(counted);
    if stretch.source == HistorySource::Pedometer {
        // It is the phone's own: of the time in which the app listened it knows no more than the app.
        open.retain(|minute| listened_ms(&heard.rows, *minute) <= TRIFLE_MS);
        rest = rest.min(share(stretch.steps, open.len(), span.len()));
    }
    // First where other stretches speak too: they speak of the same steps.
    open.sort_by_key(|minute| {
        std::cmp::Reverse(heard.stretches.iter().filter(|s| s.covers(*minute)).count())
    });
    let even = share(rest, 1, span.len()).saturating_add(1);
    // Minutes without steps come first; if they don't hold it, those with steps are raised too.
    for (most, walked_too) in [(UNTIMED_SPM.max(even).min(MOST_SPM), false), (MOST_SPM, true)] {
        for minute in &open {
            let has = minutes.get(minute).map_or(0, |row| row.steps);
            let more = rest.min(most.saturating_sub(has));
            if more == 0 || (has > 0 && !walked_too) {
                continue;
            }
            rest -= more;
            let row = minutes
                .entry(*minute)
                .or_insert_with(|| nothing_in(*minute, &heard.rows));
            row.steps = has + more;
            row.source = stretch.source.reported_as();
            (row.interval_cv, row.peak_cv) = (None, None);
        }
    }
}

/// So many parts of a whole, of which there are so many.
fn share(steps: u32, parts: usize, of: usize) -> u32 {
    let (parts, of) = (
        u64::try_from(parts).unwrap_or(0),
        u64::try_from(of).unwrap_or(1).max(1),
    );
    u32::try_from(u64::from(steps) * parts / of).unwrap_or(steps)
}

/// For how long the app's own counting listened in a minute, in milliseconds.
fn listened_ms(rows: &Rows, minute: Minute) -> u32 {
    of_minute(rows, minute)
        .filter(|(key, _)| key.source == StepSource::Motion)
        .map(|(_, row)| row.covered_ms)
        .fold(0, u32::saturating_add)
}

fn of_minute(rows: &Rows, minute: Minute) -> impl Iterator<Item = (&RowKey, &MinuteRow)> {
    let first = RowKey {
        minute,
        source: StepSource::Motion,
        activity: None,
    };
    rows.range(first..)
        .take_while(move |(key, _)| key.minute == minute)
}

/// A minute in which the phone itself heard no step. It is an activity's where the phone listened during one.
fn nothing_in(minute: Minute, rows: &Rows) -> MinuteSteps {
    let during = of_minute(rows, minute).max_by_key(|(key, row)| (key.activity.is_some(), row.covered_ms));
    MinuteSteps {
        minute,
        kind: during.map_or(StepKind::Passive, |(_, row)| row.kind),
        source: StepSource::Band,
        steps: 0,
        distance_m: None,
        interval_cv: None,
        peak_cv: None,
        activity: during.and_then(|(key, _)| key.activity),
    }
}

#[cfg(test)]
#[path = "count_tests.rs"]
mod tests;
