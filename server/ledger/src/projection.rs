//! What the tables beside the balances follow from: read off the postings, by whoever stores them and by the audit.

use std::collections::{BTreeMap, BTreeSet};

use haigou_contract::Asset;
use sha2::{Digest as _, Sha256};

use crate::{Account, Hash, MemberNo, Posting, Slot};

/// The members of whom these postings move something, by number.
#[must_use]
pub fn members_moved(postings: &[Posting]) -> BTreeSet<MemberNo> {
    let entries = postings.iter().flat_map(|posting| &posting.entries);
    entries
        .filter_map(|entry| match entry.account {
            Account::Member(member, _) => Some(member),
            _ => None,
        })
        .collect()
}

/// What one member's accounts say about his statement: the newest journal that moved each asset, by the newest of
/// each slot.
#[must_use]
pub fn newest_by_asset(newest: impl Fn(Slot) -> i64) -> [i64; 5] {
    Asset::ALL.map(|asset| {
        let slots = Slot::ALL.into_iter().filter(|slot| slot.asset() == asset);
        slots.map(&newest).max().unwrap_or(0)
    })
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
