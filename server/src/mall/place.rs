//! A member places an order and pays it.

use haigou_contract::{Amount, Asset, ErrorCode};
use haigou_ledger::MemberNo;
use haigou_rules::{Event, OrderLine, Payment, worth};
use haigou_store::{Command, CommandError, Tx};

use super::order::Order;
use super::status::{OrderStatus, OrderStep};
use crate::amounts::positive;
use crate::orders;
use crate::web::{Refusal, refused};
use crate::world::{book_event, known, moment_of};

/// Places an order and pays it: what is paid neither in shopping credit nor in Hi-Shell is paid from outside.
///
/// Refused are `unknown_member`, `duplicate` (of an order's or bill's name), `switched_off` (of Hi-Shell in the mall),
/// `bad_amount` (also for paying more than the goods cost) and `insufficient`, the first that applies.
#[derive(Debug, Clone)]
pub struct PlaceOrder {
    /// Its name among orders and bills; none for one of its own.
    pub order: Option<String>,
    /// Who buys.
    pub buyer: MemberNo,
    /// What.
    pub lines: Vec<OrderLine>,
    /// What is paid in shopping credit.
    pub shopping: Option<String>,
    /// What is paid in Hi-Shell, in Hi-Shell.
    pub hi_shell: Option<String>,
    /// Whether it is handed over on the spot, and so received at once.
    pub receive: bool,
}

impl Command for PlaceOrder {
    type Answer = Order;
    type Refusal = Refusal;
    const NAME: &'static str = "mall.place";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<Order, CommandError<Refusal>> {
        known(tx, self.buyer)?;
        let name = orders::named(tx, self.order, "o", now_ms)?;
        let moment = moment_of(tx, now_ms)?;
        if self.hi_shell.is_some() && !moment.rulebook.market.deduct_mall {
            return refused(ErrorCode::SwitchedOff);
        }
        let part = |asset, text: &Option<String>| match text {
            Some(text) => positive(asset, text),
            None => Ok(Amount::ZERO),
        };
        let payment = Payment {
            buyer: self.buyer,
            shopping: part(Asset::Shopping, &self.shopping)?,
            hi_shell: part(Asset::HiShell, &self.hi_shell)?,
        };
        let total = total(&self.lines);
        let value = worth(payment.hi_shell, moment.price);
        let paid_inside = value.and_then(|value| value.checked_add(payment.shopping));
        let (Some(total), Some(hi_shell_value), Some(paid_inside)) = (total, value, paid_inside) else {
            return refused(ErrorCode::BadAmount);
        };
        if paid_inside > total {
            return refused(ErrorCode::BadAmount);
        }
        let mut order = Order {
            name,
            buyer: self.buyer,
            lines: self.lines,
            total,
            hi_shell_value,
            status: OrderStatus::AwaitingPayment,
            payment: None,
            receipt: None,
            refunded: Amount::ZERO,
        };
        order.step(OrderStep::Pay)?;
        if !payment.shopping.is_zero() || !payment.hi_shell.is_zero() {
            let key = format!("payment:{}", order.name);
            let event = Event::Payment(payment);
            order.payment = Some(book_event(tx, now_ms, "payment", &order.name, key, &event)?);
        }
        order.insert(tx, now_ms)?;
        if self.receive {
            order.receive(tx, now_ms)?;
        }
        Ok(order)
    }
}

/// What the lines cost; none unless every one costs something and grants nothing below zero.
fn total(lines: &[OrderLine]) -> Option<Amount> {
    let mut total = Amount::ZERO;
    for line in lines {
        let cost = line.price.units().checked_mul(i64::from(line.quantity))?;
        if cost <= 0 || line.hi_value < Amount::ZERO || line.challenge < Amount::ZERO {
            return None;
        }
        total = total.checked_add(Amount::from_units(cost))?;
    }
    total.is_positive().then_some(total)
}
