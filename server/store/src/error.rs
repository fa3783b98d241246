//! What can go wrong with the database, each with what a person can do about it.

use std::path::PathBuf;

/// A failure of the database, or of how it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another connection holds a lock for too long.
    #[error("the database is busy: {0}; try again in a moment")]
    Busy(String),
    /// Another process works on this database.
    #[error("another haigou is at work on {0}: stop it first, or give this one a database of its own")]
    InUse(PathBuf),
    /// Nothing more can be written.
    #[error("the disk under {0} is full: free some space, nothing was lost")]
    DiskFull(PathBuf),
    /// The file isn't a database, or is damaged.
    #[error(
        "{path} is damaged or not a database ({detail}): keep a copy of it aside and put a backup in its \
         place with `haigou restore`"
    )]
    Corrupt {
        /// The database's file, or its address without the password.
        path: PathBuf,
        /// What the engine said.
        detail: String,
    },
    /// The database was written by a newer program. It was left untouched.
    #[error(
        "{path} has schema version {found}, this program knows up to {known}: start the newer haigou, nothing \
         was touched"
    )]
    NewerVersion {
        /// The database's file, or its address without the password.
        path: PathBuf,
        /// The version in the file.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// The database was written by an older program, and was opened for reading only.
    #[error(
        "{path} has schema version {found}, this program needs {known}: bring it up to date with `haigou migrate`"
    )]
    OlderVersion {
        /// The database's file, or its address without the password.
        path: PathBuf,
        /// The version in the file.
        found: i64,
        /// The version this program needs.
        known: i64,
    },
    /// An applied migration isn't the one this program has under that number.
    #[error(
        "{path} was made by another build: its migration {version} differs from this program's; start the \
         haigou that made it, nothing was touched"
    )]
    ForeignSchema {
        /// The database's file, or its address without the password.
        path: PathBuf,
        /// The number of the migration that differs.
        version: i64,
    },
    /// There is no such database.
    #[error("there is no database at {0}: `haigou migrate` makes one")]
    Missing(PathBuf),
    /// There is a file already where a new one was to be written.
    #[error("{0} exists already: name another file, nothing is ever overwritten")]
    Exists(PathBuf),
    /// There is something already in the database that was to be filled.
    #[error("there is something in {0} already: name an empty database, nothing is ever overwritten")]
    NotEmpty(PathBuf),
    /// The books of a database don't follow from its journal.
    #[error(
        "the books of {path} differ from their journal ({finding}): nothing was copied; see `haigou audit`"
    )]
    Unproved {
        /// The database's file, or its address without the password.
        path: PathBuf,
        /// The first difference.
        finding: String,
    },
    /// The address of the database can't be understood.
    #[error(
        "{0:?} is not a database this program can open: write sqlite:PATH or postgres://USER@HOST/DATABASE"
    )]
    Url(String),
    /// The address of a PostgreSQL database isn't whole, or asks for what can't be given. (It may hold a password,
    /// so it isn't repeated.)
    #[error("the address of the PostgreSQL database can't be taken: {why}")]
    Address {
        /// What is wrong with it.
        why: String,
    },
    /// The database's server doesn't answer, or doesn't let us in.
    #[error(
        "the database at {path} can't be reached ({detail}): see that PostgreSQL runs, that the database exists \
         and that the address is right"
    )]
    Unreachable {
        /// Its address without the password.
        path: PathBuf,
        /// What the server or the system said.
        detail: String,
    },
    /// Another program holds the writer's lease of the database.
    #[error("another haigou writes to this database ({holder}, {address}): changes go through it")]
    Held {
        /// Its name.
        holder: String,
        /// Where it takes changes.
        address: String,
    },
    /// Another program has taken the writer's lease meanwhile.
    #[error("another haigou writes to this database by now: nothing was saved, try again in a moment")]
    LeaseLost,
    /// The connection broke while a transaction was being saved.
    #[error(
        "the connection to {path} broke while saving ({detail}): whether it was saved isn't known, send it again \
         with the same idempotency key"
    )]
    InDoubt {
        /// The database's address without the password.
        path: PathBuf,
        /// What the server or the system said.
        detail: String,
    },
    /// A unique key, foreign key or check said no.
    #[error("a constraint of the database said no: {0}")]
    Constraint(String),
    /// Reading or writing the file failed.
    #[error("reading or writing {path} failed: {detail}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        detail: String,
    },
    /// A mistake in this program: a wrong statement, type or number of parameters.
    #[error("a fault of this program: {0}")]
    Bug(String),
}

impl StoreError {
    /// Whether the database itself failed (and not the one statement): nothing of the transaction can stand.
    #[must_use]
    pub const fn is_engine_failure(&self) -> bool {
        !matches!(self, Self::Constraint(_) | Self::Bug(_))
    }
}
