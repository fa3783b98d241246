//! The database: one writer, a few readers, and a lock against a second program on the same file.

#[cfg(test)]
mod tests;

use crate::{Clock, Reader, StoreError, SystemClock, Tx, migrate, sqlite};
use rusqlite::Connection;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

const READERS: usize = 4;

/// An open database. Clones share it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    applied: Vec<i64>,
    // Closed in this order: the last to close must be the writer, who then brings the file in order.
    readers: Mutex<Vec<Connection>>,
    returned: Condvar,
    writer: Option<Mutex<Connection>>,
    /// Held for as long as the store is open; the system lets go of it when the process dies.
    _lock: Option<File>,
}

impl Store {
    /// Opens the database at `sqlite:PATH` to work on it, makes it if it isn't there, and brings its schema up to
    /// date.
    ///
    /// # Errors
    /// Another program is at work on it; it is damaged, or of a newer version (and left untouched).
    pub fn open(url: &str) -> Result<Self, StoreError> {
        let path = path_of(url)?;
        let lock = lock(&path)?;
        if path.exists() {
            migrate::check(&sqlite::open_reader(&path)?, &path)?;
        }
        let writer = sqlite::open_writer(&path)?;
        let applied = migrate::apply(&writer, &path, SystemClock.now_ms())?;
        Self::assemble(path, applied, Some(writer), Some(lock))
    }

    /// Opens an existing database to look at it, also while another program works on it. Changes nothing.
    ///
    /// # Errors
    /// It isn't there, is damaged, or isn't of exactly this program's version.
    pub fn open_read_only(url: &str) -> Result<Self, StoreError> {
        let path = path_of(url)?;
        let found = migrate::check(&sqlite::open_reader(&path)?, &path)?;
        if found < migrate::newest_version() {
            return Err(StoreError::OlderVersion {
                path,
                found,
                known: migrate::newest_version(),
            });
        }
        Self::assemble(path, Vec::new(), None, None)
    }

    fn assemble(
        path: PathBuf,
        applied: Vec<i64>,
        writer: Option<Connection>,
        lock: Option<File>,
    ) -> Result<Self, StoreError> {
        let readers = (0..READERS)
            .map(|_| sqlite::open_reader(&path))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self {
            inner: Arc::new(Inner {
                path,
                applied,
                writer: writer.map(Mutex::new),
                readers: Mutex::new(readers),
                returned: Condvar::new(),
                _lock: lock,
            }),
        })
    }

    /// The database's file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// The migrations that opening it applied.
    #[must_use]
    pub fn applied(&self) -> &[i64] {
        &self.inner.applied
    }

    /// Looks at one consistent state of the database, on a thread for blocking work.
    ///
    /// # Errors
    /// What `work` returned, or the database's.
    pub async fn read<T, E>(
        &self,
        work: impl FnOnce(&mut Reader<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let store = self.clone();
        tokio::task::spawn_blocking(move || store.read_blocking(work))
            .await
            .unwrap_or_else(|error| Err(StoreError::Bug(format!("a read broke off: {error}")).into()))
    }

    /// [`Store::read`] on this thread, which may wait for a free connection.
    ///
    /// # Errors
    /// What `work` returned, or the database's.
    pub fn read_blocking<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&mut Reader<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let borrowed = self.borrow_reader();
        let Some(connection) = borrowed.connection.as_ref() else {
            return Err(StoreError::Bug("no connection to read with".to_owned()).into());
        };
        sqlite::execute(connection, "BEGIN", &[])?;
        let outcome = work(&mut Reader::new(connection));
        sqlite::execute(connection, "COMMIT", &[])?;
        outcome
    }

    fn borrow_reader(&self) -> Borrowed<'_> {
        let mut readers = unpoisoned(self.inner.readers.lock());
        loop {
            if let Some(connection) = readers.pop() {
                return Borrowed {
                    store: &self.inner,
                    connection: Some(connection),
                };
            }
            readers = unpoisoned(self.inner.returned.wait(readers));
        }
    }

    /// Runs `work` in a transaction of its own, past the desk: for setting up and for tests.
    ///
    /// # Errors
    /// What `work` returned (nothing is changed then), or the database's.
    pub fn write_blocking<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let writer = self.writer()?;
        sqlite::execute(&writer, "BEGIN IMMEDIATE", &[])?;
        let outcome = work(&mut Tx::new(&writer));
        let end = if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" };
        if let Err(error) = sqlite::execute(&writer, end, &[]) {
            roll_back(&writer);
            return outcome.and(Err(error.into()));
        }
        outcome
    }

    /// The connection that writes, for as long as the guard lives.
    pub(crate) fn writer(&self) -> Result<MutexGuard<'_, Connection>, StoreError> {
        match &self.inner.writer {
            Some(writer) => {
                let writer = unpoisoned(writer.lock());
                // What a panic left open is not kept.
                roll_back(&writer);
                Ok(writer)
            }
            None => Err(StoreError::Bug(format!(
                "{} is open for reading only",
                self.inner.path.display()
            ))),
        }
    }
}

/// Ends a transaction without keeping anything, if there still is one.
pub(crate) fn roll_back(connection: &Connection) {
    if !connection.is_autocommit()
        && let Err(error) = sqlite::execute(connection, "ROLLBACK", &[])
    {
        tracing::error!(%error, "a transaction could not be rolled back");
    }
}

/// A reading connection that goes back to the others when it is dropped, also by a panic.
struct Borrowed<'s> {
    store: &'s Inner,
    connection: Option<Connection>,
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            roll_back(&connection);
            unpoisoned(self.store.readers.lock()).push(connection);
            self.store.returned.notify_one();
        }
    }
}

/// What a lock guards here is whole at any moment, so a panic elsewhere doesn't spoil it.
fn unpoisoned<T>(result: Result<T, PoisonError<T>>) -> T {
    result.unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn path_of(url: &str) -> Result<PathBuf, StoreError> {
    match url.strip_prefix("sqlite:") {
        Some(path) if !path.is_empty() && !path.starts_with(":memory") => Ok(PathBuf::from(path)),
        _ => Err(StoreError::Url(url.to_owned())),
    }
}

/// Takes the lock file beside the database.
pub(crate) fn lock(path: &Path) -> Result<File, StoreError> {
    let io = |error: &std::io::Error| StoreError::Io {
        path: path.to_owned(),
        detail: error.to_string(),
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|e| io(&e))?;
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let file = File::options()
        .create(true)
        .append(true)
        .open(name)
        .map_err(|e| io(&e))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse(path.to_owned())),
        Err(TryLockError::Error(error)) => Err(io(&error)),
    }
}
