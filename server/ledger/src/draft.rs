//! A journal in the making: every posting is checked against the balances that the ones before it leave.

mod lines;
mod reverse;
#[cfg(test)]
mod tests;
mod waiting;

use foldhash::HashMap;
use haigou_contract::Asset;

pub use lines::Lines;
pub use reverse::Share;
use waiting::Queue;
pub use waiting::Waiting;

use crate::account::{MemberNo, ShellSource};
use crate::slot::Slot;
use crate::{
    Account, BookError, Entry, Fact, Header, LedgerError, Posting, PostingId, Reason, Rule, Unsealed,
};

/// All Hi-Shell that may ever be issued, in its smallest unit: 390,000.
pub const SHELL_CAP: i64 = 390_000 * 100_000_000;

/// Where accounts stand, and who is active, before a draft.
pub trait Balances {
    /// Why it can't be read.
    type Error;

    /// The balance of an account in its asset's smallest unit; 0 if it was never touched.
    ///
    /// # Errors
    /// Whatever reading can fail with.
    fn balance(&mut self, account: Account) -> Result<i64, Self::Error>;

    /// Is the member active?
    ///
    /// # Errors
    /// Whatever reading can fail with.
    fn is_active(&mut self, member: MemberNo) -> Result<bool, Self::Error>;

    /// The oldest reward that waits for the reward pool, of those promised after `after`.
    ///
    /// # Errors
    /// Whatever reading can fail with.
    fn next_waiting(&mut self, after: Option<PostingId>) -> Result<Option<Waiting>, Self::Error>;
}

impl<B: Balances> Balances for &mut B {
    type Error = B::Error;

    fn balance(&mut self, account: Account) -> Result<i64, Self::Error> {
        (**self).balance(account)
    }

    fn is_active(&mut self, member: MemberNo) -> Result<bool, Self::Error> {
        (**self).is_active(member)
    }

    fn next_waiting(&mut self, after: Option<PostingId>) -> Result<Option<Waiting>, Self::Error> {
        (**self).next_waiting(after)
    }
}

/// What became of a reward in Hi-Shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rewarded {
    /// It was nothing, so nothing was posted.
    Nothing,
    /// It was paid from the reward pool.
    Paid,
    /// The pool had too little, or older rewards wait: it waits too.
    Waits,
}

/// Where an account stands.
#[derive(Debug, Clone, Copy)]
struct Stand {
    units: i64,
    /// Whether a posting of the draft moved something of it.
    is_moved: bool,
}

/// A journal in the making.
///
/// Each posting changes the draft whole or, on an error, not at all. Nothing is stored before the draft is
/// finished, sealed and posted.
#[derive(Debug)]
pub struct Draft<B> {
    before: B,
    header: Header,
    /// The accounts that were looked at.
    now: HashMap<Account, Stand>,
    activated: Vec<MemberNo>,
    queue: Queue,
    postings: Vec<Posting>,
}

impl<B: Balances> Draft<B> {
    /// An empty draft over the balances before it.
    pub fn new(before: B, header: Header) -> Self {
        Self {
            before,
            header,
            now: HashMap::default(),
            activated: Vec::new(),
            queue: Queue::default(),
            postings: Vec::new(),
        }
    }

    /// What the journal is about.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The postings so far.
    pub fn postings(&self) -> &[Posting] {
        &self.postings
    }

    /// Where an account stands after the postings so far, in its asset's smallest unit; a debt is negative.
    ///
    /// # Errors
    /// [`BookError::Balances`].
    pub fn balance(&mut self, account: Account) -> Result<i64, BookError<B::Error>> {
        if let Some(stand) = self.now.get(&account) {
            return Ok(stand.units);
        }
        let units = self.before.balance(account).map_err(BookError::Balances)?;
        let is_moved = false;
        self.now.insert(account, Stand { units, is_moved });
        Ok(units)
    }

    /// Is the member active after the postings so far?
    ///
    /// # Errors
    /// [`BookError::Balances`].
    pub fn is_active(&mut self, member: MemberNo) -> Result<bool, BookError<B::Error>> {
        Ok(self.activated.contains(&member) || self.before.is_active(member).map_err(BookError::Balances)?)
    }

