//! One member: what he has, settled up to now.

use haigou_contract::{Amount, Day};
use haigou_ledger::{Account, DayShare, Holder, MemberNo, Slot};

use super::holder;
use super::read::{airdrop_day, newest_day};
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
    let stored = holder::read(query, member)?.unwrap_or_default();
    let mut available = stored.of(Slot::HiShellAvailable);
    let mut owed = stored.of(Slot::HiShellDebt).saturating_neg();
    if let Some(newest) = newest_day(query)?
        && let Some(open) = open_days(query, &stored, newest.day)?
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
            slot if slot.is_debt() => stored.of(slot).saturating_neg(),
            slot => stored.of(slot),
        })
    });
    Ok(Holdings {
        amounts,
        waiting: Amount::from_units(stored.at(Account::Waiting(member))),
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

/// Has the member shares of days up to `newest` that aren't booked?
pub(super) fn is_open(stored: &Holder, newest: Day) -> bool {
    stored.of(Slot::HiValueActive) != 0 && stored.settled_through < Some(newest)
}

/// None if there are no such days, or nothing to share.
pub(super) fn open_days(
    query: &mut impl Query,
    stored: &Holder,
    newest: Day,
) -> Result<Option<OpenDays>, StoreError> {
    if !is_open(stored, newest) {
        return Ok(None);
    }
    let own = stored.of(Slot::HiValueActive);
    let since = stored
        .settled_through
        .map_or(i64::MIN, |day| i64::from(day.number()));
    let sql = "SELECT day, drop_units, network_units FROM airdrop_day WHERE day > $1 ORDER BY day";
    let days = query.query(sql, params![since], |row| Ok(airdrop_day(row)?.share(own)))?;
    Ok(Some(OpenDays { own, days }))
}
