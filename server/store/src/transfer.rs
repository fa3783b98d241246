//! A whole database copied row by row into an empty one, of either engine.

#[cfg(test)]
mod tests;

use crate::backup::{beside, name, settle};
use crate::engine::Place;
use crate::ledger::{AuditReport, audit};
use crate::query::Value as Held;
use crate::tx::Value;
use crate::{Param, Query as _, Reader, Store, StoreError, Tx, migrate};
use std::path::Path;

/// How many rows are sent together.
const TOGETHER: usize = 1000;

/// Is told how many rows of a table were copied.
pub type Progress<'p> = dyn FnMut(&str, u64) + 'p;

/// Copies the database at one address to an empty one at another, of the same engine or the other, and proves the books
/// on both sides: they have the same head. Nobody may write to it meanwhile: a server that works on it must be stopped
/// before. Answers the audit of the copy. If anything goes wrong, nothing of the copy stands.
///
/// # Errors
/// The source is in use, isn't there, or its books differ from their journal; the target isn't empty; a database fails.
pub fn transfer(from: &str, to: &str, progress: &mut Progress<'_>) -> Result<AuditReport, StoreError> {
    if !Place::parse(from)?.is_there() {
        return Err(StoreError::Missing(Place::parse(from)?.name()));
    }
    let source = Store::open(from)?;
    // Takes the lease where there is one.
    let nobody_else_writes = || source.write_blocking(|_| Ok::<_, StoreError>(()));
    nobody_else_writes()?;
    into_empty(&Place::parse(to)?, |target| {
        source.read_blocking(|reader| {
            let before = proved(audit(reader)?, &source)?;
            target.write_blocking(|tx| {
                copy(reader, tx, progress)?;
                let after = proved(audit(tx)?, target)?;
                if (&after.head_hash, after.entries) != (&before.head_hash, before.entries) {
                    return Err(StoreError::Bug("the copy's journal isn't the same".to_owned()));
                }
                nobody_else_writes()?;
                Ok(after)
            })
        })
    })
}

/// Copies a state of a database to an empty one, also while servers work on it.
pub(crate) fn copy_as_it_is(from: &str, to: &Place) -> Result<(), StoreError> {
    let source = Store::open_read_only(from)?;
    into_empty(to, |target| {
        source.read_blocking(|reader| target.write_blocking(|tx| copy(reader, tx, &mut |_, _| {})))
    })
}

/// Opens an empty database, and lets it be filled. A file gets its name when it is whole.
fn into_empty<T>(to: &Place, fill: impl FnOnce(&Store) -> Result<T, StoreError>) -> Result<T, StoreError> {
    let Place::Sqlite(path) = to else {
        let target = Store::open_at(to.clone())?;
        return is_empty(&target).and_then(|()| fill(&target));
    };
    if path.exists() {
        return Err(StoreError::Exists(path.clone()));
    }
    let unfinished = beside(path, ".unfinished");
    let _gone = std::fs::remove_file(&unfinished);
    let filled = Store::open_at(Place::Sqlite(unfinished.clone()))
        .and_then(|target| fill(&target))
        .and_then(|outcome| {
            settle(&unfinished)?;
            name(&unfinished, path)?;
            Ok(outcome)
        });
    for ending in ["", "-wal", "-shm", ".lock"] {
        let _gone = std::fs::remove_file(beside(&unfinished, ending));
    }
    filled
}

/// Refuses a database in which anything stands that a new one hasn't.
fn is_empty(store: &Store) -> Result<(), StoreError> {
    store.read_blocking(|reader| {
        for table in migrate::tables() {
            let sql = format!("SELECT 1 FROM {table} LIMIT 1");
            if !migrate::is_seeded(table) && reader.query_one(&sql, &[], |row| row.flag(0))?.is_some() {
                return Err(StoreError::NotEmpty(store.place().into()));
            }
        }
        Ok(())
    })
}

fn proved(report: AuditReport, store: &Store) -> Result<AuditReport, StoreError> {
    match report.findings.first() {
        None => Ok(report),
        Some(finding) => Err(StoreError::Unproved {
            path: Path::new(&store.place()).to_owned(),
            finding: finding.to_string(),
        }),
    }
}

/// Copies every table but the lease, which belongs to the place.
fn copy(reader: &mut Reader<'_>, tx: &mut Tx<'_>, progress: &mut Progress<'_>) -> Result<(), StoreError> {
    let tables: Vec<_> = migrate::tables()
        .into_iter()
        .filter(|&table| table != "writer_lease")
        .collect();
    for table in tables.iter().rev().filter(|table| migrate::is_seeded(table)) {
        tx.execute(&format!("DELETE FROM {table}"), &[])?;
    }
    for table in tables {
        let rows = copy_table(table, reader, tx)?;
        progress(table, rows);
    }
    Ok(())
}

fn copy_table(table: &str, reader: &mut Reader<'_>, tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let columns = reader.columns_of(table)?;
    let numbers: Vec<_> = (1..=columns.len()).map(|number| format!("${number}")).collect();
    let (names, values) = (columns.join(", "), numbers.join(", "));
    let insert = format!("INSERT INTO {table} ({names}) VALUES ({values})");
    let mut waiting: Vec<Vec<Value>> = Vec::new();
    let mut copied = 0;
    // In the order of its key: who is named by another row (a sponsor) comes before it.
    reader.for_each(&format!("SELECT {names} FROM {table} ORDER BY 1"), &[], |row| {
        let values = (0..columns.len()).map(|column| Ok(Value::from(as_param(row.value(column)?))));
        waiting.push(values.collect::<Result<_, StoreError>>()?);
        if waiting.len() == TOGETHER {
            copied += tx.execute_rows(&insert, &waiting)?;
            waiting.clear();
        }
        Ok(())
    })?;
    Ok(copied + tx.execute_rows(&insert, &waiting)?)
}

const fn as_param(held: Held<'_>) -> Param<'_> {
    match held {
        Held::Null => Param::Null,
        Held::Int(value) => Param::Int(value),
        Held::Text(value) => Param::Text(value),
        Held::Blob(value) => Param::Blob(value),
    }
}
