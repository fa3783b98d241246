//! Copies of the database: made while it is in use, checked, and never written over anything.

#[cfg(test)]
mod tests;

use crate::store::{lock, path_of};
use crate::{StoreError, migrate, sqlite};
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::time::Duration;

const PAGES_PER_STEP: i32 = 4096;
const PAUSE: Duration = Duration::from_millis(5);

/// Copies the database at `sqlite:PATH` to a new file, also while a server works on it. The copy is one consistent
/// state and is checked before it gets its name.
///
/// # Errors
/// The database isn't there or is damaged; the file exists; it can't be written.
pub fn backup(url: &str, to: &Path) -> Result<(), StoreError> {
    copy(&path_of(url)?, to)
}

/// Puts a checked copy of a backup where `sqlite:PATH` says. There must be no database there.
///
/// # Errors
/// The backup isn't there, is damaged or of a newer version; a database is there; it can't be written.
pub fn restore(from: &Path, url: &str) -> Result<(), StoreError> {
    let path = path_of(url)?;
    let _lock = lock(&path)?;
    copy(from, &path)
}

fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
    if to.exists() {
        return Err(StoreError::Exists(to.to_owned()));
    }
    let source = sqlite::open_reader(from)?;
    migrate::check(&source, from)?;
    // The name is taken only when the copy is whole: what breaks off leaves no half database behind.
    let unfinished = beside(to, ".unfinished");
    let outcome = copy_pages(&source, from, &unfinished).and_then(|()| name(&unfinished, to));
    if outcome.is_err() {
        let _gone = std::fs::remove_file(&unfinished);
    }
    outcome
}

fn copy_pages(source: &Connection, from: &Path, to: &Path) -> Result<(), StoreError> {
    let _gone = std::fs::remove_file(to);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let mut target = Connection::open_with_flags(to, flags).map_err(|e| sqlite::explain(to, &e))?;
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
fn check_integrity(connection: &Connection, path: &Path) -> Result<(), StoreError> {
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
fn name(unfinished: &Path, to: &Path) -> Result<(), StoreError> {
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

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
