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
}

impl PlayedClock {
    pub(crate) fn new(wall_ms: i64) -> Self {
        Self(Mutex::new(Hands { wall_ms, mono_ms: 0 }))
    }

    /// Lets time pass until the wall clock shows this.
    pub(crate) fn pass_until(&self, wall_ms: i64) {
        let mut hands = self.hands();
        hands.mono_ms += (wall_ms - hands.wall_ms).max(0);
        hands.wall_ms = wall_ms;
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
        "one long day".to_owned()
    }
}
