//! Keeps a link to one band alive: connects, lets the session do its work, and tries again when it has ended.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;

use super::central::Central;
use super::session::Session;
use super::{Availability, Pace};
use crate::{BandError, BandId, Driver, Host, LinkState, Trouble};

/// See the module.
pub(super) struct Keeper {
    pub(super) band: BandId,
    pub(super) driver: Box<dyn Driver>,
    pub(super) key: Option<[u8; 16]>,
    pub(super) host: Arc<dyn Host>,
    pub(super) central: Arc<dyn Central>,
    pub(super) pace: Pace,
    pub(super) nudges: Arc<Nudges>,
    pub(super) stop: CancellationToken,
}

/// What the member asks of a band that is kept.
#[derive(Default)]
pub(super) struct Nudges {
    pub(super) catch_up: Notify,
    pub(super) battery: Notify,
}

/// How a link ended.
struct End {
    trouble: Trouble,
    /// It got somewhere: minutes were stored, or the band was understood up to the end.
    worked: bool,
}

impl Keeper {
    /// Runs until it is stopped.
    pub(super) async fn run(self) {
        let stop = self.stop.clone();
        let mut availability = self.central.availability();
        let mut wait = self.pace.first_wait;
        let mut strikes = 0;
        while !stop.is_cancelled() {
            if stop
                .run_until_cancelled(self.until_available(&mut availability))
                .await
                .is_none()
            {
                break;
            }
            self.host.stands(&self.band, LinkState::Connecting);
            let end = self.live_once().await;
            if stop.is_cancelled() {
                break;
            }
            if availability.borrow().is_err() {
                // It isn't the band's fault.
                continue;
            }
            if end.worked {
                (wait, strikes) = (self.pace.first_wait, 0);
            }
            if end.trouble == Trouble::NotUnderstood {
                strikes += 1;
            }
            if is_final(end.trouble) || strikes >= self.pace.strikes.max(1) {
                self.host
                    .stands(&self.band, LinkState::Stopped { trouble: end.trouble });
                break;
            }
            self.host
                .stands(&self.band, LinkState::waiting(end.trouble, wait));
            if stop
                .run_until_cancelled(self.pause(wait, &mut availability))
                .await
                .is_none()
            {
                break;
            }
            wait = wait.saturating_mul(2).min(self.pace.longest_wait);
        }
    }

    /// Waits until Bluetooth can be used, and tells what it waits for.
    async fn until_available(&self, availability: &mut watch::Receiver<Availability>) {
        loop {
            let now = *availability.borrow_and_update();
            let Err(trouble) = now else {
                return;
            };
            self.host
                .stands(&self.band, LinkState::waiting(trouble, self.pace.look));
            if availability.changed().await.is_err() {
                // The radio is gone; whoever stops this comes soon.
                std::future::pending::<()>().await;
            }
        }
    }

    /// Waits before the next try; not if the member is impatient, nor if Bluetooth goes.
    async fn pause(&self, wait: Duration, availability: &mut watch::Receiver<Availability>) {
        let trouble = availability.wait_for(Result::is_err);
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = self.nudges.catch_up.notified() => {}
            _ = trouble => {}
        }
    }

    /// One connection, from its beginning to its end.
    async fn live_once(&self) -> End {
        let gone = self.stop.child_token();
        let mut link = match self.central.open(&self.band, gone).await {
            Ok(link) => link,
            Err(trouble) => {
                return End {
                    trouble,
                    worked: false,
                };
            }
        };
        self.host.stands(&self.band, LinkState::Preparing);
        let mut session = Session::new(self);
        let error = session.run(&mut *link).await;
        tracing::debug!(%error, band = self.band.0, "a link ended");
        link.close().await;
        let trouble = trouble(&error);
        End {
            trouble,
            worked: session.stored || (session.heard && trouble != Trouble::NotUnderstood),
        }
    }
}

/// Only the member can change that.
fn is_final(trouble: Trouble) -> bool {
    matches!(trouble, Trouble::KeyNeeded | Trouble::KeyWrong)
}

fn trouble(error: &BandError) -> Trouble {
    match error {
        BandError::Lost => Trouble::Lost,
        BandError::Silent => Trouble::Silent,
        BandError::KeyNeeded => Trouble::KeyNeeded,
        BandError::KeyWrong => Trouble::KeyWrong,
        BandError::NotStored => Trouble::NotStored,
        BandError::Missing(_) | BandError::Refused | BandError::Malformed(_) => Trouble::NotUnderstood,
    }
}

#[cfg(test)]
mod tests;
