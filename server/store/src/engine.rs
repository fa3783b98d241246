//! A connection to a database of either kind: what the rest of the store asks of it.
//!
//! One SQL text serves both engines wherever their dialects agree, and they do in all that stands in this workspace;
//! what differs (how a transaction begins, how a table is declared) is here and in the engines.

use crate::ahead::Rows;
use crate::tx::Value;
use crate::{Param, Row, StoreError, postgres, sqlite};
use std::fmt;
use std::ops::ControlFlow;
use std::path::PathBuf;

/// Where a database is.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    /// A file.
    Sqlite(PathBuf),
    /// A server's.
    Postgres(Box<postgres::Address>),
}

impl Place {
    /// Reads `sqlite:PATH` or `postgres://...`.
    pub(crate) fn parse(url: &str) -> Result<Self, StoreError> {
        if let Some(address) = postgres::Address::parse(url)? {
            return Ok(Self::Postgres(Box::new(address)));
        }
        match url.strip_prefix("sqlite:") {
            Some(path) if !path.is_empty() && !path.starts_with(":memory") => {
                Ok(Self::Sqlite(PathBuf::from(path)))
            }
            _ => Err(StoreError::Url(url.to_owned())),
        }
    }

    /// A connection that may write.
    pub(crate) fn open_writer(&self) -> Result<Connection, StoreError> {
        match self {
            Self::Sqlite(path) => sqlite::open_writer(path).map(Connection::Sqlite),
            Self::Postgres(address) => {
                postgres::Session::open_writer(address).map(|s| Connection::Postgres(Box::new(s)))
            }
        }
    }

    /// A connection to an existing database that only reads.
    pub(crate) fn open_reader(&self) -> Result<Connection, StoreError> {
        match self {
            Self::Sqlite(path) => sqlite::open_reader(path).map(Connection::Sqlite),
            Self::Postgres(address) => {
                postgres::Session::open_reader(address).map(|s| Connection::Postgres(Box::new(s)))
            }
        }
    }

    /// Whether there is something to open; a server's database shows that when it is opened.
    pub(crate) fn is_there(&self) -> bool {
        match self {
            Self::Sqlite(path) => path.exists(),
            Self::Postgres(_) => true,
        }
    }

    /// Whether several programs may work on it.
    pub(crate) const fn is_shared(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// As errors name it: the file, or the address without its password.
    pub(crate) fn name(&self) -> PathBuf {
        match self {
            Self::Sqlite(path) => path.clone(),
            Self::Postgres(address) => PathBuf::from(address.to_string()),
        }
    }
}

/// Where a database is, as it may be shown: its file, or its address without the password.
///
/// # Errors
/// The address can't be understood.
pub fn place_of(url: &str) -> Result<String, StoreError> {
    Place::parse(url).map(|place| place.to_string())
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name().display().fmt(f)
    }
}

/// An open connection.
pub(crate) enum Connection {
    /// To a file.
    Sqlite(rusqlite::Connection),
    /// To a server.
    Postgres(Box<postgres::Session>),
}

impl Connection {
    /// Calls `each` with row after row, until there are no more or it breaks.
    pub(crate) fn walk(
        &self,
        sql: &str,
        params: &[Param<'_>],
        each: &mut dyn FnMut(&Row<'_>) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => sqlite::walk(connection, sql, params, each),
            Self::Postgres(session) => session.walk(sql, params, each),
        }
    }

    /// Runs a statement that returns no rows; says how many rows it changed.
    pub(crate) fn execute(&self, sql: &str, params: &[Param<'_>]) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(connection) => sqlite::execute(connection, sql, params),
            Self::Postgres(session) => session.execute(sql, params),
        }
    }

    /// Runs statements one after another, each with its parameters, in one burst where there is a network; says how
    /// many rows they changed together. It ends with the first that fails.
    pub(crate) fn execute_all<'q>(
        &self,
        statements: impl IntoIterator<Item = (&'q str, &'q [Param<'q>])>,
    ) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(connection) => sqlite::execute_all(connection, statements),
            Self::Postgres(session) => session.execute_all(statements),
        }
    }

    /// Whether each look is a way there and back.
    pub(crate) const fn is_far(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// What many looks find, each statement with the keys of its looks, in one burst where there is a network.
    pub(crate) fn look_all(&self, looks: &[(&str, &[Vec<Value>])]) -> Result<Vec<Vec<Rows>>, StoreError> {
        match self {
            // Nobody looks ahead where everything is near.
            Self::Sqlite(_) => Ok(Vec::new()),
            Self::Postgres(session) => session.look_all(looks),
        }
    }

    /// Runs several statements without parameters.
    pub(crate) fn batch(&self, sql: &str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => sqlite::execute_batch(connection, sql),
            Self::Postgres(session) => session.batch(sql),
        }
    }

    /// Runs the text of a migration, in which columns are `INTEGER`, `BIGINT`, `TEXT` or `BLOB`.
    pub(crate) fn declare(&self, sql: &str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => sqlite::execute_batch(connection, sql),
            Self::Postgres(session) => session.batch(&postgres::declaration(sql)),
        }
    }

    /// A query that counts the tables named `$1`.
    pub(crate) const fn finds_table(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = $1",
            Self::Postgres(_) => {
                "SELECT COUNT(*) FROM information_schema.tables \
                 WHERE table_schema = current_schema() AND table_name = $1"
            }
        }
    }

    /// A query for the names of table `$1`'s columns, in their order.
    pub(crate) const fn finds_columns(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "SELECT name FROM pragma_table_info($1) ORDER BY cid",
            Self::Postgres(_) => {
                "SELECT CAST(column_name AS TEXT) FROM information_schema.columns \
                 WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position"
            }
        }
    }

    /// Begins a transaction that may write.
    pub(crate) fn begin(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => sqlite::execute(connection, "BEGIN IMMEDIATE", &[]).map(drop),
            Self::Postgres(session) => session.begin("BEGIN"),
        }
    }

    /// Begins a transaction that sees one state of the database.
    pub(crate) fn begin_reading(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => sqlite::execute(connection, "BEGIN", &[]).map(drop),
            Self::Postgres(session) => session.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
        }
    }

    /// Makes the transaction durable.
    pub(crate) fn commit(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(connection) => sqlite::execute(connection, "COMMIT", &[]).map(drop),
            Self::Postgres(session) => session.commit(),
        }
    }

    /// Ends the transaction without keeping anything, if there still is one.
    pub(crate) fn roll_back(&self) {
        let outcome = match self {
            Self::Sqlite(connection) if connection.is_autocommit() => Ok(()),
            Self::Sqlite(connection) => sqlite::execute_batch(connection, "ROLLBACK"),
            Self::Postgres(session) => session.roll_back(),
        };
        if let Err(error) = outcome {
            tracing::error!(%error, "a transaction could not be rolled back");
        }
    }

    /// Whether there is no open transaction: the engine gives it up by itself when the disk is full or it is gone.
    pub(crate) fn is_lost(&self) -> bool {
        match self {
            Self::Sqlite(connection) => connection.is_autocommit(),
            Self::Postgres(session) => !session.is_in_transaction(),
        }
    }

    /// Whether nothing can be asked any more: another one must be opened.
    pub(crate) fn is_dead(&self) -> bool {
        match self {
            Self::Sqlite(_) => false,
            Self::Postgres(session) => session.is_dead(),
        }
    }
}
