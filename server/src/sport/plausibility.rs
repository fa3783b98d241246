//! Which minutes count: what a person's legs can do, and what only a machine does.
//!
//! Pure, and the same whatever way the minutes come in: in one upload or in many. A verdict depends on the minutes
//! alone, never on an activity's summary, which may come later. What a summary adds lowers the trust in the
//! activity ([`super::trust`]) and takes no step away.
//!
//! The figures are starting points; each says where it is from. An honest member must not be hurt: a lost GPS, a
//! treadmill (steps without metres), a slow or a quick pace never void a minute.

use haigou_contract::{Day, Doubt, Minute, MinuteSteps, OLDEST_DAYS};

/// Steps in one minute above this are made by no legs: elite sprinters reach 260 for seconds, and 220 held over a
/// minute is beyond road runners (about 180) and children (about 200).
pub(crate) const MOST_STEPS: u32 = 220;
/// How far the phone's clock may be ahead of ours, in milliseconds.
pub(crate) const CLOCK_TOLERANCE_MS: i64 = 120_000;
/// Metres in one minute above this are not made on foot: 8 m/s, faster than the 800 m world record (7.9 m/s).
pub(crate) const MOST_METRES: u32 = 480;
/// Metres per step above this are not made on foot, in tenths: 2.5 m is a sprinter's stride.
const MOST_STRIDE_DM: u32 = 25;
/// Metres that positions may jump while somebody hardly moves: they are good to 20 m.
const POSITION_NOISE_M: u32 = 40;
/// The variation of step intervals below which a minute looks like a machine's, per mille. Of 103 minutes in real
/// recordings the evenest has 18; cradles that shake a phone stay below 10.
const REGULAR_INTERVALS: u16 = 15;
/// The variation of peak heights that goes with it, per mille. In the same minutes 77 is the least.
const REGULAR_PEAKS: u16 = 40;
/// Intervals so even that the peaks don't matter, per mille.
const EVEN_INTERVALS: u16 = 5;
/// With fewer steps in a minute, its variation says nothing.
const STEPS_FOR_VARIATION: u32 = 30;
/// So many regular minutes ...
const REGULAR_MINUTES: usize = 5;
/// ... within so many minutes to either side are a machine's. A few by chance are not.
const REGULAR_WINDOW: i64 = 14;
/// From so many steps on, a minute isn't a rest. Who walks has traffic lights, doors and laces.
const BUSY_STEPS: u32 = 40;
/// So many minutes on end without a rest and without a metre of way are too many: four hours. Cradles make 6,000 to
/// 9,000 steps an hour for as long as they are left alone; marathons are covered by their positions.
pub(crate) const MOST_BUSY_MINUTES: u32 = 240;

/// A minute that the server knows already, or a claim under judgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Known {
    /// Which minute.
    pub(crate) minute: i64,
    /// It has too many steps to be a rest.
    pub(crate) busy: bool,
    /// Positions show a way.
    pub(crate) located: bool,
    /// It varies as little as a machine.
    pub(crate) regular: bool,
}

impl Known {
    /// What matters of a claim.
    pub(crate) fn of(claim: &MinuteSteps) -> Self {
        Self {
            minute: claim.minute.0,
            busy: claim.steps >= BUSY_STEPS,
            located: claim.distance_m.is_some_and(|metres| metres > 0),
            regular: is_regular(claim),
        }
    }
}

