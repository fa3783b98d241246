//! What everybody got by each rule, summed up from the journals.

use std::collections::{BTreeMap, BTreeSet};

use haigou_contract::{Amount, Day};
use haigou_ledger::{Account, MemberNo, Posting, Rule, Slot};
use haigou_store::ledger::{airdrop_days, journal};
use haigou_store::{Reader, StoreError};

use super::Difference;
use crate::ledger::ledger_fault;

/// What everybody got by each rule, by bucket, in its smallest unit.
#[derive(Default)]
pub(super) struct Tally(BTreeMap<(MemberNo, String, Slot), i64>);

impl Tally {
    fn add(&mut self, member: MemberNo, rule: &Rule, slot: Slot, units: i64) {
        let sum = self.0.entry((member, rule.id().to_owned(), slot)).or_default();
        *sum = sum.saturating_add(units);
    }

    /// Takes a journal's postings, but for shares of the airdrop, which are taken day by day, booked or not.
    pub(super) fn take(&mut self, postings: &[Posting]) {
        for posting in postings {
            if posting.reason.rule == Rule::AIRDROP_SHARE {
                continue;
            }
            for entry in &posting.entries {
                if let Account::Member(member, slot) = entry.account {
                    self.add(member, &posting.reason.rule, slot, entry.units);
                }
            }
        }
    }

    /// Takes all journals since a moment, UTC milliseconds.
    ///
    /// # Errors
    /// The database's.
    pub(super) fn take_all(&mut self, reader: &mut Reader<'_>, since_ms: i64) -> Result<(), StoreError> {
        for seq in 1.. {
            let Some(journal) = journal(reader, seq).map_err(ledger_fault)? else {
                break;
            };
            if journal.header.at_ms >= since_ms {
                self.take(&journal.postings);
            }
        }
        Ok(())
    }

    /// Takes everybody's shares of the days from one on, of so many people.
    ///
    /// # Errors
    /// The database's.
    pub(super) fn shares(
        &mut self,
        reader: &mut Reader<'_>,
        people: i64,
        from: Day,
    ) -> Result<(), StoreError> {
        for member in (1..=people).filter_map(MemberNo::new) {
            let days = airdrop_days(reader, member, None, u32::MAX).map_err(ledger_fault)?;
            let days = days.iter().filter(|day| day.day.day >= from);
            // Together at most all drops, which fit.
            let units = days.map(|day| day.day.share).sum();
            self.add(member, &Rule::AIRDROP_SHARE, Slot::HiShellAvailable, units);
        }
        Ok(())
    }

    /// Where two tallies differ.
    pub(super) fn beside(&self, other: &Self) -> Vec<Difference> {
        let keys: BTreeSet<_> = self.0.keys().chain(other.0.keys()).collect();
        let units = |tally: &Self, key| Amount::from_units(tally.0.get(key).copied().unwrap_or(0));
        keys.into_iter()
            .map(|key| Difference {
                member: key.0,
                rule: key.1.clone(),
                asset: key.2.asset(),
                bucket: key.2.bucket(),
                was: units(self, key),
                would_be: units(other, key),
            })
            .filter(|difference| difference.was != difference.would_be)
            .collect()
    }
}
