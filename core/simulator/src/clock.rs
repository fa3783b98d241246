//! A phone's two clocks.

use crate::random::Dice;

/// Wall clock and monotonic clock over true time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    start_ms: i64,
    set_by_ms: i64,
    started_us: i64,
    pub(crate) boot: u32,
}

impl Clock {
    /// A right clock in a phone that has been running for up to a week.
    pub(crate) fn new(start_ms: i64, dice: &mut Dice) -> Self {
        let started_us = -crate::units::micros(dice.between(3_600.0, 600_000.0));
        Self {
            start_ms,
            set_by_ms: 0,
            started_us,
            boot: 0,
        }
    }

    pub(crate) fn set_by(&mut self, ms: i64) {
        self.set_by_ms = self.set_by_ms.saturating_add(ms);
    }

    pub(crate) fn restart(&mut self, at_us: i64) {
        self.started_us = at_us;
        self.boot = self.boot.saturating_add(1);
    }

    /// Milliseconds since the Unix epoch, in truth.
    pub(crate) fn utc_ms(&self, t_us: i64) -> i64 {
        self.start_ms.saturating_add(t_us.div_euclid(1000))
    }

    /// Milliseconds since the Unix epoch, as the phone believes.
    pub(crate) fn wall_ms(&self, t_us: i64) -> i64 {
        self.utc_ms(t_us).saturating_add(self.set_by_ms)
    }

    /// Microseconds since the phone was started.
    pub(crate) fn mono_us(&self, t_us: i64) -> i64 {
        t_us.saturating_sub(self.started_us)
    }
}
