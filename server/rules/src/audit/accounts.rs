//! Where accounts stand while the audit works events out: all that a draft asks for.

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;
use std::ops::Bound;

use haigou_ledger::{Account, Balances, Fact, MemberNo, Posting, PostingId, Waiting};

/// Where accounts stand, who is active, who waits for the reward pool.
#[derive(Debug, Default)]
pub(super) struct Accounts {
    members: Vec<Member>,
    platform: HashMap<Account, i64>,
    waiting: BTreeMap<PostingId, Waiting>,
}

/// A member's sixteen accounts, by code.
#[derive(Debug, Clone, Copy, Default)]
struct Member {
    units: [i64; 16],
    active: bool,
}

/// A member's place, and his account's within him.
fn place(account: Account) -> Option<(usize, usize)> {
    let member = account.owner()?;
    let within = account.code() - Account::codes_of(member).0;
    Some((index(member), usize::try_from(within).ok()?))
}

fn index(member: MemberNo) -> usize {
    usize::try_from(member.number() - 1).unwrap_or(usize::MAX)
}

impl Accounts {
    /// Takes in what a journal has booked. A balance that leaves the range is found by the ledger's own audit.
    pub(super) fn take(&mut self, journal: i64, postings: &[Posting]) {
        for (posting, index) in postings.iter().zip(0_u32..) {
            if let Some(Fact::Activated(member)) = posting.fact
                && let Some(member) = self.member_mut(member)
            {
                member.active = true;
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
                            posting: index,
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

    fn member_mut(&mut self, member: MemberNo) -> Option<&mut Member> {
        // Members are numbered without gaps: a number far beyond is no member's.
        const FARTHEST: usize = 1 << 28;
        let place = index(member);
        if place >= self.members.len() && place < FARTHEST {
            self.members.resize(place + 1, Member::default());
        }
        self.members.get_mut(place)
    }

    fn units_mut(&mut self, account: Account) -> Option<&mut i64> {
        match (account.owner(), place(account)) {
            (Some(member), Some((_, within))) => self.member_mut(member)?.units.get_mut(within),
            _ => Some(self.platform.entry(account).or_default()),
        }
    }

    /// Where an account stands.
    pub(super) fn units(&self, account: Account) -> i64 {
        let units = match place(account) {
            Some((member, within)) => self
                .members
                .get(member)
                .and_then(|member| member.units.get(within)),
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
        Ok(self
            .members
            .get(index(member))
            .is_some_and(|member| member.active))
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
