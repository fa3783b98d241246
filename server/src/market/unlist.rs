//! A member takes back what is left of a listing.

use haigou_contract::ErrorCode;
use haigou_rules::Event;
use haigou_store::{Command, CommandError, Tx};

use super::listing::{Listing, take_from};
use crate::web::{Refusal, refused};
use crate::world::book_event;

/// Takes back what is left of a listing, also while listings are switched off: nobody's Hi-Shell is locked in.
///
/// Refused are `unknown_listing` and `wrong_state` (it is sold out, or taken back).
#[derive(Debug, Clone)]
pub struct Unlist {
    /// Its name.
    pub listing: String,
}

impl Command for Unlist {
    type Answer = ();
    type Refusal = Refusal;
    const NAME: &'static str = "market.unlist";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<(), CommandError<Refusal>> {
        let listing = Listing::named(tx, &self.listing)?;
        if listing.remaining.is_zero() {
            return refused(ErrorCode::WrongState);
        }
        let event = Event::Unlisting {
            listing: listing.id,
            member: listing.seller,
            amount: listing.remaining,
        };
        let key = format!("unlisting:{}", listing.id);
        book_event(tx, now_ms, "unlisting", &listing.name, key, &event)?;
        take_from(tx, listing.id, listing.remaining);
        Ok(())
    }
}
