use super::*;
use crate::params;
use crate::{backup, restore};
use haigou_test_postgres::database;
use tempfile::TempDir;

/// A database with something in it, of the engine that is tested.
fn lived_in(folder: &TempDir) -> String {
    let url = database(folder.path(), "old");
    let store = Store::open(&url).unwrap();
    crate::ledger::tamper_tests::live_a_little(&store);
    store
        .write_blocking(|tx| {
            tx.execute("UPDATE desk SET newest_ms = 77", &[])?;
            for number in 0..2_500_i64 {
                let sql = "INSERT INTO sms_code (phone, sent_ms, code_hash, attempt, tries, session) \
                           VALUES ($1, $2, $3, $4, 0, NULL)";
                let attempt = (number % 2 == 0).then_some("步");
                tx.execute(
                    sql,
                    params![&format!("+86{number}"), number, &[7_u8; 32], attempt],
                )?;
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
    url
}

/// Every row of every table, as text.
fn everything(url: &str) -> Vec<String> {
    let store = Store::open_read_only(url).unwrap();
    let mut all = Vec::new();
    store
        .read_blocking(|reader| {
            for table in migrate::tables()
                .into_iter()
                .filter(|&table| table != "writer_lease")
            {
                let columns = reader.columns_of(table)?;
                let sql = format!("SELECT {} FROM {table}", columns.join(", "));
                reader.for_each(&sql, &[], |row| {
                    let values: Vec<_> = (0..columns.len()).map(|column| row.value(column)).collect();
                    all.push(format!("{table} {values:?}"));
                    Ok(())
                })?;
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
    all.sort();
    all
}

fn moved(from: &str, to: &str) -> Result<AuditReport, StoreError> {
    transfer(from, to, &mut |_, _| {})
}

#[test]
fn every_row_arrives_there_and_back() {
    let folder = tempfile::tempdir().unwrap();
    let old = lived_in(&folder);
    let file = format!("sqlite:{}/moved.db", folder.path().display());
    let back = database(folder.path(), "back");
    let mut told = 0;
    let report = transfer(&old, &file, &mut |_, rows| told += rows).unwrap();
    assert!(report.ok && report.entries > 0);
    assert_eq!(moved(&file, &back).unwrap(), report);
    let all = everything(&old);
    assert_eq!(usize::try_from(told).unwrap(), all.len());
    assert_eq!(everything(&file), all);
    assert_eq!(everything(&back), all);
}

#[test]
fn nothing_is_moved_onto_something_or_from_under_a_writer() {
    let folder = tempfile::tempdir().unwrap();
    let (old, other) = (lived_in(&folder), database(folder.path(), "other"));
    moved(&old, &other).unwrap();
    let before = everything(&other);
    let refused = moved(&old, &other).unwrap_err();
    assert!(
        matches!(refused, StoreError::NotEmpty(_) | StoreError::Exists(_)),
        "{refused}"
    );
    assert_eq!(everything(&other), before);
    let nowhere = format!("sqlite:{}/none.db", folder.path().display());
    assert!(matches!(moved(&nowhere, &other), Err(StoreError::Missing(_))));
    let writer = Store::open(&old).unwrap();
    writer.write_blocking(|_| Ok::<_, StoreError>(())).unwrap();
    let new = database(folder.path(), "new");
    let refused = moved(&old, &new).unwrap_err();
    assert!(
        matches!(refused, StoreError::InUse(_) | StoreError::Held { .. }),
        "{refused}"
    );
}

#[test]
fn books_that_differ_are_not_moved() {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (lived_in(&folder), database(folder.path(), "new"));
    let spoil = "UPDATE journal SET at_ms = at_ms + 1 WHERE seq = 1";
    let store = Store::open(&old).unwrap();
    store.write_blocking(|tx| tx.execute(spoil, &[])).unwrap();
    drop(store);
    let refused = moved(&old, &new).unwrap_err();
    assert!(matches!(refused, StoreError::Unproved { .. }), "{refused}");
    let empty = Store::open(&new).unwrap();
    assert_eq!(is_empty(&empty), Ok(()));
}

#[test]
fn a_backup_is_a_file_whatever_it_was_made_of() {
    let folder = tempfile::tempdir().unwrap();
    let url = lived_in(&folder);
    // While a server works on it.
    let working = Store::open(&url).unwrap();
    working.write_blocking(|_| Ok::<_, StoreError>(())).unwrap();
    let copy = folder.path().join("copy.db");
    backup(&url, &copy).unwrap();
    assert_eq!(backup(&url, &copy), Err(StoreError::Exists(copy.clone())));
    assert_eq!(
        everything(&format!("sqlite:{}", copy.display())),
        everything(&url)
    );
    let back = database(folder.path(), "back");
    restore(&copy, &back).unwrap();
    assert_eq!(everything(&back), everything(&url));
    assert!(restore(&copy, &back).is_err());
}

#[test]
fn no_table_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite:{}/h.db", folder.path().display())).unwrap();
    let sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('schema_version') ORDER BY name";
    let there = store.read_blocking(|r| r.query(sql, &[], |row| row.text(0)));
    let mut known = migrate::tables();
    known.sort_unstable();
    assert_eq!(there.unwrap(), known);
}
