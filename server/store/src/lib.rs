//! The server's database: one set of portable SQL, migrations, and the desk in front of the one writer.
//!
//! Everything above speaks to [`Query`] and [`Tx`] in SQL that any engine understands: `$1` parameters, integers,
//! texts, bytes, times as UTC milliseconds. Changes are [`Command`]s handed to the [`Desk`]; reads go to
//! [`Store::read`].

mod ahead;
mod backup;
mod checkpointer;
mod clock;
mod command;
mod desk;
mod engine;
mod error;
mod lease;
pub mod ledger;
mod memory;
mod migrate;
mod once;
mod postgres;
mod query;
mod sqlite;
mod store;
mod transfer;
mod tx;

pub use ahead::Ahead;
pub use backup::{backup, restore};
pub use clock::{Clock, ManualClock, SystemClock};
pub use command::{Command, CommandError};
pub use desk::{Before, Desk, DeskError, DeskOptions};
pub use engine::place_of;
pub use error::StoreError;
pub use memory::{Log, Memory};
pub use migrate::newest_version;
pub use once::{Answered, ForgetAnswers, Once, OnceRefusal, Refusal};
pub use query::{Param, Query, Reader, Row};
pub use store::Store;
pub use transfer::{Progress, transfer};
pub use tx::Tx;

#[cfg(test)]
mod tests {
    #[test]
    fn all_of_it_holds_on_postgres_too() {
        haigou_test_postgres::again_on_postgres();
    }
}
