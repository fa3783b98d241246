//! What a bill brings both sides.

use haigou_contract::{Amount, Asset, Gain};
use haigou_ledger::{MemberNo, Posting};

/// What a bill's journal moves on both sides, in the smallest units of the assets, in the wallet's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Gains {
    buyer: [i64; 5],
    owner: [i64; 5],
}

impl Gains {
    /// Sums up a journal's postings.
    pub(super) fn of(postings: &[Posting], buyer: MemberNo, owner: MemberNo) -> Self {
        let mut gains = Self::default();
        for entry in postings.iter().flat_map(|posting| &posting.entries) {
            let side = match entry.account {
                haigou_ledger::Account::Member(member, _) if member == buyer => &mut gains.buyer,
                haigou_ledger::Account::Member(member, _) if member == owner => &mut gains.owner,
                _ => continue,
            };
            for (asset, units) in Asset::ALL.into_iter().zip(side) {
                if asset == entry.account.asset() {
                    *units = units.saturating_add(entry.units);
                }
            }
        }
        gains
    }

    /// The buyer's.
    pub(super) fn buyers(&self) -> Vec<Gain> {
        shown(self.buyer)
    }

    /// The store's owner's.
    pub(super) fn owners(&self) -> Vec<Gain> {
        shown(self.owner)
    }
}

fn shown(side: [i64; 5]) -> Vec<Gain> {
    let moved = Asset::ALL.into_iter().zip(side).filter(|(_, units)| *units != 0);
    let gain = |(asset, units): (Asset, i64)| Gain {
        asset,
        amount: Amount::from_units(units).to_decimal(asset.decimals()),
    };
    moved.map(gain).collect()
}
