//! What is sent in one burst: the rows of one `INSERT` as arrays of one statement, everything else as it came.

use super::value::Argument;
use crate::ahead::Rows;
use crate::{Param, StoreError};
use std::collections::HashSet;
use tokio_postgres::{Row, Statement};

/// Statements that are sent as one.
pub(super) struct Group<'q> {
    pub(super) sql: &'q str,
    pub(super) rows: Vec<&'q [Param<'q>]>,
    insert: Option<Insert<'q>>,
    /// The keys of the rows, where two rows with one key would mean something.
    keys: HashSet<Vec<Param<'q>>>,
}

/// An `INSERT` of single values.
struct Insert<'q> {
    table: &'q str,
    /// Which parameters are the key of its `ON CONFLICT`.
    key: Option<Vec<usize>>,
}

/// Puts the rows of the same `INSERT` together. The order in which a table is written stays as it is: what reads, changes
/// or deletes, and another way of writing the same table, are never overtaken.
pub(super) fn group<'q>(statements: impl Iterator<Item = (&'q str, &'q [Param<'q>])>) -> Vec<Group<'q>> {
    let mut groups: Vec<Group<'q>> = Vec::new();
    let mut open = 0;
    for (sql, params) in statements {
        let insert = Insert::read(sql, params.len());
        if insert.is_none() {
            open = groups.len() + 1;
        }
        let same = insert.as_ref().and_then(|insert| {
            let mut waiting = groups.iter_mut().skip(open);
            waiting.find(|group| {
                group
                    .insert
                    .as_ref()
                    .is_some_and(|other| other.table == insert.table)
            })
        });
        let key: Option<Vec<_>> = insert.as_ref().and_then(|insert| {
            let key = insert.key.as_ref()?;
            key.iter().map(|&place| params.get(place).copied()).collect()
        });
        if let Some(group) = same {
            if group.sql == sql && key.as_ref().is_none_or(|key| group.keys.insert(key.clone())) {
                group.rows.push(params);
                continue;
            }
            open = groups.len();
        }
        groups.push(Group {
            sql,
            rows: vec![params],
            insert,
            keys: key.into_iter().collect(),
        });
    }
    groups
}

impl<'q> Group<'q> {
    /// The text that takes all rows at once, where there are several.
    pub(super) fn over_arrays(&self, one: &Statement) -> Option<String> {
        if self.rows.len() < 2 {
            return None;
        }
        let (before, after) = self.sql.split_once(&values(one.params().len()))?;
        let arrays: Vec<_> = (1..)
            .zip(one.params())
            .map(|(number, kind)| format!("${number}::{kind}[]"))
            .collect();
        Some(format!(
            "{before}SELECT * FROM unnest({}){after}",
            arrays.join(", ")
        ))
    }

    /// The arguments: of the one row, or arrays of all.
    pub(super) fn arguments(&self) -> Result<Vec<Argument<'q>>, StoreError> {
        match self.rows.as_slice() {
            [one] => Ok(one.iter().copied().map(Argument::One).collect()),
            rows => columns(rows),
        }
    }
}

/// Rows of parameters as an array for each column.
pub(super) fn columns<'q>(rows: &[&[Param<'q>]]) -> Result<Vec<Argument<'q>>, StoreError> {
    let width = rows.first().map_or(0, |row| row.len());
    (0..width).map(|place| Argument::column(rows, place)).collect()
}

/// The text that takes the looks of one statement all at once, a row of the arrays for each. Behind the columns of what is
/// found comes the number of the look, from 1.
pub(super) fn looks_over_arrays(sql: &str, one: &Statement) -> String {
    let numbered = || (1..).zip(one.params());
    // From behind, so that `$1` isn't found in `$10`.
    let look = (1..=one.params().len())
        .rev()
        .fold(sql.to_owned(), |sql, number| {
            sql.replace(&format!("${number}"), &format!("looks.key_{number}"))
        });
    let arrays: Vec<_> = numbered()
        .map(|(number, kind)| format!("${number}::{kind}[]"))
        .collect();
    let keys: Vec<_> = numbered().map(|(number, _)| format!("key_{number}")).collect();
    format!(
        "SELECT found.*, looks.nth FROM unnest({}) WITH ORDINALITY AS looks ({}, nth), LATERAL ({look}) AS found",
        arrays.join(", "),
        keys.join(", ")
    )
}

