//! Listings: nobody is sold what isn't listed, at another price or out of turn.

use std::collections::BTreeMap;

use haigou_contract::{Amount, Asset};
use haigou_ledger::MemberNo;

use super::Rerun;
use crate::event::{Event, Fill, ListingNo};
use crate::figures::Price;

/// What is listed and not yet sold or taken back.
pub(super) type Listings = BTreeMap<ListingNo, Listed>;

/// One listing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Listed {
    seller: MemberNo,
    price: Price,
    left: Amount,
}

impl Rerun {
    /// Keeps what is listed.
    pub(super) fn listed(&mut self, seq: i64, event: &Event) {
        match *event {
            Event::Listing {
                listing,
                member,
                amount,
                price,
            } => {
                let listed = Listed {
                    seller: member,
                    price,
                    left: amount,
                };
                if self.listings.insert(listing, listed).is_some() {
                    self.found(seq, "listing", &"a new one", &listing);
                }
            }
            Event::Take { ref fills, .. } => self.filled(seq, fills),
            Event::Unlisting {
                listing,
                member,
                amount,
            } => {
                let known = self.listings.remove(&listing);
                if known.is_none_or(|known| known.seller != member || known.left != amount) {
                    self.not_listed(seq, listing, known, amount);
                }
            }
            _ => {}
        }
    }

    /// The cheapest first, older ones first at the same price, each whole before the next.
    fn filled(&mut self, seq: i64, fills: &[Fill]) {
        let turn = |fill: &Fill| (fill.price, fill.listing);
        for (index, fill) in fills.iter().enumerate() {
            let known = self.listings.get(&fill.listing).copied();
            let left = known
                .filter(|known| known.seller == fill.seller && known.price == fill.price)
                .and_then(|known| known.left.checked_sub(fill.amount))
                .filter(|left| left.units() >= 0);
            let Some(left) = left else {
                self.not_listed(seq, fill.listing, known, fill.amount);
                continue;
            };
            let next = fills.get(index + 1);
            if next.is_some_and(|next| turn(next) <= turn(fill) || !left.is_zero()) {
                self.found(seq, "fills", &"each listing whole, in its turn", &fill.listing);
            }
            if left.is_zero() {
                self.listings.remove(&fill.listing);
            } else if let Some(known) = self.listings.get_mut(&fill.listing) {
                known.left = left;
            }
        }
    }

    fn not_listed(&mut self, seq: i64, listing: ListingNo, known: Option<Listed>, amount: Amount) {
        let shown = |amount| Asset::HiShell.show(amount);
        let expected = known.map_or_else(
            || "one that is open".to_owned(),
            |known| {
                format!(
                    "{} of member {} at {}",
                    shown(known.left),
                    known.seller.number(),
                    known.price
                )
            },
        );
        let found = format!("listing {listing}: {}", shown(amount));
        self.found(seq, "listing", &expected, &found);
    }
}
