//! Parameters and columns as PostgreSQL has them.

use crate::query::Value;
use crate::{Param, StoreError};
use std::error::Error;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

type Failure = Box<dyn Error + Sync + Send>;

/// The type of a parameter; what has no value may be of any.
pub(super) fn type_of(param: &Param<'_>) -> Type {
    match param {
        Param::Null => Type::UNKNOWN,
        Param::Int(_) => Type::INT8,
        Param::Text(_) => Type::TEXT,
        Param::Blob(_) => Type::BYTEA,
    }
}

impl ToSql for Param<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(value) if *kind == Type::INT4 => i32::try_from(*value)?.to_sql_checked(kind, out),
            Self::Int(value) => value.to_sql_checked(kind, out),
            Self::Text(value) => value.to_sql_checked(kind, out),
            Self::Blob(value) => value.to_sql_checked(kind, out),
        }
    }

    // Whether it fits is checked with the value.
    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// An argument of a statement: one value, or a column of many rows.
#[derive(Debug)]
pub(super) enum Argument<'a> {
    One(Param<'a>),
    Ints(Vec<Option<i64>>),
    Texts(Vec<Option<&'a str>>),
    Blobs(Vec<Option<&'a [u8]>>),
    /// So many rows without a value.
    Nulls(usize),
}

impl<'a> Argument<'a> {
    /// The parameters at this place of all rows. They must be of one kind.
    pub(super) fn column(rows: &[&[Param<'a>]], place: usize) -> Result<Self, StoreError> {
        let column = || rows.iter().filter_map(|row| row.get(place)).copied();
        let all = match column().find(|param| *param != Param::Null) {
            None => Some(Self::Nulls(rows.len())),
            Some(Param::Int(_)) => values(column(), |param| match param {
                Param::Int(value) => Some(value),
                _ => None,
            })
            .map(Self::Ints),
            Some(Param::Text(_)) => values(column(), |param| match param {
                Param::Text(value) => Some(value),
                _ => None,
            })
            .map(Self::Texts),
            Some(_) => values(column(), |param| match param {
                Param::Blob(value) => Some(value),
                _ => None,
            })
            .map(Self::Blobs),
        };
        all.ok_or_else(|| StoreError::Bug(format!("the rows differ in their parameter ${}", place + 1)))
    }
}

/// The values of a column; none if one is of another kind.
fn values<'a, T>(
    column: impl Iterator<Item = Param<'a>>,
    value: impl Fn(Param<'a>) -> Option<T>,
) -> Option<Vec<Option<T>>> {
    column
        .map(|param| match param {
            Param::Null => Some(None),
            param => value(param).map(Some),
        })
        .collect()
}

impl ToSql for Argument<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match self {
            Self::One(param) => param.to_sql(kind, out),
            Self::Ints(values) => values.to_sql_checked(kind, out),
            Self::Texts(values) => values.to_sql_checked(kind, out),
            Self::Blobs(values) => values.to_sql_checked(kind, out),
            Self::Nulls(count) => vec![Param::Null; *count].to_sql(kind, out),
        }
    }

    // Whether it fits is checked with the value.
    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A column of a row, whatever it holds.
pub(crate) fn read(row: &tokio_postgres::Row, column: usize) -> Result<Value<'_>, StoreError> {
    row.try_get(column).map_err(|error| {
        let cause = error.source().map(|cause| format!(": {cause}"));
        StoreError::Bug(format!("{error}{}", cause.unwrap_or_default()))
    })
}

impl<'r> FromSql<'r> for Value<'r> {
    fn from_sql(kind: &Type, raw: &'r [u8]) -> Result<Self, Failure> {
        match *kind {
            Type::INT8 => i64::from_sql(kind, raw).map(Self::Int),
            Type::INT4 => i32::from_sql(kind, raw).map(|value| Self::Int(value.into())),
            Type::INT2 => i16::from_sql(kind, raw).map(|value| Self::Int(value.into())),
            Type::BOOL => bool::from_sql(kind, raw).map(|value| Self::Int(value.into())),
            Type::BYTEA => Ok(Self::Blob(raw)),
            Type::TEXT | Type::VARCHAR | Type::NAME | Type::BPCHAR | Type::UNKNOWN => {
                <&str>::from_sql(kind, raw).map(Self::Text)
            }
            _ => Err(format!("{kind} is no type that this program reads: CAST it to BIGINT or TEXT").into()),
        }
    }

    fn from_sql_null(_: &Type) -> Result<Self, Failure> {
        Ok(Self::Null)
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
