//! What the tables beside the balances follow from: read off the postings, by whoever stores them and by the audit.

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use crate::{Account, Hash, MemberNo, Posting, Slot};

/// The members of whom these postings move something, by number, each once.
#[must_use]
pub fn members_moved(postings: &[Posting]) -> Vec<MemberNo> {
    let entries = postings.iter().flat_map(|posting| &posting.entries);
    let mut members: Vec<_> = entries
        .filter_map(|entry| match entry.account {
            Account::Member(member, _) => Some(member),
            _ => None,
        })
        .collect();
    members.sort_unstable();
    members.dedup();
    members
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
