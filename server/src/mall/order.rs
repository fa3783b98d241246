//! A mall order as the database has it.

use haigou_contract::{Amount, ErrorCode};
use haigou_ledger::MemberNo;
use haigou_rules::OrderLine;
use haigou_store::{CommandError, Query, Row, StoreError, Tx, params};

use super::status::{OrderStatus, OrderStep};
use crate::orders;
use crate::web::{Refusal, refused};

/// A mall order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Its name among all orders and bills.
    pub name: String,
    /// Who buys.
    pub buyer: MemberNo,
    /// What.
    pub lines: Vec<OrderLine>,
    /// What the goods cost, in CNY.
    pub total: Amount,
    /// What of it was paid in Hi-Shell, in CNY.
    pub hi_shell_value: Amount,
    /// Where it stands.
    pub status: OrderStatus,
    /// The journal of what was paid in shopping credit and Hi-Shell, if anything was.
    pub payment: Option<i64>,
    /// The journal of its receipt.
    pub receipt: Option<i64>,
    /// The part of the total that was refunded.
    pub refunded: Amount,
}

impl Order {
    /// By name.
    ///
    /// # Errors
    /// The database's.
    pub fn by_name(query: &mut impl Query, name: &str) -> Result<Option<Self>, StoreError> {
        query.query_one(
            "SELECT name, buyer, lines, total, hi_shell_value, status, payment, receipt, refunded \
             FROM mall_order WHERE name = $1",
            params![name],
            read,
        )
    }

    /// By name; `unknown_order`, or `wrong_state` if a bill has this name.
    pub(super) fn named(query: &mut impl Query, name: &str) -> Result<Self, CommandError<Refusal>> {
        match Self::by_name(query, name)? {
            Some(order) => Ok(order),
            None if orders::is_taken(query, name)? => refused(ErrorCode::WrongState),
            None => refused(ErrorCode::UnknownOrder),
        }
    }

    /// Goes a step on; `wrong_state` if it can't.
    pub(super) fn step(&mut self, step: OrderStep) -> Result<(), CommandError<Refusal>> {
        match self.status.after(step) {
            Some(next) => {
                self.status = next;
                Ok(())
            }
            None => refused(ErrorCode::WrongState),
        }
    }

    /// Writes a new one.
    pub(super) fn insert(&self, tx: &mut Tx<'_>, now_ms: i64) -> Result<(), StoreError> {
        let lines = serde_json::to_string(&self.lines)
            .map_err(|error| StoreError::Bug(format!("an order's lines can't be written: {error}")))?;
        tx.write(
            "INSERT INTO mall_order (name, buyer, lines, total, hi_shell_value, status, payment, receipt, refunded, \
             placed_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            params![
                &self.name,
                self.buyer.number(),
                &lines,
                self.total.units(),
                self.hi_shell_value.units(),
                self.status.name(),
                self.payment,
                self.receipt,
                self.refunded.units(),
                now_ms
            ],
        );
        Ok(())
    }

    /// Writes what has changed.
    pub(super) fn update(&self, tx: &mut Tx<'_>) {
        tx.write(
            "UPDATE mall_order SET status = $2, receipt = $3, refunded = $4 WHERE name = $1",
            params![
                &self.name,
                self.status.name(),
                self.receipt,
                self.refunded.units()
            ],
        );
    }
}

fn read(row: &Row<'_>) -> Result<Order, StoreError> {
    let fault = |what: &str| StoreError::Bug(format!("an order's {what} can't be read"));
    Ok(Order {
        name: row.text(0)?,
        buyer: MemberNo::new(row.int(1)?).ok_or_else(|| fault("buyer"))?,
        lines: serde_json::from_str(&row.text(2)?).map_err(|_| fault("lines"))?,
        total: Amount::from_units(row.int(3)?),
        hi_shell_value: Amount::from_units(row.int(4)?),
        status: OrderStatus::named(&row.text(5)?).ok_or_else(|| fault("status"))?,
        payment: row.opt_int(6)?,
        receipt: row.opt_int(7)?,
        refunded: Amount::from_units(row.int(8)?),
    })
}
