//! The entries of one posting in the making: credits that repay debts, holds, reversals.

use haigou_contract::Asset;

use super::{Balances, Draft, takeable};
use crate::account::MemberNo;
use crate::slot::Slot;
use crate::{Account, BookError, Entry, LedgerError};

/// The entries of one posting in the making.
#[derive(Debug)]
pub struct Lines<'d, B> {
    pub(super) draft: &'d mut Draft<B>,
    pub(super) entries: Vec<Entry>,
}

impl<B: Balances> Lines<'_, B> {
    /// Where an account stands after the lines so far, in its asset's smallest unit; a debt is negative.
    ///
    /// # Errors
    /// [`BookError::Balances`].
    pub fn balance(&mut self, account: Account) -> Result<i64, BookError<B::Error>> {
        self.draft.balance(account)
    }

    /// Adds to an account (takes, if negative), and the opposite to the issuance account that belongs to it. Debts are
    /// not looked at: what comes from outside is [credited](Lines::credit).
    ///
    /// # Errors
    /// [`LedgerError::Overflow`], [`BookError::Balances`].
    pub fn add(&mut self, account: Account, units: i64) -> Result<(), BookError<B::Error>> {
        self.add_one(account, units)?;
        match account {
            Account::Member(_, slot) if slot.is_issued() => {
                let opposite = units.checked_neg().ok_or(LedgerError::Overflow(account))?;
                self.add_one(Account::Issuance(slot), opposite)
            }
            _ => Ok(()),
        }
    }

    fn add_one(&mut self, account: Account, units: i64) -> Result<(), BookError<B::Error>> {
        if units == 0 {
            return Ok(());
        }
        let before = self.draft.balance(account)?;
        let after = before.checked_add(units).ok_or(LedgerError::Overflow(account))?;
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.account == account) {
            entry.units = entry
                .units
                .checked_add(units)
                .ok_or(LedgerError::Overflow(account))?;
        } else {
            self.entries.push(Entry { account, units });
        }
        if let Some(stand) = self.draft.now.get_mut(&account) {
            stand.units = after;
        }
        Ok(())
    }

    /// Takes from an account.
    ///
    /// # Errors
    /// [`LedgerError::Insufficient`] if that would take it below zero; [`LedgerError::NegativeAmount`].
    pub fn take(&mut self, account: Account, units: i64) -> Result<(), BookError<B::Error>> {
        not_negative(units)?;
        let available = self.balance(account)?;
        if !account.may_stand_at(-1) && available < units {
            return Err(LedgerError::Insufficient {
                account,
                available,
                needed: units,
            }
            .into());
        }
        self.add(account, -units)
    }

    /// Credits a member's slot from outside: what he owes of the asset is repaid first.
    ///
    /// # Errors
    /// [`LedgerError::WrongAccount`] for a debt slot; [`LedgerError::NegativeAmount`]; [`LedgerError::Overflow`].
    pub fn credit(&mut self, member: MemberNo, slot: Slot, units: i64) -> Result<(), BookError<B::Error>> {
        not_negative(units)?;
        let account = Account::Member(member, slot);
        if slot.is_debt() {
            return Err(LedgerError::WrongAccount(account).into());
        }
        let debt = Account::Member(member, Slot::debt(slot.asset()));
        let owed = self
            .balance(debt)?
            .checked_neg()
            .ok_or(LedgerError::Overflow(debt))?;
        let repaid = units.min(owed);
        self.add(debt, repaid)?;
        self.add(account, units - repaid)
    }

    /// Takes back what was credited to a slot: from it, then from the asset's other buckets but `held`, and the
    /// rest becomes debt.
    ///
    /// # Errors
    /// [`LedgerError::WrongAccount`] for a debt slot; [`LedgerError::NegativeAmount`]; [`LedgerError::Overflow`].
    pub fn take_back(&mut self, member: MemberNo, slot: Slot, units: i64) -> Result<(), BookError<B::Error>> {
        not_negative(units)?;
        if slot.is_debt() {
            return Err(LedgerError::WrongAccount(Account::Member(member, slot)).into());
        }
        let others = takeable(slot.asset()).filter(|&other| other != slot);
        let mut left = units;
        for slot in std::iter::once(slot).chain(others) {
            let account = Account::Member(member, slot);
            let taken = left.min(self.balance(account)?);
            self.add(account, -taken)?;
            left -= taken;
        }
        self.add(Account::Member(member, Slot::debt(slot.asset())), -left)
    }

    /// Sets aside what is free to use.
    ///
    /// # Errors
    /// [`LedgerError::Insufficient`]; [`LedgerError::WrongAccount`] for an asset that can't be held.
    pub fn hold(&mut self, member: MemberNo, asset: Asset, units: i64) -> Result<(), BookError<B::Error>> {
        let free = Account::Member(member, Slot::free(asset));
        let held = Slot::held(asset).ok_or(LedgerError::WrongAccount(free))?;
        self.take(free, units)?;
        self.add(Account::Member(member, held), units)
    }

    /// Frees what was set aside; what the member owes of the asset is repaid first.
    ///
    /// # Errors
    /// [`LedgerError::Insufficient`]; [`LedgerError::WrongAccount`] for an asset that can't be held.
    pub fn release(&mut self, member: MemberNo, asset: Asset, units: i64) -> Result<(), BookError<B::Error>> {
        let free = Slot::free(asset);
        let held = Slot::held(asset).ok_or(LedgerError::WrongAccount(Account::Member(member, free)))?;
        self.take(Account::Member(member, held), units)?;
        self.credit(member, free, units)
    }
}

fn not_negative(units: i64) -> Result<(), LedgerError> {
    if units < 0 {
        Err(LedgerError::NegativeAmount(units))
    } else {
        Ok(())
    }
}
