//! The schema's versions: numbered texts, each applied once, in order, in a transaction of its own.

use crate::engine::Connection;
use crate::{Query, Reader, StoreError, params};
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
    6 "0006_people",
    7 "0007_stores",
    8 "0008_mall",
    9 "0009_market",
];

/// The newest version this program knows.
#[must_use]
pub fn newest_version() -> i64 {
    MIGRATIONS.last().map_or(0, |migration| migration.version)
}

/// The tables, each behind those that it refers to.
pub(crate) fn tables() -> Vec<&'static str> {
    let mut tables = Vec::new();
    for line in MIGRATIONS.iter().flat_map(|migration| migration.sql.lines()) {
        if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
            tables.extend(rest.split([' ', '(']).next());
        } else if let Some(rest) = line.strip_prefix("DROP TABLE ") {
            tables.retain(|table| *table != rest.trim_end_matches(';'));
        }
    }
    tables
}

/// Whether a migration puts rows into the table.
pub(crate) fn is_seeded(table: &str) -> bool {
    let insert = format!("INSERT INTO {table} ");
    MIGRATIONS.iter().any(|migration| migration.sql.contains(&insert))
}

/// Says which version the database has; refuses one that this program can't work on. Changes nothing.
pub(crate) fn check(connection: &Connection, path: &Path) -> Result<i64, StoreError> {
    let mut reader = Reader::new(connection);
    if reader.query_one(connection.finds_table(), params!["schema_version"], |row| {
        row.flag(0)
    })? != Some(true)
    {
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

/// Whether the database has tables already, and they aren't up to date.
pub(crate) fn is_outdated(connection: &Connection, path: &Path) -> Result<bool, StoreError> {
    Ok((1..newest_version()).contains(&check(connection, path)?))
}

/// Brings the database to the newest version; says which numbers were applied.
pub(crate) fn apply(connection: &Connection, path: &Path, now_ms: i64) -> Result<Vec<i64>, StoreError> {
    let mut applied = Vec::new();
    // Another program may be at it at the same time: whoever comes second finds it done.
    for _ in 0..=MIGRATIONS.len() {
        let found = check(connection, path)?;
        let Some(migration) = MIGRATIONS.iter().find(|m| m.version > found) else {
            return Ok(applied);
        };
        connection.begin()?;
        match apply_one(connection, migration, now_ms).and_then(|()| connection.commit()) {
            Ok(()) => applied.push(migration.version),
            Err(error) => {
                connection.roll_back();
                if !matches!(error, StoreError::Constraint(_)) {
                    return Err(error);
                }
            }
        }
    }
    check(connection, path).map(|_| applied)
}

fn apply_one(connection: &Connection, migration: &Migration, now_ms: i64) -> Result<(), StoreError> {
    connection.batch(
        "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY, name TEXT NOT NULL, \
         checksum TEXT NOT NULL, applied_at BIGINT NOT NULL)",
    )?;
    // First its number, so that of two programs one waits for the other.
    connection.execute(
        "INSERT INTO schema_version (version, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
        params![
            migration.version,
            migration.name,
            &checksum(migration.sql),
            now_ms
        ],
    )?;
    connection.declare(migration.sql)
}

fn checksum(sql: &str) -> String {
    hex::encode(Sha256::digest(sql.as_bytes()))
}
