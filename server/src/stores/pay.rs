//! A bill that both sides stand beside: opened and confirmed at once.

use haigou_contract::{Amount, Asset};
use haigou_ledger::MemberNo;
use haigou_store::{Command, CommandError, Tx};

use super::bill::{Bill, deducts};
use super::merchant::Merchant;
use crate::amounts::positive;
use crate::orders;
use crate::web::Refusal;
use crate::world::known;

/// Pays a bill.
///
/// Refused are `unknown_member`, `unknown_merchant`, `duplicate` (of an order's or bill's name), `switched_off` (of the
/// deduction), `bad_amount`, `not_approved`, `self_dealing` and `insufficient`, the first that applies.
#[derive(Debug, Clone)]
pub struct PayBill {
    /// Its name among orders and bills; none for one of its own.
    pub order: Option<String>,
    /// Who pays.
    pub buyer: MemberNo,
    /// The merchant's name.
    pub merchant: String,
    /// How much, in CNY.
    pub amount: String,
    /// What of it he deducts in Hi-Shell, in Hi-Shell.
    pub hi_shell: Option<String>,
}

impl Command for PayBill {
    type Answer = Bill;
    type Refusal = Refusal;
    const NAME: &'static str = "stores.pay";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<Bill, CommandError<Refusal>> {
        known(tx, self.buyer)?;
        let merchant = Merchant::named(tx, &self.merchant)?;
        let name = orders::named(tx, self.order, "b", now_ms)?;
        let moment = deducts(tx, self.hi_shell.as_deref(), now_ms)?;
        let mut bill = Bill {
            name,
            merchant: merchant.id,
            buyer: self.buyer,
            amount: positive(Asset::Cash, &self.amount)?,
            hi_shell: Amount::ZERO,
            until_ms: now_ms,
            journal: None,
            refunded: Amount::ZERO,
        };
        if let Some(hi_shell) = &self.hi_shell {
            bill.deduct(hi_shell, &moment)?;
        }
        bill.check(&merchant)?;
        bill.book(tx, &merchant, now_ms)?;
        bill.write(tx);
        Ok(bill)
    }
}
