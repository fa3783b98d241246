//! Whatever is changed in any column of any table of the ledger, the audit finds it.

use super::tests::{RULE, at, day, member, store};
use super::*;
use crate::{Param, Query, Store};
use haigou_contract::Asset;
use haigou_ledger::{Slot, text_hash};
use haigou_test_postgres::on_postgres;

const TABLES: [&str; 6] = [
    "journal",
    "platform",
    "holder",
    "airdrop_day",
    "waiting",
    "rulebook",
];

/// The ledger's tables with their columns, as the schema says: a new one can't be forgotten here.
fn columns(store: &Store) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    for table in TABLES {
        let named = store.read_blocking(|r| r.columns_of(table)).unwrap();
        all.extend(named.into_iter().map(|column| (table, column)));
    }
    all
}

/// A ledger with rows in every table.
fn lived_in() -> (Store, tempfile::TempDir) {
    let (store, folder) = store();
    live_a_little(&store);
    (store, folder)
}

pub(crate) fn live_a_little(store: &Store) {
    at(store, 0, |books| {
        books.start_rulebook(0, "{\"name\": \"classic\"}")
    })
    .unwrap();
    at(store, 0, |books| books.allocate_reward_pool(1_000)).unwrap();
    for number in 1..=3 {
        at(store, number, |books| {
            books.book(
                "registration",
                number.to_string(),
                format!("registration:{number}"),
                |draft| {
                    draft.activate(member(number))?;
                    draft.grant(RULE, member(number), Asset::HiValue, 30_000)?;
                    draft.grant(RULE, member(number), Asset::Challenge, 100)?;
                    draft.reward(RULE, member(number), 400)?;
                    Ok::<_, LedgerFailure>(())
                },
            )
        })
        .unwrap();
    }
    for date in ["2026-01-01", "2026-01-02"] {
        at(store, 10, |books| books.close_day(day(date), 498_0000_0000)).unwrap();
    }
    at(store, 11, |books| {
        books.book("test", "event", "back", |draft| {
            draft.post(RULE, |lines| {
                lines.take_back(member(1), Slot::ChallengeFrozen, 150)
            })?;
            draft.grant(RULE, member(2), Asset::HiValue, 1)
        })
    })
    .unwrap();
}

fn findings(store: &Store) -> Vec<haigou_ledger::Finding> {
    store.read_blocking(|reader| audit(reader)).unwrap().findings
}

