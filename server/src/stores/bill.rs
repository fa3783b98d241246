//! A bill at a store as the database has it, and the booking of one.

use haigou_contract::{self as contract, Amount, Asset, BillStatus, ErrorCode, moment};
use haigou_ledger::MemberNo;
use haigou_rules::{self as rules, Event, worth};
use haigou_store::ledger::look_ahead;
use haigou_store::{Ahead, CommandError, Query, Row, StoreError, Tx, params};

use super::gains::Gains;
use super::merchant::{self, Merchant};
use crate::amounts::positive;
use crate::web::{Refusal, refused};
use crate::world::{Moment, book_event_seen, moment_of};

/// A bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bill {
    /// Its name among all orders and bills.
    pub name: String,
    /// The merchant's number.
    pub merchant: i64,
    /// Who pays.
    pub buyer: MemberNo,
    /// How much, in CNY.
    pub amount: Amount,
    /// What of it is deducted in Hi-Shell, in Hi-Shell.
    pub hi_shell: Amount,
    /// Until when the buyer may confirm it, UTC milliseconds.
    pub until_ms: i64,
    /// The journal that booked it, once it is confirmed.
    pub journal: Option<i64>,
    /// The part of the amount that was refunded.
    pub refunded: Amount,
}

const COLUMNS: &str = "bill.name, bill.merchant, bill.buyer, bill.amount, bill.hi_shell, bill.until_ms, \
    bill.booked_in, bill.refunded";

impl Bill {
    /// By name.
    ///
    /// # Errors
    /// The database's.
    pub fn by_name(query: &mut impl Query, name: &str) -> Result<Option<Self>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM bill WHERE name = $1");
        query.query_one(&sql, params![name], |row| read(row, 0))
    }

    /// Writes it, new or booked since.
    pub(super) fn write(&self, tx: &mut Tx<'_>) {
        tx.write_row(
            "bill",
            params![&self.name],
            "INSERT INTO bill (name, merchant, buyer, amount, hi_shell, until_ms, booked_in, refunded) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (name) DO UPDATE SET \
             hi_shell = excluded.hi_shell, booked_in = excluded.booked_in",
            params![
                &self.name,
                self.merchant,
                self.buyer.number(),
                self.amount.units(),
                self.hi_shell.units(),
                self.until_ms,
                self.journal,
                self.refunded.units()
            ],
        );
    }

    /// Takes a part of it in Hi-Shell; `bad_amount` if it is none, or worth more than the bill. Whether that is possible
    /// at all says [`deducts`].
    pub(super) fn deduct(&mut self, hi_shell: &str, moment: &Moment) -> Result<(), CommandError<Refusal>> {
        self.hi_shell = positive(Asset::HiShell, hi_shell)?;
        match worth(self.hi_shell, moment.price) {
            Some(value) if value <= self.amount => Ok(()),
            _ => refused(Refusal::new(ErrorCode::BadAmount).at("hi_shell")),
        }
    }

    /// Whether there can be such a bill: `not_approved`, `self_dealing`.
    pub(super) fn check(&self, merchant: &Merchant) -> Result<(), CommandError<Refusal>> {
        if !merchant.is_approved {
            return refused(ErrorCode::NotApproved);
        }
        if merchant.owner == self.buyer {
            return refused(ErrorCode::SelfDealing);
        }
        Ok(())
    }

    /// Books it, now that both sides agree, and answers what it brings them. Refused is `insufficient`, and what the
    /// rules refuse besides.
    pub(super) fn book(
        &mut self,
        tx: &mut Tx<'_>,
        merchant: &Merchant,
        now_ms: i64,
    ) -> Result<Gains, CommandError<Refusal>> {
        let (buyer, owner) = (self.buyer, merchant.owner);
        let event = Event::Bill(rules::Bill {
            buyer,
            merchant: owner,
            region: merchant.region,
            amount: self.amount,
            rebate: merchant.rebate,
            hi_shell: self.hi_shell,
        });
        let key = journal_key(&self.name);
        let see = |postings: &[_]| Gains::of(postings, buyer, owner);
        let (journal, gains) = book_event_seen(tx, now_ms, "bill", &self.name, key, &event, see)?;
        self.journal = Some(journal);
        Ok(gains)
    }
}

