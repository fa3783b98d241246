//! What the journals make of one member: the row that is kept of him.

use haigou_contract::{Asset, Day};

use crate::{Account, LedgerError, Slot};

/// How many places a member has: his fifteen slots, and the rewards that wait.
pub(crate) const PLACES: usize = 16;

/// One member, as the journals leave him.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Holder {
    /// Whether his Hi-Value counts as a share key.
    pub active: bool,
    /// Through which day he has his shares of the airdrop.
    pub settled_through: Option<Day>,
    /// The journal that settled him last, or 0.
    pub settled_in: i64,
    /// Where he stands, in the order of [`Slot::ALL`], debts as negative figures; the last is what waits for the reward
    /// pool.
    pub units: [i64; PLACES],
    /// The newest journal that moved each asset of his, in the wallet's order, or 0: where his statement begins.
    pub newest: [i64; 5],
}

impl Holder {
    /// Where one of his accounts stands; 0 for anybody else's.
    #[must_use]
    pub fn at(&self, account: Account) -> i64 {
        place(account)
            .and_then(|place| self.units.get(place))
            .copied()
            .unwrap_or(0)
    }

    /// Where one of his slots stands.
    #[must_use]
    pub fn of(&self, slot: Slot) -> i64 {
        let place = usize::try_from(slot.code()).ok();
        place
            .and_then(|place| self.units.get(place))
            .copied()
            .unwrap_or(0)
    }

    /// Journal `seq` moves something on one of his accounts. Waiting rewards are no part of his statement.
    ///
    /// # Errors
    /// [`LedgerError::Overflow`], and nothing has changed.
    pub fn take_in(&mut self, seq: i64, account: Account, units: i64) -> Result<(), LedgerError> {
        let stand = place(account).and_then(|place| self.units.get_mut(place));
        if let Some(stand) = stand {
            *stand = stand.checked_add(units).ok_or(LedgerError::Overflow(account))?;
        }
        if let Account::Member(_, slot) = account {
            let newest = Asset::ALL.iter().zip(&mut self.newest);
            newest
                .filter(|(asset, _)| **asset == slot.asset())
                .for_each(|(_, newest)| *newest = seq);
        }
        Ok(())
    }
}

/// An account's place within its member.
pub(crate) fn place(account: Account) -> Option<usize> {
    account.owner()?;
    usize::try_from(account.code().rem_euclid(16)).ok()
}
