//! Rewards in Hi-Shell that wait for the reward pool: promised in order, paid in order, each whole.

use foldhash::HashMap;

use super::{Balances, Draft};
use crate::account::MemberNo;
use crate::slot::Slot;
use crate::{Account, BookError, Fact, Posting, PostingId, Reason, Rule};

/// A reward in Hi-Shell that waits for the reward pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// The posting that promised it. The order of these is the order of payment.
    pub id: PostingId,
    /// To whom.
    pub member: MemberNo,
    /// What is left of it, in Hi-Shell's smallest unit.
    pub units: i64,
}

/// What a draft changes in the queue of waiting rewards.
#[derive(Debug, Default)]
pub(super) struct Queue {
    /// What is left of older rewards that it takes from.
    left: HashMap<PostingId, i64>,
    /// Nothing is left of those up to here.
    done_through: Option<PostingId>,
    /// What it promises itself.
    promised: Vec<Waiting>,
}

impl Queue {
    /// Takes in what a posting promises, pays or cancels. Says whether others may be paid now: the pool has risen, or less
    /// waits for it.
    pub(super) fn take_in(&mut self, index: usize, posting: &Posting) -> bool {
        let mut may_be_paid = false;
        for entry in &posting.entries {
            match (entry.account, &posting.fact) {
                (Account::RewardPool, _) => may_be_paid |= entry.units > 0,
                (Account::Waiting(_), Some(Fact::Pays(id) | Fact::Reverses(id))) => {
                    self.take_from(*id, entry.units);
                    may_be_paid |= matches!(posting.fact, Some(Fact::Reverses(_)));
                }
                (Account::Waiting(member), _) => self.promised.push(Waiting {
                    id: PostingId {
                        journal: 0,
                        posting: u32::try_from(index).unwrap_or(u32::MAX),
                    },
                    member,
                    units: entry.units,
                }),
                _ => {}
            }
        }
        may_be_paid
    }

    fn take_from(&mut self, id: PostingId, units: i64) {
        let promised = self.promised.iter_mut().find(|waiting| waiting.id == id);
        let left = match promised {
            Some(waiting) => Some(&mut waiting.units),
            None => self.left.get_mut(&id),
        };
        if let Some(left) = left {
            *left = left.saturating_add(units);
        }
    }
}

impl<B: Balances> Draft<B> {
    /// Pays those who wait for the reward pool, the oldest first, each whole, until one finds too little.
    pub(super) fn pay_waiting(&mut self) -> Result<(), BookError<B::Error>> {
        while let Some(oldest) = self.oldest_waiting()? {
            let Waiting { id, member, units } = oldest;
            if self.balance(Account::RewardPool)? < units {
                break;
            }
            let reason = Reason::new(Rule::WAITING_PAID)
                .with("journal", id.journal)
                .with("posting", id.posting);
            self.establish(reason, Fact::Pays(id), |lines| {
                lines.take(Account::Waiting(member), units)?;
                lines.add(Account::Promised, units)?;
                lines.take(Account::RewardPool, units)?;
                lines.credit(member, Slot::HiShellAvailable, units)
            })?;
        }
        Ok(())
    }

    fn oldest_waiting(&mut self) -> Result<Option<Waiting>, BookError<B::Error>> {
        if self.balance(Account::Promised)? == 0 {
            return Ok(None);
        }
        while let Some(waiting) = self.next_waiting(self.queue.done_through)? {
            if waiting.units > 0 {
                return Ok(Some(waiting));
            }
            self.queue.done_through = Some(waiting.id);
        }
        Ok(self
            .queue
            .promised
            .iter()
            .find(|waiting| waiting.units > 0)
            .copied())
    }

    /// The next one from before this draft, with what the draft leaves of it.
    fn next_waiting(&mut self, after: Option<PostingId>) -> Result<Option<Waiting>, BookError<B::Error>> {
        let next = self.before.next_waiting(after).map_err(BookError::Balances)?;
        Ok(next.map(|waiting| Waiting {
            units: *self.queue.left.entry(waiting.id).or_insert(waiting.units),
            ..waiting
        }))
    }

    /// What is left of a promise, if it still waits.
    pub(super) fn left_of(&mut self, id: PostingId) -> Result<i64, BookError<B::Error>> {
        if self.balance(Account::Promised)? == 0 {
            return Ok(0);
        }
        if let Some(own) = self.queue.promised.iter().find(|waiting| waiting.id == id) {
            return Ok(own.units);
        }
        let before = match id.posting.checked_sub(1) {
            Some(posting) => PostingId { posting, ..id },
            None => PostingId {
                journal: id.journal.saturating_sub(1),
                posting: u32::MAX,
            },
        };
        let next = self.next_waiting(Some(before))?;
        Ok(next
            .filter(|waiting| waiting.id == id)
            .map_or(0, |waiting| waiting.units))
    }
}
