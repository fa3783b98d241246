//! Looks that the commands of a batch are going to take, taken together: where the database is behind a network, each by
//! itself would be a way there and back.

use crate::engine::Connection;
use crate::tx::{Value, values};
use crate::{Param, Row, StoreError};
use foldhash::HashMap;
use std::ops::ControlFlow;

/// What commands are going to look at first.
#[derive(Debug, Default)]
pub struct Ahead {
    /// The parameters of each statement's looks.
    looks: HashMap<String, Vec<Vec<Value>>>,
}

impl Ahead {
    /// A look by a key, with the statement word for word as the command will have it. It must be one that can't fail.
    pub fn look(&mut self, sql: &str, key: &[Param<'_>]) {
        if key.iter().any(Param::has_zero) {
            return;
        }
        let key = values(key);
        match self.looks.get_mut(sql) {
            Some(keys) => keys.push(key),
            None => {
                self.looks.insert(sql.to_owned(), vec![key]);
            }
        }
    }

    /// Takes all of them.
    pub(crate) fn take(self, connection: &Connection) -> Result<Seen, StoreError> {
        let looks = self.looks.iter();
        let asked: Vec<_> = looks.map(|(sql, keys)| (sql.as_str(), keys.as_slice())).collect();
        let rows = connection.look_all(&asked)?;
        let seen = self.looks.into_iter().zip(rows);
        Ok(Seen(
            seen.map(|((sql, keys), rows)| (sql, keys.into_iter().zip(rows).collect()))
                .collect(),
        ))
    }
}

/// What was seen, by statement and key.
#[derive(Default)]
pub(crate) struct Seen(HashMap<String, HashMap<Vec<Value>, Rows>>);

impl Seen {
    /// What this look found; none if it wasn't taken.
    pub(crate) fn find(&self, sql: &str, key: &[Param<'_>]) -> Option<&Rows> {
        self.0.get(sql)?.get(&values(key))
    }

    /// It may look different by now.
    pub(crate) fn forget(&mut self) {
        self.0.clear();
    }
}

/// The rows that one look found.
#[derive(Default)]
pub(crate) struct Rows(pub(crate) Vec<tokio_postgres::Row>);

impl Rows {
    pub(crate) fn walk(
        &self,
        each: &mut dyn FnMut(&Row<'_>) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError> {
        for row in &self.0 {
            if each(&Row::of_postgres(row))?.is_break() {
                break;
            }
        }
        Ok(())
    }
}