/// Runs a statement past everything, as somebody with the file in his hands would; undoes it after `look`.
fn with_change<T>(
    store: &Store,
    sql: &str,
    params: &[Param<'_>],
    look: impl FnOnce(&mut crate::Tx<'_>) -> T,
) -> T {
    let mut seen = None;
    let undone = store.write_blocking(|tx| {
        let changed = tx.execute(sql, params)?;
        assert_eq!(changed, 1, "{sql}");
        seen = Some(look(tx));
        Err::<(), _>(StoreError::Bug("undo".to_owned()))
    });
    assert_eq!(undone, Err(StoreError::Bug("undo".to_owned())));
    seen.unwrap()
}

fn rows(store: &Store, table: &str) -> i64 {
    let sql = format!("SELECT count(*) FROM {table}");
    store
        .read_blocking(|reader| reader.query_one(&sql, &[], |row| row.int(0)))
        .unwrap()
        .unwrap()
}

/// A row by its place in the table, for tables with and without row numbers.
fn row_at(table: &str, place: i64) -> String {
    let key = match table {
        "journal" => "seq",
        "platform" => "account",
        "holder" => "member",
        "airdrop_day" => "day",
        "waiting" => "(journal, posting)",
        _ => "version",
    };
    let inner = key.trim_start_matches('(').trim_end_matches(')');
    format!("{key} IN (SELECT {inner} FROM {table} ORDER BY {inner} LIMIT 1 OFFSET {place})")
}

#[test]
fn an_untouched_ledger_is_clean() {
    let (store, _folder) = lived_in();
    assert_eq!(findings(&store), []);
}

/// Anything that a column may hold.
#[derive(Debug)]
enum Held {
    Nothing,
    Int(i64),
    Text(String),
    Blob(Vec<u8>),
}

impl Held {
    fn as_param(&self) -> Param<'_> {
        match self {
            Self::Nothing => Param::Null,
            Self::Int(value) => Param::Int(*value),
            Self::Text(value) => Param::Text(value),
            Self::Blob(value) => Param::Blob(value),
        }
    }
}

/// What may stand in a place instead: another number, another last character, another first byte, nothing where that
/// is allowed; and where the engine allows that, too, something of another type.
fn others(store: &Store, table: &str, column: &str, place: &str) -> Vec<Held> {
    let sql = format!("SELECT {column} FROM {table} WHERE {place}");
    let held = store.read_blocking(|r| {
        r.query_one(&sql, &[], |row| {
            Ok(if let Ok(value) = row.opt_int(0) {
                value.map_or(Held::Nothing, Held::Int)
            } else if let Ok(text) = row.text(0) {
                Held::Text(text)
            } else {
                Held::Blob(row.blob(0)?)
            })
        })
    });
    let mut others = match held.unwrap().unwrap() {
        Held::Nothing => vec![Held::Int(1), Held::Int(0)],
        Held::Int(value) => vec![Held::Int(value + 1_000_003), Held::Int(-value - 1)],
        Held::Text(value) => vec![Held::Text(format!("{value}x")), Held::Text(String::new())],
        Held::Blob(value) => vec![
            Held::Blob(value[1..].to_vec()),
            Held::Blob([&value[..], &[0]].concat()),
        ],
    };
    // SQLite itself keeps texts out of the keys that are row numbers; PostgreSQL, out of every number.
    let is_row_number = [
        "journal.seq",
        "platform.account",
        "holder.member",
        "airdrop_day.day",
        "rulebook.version",
    ]
    .contains(&format!("{table}.{column}").as_str());
    if !on_postgres() && !is_row_number {
        others.push(match others[0] {
            Held::Text(_) => Held::Blob(vec![0xff]),
            _ => Held::Text("x".to_owned()),
        });
    }
    others
}

#[test]
fn a_change_of_any_column_of_any_row_is_found() {
    let (store, _folder) = lived_in();
    for (table, column) in columns(&store) {
        assert!(rows(&store, table) > 0, "{table} has no rows to change");
        for place in 0..rows(&store, table) {
            let place = row_at(table, place);
            for other in others(&store, table, &column, &place) {
                let sql = format!("UPDATE {table} SET {column} = $1 WHERE {place}");
                let report = with_change(&store, &sql, &[other.as_param()], |tx| audit(tx)).unwrap();
                assert!(!report.ok, "{sql}: {other:?}");
                let sliced = with_change(&store, &sql, &[other.as_param()], |tx| {
                    super::audit::audit_in_passes(tx, 1, |_, _| Ok(()))
                });
                assert!(!sliced.unwrap().ok, "member by member: {sql}: {other:?}");
                let first = &report.findings[0];
                if table != "journal" {
                    assert_eq!(first.table, table, "{sql}: {other:?}: {first}");
                }
            }
        }
    }
    assert_eq!(findings(&store), []);
}

#[test]
fn every_byte_of_a_journal_is_under_its_hash() {
    let (store, _folder) = lived_in();
    let seq = rows(&store, "journal") - 1;
    let body = store
        .read_blocking(|reader| {
            reader.query_one(
                "SELECT body FROM journal WHERE seq = $1",
                crate::params![seq],
                |row| row.blob(0),
            )
        })
        .unwrap()
        .unwrap();
    for place in 0..body.len() {
        let mut other = body.clone();
        other[place] ^= 1;
        let sql = "UPDATE journal SET body = $1 WHERE seq = $2";
        let report = with_change(&store, sql, crate::params![&other, seq], |tx| audit(tx)).unwrap();
        let first = report
            .findings
            .first()
            .map(|finding| (finding.table.clone(), finding.row.clone()));
        assert_eq!(
            first,
            Some(("journal".to_owned(), seq.to_string())),
            "byte {place}"
        );
    }
}

#[test]
fn a_row_that_is_missing_or_made_up_is_found() {
    let (store, _folder) = lived_in();
    for table in TABLES {
        for place in 0..rows(&store, table) {
            let sql = format!("DELETE FROM {table} WHERE {}", row_at(table, place));
            let report = with_change(&store, &sql, &[], |tx| audit(tx)).unwrap();
            assert!(!report.ok, "{sql}");
        }
    }
    for sql in [
        "INSERT INTO platform VALUES (-24, 0)",
        "INSERT INTO platform VALUES (3, 0)",
        "INSERT INTO holder VALUES (77, 0, NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)",
        "INSERT INTO airdrop_day VALUES (1, 0, 0, 1)",
        "INSERT INTO waiting VALUES (1, 0, 1, 5)",
        "INSERT INTO waiting VALUES (1, 0, -1, 5)",
        "INSERT INTO rulebook VALUES (7, 0, '', 1)",
    ] {
        let report = with_change(&store, sql, &[], |tx| audit(tx)).unwrap();
        assert_eq!(report.findings.len(), 1, "{sql}: {:?}", report.findings);
    }
}

/// Somebody who recomputes the hashes gets past the chain, but not past the arithmetic; and the head is another.
#[test]
fn a_forged_chain_still_has_to_add_up() {
    let (store, _folder) = lived_in();
    let before = store.read_blocking(|reader| head(reader)).unwrap();
    let report = store.write_blocking(|tx| {
        forge(tx, 3)?;
        let report = audit(tx)?;
        let after = head(tx)?;
        assert_ne!(after.hash, before.hash);
        Ok::<_, LedgerFailure>(report)
    });
    let report = report.unwrap();
    let first = report.findings.first().unwrap();
    assert_eq!(
        (first.table.as_str(), first.row.as_str()),
        ("journal", "3, posting 1"),
        "{first}"
    );
}

/// Gives member 1 more Hi-Value in journal `seq`, and chains everything anew.
fn forge(tx: &mut crate::Tx<'_>, seq: i64) -> Result<(), LedgerFailure> {
    let newest = head(tx)?.seq;
    let mut hash = haigou_ledger::GENESIS;
    for number in 1..=newest {
        let mut journal = journal(tx, number)?.unwrap();
        if number == seq {
            journal.postings[1].entries[0].units += 5;
        }
        let body = haigou_ledger::encode(&journal.postings, &journal.links)?;
        hash = haigou_ledger::chain(&hash, number, &journal.header, &body);
        let sql = "UPDATE journal SET body = $1, hash = $2 WHERE seq = $3";
        tx.execute(sql, crate::params![&body, &hash, number])?;
    }
    Ok(())
}

#[test]
fn a_rulebook_exchanged_for_another_is_found() {
    let (store, _folder) = lived_in();
    let sql = "UPDATE rulebook SET text = '{}' WHERE version = $1";
    let report = with_change(&store, sql, crate::params![1_i64], |tx| audit(tx)).unwrap();
    assert_eq!(report.findings[0].found, hex::encode(text_hash("{}")));
}
