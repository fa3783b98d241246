//! One member: what he has, settled up to now, and what the tables say of him.

use haigou_contract::{Amount, Day};
use haigou_ledger::{Account, DayShare, MemberNo, Slot, newest_by_asset};

use super::read::{airdrop_day, day, newest_day};
use crate::{Query, StoreError, params};

/// What a member has, settled up to now, debts as positive figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holdings {
    amounts: [Amount; 15],
    /// Rewards in Hi-Shell that wait for the reward pool, in all.
    pub waiting: Amount,
    /// Does his Hi-Value count as a share key?
    pub active: bool,
}

impl Holdings {
    /// All fifteen, in the order of the wallet.
    pub fn iter(&self) -> impl Iterator<Item = (Slot, Amount)> {
        Slot::ALL.into_iter().zip(self.amounts)
    }

    /// What stands in one of them.
    #[must_use]
    pub fn of(&self, slot: Slot) -> Amount {
        self.iter()
            .find(|(other, _)| *other == slot)
            .map_or(Amount::ZERO, |(_, amount)| amount)
    }
}

/// Where an account stands, and the newest journal that moved it (0: none).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Stand {
    pub(super) units: i64,
    pub(super) newest: i64,
}

/// A member as the tables have him.
#[derive(Debug, Clone, Default)]
pub(super) struct Member {
    /// His touched accounts.
    pub(super) accounts: Vec<(Account, Stand)>,
    pub(super) active: bool,
    pub(super) settled_through: Option<Day>,
    /// The journal that settled him last, or 0.
    pub(super) settled_in: i64,
}

impl Member {
    pub(super) fn at(&self, account: Account) -> Stand {
        let found = self.accounts.iter().find(|(touched, _)| *touched == account);
        found.map_or_else(Stand::default, |&(_, stand)| stand)
    }

    /// The newest journal that moved each asset of his.
    pub(super) fn newest_by_asset(&self, member: MemberNo) -> [i64; 5] {
        newest_by_asset(|slot| self.at(Account::Member(member, slot)).newest)
    }
}

pub(super) fn member(query: &mut impl Query, member: MemberNo) -> Result<Member, StoreError> {
    let (first, last) = Account::codes_of(member);
    let sql = "SELECT account, units, newest FROM balance WHERE account BETWEEN $1 AND $2";
    let accounts = query.query(sql, params![first, last], |row| {
        let account = Account::try_from(row.int(0)?).map_err(|e| StoreError::Bug(e.to_string()))?;
        Ok((
            account,
            Stand {
                units: row.int(1)?,
                newest: row.int(2)?,
            },
        ))
    })?;
    let sql = "SELECT active, settled_through, settled_in FROM holder WHERE member = $1";
    let holder = query.query_one(sql, params![member.number()], |row| {
        Ok((row.flag(0)?, row.opt_int(1)?.map(day).transpose()?, row.int(2)?))
    })?;
    let (active, settled_through, settled_in) = holder.unwrap_or_default();
    Ok(Member {
        accounts,
        active,
        settled_through,
        settled_in,
    })
}

/// An account of the platform.
pub(super) fn platform(query: &mut impl Query, account: Account) -> Result<Stand, StoreError> {
    let sql = "SELECT units, newest FROM balance WHERE account = $1";
    let stand = query.query_one(sql, params![account.code()], |row| {
        Ok(Stand {
            units: row.int(0)?,
            newest: row.int(1)?,
        })
    })?;
    Ok(stand.unwrap_or_default())
}

/// Is the member active?
///
/// # Errors
/// The database's.
pub fn is_active(query: &mut impl Query, member: MemberNo) -> Result<bool, StoreError> {
    let sql = "SELECT active FROM holder WHERE member = $1";
    Ok(query
        .query_one(sql, params![member.number()], |row| row.flag(0))?
        .unwrap_or(false))
}

/// What a member has, as if he were settled now.
///
/// # Errors
/// The database's.
pub fn holdings(query: &mut impl Query, member: MemberNo) -> Result<Holdings, StoreError> {
    let stored = self::member(query, member)?;
    let units = |slot| stored.at(Account::Member(member, slot)).units;
    let mut available = units(Slot::HiShellAvailable);
    let mut owed = units(Slot::HiShellDebt).saturating_neg();
    if let Some(newest) = newest_day(query)?
        && let Some(open) = open_days(query, member, &stored, newest.day)?
    {
        // Together at most all drops, which fit; a debt is repaid first.
        let total = open.days.iter().map(|day| day.share).sum::<i64>();
        let repaid = total.min(owed);
        owed = owed.saturating_sub(repaid);
        available = available.saturating_add(total.saturating_sub(repaid));
    }
    let amounts = Slot::ALL.map(|slot| {
        Amount::from_units(match slot {
            Slot::HiShellAvailable => available,
            Slot::HiShellDebt => owed,
            slot if slot.is_debt() => units(slot).saturating_neg(),
            slot => units(slot),
        })
    });
    let waiting = Amount::from_units(stored.at(Account::Waiting(member)).units);
    Ok(Holdings {
        amounts,
        waiting,
        active: stored.active,
    })
}

/// The closed days that a member isn't settled for.
pub(super) struct OpenDays {
    /// His active Hi-Value over all of them.
    pub(super) own: i64,
    /// His shares, day by day.
    pub(super) days: Vec<DayShare>,
}

/// None if there are no such days, or nothing to share.
pub(super) fn open_days(
    query: &mut impl Query,
    member: MemberNo,
    stored: &Member,
    newest: Day,
) -> Result<Option<OpenDays>, StoreError> {
    let own = stored.at(Account::Member(member, Slot::HiValueActive)).units;
    if own == 0 || stored.settled_through >= Some(newest) {
        return Ok(None);
    }
    let since = stored
        .settled_through
        .map_or(i64::MIN, |day| i64::from(day.number()));
    let sql = "SELECT day, drop_units, network_units FROM airdrop_day WHERE day > $1 ORDER BY day";
    let days = query.query(sql, params![since], |row| Ok(airdrop_day(row)?.share(own)))?;
    Ok(Some(OpenDays { own, days }))
}
