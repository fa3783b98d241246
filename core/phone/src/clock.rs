//! The phone's two clocks.

use std::sync::{Mutex, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// What the phone knows of time. The wall clock may jump; the monotonic one may not, but starts anew with the phone.
pub trait Clock: Send + Sync {
    /// Milliseconds since the Unix epoch, as the phone's wall clock says. It may be wrong, and may jump.
    fn wall_ms(&self) -> i64;
    /// Milliseconds since the phone was started, deep sleep included (Android: `elapsedRealtime`, Apple:
    /// `mach_continuous_time`). It never goes back while [`Clock::boot_id`] stays the same.
    fn mono_ms(&self) -> i64;
    /// Names the time between two starts of the phone.
    fn boot_id(&self) -> String;
    /// How far the phone's local time is ahead of UTC at present, in seconds: bands show local time.
    fn utc_offset_s(&self) -> i32 {
        chrono::Local::now().offset().local_minus_utc()
    }
}

/// The machine's clocks. Shells on phones bring their own, which count deep sleep too.
#[derive(Debug)]
pub struct SystemClock {
    boot_id: String,
    base_ms: i64,
    since: Instant,
}

impl SystemClock {
    /// The clocks as they stand.
    #[must_use]
    pub fn new() -> Self {
        let uptime_ms = std::fs::read_to_string("/proc/uptime").ok().and_then(|text| {
            let (seconds, fraction) = text.split_whitespace().next()?.split_once('.')?;
            let hundredths: i64 = fraction.parse().ok()?;
            Some(seconds.parse::<i64>().ok()? * 1000 + hundredths * 10)
        });
        let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id");
        let (boot_id, base_ms) = match (boot, uptime_ms) {
            (Ok(boot), Some(uptime_ms)) => (boot.trim().to_owned(), uptime_ms),
            // Where the system doesn't tell, this process counts as a start of its own.
            _ => (uuid::Uuid::new_v4().to_string(), 0),
        };
        Self {
            boot_id,
            base_ms,
            since: Instant::now(),
        }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn wall_ms(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    fn mono_ms(&self) -> i64 {
        let passed = i64::try_from(self.since.elapsed().as_millis()).unwrap_or(i64::MAX);
        self.base_ms.saturating_add(passed)
    }

    fn boot_id(&self) -> String {
        self.boot_id.clone()
    }
}

/// Clocks that are moved by hand: for tests, demo and previews.
#[derive(Debug)]
pub struct ManualClock(Mutex<Hands>);

#[derive(Debug, Clone)]
struct Hands {
    wall_ms: i64,
    mono_ms: i64,
    boot: u64,
}

impl ManualClock {
    /// A phone that was started a minute ago, and whose wall clock shows this.
    #[must_use]
    pub fn new(wall_ms: i64) -> Self {
        Self(Mutex::new(Hands {
            wall_ms,
            mono_ms: 60_000,
            boot: 1,
        }))
    }

    /// Lets time pass: both clocks go on.
    pub fn advance(&self, ms: i64) {
        self.with(|hands| {
            hands.wall_ms += ms;
            hands.mono_ms += ms.max(0);
        });
    }

    /// Sets the wall clock, as a person or the network does; the monotonic clock doesn't notice.
    pub fn set_wall(&self, wall_ms: i64) {
        self.with(|hands| hands.wall_ms = wall_ms);
    }

    /// Switches the phone off and, after `off_ms`, on again.
    pub fn reboot(&self, off_ms: i64) {
        self.with(|hands| {
            hands.wall_ms += off_ms;
            hands.mono_ms = 0;
            hands.boot += 1;
        });
    }

    fn with<T>(&self, change: impl FnOnce(&mut Hands) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Clock for ManualClock {
    fn wall_ms(&self) -> i64 {
        self.with(|hands| hands.wall_ms)
    }

    fn mono_ms(&self) -> i64 {
        self.with(|hands| hands.mono_ms)
    }

    /// Shanghai's.
    fn utc_offset_s(&self) -> i32 {
        8 * 3_600
    }

    fn boot_id(&self) -> String {
        self.with(|hands| format!("boot-{}", hands.boot))
    }
}
