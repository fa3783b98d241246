//! Assumptions observed in a database.

use std::ops::ControlFlow;

use haigou_ledger::{Fact, decode};
use haigou_rules::Event;
use haigou_rules::forecast::{Growth, Observed};
use haigou_store::{Query as _, Store, StoreError};

use crate::cli::Failed;

/// Folds the events of all journals; the database is only read.
pub(super) fn growth(url: &str) -> Result<Growth, Failed> {
    let mut observed = Observed::default();
    Store::open_read_only(url)?.read_blocking(|reader| {
        let sql = "SELECT seq, at_ms, body FROM journal ORDER BY seq";
        reader.walk(sql, &[], &mut |row| {
            let (seq, at_ms) = (row.int(0)?, row.int(1)?);
            let unreadable = |why: String| StoreError::Bug(format!("journal {seq}: {why}"));
            let (postings, _) = decode(seq, row.bytes(2)?).map_err(|error| unreadable(error.to_string()))?;
            for posting in postings {
                if let Some(Fact::Event(bytes)) = posting.fact {
                    let event = Event::decode(&bytes).map_err(|error| unreadable(error.to_string()))?;
                    observed.take(at_ms, &event);
                }
            }
            Ok(ControlFlow::Continue(()))
        })
    })?;
    Ok(observed.growth())
}
