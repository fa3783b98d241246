//! A listing as the database has it.

use std::ops::ControlFlow;

use haigou_contract::{Amount, ErrorCode};
use haigou_ledger::MemberNo;
use haigou_rules::{ListingNo, Price};
use haigou_store::{CommandError, Query, Row, StoreError, Tx, params};

use crate::web::{Refusal, refused};

/// Hi-Shell that its owner sells at his own price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// From 1: the older has the smaller.
    pub id: ListingNo,
    /// Its name, which no other has.
    pub name: String,
    /// Who sells.
    pub seller: MemberNo,
    /// CNY per Hi-Shell.
    pub price: Price,
    /// What can still be taken; nothing once it is sold out or taken back.
    pub remaining: Amount,
}

const COLUMNS: &str = "id, name, seller, price, remaining";

impl Listing {
    /// By name.
    ///
    /// # Errors
    /// The database's.
    pub fn by_name(query: &mut impl Query, name: &str) -> Result<Option<Self>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM listing WHERE name = $1");
        query.query_one(&sql, params![name], read)
    }

    /// By name, or `unknown_listing`.
    pub(super) fn named(query: &mut impl Query, name: &str) -> Result<Self, CommandError<Refusal>> {
        match Self::by_name(query, name)? {
            Some(listing) => Ok(listing),
            None => refused(ErrorCode::UnknownListing),
        }
    }

    /// Calls `each` with what can be taken, the cheapest first, the older first at the same price, until it breaks.
    pub(super) fn open(
        query: &mut impl Query,
        each: &mut dyn FnMut(Self) -> ControlFlow<()>,
    ) -> Result<(), StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM listing WHERE remaining > 0 ORDER BY price, id");
        query.walk(&sql, &[], &mut |row| Ok(each(read(row)?)))
    }

    /// Writes a new one.
    pub(super) fn insert(&self, tx: &mut Tx<'_>, now_ms: i64) {
        tx.write(
            "INSERT INTO listing (id, name, seller, price, remaining, listed_ms) VALUES ($1, $2, $3, $4, $5, $6)",
            params![
                self.id,
                &self.name,
                self.seller.number(),
                self.price.units(),
                self.remaining.units(),
                now_ms
            ],
        );
    }
}

/// Writes what remains of a listing.
pub(super) fn take_from(tx: &mut Tx<'_>, listing: ListingNo, amount: Amount) {
    tx.write(
        "UPDATE listing SET remaining = remaining - $2 WHERE id = $1",
        params![listing, amount.units()],
    );
}

fn read(row: &Row<'_>) -> Result<Listing, StoreError> {
    let fault = |what: &str| StoreError::Bug(format!("a listing's {what} can't be read"));
    Ok(Listing {
        id: row.int(0)?,
        name: row.text(1)?,
        seller: MemberNo::new(row.int(2)?).ok_or_else(|| fault("seller"))?,
        price: Price::from_units(row.int(3)?).ok_or_else(|| fault("price"))?,
        remaining: Amount::from_units(row.int(4)?),
    })
}
