//! What goes on by itself: writing down what came in, syncing when there is something, trying again later.

use std::sync::{Arc, Weak};
use std::time::Duration;

use rand::RngExt as _;

use crate::activity::Now;
use crate::core::Core;
use crate::{Phone, PhoneError};

/// Everything is looked at so often.
const TICK: Duration = Duration::from_secs(1);
/// Between syncs, as long as they work: at rest, and while a finished activity waits for its last minute to be over.
const SYNC_EVERY: Duration = Duration::from_secs(15 * 60);
const SYNC_SOON: Duration = Duration::from_secs(20);
/// After a failure, at first and at most.
const FIRST_RETRY: Duration = Duration::from_secs(1);
const LAST_RETRY: Duration = Duration::from_secs(300);

impl Phone {
    /// Starts the background task: it stores what waits, shows time passing and syncs. It ends with
    /// [`Phone::close`], or when nobody holds the phone any more. Call it once, within a tokio runtime.
    pub fn run_in_background(self: &Arc<Self>) {
        let ticking = Arc::downgrade(self);
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(TICK);
            ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
            loop {
                ticks.tick().await;
                let Some(phone) = ticking.upgrade().filter(|phone| phone.is_open()) else {
                    return;
                };
                phone.second();
            }
        });
        tokio::spawn(sync_on(Arc::downgrade(self)));
    }

    /// Whether an activity is over and in no upload yet.
    fn has_fresh_activity(&self) -> bool {
        let fresh =
            |core: &mut Core, now: Now| core.store.read().waiting_activities(&core.owner, now.t_ms + 1);
        matches!(self.with(fresh), Ok(Ok(waiting)) if !waiting.is_empty())
    }

    /// The network came back: what waits is sent now rather than later.
    pub fn network_changed(&self) {
        self.wake.notify_one();
    }
}

async fn sync_on(phone: Weak<Phone>) {
    let mut failures = 0;
    loop {
        let Some(open) = phone.upgrade().filter(|phone| phone.is_open()) else {
            return;
        };
        let stopped = match open.sync_now().await {
            Ok(report) => {
                if report.answered > 0 && report.stopped.is_none() {
                    // Screens that fail here keep what they knew, and are asked for again when they are looked at.
                    let _ = open.refresh_records().await;
                    let _ = open.refresh_messages().await;
                }
                report.stopped
            }
            Err(error) => Some(error),
        };
        let wait = match stopped {
            None | Some(PhoneError::NotSignedIn) => {
                failures = 0;
                if open.has_fresh_activity() {
                    SYNC_SOON
                } else {
                    SYNC_EVERY
                }
            }
            Some(error) => {
                failures += 1;
                retry_after(&error, failures)
            }
        };
        // The wait must not keep the phone alive.
        let waker = Arc::clone(&open.wake);
        drop(open);
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = waker.notified() => {}
        }
    }
}

/// How long to wait: as the server says, else any time up to a limit that doubles with each failure ("full jitter",
/// so that phones that failed together don't come back together).
fn retry_after(error: &PhoneError, failures: u32) -> Duration {
    if let PhoneError::Refused(problem) = error
        && let Some(seconds) = problem.retry_after_s
    {
        return Duration::from_secs(seconds).min(LAST_RETRY);
    }
    let limit = FIRST_RETRY
        .saturating_mul(2_u32.saturating_pow(failures.min(16)))
        .min(LAST_RETRY);
    limit
        .mul_f64(rand::rng().random_range(0.0..=1.0))
        .max(FIRST_RETRY / 10)
}

#[cfg(test)]
mod tests {
    use haigou_contract::{ErrorCode, Language, Problem};

    use super::*;

    #[test]
    fn the_server_says_how_long_else_the_limit_doubles() {
        let mut busy = Problem::new(ErrorCode::Busy, Language::English);
        busy.retry_after_s = Some(7);
        assert_eq!(
            retry_after(&PhoneError::Refused(Box::new(busy)), 1),
            Duration::from_secs(7)
        );
        for failures in [1, 5, 100, u32::MAX] {
            let wait = retry_after(&PhoneError::Offline, failures);
            assert!(wait <= LAST_RETRY && wait >= FIRST_RETRY / 10);
        }
        let longest = |failures| {
            (0..200)
                .map(|_| retry_after(&PhoneError::Offline, failures))
                .max()
        };
        assert!(longest(1) <= Some(FIRST_RETRY * 2));
        assert!(longest(12) > Some(LAST_RETRY / 2));
    }
}
