//! The time that wearers and their bands live by.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// A clock that runs as fast as one likes, or stands still until it is moved. Its copies show the same time.
#[derive(Debug, Clone)]
pub struct Clock(Arc<Mutex<Hands>>);

#[derive(Debug)]
struct Hands {
    set_to_ms: i64,
    set_at: Instant,
    speed: u32,
}

impl Hands {
    fn now_ms(&self) -> i64 {
        let real = i64::try_from(self.set_at.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.set_to_ms
            .saturating_add(real.saturating_mul(i64::from(self.speed)))
    }
}

impl Clock {
    /// Starts at a moment, in milliseconds since the Unix epoch, and runs so many times as fast as the world's: 0 stands
    /// still.
    #[must_use]
    pub fn at(start_ms: i64, speed: u32) -> Self {
        Self(Arc::new(Mutex::new(Hands {
            set_to_ms: start_ms,
            set_at: Instant::now(),
            speed,
        })))
    }

    /// The moment, in milliseconds since the Unix epoch.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).now_ms()
    }

    /// Moves it on by so many milliseconds.
    pub fn advance(&self, by_ms: i64) {
        self.set(|hands| hands.set_to_ms = hands.set_to_ms.saturating_add(by_ms));
    }

    /// Runs at another speed from now on.
    pub fn run(&self, speed: u32) {
        self.set(|hands| hands.speed = speed);
    }

    fn set(&self, change: impl FnOnce(&mut Hands)) {
        let mut hands = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        hands.set_to_ms = hands.now_ms();
        hands.set_at = Instant::now();
        change(&mut hands);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stands_still_until_it_is_moved() {
        let clock = Clock::at(1_000, 0);
        let copy = clock.clone();
        clock.advance(500);
        assert_eq!((clock.now_ms(), copy.now_ms()), (1_500, 1_500));
    }

    #[test]
    fn runs_fast_from_where_it_is() {
        let clock = Clock::at(0, 0);
        clock.advance(7);
        clock.run(1_000_000);
        while clock.now_ms() < 1_000_000 {
            std::hint::spin_loop();
        }
        clock.run(0);
        let then = clock.now_ms();
        assert_eq!(
            (clock.now_ms(), then % 1_000_000),
            (then, 7),
            "whole milliseconds of the world's"
        );
    }
}
