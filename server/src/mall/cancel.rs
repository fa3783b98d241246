//! An order is cancelled before receipt: whatever was paid goes back.

use haigou_contract::ErrorCode;
use haigou_store::{Command, CommandError, Tx};

use super::order::Order;
use super::refund::Refund;
use super::status::OrderStatus;
use crate::web::{Refusal, refused};

/// Cancels an order that is paid and not received: a full refund.
///
/// Refused are `unknown_order` and `wrong_state`.
#[derive(Debug, Clone)]
pub struct CancelOrder {
    /// Its name.
    pub order: String,
}

impl Command for CancelOrder {
    type Answer = ();
    type Refusal = Refusal;
    const NAME: &'static str = "mall.cancel";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<(), CommandError<Refusal>> {
        match Order::named(tx, &self.order)?.status {
            OrderStatus::Paid | OrderStatus::Shipped => {
                let whole = Refund {
                    order: self.order,
                    amount: None,
                };
                whole.run(tx, now_ms)
            }
            _ => refused(ErrorCode::WrongState),
        }
    }
}
