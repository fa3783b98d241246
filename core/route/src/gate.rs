//! Decides, fix by fix, what may be believed at all.

use serde::{Deserialize, Serialize};

use crate::{Fix, ground, units::seconds};

/// The worst accuracy radius, in metres, that a position may have.
pub const WORST_ACCURACY_M: f64 = 20.0;
/// Nobody on foot is faster than this, in m/s: a jump that implies more is not a movement.
pub const FASTEST_MPS: f64 = 12.0;
/// So many refused fixes in a row that agree with each other are believed over the one accepted before them.
const RIVALS_TO_WIN: u32 = 5;
/// The last millisecond of the year 9999; also the latest time that RFC 3339 can write.
const LAST_MS: i64 = 253_402_300_799_999;

/// Why a position was not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rejection {
    /// Latitude, longitude, accuracy or time is not a number, infinite or outside its range; or the position is exactly
    /// 0°, 0°, which is what receivers send when they have none.
    Invalid,
    /// The system says that the position is made up.
    Mock,
    /// The accuracy radius is above [`WORST_ACCURACY_M`].
    BadAccuracy,
    /// Not later than the fix before it: repeated, late or out of order.
    TimeNotAdvancing,
    /// Reaching it would have taken more than [`FASTEST_MPS`].
    Teleport,
}

/// How many positions were refused, by reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rejected {
    /// Not a number, infinite, out of range, or no position at all.
    pub invalid: u64,
    /// Made up, as the system says.
    pub mock: u64,
    /// Too inaccurate.
    pub bad_accuracy: u64,
    /// Repeated, late or out of order.
    pub time_not_advancing: u64,
    /// Too far from the position before.
    pub teleport: u64,
}

impl Rejected {
    /// All reasons together.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.invalid + self.mock + self.bad_accuracy + self.time_not_advancing + self.teleport
    }

    pub(crate) fn add(&mut self, reason: Rejection) {
        let count = match reason {
            Rejection::Invalid => &mut self.invalid,
            Rejection::Mock => &mut self.mock,
            Rejection::BadAccuracy => &mut self.bad_accuracy,
            Rejection::TimeNotAdvancing => &mut self.time_not_advancing,
            Rejection::Teleport => &mut self.teleport,
        };
        *count += 1;
    }
}

/// How an accepted fix follows what came before it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Passage {
    /// The first of all.
    First,
    /// So many milliseconds after the fix before, at so many m/s.
    Next { dt_ms: i64, speed_mps: f64 },
    /// The fix before was wrong, or the clock was set back: nothing leads from there to here.
    Restart,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Rival {
    fix: Fix,
    agreeing: u32,
}

/// Remembers the last accepted fix, and those refused since that may turn out to be right.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Gate {
    last: Option<Fix>,
    rival: Option<Rival>,
}

impl Gate {
    /// Accepts the fix or says why not.
    pub(crate) fn admit(&mut self, fix: &Fix) -> Result<Passage, Rejection> {
        check_alone(fix)?;
        let Some(last) = self.last else {
            self.last = Some(*fix);
            return Ok(Passage::First);
        };
        match follows(&last, fix) {
            Ok((dt_ms, speed_mps)) => {
                self.rival = None;
                self.last = Some(*fix);
                Ok(Passage::Next { dt_ms, speed_mps })
            }
            // A fix that merely repeats the time of the last one says nothing about either.
            Err(reason) if fix.t_ms == last.t_ms => Err(reason),
            Err(reason) => {
                let agreeing = match self.rival {
                    Some(rival) if follows(&rival.fix, fix).is_ok() => rival.agreeing + 1,
                    _ => 1,
                };
                if agreeing > RIVALS_TO_WIN {
                    self.rival = None;
                    self.last = Some(*fix);
                    return Ok(Passage::Restart);
                }
                self.rival = Some(Rival { fix: *fix, agreeing });
                Err(reason)
            }
        }
    }
}

/// What can be said of a fix without knowing any other.
fn check_alone(fix: &Fix) -> Result<(), Rejection> {
    let on_earth = (-90.0..=90.0).contains(&fix.lat) && (-180.0..=180.0).contains(&fix.lon);
    let nowhere = fix.lat.abs() < f64::EPSILON && fix.lon.abs() < f64::EPSILON;
    let accuracy_valid = fix.accuracy_m.is_none_or(|a| a.is_finite() && a >= 0.0);
    if !on_earth || nowhere || !accuracy_valid || !(0..=LAST_MS).contains(&fix.t_ms) {
        return Err(Rejection::Invalid);
    }
    if fix.mock {
        return Err(Rejection::Mock);
    }
    if fix.accuracy_m.is_some_and(|a| a > WORST_ACCURACY_M) {
        return Err(Rejection::BadAccuracy);
    }
    Ok(())
}

/// Milliseconds and m/s from one fix to the next, if somebody on foot can have gone there.
fn follows(from: &Fix, to: &Fix) -> Result<(i64, f64), Rejection> {
    let dt_ms = to.t_ms - from.t_ms;
    if dt_ms <= 0 {
        return Err(Rejection::TimeNotAdvancing);
    }
    let speed_mps = ground::distance_m((from.lat, from.lon), (to.lat, to.lon)) / seconds(dt_ms);
    if speed_mps > FASTEST_MPS {
        return Err(Rejection::Teleport);
    }
    Ok((dt_ms, speed_mps))
}
