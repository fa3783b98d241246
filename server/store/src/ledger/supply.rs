//! What exists of each asset, in all: read off the platform's own accounts.

use haigou_contract::Amount;
use haigou_ledger::{Account, ShellSource, Slot};

use crate::{Query, StoreError};

/// Whatever exists of each asset, in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Supply {
    /// All members' active Hi-Value: the airdrop's network total.
    pub hi_value_active: Amount,
    /// All members' inactive Hi-Value.
    pub hi_value_inactive: Amount,
    /// All Hi-Shell ever issued: for the airdrop, the reward pool, and as opening balances.
    pub hi_shell_issued: Amount,
    /// Of it, what was dropped (forfeited drops aren't).
    pub hi_shell_airdropped: Amount,
    /// Of it, what was burned.
    pub hi_shell_burned: Amount,
    /// Of it, what no member has settled yet, and dust.
    pub airdrop_pool: Amount,
    /// Of it, what rewards can be paid from.
    pub reward_pool: Amount,
    /// Of it, what the platform owns.
    pub holding: Amount,
    /// Of it, what is deducted in orders that can still be refunded.
    pub escrow: Amount,
    /// Rewards that wait for the pool; not issued.
    pub waiting: Amount,
    /// All members' frozen challenge fund.
    pub challenge_frozen: Amount,
    /// All members' available challenge fund.
    pub challenge_available: Amount,
    /// All members' available shopping credit.
    pub shopping_available: Amount,
    /// Cash that the platform buys Hi-Shell back with.
    pub floor_fund: Amount,
    /// Cash earned as fees.
    pub fees: Amount,
}

impl Supply {
    /// Hi-Shell in circulation: issued − burned − reward pool − platform holding − escrow.
    #[must_use]
    pub fn circulating(&self) -> Amount {
        [self.hi_shell_burned, self.reward_pool, self.holding, self.escrow]
            .into_iter()
            .try_fold(self.hi_shell_issued, Amount::checked_sub)
            .unwrap_or_default()
    }
}

/// Whatever exists, in all.
///
/// # Errors
/// The database's.
pub fn supply(query: &mut impl Query) -> Result<Supply, StoreError> {
    let mut supply = Supply::default();
    query.for_each("SELECT account, units FROM platform", &[], |row| {
        let units = row.int(1)?;
        let here = Amount::from_units(units);
        let outside = Amount::from_units(units.saturating_neg());
        match Account::from_code(row.int(0)?) {
            Some(Account::Issuance(Slot::HiValueActive)) => supply.hi_value_active = outside,
            Some(Account::Issuance(Slot::HiValueInactive)) => supply.hi_value_inactive = outside,
            Some(Account::Issuance(Slot::ChallengeFrozen)) => supply.challenge_frozen = outside,
            Some(Account::Issuance(Slot::ChallengeAvailable)) => supply.challenge_available = outside,
            Some(Account::Issuance(Slot::ShoppingAvailable)) => supply.shopping_available = outside,
            Some(Account::Issued(source)) => {
                supply.hi_shell_issued = supply.hi_shell_issued.checked_add(outside).unwrap_or_default();
                if source == ShellSource::Airdrop {
                    supply.hi_shell_airdropped = outside;
                }
            }
            Some(Account::Burned) => supply.hi_shell_burned = here,
            Some(Account::AirdropPool) => supply.airdrop_pool = here,
            Some(Account::RewardPool) => supply.reward_pool = here,
            Some(Account::Holding) => supply.holding = here,
            Some(Account::Escrow) => supply.escrow = here,
            Some(Account::Promised) => supply.waiting = outside,
            Some(Account::FloorFund) => supply.floor_fund = here,
            Some(Account::Fees) => supply.fees = here,
            _ => {}
        }
        Ok(())
    })?;
    Ok(supply)
}