    /// Makes one posting of the lines that `write` adds. A posting without entries is not made.
    ///
    /// If it lets the reward pool rise, or takes from what waits for it, those rewards that can be paid now are paid behind
    /// it, in postings of their own.
    ///
    /// # Errors
    /// What `write` says, or a [`LedgerError`] if the entries don't sum to zero per asset, an account would stand on
    /// the wrong side of zero, somebody would owe what he has, or the cap of Hi-Shell would be exceeded. The draft is
    /// then as it was before.
    pub fn post<F>(&mut self, reason: impl Into<Reason>, write: F) -> Result<(), BookError<B::Error>>
    where
        F: FnOnce(&mut Lines<'_, B>) -> Result<(), BookError<B::Error>>,
    {
        self.post_with(reason.into(), None, write)
    }

    /// As [`Draft::post`], with a fact; the posting is made even without entries.
    ///
    /// # Errors
    /// As for [`Draft::post`].
    pub fn establish<F>(
        &mut self,
        reason: impl Into<Reason>,
        fact: Fact,
        write: F,
    ) -> Result<(), BookError<B::Error>>
    where
        F: FnOnce(&mut Lines<'_, B>) -> Result<(), BookError<B::Error>>,
    {
        self.post_with(reason.into(), Some(fact), write)
    }

    fn post_with<F>(
        &mut self,
        reason: Reason,
        fact: Option<Fact>,
        write: F,
    ) -> Result<(), BookError<B::Error>>
    where
        F: FnOnce(&mut Lines<'_, B>) -> Result<(), BookError<B::Error>>,
    {
        let mut lines = Lines {
            draft: self,
            entries: Vec::new(),
        };
        let written = write(&mut lines);
        let mut entries = lines.entries;
        entries.retain(|entry| entry.units != 0);
        if let Err(error) = written.and_then(|()| self.check(&reason, &entries)) {
            for entry in &entries {
                if let Some(stand) = self.now.get_mut(&entry.account) {
                    stand.units = stand.units.wrapping_sub(entry.units);
                }
            }
            return Err(error);
        }
        if entries.is_empty() && fact.is_none() {
            return Ok(());
        }
        for entry in &entries {
            if let Some(stand) = self.now.get_mut(&entry.account) {
                stand.is_moved = true;
            }
        }
        if let Some(Fact::Activated(member)) = fact {
            self.activated.push(member);
        }
        let posting = Posting {
            reason,
            entries,
            fact,
        };
        let may_be_paid = self.queue.take_in(self.postings.len(), &posting);
        self.postings.push(posting);
        if may_be_paid { self.pay_waiting() } else { Ok(()) }
    }

    /// What must hold after every posting.
    fn check(&mut self, reason: &Reason, entries: &[Entry]) -> Result<(), BookError<B::Error>> {
        check_sums(reason, entries)?;
        for &Entry { account, units } in entries {
            let stands_at = self.balance(account)?;
            if !account.may_stand_at(stands_at) {
                return Err(self.wrong_side(account, stands_at, units).into());
            }
            match account {
                Account::Member(member, slot) => self.check_debt(member, slot)?,
                Account::Issued(_) if units < 0 => self.check_cap(units)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn wrong_side(&self, account: Account, stands_at: i64, units: i64) -> LedgerError {
        if stands_at < 0 && units < 0 {
            let available = stands_at.saturating_sub(units);
            LedgerError::Insufficient {
                account,
                available,
                needed: units.saturating_neg(),
            }
        } else {
            LedgerError::WrongSide {
                account,
                units: stands_at,
            }
        }
    }

    /// Who owes an asset has none of it but what is held.
    fn check_debt(&mut self, member: MemberNo, touched: Slot) -> Result<(), BookError<B::Error>> {
        let asset = touched.asset();
        if self.balance(Account::Member(member, Slot::debt(asset)))? == 0 {
            return Ok(());
        }
        for slot in takeable(asset) {
            if self.balance(Account::Member(member, slot))? != 0 {
                let member = member.number();
                return Err(LedgerError::DebtBesideCredit {
                    member,
                    asset: asset.name(),
                }
                .into());
            }
        }
        Ok(())
    }

    fn check_cap(&mut self, issued_now: i64) -> Result<(), BookError<B::Error>> {
        let issued = self.shells_issued()?;
        if issued > i128::from(SHELL_CAP) {
            let asked = issued_now.saturating_neg();
            let left = i128::from(SHELL_CAP) - issued + i128::from(asked);
            let left = i64::try_from(left).unwrap_or(0);
            return Err(LedgerError::CapExceeded { left, asked }.into());
        }
        Ok(())
    }

    fn shells_issued(&mut self) -> Result<i128, BookError<B::Error>> {
        let mut issued = 0_i128;
        for source in [
            ShellSource::Airdrop,
            ShellSource::RewardPool,
            ShellSource::Opening,
        ] {
            issued -= i128::from(self.balance(Account::Issued(source))?);
        }
        Ok(issued)
    }

    /// Makes the member active and moves all his inactive Hi-Value to active. To be called before anything else in the
    /// journal; nothing happens if he is active already.
    ///
    /// # Errors
    /// As for [`Draft::post`].
    pub fn activate(&mut self, member: MemberNo) -> Result<(), BookError<B::Error>> {
        if self.is_active(member)? {
            return Ok(());
        }
        let inactive = self.balance(Account::Member(member, Slot::HiValueInactive))?;
        self.establish(Rule::ACTIVATE, Fact::Activated(member), |lines| {
            lines.add(Account::Member(member, Slot::HiValueInactive), -inactive)?;
            lines.add(Account::Member(member, Slot::HiValueActive), inactive)
        })
    }

    /// Grants Hi-Value (inactive or active, as the member is), challenge fund (frozen) or shopping credit (available)
    /// to a member; what he owes of it is repaid first. Nothing is posted for nothing.
    ///
    /// # Errors
    /// [`LedgerError::WrongAccount`] for Hi-Shell and cash, which are paid, not granted; else as for [`Draft::post`].
    pub fn grant(
        &mut self,
        reason: impl Into<Reason>,
        member: MemberNo,
        asset: Asset,
        units: i64,
    ) -> Result<(), BookError<B::Error>> {
        let slot = match asset {
            Asset::HiValue if self.is_active(member)? => Slot::HiValueActive,
            Asset::HiValue => Slot::HiValueInactive,
            Asset::Challenge => Slot::ChallengeFrozen,
            Asset::Shopping => Slot::ShoppingAvailable,
            Asset::HiShell | Asset::Cash => {
                return Err(LedgerError::WrongAccount(Account::Member(member, Slot::free(asset))).into());
            }
        };
        self.post(reason, |lines| lines.credit(member, slot, units))
    }

    /// Moves challenge fund from frozen to available.
    ///
    /// # Errors
    /// [`LedgerError::Insufficient`] if less is frozen; else as for [`Draft::post`].
    pub fn unfreeze(
        &mut self,
        reason: impl Into<Reason>,
        member: MemberNo,
        units: i64,
    ) -> Result<(), BookError<B::Error>> {
        self.post(reason, |lines| {
            lines.take(Account::Member(member, Slot::ChallengeFrozen), units)?;
            lines.add(Account::Member(member, Slot::ChallengeAvailable), units)
        })
    }

    /// Pays a reward in Hi-Shell from the reward pool: whole, or not at all. One that finds too little, or finds older
    /// ones waiting, waits too.
    ///
    /// # Errors
    /// As for [`Draft::post`].
    pub fn reward(
        &mut self,
        reason: impl Into<Reason>,
        member: MemberNo,
        units: i64,
    ) -> Result<Rewarded, BookError<B::Error>> {
        let others_wait = self.balance(Account::Promised)? != 0;
        let waits = others_wait || self.balance(Account::RewardPool)? < units;
        self.post(reason, |lines| {
            if waits {
                lines.take(Account::Promised, units)?;
                lines.add(Account::Waiting(member), units)
            } else {
                lines.take(Account::RewardPool, units)?;
                lines.credit(member, Slot::HiShellAvailable, units)
            }
        })?;
        Ok(match (units, waits) {
            (0, _) => Rewarded::Nothing,
            (_, true) => Rewarded::Waits,
            (_, false) => Rewarded::Paid,
        })
    }

    /// Ends the draft. There is no journal if nothing was posted.
    pub fn finish(self) -> Option<Unsealed> {
        let Self {
            header,
            now,
            postings,
            ..
        } = self;
        if postings.is_empty() {
            return None;
        }
        let moved = now.into_iter().filter(|(_, stand)| stand.is_moved);
        let mut balances: Vec<_> = moved.map(|(account, stand)| (account, stand.units)).collect();
        balances.sort_unstable();
        Some(Unsealed {
            header,
            postings,
            balances,
        })
    }
}

/// The buckets that a reversal may take from, and that a debt leaves empty: all but `held` and the debt itself.
pub(crate) fn takeable(asset: Asset) -> impl Iterator<Item = Slot> {
    Slot::ALL
        .into_iter()
        .filter(move |&slot| slot.asset() == asset && !slot.is_debt() && Slot::held(asset) != Some(slot))
}

/// Do the entries sum to zero per asset?
pub(crate) fn check_sums(reason: &Reason, entries: &[Entry]) -> Result<(), LedgerError> {
    for asset in Asset::ALL {
        let units: i128 = entries
            .iter()
            .filter(|entry| entry.account.asset() == asset)
            .map(|entry| i128::from(entry.units))
            .sum();
        if units != 0 {
            let rule = reason.rule.id().to_owned();
            return Err(LedgerError::Unbalanced {
                rule,
                asset: asset.name(),
                units,
            });
        }
    }
    Ok(())
}
