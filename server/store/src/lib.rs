//! The server's database: one set of portable SQL, migrations, and the desk in front of the one writer.
//!
//! Everything above speaks to [`Query`] and [`Tx`] in SQL that any engine understands: `$1` parameters, integers,
//! texts, bytes, times as UTC milliseconds. Changes are [`Command`]s handed to the [`Desk`]; reads go to
//! [`Store::read`].

mod backup;
mod clock;
mod command;
mod desk;
mod error;
pub mod ledger;
mod migrate;
mod once;
mod query;
mod sqlite;
mod store;

pub use backup::{backup, restore};
pub use clock::{Clock, ManualClock, SystemClock};
pub use command::{Command, CommandError};
pub use desk::{Before, Desk, DeskError, DeskOptions};
pub use error::StoreError;
pub use migrate::newest_version;
pub use once::{Answered, ForgetAnswers, Once, OnceRefusal, Refusal};
pub use query::{Param, Query, Reader, Row, Tx};
pub use store::Store;
