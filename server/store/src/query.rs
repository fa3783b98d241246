//! How the database is asked: parameters in, rows out, on any engine.

use crate::engine::Connection;
use crate::{StoreError, postgres, sqlite};
use std::ops::ControlFlow;

/// A parameter of a statement: `$1` is the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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

impl Param<'_> {
    /// Whether it is a text with U+0000 in it: PostgreSQL knows no such text.
    pub(crate) fn has_zero(&self) -> bool {
        matches!(self, Self::Text(text) if text.contains('\0'))
    }
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

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value<'r> {
    Null,
    Int(i64),
    Text(&'r str),
    Blob(&'r [u8]),
}

/// One row of an answer. Columns count from 0; a value of another type is a [`StoreError::Bug`].
pub struct Row<'r>(pub(crate) EngineRow<'r>);

/// A row as its engine has it.
pub(crate) enum EngineRow<'r> {
    Sqlite(&'r rusqlite::Row<'r>),
    Postgres(&'r tokio_postgres::Row),
}

impl<'r> Row<'r> {
    pub(crate) const fn of_postgres(row: &'r tokio_postgres::Row) -> Self {
        Self(EngineRow::Postgres(row))
    }
}

impl Row<'_> {
    pub(crate) fn value(&self, column: usize) -> Result<Value<'_>, StoreError> {
        match self.0 {
            EngineRow::Sqlite(row) => sqlite::read(row, column),
            EngineRow::Postgres(row) => postgres::read(row, column),
        }
    }

    /// An integer.
    ///
    /// # Errors
    /// It isn't one.
    pub fn int(&self, column: usize) -> Result<i64, StoreError> {
        self.opt_int(column)?.ok_or_else(|| missing(column))
    }

    /// An integer or null.
    ///
    /// # Errors
    /// It is neither.
    pub fn opt_int(&self, column: usize) -> Result<Option<i64>, StoreError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Int(value) => Ok(Some(value)),
            other => Err(wrong(column, other, "an integer")),
        }
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
        self.opt_text(column)?.ok_or_else(|| missing(column))
    }

    /// A text or null.
    ///
    /// # Errors
    /// It is neither.
    pub fn opt_text(&self, column: usize) -> Result<Option<String>, StoreError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Text(value) => Ok(Some(value.to_owned())),
            other => Err(wrong(column, other, "a text")),
        }
    }

    /// Bytes.
    ///
    /// # Errors
    /// They aren't.
    pub fn blob(&self, column: usize) -> Result<Vec<u8>, StoreError> {
        self.bytes(column).map(<[u8]>::to_vec)
    }

    /// Bytes or null.
    ///
    /// # Errors
    /// It is neither.
    pub fn opt_blob(&self, column: usize) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.opt_bytes(column)?.map(<[u8]>::to_vec))
    }

    /// Bytes, borrowed from the row: for streams of many rows.
    ///
    /// # Errors
    /// They aren't.
    pub fn bytes(&self, column: usize) -> Result<&[u8], StoreError> {
        self.opt_bytes(column)?.ok_or_else(|| missing(column))
    }

    fn opt_bytes(&self, column: usize) -> Result<Option<&[u8]>, StoreError> {
        match self.value(column)? {
            Value::Null => Ok(None),
            Value::Blob(value) => Ok(Some(value)),
            other => Err(wrong(column, other, "bytes")),
        }
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

fn missing(column: usize) -> StoreError {
    StoreError::Bug(format!("column {column} is null"))
}

fn wrong(column: usize, found: Value<'_>, wanted: &str) -> StoreError {
    let found = match found {
        Value::Null => "null",
        Value::Int(_) => "an integer",
        Value::Text(_) => "a text",
        Value::Blob(_) => "bytes",
    };
    StoreError::Bug(format!("column {column} is {found}, not {wanted}"))
}

/// Anything that can be asked: a [`Reader`] or a [`Tx`](crate::Tx).
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
    connection: &'c Connection,
}

impl<'c> Reader<'c> {
    pub(crate) const fn new(connection: &'c Connection) -> Self {
        Self { connection }
    }

    /// The names of a table's columns, in their order.
    pub(crate) fn columns_of(&mut self, table: &str) -> Result<Vec<String>, StoreError> {
        let sql = self.connection.finds_columns();
        self.query(sql, &[Param::Text(table)], |row| row.text(0))
    }
}

impl Query for Reader<'_> {
    fn walk(
        &mut self,
        sql: &str,
        params: &[Param<'_>],
        each: &mut dyn FnMut(&Row<'_>) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError> {
        self.connection.walk(sql, params, each)
    }
}
