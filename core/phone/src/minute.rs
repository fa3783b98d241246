//! The steps of a minute as the phone keeps them, per source, and how one row for the server is made of them.

use std::collections::BTreeMap;

use haigou_contract::{Minute, MinuteSteps, StepKind, StepSource};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Less time than this, in milliseconds, nobody listens in any minute: samples come in batches.
pub(crate) const TRIFLE_MS: u32 = 2_000;
const MINUTE_MS: u32 = 60_000;

/// Which row of a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct RowKey {
    pub(crate) minute: Minute,
    pub(crate) source: StepSource,
    pub(crate) activity: Option<Uuid>,
}

/// What a source knows of a minute, or what came to it since it was stored: rows add up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct MinuteRow {
    pub(crate) kind: StepKind,
    pub(crate) steps: u32,
    /// For how long the source listened, in milliseconds.
    pub(crate) covered_ms: u32,
    /// Metres by position.
    pub(crate) distance_m: f64,
    /// Variation of the intervals between steps, in per mille.
    pub(crate) interval_cv: Option<u16>,
    /// Variation of the height of the steps' peaks, in per mille.
    pub(crate) peak_cv: Option<u16>,
}

impl MinuteRow {
    pub(crate) fn new(kind: StepKind) -> Self {
        Self {
            kind,
            steps: 0,
            covered_ms: 0,
            distance_m: 0.0,
            interval_cv: None,
            peak_cv: None,
        }
    }

    pub(crate) fn add(&mut self, other: &Self) {
        self.steps = self.steps.saturating_add(other.steps);
        self.covered_ms = self.covered_ms.saturating_add(other.covered_ms);
        self.distance_m += other.distance_m;
        self.interval_cv = other.interval_cv.or(self.interval_cv);
        self.peak_cv = other.peak_cv.or(self.peak_cv);
    }
}

/// Rows by minute, source and activity.
pub(crate) type Rows = BTreeMap<RowKey, MinuteRow>;

/// Adds `more` to `rows`.
pub(crate) fn add_rows(rows: &mut Rows, more: &Rows) {
    for (key, row) in more {
        rows.entry(*key)
            .and_modify(|known| known.add(row))
            .or_insert(*row);
    }
}

/// Rounds to a whole number, within what fits.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cast saturates, NaN gives 0"
)]
pub(crate) fn whole(value: f64) -> u32 {
    value.round() as u32
}

/// What the phone by itself says of each minute; [`crate::count`] hears others too.
///
/// Sources are never added up. For the time in which the app listened, its own counting is believed, zero included; for
/// the rest of the minute the phone's step counter is. A minute that an activity had steps in is that activity's (of
/// two, the one with more steps), with all of the minute's steps.
pub(crate) fn choose(rows: &Rows) -> Vec<MinuteSteps> {
    let mut minutes: BTreeMap<Minute, Vec<(&RowKey, &MinuteRow)>> = BTreeMap::new();
    for (key, row) in rows {
        minutes.entry(key.minute).or_default().push((key, row));
    }
    minutes
        .into_iter()
        .filter_map(|(minute, rows)| choose_one(minute, &rows))
        .collect()
}

fn choose_one(minute: Minute, rows: &[(&RowKey, &MinuteRow)]) -> Option<MinuteSteps> {
    let motion = sum(rows, StepSource::Motion);
    let unheard = unheard(&motion, &sum(rows, StepSource::Counter));
    let source = if unheard > motion.steps {
        StepSource::Counter
    } else {
        StepSource::Motion
    };
    let counts = |key: &RowKey| key.source == StepSource::Motion || unheard > 0;
    let by_weight = |(key, row): &&(&RowKey, &MinuteRow)| (key.activity.is_some(), row.steps);
    let (key, row) = rows.iter().filter(|(key, _)| counts(key)).max_by_key(by_weight)?;
    let rhythm = rows
        .iter()
        .filter(|(key, _)| key.source == source)
        .max_by_key(by_weight);
    let metres: f64 = rows.iter().map(|(_, row)| row.distance_m).sum();
    let chosen = MinuteSteps {
        minute,
        kind: row.kind,
        source,
        steps: motion.steps.saturating_add(unheard),
        distance_m: (metres > 0.0).then(|| whole(metres)),
        interval_cv: rhythm.and_then(|(_, row)| row.interval_cv),
        peak_cv: rhythm.and_then(|(_, row)| row.peak_cv),
        activity: key.activity,
    };
    let moved = chosen.activity.is_some() && metres >= 1.0;
    (chosen.steps > 0 || moved).then_some(chosen)
}

/// What one source knows of a minute, over all activities.
fn sum(rows: &[(&RowKey, &MinuteRow)], source: StepSource) -> MinuteRow {
    let mut sum = MinuteRow::new(StepKind::Passive);
    for (_, row) in rows.iter().filter(|(key, _)| key.source == source) {
        sum.add(row);
    }
    sum
}

/// The steps of the phone's counter that fall into the part of its time in which the app did not listen.
fn unheard(motion: &MinuteRow, counter: &MinuteRow) -> u32 {
    let counted_ms = match counter.covered_ms {
        0 => MINUTE_MS,
        ms => ms.min(MINUTE_MS),
    };
    let unheard_ms = counted_ms.saturating_sub(motion.covered_ms);
    if unheard_ms <= TRIFLE_MS && motion.covered_ms > 0 {
        return 0;
    }
    let share = u64::from(counter.steps) * u64::from(unheard_ms) / u64::from(counted_ms);
    let more = counter.steps.saturating_sub(motion.steps);
    u32::try_from(share).unwrap_or(more).min(more)
}

/// The name of a kind in the store and in messages.
pub(crate) const fn kind_name(kind: StepKind) -> &'static str {
    match kind {
        StepKind::Walk => "walk",
        StepKind::Run => "run",
        StepKind::Passive => "passive",
    }
}

/// The kind of a name; what is unknown counts as passive, which earns least.
pub(crate) fn kind_of(name: &str) -> StepKind {
    match name {
        "walk" => StepKind::Walk,
        "run" => StepKind::Run,
        _ => StepKind::Passive,
    }
}

/// The name of a source in the store.
pub(crate) const fn source_name(source: StepSource) -> &'static str {
    match source {
        StepSource::Motion => "motion",
        StepSource::Counter => "counter",
        StepSource::Band => "band",
        StepSource::Health => "health",
    }
}

/// The source of a name.
pub(crate) fn source_of(name: &str) -> StepSource {
    match name {
        "motion" => StepSource::Motion,
        "band" => StepSource::Band,
        "health" => StepSource::Health,
        _ => StepSource::Counter,
    }
}

#[cfg(test)]
#[path = "minute_tests.rs"]
mod tests;
