//! The database: one writer, a few readers, and a lock against a second program on the same file.

#[cfg(test)]
mod tests;

use crate::checkpointer::Checkpointer;
use crate::engine::{Connection, Place};
use crate::lease::{self, Lease};
use crate::memory::Memories;
use crate::{Clock, Reader, StoreError, SystemClock, Tx, migrate};
use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

const READERS: usize = 4;

/// An open database. Clones share it.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    place: Place,
    applied: Vec<i64>,
    // Closed in this order: the last to close must be SQLite's writer, who then brings the file in order.
    /// As many as may read at a time; those that aren't there yet, or have died, are opened when they are needed.
    readers: Mutex<Vec<Option<Connection>>>,
    returned: Condvar,
    /// Where the database is a file that lasts.
    checkpointer: Option<Checkpointer>,
    writer: Option<Mutex<Option<Connection>>>,
    /// What the writer knows by heart.
    memories: Mutex<Memories>,
    /// Where several programs may work on one database.
    lease: Option<Lease>,
    /// Held for as long as the store is open; the system lets go of it when the process dies.
    _lock: Option<File>,
}

impl Store {
    /// Opens the database at `sqlite:PATH` or `postgres://...` to work on it and brings its schema up to date. A file
    /// that isn't there is made; a PostgreSQL database must be there, and may be empty.
    ///
    /// # Errors
    /// Another program is at work on the file; the database is damaged, can't be reached, or is of a newer version
    /// (and left untouched).
    pub fn open(url: &str) -> Result<Self, StoreError> {
        Self::open_at(Place::parse(url)?)
    }

    pub(crate) fn open_at(place: Place) -> Result<Self, StoreError> {
        Self::open_writing(place, true)
    }

    /// Opens a new database file that nobody will look at again: what is committed isn't forced to the disk.
    ///
    /// # Errors
    /// As for [`Store::open`].
    pub fn open_scratch(path: &Path) -> Result<Self, StoreError> {
        Self::open_writing(Place::Sqlite(path.to_owned()), false)
    }

    fn open_writing(place: Place, is_durable: bool) -> Result<Self, StoreError> {
        let mut held = None;
        if let Place::Sqlite(path) = &place {
            held = Some(lock(path)?);
            if path.exists() {
                migrate::check(&place.open_reader()?, path)?;
            }
        }
        let writer = place.open_writer()?;
        if !is_durable {
            writer.batch("PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 1000")?;
        }
        let mut before = None;
        if place.is_shared() && migrate::is_outdated(&writer, &place.name())? {
            // Nobody changes the tables under a writer's hands.
            before.insert(Lease::default()).take(&writer, &place.name())?;
        }
        let applied = migrate::apply(&writer, &place.name(), SystemClock.now_ms())?;
        if let Some(lease) = before {
            lease.give_back(&writer);
        }
        let checkpointer = match &place {
            Place::Sqlite(path) if is_durable => Some(Checkpointer::start(path)?),
            _ => None,
        };
        Ok(Self::assemble(place, applied, Some(writer), checkpointer, held))
    }

    /// Opens an existing database to look at it, also while another program works on it. Changes nothing.
    ///
    /// # Errors
    /// It isn't there, is damaged, or isn't of exactly this program's version.
    pub fn open_read_only(url: &str) -> Result<Self, StoreError> {
        let place = Place::parse(url)?;
        let found = migrate::check(&place.open_reader()?, &place.name())?;
        if found < migrate::newest_version() {
            return Err(StoreError::OlderVersion {
                path: place.name(),
                found,
                known: migrate::newest_version(),
            });
        }
        Ok(Self::assemble(place, Vec::new(), None, None, None))
    }

    fn assemble(
        place: Place,
        applied: Vec<i64>,
        writer: Option<Connection>,
        checkpointer: Option<Checkpointer>,
        lock: Option<File>,
    ) -> Self {
        let lease = place.is_shared().then(Lease::default);
        Self {
            inner: Arc::new(Inner {
                place,
                applied,
                checkpointer,
                writer: writer.map(|writer| Mutex::new(Some(writer))),
                memories: Mutex::default(),
                lease,
                readers: Mutex::new((0..READERS).map(|_| None).collect()),
                returned: Condvar::new(),
                _lock: lock,
            }),
        }
    }

    /// Where the database is: its file, or its address without the password.
    #[must_use]
    pub fn place(&self) -> String {
        self.inner.place.to_string()
    }

    /// Says where this program takes changes that others on the same database pass on.
    pub fn takes_changes_at(&self, address: String) {
        if let Some(lease) = &self.inner.lease {
            lease.set_address(address);
        }
    }

    /// A number that stands for the time in which nobody but this program has written: the same number, nothing else
    /// written in between. None while somebody else may be writing.
    #[must_use]
    pub fn term(&self) -> Option<i64> {
        match &self.inner.lease {
            Some(lease) => lease.term(),
            None => Some(0),
        }
    }

    /// Where the program takes changes that may write now, be it this one; none while nobody may.
    ///
    /// # Errors
    /// The database's.
    pub async fn holder(&self) -> Result<Option<String>, StoreError> {
        self.read(lease::address_of_holder).await
    }

