use super::*;
use crate::{Query, Store, params};
use std::fs;

struct House {
    folder: tempfile::TempDir,
}

impl House {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn url(&self, name: &str) -> String {
        format!("sqlite:{}", self.file(name).display())
    }

    /// A database with so many kilobytes in it.
    fn filled(&self, name: &str, rows: i64) -> Store {
        let store = Store::open(&self.url(name)).unwrap();
        store
            .write_blocking(|tx| {
                tx.execute("CREATE TABLE thing (id BIGINT PRIMARY KEY, bytes BLOB)", &[])?;
                for id in 0..rows {
                    tx.execute(
                        "INSERT INTO thing (id, bytes) VALUES ($1, $2)",
                        params![id, &[7_u8; 1024]],
                    )?;
                }
                Ok::<_, StoreError>(())
            })
            .unwrap();
        store
    }
}

fn count(store: &Store) -> Option<i64> {
    store
        .read_blocking(|r| r.query_one("SELECT count(*) FROM thing", &[], |row| row.int(0)))
        .unwrap()
}

#[test]
fn a_copy_is_made_while_the_database_is_in_use_and_can_be_put_back() {
    let house = House::new();
    let store = house.filled("h.db", 100);
    backup(&house.url("h.db"), &house.file("copy.db")).unwrap();
    store
        .write_blocking(|tx| tx.execute("DELETE FROM thing", &[]))
        .unwrap();
    restore(&house.file("copy.db"), &house.url("back.db")).unwrap();
    assert_eq!(count(&Store::open(&house.url("back.db")).unwrap()), Some(100));
    assert_eq!(count(&store), Some(0));
    let mut copies: Vec<_> = fs::read_dir(house.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("copy"))
        .collect();
    copies.sort();
    assert_eq!(copies, ["copy.db"], "a copy is one file by itself");
}

#[test]
fn nothing_is_overwritten() {
    let house = House::new();
    let store = house.filled("h.db", 1);
    fs::write(house.file("mine.txt"), "precious").unwrap();
    let to = house.file("mine.txt");
    assert_eq!(
        backup(&house.url("h.db"), &to),
        Err(StoreError::Exists(to.clone()))
    );
    assert_eq!(fs::read_to_string(&to).unwrap(), "precious");
    backup(&house.url("h.db"), &house.file("copy.db")).unwrap();
    drop(store);
    let there = house.file("h.db");
    assert_eq!(
        restore(&house.file("copy.db"), &house.url("h.db")),
        Err(StoreError::Exists(there))
    );
}

#[test]
fn a_database_at_work_is_not_replaced() {
    let house = House::new();
    let _store = house.filled("h.db", 1);
    backup(&house.url("h.db"), &house.file("copy.db")).unwrap();
    fs::rename(house.file("h.db"), house.file("away.db")).unwrap();
    let there = house.file("h.db");
    assert_eq!(
        restore(&house.file("copy.db"), &house.url("h.db")),
        Err(StoreError::InUse(there))
    );
}

#[test]
fn a_damaged_one_is_named_and_leaves_nothing() {
    let house = House::new();
    drop(house.filled("h.db", 300));
    let mut bytes = fs::read(house.file("h.db")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 8192].fill(0xA5);
    fs::write(house.file("h.db"), bytes).unwrap();
    fs::write(
        house.file("no.db"),
        "this is no database, but long enough to be looked at as if it were one",
    )
    .unwrap();
    for name in ["h.db", "no.db"] {
        let refused = backup(&house.url(name), &house.file("copy.db")).unwrap_err();
        assert!(
            matches!(&refused, StoreError::Corrupt { path, .. } if *path == house.file(name)),
            "{refused}"
        );
        assert!(!house.file("copy.db").exists() && !house.file("copy.db.unfinished").exists());
    }
    let missing = house.file("none.db");
    assert_eq!(
        restore(&missing, &house.url("new.db")),
        Err(StoreError::Missing(missing.clone()))
    );
}
