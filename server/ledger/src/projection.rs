//! What the tables beside the balances follow from: read off the postings, by whoever stores them and by the audit.

use std::collections::BTreeMap;

use haigou_contract::Asset;
use sha2::{Digest as _, Sha256};

use crate::{Account, Fact, Hash, MemberNo, Posting, Slot};

/// Which assets of a member's own a journal touched: a bit each in the wallet's order, and
/// [`SETTLEMENT_BIT`](Self::SETTLEMENT_BIT).
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Touched(pub i64);

impl Touched {
    /// The journal settles the member's airdrop.
    pub const SETTLEMENT_BIT: i64 = 32;

    /// The bit of an asset.
    #[must_use]
    pub const fn bit(asset: Asset) -> i64 {
        match asset {
            Asset::HiValue => 1,
            Asset::HiShell => 2,
            Asset::Challenge => 4,
            Asset::Shopping => 8,
            Asset::Cash => 16,
        }
    }
}

/// The members whose statement has lines of these postings, by number, and what of theirs was touched.
#[must_use]
pub fn statement_owners(postings: &[Posting]) -> BTreeMap<MemberNo, Touched> {
    let mut owners = BTreeMap::<MemberNo, Touched>::new();
    for posting in postings {
        for entry in &posting.entries {
            if let Account::Member(member, slot) = entry.account {
                owners.entry(member).or_default().0 |= Touched::bit(slot.asset());
            }
        }
        if let Some(Fact::Settled { member, days, .. }) = &posting.fact
            && !days.is_empty()
        {
            owners.entry(*member).or_default().0 |= Touched::SETTLEMENT_BIT;
        }
    }
    owners
}

/// The members whose share key starts with these postings: they had no active Hi-Value before, and have some after.
/// What was dropped before isn't theirs.
#[must_use]
pub fn keys_started(postings: &[Posting], mut after: impl FnMut(MemberNo) -> i64) -> Vec<MemberNo> {
    let mut moved = BTreeMap::<MemberNo, i64>::new();
    for entry in postings.iter().flat_map(|posting| &posting.entries) {
        if let Account::Member(member, Slot::HiValueActive) = entry.account {
            let sum = moved.entry(member).or_default();
            *sum = sum.wrapping_add(entry.units);
        }
    }
    moved
        .into_iter()
        .filter(|&(member, moved)| {
            let after = after(member);
            after > 0 && after.wrapping_sub(moved) == 0
        })
        .map(|(member, _)| member)
        .collect()
}

/// The hash that a rulebook's journal carries for its text.
#[must_use]
pub fn text_hash(text: &str) -> Hash {
    Sha256::digest(text.as_bytes()).into()
}