    /// Lets others write, if this program was the one who did.
    pub(crate) fn give_back(&self) {
        self.inner.give_back();
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
        let mut borrowed = self.borrow_reader();
        let connection = borrowed.begin()?;
        // Its end comes with the connection's return: there is nothing to keep.
        work(&mut Reader::new(connection))
    }

    fn borrow_reader(&self) -> Borrowed<'_> {
        let mut readers = unpoisoned(self.inner.readers.lock());
        loop {
            if let Some(connection) = readers.pop() {
                return Borrowed {
                    store: &self.inner,
                    connection,
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
        let mut writer = self.writer()?;
        // Whoever comes past the desk may change what is known by heart.
        writer.memories().forget();
        let done = writer.transact(work);
        writer.memories().forget();
        done
    }

    /// The connection that writes, for as long as the guard lives.
    pub(crate) fn writer(&self) -> Result<Writer<'_>, StoreError> {
        let Some(writer) = &self.inner.writer else {
            return Err(StoreError::Bug(format!(
                "{} is open for reading only",
                self.inner.place
            )));
        };
        let connection = unpoisoned(writer.lock());
        if let Some(connection) = &*connection {
            // What a panic left open is not kept.
            connection.roll_back();
        }
        Ok(Writer {
            place: &self.inner.place,
            lease: self.inner.lease.as_ref(),
            checkpointer: self.inner.checkpointer.as_ref(),
            connection,
            memories: unpoisoned(self.inner.memories.lock()),
        })
    }
}

impl Inner {
    fn give_back(&self) {
        if let (Some(lease), Some(writer)) = (&self.lease, &self.writer)
            && let Some(connection) = &*unpoisoned(writer.lock())
        {
            connection.roll_back();
            lease.give_back(connection);
        }
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.give_back();
    }
}

/// The connection that writes, with what the writer knows by heart.
pub(crate) struct Writer<'s> {
    place: &'s Place,
    lease: Option<&'s Lease>,
    checkpointer: Option<&'s Checkpointer>,
    connection: MutexGuard<'s, Option<Connection>>,
    memories: MutexGuard<'s, Memories>,
}

impl Writer<'_> {
    /// Runs `work` in one transaction, which is durable when this returns. After an error nothing of it stands, unless
    /// it is [`StoreError::InDoubt`], and nothing is known by heart.
    pub(crate) fn transact<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let (place, lease, checkpointer) = (self.place, self.lease, self.checkpointer);
        let begun = begin(
            &mut self.connection,
            || place.open_writer(),
            |connection| {
                lease.map_or(Ok(()), |lease| lease.take(connection, &place.name()))?;
                connection.begin()
            },
        );
        let connection = match begun {
            Ok(connection) => connection,
            Err(error) => {
                self.memories.forget();
                return Err(error.into());
            }
        };
        let mut tx = Tx::new(connection, &mut self.memories);
        let done = work(&mut tx).and_then(|outcome| {
            tx.finish()?;
            let until = lease.map(|lease| lease.extend(connection)).transpose()?;
            connection.commit()?;
            if let (Some(lease), Some(until)) = (lease, until) {
                lease.extended(until);
            }
            if let Some(checkpointer) = checkpointer {
                checkpointer.committed();
            }
            Ok(outcome)
        });
        if done.is_err() {
            connection.roll_back();
            self.memories.forget();
        }
        done
    }

    /// What the writer knows by heart.
    pub(crate) fn memories(&mut self) -> &mut Memories {
        &mut self.memories
    }
}

/// A reading connection that goes back to the others when it is dropped, also by a panic.
struct Borrowed<'s> {
    store: &'s Inner,
    connection: Option<Connection>,
}

impl Borrowed<'_> {
    fn begin(&mut self) -> Result<&Connection, StoreError> {
        let place = &self.store.place;
        begin(
            &mut self.connection,
            || place.open_reader(),
            Connection::begin_reading,
        )
    }
}

impl Drop for Borrowed<'_> {
    fn drop(&mut self) {
        if let Some(connection) = &self.connection {
            connection.roll_back();
        }
        let alive = self.connection.take().filter(|connection| !connection.is_dead());
        unpoisoned(self.store.readers.lock()).push(alive);
        self.store.returned.notify_one();
    }
}

/// Begins a transaction on a connection; on a new one if there is none, or if it turns out to be dead.
fn begin(
    slot: &mut Option<Connection>,
    open: impl Fn() -> Result<Connection, StoreError>,
    begin: impl Fn(&Connection) -> Result<(), StoreError>,
) -> Result<&Connection, StoreError> {
    if let Some(connection) = slot {
        let begun = begin(connection);
        if !connection.is_dead() {
            begun?;
        } else {
            *slot = None;
        }
    }
    match slot {
        Some(connection) => Ok(connection),
        None => {
            let connection = slot.insert(open()?);
            begin(connection)?;
            Ok(connection)
        }
    }
}

/// What a lock guards here is whole at any moment, so a panic elsewhere doesn't spoil it.
fn unpoisoned<T>(result: Result<T, PoisonError<T>>) -> T {
    result.unwrap_or_else(PoisonError::into_inner)
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
