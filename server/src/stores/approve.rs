//! The operator approves a merchant.

use haigou_contract::ErrorCode;
use haigou_rules::Event;
use haigou_store::{Command, CommandError, Query as _, Tx, params};

use super::merchant::Merchant;
use crate::web::{Refusal, refused};
use crate::world::book_event;

/// Approves a merchant: from now on it takes bills. Refused are `unknown_merchant` and `wrong_state` (it is approved).
#[derive(Debug, Clone)]
pub struct ApproveMerchant {
    /// Its name.
    pub merchant: String,
}

impl Command for ApproveMerchant {
    type Answer = Merchant;
    type Refusal = Refusal;
    const NAME: &'static str = "stores.approve";

    fn run(self, tx: &mut Tx<'_>, now_ms: i64) -> Result<Merchant, CommandError<Refusal>> {
        let mut merchant = Merchant::named(tx, &self.merchant)?;
        if merchant.is_approved {
            return refused(ErrorCode::WrongState);
        }
        approve(tx, &mut merchant, now_ms)?;
        Ok(merchant)
    }
}

/// Approves a merchant that isn't. The first of its owner may unfreeze something for his sponsor.
pub(super) fn approve(
    tx: &mut Tx<'_>,
    merchant: &mut Merchant,
    now_ms: i64,
) -> Result<(), CommandError<Refusal>> {
    let owner = merchant.owner;
    let sql = "SELECT COUNT(*) FROM merchant WHERE owner = $1 AND approved_ms IS NOT NULL";
    let approved = tx.query_one(sql, params![owner.number()], |row| row.int(0))?;
    let first = approved == Some(0);
    tx.write(
        "UPDATE merchant SET approved_ms = $2 WHERE id = $1",
        params![merchant.id, now_ms],
    );
    merchant.is_approved = true;
    let event = Event::MerchantApproved { owner, first };
    let key = format!("merchant:{}", merchant.id);
    book_event(tx, now_ms, "merchant", &merchant.name, key, &event)?;
    Ok(())
}
