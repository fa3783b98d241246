//! What the server has written down, read beside it.

use std::collections::BTreeMap;

use haigou_contract::Day;
use haigou_server::audit;
use haigou_store::ledger::AuditReport;
use haigou_store::{Param, Query as _, Store, StoreError};

/// A day's steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counted {
    /// Counted, in walks.
    pub walk: u64,
    /// Counted, in runs.
    pub run: u64,
    /// Counted, outside of activities.
    pub passive: u64,
    /// Claimed, counted or not.
    pub claimed: u64,
}

/// What the server has of one member, and the audit.
#[derive(Debug)]
pub struct Books {
    /// Days that have steps.
    pub days: BTreeMap<Day, Counted>,
    /// Activities that it keeps.
    pub activities: u64,
    /// What the audit says.
    pub audit: AuditReport,
}

/// Reads the books of the member with this phone number.
///
/// # Panics
/// If there is no such member, or the database can't be read.
#[must_use]
pub fn books(store: &Store, number: &str) -> Books {
    store
        .read_blocking(|reader| {
            let member = reader
                .query_one(
                    "SELECT id FROM member WHERE phone = $1",
                    &[Param::from(number)],
                    |row| row.int(0),
                )?
                .expect("the member is registered");
            let days = reader.query(
                "SELECT day, walk, run, passive, claimed FROM sport_day WHERE member = $1",
                &[Param::from(member)],
                |row| {
                    let count = |column| row.int(column).map(|count| u64::try_from(count).unwrap());
                    let counted = Counted {
                        walk: count(1)?,
                        run: count(2)?,
                        passive: count(3)?,
                        claimed: count(4)?,
                    };
                    Ok((Day::from_number(i32::try_from(row.int(0)?).unwrap()), counted))
                },
            )?;
            let activities = reader
                .query_one(
                    "SELECT COUNT(*) FROM sport_activity WHERE member = $1",
                    &[Param::from(member)],
                    |row| row.int(0),
                )?
                .unwrap_or(0);
            Ok::<_, StoreError>(Books {
                days: days.into_iter().collect(),
                activities: u64::try_from(activities).unwrap(),
                audit: audit(reader)?,
            })
        })
        .expect("the books can be read")
}
