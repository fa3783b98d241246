//! A member's statement and his days of the airdrop, newest first.

use std::fmt;
use std::str::FromStr;

use haigou_contract::{Amount, Asset, Day};
use haigou_ledger::{
    Account, AirdropDay, DayShare, Fact, Hash, Header, Journal, Link, MemberNo, Reason, Rule, Slot,
};

use super::read::{airdrop_day, journal};
use super::{LedgerFailure, holder, member};
use crate::{Query, StoreError, params};

/// A line's place in all statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    /// The journal.
    pub seq: i64,
    /// The line within the member's lines of that journal, from 0.
    pub line: u32,
}

/// One line of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its place; ask for what comes `before` the last one of a page to get the next.
    pub cursor: Cursor,
    /// What its journal is about.
    pub header: Header,
    /// Its journal's hash.
    pub hash: Hash,
    /// The asset and bucket.
    pub slot: Slot,
    /// What came (positive) or went (negative); for a debt, what was added to it or repaid (negative).
    pub amount: Amount,
    /// The rule and its figures. For the airdrop's shares: a line per day with `day`, `drop`, `network` and `own`.
    pub reason: Reason,
}

/// A member's day of the airdrop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberDay {
    /// The day, its drop, its network and the member's share.
    pub day: DayShare,
    /// His own active Hi-Value at its end, in the smallest unit.
    pub own: i64,
}

/// A member's lines before a cursor, newest first, of one asset or all, at most `limit`.
///
/// # Errors
/// [`haigou_ledger::LedgerError::Unreadable`] if a journal's body is damaged; the database's.
pub fn statement(
    query: &mut impl Query,
    member: MemberNo,
    asset: Option<Asset>,
    before: Option<Cursor>,
    limit: u32,
) -> Result<Vec<Line>, LedgerFailure> {
    let before = before.unwrap_or(Cursor {
        seq: i64::MAX,
        line: 0,
    });
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut lines = Vec::new();
    let mut next = before.seq;
    // A cursor that isn't the member's own (any longer) is come to from his newest journal.
    if journal(query, next)?.is_none_or(|journal| link_of(&journal, member).is_none()) {
        let before = holder::read(query, member)?.unwrap_or_default().newest;
        next = Link { member, before }.back(asset);
    }
    while lines.len() < limit
        && let Some(journal) = journal(query, next)?
        && let Some(link) = link_of(&journal, member)
    {
        let wanted = lines_of(&journal, member)
            .into_iter()
            .rev()
            .filter(|line| line.cursor < before);
        lines.extend(wanted.filter(|line| asset.is_none_or(|asset| line.slot.asset() == asset)));
        // Always further back, whatever a damaged link says.
        next = link.back(asset).min(journal.seq.saturating_sub(1));
    }
    lines.truncate(limit);
    Ok(lines)
}

fn link_of(journal: &Journal, member: MemberNo) -> Option<Link> {
    journal.links.iter().find(|link| link.member == member).copied()
}

/// The member's lines of a journal, in its order.
fn lines_of(journal: &Journal, member: MemberNo) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut add = |slot: Slot, units: i64, reason: Reason| {
        let line = u32::try_from(lines.len()).unwrap_or(u32::MAX);
        let shown = if slot.is_debt() {
            units.saturating_neg()
        } else {
            units
        };
        lines.push(Line {
            cursor: Cursor {
                seq: journal.seq,
                line,
            },
            header: journal.header.clone(),
            hash: journal.hash,
            slot,
            amount: Amount::from_units(shown),
            reason,
        });
    };
    for posting in &journal.postings {
        let mut entries = Vec::new();
        for entry in &posting.entries {
            if let Account::Member(owner, slot) = entry.account
                && owner == member
            {
                entries.push((slot, entry.units));
            }
        }
        match &posting.fact {
            Some(Fact::Settled { own, days, .. }) => {
                for (slot, units, day) in by_day(&entries, days) {
                    add(slot, units, share_reason(day, *own));
                }
            }
            _ => entries
                .into_iter()
                .for_each(|(slot, units)| add(slot, units, posting.reason.clone())),
        }
    }
    lines
}

/// Shares a settlement's entries (the debt repaid, then what became available) out to its days, in order.
fn by_day<'d>(entries: &[(Slot, i64)], days: &'d [DayShare]) -> Vec<(Slot, i64, &'d DayShare)> {
    let mut left = entries.iter().copied();
    let mut current = left.next();
    let mut lines = Vec::new();
    for day in days {
        let mut share = day.share;
        while let Some((slot, units)) = current
            && share > 0
        {
            let part = share.min(units);
            lines.push((slot, part, day));
            share -= part;
            current = if part == units {
                left.next()
            } else {
                Some((slot, units - part))
            };
        }
    }
    lines
}

fn share_reason(day: &DayShare, own: i64) -> Reason {
    Reason::new(Rule::AIRDROP_SHARE)
        .with("day", day.day)
        .with("drop", (Asset::HiShell, Amount::from_units(day.drop)))
        .with("network", (Asset::HiValue, Amount::from_units(day.network)))
        .with("own", (Asset::HiValue, Amount::from_units(own)))
}

/// The closed days before a day, newest first, at most `limit`, each with the member's share: booked, or to be booked
/// when he is settled.
///
/// # Errors
/// [`haigou_ledger::LedgerError::Unreadable`] if a journal's body is damaged; the database's.
pub fn airdrop_days(
    query: &mut impl Query,
    member: MemberNo,
    before: Option<Day>,
    limit: u32,
) -> Result<Vec<MemberDay>, LedgerFailure> {
    let before = before.map_or(i64::MAX, |day| i64::from(day.number()));
    let sql = "SELECT day, drop_units, network_units, journal FROM airdrop_day \
               WHERE day < $1 ORDER BY day DESC LIMIT $2";
    let days = query.query(sql, params![before, limit], |row| {
        Ok((airdrop_day(row)?, row.int(3)?))
    })?;
    let (Some(&(newest, _)), Some(&(_, closed_by))) = (days.first(), days.last()) else {
        return Ok(Vec::new());
    };
    let stored = holder::read(query, member)?.unwrap_or_default();
    let mut shares = Vec::new();
    if let Some(open) = member::open_days(query, &stored, newest.day)? {
        shares.extend(open.days.into_iter().map(|day| MemberDay { day, own: open.own }));
    }
    let mut next = stored.settled_in;
    // A day's share is booked after the day was closed.
    while next > closed_by
        && let Some(journal) = journal(query, next)?
    {
        next = 0;
        for posting in &journal.postings {
            if let Some(Fact::Settled {
                own, days, previous, ..
            }) = &posting.fact
            {
                shares.extend(days.iter().map(|&day| MemberDay { day, own: *own }));
                next = (*previous).min(journal.seq.saturating_sub(1));
            }
        }
    }
    let nothing = |day: AirdropDay| MemberDay {
        day: day.share(0),
        own: 0,
    };
    let of_member = |day: AirdropDay| shares.iter().find(|share| share.day.day == day.day).copied();
    Ok(days
        .into_iter()
        .map(|(day, _)| of_member(day).unwrap_or_else(|| nothing(day)))
        .collect())
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.seq, self.line)
    }
}

impl FromStr for Cursor {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        let parsed = text.split_once('-').and_then(|(seq, line)| {
            Some(Self {
                seq: seq.parse().ok()?,
                line: line.parse().ok()?,
            })
        });
        parsed.ok_or_else(|| StoreError::Bug(format!("{text:?} is no place in a statement")))
    }
}
