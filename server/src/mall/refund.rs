//! An order or a bill is refunded, in part or whole.

use haigou_contract::{Amount, Asset, ErrorCode};
use haigou_rules::{self as rules, Event};
use haigou_store::{Command, CommandError, Tx, params};

use super::order::Order;
use super::status::{OrderStatus, OrderStep};
use crate::amounts::positive;
use crate::centres::packs;
use crate::stores::Bill;
use crate::web::{Refusal, refused};
use crate::world::book_event;

/// Refunds an order or a bill.
///
/// Money goes back at once. What a receipt booked is reversed; before receipt the refund is remembered, and reversed
/// directly after it. Refunded whole before receipt, an order is closed.
///
/// Refused are `unknown_order`, `bad_amount`, `wrong_state` (it was refunded whole, or was never paid) and
/// `over_refund`, the first that applies.
#[derive(Debug, Clone)]
pub struct Refund {
    /// The name of the order or bill.
    pub order: String,
    /// How much of the goods, in CNY; none for all that remains.
    pub amount: Option<String>,
}

impl Command for Refund {
    type Answer = ();
    type Refusal = Refusal;
    const NAME: &'static str = "mall.refund";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<(), CommandError<Refusal>> {
        if let Some(order) = Order::by_name(tx, &self.order)? {
            self.refund_order(tx, order, now_ms)
        } else if let Some(bill) = Bill::by_name(tx, &self.order)? {
            self.refund_bill(tx, &bill, now_ms)
        } else {
            refused(ErrorCode::UnknownOrder)
        }
    }
}

impl Refund {
    fn refund_order(
        self,
        tx: &mut Tx<'_>,
        mut order: Order,
        now_ms: i64,
    ) -> Result<(), CommandError<Refusal>> {
        let is_open = matches!(
            order.status,
            OrderStatus::Paid | OrderStatus::Shipped | OrderStatus::Received
        );
        let after = self.refunded_then(is_open, order.total, order.refunded)?;
        let refund = rules::Refund {
            payment: order.payment,
            journal: order.receipt,
            total: order.total,
            before: order.refunded,
            after,
        };
        reverse(tx, now_ms, &order.name, refund)?;
        order.refunded = after;
        if after == order.total {
            packs::returned(tx, &order.name);
            order.step(OrderStep::Close)?;
        }
        order.update(tx);
        Ok(())
    }

    fn refund_bill(self, tx: &mut Tx<'_>, bill: &Bill, now_ms: i64) -> Result<(), CommandError<Refusal>> {
        let after = self.refunded_then(bill.journal.is_some(), bill.amount, bill.refunded)?;
        let refund = rules::Refund {
            payment: None,
            journal: bill.journal,
            total: bill.amount,
            before: bill.refunded,
            after,
        };
        reverse(tx, now_ms, &bill.name, refund)?;
        tx.write(
            "UPDATE bill SET refunded = $2 WHERE name = $1",
            params![&bill.name, after.units()],
        );
        Ok(())
    }

    /// What is refunded of a total once this is done too.
    fn refunded_then(
        &self,
        is_open: bool,
        total: Amount,
        refunded: Amount,
    ) -> Result<Amount, CommandError<Refusal>> {
        let amount = match &self.amount {
            Some(text) => Some(positive(Asset::Cash, text)?),
            None => None,
        };
        if !is_open || refunded == total {
            return refused(ErrorCode::WrongState);
        }
        match amount {
            None => Ok(total),
            Some(amount) => match refunded.checked_add(amount) {
                Some(after) if after <= total => Ok(after),
                _ => refused(ErrorCode::OverRefund),
            },
        }
    }
}

/// Books a refund, if anything was booked that it goes back on.
pub(super) fn reverse(
    tx: &mut Tx<'_>,
    now_ms: i64,
    name: &str,
    refund: rules::Refund,
) -> Result<(), CommandError<Refusal>> {
    let what = match (refund.payment, refund.journal) {
        (None, None) => return Ok(()),
        (Some(_), None) => "money",
        (_, Some(_)) => "refund",
    };
    let key = format!("{what}:{name}:{}", refund.after.units());
    book_event(tx, now_ms, "refund", name, key, &Event::Refund(refund))?;
    Ok(())
}
