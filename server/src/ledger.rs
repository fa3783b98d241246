//! Members in the ledger, and what can't go wrong there.

use haigou_ledger::MemberNo;
use haigou_store::ledger::LedgerFailure;
use haigou_store::{CommandError, StoreError};

use crate::web::Refusal;

/// A member's number as the ledger has it.
///
/// # Errors
/// It is none: a fault of this program.
pub(crate) fn holder(member: i64) -> Result<MemberNo, StoreError> {
    MemberNo::new(member).ok_or_else(|| StoreError::Bug(format!("{member} is no member's number")))
}

/// For events that can't be refused: a refusal is a fault of this program.
pub(crate) fn no_refusal(error: CommandError<Refusal>) -> StoreError {
    match error {
        CommandError::Store(error) => error,
        CommandError::Refused(refusal) => StoreError::Bug(format!("an event was refused: {refusal}")),
    }
}

/// For bookings that the rules can't have refused: a refusal is a fault of this program.
pub(crate) fn ledger_fault(failure: LedgerFailure) -> StoreError {
    match failure {
        LedgerFailure::Balances(error) => error,
        LedgerFailure::Refused(refusal) => StoreError::Bug(format!("the ledger refused: {refusal}")),
    }
}
