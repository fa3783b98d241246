//! Amounts as somebody wrote them.

use haigou_contract::{Amount, Asset, ErrorCode};
use haigou_store::CommandError;

use crate::web::{Refusal, refused};

/// An amount that is more than nothing.
///
/// # Errors
/// `bad_amount` for anything else, and for more decimals than the asset has; nothing is rounded.
pub(crate) fn positive(asset: Asset, text: &str) -> Result<Amount, CommandError<Refusal>> {
    match asset.parse(text) {
        Ok(amount) if amount.is_positive() => Ok(amount),
        _ => refused(ErrorCode::BadAmount),
    }
}
