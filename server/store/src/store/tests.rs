use super::*;
use crate::{Query, newest_version, params};
use std::fs;

fn url(folder: &tempfile::TempDir) -> String {
    format!("sqlite:{}/h.db", folder.path().display())
}

fn error(url: &str) -> StoreError {
    Store::open(url).map(|_| ()).unwrap_err()
}

/// Changes a closed database behind the program's back.
fn tamper(folder: &tempfile::TempDir, sql: &str) {
    let connection = Connection::open(folder.path().join("h.db")).unwrap();
    connection.execute_batch(sql).unwrap();
}

#[test]
fn a_second_program_is_refused_until_the_first_has_gone() {
    let folder = tempfile::tempdir().unwrap();
    let first = Store::open(&url(&folder)).unwrap();
    let refused = error(&url(&folder));
    assert_eq!(refused, StoreError::InUse(folder.path().join("h.db")));
    assert!(refused.to_string().contains("another haigou"));
    // Looking at it is always possible.
    Store::open_read_only(&url(&folder)).unwrap();
    drop(first);
    Store::open(&url(&folder)).unwrap();
}

#[test]
fn migrations_are_applied_once() {
    let folder = tempfile::tempdir().unwrap();
    let applied = Store::open(&url(&folder)).unwrap().applied().to_vec();
    assert_eq!(applied.last(), Some(&newest_version()));
    assert!(applied.is_sorted());
    assert!(Store::open(&url(&folder)).unwrap().applied().is_empty());
}

#[test]
fn a_newer_or_foreign_database_is_left_untouched() {
    let newer = "INSERT INTO schema_version VALUES (9999, 'from_the_future', 'x', 0)";
    let foreign = "UPDATE schema_version SET checksum = 'x' WHERE version = 4";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("h.db");
    for (sql, expected) in [
        (
            foreign,
            StoreError::ForeignSchema {
                path: path.clone(),
                version: 4,
            },
        ),
        (
            newer,
            StoreError::NewerVersion {
                path: path.clone(),
                found: 9999,
                known: newest_version(),
            },
        ),
    ] {
        drop(Store::open(&url(&folder)).unwrap_or_else(|_| panic!("{sql}")));
        tamper(&folder, &format!("PRAGMA journal_mode = DELETE; {sql}"));
        let before = fs::read(&path).unwrap();
        assert_eq!(error(&url(&folder)), expected);
        assert_eq!(
            Store::open_read_only(&url(&folder)).map(|_| ()).unwrap_err(),
            expected
        );
        assert!(fs::read(&path).unwrap() == before, "the file has changed");
        fs::remove_file(&path).unwrap();
    }
}

#[test]
fn what_is_no_database_is_named_and_left_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("h.db");
    let text = "a letter that somebody keeps here; ".repeat(100);
    fs::write(&path, &text).unwrap();
    assert!(matches!(error(&url(&folder)), StoreError::Corrupt { path: named, .. } if named == path));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn addresses_of_other_kinds_are_refused() {
    for url in ["", "sqlite:", "h.db", "postgres://h", "sqlite::memory:"] {
        assert_eq!(error(url), StoreError::Url(url.to_owned()));
    }
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("h.db");
    let refused = Store::open_read_only(&url(&folder)).map(|_| ()).unwrap_err();
    assert_eq!(refused, StoreError::Missing(missing));
}

#[test]
fn a_locked_file_is_busy_and_not_waited_for_without_end() {
    let folder = tempfile::tempdir().unwrap();
    drop(Store::open(&url(&folder)).unwrap());
    let other = Connection::open(folder.path().join("h.db")).unwrap();
    other
        .execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; UPDATE desk SET newest_ms = 1")
        .unwrap();
    assert!(matches!(error(&url(&folder)), StoreError::Busy(_)));
}

