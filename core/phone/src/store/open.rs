//! Opening the store: versions, limits, damage.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use super::Store;
use crate::PhoneError;

/// Each script leads from its number to the next. They never change once released.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_phone.sql"),
    include_str!("migrations/0002_sources.sql"),
    include_str!("migrations/0003_sport.sql"),
    include_str!("migrations/0004_screens.sql"),
    include_str!("migrations/0005_positions.sql"),
];
/// Up to this size the whole file is checked at opening; a larger one page by page, as it is read.
const CHECKED_UP_TO: u64 = 32 << 20;

/// SQLite's own limit.
const MOST_PAGES: u64 = 4_294_967_294;

/// The store's name in its folder.
pub(crate) const FILE: &str = "phone.sqlite";

/// Whether a file of the store's folder belongs to it, damaged ones that were put aside included.
pub(crate) fn is_of_the_store(name: &str) -> bool {
    name.starts_with(FILE) || name.starts_with(super::damage::ASIDE) || name == crate::log::FILE
}

impl Store {
    /// Opens the store in a folder, or makes it. A damaged file is put aside (never deleted), and what can be read
    /// of it goes into a fresh one.
    ///
    /// # Errors
    /// [`PhoneError::StoreNewer`] (the file is left untouched), [`PhoneError::StoreLocked`],
    /// [`PhoneError::StoreFull`], [`PhoneError::StoreFailed`].
    pub(crate) fn open(dir: &Path, limit: Option<u64>, now_ms: i64) -> Result<Self, PhoneError> {
        std::fs::create_dir_all(dir)?;
        let path = dir.join(FILE);
        match connect(&path, limit) {
            Ok(connection) => Ok(Self {
                connection,
                limit,
                opened_with: Vec::new(),
            }),
            Err(Trouble::Other(error)) => Err(error),
            Err(Trouble::Damaged(cause)) => {
                tracing::warn!(%cause, "the store is damaged");
                let aside = super::damage::put_aside(&path, now_ms)?;
                let mut connection = match connect(&path, limit) {
                    Ok(connection) => connection,
                    Err(Trouble::Other(error)) => return Err(error),
                    Err(Trouble::Damaged(cause)) => return Err(PhoneError::StoreFailed { cause }),
                };
                let rows = super::damage::salvage(&aside, &mut connection)?;
                let name = aside
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned();
                Ok(Self {
                    connection,
                    limit,
                    opened_with: vec![("store_damaged", format!("{name}: {rows}"))],
                })
            }
        }
    }
}

impl Store {
    /// Changes how much the store may take on the disk, in bytes.
    pub(crate) fn set_limit(&mut self, limit: Option<u64>) -> Result<(), PhoneError> {
        set_limit(&self.connection, limit)?;
        self.limit = limit;
        Ok(())
    }

    /// The bytes that are left below the limit, for the log.
    pub(crate) fn room(&self) -> u64 {
        let Some(limit) = self.limit else { return u64::MAX };
        let figure = |name| {
            let value = self
                .connection
                .pragma_query_value(None, name, |row| row.get::<_, u64>(0));
            value.unwrap_or(0)
        };
        limit.saturating_sub(figure("page_count").saturating_mul(figure("page_size")))
    }
}

/// Why a file couldn't be opened.
enum Trouble {
    /// What is in it can't be believed.
    Damaged(String),
    /// Anything else.
    Other(PhoneError),
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
        match error.sqlite_error_code() {
            Some(DatabaseCorrupt | NotADatabase) => Self::Damaged(error.to_string()),
            _ => Self::Other(error.into()),
        }
    }
}

fn connect(path: &Path, limit: Option<u64>) -> Result<Connection, Trouble> {
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_millis(250))?;
    // The lock is held as long as the store is open: two phones in one folder would count twice.
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(Trouble::Other(PhoneError::StoreNewer { found, known }));
    }
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    set_limit(&connection, limit)?;
    migrate(&mut connection, found)?;
    let size = std::fs::metadata(path).map_or(0, |meta| meta.len());
    if found > 0 && size <= CHECKED_UP_TO {
        let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        if verdict != "ok" {
            return Err(Trouble::Damaged(verdict));
        }
    }
    Ok(connection)
}

/// SQLite itself keeps to the limit: a write beyond it fails as on a full disk.
fn set_limit(connection: &Connection, limit: Option<u64>) -> rusqlite::Result<()> {
    let page: u64 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
    let pages = limit
        .map_or(MOST_PAGES, |bytes| bytes / page.max(1))
        .clamp(1, MOST_PAGES);
    connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))
}

fn migrate(connection: &mut Connection, found: i64) -> Result<(), Trouble> {
    let tx = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    for (script, version) in MIGRATIONS.iter().zip(1_i64..) {
        if version > found {
            tx.execute_batch(script)?;
            tx.pragma_update(None, "user_version", version)?;
        }
    }
    Ok(tx.commit()?)
}
