//! A member lists Hi-Shell at his own price.

use haigou_contract::{Asset, ErrorCode};
use haigou_ledger::MemberNo;
use haigou_rules::{Event, ListingNo, Price};
use haigou_store::{Command, CommandError, Query as _, StoreError, Tx};

use super::listing::Listing;
use super::needs;
use crate::amounts::positive;
use crate::ids::new_name;
use crate::web::{Refusal, refused};
use crate::world::{book_event, known};

/// Lists Hi-Shell: it is held until it is taken or taken back.
///
/// Refused are `unknown_member`, `duplicate` (of the name), `switched_off`, `bad_amount` (also of the price) and
/// `insufficient`, the first that applies.
#[derive(Debug, Clone)]
pub struct ListShells {
    /// Its name among listings; none for one of its own.
    pub listing: Option<String>,
    /// Who sells.
    pub member: MemberNo,
    /// How much.
    pub amount: String,
    /// CNY per Hi-Shell.
    pub price: String,
}

impl Command for ListShells {
    type Answer = Listing;
    type Refusal = Refusal;
    const NAME: &'static str = "market.list";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<Listing, CommandError<Refusal>> {
        known(tx, self.member)?;
        let name = match self.listing {
            Some(name) if Listing::by_name(tx, &name)?.is_some() => return refused(ErrorCode::Duplicate),
            Some(name) => name,
            None => new_name("l", now_ms),
        };
        needs(tx, now_ms, |market| market.listings)?;
        let amount = positive(Asset::HiShell, &self.amount)?;
        let Ok(price) = Price::parse(&self.price) else {
            return refused(Refusal::new(ErrorCode::BadAmount).at("price"));
        };
        let listing = Listing {
            id: next_id(tx)?,
            name,
            seller: self.member,
            price,
            remaining: amount,
        };
        let event = Event::Listing {
            listing: listing.id,
            member: self.member,
            amount,
            price,
        };
        let key = format!("listing:{}", listing.id);
        book_event(tx, now_ms, "listing", &listing.name, key, &event)?;
        listing.insert(tx, now_ms);
        Ok(listing)
    }
}

fn next_id(tx: &mut Tx<'_>) -> Result<ListingNo, StoreError> {
    let sql = "SELECT COALESCE(MAX(id), 0) + 1 FROM listing";
    Ok(tx.query_one(sql, &[], |row| row.int(0))?.unwrap_or(1))
}
