//! The SQLite engine: how a file is opened, a statement bound and run, an error understood.

use crate::query::{EngineRow, Value};
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
/// The log is copied into the file [beside it](checkpoint). Under a load that never rests the log would have no end: after
/// 32,000 pages (128 MB) the writer itself copies what is left, and it begins anew. The cache is small because SQLite walks
/// through all of it at a commit for which pages were split out of order.
pub(crate) fn open_writer(path: &Path) -> Result<Connection, StoreError> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    open(
        path,
        flags,
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
         PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384; PRAGMA wal_autocheckpoint = 32000; \
         PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF;",
    )
}

/// Opens a file that is open for writing to copy its log into it.
pub(crate) fn open_checkpointer(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    open(
        path,
        flags,
        "PRAGMA synchronous = FULL; PRAGMA cache_size = -64; PRAGMA trusted_schema = OFF;",
    )
}

/// Copies what stands in the log into the file, and waits for nobody.
pub(crate) fn checkpoint(connection: &Connection) -> Result<(), StoreError> {
    let sql = "PRAGMA wal_checkpoint(PASSIVE)";
    connection
        .query_row(sql, [], |_| Ok(()))
        .map_err(|e| failure(connection, sql, &e))
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
         PRAGMA trusted_schema = OFF;",
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
        if each(&Row(EngineRow::Sqlite(row)))?.is_break() {
            break;
        }
    }
    Ok(())
}

pub(crate) fn execute(connection: &Connection, sql: &str, params: &[Param<'_>]) -> Result<u64, StoreError> {
    Prepared::new(connection, sql)?.execute(params)
}

/// Runs statements one after another, and looks a text up once where it comes several times in a row.
pub(crate) fn execute_all<'q>(
    connection: &Connection,
    statements: impl IntoIterator<Item = (&'q str, &'q [Param<'q>])>,
) -> Result<u64, StoreError> {
    let mut last: Option<Prepared<'_, 'q>> = None;
    let mut changed = 0;
    for (sql, params) in statements {
        let mut prepared = match last.take().filter(|last| std::ptr::eq(last.sql, sql)) {
            Some(same) => same,
            None => Prepared::new(connection, sql)?,
        };
        changed += prepared.execute(params)?;
        last = Some(prepared);
    }
    Ok(changed)
}

/// Runs several statements without parameters.
pub(crate) fn execute_batch(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    connection
        .execute_batch(sql)
        .map_err(|e| failure(connection, sql, &e))
}

/// A column of a row, whatever it holds.
pub(crate) fn read<'r>(row: &'r rusqlite::Row<'r>, column: usize) -> Result<Value<'r>, StoreError> {
    let bug = |error: &dyn std::error::Error| StoreError::Bug(error.to_string());
    match row.get_ref(column).map_err(|e| bug(&e))? {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(value) => Ok(Value::Int(value)),
        ValueRef::Text(value) => std::str::from_utf8(value).map(Value::Text).map_err(|e| bug(&e)),
        ValueRef::Blob(value) => Ok(Value::Blob(value)),
        ValueRef::Real(_) => Err(StoreError::Bug(format!("column {column} is a fraction"))),
    }
}

/// A prepared statement with its parameters bound by their number, wherever in the text they stand.
fn bound<'c>(
    connection: &'c Connection,
    sql: &str,
    params: &[Param<'_>],
) -> Result<CachedStatement<'c>, StoreError> {
    let mut prepared = Prepared::new(connection, sql)?;
    prepared.bind(params)?;
    Ok(prepared.statement)
}

/// A prepared statement.
struct Prepared<'c, 'q> {
    connection: &'c Connection,
    sql: &'q str,
    statement: CachedStatement<'c>,
    /// For each parameter in the order of the text, its place in the order of their numbers.
    places: Vec<usize>,
}

impl<'c, 'q> Prepared<'c, 'q> {
    fn new(connection: &'c Connection, sql: &'q str) -> Result<Self, StoreError> {
        let statement = connection
            .prepare_cached(sql)
            .map_err(|e| failure(connection, sql, &e))?;
        let count = statement.parameter_count();
        let place = |index| {
            let name = statement.parameter_name(index)?;
            let number = name.strip_prefix('$')?.parse::<usize>().ok()?;
            number.checked_sub(1).filter(|place| *place < count)
        };
        let places = (1..=count).map(place).collect::<Option<_>>();
        let places = places
            .ok_or_else(|| StoreError::Bug(format!("a parameter is not one of $1 to ${count}: {sql}")))?;
        Ok(Self {
            connection,
            sql,
            statement,
            places,
        })
    }

    fn bind(&mut self, params: &[Param<'_>]) -> Result<(), StoreError> {
        let Self {
            connection,
            sql,
            statement,
            places,
        } = self;
        let count = places.len();
        if count != params.len() {
            return Err(StoreError::Bug(format!(
                "{count} parameters in the statement, {} given: {sql}",
                params.len()
            )));
        }
        for (index, param) in (1..).zip(places.iter().filter_map(|place| params.get(*place))) {
            statement
                .raw_bind_parameter(index, param)
                .map_err(|e| failure(connection, sql, &e))?;
        }
        Ok(())
    }

    fn execute(&mut self, params: &[Param<'_>]) -> Result<u64, StoreError> {
        self.bind(params)?;
        let changed = self
            .statement
            .raw_execute()
            .map_err(|e| failure(self.connection, self.sql, &e))?;
        u64::try_from(changed).map_err(|_| StoreError::Bug(format!("{changed} rows changed")))
    }
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
