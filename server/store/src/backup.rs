//! Copies of the database: made while it is in use, checked, and never written over anything.

#[cfg(test)]
mod tests;

use crate::engine::{Connection, Place};
use crate::store::lock;
use crate::transfer::copy_as_it_is;
use crate::{StoreError, migrate, sqlite};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection as File, OpenFlags};
use std::path::{Path, PathBuf};
use std::time::Duration;

const PAGES_PER_STEP: i32 = 4096;
const PAUSE: Duration = Duration::from_millis(5);

/// Copies a database to a new file, also while servers work on it: a SQLite database, whatever it was made of. The copy
/// is one consistent state and is checked before it gets its name.
///
/// # Errors
/// The database isn't there or is damaged; the file exists; it can't be written.
pub fn backup(url: &str, to: &Path) -> Result<(), StoreError> {
    match Place::parse(url)? {
        Place::Sqlite(path) => copy(&path, to),
        Place::Postgres(_) => copy_as_it_is(url, &Place::Sqlite(to.to_owned())),
    }
}

/// Puts a checked copy of a backup where the address says. There must be no file there, or an empty PostgreSQL database.
///
/// # Errors
/// The backup isn't there, is damaged or of another version; something is there; it can't be written.
pub fn restore(from: &Path, url: &str) -> Result<(), StoreError> {
    match Place::parse(url)? {
        Place::Sqlite(path) => {
            let _lock = lock(&path)?;
            copy(from, &path)
        }
        place @ Place::Postgres(_) => {
            check_integrity(&sqlite::open_reader(from)?, from)?;
            copy_as_it_is(&format!("sqlite:{}", from.display()), &place)
        }
    }
}

/// Makes a file out of a database that was just written: one by itself, whole, that can be read where nothing can be
/// written.
pub(crate) fn settle(path: &Path) -> Result<(), StoreError> {
    let connection = sqlite::open_writer(path)?;
    sqlite::execute_batch(&connection, "PRAGMA journal_mode = DELETE")?;
    check_integrity(&connection, path)
}

fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
    if to.exists() {
        return Err(StoreError::Exists(to.to_owned()));
    }
    migrate::check(&Connection::Sqlite(sqlite::open_reader(from)?), from)?;
    let source = sqlite::open_reader(from)?;
    // The name is taken only when the copy is whole: what breaks off leaves no half database behind.
    let unfinished = beside(to, ".unfinished");
    let outcome = copy_pages(&source, from, &unfinished).and_then(|()| name(&unfinished, to));
    if outcome.is_err() {
        let _gone = std::fs::remove_file(&unfinished);
    }
    outcome
}

fn copy_pages(source: &File, from: &Path, to: &Path) -> Result<(), StoreError> {
    let _gone = std::fs::remove_file(to);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let mut target = File::open_with_flags(to, flags).map_err(|e| sqlite::explain(to, &e))?;
    let either = |error: &rusqlite::Error| match sqlite::explain(to, error) {
        StoreError::Corrupt { detail, .. } => StoreError::Corrupt {
            path: from.to_owned(),
            detail,
        },
        other => other,
    };
    let backup = Backup::new(source, &mut target).map_err(|e| either(&e))?;
    loop {
        match backup.step(PAGES_PER_STEP).map_err(|e| either(&e))? {
            StepResult::Done => break,
            StepResult::Busy | StepResult::Locked => std::thread::sleep(PAUSE),
            _ => {}
        }
    }
    drop(backup);
    // One file by itself, that can be read where nothing can be written.
    sqlite::execute_batch(&target, "PRAGMA journal_mode = DELETE")?;
    check_integrity(&target, from)
}

/// Reads every page and index of a database.
fn check_integrity(connection: &File, path: &Path) -> Result<(), StoreError> {
    let found: String = connection
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(|e| sqlite::explain(path, &e))?;
    if found == "ok" {
        return Ok(());
    }
    Err(StoreError::Corrupt {
        path: path.to_owned(),
        detail: found,
    })
}

/// Gives a finished file its name, unless the name was taken meanwhile, and makes both durable.
pub(crate) fn name(unfinished: &Path, to: &Path) -> Result<(), StoreError> {
    let io = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => StoreError::Exists(to.to_owned()),
        _ => StoreError::Io {
            path: to.to_owned(),
            detail: error.to_string(),
        },
    };
    std::fs::File::open(unfinished)
        .and_then(|file| file.sync_all())
        .map_err(io)?;
    std::fs::hard_link(unfinished, to).map_err(io)?;
    std::fs::remove_file(unfinished).map_err(io)?;
    let folder = match to.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    std::fs::File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(io)
}

pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
