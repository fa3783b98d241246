//! How the database is asked: parameters in, rows out, on any engine.

use crate::{StoreError, sqlite};
use std::ops::ControlFlow;

/// A parameter of a statement: `$1` is the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Param<'a> {
    /// No value.
    Null,
    /// An integer; times are UTC milliseconds.
    Int(i64),
    /// A text.
    Text(&'a str),
    /// Bytes.
    Blob(&'a [u8]),
}

impl From<i64> for Param<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<u32> for Param<'_> {
    fn from(value: u32) -> Self {
        Self::Int(value.into())
    }
}

impl From<bool> for Param<'_> {
    fn from(value: bool) -> Self {
        Self::Int(value.into())
    }
}

impl<'a> From<&'a str> for Param<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a String> for Param<'a> {
    fn from(value: &'a String) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<&'a [u8]> for Param<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Blob(value)
    }
}

impl<'a> From<&'a Vec<u8>> for Param<'a> {
    fn from(value: &'a Vec<u8>) -> Self {
        Self::Blob(value)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Param<'a> {
    fn from(value: &'a [u8; N]) -> Self {
        Self::Blob(value)
    }
}

impl<'a, T: Into<Param<'a>>> From<Option<T>> for Param<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// `params![a, b]`: a slice of [`Param`]s from anything that becomes one.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { &[$($crate::Param::from($value)),*][..] as &[$crate::Param<'_>] };
}

/// One row of an answer. Columns count from 0; a value of another type is a [`StoreError::Bug`].
pub struct Row<'r> {
    inner: &'r rusqlite::Row<'r>,
}

impl<'r> Row<'r> {
    pub(crate) const fn new(inner: &'r rusqlite::Row<'r>) -> Self {
        Self { inner }
    }

    fn get<T: rusqlite::types::FromSql>(&self, column: usize) -> Result<T, StoreError> {
        self.inner
            .get(column)
            .map_err(|error| StoreError::Bug(error.to_string()))
    }

    /// An integer.
    ///
    /// # Errors
    /// It isn't one.
    pub fn int(&self, column: usize) -> Result<i64, StoreError> {
        self.get(column)
    }

    /// An integer or null.
    ///
    /// # Errors
    /// It is neither.
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        self.get(column)
    }

    /// An integer that stands for yes (not 0) or no (0).
    ///
    /// # Errors
    /// It isn't an integer.
    pub fn flag(&self, column: usize) -> Result<bool, StoreError> {
        Ok(self.int(column)? != 0)
    }

    /// A text.
    ///
    /// # Errors
    /// It isn't one.
    pub fn text(&self, column: usize) -> Result<String, StoreError> {
        self.get(column)
    }

    /// A text or null.
    ///
    /// # Errors
    /// It is neither.
    pub fn opt_text(&self, column: usize) -> Result<Option<String>, StoreError> {
        self.get(column)
    }

    /// Bytes.
    ///
    /// # Errors
    /// They aren't.
    pub fn blob(&self, column: usize) -> Result<Vec<u8>, StoreError> {
        self.get(column)
    }

    /// Bytes or null.
    ///
    /// # Errors
    /// It is neither.
    pub fn opt_blob(&self, column: usize) -> Result<Option<Vec<u8>>, StoreError> {
        self.get(column)
    }

    /// Bytes, borrowed from the row: for streams of many rows.
    ///
    /// # Errors
    /// They aren't.
    pub fn bytes(&self, column: usize) -> Result<&[u8], StoreError> {
        let value = self
            .inner
            .get_ref(column)
            .map_err(|error| StoreError::Bug(error.to_string()))?;
        value
            .as_blob()
            .map_err(|error| StoreError::Bug(error.to_string()))
    }

    /// Exactly `N` bytes, such as a hash.
    ///
    /// # Errors
    /// They aren't, or not as many.
    pub fn array<const N: usize>(&self, column: usize) -> Result<[u8; N], StoreError> {
        let bytes = self.bytes(column)?;
        bytes
            .try_into()
            .map_err(|_| StoreError::Bug(format!("column {column} has {} bytes, not {N}", bytes.len())))
    }
}

/// Anything that can be asked: a [`Reader`] or a [`Tx`].
pub trait Query {
    /// Calls `each` with row after row, until there are no more or it breaks. Nothing is kept in memory.
    ///
    /// # Errors
    /// The database's, or what `each` returned.
    fn walk(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        each: &mut dyn FnMut(&Row<'_>) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError>;

    /// Calls `each` with every row. Nothing is kept in memory.
    ///
    /// # Errors
    /// The database's, or what `each` returned.
    fn for_each(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        mut each: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>
    where
        Self: Sized,
    {
        self.walk(sql, params, &mut |row| {
            each(row)?;
            Ok(ControlFlow::Continue(()))
        })
    }

    /// All rows, each as `map` makes it.
    ///
    /// # Errors
    /// The database's, or what `map` returned.
    fn query<T>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError>
    where
        Self: Sized,
    {
        let mut rows = Vec::new();
        self.for_each(sql, params, |row| {
            rows.push(map(row)?);
            Ok(())
        })?;
        Ok(rows)
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// The database's, or what `map` returned.
    fn query_one<T>(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError>
    where
        Self: Sized,
    {
        let mut first = None;
        self.walk(sql, params, &mut |row| {
            first = Some(map(row)?);
            Ok(ControlFlow::Break(()))
        })?;
        Ok(first)
    }
}

/// A read-only look at one consistent state of the database.
pub struct Reader<'c> {
    connection: &'c rusqlite::Connection,
}

impl<'c> Reader<'c> {
    pub(crate) const fn new(connection: &'c rusqlite::Connection) -> Self {
        Self { connection }
    }
}

impl Query for Reader<'_> {
    fn walk(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        each: &mut dyn FnMut(&Row<'_>) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError> {
        sqlite::walk(self.connection, sql, params, each)
    }
}

/// The writer's open transaction.
pub struct Tx<'c> {
    connection: &'c rusqlite::Connection,
}

impl Query for Tx<'_> {
    fn walk(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        each: &mut dyn FnMut(&Row<'_>) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError> {
        sqlite::walk(self.connection, sql, params, each)
    }
}

impl<'c> Tx<'c> {
    pub(crate) const fn new(connection: &'c rusqlite::Connection) -> Self {
        Self { connection }
    }

    /// Runs a statement that returns no rows; says how many rows it changed.
    ///
    /// # Errors
    /// The database's.
    pub fn execute(&mut self, sql: &str, params: &[Param<'_>]) -> Result<u64, StoreError> {
        sqlite::execute(self.connection, sql, params)
    }

    /// Runs `work`; if it fails, everything it changed is undone and the rest of the transaction stands.
    ///
    /// # Errors
    /// What `work` returned, or the database's.
    pub fn savepoint<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.execute("SAVEPOINT step", &[])?;
        let outcome = work(self);
        // After a failure of the engine there may be no transaction left, and no savepoint to go back to.
        if outcome.is_err() && !self.is_lost() {
            self.execute("ROLLBACK TO step", &[])?;
        }
        if !self.is_lost() {
            self.execute("RELEASE step", &[])?;
        }
        outcome
    }

    /// Whether the engine has given up the whole transaction (as it does when the disk is full).
    pub(crate) fn is_lost(&self) -> bool {
        self.connection.is_autocommit()
    }
}
