use super::*;
use crate::{Query, newest_version, params};
use haigou_test_postgres::{database, on_postgres};
use std::fs;
use std::path::PathBuf;

fn url(folder: &tempfile::TempDir) -> String {
    database(folder.path(), "h")
}

fn file(folder: &tempfile::TempDir) -> String {
    format!("sqlite:{}/h.db", folder.path().display())
}

fn error(url: &str) -> StoreError {
    Store::open(url).map(|_| ()).unwrap_err()
}

/// Changes a closed database behind the program's back.
fn tamper(url: &str, sql: &str) {
    Place::parse(url)
        .unwrap()
        .open_writer()
        .unwrap()
        .batch(sql)
        .unwrap();
}

#[test]
fn a_second_program_is_refused_until_the_first_has_gone() {
    let folder = tempfile::tempdir().unwrap();
    let first = Store::open(&file(&folder)).unwrap();
    let refused = error(&file(&folder));
    assert_eq!(refused, StoreError::InUse(folder.path().join("h.db")));
    assert!(refused.to_string().contains("another haigou"));
    // Looking at it is always possible.
    Store::open_read_only(&file(&folder)).unwrap();
    drop(first);
    Store::open(&file(&folder)).unwrap();
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
    for sql in [foreign, newer] {
        let folder = tempfile::tempdir().unwrap();
        let url = url(&folder);
        let path = PathBuf::from(Store::open(&url).unwrap().place());
        tamper(&url, sql);
        let expected = match sql == newer {
            false => StoreError::ForeignSchema { path, version: 4 },
            true => StoreError::NewerVersion {
                path,
                found: 9999,
                known: newest_version(),
            },
        };
        let before = versions(&url);
        assert_eq!(error(&url), expected);
        assert_eq!(Store::open_read_only(&url).map(drop).unwrap_err(), expected);
        assert_eq!(versions(&url), before);
    }
}

/// What the database says that was applied to it.
fn versions(url: &str) -> Vec<(i64, String, i64)> {
    let connection = Place::parse(url).unwrap().open_reader().unwrap();
    let sql = "SELECT version, checksum, applied_at FROM schema_version ORDER BY version";
    let read = |row: &crate::Row<'_>| Ok((row.int(0)?, row.text(1)?, row.int(2)?));
    Reader::new(&connection).query(sql, &[], read).unwrap()
}

#[test]
fn a_file_of_a_newer_version_keeps_every_byte() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("h.db");
    drop(Store::open(&file(&folder)).unwrap());
    tamper(
        &file(&folder),
        "PRAGMA journal_mode = DELETE; INSERT INTO schema_version VALUES (9999, 'from_the_future', 'x', 0)",
    );
    let before = fs::read(&path).unwrap();
    assert!(matches!(error(&file(&folder)), StoreError::NewerVersion { .. }));
    assert!(fs::read(&path).unwrap() == before, "the file has changed");
}

#[test]
fn what_is_no_database_is_named_and_left_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("h.db");
    let text = "a letter that somebody keeps here; ".repeat(100);
    fs::write(&path, &text).unwrap();
    assert!(matches!(error(&file(&folder)), StoreError::Corrupt { path: named, .. } if named == path));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[test]
fn addresses_of_other_kinds_are_refused() {
    for url in ["", "sqlite:", "h.db", "mysql://h/h", "sqlite::memory:"] {
        assert_eq!(error(url), StoreError::Url(url.to_owned()));
    }
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("h.db");
    let refused = Store::open_read_only(&file(&folder)).map(|_| ()).unwrap_err();
    assert_eq!(refused, StoreError::Missing(missing));
}

#[test]
fn a_locked_file_is_busy_and_not_waited_for_without_end() {
    let folder = tempfile::tempdir().unwrap();
    drop(Store::open(&file(&folder)).unwrap());
    let other = rusqlite::Connection::open(folder.path().join("h.db")).unwrap();
    other
        .execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; UPDATE desk SET newest_ms = 1")
        .unwrap();
    assert!(matches!(error(&file(&folder)), StoreError::Busy(_)));
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

#[test]
fn connections_that_were_cut_are_made_anew() {
    if !on_postgres() {
        return; // nobody can cut the connection to a file
    }
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&url(&folder)).unwrap();
    let mine = "SELECT pg_backend_pid()";
    for _ in 0..3 {
        let writer = store.write_blocking(|tx| tx.query_one(mine, &[], |row| row.int(0)));
        let reader = store.read_blocking(|r| r.query_one(mine, &[], |row| row.int(0)));
        for pid in [writer.unwrap().unwrap(), reader.unwrap().unwrap()] {
            tamper(&url(&folder), &format!("SELECT pg_terminate_backend({pid})"));
        }
    }
    // Within a transaction it can't go unnoticed.
    let cut = store.write_blocking(|tx| {
        let pid = tx.query_one(mine, &[], |row| row.int(0))?.unwrap();
        tamper(&url(&folder), &format!("SELECT pg_terminate_backend({pid})"));
        tx.execute("UPDATE desk SET newest_ms = 5", &[])
    });
    assert!(matches!(cut, Err(StoreError::Unreachable { .. })), "{cut:?}");
    let newest = store.read_blocking(|r| r.query_one("SELECT newest_ms FROM desk", &[], |row| row.int(0)));
    assert_eq!(newest, Ok(Some(0)));
}

#[test]
fn what_a_failed_statement_spoiled_is_not_committed_in_silence() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&url(&folder)).unwrap();
    let done = store.write_blocking(|tx| {
        tx.execute("UPDATE desk SET newest_ms = 5", &[])?;
        let _overlooked = tx.execute("INSERT INTO desk (id, newest_ms) VALUES (1, 1)", &[]);
        Ok::<_, StoreError>(())
    });
    let newest = store.read_blocking(|r| r.query_one("SELECT newest_ms FROM desk", &[], |row| row.int(0)));
    assert_eq!(newest, Ok(Some(if done.is_ok() { 5 } else { 0 })));
}

#[test]
fn a_text_that_cannot_be_stored_is_not_found() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&url(&folder)).unwrap();
    let sql = "SELECT 1 FROM idempotency WHERE scope = $1 AND idempotency_key = $2";
    let found = store.read_blocking(|r| r.query_one(sql, params!["a\0b", "k"], |row| row.int(0)));
    assert_eq!(found, Ok(None));
}
