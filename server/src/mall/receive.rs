//! An order is received: its rewards are booked.

use haigou_contract::Amount;
use haigou_rules::{Event, ProductKind, Receipt, Refund};
use haigou_store::{Command, CommandError, StoreError, Tx};

use super::order::Order;
use super::refund::reverse;
use super::status::{OrderStatus, OrderStep};
use crate::centres::packs;
use crate::web::Refusal;
use crate::world::book_event;

/// Confirms the receipt of an order, which implies that it was shipped. What was refunded before is reversed right
/// afterwards.
///
/// Refused are `unknown_order` and `wrong_state`.
#[derive(Debug, Clone)]
pub struct ReceiveOrder {
    /// Its name.
    pub order: String,
}

impl Command for ReceiveOrder {
    type Answer = Order;
    type Refusal = Refusal;
    const NAME: &'static str = "mall.receive";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<Order, CommandError<Refusal>> {
        let mut order = Order::named(tx, &self.order)?;
        order.receive(tx, now_ms)?;
        Ok(order)
    }
}

impl Order {
    /// Confirms its receipt; `wrong_state` unless it is paid and not received.
    pub(super) fn receive(&mut self, tx: &mut Tx<'_>, now_ms: i64) -> Result<(), CommandError<Refusal>> {
        if self.status == OrderStatus::Paid {
            self.step(OrderStep::Ship)?;
        }
        self.step(OrderStep::Receive)?;
        let event = Event::Receipt(Receipt {
            buyer: self.buyer,
            lines: self.lines.clone(),
            hi_shell_value: self.hi_shell_value,
        });
        let key = format!("receipt:{}", self.name);
        self.receipt = Some(book_event(tx, now_ms, "receipt", &self.name, key, &event)?);
        note_packs(tx, self)?;
        if self.refunded.is_positive() {
            let remembered = Refund {
                // The money went back at once.
                payment: None,
                journal: self.receipt,
                total: self.total,
                before: Amount::ZERO,
                after: self.refunded,
            };
            reverse(tx, now_ms, &self.name, remembered)?;
        }
        self.update(tx);
        Ok(())
    }
}

/// Centre packs can be applied with from now on.
fn note_packs(tx: &mut Tx<'_>, order: &Order) -> Result<(), StoreError> {
    for line in order
        .lines
        .iter()
        .filter(|line| line.kind == ProductKind::CentrePack)
    {
        let paid = line.price.units().saturating_mul(i64::from(line.quantity));
        packs::received(tx, order.buyer, &order.name, Amount::from_units(paid))?;
    }
    Ok(())
}
