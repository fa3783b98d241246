//! The uses of Hi-Shell between members and with the platform, each with its switch.

mod list;
mod listing;
mod sell;
mod take;
mod transfer;
mod unlist;

pub use list::ListShells;
pub use listing::Listing;
pub use sell::SellShells;
pub use take::{Offers, TakeListings};
pub use transfer::TransferShells;
pub use unlist::Unlist;

use haigou_contract::ErrorCode;
use haigou_rules::Market;
use haigou_store::{CommandError, Tx};

use crate::web::{Refusal, refused};
use crate::world::moment_of;

/// `switched_off`, unless the rulebook in force has this use.
fn needs(
    tx: &mut Tx<'_>,
    now_ms: i64,
    has: impl FnOnce(&Market) -> bool,
) -> Result<(), CommandError<Refusal>> {
    if has(&moment_of(tx, now_ms)?.rulebook.market) {
        Ok(())
    } else {
        refused(ErrorCode::SwitchedOff)
    }
}
