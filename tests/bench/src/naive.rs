//! The naive way to book a bill: a transaction for each, a row for each entry, a statement for each balance.

use haigou_store::{Query, Store, StoreError, Tx, params};

/// What a bill comes to: so many entries on so many accounts.
const ENTRIES: i64 = 34;

/// Makes the tables, with an account for each member and a few of the platform.
pub(crate) fn prepare(store: &Store, members: i64) -> Result<(), StoreError> {
    store.write_blocking(|tx| {
        for table in [
            "CREATE TABLE naive_account (id BIGINT PRIMARY KEY, balance BIGINT NOT NULL)",
            "CREATE TABLE naive_bill (id BIGINT PRIMARY KEY, at_ms BIGINT NOT NULL)",
            "CREATE TABLE naive_entry (id INTEGER PRIMARY KEY, bill BIGINT NOT NULL REFERENCES naive_bill (id), \
             account BIGINT NOT NULL REFERENCES naive_account (id), units BIGINT NOT NULL, rule TEXT NOT NULL, \
             figures TEXT NOT NULL)",
            "CREATE INDEX naive_entry_by_account ON naive_entry (account, id)",
        ] {
            tx.execute(table, &[])?;
        }
        for id in 0..=members {
            tx.write("INSERT INTO naive_account (id, balance) VALUES ($1, 0)", params![id]);
        }
        Ok(())
    })
}

/// Books bill `nth` among the given members.
pub(crate) fn bill(store: &Store, nth: i64, accounts: impl Fn(i64) -> i64) -> Result<(), StoreError> {
    store.write_blocking(|tx| {
        tx.execute(
            "INSERT INTO naive_bill (id, at_ms) VALUES ($1, $2)",
            params![nth, nth],
        )?;
        (0..ENTRIES).try_for_each(|entry| {
            // Each entry on a member's account has its opposite on the platform's.
            let (account, units) = if entry % 2 == 0 {
                (accounts(entry), 10)
            } else {
                (0, -10)
            };
            book(tx, nth, account, units)
        })
    })
}

fn book(tx: &mut Tx<'_>, bill: i64, account: i64, units: i64) -> Result<(), StoreError> {
    let read = "SELECT balance FROM naive_account WHERE id = $1";
    let balance = tx
        .query_one(read, params![account], |row| row.int(0))?
        .unwrap_or(0);
    tx.execute(
        "UPDATE naive_account SET balance = $2 WHERE id = $1",
        params![account, balance + units],
    )?;
    tx.execute(
        "INSERT INTO naive_entry (bill, account, units, rule, figures) VALUES ($1, $2, $3, $4, $5)",
        params![
            bill,
            account,
            units,
            "bill.partner",
            "{\"buyer\": \"1.00\", \"rate\": \"0.10\", \"tier\": \"junior\"}"
        ],
    )?;
    Ok(())
}
