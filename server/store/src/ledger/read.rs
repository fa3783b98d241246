//! Reading the ledger: balances settled up to now, supply, waiting rewards, journals.

use haigou_contract::{Amount, Day};
use haigou_ledger::{
    Account, AirdropDay, DayShare, Head, Header, Journal, LedgerError, MemberNo, PostingId, Slot, decode,
};

use super::LedgerFailure;
use super::rulebook::version;
use crate::{Query, Row, StoreError, params};

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

/// A reward in Hi-Shell that waits for the reward pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaitingReward {
    /// The posting that promised it. The order of these is the order of payment.
    pub id: PostingId,
    /// To whom.
    pub member: MemberNo,
    /// What is left of it, in Hi-Shell's smallest unit.
    pub units: i64,
}

/// The balance of an account as it is stored, in its asset's smallest unit.
pub(super) fn balance(query: &mut impl Query, account: Account) -> Result<i64, StoreError> {
    let sql = "SELECT units FROM balance WHERE account = $1";
    Ok(query
        .query_one(sql, params![account.code()], |row| row.int(0))?
        .unwrap_or(0))
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
    let (first, last) = Account::codes_of(member);
    let mut units = [0_i64; 15];
    let mut waiting = Amount::ZERO;
    let sql = "SELECT account, units FROM balance WHERE account BETWEEN $1 AND $2";
    query.for_each(sql, params![first, last], |row| {
        let stands_at = row.int(1)?;
        match Account::from_code(row.int(0)?) {
            Some(Account::Member(_, slot)) => {
                for (_, units) in Slot::ALL
                    .iter()
                    .zip(&mut units)
                    .filter(|(other, _)| **other == slot)
                {
                    *units = stands_at;
                }
            }
            Some(Account::Waiting(_)) => waiting = Amount::from_units(stands_at),
            _ => {}
        }
        Ok(())
    })?;
    let [_, _, _, available, _, debt, ..] = &mut units;
    if let Some(newest) = newest_day(query)?
        && let Some((_, days)) = open_days(query, member, newest.day)?
    {
        // Together at most all drops, which fit; a debt is repaid first.
        let total = days.iter().map(|day| day.share).sum::<i64>();
        let repaid = total.min(debt.saturating_neg());
        *debt = debt.saturating_add(repaid);
        *available = available.saturating_add(total.saturating_sub(repaid));
    }
    let amounts = units.map(|units| Amount::from_units(units.saturating_abs()));
    Ok(Holdings {
        amounts,
        waiting,
        active: is_active(query, member)?,
    })
}

/// A member's active Hi-Value and his shares of the closed days that he isn't settled for; none if there are none.
pub(super) fn open_days(
    query: &mut impl Query,
    member: MemberNo,
    newest: Day,
) -> Result<Option<(i64, Vec<DayShare>)>, StoreError> {
    let own = balance(query, Account::Member(member, Slot::HiValueActive))?;
    if own == 0 {
        return Ok(None);
    }
    let through = "SELECT settled_through FROM holder WHERE member = $1";
    let through = query
        .query_one(through, params![member.number()], |row| row.opt_int(0))?
        .flatten();
    if through >= Some(i64::from(newest.number())) {
        return Ok(None);
    }
    let sql = "SELECT day, drop_units, network_units FROM airdrop_day WHERE day > $1 ORDER BY day";
    let since = through.unwrap_or(i64::MIN);
    Ok(Some((
        own,
        query.query(sql, params![since], |row| Ok(airdrop_day(row)?.share(own)))?,
    )))
}

/// The newest closed day.
///
/// # Errors
/// The database's.
pub fn newest_day(query: &mut impl Query) -> Result<Option<AirdropDay>, StoreError> {
    let sql = "SELECT day, drop_units, network_units FROM airdrop_day ORDER BY day DESC LIMIT 1";
    query.query_one(sql, &[], airdrop_day)
}

pub(super) fn airdrop_day(row: &Row<'_>) -> Result<AirdropDay, StoreError> {
    Ok(AirdropDay {
        day: day(row.int(0)?)?,
        drop: row.int(1)?,
        network: row.int(2)?,
    })
}

pub(super) fn day(number: i64) -> Result<Day, StoreError> {
    let number = i32::try_from(number).map_err(|_| StoreError::Bug(format!("{number} is no day")))?;
    Ok(Day::from_number(number))
}

/// The rewards that wait, oldest first, those after `after`, at most `limit`.
///
/// # Errors
/// The database's.
pub fn waiting(
    query: &mut impl Query,
    after: Option<PostingId>,
    limit: u32,
) -> Result<Vec<WaitingReward>, StoreError> {
    let after = after.unwrap_or(PostingId {
        journal: 0,
        posting: 0,
    });
    let sql = "SELECT journal, posting, member, units FROM waiting \
               WHERE journal > $1 OR (journal = $1 AND posting > $2) ORDER BY journal, posting LIMIT $3";
    query.query(sql, params![after.journal, after.posting, limit], |row| {
        let posting = u32::try_from(row.int(1)?).map_err(|e| StoreError::Bug(e.to_string()))?;
        let member = MemberNo::try_from(row.int(2)?).map_err(|e| StoreError::Bug(e.to_string()))?;
        Ok(WaitingReward {
            id: PostingId {
                journal: row.int(0)?,
                posting,
            },
            member,
            units: row.int(3)?,
        })
    })
}

/// The newest journal, to be published.
///
/// # Errors
/// The database's.
pub fn head(query: &mut impl Query) -> Result<Head, StoreError> {
    let sql = "SELECT seq, at_ms, hash FROM journal ORDER BY seq DESC LIMIT 1";
    let head = query.query_one(sql, &[], |row| {
        Ok(Head {
            seq: row.int(0)?,
            at_ms: row.int(1)?,
            hash: row.array(2)?,
        })
    })?;
    Ok(head.unwrap_or(Head::EMPTY))
}

/// A journal by its number.
///
/// # Errors
/// [`LedgerError::Unreadable`] if its body is damaged; the database's.
pub fn journal(query: &mut impl Query, seq: i64) -> Result<Option<Journal>, LedgerFailure> {
    let sql =
        "SELECT seq, at_ms, kind, cause, rulebook, idempotency_key, hash, body FROM journal WHERE seq = $1";
    let stored = query.query_one(sql, params![seq], |row| {
        Ok((header(row)?, row.array(6)?, row.blob(7)?))
    })?;
    stored
        .map(|(header, hash, body)| {
            Ok(Journal {
                seq,
                header,
                postings: decode(seq, &body)?,
                hash,
            })
        })
        .transpose()
        .map_err(|error: LedgerError| error.into())
}

/// What a journal is about, from the columns 1 to 5.
pub(super) fn header(row: &Row<'_>) -> Result<Header, StoreError> {
    Ok(Header {
        at_ms: row.int(1)?,
        kind: row.text(2)?.into(),
        cause: row.text(3)?,
        rulebook: version(row.int(4)?)?,
        key: row.text(5)?,
    })
}

/// The number of the journal that was booked under an idempotency key.
///
/// # Errors
/// The database's.
pub fn journal_of_key(query: &mut impl Query, key: &str) -> Result<Option<i64>, StoreError> {
    query.query_one(
        "SELECT seq FROM journal WHERE idempotency_key = $1",
        params![key],
        |row| row.int(0),
    )
}
