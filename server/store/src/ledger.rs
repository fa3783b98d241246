//! The ledger's tables: journals are posted through [`Books`], read with the functions here, and proved by [`audit`].

mod audit;
mod books;
mod holder;
mod hot;
#[cfg(test)]
mod hot_tests;
mod member;
mod post;
mod read;
mod rulebook;
mod statement;
mod supply;
#[cfg(test)]
pub(crate) mod tamper_tests;
#[cfg(test)]
mod tests;

pub use audit::{AuditReport, Taken, audit, audit_with};
pub use books::Books;
pub use member::{Holdings, holdings, is_active};
pub use read::{head, journal, journal_of_key, look_ahead, newest_day, waiting};
pub use rulebook::{StoredRulebook, rulebook_in_force, rulebooks};
pub use statement::{Cursor, Line, MemberDay, airdrop_days, statement};
pub use supply::{Supply, supply};

use haigou_ledger::{BookError, LedgerError};

use crate::{CommandError, StoreError};

/// Why something wasn't booked: the ledger refuses, or the database failed.
pub type LedgerFailure = BookError<StoreError>;

impl From<StoreError> for BookError<StoreError> {
    fn from(error: StoreError) -> Self {
        Self::Balances(error)
    }
}

impl<R: From<LedgerError>> From<LedgerFailure> for CommandError<R> {
    fn from(failure: LedgerFailure) -> Self {
        match failure {
            BookError::Refused(refusal) => Self::Refused(refusal.into()),
            BookError::Balances(error) => Self::Store(error),
        }
    }
}
