//! The SQLite engine: how a file is opened, a statement bound and run, an error understood.

use crate::{Param, Row, StoreError};
use rusqlite::config::DbConfig;
use rusqlite::ffi::ErrorCode;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{CachedStatement, Connection, OpenFlags, ToSql};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const CACHED_STATEMENTS: usize = 256;

/// Opens the file for writing, and makes it if it isn't there.
///
/// The writer copies the log into the file after every 1,000 pages: with 4,000 it is a tenth faster, but whoever comes
/// meanwhile waits for 30 ms.
pub(crate) fn open_writer(path: &Path) -> Result<Connection, StoreError> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    open(
        path,
        flags,
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
         PRAGMA temp_store = MEMORY; PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 1000; \
         PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF;",
    )
}

/// Opens an existing file for reading only.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    if !path.exists() {
        return Err(StoreError::Missing(path.to_owned()));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    open(
        path,
        flags,
        "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8192; \
         PRAGMA mmap_size = 67108864; PRAGMA trusted_schema = OFF;",
    )
}

fn open(path: &Path, flags: OpenFlags, pragmas: &str) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(path, flags).map_err(|e| explain(path, &e))?;
    connection
        .busy_timeout(BUSY_TIMEOUT)
        .map_err(|e| explain(path, &e))?;
    connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
    // Without this a statement with a range is prepared anew for each value that is bound to it.
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .map_err(|e| explain(path, &e))?;
    connection.execute_batch(pragmas).map_err(|e| explain(path, &e))?;
    Ok(connection)
}

pub(crate) fn walk(
    connection: &Connection,
    sql: &str,
    params: &[Param<'_>],
    each: &mut dyn FnMut(&Row<'_>) -> Result<ControlFlow<()>, StoreError>,
) -> Result<(), StoreError> {
    let mut statement = bound(connection, sql, params)?;
    let mut rows = statement.raw_query();
    while let Some(row) = rows.next().map_err(|e| failure(connection, sql, &e))? {
        if each(&Row::new(row))?.is_break() {
            break;
        }
    }
    Ok(())
}

pub(crate) fn execute(connection: &Connection, sql: &str, params: &[Param<'_>]) -> Result<u64, StoreError> {
    let changed = bound(connection, sql, params)?
        .raw_execute()
        .map_err(|e| failure(connection, sql, &e))?;
    u64::try_from(changed).map_err(|_| StoreError::Bug(format!("{changed} rows changed")))
}

/// Runs several statements without parameters.
pub(crate) fn execute_batch(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    connection
        .execute_batch(sql)
        .map_err(|e| failure(connection, sql, &e))
}

/// A prepared statement with its parameters bound by their number, wherever in the text they stand.
fn bound<'c>(
    connection: &'c Connection,
    sql: &str,
    params: &[Param<'_>],
) -> Result<CachedStatement<'c>, StoreError> {
    let mut statement = connection
        .prepare_cached(sql)
        .map_err(|e| failure(connection, sql, &e))?;
    let count = statement.parameter_count();
    if count != params.len() {
        return Err(StoreError::Bug(format!(
            "{count} parameters in the statement, {} given: {sql}",
            params.len()
        )));
    }
    for index in 1..=count {
        let param = statement
            .parameter_name(index)
            .and_then(|name| name.strip_prefix('$'))
            .and_then(|number| number.parse::<usize>().ok())
            .and_then(|number| params.get(number.checked_sub(1)?))
            .ok_or_else(|| StoreError::Bug(format!("a parameter is not one of $1 to ${count}: {sql}")))?;
        statement
            .raw_bind_parameter(index, param)
            .map_err(|e| failure(connection, sql, &e))?;
    }
    Ok(statement)
}

impl ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(value) => ValueRef::Integer(*value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
            Self::Blob(value) => ValueRef::Blob(value),
        }))
    }
}

fn failure(connection: &Connection, sql: &str, error: &rusqlite::Error) -> StoreError {
    let path = connection.path().map_or_else(PathBuf::new, PathBuf::from);
    match explain(&path, error) {
        StoreError::Bug(detail) => StoreError::Bug(format!("{detail}: {sql}")),
        other => other,
    }
}

/// What an error of SQLite means to us.
pub(crate) fn explain(path: &Path, error: &rusqlite::Error) -> StoreError {
    let rusqlite::Error::SqliteFailure(cause, message) = error else {
        return StoreError::Bug(error.to_string());
    };
    let detail = message.clone().unwrap_or_else(|| cause.to_string());
    let path = path.to_owned();
    match cause.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed => {
            StoreError::Busy(detail)
        }
        ErrorCode::DiskFull => StoreError::DiskFull(path),
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => StoreError::Corrupt { path, detail },
        ErrorCode::ConstraintViolation => StoreError::Constraint(detail),
        ErrorCode::SystemIoFailure
        | ErrorCode::CannotOpen
        | ErrorCode::ReadOnly
        | ErrorCode::PermissionDenied
        | ErrorCode::OutOfMemory
        | ErrorCode::NoLargeFileSupport => StoreError::Io { path, detail },
        _ => StoreError::Bug(detail),
    }
}
