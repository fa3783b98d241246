//! A damaged store is put aside, and what can be read of it is kept.

use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags};

use crate::PhoneError;

/// How the names of files begin that were put aside.
pub(super) const ASIDE: &str = "damaged-";

/// Renames the file and what belongs to it. The new name carries the moment.
pub(crate) fn put_aside(path: &Path, now_ms: i64) -> Result<PathBuf, PhoneError> {
    let stamp = haigou_contract::moment(now_ms).format("%Y%m%d-%H%M%S");
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    let mut aside = path.with_file_name(format!("{ASIDE}{stamp}.{extension}"));
    for again in 2..1000 {
        if !aside.exists() {
            break;
        }
        aside = path.with_file_name(format!("{ASIDE}{stamp}-{again}.{extension}"));
    }
    for end in ["", "-wal", "-shm"] {
        match std::fs::rename(with_end(path, end), with_end(&aside, end)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(e.into()),
            _ => {}
        }
    }
    Ok(aside)
}

fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

/// Copies every row that can be read, and tells how many. A table is read from both of its ends, so that a hole in
/// the middle costs no more than itself.
pub(super) fn salvage(aside: &Path, fresh: &mut Connection) -> Result<u64, PhoneError> {
    let Ok(old) = Connection::open_with_flags(aside, OpenFlags::SQLITE_OPEN_READ_WRITE) else {
        return Ok(0);
    };
    let tables: Vec<String> = fresh
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let tx = fresh.transaction()?;
    let mut kept = 0;
    for table in &tables {
        // An older version's table lacks columns.
        let known = columns(&old, table).unwrap_or_default();
        let mut columns = columns(&tx, table)?;
        columns.retain(|column| known.is_empty() || known.contains(column));
        for order in ["ASC", "DESC"] {
            // A table that can't even be prepared is lost; the others may not be.
            kept += copy(&old, &tx, table, &columns, order).unwrap_or(0);
        }
    }
    // Rows whose upload is lost are sent again. The server counts each minute once.
    for table in ["minute", "activity"] {
        let sql = format!(
            "UPDATE {table} SET upload = NULL WHERE upload IS NOT NULL AND upload NOT IN (SELECT id FROM upload)"
        );
        tx.execute(&sql, [])?;
    }
    tx.execute("DELETE FROM sent WHERE upload NOT IN (SELECT id FROM upload)", [])?;
    tx.commit()?;
    Ok(kept)
}

fn columns(fresh: &Connection, table: &str) -> Result<Vec<String>, PhoneError> {
    let sql = format!("SELECT name FROM pragma_table_info('{table}')");
    let names = fresh
        .prepare(&sql)?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(names)
}

fn has_rowid(fresh: &Connection, table: &str) -> Result<bool, PhoneError> {
    let sql = "SELECT wr = 0 FROM pragma_table_list WHERE schema = 'main' AND name = ?1";
    Ok(fresh.query_row(sql, [table], |row| row.get(0))?)
}

/// The columns of the primary key, in its order, each with a mark for the direction.
fn key_of(fresh: &Connection, table: &str) -> Result<Vec<String>, PhoneError> {
    let sql = format!("SELECT name FROM pragma_table_info('{table}') WHERE pk > 0 ORDER BY pk");
    let names = fresh
        .prepare(&sql)?
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    Ok(names)
}

fn copy(
    old: &Connection,
    fresh: &Connection,
    table: &str,
    columns: &[String],
    order: &str,
) -> Result<u64, PhoneError> {
    let list = columns.join(", ");
    let marks = vec!["?"; columns.len()].join(", ");
    let mut insert = fresh.prepare(&format!(
        "INSERT OR IGNORE INTO {table} ({list}) VALUES ({marks})"
    ))?;
    // Tables without row ids lie in the order of their primary key.
    let by = if has_rowid(fresh, table)? {
        vec!["rowid".to_owned()]
    } else {
        key_of(fresh, table)?
    };
    let by: Vec<String> = by.iter().map(|column| format!("{column} {order}")).collect();
    let by = by.join(", ");
    // NOT INDEXED: an index may be damaged where the table itself is whole.
    let mut select = old.prepare(&format!("SELECT {list} FROM {table} NOT INDEXED ORDER BY {by}"))?;
    let mut rows = select.query([])?;
    let mut kept = 0;
    // An error ends this direction: from here on the file can't be read.
    while let Ok(Some(row)) = rows.next() {
        let values: Result<Vec<Value>, _> = (0..columns.len()).map(|column| row.get(column)).collect();
        let Ok(values) = values else { continue };
        // A row that breaks a constraint of the table was not ours any more.
        if let Ok(count) = insert.execute(rusqlite::params_from_iter(values)) {
            kept += u64::try_from(count).unwrap_or(0);
        }
    }
    Ok(kept)
}
