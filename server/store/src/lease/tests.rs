use super::*;
use crate::{Command, CommandError, Desk, DeskError, DeskOptions, ManualClock, Query, Store, Tx};
use haigou_test_postgres::{database, on_postgres};
use std::sync::Arc;

/// Two programs on one database, and its address; none on a file, which is never shared.
fn two() -> Option<(Store, Store, String, tempfile::TempDir)> {
    if !on_postgres() {
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    let url = database(folder.path(), "h");
    let open = || Store::open(&url).unwrap();
    let (one, other) = (open(), open());
    one.write_blocking(|tx| tx.execute("CREATE TABLE thing (id BIGINT PRIMARY KEY)", &[]))
        .unwrap();
    Some((one, other, url, folder))
}

fn set(store: &Store, newest_ms: i64) -> Result<u64, StoreError> {
    let sql = "UPDATE desk SET newest_ms = $1";
    store.write_blocking(|tx| tx.execute(sql, params![newest_ms]))
}

fn newest(store: &Store) -> i64 {
    let sql = "SELECT newest_ms FROM desk";
    let newest = store.read_blocking(|r| r.query_one(sql, &[], |row| row.int(0)));
    newest.unwrap().unwrap()
}

/// Ends the lease as if its time had run out, past everything.
fn run_out(url: &str) {
    let connection = crate::engine::Place::parse(url).unwrap().open_writer().unwrap();
    connection.batch("UPDATE writer_lease SET until_ms = 0").unwrap();
}

#[test]
fn one_writes_and_the_other_is_told_where() {
    let Some((one, other, _, _folder)) = two() else {
        return;
    };
    one.takes_changes_at("http://one".to_owned());
    set(&one, 1).unwrap();
    let refused = set(&other, 2).unwrap_err();
    assert!(
        matches!(&refused, StoreError::Held { address, .. } if address == "http://one"),
        "{refused}"
    );
    assert!(one.term().is_some() && other.term().is_none());
    let holder = other.read_blocking(address_of_holder).unwrap();
    assert_eq!(holder.as_deref(), Some("http://one"));
    assert_eq!(newest(&other), 1);
    // Whoever goes gives it back.
    drop(one);
    set(&other, 2).unwrap();
    assert_eq!(newest(&other), 2);
}

#[test]
fn a_lease_that_was_taken_meanwhile_keeps_everything_out() {
    let Some((one, other, url, _folder)) = two() else {
        return;
    };
    set(&one, 1).unwrap();
    let before = one.term().unwrap();
    run_out(&url);
    set(&other, 2).unwrap();
    assert_eq!(set(&one, 3), Err(StoreError::LeaseLost));
    assert_eq!(one.term(), None);
    assert!(matches!(set(&one, 3), Err(StoreError::Held { .. })));
    assert_eq!(newest(&one), 2);
    run_out(&url);
    set(&one, 4).unwrap();
    assert!(one.term().unwrap() > before);
    assert_eq!(set(&other, 5), Err(StoreError::LeaseLost));
    assert_eq!(newest(&one), 4);
}

#[test]
fn a_transaction_under_way_when_the_lease_goes_is_undone() {
    let Some((one, other, url, _folder)) = two() else {
        return;
    };
    let lost = one.write_blocking(|tx| {
        tx.execute("INSERT INTO thing (id) VALUES (7)", &[])?;
        run_out(&url);
        set(&other, 2)
    });
    assert_eq!(lost, Err(StoreError::LeaseLost));
    let things = one.read_blocking(|r| r.query("SELECT id FROM thing", &[], |row| row.int(0)));
    assert_eq!(things.unwrap(), [0_i64; 0]);
}

#[test]
fn an_outdated_program_gets_no_lease() {
    let Some((_one, other, url, _folder)) = two() else {
        return;
    };
    run_out(&url);
    let connection = crate::engine::Place::parse(&url).unwrap().open_writer().unwrap();
    let newer = "INSERT INTO schema_version VALUES (9999, 'from_the_future', 'x', 0)";
    connection.batch(newer).unwrap();
    assert!(matches!(set(&other, 1), Err(StoreError::NewerVersion { .. })));
}

struct Take(i64);

impl Command for Take {
    type Answer = i64;
    type Refusal = std::convert::Infallible;
    const NAME: &'static str = "test.take";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<i64, CommandError<Self::Refusal>> {
        tx.write("INSERT INTO thing (id) VALUES ($1)", params![self.0]);
        Ok(now_ms)
    }
}

#[test]
fn the_second_desk_waits_and_goes_on_where_the_first_stopped() {
    let Some((one, other, _, _folder)) = two() else {
        return;
    };
    let clock = |now_ms| Arc::new(ManualClock::new(now_ms));
    let first = Desk::start(one, clock(9_000), DeskOptions::default()).unwrap();
    let second = Desk::start(other.clone(), clock(1_000), DeskOptions::default()).unwrap();
    assert_eq!(first.submit_blocking(Take(1)), Ok(9_000));
    let refused = second.submit_blocking(Take(2));
    assert!(matches!(
        refused,
        Err(DeskError::Storage(StoreError::Held { .. }))
    ));
    first.stop_blocking();
    let taken = loop {
        match second.submit_blocking(Take(2)) {
            Err(DeskError::Storage(StoreError::Held { .. })) => std::thread::yield_now(),
            taken => break taken,
        }
    };
    // The second's clock is behind, and time doesn't go back for all that.
    assert_eq!(taken, Ok(9_000));
    let things = other.read_blocking(|r| r.query("SELECT id FROM thing ORDER BY id", &[], |row| row.int(0)));
    assert_eq!(things.unwrap(), [1, 2]);
}