/// What so many looks at once found, look by look.
pub(super) fn sorted_by_look(rows: Vec<Row>, looks: usize) -> Result<Vec<Rows>, StoreError> {
    let mut found: Vec<Rows> = (0..looks).map(|_| Rows::default()).collect();
    for row in rows {
        let last = row.len().saturating_sub(1);
        let nth: i64 = row
            .try_get(last)
            .map_err(|error| StoreError::Bug(error.to_string()))?;
        let place = usize::try_from(nth).ok().and_then(|nth| nth.checked_sub(1));
        let of_look = place.and_then(|place| found.get_mut(place));
        of_look
            .ok_or_else(|| StoreError::Bug(format!("there is no look {nth}")))?
            .0
            .push(row);
    }
    Ok(found)
}

impl<'q> Insert<'q> {
    fn read(sql: &'q str, count: usize) -> Option<Self> {
        let (table, rest) = sql.strip_prefix("INSERT INTO ")?.split_once(" (")?;
        let (columns, rest) = rest.split_once(')')?;
        let (_, after) = rest.split_once(&values(count))?;
        let key = match after.split_once("ON CONFLICT (") {
            None => None,
            Some((_, rest)) => {
                let (names, _) = rest.split_once(')')?;
                let place = |name: &str| columns.split(',').position(|column| column.trim() == name.trim());
                Some(names.split(',').map(place).collect::<Option<_>>()?)
            }
        };
        Some(Self { table, key })
    }
}

/// `VALUES ($1, ..., $n)`.
fn values(count: usize) -> String {
    let numbers: Vec<_> = (1..=count).map(|number| format!("${number}")).collect();
    format!("VALUES ({})", numbers.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params;

    const PUT: &str = "INSERT INTO a (x, y) VALUES ($1, $2)";
    const KEEP: &str = "INSERT INTO b (x, y) VALUES ($1, $2) ON CONFLICT (x) DO UPDATE SET y = excluded.y";
    const MORE: &str =
        "INSERT INTO b (x, y) VALUES ($1, $2) ON CONFLICT (x) DO UPDATE SET y = b.y + excluded.y";
    const DROP: &str = "DELETE FROM a WHERE x = $1";

    #[test]
    fn rows_of_one_insert_go_together_and_nothing_overtakes_what_matters_to_it() {
        let statements = [
            (PUT, params![1_i64, 1_i64]),
            (KEEP, params![1_i64, 1_i64]),
            (PUT, params![2_i64, 1_i64]),
            (KEEP, params![2_i64, 1_i64]),
            // The same key once more: behind the first.
            (KEEP, params![1_i64, 2_i64]),
            (PUT, params![3_i64, 1_i64]),
            // Another way of writing the same table.
            (MORE, params![9_i64, 1_i64]),
            (DROP, params![1_i64]),
            (PUT, params![1_i64, 4_i64]),
        ];
        let sent: Vec<_> = group(statements.into_iter())
            .iter()
            .map(|group| (group.sql, group.rows.len()))
            .collect();
        assert_eq!(
            sent,
            [
                (PUT, 2),
                (KEEP, 2),
                (KEEP, 1),
                (PUT, 1),
                (MORE, 1),
                (DROP, 1),
                (PUT, 1)
            ]
        );
    }

    #[test]
    fn only_inserts_of_single_values_are_put_together() {
        for sql in [
            "INSERT INTO a (x, y) VALUES ($1, (SELECT COUNT(*) FROM a))",
            "INSERT INTO a (x, y) VALUES ($2, $1)",
            "UPDATE a SET x = $1, y = $2",
        ] {
            assert!(Insert::read(sql, 2).is_none(), "{sql}");
        }
    }
}
