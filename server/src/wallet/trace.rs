//! A member's statement from its first line, each with the balance after it: for whoever follows every cent to its event.

use std::collections::BTreeMap;

use haigou_contract::{Amount, Asset, Bucket, Language, StatementLine};
use haigou_ledger::{MemberNo, Rule, Slot};
use haigou_store::ledger::{Holdings, Line, airdrop_days, holdings};
use haigou_store::{Reader, StoreError};
use rust_decimal::Decimal;
use serde::Serialize;

use super::statement::shown;
use crate::airdrop::Rulebooks;
use crate::ledger::{holder, ledger_fault};
use crate::members::Member;

/// A line, the event behind it, and what its bucket held afterwards.
#[derive(Debug, Clone, Serialize)]
pub struct TracedLine {
    /// The line as the member sees it.
    #[serde(flatten)]
    pub line: StatementLine,
    /// The event's id, among events of its kind.
    pub cause: String,
    /// The bucket's balance after it, with all decimals; a debt is a positive figure.
    pub balance: Decimal,
}

/// A bucket: where the lines end, and what it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TracedBalance {
    /// The asset.
    pub asset: Asset,
    /// The bucket.
    pub bucket: Bucket,
    /// The sum of the lines and of the open days' shares.
    pub lines: Decimal,
    /// What the member has.
    pub balance: Decimal,
}

/// All there is to a member's balances.
#[derive(Debug, Clone, Serialize)]
pub struct Trace {
    /// His id outside.
    pub member: String,
    /// His number in the ledger.
    pub number: i64,
    /// Every line, the oldest first.
    pub lines: Vec<TracedLine>,
    /// His shares of closed days that will be booked when he is next settled.
    pub open_shares: Decimal,
    /// Every bucket that holds or ever held something.
    pub balances: Vec<TracedBalance>,
}

impl Trace {
    /// Do the lines of every bucket add up to what it holds?
    #[must_use]
    pub fn adds_up(&self) -> bool {
        self.balances.iter().all(|traced| traced.lines == traced.balance)
    }
}

/// Follows a member's balances line by line. `who` is his id, his number in the ledger, his phone number or his invite
/// code; none if there is nobody like that.
///
/// # Errors
/// The database's; a damaged journal.
pub fn trace(reader: &mut Reader<'_>, who: &str, language: Language) -> Result<Option<Trace>, StoreError> {
    let Some(member) = Member::named(reader, who)? else {
        return Ok(None);
    };
    let number = holder(member.id)?;
    let lines = haigou_store::ledger::statement(reader, number, None, None, u32::MAX);
    let lines = lines.map_err(ledger_fault)?;
    let rulebooks = Rulebooks::default();
    let mut sums = BTreeMap::<Slot, Amount>::new();
    let mut traced = Vec::with_capacity(lines.len());
    for line in lines.iter().rev() {
        let sum = sums.entry(line.slot).or_default();
        *sum = sum
            .checked_add(line.amount)
            .ok_or_else(|| StoreError::Bug(format!("the lines of {} run over", line.slot)))?;
        traced.push(TracedLine {
            line: shown(reader, line, &rulebooks, language)?,
            cause: line.header.cause.clone(),
            balance: sum.to_decimal(line.slot.asset().decimals()),
        });
    }
    let held = holdings(reader, number)?;
    let open_shares = open_shares(reader, &lines, number)?;
    let balances = balances(&held, &mut sums, open_shares);
    Ok(Some(Trace {
        member: member.public_id,
        number: member.id,
        lines: traced,
        open_shares: open_shares.to_decimal(Asset::HiShell.decimals()),
        balances,
    }))
}

/// The shares of closed days that are in no journal yet.
fn open_shares(reader: &mut Reader<'_>, lines: &[Line], member: MemberNo) -> Result<Amount, StoreError> {
    let days = airdrop_days(reader, member, None, u32::MAX).map_err(ledger_fault)?;
    // Together at most all drops, which fit.
    let all = days.iter().map(|day| day.day.share).sum::<i64>();
    let booked = lines
        .iter()
        .filter(|line| line.reason.rule == Rule::AIRDROP_SHARE)
        .map(|line| line.amount.units().abs())
        .sum::<i64>();
    Ok(Amount::from_units(all.saturating_sub(booked)))
}

/// Lines beside balances; what is open repays a debt of Hi-Shell first, as it will when it is booked.
fn balances(held: &Holdings, sums: &mut BTreeMap<Slot, Amount>, open: Amount) -> Vec<TracedBalance> {
    let units = |slot: Slot| sums.get(&slot).map_or(0, |sum| sum.units());
    let (owed, available) = (units(Slot::HiShellDebt), units(Slot::HiShellAvailable));
    let repaid = open.units().min(owed);
    let rest = open.units().saturating_sub(repaid);
    if !open.is_zero() {
        sums.insert(Slot::HiShellDebt, Amount::from_units(owed.saturating_sub(repaid)));
        sums.insert(
            Slot::HiShellAvailable,
            Amount::from_units(available.saturating_add(rest)),
        );
    }
    held.iter()
        .filter(|(slot, amount)| !amount.is_zero() || sums.contains_key(slot))
        .map(|(slot, amount)| {
            let decimals = slot.asset().decimals();
            TracedBalance {
                asset: slot.asset(),
                bucket: slot.bucket(),
                lines: sums.get(&slot).copied().unwrap_or_default().to_decimal(decimals),
                balance: amount.to_decimal(decimals),
            }
        })
        .collect()
}