/// The key of a bill's journal.
fn journal_key(name: &str) -> String {
    format!("bill:{name}")
}

/// What figures are worked out with now; `switched_off` if a part is to be paid in Hi-Shell and stores take none.
pub(super) fn deducts(
    tx: &mut Tx<'_>,
    hi_shell: Option<&str>,
    now_ms: i64,
) -> Result<Moment, CommandError<Refusal>> {
    let moment = moment_of(tx, now_ms)?;
    if hi_shell.is_some() && !moment.rulebook.market.deduct_store {
        return refused(ErrorCode::SwitchedOff);
    }
    Ok(moment)
}

/// The bill whose columns begin there in a row.
fn read(row: &Row<'_>, first: usize) -> Result<Bill, StoreError> {
    let buyer = row.int(first + 2)?;
    Ok(Bill {
        name: row.text(first)?,
        merchant: row.int(first + 1)?,
        buyer: MemberNo::new(buyer).ok_or_else(|| StoreError::Bug(format!("a bill of member {buyer}")))?,
        amount: Amount::from_units(row.int(first + 3)?),
        hi_shell: Amount::from_units(row.int(first + 4)?),
        until_ms: row.int(first + 5)?,
        journal: row.opt_int(first + 6)?,
        refunded: Amount::from_units(row.int(first + 7)?),
    })
}

/// A bill with both its sides.
#[derive(Debug, Clone)]
pub(super) struct Entered {
    pub(super) bill: Bill,
    pub(super) merchant: Merchant,
    /// The buyer's id outside.
    pub(super) buyer: String,
}

impl Entered {
    fn sql() -> String {
        format!(
            "SELECT {}, member.public_id, {COLUMNS} FROM bill JOIN merchant ON merchant.id = bill.merchant \
             JOIN member ON member.id = bill.buyer WHERE bill.name = $1",
            merchant::COLUMNS
        )
    }

    fn read(row: &Row<'_>) -> Result<Self, StoreError> {
        Ok(Self {
            merchant: merchant::read(row)?,
            buyer: row.text(7)?,
            bill: read(row, 8)?,
        })
    }

    /// What [`Entered::look_up`] and [`Entered::book`] are going to look at.
    pub(super) fn look_ahead(ahead: &mut Ahead, name: &str) {
        ahead.look(&Self::sql(), params![name]);
        look_ahead(ahead, &journal_key(name));
    }

    /// By the bill's name.
    pub(super) fn by_name(query: &mut impl Query, name: &str) -> Result<Option<Self>, StoreError> {
        query.query_one(&Self::sql(), params![name], Self::read)
    }

    /// By the bill's name, to change it.
    pub(super) fn look_up(tx: &mut Tx<'_>, name: &str) -> Result<Option<Self>, StoreError> {
        tx.look_up("bill", params![name], &Self::sql(), Self::read)
    }

    /// Whether somebody may see it: he is one of its two sides.
    pub(super) fn is_seen_by(&self, member: MemberNo) -> bool {
        member == self.bill.buyer || member == self.merchant.owner
    }

    /// Books it: see [`Bill::book`].
    pub(super) fn book(&mut self, tx: &mut Tx<'_>, now_ms: i64) -> Result<Gains, CommandError<Refusal>> {
        self.bill.book(tx, &self.merchant, now_ms)
    }

    /// As both sides see it.
    pub(super) fn shown(&self, gains: Gains, now_ms: i64) -> contract::Bill {
        contract::Bill {
            bill: self.bill.name.clone(),
            store: self.merchant.public_id.clone(),
            store_name: self.merchant.name.clone(),
            member: self.buyer.clone(),
            amount: self.bill.amount.to_decimal(Asset::Cash.decimals()),
            hi_shell: self.bill.hi_shell.to_decimal(Asset::HiShell.decimals()),
            status: match self.bill.journal {
                Some(_) => BillStatus::Confirmed,
                None if now_ms > self.bill.until_ms => BillStatus::Expired,
                None => BillStatus::Waiting,
            },
            until: moment(self.bill.until_ms),
            member_gets: gains.buyers(),
            store_gets: gains.owners(),
            obstacle: None,
        }
    }
}
