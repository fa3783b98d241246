//! The shell's clocks.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// A clock couldn't be read.
#[derive(Debug, thiserror::Error, uniffi::Error)]
pub enum ClockError {
    /// The reason is for the log.
    #[error("the clock failed: {reason}")]
    Failed {
        /// For the log.
        reason: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for ClockError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { reason: error.reason }
    }
}

/// What the phone knows of time. Called often, and from any thread: each method answers at once, and never calls the phone.
#[uniffi::export(foreign)]
pub trait Clock: Send + Sync {
    /// Milliseconds since the Unix epoch, as the phone's wall clock says. It may be wrong, and may jump.
    fn wall_ms(&self) -> Result<i64, ClockError>;
    /// Milliseconds since the phone was started, deep sleep included (Android: `SystemClock.elapsedRealtime()`, Apple:
    /// `mach_continuous_time`). It never goes back.
    fn mono_ms(&self) -> Result<i64, ClockError>;
    /// Names this start of the phone (Android: `Settings.Global.BOOT_COUNT`, Apple: `kern.bootsessionuuid`). Asked once.
    fn boot_id(&self) -> Result<String, ClockError>;
}

/// The shell's clocks for the core. Should they fail later on, they are taken to run as the process's own clock does.
pub(crate) struct ShellClock {
    shell: Arc<dyn Clock>,
    boot_id: String,
    last: Mutex<Last>,
}

#[derive(Clone, Copy)]
struct Last {
    wall_ms: i64,
    mono_ms: i64,
    wall_read: Instant,
    mono_read: Instant,
}

impl ShellClock {
    /// Every clock has to work once.
    pub(crate) fn new(shell: Arc<dyn Clock>) -> Result<Self, ClockError> {
        let now = Instant::now();
        let last = Last {
            wall_ms: shell.wall_ms()?,
            mono_ms: shell.mono_ms()?,
            wall_read: now,
            mono_read: now,
        };
        Ok(Self {
            boot_id: shell.boot_id()?,
            shell,
            last: Mutex::new(last),
        })
    }

    fn update(&self, change: impl FnOnce(&mut Last)) {
        change(&mut self.last.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

fn passed_since(then: Instant) -> i64 {
    i64::try_from(then.elapsed().as_millis()).unwrap_or(i64::MAX)
}

impl haigou_phone::Clock for ShellClock {
    fn wall_ms(&self) -> i64 {
        let read = self.shell.wall_ms();
        let mut wall_ms = 0;
        self.update(|last| {
            let goes_on = last.wall_ms.saturating_add(passed_since(last.wall_read));
            wall_ms = read.unwrap_or(goes_on);
            (last.wall_ms, last.wall_read) = (wall_ms, Instant::now());
        });
        wall_ms
    }

    fn mono_ms(&self) -> i64 {
        let read = self.shell.mono_ms();
        let mut mono_ms = 0;
        self.update(|last| {
            let goes_on = last.mono_ms.saturating_add(passed_since(last.mono_read));
            mono_ms = read.unwrap_or(goes_on).max(last.mono_ms);
            (last.mono_ms, last.mono_read) = (mono_ms, Instant::now());
        });
        mono_ms
    }

    fn boot_id(&self) -> String {
        self.boot_id.clone()
    }
}