#[test]
fn a_read_sees_one_state_and_can_write_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&url(&folder)).unwrap();
    let newest = |r: &mut Reader<'_>| r.query_one("SELECT newest_ms FROM desk", &[], |row| row.int(0));
    store
        .read_blocking(|r| {
            assert_eq!(newest(r)?, Some(0));
            store.write_blocking(|tx| tx.execute("UPDATE desk SET newest_ms = 5", &[]))?;
            assert_eq!(newest(r)?, Some(0));
            assert!(
                r.query_one("DELETE FROM desk RETURNING id", &[], |row| row.int(0))
                    .is_err()
            );
            Ok::<_, StoreError>(())
        })
        .unwrap();
    assert_eq!(store.read_blocking(newest).unwrap(), Some(5));
}

#[test]
fn readers_come_back_also_after_a_panic() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&url(&folder)).unwrap();
    for _ in 0..=READERS {
        let read = || store.read_blocking(|_| -> Result<(), StoreError> { panic!("as told") });
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(read)).is_err());
        let write = || store.write_blocking(|_| -> Result<(), StoreError> { panic!("as told") });
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(write)).is_err());
    }
    store
        .write_blocking(|tx| tx.execute("UPDATE desk SET newest_ms = 5", &[]))
        .unwrap();
    assert!(
        store
            .read_blocking(|r| r.query_one("SELECT 1", &[], |row| row.flag(0)))
            .unwrap()
            .unwrap()
    );
}

#[test]
fn parameters_are_bound_by_their_number() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&url(&folder)).unwrap();
    store
        .read_blocking(|r| {
            let both = r.query_one("SELECT $2, $1, $2", params!["one", 2_i64], |row| {
                Ok((row.int(0)?, row.text(1)?, row.int(2)?))
            })?;
            assert_eq!(both, Some((2, "one".to_owned(), 2)));
            for (sql, given) in [
                ("SELECT $1", params![]),
                ("SELECT $1", params![1_i64, 2_i64]),
                ("SELECT $2", params![1_i64]),
                ("SELECT ?1", params![1_i64]),
                ("SELECT $x", params![1_i64]),
                ("SELECT nonsense", params![]),
            ] {
                let refused = r.query_one(sql, given, |row| row.int(0)).unwrap_err();
                assert!(
                    matches!(&refused, StoreError::Bug(why) if why.ends_with(sql)),
                    "{refused}"
                );
            }
            Ok::<_, StoreError>(())
        })
        .unwrap();
}

#[test]
fn values_come_back_as_what_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&url(&folder)).unwrap();
    let given = params![None::<i64>, i64::MIN, "步", &[1_u8, 2], true];
    store
        .read_blocking(|r| {
            r.query_one("SELECT $1, $2, $3, $4, $5", given, |row| {
                assert_eq!(
                    (row.opt_int(0)?, row.opt_text(0)?, row.opt_blob(0)?),
                    (None, None, None)
                );
                assert_eq!(row.int(1)?, i64::MIN);
                assert_eq!(row.text(2)?, "步");
                assert_eq!(
                    (row.blob(3)?, row.bytes(3)?, row.array::<2>(3)?),
                    (vec![1, 2], &[1, 2][..], [1, 2])
                );
                assert!(row.flag(4)?);
                assert!(row.int(2).is_err() && row.text(1).is_err() && row.int(9).is_err());
                assert!(row.array::<3>(3).is_err());
                Ok(())
            })
        })
        .unwrap();
}

#[test]
fn a_failed_step_is_undone_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&url(&folder)).unwrap();
    store
        .write_blocking(|tx| {
            tx.execute("UPDATE desk SET newest_ms = 1", &[])?;
            let failed = tx.savepoint(|tx| {
                tx.execute("UPDATE desk SET newest_ms = 2", &[])?;
                tx.execute(
                    "INSERT INTO desk (id, newest_ms) VALUES ($1, $2)",
                    params![1_i64, 3_i64],
                )
            });
            assert!(matches!(failed, Err(StoreError::Constraint(_))));
            let inner = tx.savepoint(|tx| {
                tx.savepoint(|tx| tx.execute("UPDATE desk SET newest_ms = newest_ms + 10", &[]))
            });
            assert_eq!(inner, Ok(1));
            Ok::<_, StoreError>(())
        })
        .unwrap();
    let newest = store.read_blocking(|r| r.query_one("SELECT newest_ms FROM desk", &[], |row| row.int(0)));
    assert_eq!(newest, Ok(Some(11)));
}
