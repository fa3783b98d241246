//! Copies SQLite's log into the file on a thread of its own, so that nobody who waits for a commit waits for that.

use crate::{StoreError, sqlite};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// So long commits gather before they are copied: a page that several have changed is copied once. The longer, the more is
/// copied at a time, and the longer a commit may wait for the disk meanwhile.
const GATHER: Duration = Duration::from_millis(30);

/// The thread, which ends when this is dropped.
pub(crate) struct Checkpointer {
    thread: Option<JoinHandle<()>>,
    /// Both are dropped to end it.
    ends: Option<(SyncSender<()>, Sender<()>)>,
}

impl Checkpointer {
    /// Starts it for a file that is open for writing.
    pub(crate) fn start(path: &Path) -> Result<Self, StoreError> {
        let connection = sqlite::open_checkpointer(path)?;
        let (committed, commits) = sync_channel(1);
        let (running, end) = channel();
        let thread = std::thread::Builder::new()
            .name("checkpoints".to_owned())
            .spawn(move || work(&connection, &commits, &end))
            .map_err(|error| StoreError::Bug(format!("the thread for checkpoints didn't start: {error}")))?;
        Ok(Self {
            thread: Some(thread),
            ends: Some((committed, running)),
        })
    }

    /// Something was committed.
    pub(crate) fn committed(&self) {
        if let Some((committed, _)) = &self.ends {
            // If it is full, the thread will come to it anyway.
            let _known = committed.try_send(());
        }
    }
}

fn work(connection: &rusqlite::Connection, commits: &Receiver<()>, end: &Receiver<()>) {
    while commits.recv().is_ok() && end.recv_timeout(GATHER) == Err(RecvTimeoutError::Timeout) {
        if let Err(error) = sqlite::checkpoint(connection) {
            // The writer does it in the end, and meets what stands in the way.
            tracing::debug!(%error, "the log could not be copied into the file");
        }
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.ends = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread for checkpoints had died");
        }
    }
}