/// Judges the claims of an upload: for each, none if it counts, else why not.
///
/// `claims` rise strictly; so does `known`, which holds what was taken before from these days and, for the chain of
/// [`Doubt::NoRest`], from the hours before them.
pub(crate) fn judge(known: &[Known], claims: &[MinuteSteps], now_ms: i64) -> Vec<Option<Doubt>> {
    let mut verdicts: Vec<_> = claims
        .iter()
        .map(|claim| arrival(known, claim.minute, now_ms).or_else(|| legs(claim)))
        .collect();
    let taken = claims
        .iter()
        .zip(&verdicts)
        .filter(|(_, verdict)| verdict.is_none_or(is_kept))
        .map(|(claim, _)| Known::of(claim));
    let mut all: Vec<Known> = known.iter().copied().chain(taken).collect();
    all.sort_unstable_by_key(|known| known.minute);
    let machines = machine_minutes(&all);
    let restless = restless_minutes(&all);
    for (claim, verdict) in claims.iter().zip(&mut verdicts) {
        let is_in = |minutes: &[i64]| minutes.binary_search(&claim.minute.0).is_ok();
        if verdict.is_none() && is_in(&machines) {
            *verdict = Some(Doubt::TooRegular);
        } else if verdict.is_none() && is_in(&restless) {
            *verdict = Some(Doubt::NoRest);
        }
    }
    verdicts
}

/// Whether a minute with this doubt is kept as that member's minute: it was claimed in time and by nothing before.
pub(crate) const fn is_kept(doubt: Doubt) -> bool {
    !matches!(doubt, Doubt::Overlap | Doubt::Future | Doubt::TooOld)
}

fn arrival(known: &[Known], minute: Minute, now_ms: i64) -> Option<Doubt> {
    if minute.start_ms() > now_ms.saturating_add(CLOCK_TOLERANCE_MS) {
        Some(Doubt::Future)
    } else if Day::at(now_ms).since(minute.day()) > OLDEST_DAYS {
        Some(Doubt::TooOld)
    } else if known
        .binary_search_by_key(&minute.0, |known| known.minute)
        .is_ok()
    {
        Some(Doubt::Overlap)
    } else {
        None
    }
}

/// What legs can't do within one minute.
fn legs(claim: &MinuteSteps) -> Option<Doubt> {
    let metres = claim.distance_m.unwrap_or(0);
    let reach_dm = u64::from(claim.steps) * u64::from(MOST_STRIDE_DM);
    if claim.steps > MOST_STEPS {
        Some(Doubt::CadenceTooHigh)
    } else if metres > MOST_METRES {
        Some(Doubt::TooFast)
    } else if u64::from(metres.saturating_sub(POSITION_NOISE_M)) * 10 > reach_dm {
        Some(Doubt::Stride)
    } else {
        None
    }
}

fn is_regular(claim: &MinuteSteps) -> bool {
    let intervals = claim.interval_cv.unwrap_or(u16::MAX);
    let peaks = claim.peak_cv.unwrap_or(u16::MAX);
    claim.steps >= STEPS_FOR_VARIATION
        && (intervals < EVEN_INTERVALS || (intervals < REGULAR_INTERVALS && peaks < REGULAR_PEAKS))
}

/// The regular minutes that have enough of their kind around them, rising.
fn machine_minutes(all: &[Known]) -> Vec<i64> {
    let regular: Vec<i64> = all
        .iter()
        .filter(|known| known.regular)
        .map(|known| known.minute)
        .collect();
    regular
        .iter()
        .copied()
        .filter(|&minute| {
            let from = regular.partition_point(|&other| other < minute - REGULAR_WINDOW);
            let to = regular.partition_point(|&other| other <= minute + REGULAR_WINDOW);
            to - from >= REGULAR_MINUTES
        })
        .collect()
}

/// The minutes beyond [`MOST_BUSY_MINUTES`] on end without rest or way, rising.
fn restless_minutes(all: &[Known]) -> Vec<i64> {
    let (mut chain, mut last) = (0_u32, i64::MIN);
    let mut restless = Vec::new();
    for known in all {
        let goes_on = known.minute == last.saturating_add(1);
        last = known.minute;
        chain = match (known.busy && !known.located, goes_on) {
            (false, _) => 0,
            (true, false) => 1,
            (true, true) => chain + 1,
        };
        if chain > MOST_BUSY_MINUTES {
            restless.push(known.minute);
        }
    }
    restless
}

#[cfg(test)]
mod tests;
