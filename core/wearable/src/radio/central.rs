//! What the keeping of bands needs of a radio, so that it can be tested without one.

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::Availability;
use crate::{BandId, Link, Trouble};

/// A radio.
#[async_trait::async_trait]
pub(super) trait Central: Send + Sync {
    /// Whether it can be used, now and whenever it changes.
    fn availability(&self) -> watch::Receiver<Availability>;
    /// Finds a band, connects to it and asks what it offers. Whoever cancels `gone` ends the link; so does the link itself
    /// when it breaks.
    async fn open(&self, band: &BandId, gone: CancellationToken) -> Result<Box<dyn Connection>, Trouble>;
}

/// A link that can be closed.
#[async_trait::async_trait]
pub(super) trait Connection: Link {
    /// Closes it; it ends by itself, whatever the other side does.
    async fn close(&mut self);
}
