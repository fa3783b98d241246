//! A phone's clocks, set to what a simulation or a recording says.

use std::sync::{Mutex, PoisonError};

use haigou_phone::Clock;

/// Clocks that show what they were set to. The monotonic one never goes back.
#[derive(Debug)]
pub(crate) struct PlayedClock(Mutex<Hands>);

#[derive(Debug)]
struct Hands {
    wall_ms: i64,
    mono_ms: i64,
    boot: u32,
}

impl PlayedClock {
    pub(crate) fn new(wall_ms: i64) -> Self {
        Self(Mutex::new(Hands {
            wall_ms,
            mono_ms: 0,
            boot: 1,
        }))
    }

    /// Lets time pass until the wall clock shows this.
    pub(crate) fn pass_until(&self, wall_ms: i64) {
        let mut hands = self.hands();
        hands.mono_ms += (wall_ms - hands.wall_ms).max(0);
        hands.wall_ms = wall_ms;
    }

    /// Switches the phone off and on: its monotonic clock and its step counter begin anew.
    pub(crate) fn restart(&self) {
        let mut hands = self.hands();
        hands.mono_ms = 0;
        hands.boot += 1;
    }

    fn hands(&self) -> std::sync::MutexGuard<'_, Hands> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for PlayedClock {
    fn wall_ms(&self) -> i64 {
        self.hands().wall_ms
    }

    fn mono_ms(&self) -> i64 {
        self.hands().mono_ms
    }

    fn boot_id(&self) -> String {
        format!("start {}", self.hands().boot)
    }
}
