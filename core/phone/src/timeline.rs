//! One time for everything that is recorded, whatever the clocks do.
//!
//! Time is an anchor (the Unix time at the moment the phone was started) plus the monotonic clock's progress. The
//! anchor comes from the server where it was asked in this start of the phone, else from the wall clock. See
//! DECISIONS.md.

use serde::{Deserialize, Serialize};

use crate::Clock;

/// Smaller differences between two clocks are their resolution and the way of the message.
const TRIFLE_MS: i64 = 2_000;

/// The phone's time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Timeline {
    /// The start of the phone that the anchor belongs to.
    pub(crate) boot: String,
    /// Unix time in milliseconds at the zero of the monotonic clock.
    epoch_ms: i64,
    /// The anchor comes from the server.
    pub(crate) sure: bool,
    /// By how much the wall clock was behind the server when it was last asked.
    wall_behind_ms: i64,
    /// What the wall clock showed at the zero of the monotonic clock: a change means that it was set.
    wall_epoch_ms: i64,
    /// The latest moment that something was filed under: after a restart, time goes on from here at least.
    reached_ms: i64,
}

impl Timeline {
    /// The time as it was saved, if the phone hasn't been started anew since; else a new anchor.
    pub(crate) fn start(saved: Option<Self>, clock: &dyn Clock) -> Self {
        let boot = clock.boot_id();
        match saved {
            Some(saved) if saved.boot == boot => saved,
            saved => {
                let (behind, reached) =
                    saved.map_or((0, i64::MIN), |old| (old.wall_behind_ms, old.reached_ms));
                let wall_epoch_ms = clock.wall_ms().saturating_sub(clock.mono_ms());
                let now_ms = clock.wall_ms().saturating_add(behind).max(reached);
                Self {
                    boot,
                    epoch_ms: now_ms.saturating_sub(clock.mono_ms()),
                    sure: false,
                    wall_behind_ms: behind,
                    wall_epoch_ms,
                    reached_ms: reached,
                }
            }
        }
    }

    /// The time at a moment of the monotonic clock, in milliseconds since the Unix epoch.
    pub(crate) fn at(&self, mono_ms: i64) -> i64 {
        self.epoch_ms.saturating_add(mono_ms)
    }

    /// The time now.
    pub(crate) fn now(&self, clock: &dyn Clock) -> i64 {
        self.at(clock.mono_ms())
    }

    /// Something was filed under this moment.
    pub(crate) fn reach(&mut self, t_ms: i64) {
        self.reached_ms = self.reached_ms.max(t_ms);
    }

    /// The latest moment that something was filed under.
    pub(crate) const fn reached_ms(&self) -> i64 {
        self.reached_ms
    }

    /// The wall clock may have been set. It is followed where the server's time isn't known, but never to before what
    /// was filed already. Only to be asked while no activity is under way: within one, the anchor stays. The answer:
    /// whether it was set.
    pub(crate) fn follow_wall(&mut self, clock: &dyn Clock) -> bool {
        let mono_ms = clock.mono_ms();
        let wall_epoch_ms = clock.wall_ms().saturating_sub(mono_ms);
        if self.wall_epoch_ms.abs_diff(wall_epoch_ms) <= TRIFLE_MS.unsigned_abs() {
            return false;
        }
        self.wall_epoch_ms = wall_epoch_ms;
        if self.sure {
            self.wall_behind_ms = self.at(mono_ms).saturating_sub(clock.wall_ms());
        } else {
            // A wall clock that was set is a new one: what it was behind by says nothing any more.
            self.wall_behind_ms = 0;
            self.epoch_ms = clock.wall_ms().max(self.reached_ms).saturating_sub(mono_ms);
        }
        true
    }

    /// The server said what time it is. The answer: by how much everything that was filed in this start of the phone
    /// has to be moved, if its time wasn't sure and was off.
    pub(crate) fn learn(&mut self, server_ms: i64, clock: &dyn Clock) -> Option<i64> {
        let mono_ms = clock.mono_ms();
        let off_ms = server_ms.saturating_sub(self.at(mono_ms));
        let was_sure = std::mem::replace(&mut self.sure, true);
        self.wall_behind_ms = server_ms.saturating_sub(clock.wall_ms());
        if self.wall_behind_ms.abs() <= TRIFLE_MS {
            self.wall_behind_ms = 0;
        }
        if off_ms.abs() <= TRIFLE_MS {
            return (!was_sure).then_some(0);
        }
        self.epoch_ms = server_ms.saturating_sub(mono_ms);
        self.reached_ms = server_ms;
        (!was_sure).then_some(off_ms)
    }
}

/// Maps the times of a source with a clock of its own (a sensor, a position) onto the monotonic clock.
///
/// What arrives was measured before; so the smallest difference ever seen between arrival and the source's own time
/// is the best guess of how the two clocks stand to each other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SourceClock {
    offset: Option<i64>,
    /// What comes later than this isn't late: the source's clock was set.
    latest: i64,
}

impl SourceClock {
    /// A clock of which nothing is known; what is delivered more than `latest` after the quickest delivery is taken
    /// as a change of the clock. All in one unit, whichever.
    pub(crate) fn new(latest: i64) -> Self {
        Self { offset: None, latest }
    }

    /// Something of the source's time `t` arrived now.
    pub(crate) fn arrived(&mut self, t: i64, now: i64) {
        let seen = now.saturating_sub(t);
        self.offset = match self.offset {
            Some(offset) if seen.saturating_sub(offset) <= self.latest => Some(offset.min(seen)),
            _ => Some(seen),
        };
    }

    /// The monotonic clock's time of the source's time `t`.
    pub(crate) fn to_mono(&self, t: i64) -> i64 {
        t.saturating_add(self.offset.unwrap_or(0))
    }
}

#[cfg(test)]
#[path = "timeline_tests.rs"]
mod tests;
