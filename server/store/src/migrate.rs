//! The schema's versions: numbered texts, each applied once, in order, in a transaction of its own.

use crate::{Query, Reader, StoreError, Tx, params, sqlite};
use rusqlite::Connection;
use sha2::{Digest, Sha256};
use std::path::Path;

struct Migration {
    version: i64,
    name: &'static str,
    sql: &'static str,
}

macro_rules! migrations {
    ($($version:literal $name:literal),* $(,)?) => {
        &[$(Migration {
            version: $version,
            name: $name,
            sql: include_str!(concat!("../migrations/", $name, ".sql")),
        }),*]
    };
}

/// In the order in which they are applied. Once released, a text never changes again.
const MIGRATIONS: &[Migration] = migrations![
    1 "0001_ledger",
    2 "0002_members",
    3 "0003_sport",
    4 "0004_desk",
    5 "0005_airdrop",
];

/// The newest version this program knows.
#[must_use]
pub fn newest_version() -> i64 {
    MIGRATIONS.last().map_or(0, |migration| migration.version)
}

/// Says which version the database has; refuses one that this program can't work on. Changes nothing.
pub(crate) fn check(connection: &Connection, path: &Path) -> Result<i64, StoreError> {
    let mut reader = Reader::new(connection);
    let known = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'";
    if reader.query_one(known, &[], |row| row.flag(0))? != Some(true) {
        return Ok(0);
    }
    let applied = reader.query(
        "SELECT version, checksum FROM schema_version ORDER BY version",
        &[],
        |row| Ok((row.int(0)?, row.text(1)?)),
    )?;
    let found = applied.last().map_or(0, |(version, _)| *version);
    if found > newest_version() {
        return Err(StoreError::NewerVersion {
            path: path.to_owned(),
            found,
            known: newest_version(),
        });
    }
    let expected = MIGRATIONS.iter().map(|m| (m.version, checksum(m.sql)));
    match applied
        .into_iter()
        .zip(expected)
        .find(|(applied, expected)| applied != expected)
    {
        Some(((version, _), _)) => Err(StoreError::ForeignSchema {
            path: path.to_owned(),
            version,
        }),
        None => Ok(found),
    }
}

/// Brings the database to the newest version; says which numbers were applied.
pub(crate) fn apply(connection: &Connection, path: &Path, now_ms: i64) -> Result<Vec<i64>, StoreError> {
    let found = check(connection, path)?;
    let mut applied = Vec::new();
    for migration in MIGRATIONS.iter().filter(|m| m.version > found) {
        sqlite::execute_batch(connection, "BEGIN IMMEDIATE")?;
        if let Err(error) = apply_one(connection, migration, now_ms) {
            let _undone = sqlite::execute_batch(connection, "ROLLBACK");
            return Err(error);
        }
        sqlite::execute_batch(connection, "COMMIT")?;
        applied.push(migration.version);
    }
    Ok(applied)
}

fn apply_one(connection: &Connection, migration: &Migration, now_ms: i64) -> Result<(), StoreError> {
    sqlite::execute_batch(
        connection,
        "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY, name TEXT NOT NULL, \
         checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)",
    )?;
    sqlite::execute_batch(connection, migration.sql)?;
    Tx::new(connection).execute(
        "INSERT INTO schema_version (version, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
        params![
            migration.version,
            migration.name,
            &checksum(migration.sql),
            now_ms
        ],
    )?;
    Ok(())
}

fn checksum(sql: &str) -> String {
    hex::encode(Sha256::digest(sql.as_bytes()))
}
