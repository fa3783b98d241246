//! Where accounts stand while the audit works events out: all that a draft asks for.

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::ops::Bound;

use haigou_ledger::{Account, Balances, Fact, MemberNo, Posting, PostingId, Waiting};

/// Where accounts stand, who is active, who waits for the reward pool.
#[derive(Debug, Default)]
pub(super) struct Accounts {
    /// A column for each of a member's accounts, by code, as long as to the last member who ever had something there:
    /// most members never touch most of them.
    columns: [Vec<i64>; 16],
    active: Vec<bool>,
    platform: HashMap<Account, i64>,
    waiting: BTreeMap<PostingId, Waiting>,
}

/// A member's account's column, and his place in it.
fn place(account: Account) -> Option<(usize, usize)> {
    let member = account.owner()?;
    let column = account.code() - Account::codes_of(member).0;
    Some((usize::try_from(column).ok()?, index(member)))
}

fn index(member: MemberNo) -> usize {
    usize::try_from(member.number() - 1).unwrap_or(usize::MAX)
}

/// A member's place in a column, which grows as far as it is needed.
fn reach<T: Clone + Default>(column: &mut Vec<T>, place: usize) -> Option<&mut T> {
    // Members are numbered without gaps: a number far beyond is no member's.
    const FARTHEST: usize = 1 << 28;
    if place >= column.len() && place < FARTHEST {
        column.resize(place + 1, T::default());
    }
    column.get_mut(place)
}

impl Accounts {
    /// Takes in what a journal has booked. A balance that leaves the range is found by the ledger's own audit.
    pub(super) fn take(&mut self, journal: i64, postings: &[Posting]) {
        for (posting, nth) in postings.iter().zip(0_u32..) {
            if let Some(Fact::Activated(member)) = posting.fact
                && let Some(active) = reach(&mut self.active, index(member))
            {
                *active = true;
            }
            for entry in &posting.entries {
                if let Some(units) = self.units_mut(entry.account) {
                    *units = units.wrapping_add(entry.units);
                }
                if let Account::Waiting(member) = entry.account {
                    let id = match posting.fact {
                        Some(Fact::Pays(id) | Fact::Reverses(id)) => id,
                        _ => PostingId {
                            journal,
                            posting: nth,
                        },
                    };
                    self.wait(id, member, entry.units);
                }
            }
        }
    }

    fn wait(&mut self, id: PostingId, member: MemberNo, units: i64) {
        let waiting = self.waiting.entry(id).or_insert(Waiting { id, member, units: 0 });
        waiting.units = waiting.units.saturating_add(units);
        if waiting.units <= 0 {
            self.waiting.remove(&id);
        }
    }

    fn units_mut(&mut self, account: Account) -> Option<&mut i64> {
        match place(account) {
            Some((column, member)) => reach(self.columns.get_mut(column)?, member),
            None => Some(self.platform.entry(account).or_default()),
        }
    }

    /// Where an account stands.
    pub(super) fn units(&self, account: Account) -> i64 {
        let units = match place(account) {
            Some((column, member)) => self.columns.get(column).and_then(|column| column.get(member)),
            None => self.platform.get(&account),
        };
        units.copied().unwrap_or(0)
    }
}

impl Balances for Accounts {
    type Error = Infallible;

    fn balance(&mut self, account: Account) -> Result<i64, Infallible> {
        Ok(self.units(account))
    }

    fn is_active(&mut self, member: MemberNo) -> Result<bool, Infallible> {
        Ok(self.active.get(index(member)) == Some(&true))
    }

    fn next_waiting(&mut self, after: Option<PostingId>) -> Result<Option<Waiting>, Infallible> {
        let after = after.map_or(Bound::Unbounded, Bound::Excluded);
        Ok(self
            .waiting
            .range((after, Bound::Unbounded))
            .next()
            .map(|(_, waiting)| *waiting))
    }
}
