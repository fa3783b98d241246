//! The writer's lease: of several programs on one PostgreSQL database, which one may write.
//!
//! It is a row with a token that grows with every holder, valid for some seconds by the database's clock. Every
//! transaction of the writer checks and extends it as its last act, so whoever wakes up late finds another token there
//! and can't commit. A file needs none: its lock is the lease.

#[cfg(test)]
mod tests;

use crate::engine::Connection;
use crate::{Query as _, Reader, StoreError, migrate, params};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// How long it is valid after each commit; the desk commits at least once a second. The tests of this crate say
/// themselves when it runs out: on a busy machine they may well be held up for longer.
const VALID: Duration = Duration::from_secs(if cfg!(test) { 3_600 } else { 3 });

/// One program's side of the lease.
#[derive(Debug, Default)]
pub(crate) struct Lease {
    /// Where this program takes changes that others pass on.
    address: OnceLock<String>,
    held: Mutex<Option<Held>>,
}

#[derive(Debug, Clone, Copy)]
struct Held {
    token: i64,
    /// Until then nobody else can have taken it, by this machine's clock, which also runs while this process is stopped.
    until: Instant,
}

impl Lease {
    /// Says where this program takes changes, once it is known.
    pub(crate) fn set_address(&self, address: String) {
        // Whoever says it twice says the same.
        let _known = self.address.set(address);
    }

    /// The token, for as long as it is certain that nobody else has taken the lease meanwhile.
    pub(crate) fn term(&self) -> Option<i64> {
        self.held()
            .filter(|held| Instant::now() < held.until)
            .map(|held| held.token)
    }

    /// Before a transaction: takes the lease, unless it is held already. Whether it still is turns out at the commit.
    pub(crate) fn take(&self, connection: &Connection, place: &Path) -> Result<(), StoreError> {
        if self.held().is_some() {
            return Ok(());
        }
        // An older program doesn't go on where a newer one has changed the tables.
        migrate::check(connection, place)?;
        let asked = Instant::now();
        let sql = format!(
            "UPDATE writer_lease SET token = token + 1, holder = $1, address = $2, until_ms = {NOW_MS} + $3 \
             WHERE id = 1 AND until_ms < {NOW_MS} RETURNING token"
        );
        let mut reader = Reader::new(connection);
        let name = format!("process {}", std::process::id());
        let given = params![&name, self.address(), valid_ms()];
        if let Some(token) = reader.query_one(&sql, given, |row| row.int(0))? {
            tracing::info!(token, "this program writes from now on");
            *self.lock() = Some(Held {
                token,
                until: asked + VALID,
            });
            return Ok(());
        }
        let sql = "SELECT holder, address FROM writer_lease WHERE id = 1";
        let (holder, address) = reader
            .query_one(sql, &[], |row| Ok((row.text(0)?, row.text(1)?)))?
            .ok_or_else(|| StoreError::Bug("the row of the writer's lease is missing".to_owned()))?;
        Err(StoreError::Held { holder, address })
    }

    /// The last act of a transaction: goes on only if the lease is still held, and extends it. Answers until when, which
    /// is true once the transaction is committed.
    pub(crate) fn extend(&self, connection: &Connection) -> Result<Instant, StoreError> {
        let Some(held) = self.held() else {
            return Err(StoreError::LeaseLost);
        };
        let asked = Instant::now();
        let sql = format!(
            "UPDATE writer_lease SET address = $1, until_ms = {NOW_MS} + $2 WHERE id = 1 AND token = $3"
        );
        let extended = connection.execute(&sql, params![self.address(), valid_ms(), held.token])?;
        if extended == 1 {
            return Ok(asked + VALID);
        }
        *self.lock() = None;
        tracing::warn!(token = held.token, "another program has taken the writer's lease");
        Err(StoreError::LeaseLost)
    }

    /// The transaction that extended it is committed.
    pub(crate) fn extended(&self, until: Instant) {
        if let Some(held) = &mut *self.lock() {
            held.until = until;
        }
    }

    /// Lets go of it, so that others needn't wait until it has run out.
    pub(crate) fn give_back(&self, connection: &Connection) {
        let Some(held) = self.lock().take() else {
            return;
        };
        let sql = "UPDATE writer_lease SET until_ms = 0 WHERE id = 1 AND token = $1";
        if let Err(error) = connection.execute(sql, params![held.token]) {
            tracing::debug!(%error, "the lease runs out by itself");
        }
    }

    fn address(&self) -> &str {
        self.address.get().map_or("", String::as_str)
    }

    fn held(&self) -> Option<Held> {
        *self.lock()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The database's clock, UTC ms, also within a transaction that has been running for long.
const NOW_MS: &str = "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)";

fn valid_ms() -> i64 {
    i64::try_from(VALID.as_millis()).unwrap_or(i64::MAX)
}

/// Where the program takes changes that holds the lease now; none while nobody does.
pub(crate) fn address_of_holder(reader: &mut Reader<'_>) -> Result<Option<String>, StoreError> {
    let sql = format!("SELECT address FROM writer_lease WHERE id = 1 AND until_ms >= {NOW_MS}");
    let address = reader.query_one(&sql, &[], |row| row.text(0))?;
    Ok(address.filter(|address| !address.is_empty()))
}
